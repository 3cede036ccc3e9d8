//! Documents in files: the good ones found a tenant, and the shipped fragments fit their catalogs.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its data has failed"
)]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use bailiwick::Mistake;
use bailiwick::Tenant;
use bailiwick::document::Document;

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

fn read(file: &Path) -> Result<Document, Vec<Mistake>> {
    let text = fs::read_to_string(file).unwrap();
    if file.extension().is_some_and(|end| end == "json") {
        Document::from_json(&text)
    } else {
        Document::from_toml(&text)
    }
}

fn found(file: &Path) -> Result<Tenant, Vec<Mistake>> {
    Tenant::found(&read(file)?.policy)
}

#[test]
fn good_documents_found_a_tenant() {
    for file in documents("good") {
        if let Err(mistakes) = found(&file) {
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
            assert_eq!(
                read(&file).unwrap(),
                read(&other).unwrap(),
                "{}",
                file.display()
            );
            pairs += 1;
        }
    }
    assert!(pairs > 1);
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
            let document = Document::from_toml(&text).unwrap();
            Tenant::found(&document.policy).unwrap();
        }
    }
}
