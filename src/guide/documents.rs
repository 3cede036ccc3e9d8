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
//! A scenario is run by [`Scenario`](crate::document::Scenario), or from the command line:
//!
//! ```text
//! cargo run --example scenario -- run tests/scenarios
//! cargo run --example scenario -- load examples/town_hall.toml
//! ```
