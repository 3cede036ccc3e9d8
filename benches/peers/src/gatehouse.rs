//! Gatehouse: a closure over the host's own records, as its policies are.

use crate::peer::Peer;
use crate::peer::ready;
use crate::rows::Rows;
use crate::world;
use crate::world::Entry;
use crate::world::On;
use crate::world::Person;
use gatehouse::EvaluationSession;
use gatehouse::PermissionChecker;
use gatehouse::PolicyBuilder;
use gatehouse::PolicyDomain;

pub struct Gatehouse {
    checker: PermissionChecker<Duties>,
    session: EvaluationSession,
    people: Vec<Person>,
}

struct Duties;
struct Use;

impl PolicyDomain for Duties {
    type Subject = Person;
    type Action = Use;
    type Resource = u16;
    type Context = i64;
}

impl Peer for Gatehouse {
    const NAME: &'static str = "gatehouse";
    const APART: &'static str =
        "stores nothing: records and rule are the host's own; makes a trace of each decision";
    const BEARS: usize = 100_000;
    type Request = (u32, u16);

    fn load(rows: &Rows) -> Self {
        let profiles = rows.world.profiles.clone();
        // One policy: with a veto and two grants, as the rule may also be cut, a check takes twice as long.
        let policy = PolicyBuilder::<Duties>::new("holds")
            .when(move |person, _, duty, now| {
                own(person, *duty, *now).unwrap_or_else(|| {
                    let mut held = person.profiles.iter();
                    held.any(|profile| profiles[usize::from(*profile)].contains(duty))
                })
            })
            .build();
        let mut checker = PermissionChecker::new();
        checker.add_policy(policy);
        Self {
            checker,
            session: EvaluationSession::empty(),
            people: rows.world.people.clone(),
        }
    }

    fn request(&self, _: &Rows, user: u32, duty: u16) -> (u32, u16) {
        (user, duty)
    }

    fn allows(&mut self, (user, duty): &(u32, u16)) -> bool {
        let (person, now) = (&self.people[*user as usize], world::at().as_unix());
        let bound = self.checker.bind(&self.session, person, &Use, &now);
        ready(bound.check(duty)).is_granted()
    }

    fn grant(&mut self, _: &Rows, user: u32, duty: u16) {
        self.people[user as usize].entries.push(Entry {
            on: On::Duty(duty),
            grants: true,
            until: None,
        });
    }
}

/// What the most specific entry says.
fn own(person: &Person, duty: u16, now: i64) -> Option<bool> {
    let module = world::module_of(usize::from(duty));
    let holding = |entry: &&Entry| entry.until.is_none_or(|until| now < until);
    let says = |of: &dyn Fn(On) -> bool| {
        let mut entries = person.entries.iter().filter(holding);
        entries.find(|entry| of(entry.on)).map(|entry| entry.grants)
    };
    says(&|on| matches!(on, On::Duty(on) if on == duty))
        .or_else(|| says(&|on| matches!(on, On::Module(on) if usize::from(on) == module)))
}
