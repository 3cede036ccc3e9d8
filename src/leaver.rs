//! What an offboarding does, line by line, and what still refers to those who have left (rule 6.3).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::event::Change;
use crate::event::Event;
use crate::governance::Governance;
use crate::governance::Governed;
use crate::governance::campaign::CampaignChange;
use crate::governance::request::RequestChange;
use crate::id::HolderKey;
use crate::id::UserKey;
use crate::ix::DepartmentIx;
use crate::ix::UserIx;
use crate::machine::entry_thing;
use crate::machine::item_thing;
use crate::machine::limit_thing;
use crate::machine::profile_thing;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::timeline::Timeline;
use crate::policy::words;
use crate::text::Language;
use crate::text::Localized;

words! {
    /// What becomes of something that was a leaver's. Closed: it ends or is somebody's.
    Fate {
        /// It ends.
        Ends = "ends": "ends", "termina",
        /// It passes to another, or to nobody.
        Passes = "passes": "passes on", "se traspasa",
    }
}

/// One line of an offboarding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handing {
    /// What: `grant user:ana finance.funds.certify`, `head roads`, `request 7`, `record invoice 12 owner`, … What passes
    /// to a user names that one.
    pub what: String,
    /// What becomes of it.
    pub fate: Fate,
    /// Whose it is then; absent where it ends or is nobody's.
    pub to: Option<UserKey>,
}

impl Handing {
    fn ends(what: String) -> Self {
        Self {
            what,
            fate: Fate::Ends,
            to: None,
        }
    }

    fn passes(what: String, to: Option<&UserKey>) -> Self {
        Self {
            what,
            fate: Fate::Passes,
            to: to.cloned(),
        }
    }

    /// The lines of an event, in its order.
    #[must_use]
    pub fn all(event: &Event) -> Vec<Self> {
        event.changes.iter().filter_map(Self::of).collect()
    }

    fn of(change: &Change) -> Option<Self> {
        Some(match change {
            Change::PersonChanged { before, after, .. } if before.enabled && !after.enabled => {
                Self::ends("login".into())
            }
            Change::Ended { holder, what, .. } => Self::ends(what.of(holder)),
            Change::Made(made) => {
                let to = match &made.holder {
                    HolderKey::User(user) => Some(user),
                    HolderKey::Everyone | HolderKey::Group(_) => None,
                };
                Self::passes(made.what.of(&made.holder), to)
            }
            Change::HeadChanged {
                department, after, ..
            } => Self::passes(format!("head {department}"), after.as_ref()),
            Change::Governed(Governed::Request(change)) => match change {
                RequestChange::Withdrawn { request } => Self::ends(format!("request {request}")),
                RequestChange::PassedOn { request, after, .. } => {
                    Self::passes(format!("request {request}"), Some(after))
                }
                RequestChange::DelegationEnded { department, .. } => {
                    Self::ends(format!("delegation {department}"))
                }
                _ => return None,
            },
            Change::Governed(Governed::Campaign(CampaignChange::ReviewsPassed { to, .. })) => {
                Self::passes("reviews".into(), Some(to))
            }
            Change::Governed(Governed::Moved(moved)) => {
                let record = &moved.record;
                let what = format!("record {} {} {}", record.kind, record.key, record.role);
                Self::passes(what, moved.to.as_ref())
            }
            _ => return None,
        })
    }
}

impl Localized for Handing {
    fn localized(&self, language: Language) -> String {
        let what = &self.what;
        match (self.fate, &self.to) {
            (Fate::Ends, _) => {
                language.choose(format!("`{what}` ends"), format!("`{what}` termina"))
            }
            (Fate::Passes, Some(to)) => language.choose(
                format!("`{what}` passes to `{to}`"),
                format!("`{what}` pasa a `{to}`"),
            ),
            (Fate::Passes, None) => language.choose(
                format!("`{what}` is nobody's"),
                format!("`{what}` queda sin nadie"),
            ),
        }
    }
}

impl AsOf<'_> {
    /// What still refers to an offboarded user, sorted; empty when all is well (rule 6.3).
    ///
    /// An offboarding leaves nothing behind. What is listed was given to somebody after they had left.
    #[must_use]
    pub fn orphans(self) -> Vec<String> {
        let mut orphans = Vec::new();
        for (ix, user) in self.model.all_users().filter(|(_, user)| user.offboarded) {
            self.held_by(ix, &mut orphans);
            for (department, branch) in self.model.departments.iter() {
                if self.model.head(DepartmentIx::new(department)) == Some(ix) {
                    orphans.push(format!("head user:{} {}", user.key, branch.key));
                }
            }
            if let Some(governance) = self.governance {
                self.governed(governance, ix, &user.key, &mut orphans);
            }
        }
        orphans.sort_unstable();
        orphans
    }

    fn held_by(self, ix: UserIx, orphans: &mut Vec<String>) {
        let model = self.model;
        let holder = model.holder_key(Holder::User(ix));
        let Holdings {
            entries,
            assignments,
            limits,
            groups,
            items,
            exceptions,
            revision: _,
        } = model.holdings(Holder::User(ix));
        self.live(entries, orphans, |spot, effect| {
            entry_thing(model, *spot, *effect).of(&holder)
        });
        self.live(assignments, orphans, |key, ()| {
            profile_thing(model, *key).of(&holder)
        });
        self.live(limits, orphans, |key, ()| {
            limit_thing(model, *key).of(&holder)
        });
        self.live(groups, orphans, |group, ()| {
            format!("member {holder} {}", model.groups.key(group.0))
        });
        self.live(items, orphans, |item, on| {
            item_thing(model, item, on).of(&holder)
        });
        self.live(exceptions, orphans, |conflict, ()| {
            let set = model.conflicts.get(conflict.at());
            format!(
                "exception {holder} {}",
                set.map_or("", |set| set.key.as_str())
            )
        });
    }

    fn live<K: Ord + Clone, V>(
        self,
        timeline: &Timeline<K, V>,
        orphans: &mut Vec<String>,
        text: impl Fn(&K, &V) -> String,
    ) {
        let live = timeline
            .iter()
            .filter(|held| !held.window.has_ended(self.at));
        orphans.extend(live.map(|held| text(&held.key, &held.value)));
    }

    fn governed(
        self,
        governance: &Governance,
        ix: UserIx,
        key: &UserKey,
        orphans: &mut Vec<String>,
    ) {
        let live = governance
            .requests
            .delegations()
            .filter(|of| (of.to == ix || of.giver == ix) && !of.window.has_ended(self.at));
        orphans.extend(live.map(|of| {
            let department = self.model.departments.key(of.department.get());
            format!("delegation user:{key} {department}")
        }));
        let open = governance.requests.open(self.model, self.at);
        orphans.extend(
            open.filter(|(_, request)| request.beneficiary == ix || request.requester == ix)
                .map(|(id, _)| format!("request user:{key} {id}")),
        );
        let (campaigns, schedules) = governance.campaigns.naming(key);
        orphans.extend(campaigns.map(|of| format!("campaign user:{key} {}", of.opened.campaign)));
        orphans.extend(schedules.map(|of| format!("schedule user:{key} {}", of.key)));
    }
}
