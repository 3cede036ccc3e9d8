//! Whether a user is associated with a record, from how the record refers to people.

use crate::policy::words;

words! {
    /// A way in which a record refers to a user (rule 2, reach). Closed: the rule has these.
    Link {
        /// The record is allocated to the user.
        Allocated = "allocated": "allocated to the user", "asignado al usuario",
        /// The user raised it.
        RaisedBy = "raised-by": "raised by the user", "levantado por el usuario",
        /// It is addressed to the user.
        AddressedTo = "addressed-to": "addressed to the user", "dirigido al usuario",
        /// The user has a copy.
        CopiedTo = "copied-to": "copied to the user", "con copia al usuario",
        /// It gives notice to the user.
        NoticeTo = "notice-to": "notice to the user", "aviso al usuario",
        /// It is made on the user's behalf.
        OnBehalfOf = "on-behalf-of": "on the user's behalf", "en nombre del usuario",
    }
}

/// Whom a record refers to, by the users' keys: what a host reads from the record itself.
///
/// # Examples
///
/// ```
/// use bailiwick::Resource;
/// use bailiwick::systems::links::{Link, Links};
///
/// let approval = Links { raised_by: &["mia"], addressed_to: &["cleo", "omar"], ..Links::default() };
/// let record = Resource { associated: approval.associates("cleo"), ..Resource::default() };
/// assert!(record.associated);
/// assert_eq!(approval.link("cleo"), Some(Link::AddressedTo));
/// // Being named in another way, or not at all, is no link.
/// assert!(!approval.associates("ned"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Links<'r> {
    /// To whom it is allocated, such as a lot through the users related to it.
    pub allocated: &'r [&'r str],
    /// Who raised it.
    pub raised_by: &'r [&'r str],
    /// To whom it is addressed.
    pub addressed_to: &'r [&'r str],
    /// Who has a copy.
    pub copied_to: &'r [&'r str],
    /// To whom it gives notice.
    pub notice_to: &'r [&'r str],
    /// On whose behalf it is made.
    pub on_behalf_of: &'r [&'r str],
}

impl Links<'_> {
    /// Whether the user is associated with the record: what [`Resource::associated`](crate::Resource::associated)
    /// wants to know.
    #[must_use]
    pub fn associates(&self, user: &str) -> bool {
        self.link(user).is_some()
    }

    /// How the record refers to the user: the first of the ways that applies.
    #[must_use]
    pub fn link(&self, user: &str) -> Option<Link> {
        Link::ALL
            .iter()
            .copied()
            .find(|link| self.users(*link).contains(&user))
    }

    fn users(&self, link: Link) -> &[&str] {
        match link {
            Link::Allocated => self.allocated,
            Link::RaisedBy => self.raised_by,
            Link::AddressedTo => self.addressed_to,
            Link::CopiedTo => self.copied_to,
            Link::NoticeTo => self.notice_to,
            Link::OnBehalfOf => self.on_behalf_of,
        }
    }
}
