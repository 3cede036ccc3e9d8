//! Policies and scenarios as text.
//!
//! A *policy document* states a tenant; a *scenario* is a policy and steps with expected answers. Both are data of
//! any serde format; TOML and JSON are built in. Fields are in kebab-case and unknown ones are errors; instants
//! are RFC 3339 with `Z`; every list may be absent.
//!
//! ```
//! use bailiwick::Tenant;
//!
//! // Every independent mistake is told at once, each with its place, a stable code and the nearest known key.
//! let mistakes = Tenant::from_toml(r#"
//!     [[duty]]
//!     key = "finance.funds.certify"
//!
//!     [[user]]
//!     key = "ana"
//!
//!     [[grant]]
//!     holder = "user:anna"
//!     on = "finance.funds.certfy"
//!     until = "tomorrow"
//! "#).unwrap_err();
//! let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
//! assert_eq!(mistakes, [
//!     "unknown-user at grant[0].holder: unknown user `anna`, nearest is `ana`",
//!     "unknown-duty at grant[0].on: unknown duty `finance.funds.certfy`, nearest is `finance.funds.certify`",
//!     "malformed-instant at grant[0].until: not an instant such as `2026-01-05T09:00:00Z`",
//! ]);
//! ```
//!
//! A line of `[administration]` names the duty that lets a user give a kind of command, or a list of which any will
//! do. The list has at least one and none twice, and a list of one is written as that one:
//!
//! ```
//! use bailiwick::document::Document;
//!
//! let document = Document::from_toml(r#"
//!     duty = [{ key = "roster.person.add" }, { key = "roster.person.edit" }]
//!
//!     [administration]
//!     add-user = ["roster.person.add", "roster.person.edit"]
//!     disable = ["roster.person.edit"]
//! "#)?;
//! let written = document.to_toml();
//! assert!(written.contains(r#"disable = "roster.person.edit""#));
//!
//! let mistakes = Document::from_toml(r#"
//!     duty = [{ key = "roster.person.add" }, { key = "roster.person.edit" }]
//!
//!     [administration]
//!     add-user = ["roster.person.add", "roster.person.edti", "roster.person.add"]
//!     disable = []
//! "#).unwrap_err();
//! let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
//! assert_eq!(mistakes, [
//!     "unknown-duty at administration.add-user[1]: unknown duty `roster.person.edti`, nearest is `roster.person.edit`",
//!     "duplicate-key at administration.add-user[2]: `roster.person.add` is already taken",
//!     "out-of-range at administration.disable: expected at least one duty",
//! ]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A scenario is run by [`Scenario`](crate::document::Scenario), or from the command line:
//!
//! ```text
//! cargo run --example scenario -- run tests/scenarios
//! cargo run --example scenario -- load examples/town_hall.toml
//! ```
