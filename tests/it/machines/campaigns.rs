//! Campaigns: who reviews, what becomes moot, and that nothing closed is undecided, as rule 6.2 reads.

use bailiwick::CampaignId;
use bailiwick::ItemState;

use super::Outcomes;
use super::Reached;
use super::Reading;
use super::codes;
use super::explore;
use crate::small_town::campaigns;

/// Ana's assignment ends, by itself, at the last of the town's instants.
const ENDED: usize = 2;
/// The campaign is due at the second of them, and overdue only later.
const OVERDUE: usize = 2;

/// What is known of the one campaign: of Ana's profile and of Rob's entry, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    /// Open, closed or cancelled; none before it is opened.
    state: &'static str,
    named: bool,
    /// Whether each was in force when it opened, and what was said of it.
    listed: [bool; 2],
    said: [&'static str; 2],
    /// Whether each was ended by a command.
    ended: [bool; 2],
    /// Whether each was moot when the campaign ended.
    was_moot: [bool; 2],
    headless: bool,
    rob_disabled: bool,
}

const ANA: usize = 0;
const ROB: usize = 1;

impl Known {
    fn in_force(&self, item: usize, now: usize) -> bool {
        !self.ended[item] && (item == ROB || now < ENDED)
    }

    fn item(&self, item: usize, now: usize) -> &'static str {
        match self.said[item] {
            "" if self.state != "open" => {
                if self.was_moot[item] {
                    "moot"
                } else {
                    "pending"
                }
            }
            "" => {
                if self.in_force(item, now) {
                    "pending"
                } else {
                    "moot"
                }
            }
            said => said,
        }
    }

    fn pending(&self, now: usize) -> usize {
        let waits = |item: &usize| self.listed[*item] && self.item(*item, now) == "pending";
        [ANA, ROB].iter().filter(|item| waits(item)).count()
    }

    /// Who decides: a named reviewer who is enabled and another, else the next head up who is another.
    fn reviewer(&self, item: usize) -> &'static str {
        match (item, self.named) {
            (ROB, true) => "ana",
            (ROB, false) => "mayor",
            (_, true) if !self.rob_disabled => "rob",
            (_, false) if !self.rob_disabled && !self.headless => "rob",
            _ => "mayor",
        }
    }

    fn decided(&self, item: usize, by: &str, now: usize, word: &'static str) -> Option<Self> {
        let open = self.state == "open" && self.listed[item];
        let decidable = self.said[item] != "revoked" && self.in_force(item, now);
        let mut next = self.clone();
        next.said[item] = word;
        next.ended[item] |= word == "revoked";
        (open && decidable && by == self.reviewer(item)).then_some(next)
    }

    fn opened(&self, named: bool, now: usize) -> Self {
        let mut next = self.clone();
        (next.state, next.named) = ("open", named);
        next.listed = [ANA, ROB].map(|item| self.in_force(item, now));
        next
    }

    fn ends(&self, state: &'static str, now: usize) -> Self {
        let mut next = self.clone();
        next.state = state;
        next.was_moot = [ANA, ROB].map(|item| self.item(item, now) == "moot");
        next
    }
}

impl Reading for Known {
    /// One campaign keeps the world small: it is opened once, and not once it could not be due any more.
    fn tries(&self, name: &str, now: usize) -> bool {
        !name.starts_with("open") || (self.state.is_empty() || now > 0)
    }

    fn step(&self, name: &str, by: &str, now: usize) -> Option<Self> {
        if by == "rob" && self.rob_disabled {
            return None;
        }
        let mut next = self.clone();
        let runs = self.state == "open" && matches!(by, "ida" | "system");
        match name {
            "open by heads" | "open by rob and ana" if now == 0 && by != "ana" => {
                Some(self.opened(name != "open by heads", now))
            }
            "certify ana" => self.decided(ANA, by, now, "certified"),
            "revoke ana" => self.decided(ANA, by, now, "revoked"),
            "certify rob" => self.decided(ROB, by, now, "certified"),
            "revoke rob" => self.decided(ROB, by, now, "revoked"),
            "close" if runs && self.pending(now) == 0 => Some(self.ends("closed", now)),
            "close and revoke" if runs => {
                for item in [ANA, ROB] {
                    if self.listed[item] && self.item(item, now) == "pending" {
                        (next.said[item], next.ended[item]) = ("revoked", true);
                    }
                }
                let moot = self.ends("closed", now).was_moot;
                (next.state, next.was_moot) = ("closed", moot);
                Some(next)
            }
            // Rob may cancel as long as he administers.
            "cancel" if runs || (self.state == "open" && by == "rob" && !self.ended[ROB]) => {
                Some(self.ends("cancelled", now))
            }
            "unassign clerk" if self.in_force(ANA, now) => {
                next.ended[ANA] = true;
                Some(next)
            }
            "no head" | "head rob" if by == "system" => {
                next.headless = name == "no head";
                Some(next)
            }
            "disable rob" | "enable rob" if by == "system" => {
                let disables = name == "disable rob";
                next.rob_disabled = disables;
                (self.rob_disabled != disables).then_some(next)
            }
            _ => None,
        }
    }
}

#[test]
fn every_step_of_a_campaign_is_as_the_rule_reads() {
    let words = campaigns();
    let mut outcomes = Outcomes::new();
    let states = explore::<Known>(3, |reached| {
        agrees(reached);
        let next = reached.steps(&words, &mut outcomes);
        next.into_iter().map(|(_, next)| next).collect()
    });
    assert!(states > 500, "only {states} states were reached");
    // Every way to be refused was met: a law that nothing tests would be met by chance.
    assert_eq!(
        codes(&outcomes, "certify ana"),
        [
            "already-revoked",
            "login-disabled",
            "moot",
            "not-in-campaign",
            "not-reviewer",
            "ok",
            "self-review",
            "unknown-campaign",
            "wrong-state"
        ]
    );
    assert_eq!(
        codes(&outcomes, "revoke rob"),
        [
            "already-revoked",
            "login-disabled",
            "not-reviewer",
            "ok",
            "self-review",
            "unknown-campaign",
            "wrong-state"
        ]
    );
    assert_eq!(
        codes(&outcomes, "open by heads"),
        ["already-past", "not-authorised", "ok"]
    );
    assert_eq!(
        codes(&outcomes, "close"),
        [
            "not-authorised",
            "ok",
            "undecided",
            "unknown-campaign",
            "wrong-state"
        ]
    );
    assert_eq!(
        codes(&outcomes, "close and revoke"),
        ["not-authorised", "ok", "unknown-campaign", "wrong-state"]
    );
    assert_eq!(codes(&outcomes, "unassign clerk"), ["no-such-entry", "ok"]);
}

/// What the campaign answers is what is known of it.
fn agrees(reached: &Reached<Known>) {
    let (known, now) = (&reached.known, reached.walk.now);
    let Ok(report) = reached
        .walk
        .tenant
        .as_of(reached.walk.at())
        .campaign_report(CampaignId(1))
    else {
        assert_eq!(known.state, "", "{}", reached.walk);
        return;
    };
    assert_eq!(
        report.progress.state.word(),
        known.state,
        "{}",
        reached.walk
    );
    let overdue = known.state == "open" && now >= OVERDUE;
    assert_eq!(report.progress.overdue, overdue, "{}", reached.walk);
    let said: Vec<&str> = report
        .items
        .iter()
        .map(|item| ItemState::word(item.state))
        .collect();
    let listed = [ANA, ROB].into_iter().filter(|item| known.listed[*item]);
    let expected: Vec<&str> = listed.map(|item| known.item(item, now)).collect();
    assert_eq!(said, expected, "{}", reached.walk);
}
