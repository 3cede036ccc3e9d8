//! Regorus: one Rego policy over a document of people, compiled to bytecode, and interpreted.

use crate::peer::Peer;
use crate::rows::Rows;
use crate::world;
use crate::world::Person;
use regorus::Engine;
use regorus::Value;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::RegoVM;
use std::collections::BTreeMap;

const POLICY: &str = "
package access

import rego.v1

default allow := false

person := data.people[input.user]

allow := entry.grants if {
    entry := person.own[input.duty]
    input.now < entry.until
} else := entry.grants if {
    entry := person.own[input.module]
    input.now < entry.until
} else if {
    some profile in person.profiles
    data.profiles[profile][input.duty]
}
";

const RULE: &str = "data.access.allow";

pub struct Compiled {
    machine: RegoVM,
    data: Value,
}

/// The same where readers keep the data that they have: a grant copies what it changes.
pub struct Published(Compiled);

pub struct Interpreted(Engine);

impl Peer for Compiled {
    const NAME: &'static str = "regorus, compiled";
    const APART: &'static str =
        "a general language; a machine answers one thread, and a grant is made while none asks";
    const BEARS: usize = 100_000;
    type Request = Value;

    fn load(rows: &Rows) -> Self {
        let compiled = engine().compile_with_entrypoint(&RULE.into()).unwrap();
        let data = data(rows);
        let mut machine = RegoVM::new();
        machine.load_program(Compiler::compile_from_policy(&compiled, &[RULE]).unwrap());
        machine.set_data(data.clone()).unwrap();
        Self { machine, data }
    }

    fn request(&self, rows: &Rows, user: u32, duty: u16) -> Value {
        request(rows, user, duty)
    }

    fn allows(&mut self, request: &Value) -> bool {
        self.machine.set_input(request.clone());
        self.machine.execute_entry_point_by_index(0).unwrap() == Value::from(true)
    }

    fn grant(&mut self, rows: &Rows, user: u32, duty: u16) {
        // The machine lets go of the data first, so that they are changed in place.
        self.machine.set_data(Value::Null).unwrap();
        grant(&mut self.data, rows, user, duty);
        self.machine.set_data(self.data.clone()).unwrap();
    }
}

impl Peer for Published {
    const NAME: &'static str = "regorus, published";
    const APART: &'static str =
        "as above, but a grant leaves the data of other threads as they are";
    const BEARS: usize = 20_000;
    type Request = Value;

    fn load(rows: &Rows) -> Self {
        Self(Compiled::load(rows))
    }

    fn request(&self, rows: &Rows, user: u32, duty: u16) -> Value {
        request(rows, user, duty)
    }

    fn allows(&mut self, request: &Value) -> bool {
        self.0.allows(request)
    }

    fn grant(&mut self, rows: &Rows, user: u32, duty: u16) {
        grant(&mut self.0.data, rows, user, duty);
        self.0.machine.set_data(self.0.data.clone()).unwrap();
    }
}

impl Peer for Interpreted {
    const NAME: &'static str = "regorus, interpreted";
    const APART: &'static str = "as above";
    const BEARS: usize = 20_000;
    type Request = Value;

    fn load(rows: &Rows) -> Self {
        let mut engine = engine();
        engine.add_data(data(rows)).unwrap();
        Self(engine)
    }

    fn request(&self, rows: &Rows, user: u32, duty: u16) -> Value {
        request(rows, user, duty)
    }

    fn allows(&mut self, request: &Value) -> bool {
        self.0.set_input(request.clone());
        self.0.eval_rule(RULE.to_owned()).unwrap() == Value::from(true)
    }

    fn grant(&mut self, rows: &Rows, user: u32, duty: u16) {
        let mut data = self.0.get_data();
        self.0.clear_data();
        grant(&mut data, rows, user, duty);
        self.0.add_data(data).unwrap();
    }
}

fn engine() -> Engine {
    let mut engine = Engine::new();
    engine
        .add_policy("access.rego".to_owned(), POLICY.to_owned())
        .unwrap();
    engine
}

/// What people hold and what profiles grant; equal words are shared.
fn data(rows: &Rows) -> Value {
    let words = |keys: &[String]| -> Vec<Value> { keys.iter().map(|key| text(key)).collect() };
    let (duties, profiles) = (words(&rows.duties), words(&rows.profiles));
    let (own, held) = (text("own"), text("profiles"));
    let person = |person: &Person| {
        let profiles = person
            .profiles
            .iter()
            .map(|profile| profiles[usize::from(*profile)].clone());
        let profiles = Value::from(profiles.collect::<Vec<_>>());
        let entries = person.entries.iter();
        let entries =
            entries.map(|entry| (text(rows.on(entry.on)), says(entry.grants, entry.until)));
        let entries = (!person.entries.is_empty()).then(|| (own.clone(), object(entries)));
        object([(held.clone(), profiles)].into_iter().chain(entries))
    };
    let people = rows.users.iter().zip(&rows.world.people);
    let people = object(people.map(|(key, of)| (text(key), person(of))));
    let granted = |granted: &Vec<u16>| {
        let duties = granted
            .iter()
            .map(|duty| duties[usize::from(*duty)].clone());
        object(duties.map(|duty| (duty, Value::from(true))))
    };
    let profiles = profiles.iter().zip(&rows.world.profiles);
    let profiles = object(profiles.map(|(key, duties)| (key.clone(), granted(duties))));
    object([(text("people"), people), (text("profiles"), profiles)])
}

fn request(rows: &Rows, user: u32, duty: u16) -> Value {
    object([
        (text("user"), text(rows.user(user))),
        (text("duty"), text(rows.duty(duty))),
        (text("module"), text(rows.module_of(duty))),
        (text("now"), Value::from(world::at().as_unix())),
    ])
}

fn grant(data: &mut Value, rows: &Rows, user: u32, duty: u16) {
    let mut at = data;
    for key in ["people", rows.user(user), "own", rows.duty(duty)] {
        let object = at.as_object_mut().unwrap();
        at = object.get_or_insert_with(text(key), Value::new_object);
    }
    *at = says(true, None);
}

fn says(grants: bool, until: Option<i64>) -> Value {
    let until = Value::from(until.unwrap_or(i64::MAX));
    object([
        (text("grants"), Value::from(grants)),
        (text("until"), until),
    ])
}

fn text(key: &str) -> Value {
    Value::from(key)
}

fn object(fields: impl IntoIterator<Item = (Value, Value)>) -> Value {
    Value::from(fields.into_iter().collect::<BTreeMap<_, _>>())
}
