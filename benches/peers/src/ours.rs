//! Bailiwick, asked as its peers are.

use crate::heap::held;
use crate::rows::Rows;
use crate::table::time;
use crate::table::time_each;
use crate::table::time_to_make;
use crate::world;
use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::DutyId;
use bailiwick::Event;
use bailiwick::Publisher;
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
        let (user, duty) = (self.users[user as usize], self.duties[usize::from(duty)]);
        self.snapshot.as_of(world::at()).allows(user, duty) == Ok(true)
    }

    pub fn time_to_check(&self, queries: &[(u32, u16)]) -> f64 {
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

    /// A user's share of asking about all users.
    pub fn time_to_ask_all(&self, duty: u16) -> f64 {
        let (asked, bare) = (self.snapshot.as_of(world::at()), Resource::default());
        let duty = self.duties[usize::from(duty)];
        time(self.users.len(), || {
            black_box(asked.who_can_set(duty, &bare).unwrap().len());
        })
    }

    pub fn time_to_compile(&self) -> f64 {
        time_to_make(|| self.tenant.snapshot(world::at(), &world::options()))
    }

    /// From a grant's event to the answer of a reader that follows the publisher; the tenant has it already.
    pub fn time_to_publish(&self, grants: &[(u32, u16)]) -> f64 {
        let mut tenant = self.tenant.clone();
        let steps: Vec<_> = grants
            .iter()
            .map(|grant| {
                (
                    grant_to(&mut tenant, &command(*grant)),
                    tenant.clone(),
                    *grant,
                )
            })
            .collect();
        let mut newest = self.snapshot.clone();
        let publisher = Publisher::new(newest.clone());
        let mut reader = publisher.reader();
        time_each(&steps, |(event, tenant, (user, duty))| {
            newest = newest.after(tenant, world::at(), [event]);
            publisher.publish(newest.clone());
            let (user, duty) = (self.users[*user as usize], self.duties[usize::from(*duty)]);
            let asked = reader.snapshot().as_of(world::at());
            assert_eq!(asked.allows(user, duty), Ok(true));
        })
    }

    /// The same from the command on, which is checked and recorded.
    pub fn time_to_execute(&self, grants: &[(u32, u16)]) -> f64 {
        let mut tenant = self.tenant.clone();
        let steps: Vec<_> = grants
            .iter()
            .map(|grant| (command(*grant), *grant))
            .collect();
        let mut newest = self.snapshot.clone();
        let publisher = Publisher::new(newest.clone());
        let mut reader = publisher.reader();
        time_each(&steps, |(command, (user, duty))| {
            let event = grant_to(&mut tenant, command);
            newest = newest.after(&tenant, world::at(), [&event]);
            publisher.publish(newest.clone());
            let (user, duty) = (self.users[*user as usize], self.duties[usize::from(*duty)]);
            let asked = reader.snapshot().as_of(world::at());
            assert_eq!(asked.allows(user, duty), Ok(true));
        })
    }
}

fn command((user, duty): (u32, u16)) -> Command {
    Command::Grant(world::grant(user as usize, usize::from(duty)))
}

fn grant_to(tenant: &mut Tenant, command: &Command) -> Event {
    let stamp = Stamp::new(world::at(), Actor::System);
    tenant.execute(&stamp, command).unwrap()
}
