//! Where a scenario plays: a tenant and its desk, changed step by step.

use alloc::string::String;
use alloc::vec::Vec;

use crate::command::Command;
use crate::command::CommandKind;
use crate::document::answer::Answer;
use crate::document::answer::Failure;
use crate::document::command::read_command;
use crate::document::expect::meets;
use crate::document::names::Names;
use crate::document::node::Node;
use crate::document::question::read_question;
use crate::document::report::Difference;
use crate::document::report::Report;
use crate::document::scenario::Deed;
use crate::document::scenario::Scenario;
use crate::document::scenario::Step;
use crate::document::scene::Scene;
use crate::document::ticket::read_ticket_command;
use crate::event::Stamp;
use crate::helpdesk;
use crate::helpdesk::Desk;
use crate::helpdesk::DeskSettings;
use crate::history::History;
use crate::id::Actor;
use crate::id::CampaignId;
use crate::id::Kind;
use crate::id::RequestId;
use crate::id::TicketId;
use crate::tenant::Tenant;
use crate::time::Timestamp;

impl Scenario {
    /// Runs every step in order on a tenant of its own, and reports those whose answers differ.
    #[must_use]
    pub fn run(&self) -> Report {
        let mut stage = Stage::new(&self.tenant, self.document.desk.clone());
        let mut differing = Vec::new();
        for (n, step) in self.steps.iter().enumerate() {
            let (answer, explanation) = stage.play(step);
            let (got, explanation) = match answer {
                Ok(got) => (got, explanation),
                Err(failure) => (failure.as_node(), failure.message),
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
pub(crate) struct Stage {
    pub(crate) history: History,
    pub(crate) desk: Desk,
    pub(crate) tickets: Vec<helpdesk::Event>,
    pub(crate) names: Names,
    /// How many requests, campaigns and tickets there are: they are numbered in the order of their making.
    made: [u32; 3],
}

impl Stage {
    fn new(tenant: &Tenant, settings: DeskSettings) -> Self {
        Self {
            history: History::new(tenant.clone()),
            desk: Desk::new(settings),
            tickets: Vec::new(),
            names: Names::default(),
            made: [0; 3],
        }
    }

    /// The answer of a step, and what explains it.
    fn play(&mut self, step: &Step) -> (Answer, String) {
        match &step.deed {
            Deed::Do(kind, fields) => {
                let done = self.execute(step, *kind, fields);
                if done.is_ok() {
                    self.name(*kind, step.name.as_deref());
                }
                (done.map(|()| Node::text("ok")), String::new())
            }
            Deed::Ask(kind, fields) => match read_question(*kind, fields, &self.names) {
                Ok(question) => {
                    let scene = Scene::now(self, step.at);
                    (
                        scene.answer(&question, &step.expect),
                        scene.explain(&question),
                    )
                }
                Err(mistakes) => (Err(mistakes.into()), String::new()),
            },
        }
    }

    /// Carries a command out.
    fn execute(&mut self, step: &Step, kind: CommandKind, fields: &Node) -> Result<(), Failure> {
        let by = step.by.clone().ok_or_else(|| Failure {
            code: Kind::User.unknown_code(),
            message: "an actor is `system` or `user:KEY`".into(),
        });
        if let Some(command) = read_ticket_command(kind, fields, &self.names) {
            return self.at_desk(step.at, &by?, &command?);
        }
        let mut command = read_command(kind, fields, &self.names)?;
        let by = by?;
        let mut handover = None;
        if let Command::Offboard(offboard) = &mut command {
            let as_of = self.history.tenant().as_of(step.at);
            let (leaver, successor) = (&offboard.user, &offboard.successor);
            let (planned, records) = as_of.handover(&self.desk, leaver, successor);
            offboard.records.extend(records);
            handover = Some(planned);
        }
        self.history
            .execute(&Stamp::new(step.at, by.clone()), &command)?;
        if let Some(handover) = handover {
            self.keep(step.at, by, helpdesk::Change::HandedOver(handover));
        }
        Ok(())
    }

    /// Carries a command of the helpdesk out.
    fn at_desk(
        &mut self,
        at: Timestamp,
        by: &Actor,
        command: &helpdesk::Command,
    ) -> Result<(), Failure> {
        let tenant = self.history.tenant();
        let event = tenant.decide_at_desk(&self.desk, at, by, command)?;
        self.keep(event.at, event.by, event.change);
        Ok(())
    }

    fn keep(&mut self, at: Timestamp, by: Actor, change: helpdesk::Change) {
        let event = helpdesk::Event { at, by, change };
        self.desk.apply(&event);
        self.tickets.push(event);
    }

    /// Counts what a command made, and gives it its name.
    fn name(&mut self, kind: CommandKind, name: Option<&str>) {
        let [requests, campaigns, tickets] = &mut self.made;
        let count = match kind {
            CommandKind::Request => requests,
            CommandKind::OpenCampaign => campaigns,
            CommandKind::OpenTicket | CommandKind::FollowUp => tickets,
            _ => return,
        };
        *count += 1;
        let number = *count;
        let Some(name) = name else { return };
        match kind {
            CommandKind::Request => self.names.request(name, RequestId(number)),
            CommandKind::OpenCampaign => self.names.campaign(name, CampaignId(number)),
            _ => self.names.ticket(name, TicketId(number)),
        }
    }
}
