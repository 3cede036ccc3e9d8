//! Requests: every path from asking to an end is the one that rule 6.1 reads.

use bailiwick::Command;
use bailiwick::RequestId;
use bailiwick::RequestState;
use bailiwick::Tenant;

use super::Outcomes;
use super::Reached;
use super::Reading;
use super::codes;
use super::explore;
use crate::small_town::USERS;
use crate::small_town::founded;
use crate::small_town::requests;
use crate::small_town::walk::actor;
use crate::small_town::walk::written;
use bailiwick::Stamp;

const ASKED: RequestId = RequestId(1);
/// Requests lapse at the last of the town's instants.
const LAPSED: usize = 2;

/// What is known of the one request, and of who could decide it.
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
}

impl Reading for Known {
    /// Whether a command keeps the world small: after the first request it is asked for again only where that must
    /// be refused.
    fn tries(&self, name: &str, now: usize) -> bool {
        let lapsed = now == LAPSED;
        match name.strip_prefix("request for ") {
            None => true,
            Some(beneficiary) => {
                let refused = lapsed || !matches!(self.state, "denied" | "withdrawn");
                self.state.is_empty() || (self.beneficiary == beneficiary && refused)
            }
        }
    }

    /// Whether a step may be taken by somebody, and what is known then.
    fn step(&self, name: &str, by: &str, now: usize) -> Option<Self> {
        let lapsed = now == LAPSED;
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

/// Every command by everybody: accepted exactly where the plain reading says so, and without a trace where not.
#[test]
fn every_step_of_a_request_is_as_the_rule_reads() {
    let words = requests();
    let mut outcomes = Outcomes::new();
    let mut stuck = 0;
    let states = explore::<Known>(LAPSED + 1, |reached| {
        assert_eq!(state(reached), shown(reached), "{}", reached.walk);
        the_inbox_is_what_can_be_done(reached);
        stuck += reached.walk.tenant.as_of(reached.walk.at()).stuck().len();
        let had = granted(reached);
        let next = reached.steps(&words, &mut outcomes).into_iter();
        let looked_at = |(name, next): (&str, Reached<Known>)| {
            let gained = granted(&next) > had;
            assert_eq!(gained, name == "provision", "{name}: {}", next.walk);
            next
        };
        next.map(looked_at).collect()
    });
    assert!(
        states > 500 && stuck > 0,
        "only {states} states were reached, {stuck} stuck"
    );
    // Every way to be refused was met: a law that nothing tests would be met by chance.
    assert_eq!(
        codes(&outcomes, "approve"),
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
        codes(&outcomes, "provision"),
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
        codes(&outcomes, "withdraw"),
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
        codes(&outcomes, "deny"),
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
        codes(&outcomes, "request for ana"),
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
        codes(&outcomes, "delegate to rob"),
        ["invalid-delegate", "login-disabled", "not-authorised"]
    );
}

/// Who is granted what is asked for.
fn granted(reached: &Reached<Known>) -> usize {
    let as_of = reached.walk.tenant.as_of(reached.walk.at());
    let has = |user: &&str| {
        let current = as_of.current(*user).expect("a known user");
        let mut entries = current.entries.iter();
        entries.any(|entry| entry.what.on.as_str() == "fin.po.view")
    };
    USERS.iter().filter(|user| has(user)).count()
}

fn state(reached: &Reached<Known>) -> &'static str {
    let state = reached.walk.tenant.as_of(reached.walk.at()).request(ASKED);
    state.map_or("", RequestState::word)
}

fn shown(reached: &Reached<Known>) -> &'static str {
    match reached.known.state {
        "requested" | "approved" if reached.walk.now == LAPSED => "lapsed",
        state => state,
    }
}

/// The inbox lists exactly what somebody could approve or provision, and a request is stuck when nobody could.
fn the_inbox_is_what_can_be_done(reached: &Reached<Known>) {
    let at = reached.walk.at();
    let as_of = reached.walk.tenant.as_of(at);
    let steps = [
        r#"{"approve":{"request":1}}"#,
        r#"{"provision":{"request":1}}"#,
    ];
    let steps = steps.map(|step| serde_json::from_str::<Command>(step).expect("a command"));
    let mut able = Vec::new();
    for user in USERS {
        let stamp = Stamp::new(at, actor(user));
        let can = steps
            .iter()
            .any(|step| reached.walk.tenant.decide(&stamp, step).is_ok());
        let inbox = as_of.inbox(user).expect("a known user");
        assert_eq!(inbox == [ASKED], can, "{user}: {}", reached.walk);
        able.extend(can.then_some(user));
    }
    let is_stuck = as_of.stuck() == [ASKED];
    let requested = as_of.request(ASKED) == Ok(RequestState::Requested);
    assert_eq!(is_stuck, requested && able.is_empty(), "{}", reached.walk);
    let waiting = as_of.waiting();
    let open = as_of.request(ASKED).is_ok_and(RequestState::is_open);
    assert_eq!(waiting.len(), usize::from(open));
    for waiting in waiting {
        able.sort_unstable();
        let names: Vec<&str> = waiting.waits_for.iter().map(|user| user.as_str()).collect();
        assert_eq!(names, able, "{}", reached.walk);
    }
}

/// The whole history of every state, replayed from the founding, is that state; and so is what was stored of it.
#[test]
fn every_history_gives_its_state() {
    let words = requests();
    explore::<Known>(LAPSED + 1, |reached| {
        let mut replayed = founded();
        for event in &reached.walk.log {
            replayed.replay(event).expect("a fitting event");
        }
        let now = written(&reached.walk.tenant);
        assert_eq!(written(&replayed), now, "{}", reached.walk);
        let read: Tenant = serde_json::from_str(&now).expect("a state");
        assert_eq!(written(&read), now);
        let next = reached.steps(&words, &mut Outcomes::new());
        next.into_iter().map(|(_, next)| next).collect()
    });
}
