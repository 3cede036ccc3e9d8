//! What travels from a tenant to its replicas, and what it takes there.

use crate::Extent;
use crate::figure;
use crate::figure::middle;
use crate::figure::now;
use crate::figure::took;
use crate::heap;
use crate::page::Axis;
use crate::page::Point;
use crate::page::whole;
use crate::world;
use crate::world::Draw;
use crate::world::World;
use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Event;
use bailiwick::Replica;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Text;
use bailiwick::Timestamp;
use std::hint::black_box;

/// The table's file.
pub const FILE: &str = "travel";
/// The word for a replica's memory.
pub const REPLICA: &str = "replica";

pub fn table(extent: Extent) -> Axis {
    let sizes: &[usize] = match extent {
        Extent::Whole => &[1_000, 10_000, 100_000],
        Extent::Trial => &[40],
    };
    let point = |size: &usize| {
        if extent == Extent::Whole {
            println!("{} users that travel …", whole(*size as f64));
        }
        let tenant = World::new(*size).tenant();
        let stored = serde_json::to_string(&tenant).unwrap();
        let lines = lines(&tenant, *size);
        let length: usize = lines.iter().map(String::len).sum();
        let reading = took(extent, 1, || {
            black_box(serde_json::from_str::<Tenant>(&stored).unwrap());
        });
        let compiling = took(extent, 1, || {
            black_box(tenant.snapshot(world::at(), &world::options()));
        });
        Point {
            size: *size,
            values: vec![
                Some(stored.len() as f64 / *size as f64),
                Some(reading),
                Some(compiling),
                heap::of(extent, REPLICA, *size).map(|bytes| bytes / *size as f64),
                Some(length as f64 / lines.len() as f64),
                Some(following(&stored, &lines)),
            ],
        }
    };
    Axis {
        file: FILE,
        what: "users",
        figures: vec![
            figure::bytes("its state as JSON, a user", "state"),
            figure::time("reading that", "reading"),
            figure::time("compiling it", "compiling"),
            figure::bytes("a replica's memory, a user", "replica"),
            figure::bytes("an event as JSON", "event"),
            figure::time("reading one and taking it in", "taking in"),
        ],
        points: sizes.iter().map(point).collect(),
    }
}

/// Holds replicas of a tenant with so many users, and gives the bytes that one takes.
pub fn hold(size: usize) -> Option<f64> {
    let stored = serde_json::to_string(&World::new(size).tenant()).unwrap();
    heap::grown(3, || replica(&stored))
}

fn replica(stored: &str) -> Replica {
    let tenant = serde_json::from_str(stored).unwrap();
    Replica::new(tenant, world::at(), &world::options())
}

/// Grants with an end and a reason, as the events that they become.
fn lines(tenant: &Tenant, users: usize) -> Vec<String> {
    let stamp = Stamp::new(world::at(), Actor::System);
    let (mut tenant, mut draw) = (tenant.clone(), Draw(5));
    let mut lines = Vec::new();
    for _ in 0..1_000 {
        let mut grant = world::grant(draw.below(users), draw.below(world::DUTIES));
        grant.terms.until = Timestamp::from_unix(world::at().as_unix() + 86_400 * 90).ok();
        grant.terms.reason = Some(Text::new("stands in at the year's end").unwrap());
        if let Ok(event) = tenant.execute(&stamp, &Command::Grant(grant)) {
            lines.push(serde_json::to_string(&event).unwrap());
        }
    }
    assert!(lines.len() > 20);
    lines
}

/// What it takes to read an event and answer with it, in the middle of ten parts of all of them.
fn following(stored: &str, lines: &[String]) -> f64 {
    let mut replica = replica(stored);
    let mut took = Vec::new();
    for lines in lines.chunks(lines.len().div_ceil(10)) {
        let start = now();
        for line in lines {
            let event: Event = serde_json::from_str(line).unwrap();
            replica.follow([&event]).unwrap();
        }
        took.push((now() - start) / lines.len() as f64);
    }
    assert_eq!(replica.revision(), lines.len() as u64);
    middle(took)
}
