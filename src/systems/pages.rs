//! The five pages about a user: current permissions, private access rights, and three logs.

use alloc::vec::Vec;

use crate::as_of::QuestionError;
use crate::current::Current;
use crate::current::ItemRight;
use crate::current::Row;
use crate::history::History;
use crate::history::LogEntry;
use crate::history::LogView;
use crate::time::Timestamp;

/// What is known about a user's access, page by page.
///
/// # Examples
///
/// ```
/// use bailiwick::systems::pages::Pages;
/// use bailiwick::{Actor, Command, History, Stamp, Tenant};
///
/// let policy = r#"
///     [[duty]]
///     key = "incidents.record.view"
///
///     [[user]]
///     key = "ben"
///
///     [[item]]
///     user = "ben"
///     item = "case-7"
///     on = ["incidents"]
/// "#;
/// let mut history = History::new(Tenant::from_toml(policy)?);
/// let at = "2026-01-05T09:00:00Z".parse()?;
/// let contact: Command = serde_json::from_str(r#"{ "set-contact": { "user": "ben", "contact": "ext. 12" } }"#)?;
/// history.execute(&Stamp::new(at, Actor::System), &contact)?;
///
/// let pages = Pages::of(&history, "ben", at)?;
/// assert_eq!(pages.rights[0].what.item.as_str(), "case-7");
/// assert_eq!(pages.details.len(), 1);
/// // What the document itself states was before every log.
/// assert!(pages.permissions.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages<'a> {
    /// Team, seat, groups, profiles and entries in force.
    pub current: Current<'a>,
    /// The private items on which the user has rights in force, and which.
    pub rights: Vec<Row<'a, ItemRight<'a>>>,
    /// Every change of the user's details and login, oldest first.
    pub details: Vec<LogEntry<'a>>,
    /// Every change of what the user may do, oldest first, each ad hoc or part of a review.
    pub permissions: Vec<LogEntry<'a>>,
    /// Every review of the user's access, oldest first.
    pub reviews: Vec<LogEntry<'a>>,
}

impl<'a> Pages<'a> {
    /// The pages of a user at an instant not before the last event.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user is unknown.
    pub fn of(history: &'a History, user: &str, at: Timestamp) -> Result<Self, QuestionError> {
        let as_of = history.tenant().as_of(at);
        Ok(Self {
            current: as_of.current(user)?,
            rights: as_of.item_rights(user)?,
            details: history.log(user, LogView::Details)?,
            permissions: history.log(user, LogView::Permissions)?,
            reviews: history.log(user, LogView::Reviews)?,
        })
    }
}
