//! All of a small world of requests: every state that can be reached, times every command by everybody.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that finds something else has failed"
)]

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Event;
use bailiwick::RequestId;
use bailiwick::RequestState;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::document::Names;
use bailiwick::document::Node;
use serde_json::Value;
use serde_json::json;

const USERS: [&str; 5] = ["ana", "rob", "mayor", "ida", "ivo"];
const START: &str = "2026-01-05T09:00:00Z";
/// The end that every request asks for.
const END: &str = "2026-03-01T00:00:00Z";
const ASKED: RequestId = RequestId(1);

/// Ana and Rob are in roads, which Rob heads, below the city, which the mayor heads. Rob, Ida and Ivo may
/// provision.
fn founded() -> Tenant {
    let policy = json!({
        "name": "Rio Seco",
        "duty": [{ "key": "fin.po.view" }, { "key": "adm.desk.run" }],
        "department": [
            { "key": "city", "head": "mayor" },
            { "key": "roads", "parent": "city", "head": "rob" },
        ],
        "user": [
            { "key": "ana", "department": "roads" },
            { "key": "rob", "department": "roads" },
            { "key": "mayor", "department": "city" },
            { "key": "ida" },
            { "key": "ivo" },
        ],
        "grant": [
            { "holder": "user:rob", "on": "adm" },
            { "holder": "user:ida", "on": "adm" },
            { "holder": "user:ivo", "on": "adm" },
        ],
        "administration": { "provision": "adm.desk.run" },
    });
    let document = Document::from_json(&policy.to_string()).expect("a policy");
    Tenant::found(&document.policy).expect("a tenant")
}

/// Something that can be tried, and by whom beside the host.
type Word = (&'static str, Command, &'static [&'static str]);

/// Everything that can be tried in a state.
fn vocabulary() -> Vec<Word> {
    let command = |value: Value| {
        let node = Node::from_json(&value.to_string()).expect("a tree");
        Command::from_node(&node, &Names::default()).expect("a command")
    };
    let ask = |beneficiary: &str| {
        command(json!({ "request": {
            "beneficiary": beneficiary, "on": "fin.po.view", "until": END, "justification": "month end",
        }}))
    };
    let mut all: Vec<Word> = vec![
        ("request for ana", ask("ana"), &["ana", "rob", "mayor"]),
        ("request for rob", ask("rob"), &["ana", "rob"]),
    ];
    let steps = [
        ("approve", json!({ "approve": { "request": 1 } })),
        ("deny", json!({ "deny": { "request": 1, "reason": "no" } })),
        ("withdraw", json!({ "withdraw": { "request": 1 } })),
        ("provision", json!({ "provision": { "request": 1 } })),
        (
            "delegate to ivo",
            json!({ "delegate": { "department": "roads", "to": "ivo" } }),
        ),
        (
            "delegate to rob",
            json!({ "delegate": { "department": "roads", "to": "rob" } }),
        ),
    ];
    all.extend(steps.map(|(name, step)| (name, command(step), &USERS[..])));
    let structure = [
        ("no head", json!({ "set-head": { "department": "roads" } })),
        (
            "head rob",
            json!({ "set-head": { "department": "roads", "head": "rob" } }),
        ),
        ("disable rob", json!({ "disable": { "user": "rob" } })),
        ("enable rob", json!({ "enable": { "user": "rob" } })),
    ];
    all.extend(structure.map(|(name, step)| (name, command(step), &["ana"][..])));
    all
}

/// What a plain reader of the log knows, without the tenant's help.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    beneficiary: String,
    requester: String,
    state: &'static str,
    approver: String,
    /// The head in whose place a delegate approved.
    instead_of: String,
    headless: bool,
    rob_disabled: bool,
    ivo_delegated: bool,
}

impl Known {
    /// Who approves: the plainest words of rule 6.1.
    fn approvers(&self) -> Vec<&str> {
        let barred = |user: &str| user == self.beneficiary || user == self.requester;
        let rob_is_out = self.headless || self.rob_disabled || barred("rob");
        let (first, second) = if rob_is_out {
            ("mayor", None)
        } else {
            ("rob", Some("ivo").filter(|_| self.ivo_delegated))
        };
        let both = [Some(first), second].into_iter().flatten();
        both.filter(|user| !barred(user)).collect()
    }

    fn provisioners(&self) -> Vec<&str> {
        let parties = [
            &self.beneficiary,
            &self.requester,
            &self.approver,
            &self.instead_of,
        ];
        let is_party = |user: &str| parties.iter().any(|party| *party == user);
        let mut able = vec!["rob", "ida", "ivo"];
        able.retain(|user| {
            let by_delegation = *user == "ivo" && self.ivo_delegated && is_party("rob");
            let disabled = *user == "rob" && self.rob_disabled;
            !(is_party(user) || by_delegation || disabled)
        });
        able
    }

    /// Whether a command keeps the world small: after the first request it is asked for again only where that must
    /// be refused.
    fn stays_small(&self, name: &str, lapsed: bool) -> bool {
        match name.strip_prefix("request for ") {
            None => true,
            Some(beneficiary) => {
                let refused = lapsed || !matches!(self.state, "denied" | "withdrawn");
                self.state.is_empty() || (self.beneficiary == beneficiary && refused)
            }
        }
    }

    /// Whether a step may be taken by somebody, and what is known then.
    fn step(&self, name: &str, by: &str, lapsed: bool) -> Option<Self> {
        let mut next = self.clone();
        if by == "rob" && self.rob_disabled {
            return None;
        }
        let asked = self.state == "requested" && !lapsed;
        let approved = self.state == "approved" && !lapsed;
        match name {
            "request for ana" | "request for rob" => {
                let beneficiary = name.trim_start_matches("request for ");
                next.beneficiary = beneficiary.into();
                next.requester = if by == "system" { beneficiary } else { by }.into();
                next.state = "requested";
                (self.state.is_empty() && !lapsed && !next.approvers().is_empty()).then_some(next)
            }
            "approve" => {
                next.state = "approved";
                next.approver = by.into();
                if by == "ivo" {
                    next.instead_of = "rob".into();
                }
                (asked && self.approvers().contains(&by)).then_some(next)
            }
            "deny" => {
                next.state = "denied";
                let provisioner = by == "system" || self.provisioners().contains(&by);
                let may = asked && self.approvers().contains(&by) || approved && provisioner;
                may.then_some(next)
            }
            "withdraw" => {
                next.state = "withdrawn";
                let may = by == "system" || by == self.requester;
                ((asked || approved) && may).then_some(next)
            }
            "provision" => {
                next.state = "provisioned";
                let may = by == "system" || self.provisioners().contains(&by);
                (approved && may).then_some(next)
            }
            "delegate to ivo" => {
                next.ivo_delegated = true;
                let head = !self.headless && (by == "rob" || by == "system");
                head.then_some(next)
            }
            "no head" if by == "system" => {
                (next.headless, next.ivo_delegated) = (true, false);
                Some(next)
            }
            "head rob" if by == "system" => {
                next.headless = false;
                Some(next)
            }
            "disable rob" if by == "system" && !self.rob_disabled => {
                next.rob_disabled = true;
                Some(next)
            }
            "enable rob" if by == "system" && self.rob_disabled => {
                next.rob_disabled = false;
                Some(next)
            }
            _ => None,
        }
    }
}

/// A state of the world, and the way to it.
struct Reached {
    tenant: Tenant,
    known: Known,
    lapsed: bool,
    path: Vec<Event>,
}

impl Reached {
    fn at(&self) -> Timestamp {
        let at = if self.lapsed { END } else { START };
        at.parse().expect("an instant")
    }

    /// The commands that are tried here.
    fn tried<'v>(&self, vocabulary: &'v [Word]) -> impl Iterator<Item = &'v Word> {
        vocabulary
            .iter()
            .filter(|(name, ..)| self.known.stays_small(name, self.lapsed))
    }

    /// The states after each command that is accepted.
    fn steps(&self, vocabulary: &[Word]) -> Vec<Self> {
        let mut next = Vec::new();
        for (name, command, users) in self.tried(vocabulary) {
            for by in users.iter().copied().chain(["system"]) {
                let mut tenant = self.tenant.clone();
                if let Ok(event) = tenant.execute(&stamp(self.at(), by), command) {
                    let known = self.known.step(name, by, self.lapsed).unwrap_or_default();
                    let mut path = self.path.clone();
                    path.push(event);
                    next.push(Self {
                        tenant,
                        known,
                        lapsed: self.lapsed,
                        path,
                    });
                }
            }
        }
        next
    }

    /// What the tenant says of itself and what is known of it; how often things changed is left aside.
    fn fingerprint(&self) -> (String, bool, Known) {
        let mut state = serde_json::to_value(&self.tenant).expect("a state");
        forget(&mut state);
        (state.to_string(), self.lapsed, self.known.clone())
    }

    fn story(&self) -> String {
        let lines = self
            .path
            .iter()
            .map(|event| format!("{} {:?}", event.by, event.command));
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn forget(state: &mut Value) {
    match state {
        Value::Object(fields) => {
            for volatile in ["revision", "made", "last", "since"] {
                fields.remove(volatile);
            }
            fields.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

fn written(tenant: &Tenant) -> String {
    serde_json::to_string(tenant).expect("a state")
}

fn stamp(at: Timestamp, by: &str) -> Stamp {
    let by = if by == "system" {
        Actor::System
    } else {
        Actor::new(&format!("user:{by}")).expect("an actor")
    };
    Stamp::new(at, by)
}

/// Visits every state once.
fn explore(mut visit: impl FnMut(&Reached) -> Vec<Reached>) -> usize {
    let mut seen = BTreeSet::new();
    let first = Reached {
        tenant: founded(),
        known: Known::default(),
        lapsed: false,
        path: Vec::new(),
    };
    seen.insert(first.fingerprint());
    let mut waiting = VecDeque::from([first]);
    while let Some(reached) = waiting.pop_front() {
        let mut next = visit(&reached);
        if !reached.lapsed {
            next.push(Reached {
                tenant: reached.tenant.clone(),
                known: reached.known.clone(),
                lapsed: true,
                path: reached.path.clone(),
            });
        }
        waiting.extend(
            next.into_iter()
                .filter(|next| seen.insert(next.fingerprint())),
        );
    }
    seen.len()
}

/// Every command by everybody: accepted exactly where the plain reading says so, and without a trace where not.
#[test]
#[expect(
    clippy::too_many_lines,
    reason = "the law and the list of what was met are read together"
)]
fn every_step_is_as_the_rule_reads() {
    let vocabulary = vocabulary();
    let mut outcomes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let states = explore(|reached| {
        let before = written(&reached.tenant);
        let had = access(reached);
        let mut next = Vec::new();
        for (name, command, users) in reached.tried(&vocabulary) {
            for by in users.iter().copied().chain(["system"]) {
                let expected = reached.known.step(name, by, reached.lapsed);
                let mut tenant = reached.tenant.clone();
                let stamp = stamp(reached.at(), by);
                match tenant.execute(&stamp, command) {
                    Ok(event) => {
                        let Some(known) = expected else {
                            panic!("{by} may not {name} after\n{}", reached.story());
                        };
                        let mut path = reached.path.clone();
                        path.push(event);
                        let now = Reached {
                            tenant,
                            known,
                            lapsed: reached.lapsed,
                            path,
                        };
                        follows(reached, &now, name);
                        let gained = access(&now).iter().any(|who| !had.contains(who));
                        assert_eq!(
                            gained,
                            *name == "provision",
                            "{name} after\n{}",
                            reached.story()
                        );
                        *outcomes.entry((name, "ok")).or_default() += 1;
                        next.push(now);
                    }
                    Err(refusal) => {
                        let code = refusal.code();
                        assert!(
                            expected.is_none(),
                            "{by} may {name}, but {code}, after\n{}",
                            reached.story()
                        );
                        assert_eq!(written(&tenant), before, "a refusal left a trace: {name}");
                        *outcomes.entry((name, code)).or_default() += 1;
                    }
                }
            }
        }
        next
    });
    assert!(states > 500, "only {states} states were reached");
    let codes = |name: &str| -> Vec<&str> {
        outcomes
            .keys()
            .filter(|(step, _)| *step == name)
            .map(|(_, code)| *code)
            .collect()
    };
    // Every way to be refused was met: a law that nothing tests would be met by chance.
    assert_eq!(
        codes("approve"),
        [
            "lapsed",
            "login-disabled",
            "not-approver",
            "ok",
            "unknown-request",
            "wrong-state"
        ]
    );
    assert_eq!(
        codes("provision"),
        [
            "lapsed",
            "login-disabled",
            "not-authorised",
            "not-independent",
            "ok",
            "unknown-request",
            "wrong-state"
        ]
    );
    assert_eq!(
        codes("withdraw"),
        [
            "lapsed",
            "login-disabled",
            "not-requester",
            "ok",
            "unknown-request",
            "wrong-state"
        ]
    );
    assert_eq!(
        codes("deny"),
        [
            "lapsed",
            "login-disabled",
            "not-approver",
            "not-authorised",
            "not-independent",
            "ok",
            "unknown-request",
            "wrong-state"
        ]
    );
    assert_eq!(
        codes("request for ana"),
        [
            "already-held",
            "already-past",
            "duplicate-request",
            "login-disabled",
            "no-approver",
            "ok"
        ]
    );
    assert_eq!(
        codes("delegate to rob"),
        ["invalid-delegate", "login-disabled", "not-authorised"]
    );
}

/// No path leads to an end but by the steps of different people, and none leads out of it.
fn follows(before: &Reached, after: &Reached, name: &str) {
    let state = |reached: &Reached| reached.tenant.as_of(reached.at()).request(ASKED).ok();
    let (was, is) = (state(before), state(after));
    assert_eq!(
        is.map_or("", RequestState::word),
        shown(after),
        "{name} after\n{}",
        before.story()
    );
    let by_step = match name {
        "approve" | "deny" | "withdraw" | "provision" => true,
        name => name.starts_with("request"),
    };
    if was != is {
        assert!(
            by_step && was.is_none_or(RequestState::is_open),
            "{name}: {was:?} to {is:?}"
        );
    }
    if is == Some(RequestState::Provisioned) {
        let of = |kind: &str| {
            let event = after
                .path
                .iter()
                .find(|event| event.command.kind().word() == kind);
            event.map(|event| event.by.clone())
        };
        let approver = of("approve").expect("an approval");
        let provisioner = of("provision").expect("a provisioning");
        let beneficiary = Actor::new(&format!("user:{}", after.known.beneficiary)).expect("a user");
        let requester = Actor::new(&format!("user:{}", after.known.requester)).expect("a user");
        assert!(approver != Actor::System && approver != beneficiary && approver != requester);
        assert!(![approver, beneficiary, requester].contains(&provisioner));
    }
    // The event alone, read from its text, gives the same state, to the byte.
    let event = after.path.last().expect("an event");
    let text = serde_json::to_string(event).expect("an event");
    let mut replayed = before.tenant.clone();
    replayed
        .replay(&serde_json::from_str(&text).expect("an event"))
        .expect("a fitting event");
    assert_eq!(written(&replayed), written(&after.tenant));
    // Given again it does not fit, and leaves no trace.
    assert!(replayed.replay(event).is_err());
    assert_eq!(written(&replayed), written(&after.tenant));
}

fn shown(reached: &Reached) -> &str {
    match reached.known.state {
        "requested" | "approved" if reached.lapsed => "lapsed",
        state => state,
    }
}

/// Who has an entry on what is asked for.
fn access(reached: &Reached) -> Vec<&'static str> {
    let as_of = reached.tenant.as_of(START.parse().expect("an instant"));
    let granted = |user: &&str| {
        let current = as_of.current(*user).expect("a known user");
        current
            .entries
            .iter()
            .any(|entry| entry.what.on.as_str() == "fin.po.view")
    };
    USERS.into_iter().filter(granted).collect()
}

/// The inbox lists exactly what somebody could approve or provision, and a request is stuck when nobody could.
#[test]
fn the_inbox_is_what_can_be_done() {
    let vocabulary = vocabulary();
    let next_steps: Vec<&Command> = vocabulary
        .iter()
        .filter(|(name, ..)| matches!(*name, "approve" | "provision"))
        .map(|(_, command, _)| command)
        .collect();
    let mut stuck = 0;
    explore(|reached| {
        let as_of = reached.tenant.as_of(reached.at());
        let mut able = Vec::new();
        for user in USERS {
            let can = next_steps.iter().any(|step| {
                reached
                    .tenant
                    .decide(&stamp(reached.at(), user), step)
                    .is_ok()
            });
            let inbox = as_of.inbox(user).expect("a known user");
            assert_eq!(inbox == [ASKED], can, "{user} after\n{}", reached.story());
            able.extend(can.then_some(user));
        }
        let is_stuck = as_of.stuck() == [ASKED];
        let requested = as_of.request(ASKED) == Ok(RequestState::Requested);
        assert_eq!(
            is_stuck,
            requested && able.is_empty(),
            "after\n{}",
            reached.story()
        );
        stuck += usize::from(is_stuck);
        let waiting = as_of.waiting();
        let open = as_of.request(ASKED).is_ok_and(RequestState::is_open);
        assert_eq!(waiting.len(), usize::from(open));
        for waiting in waiting {
            able.sort_unstable();
            let names: Vec<&str> = waiting.waits_for.iter().map(|user| user.as_str()).collect();
            assert_eq!(names, able, "after\n{}", reached.story());
        }
        reached.steps(&vocabulary)
    });
    assert!(stuck > 0, "no request was ever stuck");
}

/// The whole history of every state, replayed from the founding, is that state.
#[test]
fn every_history_gives_its_state() {
    let vocabulary = vocabulary();
    let founded = founded();
    explore(|reached| {
        let mut replayed = founded.clone();
        for event in &reached.path {
            replayed.replay(event).expect("a fitting event");
        }
        assert_eq!(
            written(&replayed),
            written(&reached.tenant),
            "after\n{}",
            reached.story()
        );
        let read: Tenant = serde_json::from_str(&written(&reached.tenant)).expect("a state");
        assert_eq!(written(&read), written(&reached.tenant));
        reached.steps(&vocabulary)
    });
}
