//! The transition table, as one exhaustive match and as data that says the same.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::words::Status;

/// What brings a ticket from one status to the next. Closed: the table is complete over these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// A move to this status, by hand.
    Move(Status),
    /// An agent's first public reply.
    FirstReply,
    /// A reply of the reporter, not marked automatic or "no reopen".
    ReporterReply,
    /// A reply of the reporter marked "no reopen", not automatic.
    QuietReply,
    /// The reporter withdraws.
    Withdraw,
    /// Somebody reopens, with a reason.
    Reopen,
    /// An agent closes it as a duplicate of another.
    Duplicate,
    /// `give-up` has passed since the waiting began.
    GiveUp,
    /// `close-after` has passed since it was resolved.
    CloseAfter,
}

impl Cause {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Move(Status::Open),
        Self::Move(Status::Triaged),
        Self::Move(Status::InProgress),
        Self::Move(Status::WaitingOnUser),
        Self::Move(Status::Resolved),
        Self::Move(Status::Closed),
        Self::FirstReply,
        Self::ReporterReply,
        Self::QuietReply,
        Self::Withdraw,
        Self::Reopen,
        Self::Duplicate,
        Self::GiveUp,
        Self::CloseAfter,
    ];

    /// The command that it comes with; none: the passing of time.
    #[must_use]
    pub const fn command(self) -> Option<&'static str> {
        match self {
            Self::Move(_) => Some("move"),
            Self::FirstReply | Self::ReporterReply | Self::QuietReply => Some("reply"),
            Self::Withdraw => Some("withdraw-ticket"),
            Self::Reopen => Some("reopen"),
            Self::Duplicate => Some("duplicate-of"),
            Self::GiveUp | Self::CloseAfter => None,
        }
    }
}

/// Who may take a step by hand. Closed: the table names these. `system` may take every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hand {
    /// Whoever the ticket was opened for.
    Reporter,
    /// Who holds the desk's *work* duty.
    Agent,
    /// Who holds its *reopen* duty as well.
    Supervisor,
    /// Nobody: the passing of time.
    Time,
}

/// A step of the table: the row's number and the status that it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Step {
    /// The row's number, 1 to 15.
    pub row: u8,
    /// The status that it leads to.
    pub to: Status,
}

/// The step that a cause takes from a status, if there is one for anybody.
///
/// # Examples
///
/// ```
/// use bailiwick::helpdesk::{Cause, Status, step};
///
/// let step_on = step(Status::Open, Cause::Move(Status::Triaged));
/// assert_eq!(step_on.map(|step| step.row), Some(2));
/// // Withdrawing has a command of its own, and so has reopening: a move there is no step.
/// assert_eq!(step(Status::Resolved, Cause::Move(Status::InProgress)), None);
/// ```
#[must_use]
pub const fn step(from: Status, cause: Cause) -> Option<Step> {
    use Cause as C;
    use Status as S;
    let (row, to) = match (from, cause) {
        (S::Open, C::Move(S::Triaged)) => (2, S::Triaged),
        (S::Open | S::Triaged, C::Move(S::InProgress)) => (3, S::InProgress),
        (S::Open | S::Triaged, C::FirstReply) => (4, S::InProgress),
        (S::InProgress, C::Move(S::Triaged)) => (5, S::Triaged),
        (S::Open | S::Triaged | S::InProgress, C::Move(S::WaitingOnUser)) => (6, S::WaitingOnUser),
        (S::WaitingOnUser, C::ReporterReply | C::QuietReply) => (7, S::InProgress),
        (S::WaitingOnUser, C::Move(S::InProgress)) => (8, S::InProgress),
        (S::WaitingOnUser, C::GiveUp) => (9, S::Resolved),
        (S::Open | S::Triaged | S::InProgress | S::WaitingOnUser, C::Move(S::Resolved)) => {
            (10, S::Resolved)
        }
        (S::Open | S::Triaged, C::Withdraw) => (11, S::Resolved),
        (S::Resolved, C::ReporterReply | C::Reopen) => (12, S::InProgress),
        (S::Resolved, C::Move(S::Closed) | C::CloseAfter) => (13, S::Closed),
        (S::Closed, C::Reopen) => (14, S::InProgress),
        (S::Open | S::Triaged | S::InProgress | S::WaitingOnUser | S::Resolved, C::Duplicate) => {
            (15, S::Closed)
        }
        (
            S::Open,
            C::Move(S::Open | S::Closed)
            | C::ReporterReply
            | C::QuietReply
            | C::Reopen
            | C::GiveUp
            | C::CloseAfter,
        )
        | (
            S::Triaged,
            C::Move(S::Open | S::Triaged | S::Closed)
            | C::ReporterReply
            | C::QuietReply
            | C::Reopen
            | C::GiveUp
            | C::CloseAfter,
        )
        | (
            S::InProgress,
            C::Move(S::Open | S::InProgress | S::Closed)
            | C::FirstReply
            | C::ReporterReply
            | C::QuietReply
            | C::Withdraw
            | C::Reopen
            | C::GiveUp
            | C::CloseAfter,
        )
        | (
            S::WaitingOnUser,
            C::Move(S::Open | S::Triaged | S::WaitingOnUser | S::Closed)
            | C::FirstReply
            | C::Withdraw
            | C::Reopen
            | C::CloseAfter,
        )
        | (
            S::Resolved,
            C::Move(S::Open | S::Triaged | S::InProgress | S::WaitingOnUser | S::Resolved)
            | C::FirstReply
            | C::QuietReply
            | C::Withdraw
            | C::GiveUp,
        )
        | (
            S::Closed,
            C::Move(_)
            | C::FirstReply
            | C::ReporterReply
            | C::QuietReply
            | C::Withdraw
            | C::Duplicate
            | C::GiveUp
            | C::CloseAfter,
        ) => return None,
    };
    Some(Step { row, to })
}

/// One row of the table: from these statuses, for these causes, to that status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub number: u8,
    /// The statuses that it leads from; none for the first.
    pub from: &'static [Status],
    /// The status that it leads to.
    pub to: Status,
    /// What takes it; none for the first, which a filer takes with `open-ticket`.
    pub causes: &'static [Cause],
    /// Who may take it.
    pub by: &'static [Hand],
    /// What it asks for, in English.
    pub condition: &'static str,
    /// What it does to the clocks, in English.
    pub effect: &'static str,
}

/// The transition table.
pub const ROWS: &[Row] = &[
    Row {
        number: 1,
        from: &[],
        to: Status::Open,
        causes: &[],
        by: &[Hand::Reporter],
        condition: "holds the file duty; subject, description, category and priority given",
        effect: "respond and resolve start",
    },
    Row {
        number: 2,
        from: &[Status::Open],
        to: Status::Triaged,
        causes: &[Cause::Move(Status::Triaged)],
        by: &[Hand::Agent],
        condition: "",
        effect: "",
    },
    Row {
        number: 3,
        from: &[Status::Open, Status::Triaged],
        to: Status::InProgress,
        causes: &[Cause::Move(Status::InProgress)],
        by: &[Hand::Agent],
        condition: "by `move`; the assignee, or else the agent, can work tickets",
        effect: "the agent becomes the assignee if there is none",
    },
    Row {
        number: 4,
        from: &[Status::Open, Status::Triaged],
        to: Status::InProgress,
        causes: &[Cause::FirstReply],
        by: &[Hand::Agent],
        condition: "by `reply`, the first public one of an agent who is not the reporter",
        effect: "respond is met",
    },
    Row {
        number: 5,
        from: &[Status::InProgress],
        to: Status::Triaged,
        causes: &[Cause::Move(Status::Triaged)],
        by: &[Hand::Agent],
        condition: "",
        effect: "",
    },
    Row {
        number: 6,
        from: &[Status::Open, Status::Triaged, Status::InProgress],
        to: Status::WaitingOnUser,
        causes: &[Cause::Move(Status::WaitingOnUser)],
        by: &[Hand::Agent],
        condition: "a public reply in this command, or one since the reporter's last message",
        effect: "respond is met; resolve and update pause",
    },
    Row {
        number: 7,
        from: &[Status::WaitingOnUser],
        to: Status::InProgress,
        causes: &[Cause::ReporterReply, Cause::QuietReply],
        by: &[Hand::Reporter],
        condition: "the reply is not marked automatic",
        effect: "resolve runs on; update starts at that message",
    },
    Row {
        number: 8,
        from: &[Status::WaitingOnUser],
        to: Status::InProgress,
        causes: &[Cause::Move(Status::InProgress)],
        by: &[Hand::Agent],
        condition: "",
        effect: "resolve runs on",
    },
    Row {
        number: 9,
        from: &[Status::WaitingOnUser],
        to: Status::Resolved,
        causes: &[Cause::GiveUp],
        by: &[Hand::Time],
        condition: "give-up has passed",
        effect: "resolve ended when the waiting began",
    },
    Row {
        number: 10,
        from: &[
            Status::Open,
            Status::Triaged,
            Status::InProgress,
            Status::WaitingOnUser,
        ],
        to: Status::Resolved,
        causes: &[Cause::Move(Status::Resolved)],
        by: &[Hand::Agent],
        condition: "a resolution text; no linked access request is undecided",
        effect: "respond and update are met if they were not; resolve ends",
    },
    Row {
        number: 11,
        from: &[Status::Open, Status::Triaged],
        to: Status::Resolved,
        causes: &[Cause::Withdraw],
        by: &[Hand::Reporter],
        condition: "",
        effect: "left out of service figures",
    },
    Row {
        number: 12,
        from: &[Status::Resolved],
        to: Status::InProgress,
        causes: &[Cause::ReporterReply, Cause::Reopen],
        by: &[Hand::Reporter, Hand::Agent],
        condition: "a reply not marked automatic or no-reopen, or a reason",
        effect: "resolve runs on, the time since resolving left out",
    },
    Row {
        number: 13,
        from: &[Status::Resolved],
        to: Status::Closed,
        causes: &[Cause::Move(Status::Closed), Cause::CloseAfter],
        by: &[Hand::Reporter, Hand::Agent, Hand::Time],
        condition: "by hand, or close-after has passed",
        effect: "",
    },
    Row {
        number: 14,
        from: &[Status::Closed],
        to: Status::InProgress,
        causes: &[Cause::Reopen],
        by: &[Hand::Supervisor],
        condition: "a reason; reopen-within has not passed",
        effect: "resolve runs on, the time since resolving left out",
    },
    Row {
        number: 15,
        from: &[
            Status::Open,
            Status::Triaged,
            Status::InProgress,
            Status::WaitingOnUser,
            Status::Resolved,
        ],
        to: Status::Closed,
        causes: &[Cause::Duplicate],
        by: &[Hand::Agent],
        condition: "the other is the same reporter's, another one, and not closed",
        effect: "the clocks end uncounted",
    },
];

/// Who may take a row of the table by hand.
pub(super) fn hands(row: u8) -> &'static [Hand] {
    ROWS.iter()
        .find(|entry| entry.number == row)
        .map_or(&[], |entry| entry.by)
}

fn listed(words: impl IntoIterator<Item = &'static str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}

fn by(row: &Row) -> String {
    listed(row.by.iter().map(|hand| match (hand, row.number) {
        (Hand::Reporter, 1) => "filer",
        (Hand::Reporter, _) => "reporter",
        (Hand::Agent, _) => "agent",
        (Hand::Supervisor, _) => "supervisor",
        (Hand::Time, _) => "the passing of time",
    }))
}

/// The table in Markdown.
#[must_use]
pub fn markdown_table() -> String {
    let mut text =
        String::from("| # | from | to | by | condition | effect |\n|---|---|---|---|---|---|\n");
    for row in ROWS {
        let from = if row.from.is_empty() {
            "–".into()
        } else {
            listed(row.from.iter().map(|status| status.word()))
        };
        let _ = writeln!(
            text,
            "| {} | {from} | {} | {} | {} | {} |",
            row.number,
            row.to,
            by(row),
            row.condition,
            row.effect
        );
    }
    text
}

/// The table as a state diagram in Mermaid's notation.
#[must_use]
pub fn mermaid_diagram() -> String {
    let mut text = String::from("stateDiagram-v2\n");
    let name = |status: Status| status.word().replace('-', "_");
    for row in ROWS {
        if row.from.is_empty() {
            let _ = writeln!(
                text,
                "    [*] --> {}: {} {}",
                name(row.to),
                row.number,
                by(row)
            );
        }
        for from in row.from {
            let _ = writeln!(
                text,
                "    {} --> {}: {} {}",
                name(*from),
                name(row.to),
                row.number,
                by(row)
            );
        }
    }
    text
}
