//! Bailiwick, asked as its peers are.

use crate::heap::held;
use crate::rows::ANY;
use crate::rows::ASKED;
use crate::rows::FEW;
use crate::rows::Rows;
use crate::table::time;
use crate::table::time_to_make;
use crate::world;
use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::DutyId;
use bailiwick::Event;
use bailiwick::Publisher;
use bailiwick::Reader;
use bailiwick::Resource;
use bailiwick::Snapshot;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::UserId;
use std::hint::black_box;

pub struct Ours {
    tenant: Tenant,
    snapshot: Snapshot,
    users: Vec<UserId>,
    duties: Vec<DutyId>,
    /// The bytes that the snapshot holds beyond what it shares with its tenant.
    pub heap: usize,
    /// The same together with the tenant: everything, to be asked and to be changed.
    pub heap_with_tenant: usize,
}

/// The nanoseconds that bailiwick takes for what its peers are asked.
pub struct Times {
    pub check_few: f64,
    pub check_any: f64,
    /// A user's share of asking about all users.
    pub ask_all: f64,
    /// A grant in place, until a check sees it.
    pub advance: f64,
    /// The same published to readers.
    pub publish: f64,
    /// The same from the command on.
    pub execute: f64,
    pub compile: f64,
}

impl Ours {
    pub fn new(rows: &Rows) -> Self {
        let (tenant, beside) = held(|| rows.world.tenant());
        let (snapshot, heap) = held(|| tenant.snapshot(world::at(), &world::options()));
        let (users, duties) = world::handles(&tenant, &rows.world);
        Self {
            tenant,
            snapshot,
            users,
            duties,
            heap,
            heap_with_tenant: heap + beside,
        }
    }

    pub fn allows(&self, user: u32, duty: u16) -> bool {
        self.is_allowed(&self.snapshot, (user, duty))
    }

    pub fn times(&self, rows: &Rows) -> Times {
        let grants = rows.grants(2_000);
        Times {
            compile: self.time_to_compile(),
            check_few: self.time_to_check(&rows.queries(FEW)),
            check_any: self.time_to_check(&rows.queries(ANY)),
            ask_all: self.time_to_ask_all(ASKED),
            advance: self.time_to_advance(&grants),
            publish: self.time_to_publish(&grants),
            execute: self.time_to_execute(&grants),
        }
    }

    fn time_to_check(&self, queries: &[(u32, u16)]) -> f64 {
        let asked = self.snapshot.as_of(world::at());
        let handles = queries
            .iter()
            .map(|(user, duty)| (self.users[*user as usize], self.duties[usize::from(*duty)]));
        let handles: Vec<_> = handles.collect();
        time(handles.len(), || {
            let allowed = |(user, duty): &&(UserId, DutyId)| asked.allows(*user, *duty) == Ok(true);
            black_box(handles.iter().filter(allowed).count());
        })
    }

    fn time_to_ask_all(&self, duty: u16) -> f64 {
        let (asked, bare) = (self.snapshot.as_of(world::at()), Resource::default());
        let duty = self.duties[usize::from(duty)];
        time(self.users.len(), || {
            black_box(asked.who_can_set(duty, &bare).unwrap().len());
        })
    }

    fn time_to_compile(&self) -> f64 {
        time_to_make(|| self.tenant.snapshot(world::at(), &world::options()))
    }

    /// From a grant's event to the answer of a reader that follows the publisher; the tenant has it already.
    fn time_to_publish(&self, grants: &[(u32, u16)]) -> f64 {
        let changed = self.changed(grants);
        time(changed.len(), || {
            let mut live = Live::new(self.snapshot.clone());
            for (event, tenant, grant) in &changed {
                live.publish(tenant, event);
                assert!(self.is_seen(&mut live, *grant));
            }
        })
    }

    /// The same with nobody else following, so that it is made in place.
    fn time_to_advance(&self, grants: &[(u32, u16)]) -> f64 {
        let changed = self.changed(grants);
        time(changed.len(), || {
            let mut alone = self.snapshot.clone();
            for (event, tenant, grant) in &changed {
                alone.advance(tenant, world::at(), [event]);
                assert!(self.is_allowed(&alone, *grant));
            }
        })
    }

    /// The same from the command on, which is checked and recorded.
    fn time_to_execute(&self, grants: &[(u32, u16)]) -> f64 {
        let commands: Vec<_> = grants.iter().map(|grant| command(*grant)).collect();
        time(commands.len(), || {
            let mut tenant = self.tenant.clone();
            let mut live = Live::new(self.snapshot.clone());
            for (command, grant) in commands.iter().zip(grants) {
                let event = grant_to(&mut tenant, command);
                live.publish(&tenant, &event);
                assert!(self.is_seen(&mut live, *grant));
            }
        })
    }

    /// Each grant's event, with the tenant after it.
    fn changed(&self, grants: &[(u32, u16)]) -> Vec<(Event, Tenant, (u32, u16))> {
        let mut tenant = self.tenant.clone();
        let changed = grants.iter().map(|grant| {
            let event = grant_to(&mut tenant, &command(*grant));
            (event, tenant.clone(), *grant)
        });
        changed.collect()
    }

    fn is_seen(&self, live: &mut Live, grant: (u32, u16)) -> bool {
        self.is_allowed(live.reader.snapshot(), grant)
    }

    fn is_allowed(&self, snapshot: &Snapshot, (user, duty): (u32, u16)) -> bool {
        let (user, duty) = (self.users[user as usize], self.duties[usize::from(duty)]);
        snapshot.as_of(world::at()).allows(user, duty) == Ok(true)
    }
}

/// A host that publishes each change, and a reader that follows.
struct Live {
    newest: Snapshot,
    publisher: Publisher,
    reader: Reader,
}

impl Live {
    fn new(newest: Snapshot) -> Self {
        let publisher = Publisher::new(newest.clone());
        let reader = publisher.reader();
        Self {
            newest,
            publisher,
            reader,
        }
    }

    fn publish(&mut self, tenant: &Tenant, event: &Event) {
        self.newest = self.newest.after(tenant, world::at(), [event]);
        self.publisher.publish(self.newest.clone());
    }
}

fn command((user, duty): (u32, u16)) -> Command {
    Command::Grant(world::grant(user as usize, usize::from(duty)))
}

fn grant_to(tenant: &mut Tenant, command: &Command) -> Event {
    let stamp = Stamp::new(world::at(), Actor::System);
    tenant.execute(&stamp, command).unwrap()
}
