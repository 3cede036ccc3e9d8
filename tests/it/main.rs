//! The crate through its public API, one file per question.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::format_collect,
    reason = "a test that cannot go on has failed, and a table is as long as what it lists"
)]

#[cfg(all(feature = "json", feature = "toml"))]
mod account;
#[cfg(all(feature = "json", feature = "toml"))]
mod administration;
mod catalogs;
#[cfg(feature = "toml")]
mod civic;
#[cfg(all(feature = "json", feature = "toml"))]
mod construction;
#[cfg(all(feature = "json", feature = "toml"))]
mod difference;
#[cfg(all(feature = "json", feature = "toml"))]
mod document_files;
mod documents;
#[cfg(feature = "json")]
mod elsewhere;
#[cfg(all(feature = "json", feature = "toml"))]
mod exchange;
#[cfg(feature = "toml")]
mod explain;
#[cfg(feature = "json")]
mod following;
mod guide;
mod handles;
#[cfg(all(feature = "json", feature = "jiff"))]
mod helpdesk;
#[cfg(feature = "json")]
mod hindsight;
#[cfg(feature = "sha2")]
mod journal;
mod land;
#[cfg(feature = "toml")]
mod languages;
mod laws;
#[cfg(all(feature = "json", feature = "toml"))]
mod lint;
#[cfg(feature = "json")]
mod lists;
#[cfg(feature = "json")]
mod machines;
#[cfg(feature = "json")]
mod offboarding;
#[cfg(feature = "json")]
mod opened;
#[cfg(feature = "json")]
mod oracle;
#[cfg(all(feature = "json", feature = "toml"))]
mod oracle_comparison;
#[cfg(feature = "json")]
mod oracle_documents;
#[cfg(all(feature = "json", feature = "toml"))]
mod oracle_rows;
#[cfg(all(feature = "json", feature = "toml"))]
mod oracle_scenarios;
#[cfg(feature = "json")]
mod oracle_stories;
#[cfg(feature = "json")]
mod oracle_worlds;
#[cfg(all(feature = "json", feature = "toml"))]
mod remedy;
#[cfg(feature = "json")]
mod reviews;
#[cfg(feature = "json")]
mod revisions;
#[cfg(feature = "json")]
mod roster;
#[cfg(feature = "json")]
mod rows;
#[cfg(all(feature = "json", feature = "toml"))]
mod runner;
#[cfg(all(feature = "json", feature = "toml", feature = "jiff"))]
mod scenarios;
#[cfg(all(feature = "json", feature = "std"))]
mod sets;
#[cfg(feature = "json")]
mod small_town;
#[cfg(feature = "json")]
mod snapshot;
#[cfg(feature = "json")]
mod snapshot_rows;
#[cfg(feature = "json")]
mod stored;
mod tidy;
mod worst;
