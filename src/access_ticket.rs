//! An access ticket starts an access request, and shows what became of it.
//!
//! The desk and access control stay strangers: this is where a host that has both asks one for the other.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::command;
use crate::helpdesk::Category;
use crate::helpdesk::Desk;
use crate::helpdesk::Detail;
use crate::helpdesk::PublicTicket;
use crate::helpdesk::Refusal;
use crate::helpdesk::Viewer;
use crate::id::Key;
use crate::id::TargetKey;
use crate::id::TicketId;
use crate::inbox::AccessRequest;
use crate::text::Language;
use crate::text::Localized;
use crate::text::Text;
use crate::text::TextError;
use crate::time::Duration;
use crate::time::Timestamp;

/// What the reporter of an access ticket needs: either a target or a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needed {
    /// The target.
    pub on: Option<TargetKey>,
    /// The profile.
    pub profile: Option<Key>,
    /// Where; absent: everywhere.
    pub scope: Option<Key>,
    /// Until when; absent, with `lasting` absent as well: without an end.
    pub until: Option<Timestamp>,
    /// For how long from provisioning.
    pub lasting: Option<Duration>,
}

/// Why a ticket starts no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotStarted {
    /// The desk does not show the ticket.
    #[error(transparent)]
    Desk(#[from] Refusal),
    /// It is about something else.
    #[error("a ticket about {0} asks for no access")]
    OtherCategory(Category),
    /// Its subject is no justification.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl Localized for NotStarted {
    fn localized(&self, language: Language) -> String {
        match self {
            Self::Desk(refusal) => refusal.localized(language),
            Self::OtherCategory(category) => {
                let category = category.localized(language);
                language.choose(
                    format!("a ticket about {category} asks for no access"),
                    format!("una incidencia de {category} no pide acceso"),
                )
            }
            Self::Text(error) => error.localized(language),
        }
    }
}

impl<'a> AsOf<'a> {
    /// The command by which an access ticket asks the tenant for what its reporter needs: for the reporter, justified
    /// by the ticket's subject, with `ticket 12` as the document behind it.
    ///
    /// Once it is accepted, the event tells its number ([`Event::request`](crate::Event::request)), by which the desk links
    /// it ([`LinkRequest`](crate::helpdesk::LinkRequest)).
    ///
    /// # Errors
    ///
    /// [`NotStarted`] if the viewer does not see the ticket or it is about something else.
    pub fn request_for(
        self,
        desk: &Desk,
        viewer: &Viewer,
        ticket: TicketId,
        needed: &Needed,
    ) -> Result<command::Request, NotStarted> {
        let seen = seen(desk.detail(viewer, self.at, ticket)?);
        if seen.category != Category::Access {
            return Err(NotStarted::OtherCategory(seen.category));
        }
        Ok(command::Request {
            justification: Text::new(seen.subject.as_str())?,
            beneficiary: Some(seen.reporter),
            on: needed.on.clone(),
            profile: needed.profile.clone(),
            scope: needed.scope.clone(),
            until: needed.until,
            lasting: needed.lasting,
            document: Some(Text::new(&format!("ticket {ticket}"))?),
        })
    }

    /// The access requests that are linked to a ticket, as they stand at the instant.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownTicket`] if the viewer does not see it.
    pub fn requests_of(
        self,
        desk: &Desk,
        viewer: &Viewer,
        ticket: TicketId,
    ) -> Result<Vec<AccessRequest<'a>>, Refusal> {
        let seen = seen(desk.detail(viewer, self.at, ticket)?);
        let details = |request| self.request_details(request).ok();
        Ok(seen.requests.into_iter().filter_map(details).collect())
    }
}

fn seen(detail: Detail) -> PublicTicket {
    match detail {
        Detail::Reporter(public) | Detail::Agent(public, _) => public,
    }
}
