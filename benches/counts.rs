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
use bailiwick::Event;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Tenant;
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
    let mut found = 0_usize;
    for (user, duty) in pairs.iter().cycle().take(times) {
        let (id, duty) = (users[*user], duties[*duty]);
        found += match operation.as_str() {
            "allows" => usize::from(asked.allows(id, duty) == Ok(true)),
            "check" => usize::from(
                asked
                    .check(id, duty, &bare)
                    .is_ok_and(bailiwick::Decision::is_permit),
            ),
            "allows-user-key" => usize::from(asked.allows(keys[*user].as_str(), duty) == Ok(true)),
            "effective-ids" => asked.effective_set(id, None, false).unwrap().iter().count(),
            "who-can" => asked.who_can_set(duty, &bare).unwrap().len(),
            "after-grant" => {
                let next = snapshot.after(&granted, at, [&grant]);
                usize::from(next.as_of(at).allows(id, duty) == Ok(true))
            }
            "after-profile-edit" => {
                let next = snapshot.after(&edited, at, [&edit]);
                usize::from(next.as_of(at).allows(id, duty) == Ok(true))
            }
            "compile" => tenant.snapshot(at, &world::options()).rows(),
            other => panic!("no such operation: {other}"),
        };
    }
    black_box(found);
}

/// The tenant after a command, and its event.
fn after(tenant: &Tenant, command: &Command) -> (Tenant, Event) {
    let mut tenant = tenant.clone();
    let event = tenant.execute(&Stamp::new(world::at(), Actor::System), command);
    (tenant, event.unwrap())
}
