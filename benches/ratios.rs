//! How a snapshot compares with what one might write by hand, in one run: a table of ratios, which fails where one
//! is missed by far.
//!
//! Times are of the thread's own work, in the middle of many batches, so that neighbours on the machine matter
//! little; only the ratios mean anything. Where a figure is wanted and nothing stands beside it, the ratio is of
//! that figure. `BAILIWICK_USERS` sets how many users there are, and `-- changes` measures changes alone.

#![allow(
    clippy::too_many_lines,
    clippy::needless_for_each,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "a bench takes apart what it made, and nobody links to it"
)]

mod world;

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::DutyId;
use bailiwick::Journal;
use bailiwick::Publisher;
use bailiwick::Resource;
use bailiwick::Snapshot;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::UserId;
use bailiwick::command::Clear;
use bailiwick::journal;
use rustix::time::ClockId;
use rustix::time::clock_gettime;
use std::collections::VecDeque;
use std::hint::black_box;
use std::sync::Barrier;
use world::ByKey;
use world::ByNumber;
use world::World;

/// A miss by more than this is a failure: shared machines make smaller ones.
const MARGIN: f64 = 1.5;

fn main() {
    if std::env::args().any(|argument| argument == "--test")
        || !std::env::args().any(|argument| argument == "--bench")
    {
        return;
    }
    let mut table = Table::default();
    run(world::users(), &mut table);
    std::process::exit(i32::from(!table.holds));
}

struct Table {
    holds: bool,
}

impl Default for Table {
    fn default() -> Self {
        println!(
            "{:<36} {:>12}  {:<36} {:>9} {:>9}",
            "what", "figure", "beside", "ratio", "required"
        );
        Self { holds: true }
    }
}

impl Table {
    /// Ours is to be at least so many times as fast.
    fn faster(&mut self, what: &str, ours: f64, beside: &str, theirs: f64, wanted: f64) {
        let ratio = theirs / ours;
        let beside = format!("{beside} {theirs:.2}");
        Self::row(
            what,
            ours,
            &beside,
            ratio,
            &format!(">= {wanted}"),
            ratio >= wanted,
        );
        self.holds &= ratio * MARGIN >= wanted;
    }

    /// Ours is to take at most so many times as long.
    fn within(&mut self, what: &str, ours: f64, beside: &str, theirs: f64, wanted: f64) {
        let ratio = ours / theirs;
        let beside = format!("{beside} {theirs:.2}");
        Self::row(
            what,
            ours,
            &beside,
            ratio,
            &format!("<= {wanted}"),
            ratio <= wanted,
        );
        self.holds &= ratio <= wanted * MARGIN;
    }

    /// A figure of the table that is wanted on a quiet machine; it never fails a run.
    fn figure(what: &str, ours: f64, most: f64) {
        let beside = format!("wanted {most}");
        Self::row(what, ours, &beside, ours / most, "<= 1", ours <= most);
    }

    fn row(what: &str, ours: f64, beside: &str, ratio: f64, wanted: &str, met: bool) {
        let met = if met { "met" } else { "NOT MET" };
        println!("{what:<36} {ours:>12.2}  {beside:<36} {ratio:>9.2} {wanted:>9}  {met}");
    }
}

fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// The nanoseconds that one of `each` takes: the middle one of several batches.
fn time(each: usize, mut batch: impl FnMut()) -> f64 {
    batch();
    let mut took = Vec::new();
    while took.len() < 7 || took.iter().sum::<f64>() < 8e7 && took.len() < 1_001 {
        let start = now();
        batch();
        took.push(now() - start);
    }
    took.sort_by(f64::total_cmp);
    took[took.len() / 2] / each as f64
}

/// How many of a power of two of questions are answered with yes, where each is known only once the one before it is
/// answered.
fn in_turn(count: usize, allows: impl Fn(usize) -> bool) -> usize {
    let (mut at, mut found) = (0, 0);
    for _ in 0..count {
        let allowed = usize::from(allows(at));
        found += allowed;
        at = (at + 1 + allowed) & (count - 1);
    }
    found
}

fn run(users: usize, table: &mut Table) {
    let world = World::new(users);
    let tenant = world.tenant();
    let (user_ids, duty_ids) = world::handles(&tenant, &world);
    let at = world::at();
    let unix = at.as_unix();

    let snapshot = tenant.snapshot(at, &world::options());
    let memory = snapshot.memory();
    println!("{users} users, {} rows", snapshot.rows());
    Table::figure(
        "decisions/hold/bytes a user",
        memory.decisions as f64 / users as f64,
        10.0,
    );
    Table::figure(
        "names/hold/bytes a user",
        memory.names as f64 / users as f64,
        45.0,
    );
    let compile = time(1, || {
        black_box(tenant.snapshot(at, &world::options()));
    });
    let scale = users as f64 / 1e5;
    Table::figure("snapshot/compile, ms", compile / 1e6, 12.0 * scale);
    let fill = time(1, || {
        black_box(world::fill(&world));
    });
    table.faster(
        "snapshot/compile",
        compile,
        "filling HashMap<u32, HashSet>",
        fill,
        11.0,
    );
    // Of so many users that neither tenant lies in the caches, where all is faster.
    let [some, twice] = [1, 2].map(|times| {
        let tenant = World::new(users.max(300_000) * times).tenant();
        time(1, || {
            black_box(tenant.snapshot(at, &world::options()));
        })
    });
    table.within(
        "snapshot/compile twice as many",
        twice,
        "2 x the time of half",
        some * 2.0,
        1.3,
    );

    if std::env::args().any(|argument| argument == "changes") {
        changes(&tenant, &world, &snapshot, table);
        return;
    }
    let by_number = ByNumber::new(&world);
    let by_key = ByKey::new(&world);
    let sets = world::sets(&world);
    assert_eq!(world::fill(&world), sets);
    let dense = world::dense(&world);
    let asked = snapshot.as_of(at);

    for (heat, count, of) in [("hot", 4_096, 64), ("cold", 262_144, usize::MAX)] {
        let queries = world::queries(&world, count, of, 7);
        let handles: Vec<_> = queries
            .iter()
            .map(|(user, duty)| (user_ids[*user as usize], duty_ids[usize::from(*duty)]))
            .collect();
        let expected = queries
            .iter()
            .filter(|(user, duty)| world.walk(*user as usize, *duty))
            .count();
        let count_of = |found: usize| assert_eq!(found, expected);

        let limit = time(count, || {
            count_of(
                queries
                    .iter()
                    .filter(|(user, duty)| {
                        dense[*user as usize][usize::from(*duty >> 6)] >> (duty & 63) & 1 == 1
                    })
                    .count(),
            );
        });
        let set = time(count, || {
            count_of(
                queries
                    .iter()
                    .filter(|(user, duty)| sets.get(user).is_some_and(|set| set.contains(duty)))
                    .count(),
            );
        });
        let naive = time(count, || {
            count_of(
                queries
                    .iter()
                    .filter(|(user, duty)| by_number.allows(*user, *duty, unix))
                    .count(),
            );
        });
        let allows = time(count, || {
            count_of(
                handles
                    .iter()
                    .filter(|(user, duty)| asked.allows(*user, *duty) == Ok(true))
                    .count(),
            );
        });
        let expected_in_turn = in_turn(count, |at| {
            let (user, duty) = queries[at];
            world.walk(user as usize, duty)
        });
        let dependent = time(count, || {
            let found = in_turn(count, |at| {
                let (user, duty) = handles[at];
                asked.allows(user, duty) == Ok(true)
            });
            assert_eq!(found, expected_in_turn);
        });
        let resource = Resource::default();
        let check = time(count, || {
            let permits = handles.iter().filter(|(user, duty)| {
                asked
                    .check(*user, *duty, &resource)
                    .is_ok_and(bailiwick::Decision::is_permit)
            });
            count_of(permits.count());
        });
        let publisher = Publisher::new(snapshot.clone());
        let mut reader = publisher.reader();
        let live = time(count, || {
            count_of(
                handles
                    .iter()
                    .filter(|(user, duty)| {
                        reader.snapshot().as_of(at).allows(*user, *duty) == Ok(true)
                    })
                    .count(),
            );
        });
        let directly = tenant.as_of(at);
        let few = &handles[..count.min(20_000)];
        let rule = time(few.len(), || {
            black_box(
                few.iter()
                    .filter(|(user, duty)| {
                        directly
                            .check(*user, *duty, &resource)
                            .is_ok_and(bailiwick::Decision::is_permit)
                    })
                    .count(),
            );
        });
        let pairs = time(count, || {
            let allowed = asked.allows_each(handles.iter().copied()).unwrap();
            count_of(allowed.iter().filter(|allows| **allows).count());
        });
        table.within(
            &format!("access/allows/{heat}"),
            allows,
            "dense bit",
            limit,
            3.0,
        );
        table.faster(
            &format!("access/allows/{heat}"),
            allows,
            "HashMap<u32, HashSet>",
            set,
            10.0,
        );
        table.faster(
            &format!("access/allows/{heat}"),
            allows,
            "walk by number",
            naive,
            30.0,
        );
        Table::figure(
            &format!("access/allows-in-turn/{heat}"),
            dependent,
            if of == 64 { 10.0 } else { 18.0 },
        );
        table.within(
            &format!("access/check/{heat}"),
            check,
            "allows",
            allows,
            2.0,
        );
        table.within(
            &format!("access/allows-live/{heat}"),
            live,
            "allows",
            allows,
            1.5,
        );
        table.within(
            &format!("access/allows-each/{heat}"),
            pairs,
            "allows",
            allows,
            1.5,
        );
        Table::figure(&format!("access/check-directly/{heat}"), rule, 1_000.0);

        let keys: Vec<_> = queries
            .iter()
            .map(|(user, duty)| {
                (
                    world::user_key(*user as usize),
                    world::duty_key(usize::from(*duty)),
                )
            })
            .collect();
        let naive = time(count, || {
            count_of(
                keys.iter()
                    .filter(|(user, duty)| by_key.allows(user, duty, unix))
                    .count(),
            );
        });
        let both = time(count, || {
            count_of(
                keys.iter()
                    .filter(|(user, duty)| asked.allows(user.as_str(), duty.as_str()) == Ok(true))
                    .count(),
            );
        });
        let one = time(count, || {
            let pairs = keys.iter().zip(&handles);
            count_of(
                pairs
                    .filter(|((user, _), (_, duty))| asked.allows(user.as_str(), *duty) == Ok(true))
                    .count(),
            );
        });
        table.faster(
            &format!("access/allows-keys/{heat}"),
            both,
            "walk by key",
            naive,
            if of == 64 { 5.0 } else { 8.0 },
        );
        table.faster(
            &format!("access/allows-user-key/{heat}"),
            one,
            "walk by key",
            naive,
            if of == 64 { 5.0 } else { 8.0 },
        );
    }

    let bare = Resource::default();
    let duty = 90_u16;
    let able = (0..users as u32)
        .filter(|user| by_number.allows(*user, duty, unix))
        .count();
    let naive = time(1, || {
        let able_now: Vec<u32> = (0..users as u32)
            .filter(|user| by_number.allows(*user, duty, unix))
            .collect();
        assert_eq!(able_now.len(), able);
    });
    let id = duty_ids[usize::from(duty)];
    let ids = time(1, || {
        let users: Vec<_> = asked.who_can_set(id, &bare).unwrap().iter().collect();
        assert_eq!(users.len(), able);
    });
    let all = time(1, || {
        assert_eq!(asked.who_can_set(id, &bare).unwrap().len(), able);
    });
    table.faster("access/who-can-ids", ids, "walk by number", naive, 100.0);
    table.faster(
        "access/duty-of-all-users",
        all,
        "walk by number",
        naive,
        200.0,
    );
    let count = time(1, || assert_eq!(asked.who_can_count(id, &bare), Ok(able)));
    table.faster(
        "access/who-can-count",
        count,
        "walk by number",
        naive,
        200.0,
    );

    let some = world::queries(&world, 1_024, 1_024, 9);
    let some_ids: Vec<_> = some
        .iter()
        .map(|(user, _)| user_ids[*user as usize])
        .collect();
    let expected: usize = some.iter().map(|(user, _)| sets[user].len()).sum();
    let naive = time(some.len(), || {
        let mut found = 0;
        for (user, _) in &some {
            let duties: Vec<u16> = (0..world::DUTIES as u16)
                .filter(|duty| by_number.allows(*user, *duty, unix))
                .collect();
            found += duties.len();
        }
        assert_eq!(found, expected);
    });
    let set = time(some.len(), || {
        let mut found = 0;
        for user in &some_ids {
            found += usize::from(
                !black_box(asked.effective_set(*user, None, false).unwrap()).is_empty(),
            );
        }
        assert!(found <= some.len());
    });
    let listed = time(some.len(), || {
        let mut found = 0;
        let mut ids = Vec::with_capacity(world::DUTIES);
        for user in &some_ids {
            ids.clear();
            let duties = asked.effective_set(*user, None, false).unwrap();
            duties.iter().for_each(|duty| ids.push(duty));
            found += ids.len();
        }
        assert_eq!(found, expected);
    });
    table.faster("access/effective-set", set, "walk by number", naive, 140.0);
    table.faster(
        "access/effective-ids",
        listed,
        "walk by number",
        naive,
        140.0,
    );

    asked.prepare_who_can();
    let count = time(1, || assert_eq!(asked.who_can_count(id, &bare), Ok(able)));
    Table::figure(
        "access/who-can-count/prepared, us",
        count / 1e3,
        1.5 * scale,
    );
    readers(&snapshot, &some, &user_ids, &duty_ids, table);
    accounts(&tenant, &world, &user_ids, &duty_ids);
    changes(&tenant, &world, &snapshot, table);
}

/// Two threads that follow a publisher, beside one alone.
fn readers(
    snapshot: &Snapshot,
    queries: &[(u32, u16)],
    users: &[UserId],
    duties: &[DutyId],
    table: &mut Table,
) {
    let publisher = Publisher::new(snapshot.clone());
    let at = world::at();
    let ask = |start: &Barrier| {
        let mut reader = publisher.reader();
        start.wait();
        time(queries.len(), || {
            let mut found = 0;
            for (user, duty) in queries {
                let (user, duty) = (users[*user as usize], duties[usize::from(*duty)]);
                found += usize::from(reader.snapshot().as_of(at).allows(user, duty) == Ok(true));
            }
            black_box(found);
        })
    };
    let one = ask(&Barrier::new(1));
    let start = Barrier::new(2);
    let two = std::thread::scope(|scope| {
        let other = scope.spawn(|| ask(&start));
        f64::midpoint(ask(&start), other.join().unwrap())
    });
    let wanted = "one thread, at half its rate";
    table.faster(
        "access/allows-live/two threads",
        two / 2.0,
        wanted,
        one,
        1.9,
    );
}

/// Why, until when, and what would lift a denial.
fn accounts(tenant: &Tenant, world: &World, users: &[UserId], duties: &[DutyId]) {
    let (directly, bare) = (tenant.as_of(world::at()), Resource::default());
    let queries = world::queries(world, 512, 512, 11);
    let handles: Vec<_> = queries
        .iter()
        .map(|(user, duty)| (users[*user as usize], duties[usize::from(*duty)]))
        .collect();
    let explain = time(handles.len(), || {
        for (user, duty) in &handles {
            black_box(directly.explain(*user, *duty, &bare).unwrap());
        }
    });
    Table::figure("access/explain, us", explain / 1e3, 1.0);
    let until = time(handles.len(), || {
        for (user, duty) in &handles {
            black_box(directly.until(*user, *duty, &bare).unwrap());
        }
    });
    Table::figure("access/until, us", until / 1e3, 1.0);
    let mut denied = handles;
    denied.retain(|(user, duty)| !directly.check(*user, *duty, &bare).unwrap().is_permit());
    let remedy = time(denied.len(), || {
        for (user, duty) in &denied {
            black_box(tenant.remedies(world::at(), *user, *duty, &bare).unwrap());
        }
    });
    Table::figure("access/remedy, us", remedy / 1e3, 20.0);
}

/// One change after another, each published; and all of them again from what was stored.
fn changes(tenant: &Tenant, world: &World, snapshot: &Snapshot, table: &mut Table) {
    let (at, users) = (world::at(), world.people.len());
    let mut draw = world::Draw(5);
    let stamp = Stamp::new(at, Actor::System);
    let mut grown = tenant.clone();
    let mut steps = Vec::new();
    for _ in 0..2_000 {
        let grant = world::grant(draw.below(users), draw.below(world::DUTIES));
        if let Ok(event) = grown.execute(&stamp, &Command::Grant(grant)) {
            steps.push((event, grown.clone()));
        }
    }
    let publisher = Publisher::new(snapshot.clone());
    let mut reader = publisher.reader();
    let granted = time(steps.len(), || {
        let mut newest = snapshot.clone();
        for (event, tenant) in &steps {
            newest = newest.after(tenant, at, [event]);
            publisher.publish(newest.clone());
            black_box(reader.snapshot());
        }
    });
    let scale = users as f64 / 1e5;
    Table::figure(
        "snapshot/after-grant, us",
        granted / 1e3,
        2.5 + 0.6 * (scale - 1.0).max(0.0),
    );
    let blocks = world::blocks(users);
    let copied = time(steps.len(), || {
        let mut newest = blocks.clone();
        for n in 0..steps.len() {
            newest = world::with(&newest, n * 97 % users, 7);
            black_box(&newest);
        }
    });
    table.within(
        "snapshot/after-grant",
        granted,
        "a block of 4,096 copied",
        copied,
        4.3,
    );

    let mut profile = world::profile(3, &world.profiles[3]);
    profile.grants.truncate(5);
    let mut edited = tenant.clone();
    let event = edited
        .execute(&stamp, &Command::DefineProfile(profile))
        .unwrap();
    let edit = time(1, || {
        publisher.publish(snapshot.after(&edited, at, [&event]));
        black_box(reader.snapshot());
    });
    Table::figure(
        "snapshot/after-profile-edit, us",
        edit / 1e3,
        30.0 + 41.0 * (scale - 1.0).max(0.0),
    );
    let combinations = world::combinations(world);
    let by_hand = time(1, || {
        black_box(world::edited(&combinations, world, 3));
    });
    table.within(
        "snapshot/after-profile-edit",
        edit,
        "combinations by hand",
        by_hand,
        3.1,
    );

    drop((steps, grown));
    arrivals(tenant, users, table);
    replays(world, table);
}

/// New users, told from all that are known: in a large organisation, and in one of a tenth.
fn arrivals(tenant: &Tenant, users: usize, table: &mut Table) {
    let stamp = Stamp::new(world::at(), Actor::System);
    let row = |n: usize| Command::AddUser(world::user(world::user_key(users + n).parse().unwrap()));
    let rows: Vec<_> = (0..500).map(row).collect();
    let each = |tenant: &Tenant| {
        time(rows.len(), || {
            let mut grown = tenant.clone();
            for row in &rows {
                black_box(grown.execute(&stamp, row).unwrap());
            }
            assert_eq!(grown.revision(), rows.len() as u64);
        })
    };
    let (all, tenth) = (each(tenant), each(&World::new(users / 10).tenant()));
    table.within(
        "tenant/add-user",
        all,
        "with a tenth of the users",
        tenth,
        1.5,
    );
}

/// A million events replayed on a tenant that nothing else holds. After the first, each grant comes with the end of
/// an earlier one, so that people hold about as much: what is compared is the number of events.
fn replays(world: &World, table: &mut Table) {
    let users = world.people.len();
    let stamp = Stamp::new(world::at(), Actor::System);
    let mut draw = world::Draw(6);
    let (mut grown, mut again) = (world.tenant(), world.tenant());
    let mut held = VecDeque::new();
    let (mut took, mut totals) = (0.0, Vec::new());
    let (mut replays, mut reads) = (Vec::new(), Vec::new());
    for chunk in 1..=100 {
        let (mut lines, mut journal) = (String::new(), Journal::new());
        let wanted = grown.revision() + 10_000;
        while grown.revision() < wanted {
            let grant = world::grant(draw.below(users), draw.below(world::DUTIES));
            held.push_back((grant.holder.clone(), grant.on.clone()));
            let event = grown.execute(&stamp, &Command::Grant(grant)).unwrap();
            lines += &journal.append(&event).unwrap();
            if chunk <= 5 {
                continue;
            }
            let Some((holder, on)) = held.pop_front() else {
                continue;
            };
            let clear = Command::Clear(Clear {
                holder,
                on,
                scope: None,
                reason: None,
            });
            // One that was granted twice has ended before.
            if let Ok(event) = grown.execute(&stamp, &clear) {
                lines += &journal.append(&event).unwrap();
            }
        }
        let start = now();
        let events = journal::read(&lines, None).unwrap().events;
        reads.push((now() - start) / events.len() as f64);
        let start = now();
        for event in &events {
            again.replay(event).unwrap();
        }
        took += now() - start;
        replays.push((now() - start) / events.len() as f64);
        if [1, 10, 100].contains(&chunk) {
            totals.push(took);
        }
    }
    assert_eq!(again.revision(), grown.revision());
    let middle = |took: &mut [f64]| {
        took.sort_by(f64::total_cmp);
        took[took.len() / 2]
    };
    let grants = middle(&mut replays[..5]);
    Table::figure("journal/replay, ns an event", grants, 1_000.0);
    let read = middle(&mut reads);
    Table::figure("journal/read, ns an event", read, 3_000.0);
    for (tenfold, of) in totals[1..].iter().zip(&totals) {
        table.within(
            "journal/replay ten times as many",
            *tenfold,
            "10 x the time of a tenth",
            of * 10.0,
            1.3,
        );
    }
}
