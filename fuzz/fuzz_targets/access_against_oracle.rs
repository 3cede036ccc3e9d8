//! Whatever a random tenant is asked, the crate answers as the oracle does.
#![no_main]
#![allow(dead_code, reason = "the oracle serves the tests as well")]

#[path = "../../tests/it/opened.rs"]
mod opened;
#[path = "../../tests/it/oracle/mod.rs"]
mod oracle;

use libfuzzer_sys::fuzz_target;
use opened::Opened;
use oracle::compare::compare;
use oracle::questions::questions;
use oracle::worlds::world;

fuzz_target!(|input: (u64, u8, u8)| {
    let (seed, size, duties) = input;
    let world = world(seed, usize::from(size % 48), usize::from(duties % 80));
    let opened = match Opened::new(&world.document) {
        Ok(opened) => opened,
        Err(mistakes) => panic!("a valid document is refused: {mistakes}\n{:#}", world.document),
    };
    let asked = questions(&world, seed, 8);
    let differences = compare(&world.document, &asked, |at, ask| opened.answer(at, ask));
    if let Some(difference) = differences.first() {
        panic!("{difference}\nin {}", world.document);
    }
});
