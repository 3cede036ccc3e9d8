//! The journal: lines written, read and replayed, beside the parts of that work done plainly.
//!
//! `cargo bench --bench journal`; with `BAILIWICK_USERS=1000` for fewer users.
#![allow(
    clippy::too_many_lines,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "a bench takes apart what it made, and nobody links to it"
)]

mod world;

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Event;
use bailiwick::Journal;
use bailiwick::Stamp;
use bailiwick::journal;
use criterion::BatchSize;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use sha2::Digest;
use sha2::Sha256;
use std::collections::HashMap;
use std::collections::HashSet;
use std::fmt::Write;
use std::hint::black_box;
use world::Draw;
use world::World;

const GRANTS: usize = 10_000;

/// A line as a host might take it apart.
#[derive(serde::Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    event: &'a serde_json::value::RawValue,
}

fn benches(c: &mut Criterion) {
    let only_once = std::env::args().any(|word| word == "--test");
    let users = if only_once { 1_000 } else { world::users() };
    let world = World::new(users);
    let stamp = Stamp::new(world::at(), Actor::System);
    let (mut draw, mut grown) = (Draw(6), world.tenant());
    let pairs: Vec<(usize, usize)> = (0..GRANTS)
        .map(|_| (draw.below(users), draw.below(world::DUTIES)))
        .collect();
    let commands: Vec<Command> = pairs
        .iter()
        .map(|(user, duty)| Command::Grant(world::grant(*user, *duty)))
        .collect();
    let events: Vec<Event> = commands
        .iter()
        .map(|command| grown.execute(&stamp, command).unwrap())
        .collect();
    let mut written = Journal::new();
    let lines: Vec<String> = events
        .iter()
        .map(|event| written.append(event).unwrap())
        .collect();
    let text = lines.concat();
    let whole = serde_json::to_string(&grown).unwrap();

    let mut group = c.benchmark_group("journal");
    group.sample_size(10);
    group.throughput(Throughput::Elements(GRANTS as u64));
    group.bench_function(format!("replay/{GRANTS}x{users}"), |b| {
        b.iter_batched(
            || world.tenant(),
            |mut again| {
                for event in &events {
                    again.replay(black_box(event)).unwrap();
                }
                assert_eq!(again.revision(), GRANTS as u64);
                again
            },
            BatchSize::PerIteration,
        );
        let mut again = world.tenant();
        for event in &events {
            again.replay(event).unwrap();
        }
        assert!(serde_json::to_string(&again).unwrap() == whole);
    });
    let keys: Vec<(String, String)> = pairs
        .iter()
        .map(|(user, duty)| (world::user_key(*user), world::duty_key(*duty)))
        .collect();
    let distinct = pairs.iter().collect::<HashSet<_>>().len();
    group.bench_function(format!("replay-into-sets/{GRANTS}x{users}"), |b| {
        let everyone: Vec<String> = (0..users).map(world::user_key).collect();
        b.iter_batched(
            || {
                let none = |user: &String| (user.clone(), HashSet::new());
                everyone.iter().map(none).collect()
            },
            |mut held: HashMap<String, HashSet<String>>| {
                for (user, duty) in &keys {
                    held.get_mut(user).unwrap().insert(duty.clone());
                }
                assert_eq!(held.values().map(HashSet::len).sum::<usize>(), distinct);
                held
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function(format!("execute/{GRANTS}x{users}"), |b| {
        b.iter_batched(
            || world.tenant(),
            |mut again| {
                for command in &commands {
                    black_box(again.execute(&stamp, command).unwrap());
                }
                assert_eq!(again.revision(), GRANTS as u64);
                again
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function(format!("append/{GRANTS}"), |b| {
        b.iter(|| {
            let mut journal = Journal::new();
            for event in &events {
                black_box(journal.append(event).unwrap());
            }
            assert_eq!(journal.head(), written.head());
        });
    });
    group.bench_function(format!("read/{GRANTS}"), |b| {
        b.iter(|| {
            let stored = journal::read(black_box(&text), Some(written.head())).unwrap();
            assert_eq!((stored.events.len(), stored.torn), (GRANTS, 0));
            stored
        });
    });
    let raw = |line: &str| {
        let line: Line<'_> = serde_json::from_str(line).unwrap();
        line.event.get().to_owned()
    };
    let raw: Vec<String> = lines.iter().map(|line| raw(line)).collect();
    // The three parts of reading: the lines, the chain, the events.
    group.bench_function(format!("read-lines-only/{GRANTS}"), |b| {
        b.iter(|| {
            let lines = text.lines().map(|line| {
                let line: Line<'_> = serde_json::from_str(line).unwrap();
                line.event.get().len()
            });
            let bytes: usize = raw.iter().map(String::len).sum();
            assert_eq!(lines.sum::<usize>(), bytes);
        });
    });
    group.bench_function(format!("hash-only/{GRANTS}"), |b| {
        let head = written.head().to_string();
        b.iter(|| {
            let mut last = [0; 32];
            for event in &raw {
                let mut digest = Sha256::new();
                digest.update(last);
                digest.update(event.as_bytes());
                last = digest.finalize().into();
            }
            let mut digits = String::new();
            for byte in last {
                write!(digits, "{byte:02x}").unwrap();
            }
            assert_eq!(digits, head);
        });
    });
    group.bench_function(format!("events-only/{GRANTS}"), |b| {
        b.iter(|| {
            let read = raw
                .iter()
                .map(|event| serde_json::from_str::<Event>(event).unwrap());
            let revisions: u64 = read.map(|event| event.revision).sum();
            assert_eq!(revisions as usize, GRANTS * (GRANTS + 1) / 2);
        });
    });
    group.bench_function(format!("events-as-values/{GRANTS}"), |b| {
        b.iter(|| {
            let read = raw
                .iter()
                .map(|event| serde_json::from_str::<serde_json::Value>(event).unwrap());
            let revisions: u64 = read.map(|event| event["revision"].as_u64().unwrap()).sum();
            assert_eq!(revisions as usize, GRANTS * (GRANTS + 1) / 2);
        });
    });
    group.finish();
}

criterion_group!(journal_benches, benches);
criterion_main!(journal_benches);
