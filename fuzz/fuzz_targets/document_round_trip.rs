//! No text makes the reader of documents panic, and what loads is, written and loaded again, the same policy.
#![no_main]

use bailiwick::document::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(document) = Document::from_toml(text) {
        let written = document.to_toml();
        assert_eq!(Document::from_toml(&written).as_ref(), Ok(&document), "{written}");
        let written = document.to_json();
        assert_eq!(Document::from_json(&written).as_ref(), Ok(&document), "{written}");
    }
    if let Ok(document) = Document::from_json(text) {
        let written = document.to_json();
        assert_eq!(Document::from_json(&written).as_ref(), Ok(&document), "{written}");
    }
});
