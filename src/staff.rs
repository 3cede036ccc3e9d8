//! Who stands at the desk: a tenant's users as the helpdesk sees them.

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::command::CommandKind;
use crate::command::Heir;
use crate::command::Record;
use crate::decision::Resource;
use crate::decision::may_command;
use crate::governance::request::RequestState;
use crate::helpdesk;
use crate::helpdesk::Command;
use crate::helpdesk::Desk;
use crate::helpdesk::Event;
use crate::helpdesk::Facts;
use crate::helpdesk::Handover;
use crate::helpdesk::Move;
use crate::helpdesk::Part;
use crate::helpdesk::Viewer;
use crate::id::Actor;
use crate::id::DutyKey;
use crate::id::UserKey;
use crate::ix::UserIx;
use crate::refusal::Refusal;
use crate::tenant::Tenant;
use crate::text::Language;
use crate::text::Localized;
use crate::text::Text;
use crate::time::Timestamp;

/// Why a command is not carried out at the desk. Closed: there are these two.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDone {
    /// The tenant refuses it, before the desk is asked.
    #[error(transparent)]
    Tenant(#[from] Refusal),
    /// The desk refuses it.
    #[error(transparent)]
    Desk(#[from] helpdesk::Refusal),
}

impl NotDone {
    /// The stable code of the refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Tenant(refusal) => refusal.code(),
            Self::Desk(refusal) => refusal.code(),
        }
    }
}

impl Localized for NotDone {
    fn localized(&self, language: Language) -> String {
        match self {
            Self::Tenant(refusal) => refusal.localized(language),
            Self::Desk(refusal) => refusal.localized(language),
        }
    }
}

impl Tenant {
    /// What a command becomes at the desk, with what the tenant knows of whoever gives it and of whom and what it
    /// mentions. Changes nothing: the host stores the event, and the desk [takes it in](Desk::apply).
    ///
    /// # Errors
    ///
    /// [`NotDone`]: a refusal of the tenant's, as [`AsOf::clerk`] says, else the desk's, as [`Desk::decide`] says.
    ///
    /// # Examples
    ///
    /// The guide's page `helpdesk` has one, from the document to the clock.
    pub fn decide_at_desk(
        &self,
        desk: &Desk,
        at: Timestamp,
        by: &Actor,
        command: &Command,
    ) -> Result<Event, NotDone> {
        let asked = self.as_of(at);
        let clerk = asked.clerk(by, desk, command)?;
        let may_work = |user: &UserKey| {
            let viewer = asked.viewer(&Actor::User(user.clone()));
            viewer.is_ok_and(|viewer| viewer.may_work)
        };
        let facts = Facts {
            may_work: &may_work,
            undecided: &|request| asked.request(request).is_ok_and(RequestState::is_open),
        };
        Ok(desk.decide(at, &clerk, command, &facts)?)
    }
}

impl AsOf<'_> {
    /// Who looks at the desk: the host, or a user with those of the desk's duties that the user holds at the
    /// instant.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user is unknown.
    pub fn viewer(self, actor: &Actor) -> Result<Viewer, QuestionError> {
        let Some(user) = actor.user() else {
            return Ok(Viewer::system());
        };
        self.user(user.as_str().into())?;
        let holds = |duty: Option<&DutyKey>| match duty {
            None => Ok(false),
            Some(duty) => self
                .check(user.as_str(), duty.as_str(), &Resource::default())
                .map(crate::decision::Decision::is_permit),
        };
        let duties = &self.model.helpdesk;
        Ok(Viewer {
            may_file: holds(duties.file.as_ref())?,
            may_work: holds(duties.work.as_ref())?,
            may_reopen: holds(duties.reopen.as_ref())?,
            user: Some(user.clone()),
        })
    }

    /// Who gives a command to the desk: as [`viewer`](Self::viewer), and refused where the tenant refuses it
    /// before the desk is asked.
    ///
    /// Of a ticket that the actor does not see nothing is looked up: the desk says then that there is no such ticket,
    /// whatever else is wrong.
    ///
    /// # Errors
    ///
    /// A [`Refusal`]: the actor, or a user or request that the command mentions, is unknown; the actor's login is
    /// disabled; the actor may not change the desk's service.
    pub fn clerk(self, actor: &Actor, desk: &Desk, command: &Command) -> Result<Viewer, Refusal> {
        let by = actor
            .user()
            .map(|user| self.known("by", user))
            .transpose()?;
        let viewer = self.viewer(actor).map_err(|_| Refusal::LoginDisabled)?;
        let ticket = command.ticket();
        if ticket.is_none_or(|ticket| desk.shows(&viewer, ticket)) {
            self.mentioned(command)?;
        }
        if let Some(user) = by {
            if self.model.user(user).is_none_or(|user| !user.enabled) {
                return Err(Refusal::LoginDisabled);
            }
            if let Command::SetService(_) = command {
                let kind = CommandKind::SetService;
                if !may_command(self.model, user, kind, None, self.at) {
                    return Err(Refusal::not_authorised(self.model, kind));
                }
            }
        }
        Ok(viewer)
    }

    /// That the tenant knows the users and requests that a command mentions.
    fn mentioned(self, command: &Command) -> Result<(), Refusal> {
        let user = match command {
            Command::OpenTicket(open) => open.reporter.as_ref().map(|user| ("reporter", user)),
            Command::FollowUp(open) => open.reporter.as_ref().map(|user| ("reporter", user)),
            Command::AssignTicket(assign) => assign.to.as_ref().map(|user| ("to", user)),
            _ => None,
        };
        if let Some((field, user)) = user {
            self.known(field, user)?;
        }
        if let Command::LinkRequest(link) = command {
            let found = self.find_request(link.request);
            found.map_err(|unknown| Refusal::fault("request", unknown))?;
        }
        Ok(())
    }

    fn known(self, field: &str, user: &UserKey) -> Result<UserIx, Refusal> {
        let found = self.model.find_user(user.as_str());
        found.map_err(|unknown| Refusal::fault(field, unknown))
    }

    /// What the desk still has in the name of an offboarded user, sorted: `ticket user:ana 12 assignee`. Empty when
    /// all is well, as [`orphans`](Self::orphans) of the tenant itself.
    #[must_use]
    pub fn orphaned_tickets(self, desk: &Desk) -> Vec<String> {
        let users = self.model.all_users().map(|(_, user)| user);
        let mut orphans = Vec::new();
        for user in users.filter(|user| user.offboarded) {
            for (ticket, part) in desk.naming(&user.key, self.at) {
                let part = word(part);
                orphans.push(format!("ticket user:{} {ticket} {part}", user.key));
            }
        }
        orphans.sort_unstable();
        orphans
    }

    /// What an offboarding passes on at the desk, and the same as records for the tenant's command, so that its
    /// one event lists every move (rule 6.3). Once the command is accepted, the desk
    /// [takes it in](Desk::apply_handover), and that event is stored with the desk's.
    #[must_use]
    pub fn handover(
        self,
        desk: &Desk,
        leaver: &UserKey,
        successor: &UserKey,
    ) -> (Handover, Vec<Record>) {
        let works = self
            .viewer(&Actor::User(successor.clone()))
            .is_ok_and(|viewer| viewer.may_work);
        let handover = desk.plan_handover(leaver, successor, works, self.at);
        let record = |moved: &Move| {
            Some(Record {
                kind: Text::new("ticket").ok()?,
                key: Text::new(&moved.ticket.to_string()).ok()?,
                role: Text::new(word(moved.part)).ok()?,
                to: moved.to.is_none().then_some(Heir::Nobody),
            })
        };
        let records = handover.moves.iter().filter_map(record).collect();
        (handover, records)
    }
}

const fn word(part: Part) -> &'static str {
    match part {
        Part::Reporter => "reporter",
        Part::Assignee => "assignee",
    }
}
