//! Every scenario under `tests/scenarios` passes, step by step.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use bailiwick::Fault;
use bailiwick::Mistake;
use bailiwick::Phrase;
use bailiwick::document::Node;
use bailiwick::document::Scenario;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");

/// All scenario files below a folder; the documents beside them are looked at elsewhere.
fn scenarios(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("documents") {
                scenarios(&path, found);
            }
        } else if path
            .extension()
            .is_some_and(|ending| ending == "toml" || ending == "json")
        {
            found.push(path);
        }
    }
}

fn read(path: &Path) -> Result<Node, Mistake> {
    let text = fs::read_to_string(path).map_err(|error| Mistake {
        path: path.display().to_string(),
        fault: Fault::WrongShape {
            wanted: Phrase::new(
                format!("a file that can be read: {error}"),
                format!("un archivo que se pueda leer: {error}"),
            ),
        },
    })?;
    if path.extension().is_some_and(|ending| ending == "json") {
        Node::from_json(&text)
    } else {
        Node::from_toml(&text)
    }
}

fn run(path: &Path) -> Result<(usize, Vec<String>), String> {
    let told = |mistakes: bailiwick::Mistakes| {
        mistakes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let node = read(path).map_err(|mistake| mistake.to_string())?;
    let beside = path.parent().unwrap().to_path_buf();
    let scenario = Scenario::from_node(&node, |name| read(&beside.join(name))).map_err(told)?;
    let report = scenario.run();
    let name = path.strip_prefix(ROOT).unwrap_or(path).display();
    let differing = report.differing.iter().map(|difference| {
        format!(
            "{name}: step {}: expected {}, got {}",
            difference.step, difference.expected, difference.got
        )
    });
    Ok((report.steps, differing.collect()))
}

#[test]
fn every_scenario_passes() {
    let mut files = Vec::new();
    scenarios(Path::new(ROOT), &mut files);
    files.sort();
    assert!(files.len() > 100, "only {} scenarios", files.len());
    let (mut steps, mut differing) = (0, Vec::new());
    for file in &files {
        let (count, found) =
            run(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        steps += count;
        differing.extend(found);
    }
    assert!(
        differing.is_empty(),
        "{} of {steps} steps differ:\n{}",
        differing.len(),
        differing.join("\n")
    );
}
