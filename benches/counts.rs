//! One operation, so many times: `.ci/counts` counts the instructions that each takes.
//!
//! `counts OPERATION TIMES` prepares a small organisation, then performs the operation that often.

#![allow(
    clippy::too_many_lines,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::panic,
    reason = "a bench takes apart what it made, and nobody links to it"
)]

mod world;

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::DutyId;
use bailiwick::Event;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::UserId;
use std::hint::black_box;
use world::World;

const USERS: usize = 1_000;

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench");
    let (Some(operation), Some(times)) = (arguments.next(), arguments.next()) else {
        return;
    };
    let times: usize = times.parse().unwrap();
    let world = World::new(USERS);
    let tenant = world.tenant();
    let at = world::at();
    let (users, duties) = world::handles(&tenant, &world);
    let keys: Vec<String> = (0..USERS).map(world::user_key).collect();
    let snapshot = tenant.snapshot(at, &world::options());
    let asked = snapshot.as_of(at);
    let bare = Resource::default();
    let mut draw = world::Draw(1);
    let pairs: Vec<(usize, usize)> = (0..4_096)
        .map(|_| (draw.below(USERS), draw.below(world::DUTIES)))
        .collect();
    let (granted, grant) = after(&tenant, &Command::Grant(world::grant(7, 90)));
    let mut profile = world::profile(3, &world.profiles[3]);
    profile.grants.truncate(5);
    let (edited, edit) = after(&tenant, &Command::DefineProfile(profile));
    // Chosen once, so that choosing is not counted.
    let chosen: &dyn Fn(UserId, DutyId, &str) -> usize = match operation.as_str() {
        "allows" => &|user, duty, _| usize::from(asked.allows(user, duty) == Ok(true)),
        "check" => &|user, duty, _| {
            let decision = asked.check(user, duty, &bare);
            usize::from(decision.is_ok_and(bailiwick::Decision::is_permit))
        },
        "allows-user-key" => &|_, duty, key| usize::from(asked.allows(key, duty) == Ok(true)),
        "effective-ids" => &|user, _, _| {
            let duties = asked.effective_set(user, None, false).unwrap();
            duties.iter().map(black_box).count()
        },
        "who-can" => &|_, duty, _| asked.who_can_set(duty, &bare).unwrap().len(),
        "after-grant" => &|user, duty, _| {
            let next = snapshot.after(&granted, at, [&grant]);
            usize::from(next.as_of(at).allows(user, duty) == Ok(true))
        },
        "after-profile-edit" => &|user, duty, _| {
            let next = snapshot.after(&edited, at, [&edit]);
            usize::from(next.as_of(at).allows(user, duty) == Ok(true))
        },
        "compile" => &|_, _, _| tenant.snapshot(at, &world::options()).rows(),
        other => panic!("no such operation: {other}"),
    };
    let mut found = 0_usize;
    for (user, duty) in pairs.iter().cycle().take(times) {
        found += chosen(users[*user], duties[*duty], &keys[*user]);
    }
    black_box(found);
}

/// The tenant after a command, and its event.
fn after(tenant: &Tenant, command: &Command) -> (Tenant, Event) {
    let mut tenant = tenant.clone();
    let event = tenant.execute(&Stamp::new(world::at(), Actor::System), command);
    (tenant, event.unwrap())
}
