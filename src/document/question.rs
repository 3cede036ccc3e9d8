//! Questions as data: `{ check = { user = "ana", duty = "finance.funds.certify" } }`.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::document::command::verb;
use crate::document::names::Names;
use crate::document::node::Node;
use crate::document::reader::Read;
use crate::document::reader::Reader;
use crate::document::reader::Source;
use crate::document::reader::read_word;
use crate::document::rows::read_row;
use crate::fault::Mistakes;
use crate::helpdesk::Category;
use crate::helpdesk::ClockKind;
use crate::helpdesk::Priority;
use crate::helpdesk::Status;
use crate::history::LogView;
use crate::id::CampaignId;
use crate::id::RequestId;
use crate::id::TicketId;
use crate::policy::Amount;
use crate::policy::codes;
use crate::text::Phrase;
use crate::text::nearest;
use crate::time::Timestamp;

/// Declares the payloads of questions: each field optional or not by its type.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident $word:literal: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub struct $name { $($(#[$fdoc])* pub $field: $type,)* }
        )*
        read_row! { $($name { $($field $word,)* };)* }
    };
}

payloads! {
    /// Whether a user may perform a duty, and everything else that is asked in those words.
    OfDuty {
        /// The user.
        user "user": String,
        /// The duty.
        duty "duty": String,
        /// The record; absent: a public one at the root.
        resource "resource": Option<Record>,
    }

    /// The level of a user on an object, or the lowest on several.
    OfLevel {
        /// The user.
        user "user": String,
        /// The object.
        object "object": Option<String>,
        /// The objects, where there are several.
        objects "objects": Option<Vec<String>>,
        /// The record; absent: a public one at the root.
        resource "resource": Option<Record>,
    }

    /// Everything that a user may do.
    Effective {
        /// The user.
        user "user": String,
        /// Where; absent: on records at the root.
        scope "scope": Option<String>,
        /// Whether on records that the user is associated with; absent: no.
        associated "associated": Option<bool>,
    }

    /// Everyone who may perform a duty.
    WhoCan {
        /// The duty.
        duty "duty": String,
        /// The record; absent: a public one at the root.
        resource "resource": Option<Record>,
    }

    /// A question about one user.
    OfUser {
        /// The user.
        user "user": String,
    }

    /// The catalog as a list to tick.
    Checklist {
        /// The profile whose ticks are wanted.
        profile "profile": Option<String>,
    }

    /// A question about one request.
    OfRequest {
        /// The request.
        request "request": RequestId,
    }

    /// A question without fields.
    Plain {}

    /// A question about one campaign.
    OfCampaign {
        /// The campaign.
        campaign "campaign": CampaignId,
    }

    /// For whom a reviewer has pending items.
    Reviews {
        /// The campaign.
        campaign "campaign": CampaignId,
        /// The reviewer.
        reviewer "reviewer": String,
    }

    /// The items of one user in a campaign.
    Review {
        /// The campaign.
        campaign "campaign": CampaignId,
        /// The user.
        user "user": String,
    }

    /// What happened to a user.
    Log {
        /// The user.
        user "user": String,
        /// Which of the three views.
        view "view": LogView,
    }

    /// A question about the past.
    AsOf {
        /// As of when.
        instant "instant": Timestamp,
        /// What is asked.
        ask "ask": Box<Question>,
    }

    /// A ticket, as someone sees it.
    Ticket {
        /// The ticket.
        ticket "ticket": TicketId,
        /// Who looks; absent: the host.
        user "user": Option<String>,
    }

    /// When a clock of a ticket is due.
    Due {
        /// The ticket.
        ticket "ticket": TicketId,
        /// The clock.
        clock "clock": ClockKind,
    }

    /// The calendar's open time between two instants.
    Worked {
        /// The first instant.
        from "from": Timestamp,
        /// The last one, not included.
        to "to": Timestamp,
    }

    /// The tickets that a user sees, in triage order.
    Queue {
        /// Who looks.
        user "user": String,
        /// Only those of this status.
        status "status": Option<Status>,
        /// Only those of this category.
        category "category": Option<Category>,
        /// Only those of this priority.
        priority "priority": Option<Priority>,
        /// Only those assigned to the user.
        mine "mine": Option<bool>,
    }

    /// What a question says of the record at hand. Keys are as given: unknown ones are for the answer to tell.
    Record {
        /// Where it is; absent: at the root.
        scope "scope": Option<String>,
        /// Whether the user is associated with it; absent: no.
        associated "associated": Option<bool>,
        /// Facts about it.
        qualifiers "qualifiers": Vec<String>,
        /// The team it belongs to.
        team "team": Option<String>,
        /// Whether it is private; absent: no.
        private "private": Option<bool>,
        /// Its item key.
        item "item": Option<String>,
        /// What it amounts to.
        amount "amount": Option<Amount>,
    }
}

read_word! { LogView }

/// Declares the questions: for each its name and its payload.
macro_rules! questions {
    ($($(#[$doc:meta])* $kind:ident($payload:ident) = $word:literal,)*) => {
        codes! {
            /// The kinds of question, by the names that documents use.
            ///
            /// It may grow with the library.
            #[non_exhaustive]
            QuestionKind { $($(#[$doc])* $kind = $word,)* }
        }

        /// A question about a tenant and its desk.
        ///
        /// It may grow with the library.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Question { $($(#[$doc])* $kind($payload),)* }

        fn of_kind(reader: &Reader<'_>, kind: QuestionKind, node: &Node, path: &str) -> Option<Question> {
            match kind {
                $(QuestionKind::$kind => $payload::read(reader, node, path).map(Question::$kind),)*
            }
        }
    };
}

questions! {
    /// May this user perform this duty on this record?
    Check(OfDuty) = "check",
    /// Up to which rung?
    Level(OfLevel) = "level",
    /// What may this user do?
    Effective(Effective) = "effective",
    /// Who may do this?
    WhoCan(WhoCan) = "who-can",
    /// Which seat does this user take?
    Seat(OfUser) = "seat",
    /// Until when does the answer hold?
    Until(OfDuty) = "until",
    /// Does the list filter admit this record?
    Admits(OfDuty) = "admits",
    /// Which private items has this user rights on?
    Items(OfUser) = "items",
    /// What decided?
    Because(OfDuty) = "because",
    /// What does this user have?
    Current(OfUser) = "current",
    /// What is there to grant, and does this profile grant it?
    Checklist(Checklist) = "checklist",
    /// In which state is this request?
    Request(OfRequest) = "request",
    /// Which requests can this user decide?
    Inbox(OfUser) = "inbox",
    /// Which requests can nobody decide?
    Stuck(Plain) = "stuck",
    /// How does this campaign stand?
    Campaign(OfCampaign) = "campaign",
    /// Whom has this reviewer to review?
    Reviews(Reviews) = "reviews",
    /// What is reviewed of this user?
    Review(Review) = "review",
    /// Which schedules are due?
    CampaignsDue(Plain) = "campaigns-due",
    /// Who holds too much at once?
    Conflicts(Plain) = "conflicts",
    /// What still refers to who has left?
    Orphans(Plain) = "orphans",
    /// What happened to this user?
    Log(Log) = "log",
    /// What was the answer then?
    AsOf(AsOf) = "as-of",
    /// How does this ticket stand?
    Ticket(Ticket) = "ticket",
    /// When is this clock due?
    Due(Due) = "due",
    /// How long was the desk open?
    Worked(Worked) = "worked",
    /// How many tickets are there?
    Tiles(OfUser) = "tiles",
    /// How many tickets are there of each status?
    Pills(OfUser) = "pills",
    /// Which tickets come first?
    Queue(Queue) = "queue",
}

impl Question {
    /// Reads a question from a table of one field, its name; a question without fields may be just its name.
    ///
    /// `names` are what requests, campaigns and tickets may be called; their numbers are taken too.
    ///
    /// # Errors
    ///
    /// Every [`Mistake`](crate::Mistake), with the path of its field inside the question.
    pub fn from_node(node: &Node, names: &Names) -> Result<Self, Mistakes> {
        read_with(names, |reader| Self::read(reader, node, ""))
    }
}

/// Reads the fields of a question of that kind.
pub(crate) fn read_question(
    kind: QuestionKind,
    fields: &Node,
    names: &Names,
) -> Result<Question, Mistakes> {
    read_with(names, |reader| of_kind(reader, kind, fields, ""))
}

fn read_with(
    names: &Names,
    read: impl FnOnce(&Reader<'_>) -> Option<Question>,
) -> Result<Question, Mistakes> {
    let reader = Reader::new(Source::Command, Some(names));
    let question = read(&reader);
    match (question, reader.finish()) {
        (Some(question), mistakes) if mistakes.is_empty() => Ok(question),
        (_, mistakes) => Err(Mistakes::of(mistakes)),
    }
}

/// What should stand where no question does, and the question whose name is nearest.
pub(crate) fn no_question(node: &Node) -> Phrase {
    let word = node.as_str().or_else(|| verb(node).map(|(word, _)| word));
    let known = QuestionKind::ALL.iter().map(|kind| kind.word());
    let near = word.and_then(|word| nearest(word, known));
    let near = |words: &str| {
        near.as_ref()
            .map_or_else(String::new, |near| format!("{words} `{near}`"))
    };
    Phrase::new(
        format!(
            "a table of one field, the name of a question{}",
            near(", nearest is")
        ),
        format!(
            "una tabla de un solo campo, el nombre de una pregunta{}",
            near("; la más parecida es")
        ),
    )
}

/// The kind of question that a table asks, and its fields.
pub(crate) fn asked(node: &Node) -> Option<(QuestionKind, &Node)> {
    const NO_FIELDS: &Node = &Node::Table(Vec::new());
    let (word, fields) = match node {
        Node::Text(word) => (word.as_str(), NO_FIELDS),
        _ => verb(node)?,
    };
    Some((QuestionKind::from_word(word)?, fields))
}

impl Read for Question {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        match asked(node) {
            Some((kind, fields)) => of_kind(reader, kind, fields, path),
            None => reader.wanted(path, no_question(node)),
        }
    }
}

impl Read for Box<Question> {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        Question::read(reader, node, path).map(Box::new)
    }
}
