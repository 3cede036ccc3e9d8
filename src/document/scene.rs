//! A tenant and its desk at an instant, as a scenario asks them.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::document::answer;
use crate::document::answer::Answer;
use crate::document::answer::Failure;
use crate::document::answer::texts;
use crate::document::desk;
use crate::document::names::Names;
use crate::document::node::Node;
use crate::document::question::AsOf as AskedAsOf;
use crate::document::question::Log;
use crate::document::question::Question;
use crate::document::stage::Stage;
use crate::helpdesk::Desk;
use crate::helpdesk::Viewer;
use crate::history::History;
use crate::history::LogEntry;
use crate::id::Actor;
use crate::id::RequestId;
use crate::id::UserKey;
use crate::tenant::Tenant;
use crate::time::Timestamp;

/// What questions at an instant are asked of.
pub(crate) struct Scene<'a> {
    stage: &'a Stage,
    tenant: Cow<'a, Tenant>,
    desk: Cow<'a, Desk>,
    /// Up to when events count.
    known: Timestamp,
    at: Timestamp,
}

impl<'a> Scene<'a> {
    /// After everything that has happened.
    pub(crate) fn now(stage: &'a Stage, at: Timestamp) -> Self {
        Self {
            stage,
            tenant: Cow::Borrowed(stage.history.tenant()),
            desk: Cow::Borrowed(&stage.desk),
            known: Timestamp::MAX,
            at,
        }
    }

    /// As it was at an instant, after every event up to then.
    fn then(&self, at: Timestamp) -> Result<Self, Failure> {
        let known = at.min(self.known);
        let settings = self.stage.desk.settings().clone();
        let tickets = self
            .stage
            .tickets
            .iter()
            .take_while(|event| event.at <= known);
        let desk = Desk::replay(settings, tickets).map_err(|broken| Failure {
            code: "unfit-event",
            message: alloc::format!("{broken}"),
        })?;
        Ok(Self {
            stage: self.stage,
            tenant: Cow::Owned(self.stage.history.as_of(known)?),
            desk: Cow::Owned(desk),
            known,
            at,
        })
    }

    pub(crate) fn as_of(&self) -> AsOf<'_> {
        self.tenant.as_of(self.at)
    }

    /// The answer; `expected` says in which of its forms, where it has two.
    pub(crate) fn answer(&self, question: &Question, expected: &Node) -> Answer {
        let (as_of, names) = (self.as_of(), &self.stage.names);
        match question {
            Question::Check(asked) => answer::check(as_of, asked, expected),
            Question::Level(asked) => answer::level(as_of, asked),
            Question::Effective(asked) => answer::effective(as_of, asked),
            Question::WhoCan(asked) => answer::who_can(as_of, asked),
            Question::Seat(asked) => Ok(Node::text(as_of.seat(&asked.user)?)),
            Question::Until(asked) => answer::until(as_of, asked),
            Question::Admits(asked) => answer::admits(as_of, asked),
            Question::Items(asked) => Ok(texts(as_of.items(&asked.user)?)),
            Question::Because(asked) => answer::because(as_of, asked),
            Question::Current(asked) => answer::current(as_of, &asked.user),
            Question::Checklist(asked) => answer::checklist(as_of, asked.profile.as_deref()),
            Question::Request(asked) => Ok(Node::text(as_of.request(asked.request)?)),
            Question::Inbox(asked) => Ok(requests(as_of.inbox(&asked.user)?, names)),
            Question::Stuck(_) => Ok(requests(as_of.stuck(), names)),
            Question::Campaign(asked) => answer::campaign(as_of, asked.campaign),
            Question::Reviews(asked) => answer::reviews(as_of, asked),
            Question::Review(asked) => answer::review(as_of, asked),
            Question::CampaignsDue(_) => Ok(texts(as_of.campaigns_due())),
            Question::Conflicts(_) => Ok(answer::conflicts(as_of)),
            Question::Orphans(_) => {
                let tickets = as_of.orphaned_tickets(&self.desk);
                Ok(texts(as_of.orphans().into_iter().chain(tickets)))
            }
            Question::Log(asked) => self.log(asked),
            Question::AsOf(AskedAsOf { instant, ask }) => {
                self.then(*instant)?.answer(ask, expected)
            }
            Question::Ticket(asked) => {
                let viewer = self.viewer(asked.user.as_deref())?;
                desk::ticket(&self.desk, &viewer, self.at, asked.ticket)
            }
            Question::Due(asked) => desk::due(&self.desk, self.at, asked),
            Question::Worked(asked) => Ok(desk::worked(&self.desk, asked)),
            Question::Tiles(asked) => {
                let viewer = self.viewer(Some(&asked.user))?;
                Ok(desk::tiles(&self.desk, &viewer, self.at))
            }
            Question::Pills(asked) => {
                let viewer = self.viewer(Some(&asked.user))?;
                Ok(desk::pills(&self.desk, &viewer, self.at))
            }
            Question::Queue(asked) => {
                let viewer = self.viewer(Some(&asked.user))?;
                Ok(desk::queue(&self.desk, &viewer, self.at, asked, names))
            }
        }
    }

    /// Why a question about a duty is answered as it is.
    pub(crate) fn explain(&self, question: &Question) -> String {
        match question {
            Question::Check(asked)
            | Question::Until(asked)
            | Question::Admits(asked)
            | Question::Because(asked) => answer::explain(self.as_of(), asked),
            Question::AsOf(AskedAsOf { instant, ask }) => self
                .then(*instant)
                .map_or_else(|failure| failure.message, |then| then.explain(ask)),
            _ => String::new(),
        }
    }

    fn log(&self, asked: &Log) -> Answer {
        self.tenant.user(&asked.user)?;
        let history: &History = &self.stage.history;
        let entries = history.log(&asked.user, asked.view)?;
        let known = entries.iter().filter(|entry| entry.at() <= self.known);
        Ok(texts(known.map(LogEntry::kind)))
    }

    fn viewer(&self, user: Option<&str>) -> Result<Viewer, Failure> {
        let actor = match user {
            None => Actor::System,
            Some(user) => {
                self.tenant.user(user)?;
                UserKey::new(user).map_or(Actor::System, Actor::User)
            }
        };
        Ok(self.as_of().viewer(&actor)?)
    }
}

/// Requests by what the scenario calls them.
fn requests(requests: Vec<RequestId>, names: &Names) -> Node {
    texts(
        requests
            .into_iter()
            .map(|request| names.of_request(request)),
    )
}
