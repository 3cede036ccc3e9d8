//! A walk through the town: commands are given one after the other, and every law is looked at after each.

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Event;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;

use super::INSTANTS;
use super::founded;
use super::laws;

/// Where a walk has come to, and the way there.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    pub(crate) tenant: Tenant,
    /// What was accepted, oldest first.
    pub(crate) log: Vec<Event>,
    /// Which of the town's instants it is.
    pub(crate) now: usize,
    /// The tenant as it would be stored.
    pub(crate) written: String,
}

impl Walk {
    /// At the start.
    pub(crate) fn begin() -> Self {
        let tenant = founded();
        Self {
            written: written(&tenant),
            tenant,
            log: Vec::new(),
            now: 0,
        }
    }

    pub(crate) fn at(&self) -> Timestamp {
        instant(self.now)
    }

    /// Lets time pass to the next instant, if there is one.
    pub(crate) fn wait(&mut self) -> bool {
        let waits = self.now + 1 < INSTANTS.len();
        self.now += usize::from(waits);
        waits
    }

    /// Gives a command: it is accepted, or refused with a code, and either way as the laws want it.
    pub(crate) fn give(&mut self, by: &str, command: &Command) -> Result<(), &'static str> {
        let stamp = Stamp::new(self.at(), actor(by));
        let before = self.tenant.clone();
        match self.tenant.execute(&stamp, command) {
            Ok(event) => {
                self.written = written(&self.tenant);
                laws::replays(&before, &event, self);
                self.log.push(event);
                laws::hold(&before, self);
                Ok(())
            }
            Err(refusal) => {
                let now = written(&self.tenant);
                assert_eq!(now, self.written, "{refusal} left a trace\n{self}");
                Err(refusal.code())
            }
        }
    }
}

impl std::fmt::Display for Walk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "after")?;
        for event in &self.log {
            writeln!(f, "  {} {} {:?}", event.at, event.by, event.command)?;
        }
        write!(f, "at {}", self.at())
    }
}

/// One of the town's instants.
pub(crate) fn instant(number: usize) -> Timestamp {
    INSTANTS
        .get(number)
        .and_then(|text| text.parse().ok())
        .unwrap_or(Timestamp::MAX)
}

pub(crate) fn actor(by: &str) -> Actor {
    if by == "system" {
        Actor::System
    } else {
        Actor::new(&format!("user:{by}")).expect("an actor")
    }
}

pub(crate) fn written(tenant: &Tenant) -> String {
    serde_json::to_string(tenant).expect("a state")
}
