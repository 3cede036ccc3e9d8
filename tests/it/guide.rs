//! The guide's page on proof says what the tests do: each is there, with its numbers, and no law is left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn numbers(text: &str) -> BTreeSet<String> {
    let text = text.replace('_', "");
    let numbers = text.split(|letter: char| !letter.is_ascii_digit());
    let numbers = numbers.filter(|number| !number.is_empty());
    numbers.map(str::to_owned).collect()
}

/// The names of the tests of a file.
fn tests(text: &str) -> BTreeSet<String> {
    let after = text.split("#[test]").skip(1);
    let names = after.filter_map(|rest| rest.split_once("fn ")?.1.split_once('('));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_law_is_in_the_guide_with_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    files(&root.join("tests/it"), &mut paths);
    let texts: Vec<(PathBuf, String)> = paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect();
    let page = fs::read_to_string(root.join("src/guide/proof.rs")).unwrap();
    let mut named = BTreeSet::new();
    let table = page.split("//! # ").next().unwrap();
    for row in table.lines().filter_map(|line| line.strip_prefix("//! | ")) {
        let cells: Vec<&str> = row.trim_end_matches('|').split(" | ").collect();
        let [_, test, _, cases] = cells[..] else {
            panic!("four cells: {row}");
        };
        let Some(test) = test
            .strip_prefix('`')
            .and_then(|test| test.strip_suffix('`'))
        else {
            assert_eq!(test, "test");
            continue;
        };
        let file = texts.iter().find(|(_, text)| tests(text).contains(test));
        let (path, text) = file.unwrap_or_else(|| panic!("no test is called `{test}`"));
        let missing: Vec<String> = numbers(cases).difference(&numbers(text)).cloned().collect();
        assert!(
            missing.is_empty(),
            "{missing:?} of `{test}` are not in {path:?}"
        );
        named.insert(test.to_owned());
    }
    let laws = texts
        .iter()
        .filter(|(path, _)| path.parent().is_some_and(|folder| folder.ends_with("laws")));
    let left_out: Vec<String> = laws
        .flat_map(|(_, text)| tests(text))
        .filter(|test| !named.contains(test))
        .collect();
    assert!(left_out.is_empty(), "not in the guide: {left_out:?}");
}
