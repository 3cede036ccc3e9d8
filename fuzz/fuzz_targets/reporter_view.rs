//! Whatever happens to tickets, no output of a reporter's view carries the text of a note or its attachments.
#![no_main]
#![allow(dead_code, reason = "the desk serves the tests as well")]

#[path = "../../tests/it/helpdesk/office.rs"]
mod office;
#[path = "../../tests/it/helpdesk/overhear.rs"]
mod overhear;

use libfuzzer_sys::fuzz_target;
use overhear::nothing_internal_is_told;

fuzz_target!(|steps: Vec<(u8, u8)>| {
    if steps.len() <= 64 {
        nothing_internal_is_told(&steps);
    }
});
