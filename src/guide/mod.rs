//! The guide: what the library means, in the order in which a newcomer wants to know it.
//!
//! - [`model`]: the rules, numbered; the documentation, the code and the tests cite these numbers.
//! - [`asking`]: snapshots, handles and readers, for a service that asks all the time.
//! - [`documents`]: policies and scenarios as text.
//! - [`change`]: commands, events, requests, reviews, leavers.
//! - [`helpdesk`]: tickets, clocks and views.
//! - [`proof`]: which laws hold, and which tests show them.
//! - [`growth`]: how time and memory grow with users, duties, profiles, entries, scopes and tenants, and why.
//! - [`scale`]: how a host serves 100 million users of 10,000 tenants.

pub mod asking;
pub mod change;
pub mod documents;
pub mod growth;
pub mod helpdesk;
pub mod model;
pub mod proof;
pub mod scale;
