//! Whatever a tenant looks like, an offboarding leaves nothing of the leaver but history, and moves no authority.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what these tests take apart is what they made"
)]

use std::collections::BTreeSet;

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Denial;
use bailiwick::DutyKey;
use bailiwick::Handing;
use bailiwick::RequestId;
use bailiwick::RequestState;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::document::Names;
use bailiwick::document::Node;
use serde_json::Value;
use serde_json::json;

use crate::oracle::worlds::world;

/// A random tenant whose users sit in two departments, with the keys and instants that it mentions.
struct Town {
    tenant: Tenant,
    users: Vec<String>,
    scopes: Vec<Option<String>>,
    duties: Vec<String>,
    instants: BTreeSet<Timestamp>,
}

impl Town {
    fn new(seed: u64) -> Self {
        let mut document = world(seed, 40, 12).document;
        let instants = instants(&document);
        let fields = document.as_object_mut().expect("a table");
        // Seats, conflicts and the last administrator could refuse the step, which is another matter.
        for field in ["seats", "administration", "conflict"] {
            fields.remove(field);
        }
        let keys = |field: &str| -> Vec<String> {
            let rows = fields
                .get(field)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            rows.filter_map(|row| Some(row["key"].as_str()?.to_owned()))
                .collect()
        };
        let (users, duties) = (keys("user"), keys("duty"));
        let scopes = keys("scope").into_iter().map(Some).chain([None]).collect();
        let head = |place: usize| users.get(place % users.len().max(1)).cloned();
        let departments = json!([
            { "key": "town", "head": head(0) },
            { "key": "works", "parent": "town", "head": head(1) },
        ]);
        fields.insert("department".into(), departments);
        for row in fields
            .get_mut("user")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            row["department"] = json!("works");
        }
        let document = Document::from_json(&document.to_string()).expect("a policy");
        let tenant = Tenant::found(&document.policy).expect("a tenant");
        Self {
            tenant,
            users,
            scopes,
            duties,
            instants,
        }
    }

    /// Gives a command that may be refused: what matters is what comes of those that are not.
    fn give(&mut self, at: Timestamp, by: &str, command: &Value) -> bool {
        let stamp = Stamp::new(at, Actor::new(by).expect("an actor"));
        self.tenant.execute(&stamp, &read(command)).is_ok()
    }

    /// What a user may do on public records, everywhere and at every instant from one on.
    fn access(&self, user: &str, from: Timestamp) -> Vec<Vec<&DutyKey>> {
        let mut all = Vec::new();
        for at in self.instants.range(from..) {
            for scope in &self.scopes {
                for associated in [false, true] {
                    let scope = scope.as_ref().map(Into::into);
                    let effective = self.tenant.as_of(*at).effective(user, scope, associated);
                    all.push(effective.expect("a known user and scope"));
                }
            }
        }
        all
    }

    /// The rights of a user on private items from an instant on, as far as items go.
    fn item_rights(&self, user: &str, from: Timestamp) -> BTreeSet<(Timestamp, String, String)> {
        let mut rights = BTreeSet::new();
        for at in self.instants.range(from..) {
            let as_of = self.tenant.as_of(*at);
            for item in as_of.items(user).expect("a known user") {
                for duty in &self.duties {
                    let record = Resource {
                        private: true,
                        item: Some(item.as_str()),
                        ..Resource::default()
                    };
                    let answer = as_of.check(user, duty, &record).expect("known keys");
                    if answer.denial() != Some(Denial::NoItemRight) {
                        rights.insert((*at, item.to_string(), duty.clone()));
                    }
                }
            }
        }
        rights
    }
}

fn read(command: &Value) -> Command {
    let node = Node::from_json(&command.to_string()).expect("a tree");
    Command::from_node(&node, &Names::default()).expect("a command")
}

/// Every instant that a document mentions, and the second before it.
fn instants(document: &Value) -> BTreeSet<Timestamp> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![document];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items),
            Value::Object(fields) => waiting.extend(fields.values()),
            Value::String(text) => {
                let at: Option<Timestamp> = text.parse().ok();
                found.extend(at);
                found.extend(at.and_then(|at| Timestamp::from_unix(at.as_unix() - 1).ok()));
            }
            _ => {}
        }
    }
    found
}

fn written(tenant: &Tenant) -> String {
    serde_json::to_string(tenant).expect("a state")
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story of a town, law after law")]
fn nothing_is_left_and_no_authority_moves() {
    let (mut done, mut passed, mut withdrawn, mut reviews) = (0, 0, 0, 0);
    for seed in 0..300_usize {
        let mut town = Town::new(u64::try_from(seed).expect("a small number"));
        if town.users.len() < 3 || town.instants.is_empty() {
            continue;
        }
        let at = *town
            .instants
            .iter()
            .nth(seed % town.instants.len())
            .expect("an instant");
        let user = |place: usize| town.users[place % town.users.len()].clone();
        let (leaver, successor, other) = (user(seed), user(seed + 1), user(seed + 2));
        town.instants.extend([at, at.next()]);
        let by_leaver = format!("user:{leaver}");
        let duty = town.duties.first().cloned().unwrap_or("*".into());
        let ask = |beneficiary: &str, on: &str| json!({ "request": { "beneficiary": beneficiary, "on": on, "justification": "x" } });
        town.give(at, "system", &json!({ "enable": { "user": leaver } }));
        let mut asked = 0;
        for (by, command) in [
            (by_leaver.as_str(), ask(&leaver, &duty)),
            (by_leaver.as_str(), ask(&other, &duty)),
            (by_leaver.as_str(), ask(&successor, "*")),
            ("system", ask(&leaver, "*")),
        ] {
            asked += u32::from(town.give(at, by, &command));
        }
        town.give(
            at,
            &format!("user:{successor}"),
            &json!({ "approve": { "request": 1 } }),
        );
        for department in ["town", "works"] {
            let to_leaver = json!({ "delegate": { "department": department, "to": leaver } });
            town.give(at, "system", &to_leaver);
        }
        let campaign = json!({ "open-campaign": {
            "name": "r", "due": "9999-01-01T00:00:00Z", "reviewers": [leaver],
        }});
        town.give(at, "system", &campaign);

        let offboard = json!({ "offboard": { "user": leaver, "successor": successor } });
        let stamp = Stamp::new(at, Actor::System);
        let Command::Offboard(row) = read(&offboard) else {
            continue;
        };
        let preview = town.tenant.offboarding_preview(&stamp, &row);
        let before = town.tenant.clone();
        let others: Vec<String> = town
            .users
            .iter()
            .filter(|user| **user != leaver)
            .cloned()
            .collect();
        let had: Vec<_> = others
            .iter()
            .map(|user| {
                town.access(user, at)
                    .iter()
                    .map(|duties| format!("{duties:?}"))
                    .collect()
            })
            .collect::<Vec<Vec<String>>>();
        let mut rights = town.item_rights(&successor, at);
        rights.extend(town.item_rights(&leaver, at));
        let event = match town.tenant.execute(&stamp, &Command::Offboard(row)) {
            Ok(event) => event,
            Err(refusal) => {
                assert_eq!(preview.expect_err("the same refusal"), refusal);
                assert_eq!(refusal.code(), "invalid-successor", "seed {seed}");
                assert_eq!(written(&town.tenant), written(&before));
                continue;
            }
        };
        done += 1;
        let lines = Handing::all(&event);
        assert_eq!(preview.expect("a preview"), lines);
        passed += lines.iter().filter(|line| line.to.is_some()).count();
        reviews += usize::from(lines.iter().any(|line| line.what == "reviews"));

        // The event alone gives the same state.
        let mut replayed = before;
        replayed.replay(&event).expect("a fitting event");
        assert_eq!(written(&replayed), written(&town.tenant));

        // Nothing refers to the leaver, now or later, and nothing waits for them.
        for now in town.instants.range(at..) {
            let as_of = town.tenant.as_of(*now);
            assert_eq!(
                as_of.orphans(),
                Vec::<String>::new(),
                "seed {seed} at {now}"
            );
            let current = as_of.current(leaver.as_str()).expect("a known user");
            assert!(!current.enabled && !current.all_teams && current.team.is_none());
            assert!(current.entries.is_empty() && current.profiles.is_empty());
            assert!(current.groups.is_empty());
            for waiting in as_of.waiting() {
                assert!(waiting.waits_for.iter().all(|user| user.as_str() != leaver));
            }
        }
        for id in 1..=asked {
            let as_of = town.tenant.as_of(at);
            let request = as_of
                .request_details(RequestId(id))
                .expect("a known request");
            if request.beneficiary.as_str() == leaver {
                assert_eq!(request.state, RequestState::Withdrawn, "seed {seed}");
                withdrawn += 1;
            }
            if request.state.is_open() {
                assert_ne!(request.requester.as_str(), leaver);
                let approver = request.approved.map(|(_, user)| user);
                assert!(
                    approver.is_none_or(|user| user != request.requester),
                    "seed {seed}"
                );
            }
        }

        // Records move, authority does not: not to the successor, and not to anybody else.
        for (user, had) in others.iter().zip(&had) {
            let has: Vec<String> = town
                .access(user, at)
                .iter()
                .map(|duties| format!("{duties:?}"))
                .collect();
            assert_eq!(has, *had, "seed {seed}: {user}");
        }
        let now_has = town.item_rights(&successor, at);
        assert!(
            rights.is_subset(&now_has),
            "seed {seed}: {:?}",
            rights.difference(&now_has)
        );
        assert!(town.item_rights(&leaver, at).is_empty());

        // Enabled again, the leaver has what somebody new has.
        assert!(town.give(at, "system", &json!({ "enable": { "user": leaver } })));
        assert!(town.give(
            at,
            "system",
            &json!({ "add-user": { "key": "somebody-new" } })
        ));
        assert_eq!(
            town.access(&leaver, at),
            town.access("somebody-new", at),
            "seed {seed}"
        );
    }
    assert!(
        done > 100 && passed > 100 && withdrawn > 100 && reviews > 50,
        "{done} done, {passed} passed, {withdrawn} withdrawn, {reviews} reviews"
    );
}
