//! Where a scenario plays: its tenant, changed step by step.

use alloc::string::String;

use crate::as_of::AsOf;
use crate::document::answer;
use crate::document::answer::Answer;
use crate::document::answer::Failure;
use crate::document::answer::texts;
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
use crate::tenant::Tenant;
use crate::time::Timestamp;

impl Scenario {
    /// Runs every step in order on a tenant of its own, and reports those whose answers differ.
    #[must_use]
    pub fn run(&self) -> Report {
        let mut stage = Stage {
            tenant: self.tenant.clone(),
            names: Names::default(),
        };
        let mut differing = alloc::vec::Vec::new();
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
struct Stage {
    tenant: Tenant,
    names: Names,
}

impl Stage {
    /// The answer of a step, and what explains it.
    fn play(&mut self, step: &Step) -> (Answer, String) {
        match &step.deed {
            Deed::Do(..) => (
                Err(Failure {
                    code: "unsupported",
                    message: String::new(),
                }),
                String::new(),
            ),
            Deed::Ask(kind, fields) => match read_question(*kind, fields, &self.names) {
                Ok(question) => (
                    self.answer(&question, step.at, &step.expect),
                    self.explain(&question, step.at),
                ),
                Err(mistakes) => (Err(mistakes.into()), String::new()),
            },
        }
    }

    fn answer(&self, question: &Question, at: Timestamp, expected: &Node) -> Answer {
        access(self.tenant.as_of(at), question, expected).unwrap_or_else(|| {
            Err(Failure {
                code: "unsupported",
                message: String::new(),
            })
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
