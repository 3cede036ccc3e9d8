//! The guide: what the library means, in the order in which a newcomer wants to know it.
//!
//! - [`model`]: the rules, numbered; the documentation, the code and the tests cite these numbers.
//! - [`documents`]: policies and scenarios as text.
//! - [`change`]: commands, events, requests, reviews, leavers.
//! - [`helpdesk`]: tickets, clocks and views.
//! - [`proof`]: which laws hold, and which tests show them.

pub mod change;
pub mod documents;
pub mod helpdesk;
pub mod model;
pub mod proof;
