//! Who is looking: what the host knows of whoever asks or acts.

use crate::helpdesk::ticket::Ticket;
use crate::id::Actor;
use crate::id::RequestId;
use crate::id::UserKey;

/// Whoever asks or acts, and which of the desk's duties they hold at that instant (rule 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The user; none: the host itself, `system`.
    pub user: Option<UserKey>,
    /// Whether they hold the *file* duty.
    pub may_file: bool,
    /// Whether they hold the *work* duty.
    pub may_work: bool,
    /// Whether they hold the *reopen* duty.
    pub may_reopen: bool,
}

impl Viewer {
    /// The host itself: sees all and may take every step.
    #[must_use]
    pub const fn system() -> Self {
        Self {
            user: None,
            may_file: true,
            may_work: true,
            may_reopen: true,
        }
    }

    /// A user who holds none of the desk's duties; set the fields of those that are held.
    #[must_use]
    pub const fn user(user: UserKey) -> Self {
        Self {
            user: Some(user),
            may_file: false,
            may_work: false,
            may_reopen: false,
        }
    }

    /// Who it is, as events record it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.user {
            None => Actor::System,
            Some(user) => Actor::User(user.clone()),
        }
    }

    /// Whether it is the host itself.
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.user.is_none()
    }

    /// Whether every ticket is visible to them: an agent, or the host.
    #[must_use]
    pub fn sees_all(&self) -> bool {
        self.is_system() || self.may_work
    }

    /// Whether they see a ticket at all.
    pub(super) fn sees(&self, ticket: &Ticket) -> bool {
        self.sees_those_of(&ticket.reporter)
    }

    /// Whether they see the tickets that a user reports.
    pub(super) fn sees_those_of(&self, reporter: &UserKey) -> bool {
        self.sees_all() || self.reports_as(reporter)
    }

    /// Whether they are that reporter, and may still file.
    pub(super) fn reports_as(&self, reporter: &UserKey) -> bool {
        self.may_file && self.is(reporter)
    }

    pub(super) fn is(&self, user: &UserKey) -> bool {
        self.user.as_ref() == Some(user)
    }
}

/// What a decision needs to know of the host beside the viewer.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Whether a user can work tickets at that instant.
    pub may_work: &'a dyn Fn(&UserKey) -> bool,
    /// Whether an access request is still undecided at that instant.
    pub undecided: &'a dyn Fn(RequestId) -> bool,
}

impl core::fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Facts")
    }
}
