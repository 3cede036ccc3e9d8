//! The house is kept: a module uses only what stands before it, files say what they are, and no name slips in.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// The modules, lowest floor first. A module uses only those on its own line or on a line before.
const FLOORS: &[&[&str]] = &[
    &["any_of", "text", "id", "time", "ix", "index"],
    &["policy", "command", "fault"],
    &["duties", "layer"],
    &["catalog"],
    &["model"],
    &["rule", "source", "edges", "speech"],
    &["decision", "filter"],
    &["event", "refusal", "machine", "governance"],
    &[
        "as_of",
        "current",
        "explain",
        "separation",
        "review",
        "lint",
        "difference",
        "inbox",
        "roster",
        "leaver",
        "snapshot",
        "until",
    ],
    &["tenant", "history", "journal", "remedy", "replica"],
    &["whose"],
    &["helpdesk"],
    &["staff", "access_ticket"],
    &["exchange", "document", "guide", "systems"],
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(&root).unwrap().to_path_buf(), text)
    };
    files.into_iter().map(read).collect()
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn a_module_uses_only_what_stands_before_it() {
    let mut upwards = Vec::new();
    for (path, text) in all_sources() {
        let first = path
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap();
        let module = first.trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let own = floor(module).unwrap_or_else(|| panic!("`{module}` stands on no floor"));
        for line in text.lines().map(str::trim) {
            let Some(used) = line
                .strip_prefix("use crate::")
                .and_then(|rest| rest.split([':', ';']).next())
            else {
                continue;
            };
            let Some(floor) = floor(used) else { continue };
            if floor > own {
                upwards.push(format!("{}: {line}", path.display()));
            }
        }
    }
    assert!(upwards.is_empty(), "{}", upwards.join("\n"));
}

#[test]
fn a_file_says_first_what_it_is() {
    for (path, text) in all_sources() {
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("//! ") || path.ends_with("lib.rs"),
            "{}: {first}",
            path.display()
        );
    }
}
