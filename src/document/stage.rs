//! Where a scenario plays: its tenant, changed step by step.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::command::CommandKind;
use crate::document::answer;
use crate::document::answer::Answer;
use crate::document::answer::Failure;
use crate::document::answer::texts;
use crate::document::command::read_command;
use crate::document::expect::meets;
use crate::document::names::Names;
use crate::document::node::Node;
use crate::document::question::Question;
use crate::document::question::read_question;
use crate::document::report::Difference;
use crate::document::report::Report;
use crate::document::scenario::Deed;
use crate::document::scenario::Scenario;
use crate::document::scenario::Step;
use crate::event::Event;
use crate::event::Stamp;
use crate::id::CampaignId;
use crate::id::Kind;
use crate::id::RequestId;
use crate::tenant::Tenant;
use crate::time::Timestamp;

impl Scenario {
    /// Runs every step in order on a tenant of its own, and reports those whose answers differ.
    #[must_use]
    pub fn run(&self) -> Report {
        let mut stage = Stage::new(&self.tenant);
        let mut differing = Vec::new();
        for (n, step) in self.steps.iter().enumerate() {
            let (answer, explanation) = stage.play(step);
            let (got, explanation) = match answer {
                Ok(got) => (got, explanation),
                Err(failure) => (
                    Node::table([("error", Node::text(failure.code))]),
                    failure.message,
                ),
            };
            if !meets(&step.expect, &got) {
                differing.push(Difference {
                    step: n + 1,
                    expected: step.expect.clone(),
                    got,
                    explanation,
                });
            }
        }
        Report {
            steps: self.steps.len(),
            differing,
        }
    }
}

/// The state of a run.
struct Stage<'a> {
    founded: &'a Tenant,
    tenant: Tenant,
    events: Vec<Event>,
    names: Names,
    /// How many requests and campaigns were made: they are numbered in that order.
    requests: u32,
    campaigns: u32,
}

impl<'a> Stage<'a> {
    fn new(founded: &'a Tenant) -> Self {
        Self {
            founded,
            tenant: founded.clone(),
            events: Vec::new(),
            names: Names::default(),
            requests: 0,
            campaigns: 0,
        }
    }

    /// The answer of a step, and what explains it.
    fn play(&mut self, step: &Step) -> (Answer, String) {
        match &step.deed {
            Deed::Do(kind, fields) => (self.execute(step, *kind, fields), String::new()),
            Deed::Ask(kind, fields) => match read_question(*kind, fields, &self.names) {
                Ok(question) => (
                    self.answer(&question, step.at, &step.expect),
                    self.explain(&question, step.at),
                ),
                Err(mistakes) => (Err(mistakes.into()), String::new()),
            },
        }
    }

    /// Carries a command out; `ok`, or why it is refused.
    fn execute(&mut self, step: &Step, kind: CommandKind, fields: &Node) -> Answer {
        let command = read_command(kind, fields, &self.names)?;
        let by = step.by.clone().ok_or(Failure {
            code: Kind::User.unknown_code(),
            message: "an actor is `system` or `user:KEY`".into(),
        })?;
        let event = self.tenant.execute(&Stamp::new(step.at, by), &command)?;
        self.events.push(event);
        match kind {
            CommandKind::Request => {
                self.requests += 1;
                if let Some(name) = &step.name {
                    self.names.request(name, RequestId(self.requests));
                }
            }
            CommandKind::OpenCampaign => {
                self.campaigns += 1;
                if let Some(name) = &step.name {
                    self.names.campaign(name, CampaignId(self.campaigns));
                }
            }
            _ => {}
        }
        Ok(Node::text("ok"))
    }

    /// The same stage as it was at an instant, after every event up to then.
    fn as_of(&self, at: Timestamp) -> Result<Self, Failure> {
        let mut then = Self {
            names: self.names.clone(),
            ..Self::new(self.founded)
        };
        for event in self.events.iter().take_while(|event| event.at <= at) {
            then.tenant.replay(event).map_err(|unfit| Failure {
                code: "unfit-event",
                message: unfit.to_string(),
            })?;
            then.events.push(event.clone());
        }
        Ok(then)
    }

    fn answer(&self, question: &Question, at: Timestamp, expected: &Node) -> Answer {
        if let Question::AsOf(asked) = question {
            return self
                .as_of(asked.instant)?
                .answer(&asked.ask, asked.instant, expected);
        }
        let as_of = self.tenant.as_of(at);
        let governed = || self.requests_answer(as_of, question);
        access(as_of, question, expected)
            .or_else(governed)
            .unwrap_or_else(|| {
                Err(Failure {
                    code: "unsupported",
                    message: String::new(),
                })
            })
    }

    /// The questions about requests.
    fn requests_answer(&self, as_of: AsOf<'_>, question: &Question) -> Option<Answer> {
        let named = |requests: Vec<RequestId>| {
            texts(
                requests
                    .iter()
                    .map(|request| self.names.of_request(*request)),
            )
        };
        Some(match question {
            Question::Request(asked) => as_of
                .request(asked.request)
                .map(Node::text)
                .map_err(Failure::from),
            Question::Inbox(asked) => as_of.inbox(&asked.user).map(named).map_err(Failure::from),
            Question::Stuck(_) => Ok(named(as_of.stuck())),
            Question::Orphans(_) => Ok(texts(as_of.orphans())),
            _ => return None,
        })
    }

    fn explain(&self, question: &Question, at: Timestamp) -> String {
        let as_of = self.tenant.as_of(at);
        match question {
            Question::Check(asked)
            | Question::Until(asked)
            | Question::Admits(asked)
            | Question::Because(asked) => answer::explain(as_of, asked),
            _ => String::new(),
        }
    }
}

/// The questions about access.
fn access(as_of: AsOf<'_>, question: &Question, expected: &Node) -> Option<Answer> {
    Some(match question {
        Question::Check(asked) => answer::check(as_of, asked, expected),
        Question::Level(asked) => answer::level(as_of, asked),
        Question::Effective(asked) => as_of
            .effective(
                &asked.user,
                asked.scope.as_ref().map(Into::into),
                asked.associated.unwrap_or(false),
            )
            .map(texts)
            .map_err(Failure::from),
        Question::WhoCan(asked) => answer::who_can(as_of, asked),
        Question::Seat(asked) => as_of
            .seat(&asked.user)
            .map(Node::text)
            .map_err(Failure::from),
        Question::Until(asked) => answer::until(as_of, asked),
        Question::Admits(asked) => answer::admits(as_of, asked),
        Question::Items(asked) => as_of.items(&asked.user).map(texts).map_err(Failure::from),
        Question::Because(asked) => answer::because(as_of, asked),
        Question::Current(asked) => answer::current(as_of, &asked.user),
        Question::Checklist(asked) => answer::checklist(as_of, asked.profile.as_deref()),
        _ => return None,
    })
}
