//! No text makes the reader of journals panic, and what reads is, appended again, the same text.
#![no_main]

use bailiwick::Journal;
use bailiwick::journal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(stored) = journal::read(text, None) {
        let mut journal = Journal::new();
        for event in &stored.events {
            journal.append(event).expect("an event that was read can be written");
        }
        assert!(stored.torn <= text.len());
    }
});
