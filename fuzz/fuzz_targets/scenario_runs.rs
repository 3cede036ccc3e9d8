//! No text that reads as a scenario makes the runner panic, and running it twice gives the same report.
#![no_main]

use bailiwick::Fault;
use bailiwick::Mistake;
use bailiwick::document::Node;
use bailiwick::document::Scenario;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if text.len() > 4_096 {
        return;
    }
    let Ok(node) = Node::from_toml(text).or_else(|_| Node::from_json(text)) else { return };
    let Ok(scenario) = Scenario::from_node(&node, alone) else { return };
    let first = format!("{:?}", scenario.run());
    assert_eq!(format!("{:?}", scenario.run()), first);
});

/// A scenario here has its policy inside.
fn alone(name: &str) -> Result<Node, Mistake> {
    Err(Mistake { path: name.into(), fault: Fault::WrongShape { wanted: ("a policy inside", "una política dentro").into() } })
}
