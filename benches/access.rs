//! What asking a snapshot takes, beside the same asked of tables written by hand.

#![allow(
    clippy::too_many_lines,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a bench takes apart what it made, and nobody links to it"
)]

mod world;

use bailiwick::Resource;
use criterion::BenchmarkId;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use std::hint::black_box;
use world::ByKey;
use world::ByNumber;
use world::World;

const QUERIES: usize = 4_096;

fn access(criterion: &mut Criterion) {
    let users = world::users();
    let size = format!("{users}x{}", world::DUTIES);
    let world = World::new(users);
    let tenant = world.tenant();
    let at = world::at();
    let unix = at.as_unix();
    let snapshot = tenant.snapshot(at, &world::options());
    let asked = snapshot.as_of(at);
    let (user_ids, duty_ids) = world::handles(&tenant, &world);
    let (by_number, by_key) = (ByNumber::new(&world), ByKey::new(&world));
    let (sets, dense) = (world::sets(&world), world::dense(&world));
    let queries = world::queries(&world, QUERIES, users, 7);
    let handles: Vec<_> = queries
        .iter()
        .map(|(user, duty)| (user_ids[*user as usize], duty_ids[usize::from(*duty)]))
        .collect();
    let keys: Vec<_> = queries
        .iter()
        .map(|(user, duty)| {
            (
                world::user_key(*user as usize),
                world::duty_key(usize::from(*duty)),
            )
        })
        .collect();
    let permits = queries
        .iter()
        .filter(|(user, duty)| world.walk(*user as usize, *duty))
        .count();
    let bare = Resource::default();

    let mut group = criterion.benchmark_group("access");
    group.throughput(Throughput::Elements(QUERIES as u64));
    let mut bench = |name: &str, count: &dyn Fn() -> usize| {
        assert_eq!(count(), permits, "{name}");
        group.bench_function(BenchmarkId::new(name, &size), |bencher| {
            bencher.iter(|| black_box(count()));
        });
    };
    bench("allows", &|| {
        let allows = |(user, duty): &&(_, _)| asked.allows(*user, *duty) == Ok(true);
        handles.iter().filter(allows).count()
    });
    bench("check", &|| {
        let decided = handles
            .iter()
            .map(|(user, duty)| asked.check(*user, *duty, &bare));
        decided
            .filter(|decision| decision.as_ref().is_ok_and(|decision| decision.is_permit()))
            .count()
    });
    bench("allows-keys", &|| {
        let allows = |(user, duty): &&(String, String)| {
            asked.allows(user.as_str(), duty.as_str()) == Ok(true)
        };
        keys.iter().filter(allows).count()
    });
    bench("allows-each", &|| {
        let allows = asked.allows_each(handles.iter().copied()).unwrap();
        allows.iter().filter(|allows| **allows).count()
    });
    bench("check-directly", &|| {
        let directly = tenant.as_of(at);
        let decided = handles
            .iter()
            .map(|(user, duty)| directly.check(*user, *duty, &bare));
        decided
            .filter(|decision| decision.as_ref().is_ok_and(|decision| decision.is_permit()))
            .count()
    });
    bench("dense-bit", &|| {
        let bit = |(user, duty): &&(u32, u16)| {
            dense[*user as usize][usize::from(*duty >> 6)] >> (duty & 63) & 1 == 1
        };
        queries.iter().filter(bit).count()
    });
    bench("hash-set", &|| {
        let has = |(user, duty): &&(u32, u16)| sets.get(user).is_some_and(|set| set.contains(duty));
        queries.iter().filter(has).count()
    });
    bench("walk-by-number", &|| {
        let allows = |(user, duty): &&(u32, u16)| by_number.allows(*user, *duty, unix);
        queries.iter().filter(allows).count()
    });
    bench("walk-by-key", &|| {
        let allows = |(user, duty): &&(String, String)| by_key.allows(user, duty, unix);
        keys.iter().filter(allows).count()
    });
    group.finish();

    let duty = 90_u16;
    let id = duty_ids[usize::from(duty)];
    let able = (0..users).filter(|user| world.walk(*user, duty)).count();
    let mut group = criterion.benchmark_group("access");
    group.bench_function(BenchmarkId::new("who-can", &size), |bencher| {
        bencher.iter(|| assert_eq!(asked.who_can_set(id, &bare).unwrap().len(), able));
    });
    group.bench_function(BenchmarkId::new("who-can-by-number", &size), |bencher| {
        let allows = |user: &u32| by_number.allows(*user, duty, unix);
        bencher.iter(|| assert_eq!((0..users as u32).filter(allows).count(), able));
    });
    let (user, held) = (user_ids[queries[0].0 as usize], sets[&queries[0].0].len());
    group.bench_function(BenchmarkId::new("effective", &size), |bencher| {
        bencher.iter(|| assert_eq!(asked.effective_set(user, None, false).unwrap().len(), held));
    });
    group.finish();
}

criterion_group!(benches, access);
criterion_main!(benches);
