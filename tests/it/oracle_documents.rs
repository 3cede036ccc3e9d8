//! Does a document, read and written again, still mean the same? The oracle says so, for random tenants.
#![expect(
    clippy::panic,
    reason = "a valid document that is refused is a failure, with its own account"
)]

use crate::oracle::answers;
use crate::oracle::questions::questions;
use crate::oracle::worlds::world;
use bailiwick::document::Document;
use bailiwick::document::Names;
use bailiwick::document::Node;
use bailiwick::document::Question;
use serde_json::Value;

#[test]
fn written_again_it_answers_alike() {
    for seed in 0..400 {
        let world = world(seed, 40, 20);
        let text = world.document.to_string();
        let read = match Document::from_json(&text) {
            Ok(read) => read,
            Err(mistakes) => panic!("a valid document is refused: {mistakes:?}\n{text}"),
        };
        let again = read.to_json();
        assert_eq!(Document::from_json(&again).as_ref(), Ok(&read));
        let Ok(again) = serde_json::from_str::<Value>(&again) else {
            panic!("what is written is not JSON: {again}");
        };
        let questions = questions(&world, seed, 12);
        assert_eq!(
            answers(&world.document, &questions),
            answers(&again, &questions),
            "{text}\n{again}"
        );
        for (_, ask) in questions {
            let question = Node::from_json(&ask.to_string())
                .map(|node| Question::from_node(&node, &Names::default()));
            assert!(
                matches!(question, Ok(Ok(_))),
                "a valid question is refused: {ask}\n{question:?}"
            );
        }
    }
}
