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
use std::cell::Cell;
use std::cell::RefCell;
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
    let (asked, directly) = (snapshot.as_of(at), tenant.as_of(at));
    let bare = Resource::default();
    let mut draw = world::Draw(1);
    let pairs: Vec<(usize, usize)> = (0..4_096)
        .map(|_| (draw.below(USERS), draw.below(world::DUTIES)))
        .collect();
    let (granted, grant) = after(&tenant, &Command::Grant(world::grant(7, 90)));
    let mut profile = world::profile(3, &world.profiles[3]);
    profile.grants.truncate(5);
    let (edited, edit) = after(&tenant, &Command::DefineProfile(profile));
    // Replayed as a host does when it starts: on a tenant that nothing else holds.
    let (commands, events) = grants(&tenant, &pairs);
    let again = RefCell::new(world.tenant());
    let next = Cell::new(0);
    let following = || next.replace(next.get() + 1);
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
        "replay" => &|_, _, _| {
            let event = &events[following()];
            usize::from(again.borrow_mut().replay(event).is_ok())
        },
        "execute-grant" => &|_, _, _| {
            let stamp = Stamp::new(at, Actor::System);
            let event = again.borrow_mut().execute(&stamp, &commands[following()]);
            event.unwrap().changes.len()
        },
        "compile" => &|_, _, _| tenant.snapshot(at, &world::options()).rows(),
        "explain" => &|user, duty, _| {
            let why = directly.explain(user, duty, &bare).unwrap();
            black_box(&why).statements.len()
        },
        "until" => &|user, duty, _| {
            let until = directly.until(user, duty, &bare).unwrap();
            usize::from(until.is_some())
        },
        "remedy" => &|user, duty, _| tenant.remedies(at, user, duty, &bare).unwrap().len(),
        other => panic!("no such operation: {other}"),
    };
    let mut found = 0_usize;
    for (user, duty) in pairs.iter().cycle().take(times) {
        found += chosen(users[*user], duties[*duty], &keys[*user]);
    }
    assert!(operation != "replay" || found == times);
    black_box(found);
}

/// A grant for each pair, and its event.
fn grants(tenant: &Tenant, pairs: &[(usize, usize)]) -> (Vec<Command>, Vec<Event>) {
    let (mut tenant, stamp) = (tenant.clone(), Stamp::new(world::at(), Actor::System));
    let command = |(user, duty): &(usize, usize)| Command::Grant(world::grant(*user, *duty));
    let commands: Vec<_> = pairs.iter().map(command).collect();
    let mut events = Vec::new();
    events.extend(
        commands
            .iter()
            .map(|command| tenant.execute(&stamp, command).unwrap()),
    );
    (commands, events)
}

/// The tenant after a command, and its event.
fn after(tenant: &Tenant, command: &Command) -> (Tenant, Event) {
    let mut tenant = tenant.clone();
    let event = tenant.execute(&Stamp::new(world::at(), Actor::System), command);
    (tenant, event.unwrap())
}
