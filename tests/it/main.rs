//! The crate through its public API, one file per question.

mod catalogs;
