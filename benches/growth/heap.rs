//! What a process has more of for holding something: it holds the same several times, and others say how often.

use crate::Extent;
use crate::axes;
use crate::tenants;
use crate::travel;
use crate::world::World;
use bailiwick::Tenant;
use std::hint::black_box;
use std::process::Command;

/// The word by which this program asks itself.
pub const CHILD: &str = "--heap";

/// The bytes that something takes, measured in a process of its own; none where the system does not tell.
pub fn of(extent: Extent, what: &str, size: usize) -> Option<f64> {
    let what = match extent {
        Extent::Whole => what.to_owned(),
        Extent::Trial => format!("{what}:trial"),
    };
    let output = Command::new(std::env::current_exe().unwrap())
        .args([CHILD, &what, &size.to_string()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .ok()
}

/// Holds what was asked for, and prints the bytes that it takes.
pub fn measure(what: &str, size: usize) {
    let (what, extent) = match what.strip_suffix(":trial") {
        Some(what) => (what, Extent::Trial),
        None => (what, Extent::Whole),
    };
    let bytes = match what.strip_prefix("tenants-") {
        Some(sort) => tenants::hold(sort, size),
        None if what == travel::REPLICA => travel::hold(size),
        None => {
            let stored =
                serde_json::to_string(&World::sized(axes::sizes_for(what, size, extent)).tenant());
            let stored = stored.unwrap();
            grown(3, || serde_json::from_str::<Tenant>(&stored).unwrap())
        }
    };
    if let Some(bytes) = bytes {
        println!("{bytes}");
    }
}

/// What one more of something takes, where its like has been made and room for making it is there.
pub fn grown<T>(times: usize, make: impl Fn() -> T) -> Option<f64> {
    let mut held = vec![make(), make()];
    let before = resident()?;
    held.extend((0..times).map(|_| make()));
    let after = resident()?;
    black_box(&held);
    Some((after - before).max(0.0) / times as f64)
}

/// The memory of this process, in bytes.
pub fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1_024.0)
}
