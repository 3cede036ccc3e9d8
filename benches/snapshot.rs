//! What making a snapshot takes: anew, and from the one before.

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

use bailiwick::Actor;
use bailiwick::HolderKey;
use bailiwick::Publisher;
use bailiwick::Stamp;
use bailiwick::command::Command;
use bailiwick::policy::Grant;
use criterion::BenchmarkId;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use std::hint::black_box;
use world::World;

fn snapshot(criterion: &mut Criterion) {
    let users = world::users();
    let size = format!("{users}x{}", world::DUTIES);
    let world = World::new(users);
    let tenant = world.tenant();
    let at = world::at();
    let snapshot = tenant.snapshot(at, &world::options());
    let stamp = Stamp::new(at, Actor::System);
    let mut group = criterion.benchmark_group("snapshot");
    group.sample_size(20);
    group.bench_function(BenchmarkId::new("compile", &size), |bencher| {
        bencher.iter(|| black_box(tenant.snapshot(at, &world::options())));
    });

    let denied = |user: &usize| !world.walk(*user, 90) && world.people[*user].entries.is_empty();
    let user = (0..users).find(denied).unwrap();
    let (id, duty) = (
        tenant.user(&world::user_key(user)).unwrap(),
        tenant.duty(&world::duty_key(90)).unwrap(),
    );
    let grant = Command::Grant(Grant::new(
        HolderKey::User(world::user_key(user).parse().unwrap()),
        world::duty_key(90).parse().unwrap(),
    ));
    let mut granted = tenant.clone();
    let event = granted.execute(&stamp, &grant).unwrap();
    let publisher = Publisher::new(snapshot.clone());
    let mut reader = publisher.reader();
    group.bench_function(BenchmarkId::new("grant-and-publish", &size), |bencher| {
        bencher.iter(|| {
            publisher.publish(snapshot.after(&granted, at, [&event]));
            assert_eq!(reader.snapshot().as_of(at).allows(id, duty), Ok(true));
        });
    });
    assert_eq!(snapshot.as_of(at).allows(id, duty), Ok(false));

    let mut profile = world::profile(3, &world.profiles[3]);
    profile.grants.truncate(5);
    let mut edited = tenant.clone();
    let event = edited
        .execute(&stamp, &Command::DefineProfile(profile))
        .unwrap();
    group.bench_function(
        BenchmarkId::new("edit-profile-and-publish", &size),
        |bencher| {
            bencher.iter(|| {
                publisher.publish(snapshot.after(&edited, at, [&event]));
                black_box(reader.snapshot());
            });
        },
    );
    group.bench_function(BenchmarkId::new("turn-for-who-can", &size), |bencher| {
        bencher.iter_with_setup(
            || snapshot.after(&tenant, at, []),
            |fresh| fresh.as_of(at).prepare_who_can(),
        );
    });
    group.finish();
}

criterion_group!(benches, snapshot);
criterion_main!(benches);
