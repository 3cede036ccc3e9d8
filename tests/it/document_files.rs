//! Documents in files: the good ones found a tenant, the bad ones are told every mistake and where it is.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its data has failed"
)]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use bailiwick::Mistake;
use bailiwick::Mistakes;
use bailiwick::Tenant;
use bailiwick::document::Document;
use bailiwick::document::Node;

/// The documents of a folder, in the order of their names.
fn documents(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/documents")
        .join(folder);
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let is_document = |file: &PathBuf| {
        file.extension()
            .is_some_and(|end| end == "toml" || end == "json")
    };
    let mut documents: Vec<PathBuf> = files.filter(is_document).collect();
    documents.sort();
    assert!(!documents.is_empty());
    documents
}

fn tree(file: &Path) -> Result<Node, Mistake> {
    let text = fs::read_to_string(file).unwrap();
    if file.extension().is_some_and(|end| end == "json") {
        Node::from_json(&text)
    } else {
        Node::from_toml(&text)
    }
}

fn load(file: &Path) -> Result<(Document, Tenant), Mistakes> {
    Document::load(&tree(file)?, "nameless")
}

/// What a bad document expects: its lines `# expect: CODE at PATH`, or the lines of the file beside it.
fn expected(file: &Path) -> Vec<String> {
    let beside = file.with_extension("expect");
    let text = fs::read_to_string(if file.extension().is_some_and(|end| end == "json") {
        beside
    } else {
        file.into()
    })
    .unwrap();
    let line = |line: &str| {
        let line = line.strip_prefix("# expect: ").unwrap_or(line);
        (!line.starts_with('#')).then(|| line.to_string())
    };
    let mut expected: Vec<String> = text
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(line)
        .collect();
    expected.sort();
    expected
}

#[test]
fn good_documents_found_a_tenant() {
    for file in documents("good") {
        if let Err(mistakes) = load(&file) {
            let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            assert_eq!(told, Vec::<String>::new(), "{}", file.display());
        }
    }
}

#[test]
fn the_same_document_in_two_formats_is_the_same() {
    let mut pairs = 0;
    for file in documents("good") {
        let other = file.with_extension("json");
        if other != file && other.exists() {
            let (one, _) = load(&file).unwrap();
            let (two, _) = load(&other).unwrap();
            assert_eq!(one, two, "{}", file.display());
            pairs += 1;
        }
    }
    assert!(pairs > 1);
}

#[test]
fn bad_documents_are_told_every_mistake_and_where_it_is() {
    let mut wrong = Vec::new();
    for file in documents("bad") {
        let mistakes = load(&file).err().into_iter().flatten().collect::<Vec<_>>();
        let told = mistakes.iter().map(ToString::to_string);
        let place = |told: String| told.split(": ").next().unwrap_or_default().to_string();
        let mut told: Vec<String> = told.map(place).collect();
        told.sort();
        if told != expected(&file) {
            wrong.push((file.file_name().unwrap().to_owned(), told, expected(&file)));
        }
    }
    let report: Vec<String> = wrong
        .iter()
        .map(|(file, told, expected)| {
            let missed = expected.iter().filter(|line| !told.contains(line));
            let besides = told.iter().filter(|line| !expected.contains(line));
            format!(
                "{}\n  missed:  {:?}\n  besides: {:?}",
                file.display(),
                missed.collect::<Vec<_>>(),
                besides.collect::<Vec<_>>(),
            )
        })
        .collect();
    assert!(report.is_empty(), "{}", report.join("\n"));
}

/// The fragments are pasted below the line that names their catalog.
#[test]
fn the_shipped_fragments_fit_their_catalogs() {
    let fragments = [
        (
            "civic",
            include_str!("../../src/catalog/data/civic-administration.toml"),
            include_str!("../../src/catalog/data/civic-profiles.toml"),
        ),
        (
            "construction",
            include_str!("../../src/catalog/data/construction-administration.toml"),
            include_str!("../../src/catalog/data/construction-profiles.toml"),
        ),
    ];
    for (catalog, administration, profiles) in fragments {
        for fragments in [
            administration.to_string(),
            profiles.to_string(),
            format!("{administration}\n{profiles}"),
        ] {
            let text = format!("name = \"Rio Vista\"\ncatalog = \"{catalog}\"\n\n{fragments}");
            Document::load(&Node::from_toml(&text).unwrap(), "nameless").unwrap();
        }
    }
}
