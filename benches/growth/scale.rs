//! What the measured figures come to for many users of many tenants.

use crate::figure::Unit;
use crate::page::Axis;
use crate::page::show;
use crate::page::whole;
use std::fmt::Write;

const USERS: f64 = 1e8;
const TENANTS: f64 = 1e4;
/// In how many places each tenant is.
const COPIES: f64 = 3.0;
/// What a process gives to replicas.
const ROOM: f64 = 32e9;
const DAY: f64 = 86_400.0;

/// The arithmetic as a table: each line says from what it follows.
pub fn table(travel: &Axis, tenants: &Axis) -> String {
    let each = USERS / TENANTS;
    // The tenant of the average size, and as many tenants as there are; in a trial whatever was measured last.
    let of = |axis: &Axis, size: f64, name: &str| {
        let at = axis.points.iter().find(|point| point.size == size as usize);
        let point = at.or(axis.points.last()).unwrap();
        let figure = axis.figures.iter().position(|figure| figure.name == name);
        point.values[figure.unwrap()].unwrap_or(0.0)
    };
    let travels = |name| of(travel, each, name);
    let (held, sent) = (
        travels("a replica's memory, a user"),
        travels("its state as JSON, a user"),
    );
    let (reading, compiling) = (travels("reading that"), travels("compiling it"));
    let (event, taking) = (
        travels("an event as JSON"),
        travels("reading one and taking it in"),
    );
    let idle = of(tenants, TENANTS, "an idle tenant");
    let (bytes, time) = (
        |value: f64| show(Unit::Bytes, value),
        |value: f64| show(Unit::Time, value),
    );
    let replica = held * each;
    let everywhere = replica * TENANTS * COPIES;
    let processes = (everywhere / ROOM).ceil();
    let share = (TENANTS * COPIES / processes).ceil();
    let start = reading + compiling;
    let daily = USERS / DAY;
    let per_process = daily * COPIES / processes;
    let rows = [
        (
            "users of a tenant, on average".to_owned(),
            format!("{} ÷ {}", whole(USERS), whole(TENANTS)),
            whole(each),
        ),
        (
            "a replica of such a tenant".into(),
            format!("{} × {}", whole(each), bytes(held)),
            bytes(replica),
        ),
        (
            "all tenants, each in three places".into(),
            format!("{} × {} × 3", whole(TENANTS), bytes(replica)),
            bytes(everywhere),
        ),
        (
            format!("processes, with {} for replicas each", bytes(ROOM)),
            format!("{} ÷ {}, rounded up", bytes(everywhere), bytes(ROOM)),
            whole(processes),
        ),
        (
            "tenants in a process".into(),
            format!("3 × {} ÷ {}", whole(TENANTS), whole(processes)),
            whole(share),
        ),
        (
            "all tenants idle, were they of 20 people".into(),
            format!("{} × {}", whole(TENANTS), bytes(idle)),
            bytes(TENANTS * idle),
        ),
        (
            "a tenant's state on its way".into(),
            format!("{} × {}", whole(each), bytes(sent)),
            bytes(each * sent),
        ),
        (
            "a tenant's start: reading and compiling".into(),
            format!("{} + {}", time(reading), time(compiling)),
            time(start),
        ),
        (
            "a process's start, all its tenants, on one core".into(),
            format!("{} × {}", whole(share), time(start)),
            time(share * start),
        ),
        (
            "events a second that one core takes in".into(),
            format!("1 s ÷ {}", time(taking)),
            whole(1e9 / taking),
        ),
        (
            "events a second, if each user's access changes once a day".into(),
            format!("{} ÷ {}", whole(USERS), whole(DAY)),
            whole(daily),
        ),
        (
            "of these in a process".into(),
            format!("{} × 3 ÷ {}", whole(daily), whole(processes)),
            whole(per_process),
        ),
        (
            "what part of a core that is".into(),
            format!("{} × {}", whole(per_process), time(taking)),
            format!("{:.2} %", per_process * taking / 1e7),
        ),
        (
            "what is written a day".into(),
            format!("{} × {}", whole(USERS), bytes(event)),
            bytes(USERS * event),
        ),
    ];
    let mut text = String::from("| what | from | comes to |\n|---|---|---:|\n");
    for (what, from, comes) in rows {
        let _ = writeln!(text, "| {what} | {from} | {comes} |");
    }
    text
}
