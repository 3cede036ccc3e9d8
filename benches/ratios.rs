//! How a snapshot compares with what one might write by hand, in one run: fails where a ratio is missed by far.
//!
//! Times are of this thread's own work, so that neighbours on the machine matter little; only the ratios mean
//! anything. `BAILIWICK_USERS` sets how many users there are.

#![allow(
    clippy::too_many_lines,
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
use bailiwick::Publisher;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Touched;
use bailiwick::command::Command;
use bailiwick::policy::Grant;
use bailiwick::policy::Terms;
use rustix::time::ClockId;
use rustix::time::clock_gettime;
use std::hint::black_box;
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
            "{:<44} {:>12} {:>34} {:>9} {:>9}",
            "what", "ns", "beside", "ratio", "wanted"
        );
        Self { holds: true }
    }
}

impl Table {
    /// Ours is to be at least so many times as fast.
    fn faster(&mut self, what: &str, ours: f64, beside: &str, theirs: f64, wanted: f64) {
        let ratio = theirs / ours;
        self.row(
            what,
            ours,
            &format!("{beside} {theirs:.2}"),
            ratio,
            &format!(">= {wanted}"),
            ratio * MARGIN >= wanted,
        );
    }

    /// Ours is to take at most so many times as long.
    fn within(&mut self, what: &str, ours: f64, beside: &str, theirs: f64, wanted: f64) {
        let ratio = ours / theirs;
        self.row(
            what,
            ours,
            &format!("{beside} {theirs:.2}"),
            ratio,
            &format!("<= {wanted}"),
            ratio <= wanted * MARGIN,
        );
    }

    fn note(&mut self, what: &str, ours: f64, most: f64) {
        self.row(what, ours, "", ours / most, &format!("<= {most}"), true);
    }

    fn row(&mut self, what: &str, ours: f64, beside: &str, ratio: f64, wanted: &str, holds: bool) {
        let mark = if holds { "" } else { "  MISSED" };
        println!("{what:<44} {ours:>12.2} {beside:>34} {ratio:>9.2} {wanted:>9}{mark}");
        self.holds &= holds;
    }
}

fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// The nanoseconds that one of `each` takes: the best of several batches.
fn time(each: usize, mut batch: impl FnMut()) -> f64 {
    batch();
    let mut best = f64::MAX;
    let mut spent = 0.0;
    let mut rounds = 0;
    while rounds < 5 || spent < 6e7 && rounds < 1_000 {
        let start = now();
        batch();
        let took = now() - start;
        best = best.min(took);
        spent += took;
        rounds += 1;
    }
    best / each as f64
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
    table.note(
        "decisions/hold/bytes a user",
        memory.decisions as f64 / users as f64,
        10.0,
    );
    table.note(
        "names/hold/bytes a user",
        memory.names as f64 / users as f64,
        45.0,
    );
    let compile = time(1, || {
        black_box(tenant.snapshot(at, &world::options()));
    });
    table.note(
        "snapshot/compile/us",
        compile / 1e3,
        12_000.0 * users as f64 / 1e5,
    );

    let by_number = ByNumber::new(&world);
    let by_key = ByKey::new(&world);
    let sets = world::sets(&world);
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
            let mut found = 0;
            for (user, duty) in &handles {
                found += usize::from(reader.snapshot().as_of(at).allows(*user, *duty) == Ok(true));
            }
            count_of(found);
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
        table.note(&format!("access/check-directly/{heat}"), rule, 1_000.0);

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
            if of == 64 { 9.0 } else { 17.0 },
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
            ids.extend(asked.effective_set(*user, None, false).unwrap().iter());
            found += ids.len();
        }
        assert_eq!(found, expected);
    });
    table.faster(
        "access/effective-set",
        set,
        "walk by number",
        naive,
        1_000.0,
    );
    table.faster(
        "access/effective-ids",
        listed,
        "walk by number",
        naive,
        140.0,
    );

    let spare = tenant.snapshot(at, &world::options());
    let prepare = time(1, || {
        let fresh = spare.after(&tenant, at, &Touched::nothing());
        fresh.as_of(at).prepare_who_can();
    });
    table.note(
        "snapshot/prepare-who-can/us",
        prepare / 1e3,
        2_000.0 * users as f64 / 1e5,
    );
    asked.prepare_who_can();
    let count = time(1, || assert_eq!(asked.who_can_count(id, &bare), Ok(able)));
    table.note(
        "access/who-can-count/prepared, us",
        count / 1e3,
        1.5 * users as f64 / 1e5,
    );

    // One grant after another, each published: what the snapshot costs, without the command itself.
    let mut draw = world::Draw(5);
    let mut grown = tenant.clone();
    let mut steps = Vec::new();
    for _ in 0..2_000 {
        let user = draw.below(users);
        let command = Command::Grant(Grant {
            holder: bailiwick::HolderKey::User(world::user_key(user).parse().unwrap()),
            on: world::duty_key(draw.below(world::DUTIES)).parse().unwrap(),
            scope: None,
            reach: None,
            ceiling: None,
            terms: Terms {
                replace: true,
                ..Terms::default()
            },
        });
        if grown
            .execute(&Stamp::new(at, Actor::System), &command)
            .is_ok()
        {
            steps.push((user_ids[user], grown.clone()));
        }
    }
    let steps = &steps;
    let publisher = Publisher::new(snapshot.clone());
    let mut reader = publisher.reader();
    let granted = time(steps.len(), || {
        let mut newest = snapshot.clone();
        for (user, tenant) in steps {
            newest = newest.after(tenant, at, &Touched::nothing().and_user(*user));
            publisher.publish(newest.clone());
            black_box(reader.snapshot());
        }
    });
    table.note("snapshot/after-grant/us", granted / 1e3, 2.5);

    let mut profile = world::profile(3, &world.profiles[3]);
    profile.grants.truncate(5);
    let mut edited = tenant.clone();
    edited
        .execute(
            &Stamp::new(at, Actor::System),
            &Command::DefineProfile(profile.clone()),
        )
        .unwrap();
    let touched = Touched::nothing()
        .and_profile(&snapshot, &profile.key)
        .unwrap();
    let edit = time(1, || {
        publisher.publish(snapshot.after(&edited, at, &touched));
        black_box(reader.snapshot());
    });
    table.note(
        "snapshot/after-profile-edit/us",
        edit / 1e3,
        30.0 * users as f64 / 1e5,
    );
}
