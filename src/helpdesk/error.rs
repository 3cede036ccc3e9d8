//! Why a desk refuses a command or a question.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::views::NextStep;
use super::words::Status;
use crate::id::RequestId;
use crate::id::TicketId;
use crate::id::UserKey;
use crate::text::Language;
use crate::text::Localized;
use crate::time::Timestamp;

/// Why a command is refused. Nothing has changed then. It may grow with the library.
///
/// It is said in Spanish by [`Localized`], with that trait in scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.localized(Language::English))]
#[non_exhaustive]
pub enum Refusal {
    /// The instant is earlier than that of the last event.
    OutOfOrder {
        /// When the last event was.
        last: Timestamp,
    },
    /// `system` opens a ticket without naming the reporter it acts for.
    NoReporter,
    /// There is no such ticket, or the viewer may not see it.
    UnknownTicket(TicketId),
    /// The ticket has changed since the version that the command names.
    StaleVersion {
        /// The version that the command names.
        given: u32,
        /// The version that it has now.
        current: u32,
    },
    /// The ticket is closed.
    TicketClosed(TicketId),
    /// The ticket is closed; what is left to say belongs to a new one.
    FollowUpInstead(TicketId),
    /// No step leads from the ticket's status to the wanted one.
    NoSuchStep {
        /// The ticket's status.
        from: Status,
        /// The wanted one.
        to: Status,
        /// The steps that this viewer could take instead, as [`Desk::steps`](crate::helpdesk::Desk::steps).
        possible: Vec<NextStep>,
    },
    /// The viewer may not do this.
    NotAllowed {
        /// The status that the ticket has, and the one it would have had; none if it was no step.
        step: Option<(Status, Status)>,
        /// The steps that this viewer could take instead, as [`Desk::steps`](crate::helpdesk::Desk::steps).
        possible: Vec<NextStep>,
    },
    /// Waiting for the user wants a public reply since the user's last message.
    NeedsReply,
    /// Resolving wants a resolution.
    NeedsResolution,
    /// Reopening wants a reason.
    NeedsReason,
    /// A linked access request is still undecided.
    UndecidedRequest(RequestId),
    /// The time for reopening has passed.
    TooLate {
        /// From when it was too late.
        since: Timestamp,
    },
    /// The assignee cannot work tickets.
    NotAnAgent(UserKey),
    /// A ticket is no duplicate of itself.
    SameTicket,
    /// The other ticket is somebody else's.
    OtherReporter,
    /// There is nothing in the text but white space.
    BlankText,
    /// The text has more characters than its kind may have.
    TooLong {
        /// The greatest number of characters.
        most: usize,
    },
    /// The name is blank, or carries a path.
    BadFileName,
    /// Files of this media type are not taken.
    MediaNotAllowed {
        /// As it was given.
        media: String,
    },
    /// The file is too large.
    AttachmentTooLarge {
        /// The greatest size in bytes.
        most: u64,
    },
    /// The ticket has as many attachments as it may have.
    TooManyAttachments {
        /// The greatest number.
        most: u32,
    },
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfOrder { .. } => "out-of-order",
            Self::NoReporter => "wrong-shape",
            Self::UnknownTicket(_) => "unknown-ticket",
            Self::StaleVersion { .. } => "stale-version",
            Self::TicketClosed(_) => "ticket-closed",
            Self::FollowUpInstead(_) => "follow-up-instead",
            Self::NoSuchStep { .. } => "no-such-step",
            Self::NotAllowed { .. } => "not-allowed",
            Self::NeedsReply => "needs-reply",
            Self::NeedsResolution => "needs-resolution",
            Self::NeedsReason => "needs-reason",
            Self::UndecidedRequest(_) => "undecided-request",
            Self::TooLate { .. } => "too-late",
            Self::NotAnAgent(_) => "not-an-agent",
            Self::SameTicket => "same-ticket",
            Self::OtherReporter => "other-reporter",
            Self::BlankText => "blank-text",
            Self::TooLong { .. } => "too-long",
            Self::BadFileName => "bad-file-name",
            Self::MediaNotAllowed { .. } => "media-not-allowed",
            Self::AttachmentTooLarge { .. } => "attachment-too-large",
            Self::TooManyAttachments { .. } => "too-many-attachments",
        }
    }
}

/// A status by the word that documents use, and in Spanish by what people call it.
fn said(status: Status, language: Language) -> String {
    match language {
        Language::English => status.word().into(),
        Language::Spanish => status.localized(language),
    }
}

/// Where one could go instead, and with which command if not by moving it there; where one can come by another way
/// to where it was refused, that is told.
fn listed(steps: &[NextStep], refused: Status, language: Language) -> String {
    let with = language.choose("with", "con");
    let words: Vec<String> = steps
        .iter()
        .map(|next| {
            let to = said(next.step.to, language);
            match next.command {
                "move" if next.step.to != refused => format!("`{to}`"),
                command => format!("`{to}` {with} `{command}`"),
            }
        })
        .collect();
    match (words.is_empty(), language) {
        (true, Language::English) => "nothing else is possible".into(),
        (true, Language::Spanish) => "no es posible ningún otro paso".into(),
        (false, Language::English) => format!("possible: {}", words.join(", ")),
        (false, Language::Spanish) => format!("posibles: {}", words.join(", ")),
    }
}

impl Localized for Refusal {
    fn localized(&self, language: Language) -> String {
        let fixed = |english: &str, spanish: &str| String::from(language.choose(english, spanish));
        match self {
            Self::OutOfOrder { last } => language.choose(
                format!("earlier than the last event, at {last}"),
                format!("anterior al último suceso, de {last}"),
            ),
            Self::NoReporter => fixed(
                "`system` must name the reporter it acts for",
                "`system` debe nombrar a la persona por la que actúa",
            ),
            Self::UnknownTicket(ticket) => language.choose(
                format!("unknown ticket `{ticket}`"),
                format!("no existe la incidencia `{ticket}`"),
            ),
            Self::StaleVersion { given, current } => language.choose(
                format!("version {given} is stale, the ticket is at {current}"),
                format!("la versión {given} está superada, la incidencia va por la {current}"),
            ),
            Self::TicketClosed(ticket) => language.choose(
                format!("ticket `{ticket}` is closed"),
                format!("la incidencia `{ticket}` está cerrada"),
            ),
            Self::FollowUpInstead(ticket) => language.choose(
                format!("ticket `{ticket}` is closed, open one that follows it"),
                format!("la incidencia `{ticket}` está cerrada; abra otra que la continúe"),
            ),
            Self::NoSuchStep { from, to, possible } => {
                let possible = listed(possible, *to, language);
                let [from, to] = [from, to].map(|status| said(*status, language));
                language.choose(
                    format!("no step from `{from}` to `{to}`, {possible}"),
                    format!("no hay paso de `{from}` a `{to}`; {possible}"),
                )
            }
            Self::NotAllowed { step, possible } => {
                let Some((from, to)) = step else {
                    return fixed("this is not yours to do", "esto no le corresponde");
                };
                let possible = listed(possible, *to, language);
                let [from, to] = [from, to].map(|status| said(*status, language));
                language.choose(
                    format!("the step from `{from}` to `{to}` is not yours, {possible}"),
                    format!("el paso de `{from}` a `{to}` no le corresponde; {possible}"),
                )
            }
            Self::NeedsReply => fixed(
                "waiting needs a public reply since the reporter's last message",
                "la espera necesita una respuesta pública posterior al último mensaje",
            ),
            Self::NeedsResolution => fixed(
                "resolving needs a resolution",
                "falta el texto de la resolución",
            ),
            Self::NeedsReason => fixed("reopening needs a reason", "falta el motivo"),
            Self::UndecidedRequest(request) => language.choose(
                format!("access request `{request}` is still undecided"),
                format!("la solicitud de acceso `{request}` sigue sin decidirse"),
            ),
            Self::TooLate { since } => language.choose(
                format!("too late since {since}"),
                format!("fuera de plazo desde {since}"),
            ),
            Self::NotAnAgent(user) => language.choose(
                format!("`{user}` cannot work tickets"),
                format!("`{user}` no puede atender incidencias"),
            ),
            Self::SameTicket => fixed(
                "a ticket is no duplicate of itself",
                "una incidencia no es duplicada de sí misma",
            ),
            Self::OtherReporter => fixed(
                "the other ticket has another reporter",
                "la otra incidencia es de otra persona",
            ),
            Self::BlankText => fixed(
                "a text must not be blank",
                "el texto no puede quedar en blanco",
            ),
            Self::TooLong { most } => language.choose(
                format!("a text of at most {most} characters"),
                format!("un texto de {most} caracteres como máximo"),
            ),
            Self::BadFileName => fixed(
                "a file name must not be blank or carry a path",
                "un nombre de archivo no puede quedar en blanco ni llevar una ruta",
            ),
            Self::MediaNotAllowed { media } => language.choose(
                format!("files of type `{media}` are not taken"),
                format!("no se admiten archivos de tipo `{media}`"),
            ),
            Self::AttachmentTooLarge { most } => language.choose(
                format!("a file of at most {most} bytes"),
                format!("un archivo de {most} bytes como máximo"),
            ),
            Self::TooManyAttachments { most } => language.choose(
                format!("at most {most} attachments"),
                format!("{most} archivos adjuntos como máximo"),
            ),
        }
    }
}

/// An event does not fit the state that it is replayed on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.localized(Language::English))]
#[non_exhaustive]
pub enum Misfit {
    /// It is earlier than the one before it.
    OutOfOrder {
        /// When the last event was.
        last: Timestamp,
    },
    /// It names a ticket that is not there, or opens one out of turn.
    UnknownTicket(TicketId),
    /// It leads to a version that is not the next one.
    OtherVersion {
        /// The ticket.
        ticket: TicketId,
        /// The version that the event leads to.
        found: u32,
        /// The next one.
        expected: u32,
    },
    /// It says what was before, and that was otherwise.
    OtherBefore(TicketId),
}

/// The first of a desk's events that does not fit what the ones before it made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.localized(Language::English))]
pub struct Broken {
    /// Its place, from 0.
    pub place: usize,
    /// What does not fit.
    pub why: Misfit,
}

impl Localized for Broken {
    fn localized(&self, language: Language) -> String {
        let (nth, why) = (self.place + 1, self.why.localized(language));
        language.choose(
            format!("event {nth}: {why}"),
            format!("suceso {nth}: {why}"),
        )
    }
}

impl Localized for Misfit {
    fn localized(&self, language: Language) -> String {
        match self {
            Self::OutOfOrder { last } => Refusal::OutOfOrder { last: *last }.localized(language),
            Self::UnknownTicket(ticket) => Refusal::UnknownTicket(*ticket).localized(language),
            Self::OtherVersion {
                ticket,
                found,
                expected,
            } => language.choose(
                format!("ticket `{ticket}` comes to version {found}, expected {expected}"),
                format!(
                    "la incidencia `{ticket}` pasa a la versión {found}, se esperaba la {expected}"
                ),
            ),
            Self::OtherBefore(ticket) => language.choose(
                format!("ticket `{ticket}` was not as the event says"),
                format!("la incidencia `{ticket}` no estaba como dice el suceso"),
            ),
        }
    }
}
