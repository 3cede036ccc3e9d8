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

/// The axes of the page on growth, from their first size to their last.
const AXES: [(&str, &str, &str); 6] = [
    ("users", "1,000", "1,000,000"),
    ("duties", "181", "4,096"),
    ("profiles", "1", "200"),
    ("entries", "0", "100"),
    ("scopes", "1", "10,000"),
    ("tenants", "1", "10,000"),
];

#[test]
fn the_page_on_growth_has_every_axis_from_end_to_end() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide");
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    let page = read("growth.rs");
    let cells = |row: &str| -> Vec<String> {
        let inside = row.trim().trim_start_matches('|').trim_end_matches('|');
        inside
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect()
    };
    for (axis, first, last) in AXES {
        let (table, plot) = (
            read(&format!("growth/{axis}.md")),
            read(&format!("growth/{axis}.svg")),
        );
        let rows: Vec<Vec<String>> = table.lines().map(cells).collect();
        let [names, _, sizes @ ..] = rows.as_slice() else {
            panic!("{axis}: {table}");
        };
        assert!(sizes.len() >= 4 && names.len() >= 6, "{axis}: {table}");
        assert_eq!(sizes[0][0], first, "{axis}");
        assert_eq!(sizes[sizes.len() - 1][0], last, "{axis}");
        let mut missing = 0;
        for row in sizes {
            assert_eq!(row.len(), names.len(), "{axis}: {row:?}");
            let has_figure =
                |cell: &&String| cell.starts_with(|letter: char| letter.is_ascii_digit());
            missing += row.iter().filter(|cell| !has_figure(cell)).count();
        }
        // What catalogs of their own take is known before there are as many tenants as there can be.
        assert_eq!(missing, usize::from(axis == "tenants"), "{axis}: {table}");
        assert!(
            plot.starts_with("<svg ") && plot.trim_end().ends_with("</svg>"),
            "{axis}"
        );
        // An empty line would end it within a page.
        assert!(plot.lines().all(|line| !line.trim().is_empty()), "{axis}");
        for shown in [first, last] {
            assert!(
                plot.contains(&format!(">{shown}</text>")),
                "{axis}: {shown}"
            );
        }
        for file in [format!("{axis}.md"), format!("{axis}.svg")] {
            assert!(
                page.contains(&format!("include_str!(\"growth/{file}\")")),
                "{file}"
            );
        }
    }
    let conditions = read("growth/conditions.md");
    for told in [
        "`cargo bench --bench growth`",
        "rustc 1.",
        " cores",
        "time of the one thread",
    ] {
        assert!(conditions.contains(told), "{told}: {conditions}");
    }
    // What follows from them is written by the same command.
    for told in ["| 100,000,000 ÷ 10,000 |", "| 10,000 |"] {
        assert!(read("growth/scale.md").contains(told), "{told}");
    }
}
