//! Offboarding: one step after which nothing refers to the leaver but history (rule 6.3).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::catalog::Target;
use crate::command::Heir;
use crate::command::Offboard;
use crate::event::Change;
use crate::event::Changes;
use crate::event::Made;
use crate::event::Stamp;
use crate::event::Thing;
use crate::governance::Governed;
use crate::governance::Moved;
use crate::governance::campaign::CampaignChange;
use crate::governance::chain::heads_of;
use crate::governance::request::Request;
use crate::governance::request::RequestChange;
use crate::id::ItemKey;
use crate::id::Key;
use crate::ix::DepartmentIx;
use crate::ix::UserIx;
use crate::leaver::Handing;
use crate::machine::entry_thing;
use crate::machine::item_thing;
use crate::machine::limit_thing;
use crate::machine::profile_thing;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::timeline::Held;
use crate::model::timeline::Timeline;
use crate::refusal::Refusal;
use crate::tenant::Tenant;
use crate::tenant::decide::Deciding;
use crate::tenant::decide::refused;
use crate::tenant::resolve::Faults;
use crate::time::Timestamp;
use crate::time::Window;

impl Tenant {
    /// What an offboarding would end and pass on, one line for each, before anything does.
    ///
    /// Delegations by the leaver have no line of their own: they hold for as long as the leaver heads the department,
    /// and that is passed on.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] that the command itself would meet.
    pub fn offboarding_preview(
        &self,
        stamp: &Stamp,
        command: &Offboard,
    ) -> Result<Vec<Handing>, Refusal> {
        let command = crate::command::Command::Offboard(command.clone());
        Ok(Handing::all(&self.decide(stamp, &command)?))
    }
}

impl Deciding<'_> {
    pub(super) fn offboard(&self, row: &Offboard) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let leaver = faults.take("user", self.model.find_user(row.user.as_str()));
        let successor = faults.take("successor", self.model.find_user(row.successor.as_str()));
        let found = leaver.and_then(|leaver| Some((leaver, successor?)));
        let (leaver, successor) = refused(found, faults)?;
        self.admit(&[None], &[Holder::User(leaver), Holder::User(successor)])?;
        let active = self.model.user(successor).is_some_and(|user| user.enabled);
        if leaver == successor || !active {
            return Err(Refusal::InvalidSuccessor);
        }
        let mut changes = self.change_person(leaver, |person| {
            person.enabled = false;
            person.offboarded = true;
            person.team = None;
            person.all_teams = false;
            Ok(())
        })?;
        self.end_holdings(leaver, &mut changes);
        self.pass_items(leaver, successor, &mut changes);
        self.pass_headships(leaver, row, &mut changes);
        self.end_delegations(leaver, row, &mut changes);
        self.settle_requests(leaver, successor, row, &mut changes);
        let (mut campaigns, mut schedules) = self.tenant.governance.campaigns.naming(&row.user);
        if campaigns.next().is_some() || schedules.next().is_some() {
            let passed = CampaignChange::ReviewsPassed {
                from: row.user.clone(),
                to: row.successor.clone(),
            };
            changes.push(Change::Governed(Governed::Campaign(passed)));
        }
        for record in &row.records {
            let to = match record.to.unwrap_or(Heir::Successor) {
                Heir::Successor => Some(row.successor.clone()),
                Heir::Nobody => None,
            };
            changes.push(Change::Governed(Governed::Moved(Moved {
                record: record.clone(),
                from: row.user.clone(),
                to,
            })));
        }
        Ok(changes)
    }

    /// Ends everything that gives or limits authority. It ends where it has begun; the rest is cancelled.
    fn end_holdings(&self, leaver: UserIx, changes: &mut Changes) {
        let holder = Holder::User(leaver);
        let Holdings {
            entries,
            assignments,
            limits,
            groups,
            items: _,
            exceptions,
            revision: _,
        } = self.model.holdings(holder);
        let model = self.model;
        self.end_all(holder, entries, changes, |spot, effect| {
            entry_thing(model, *spot, *effect)
        });
        self.end_all(holder, assignments, changes, |key, ()| {
            profile_thing(model, *key)
        });
        self.end_all(holder, groups, changes, |group, ()| Thing::Membership {
            group: model
                .groups
                .get(group.0)
                .map_or_else(Key::nameless, |branch| branch.key.clone()),
        });
        self.end_all(holder, limits, changes, |key, ()| limit_thing(model, *key));
        self.end_all(holder, exceptions, changes, |conflict, ()| {
            let set = model.conflicts.get(conflict.at());
            Thing::Exception {
                conflict: set.map_or_else(Key::nameless, |set| set.key.clone()),
            }
        });
    }

    fn end_all<K: Ord + Clone, V>(
        &self,
        holder: Holder,
        timeline: &Timeline<K, V>,
        changes: &mut Changes,
        describe: impl Fn(&K, &V) -> Thing,
    ) {
        let key = self.model.holder_key(holder);
        for held in timeline.iter().filter(|held| self.lives(held)) {
            changes.push(Change::Ended {
                holder: key.clone(),
                what: describe(&held.key, &held.value),
                before: held.window,
                after: held.window.ended_at(self.at()),
            });
        }
    }

    fn lives<K, V>(&self, held: &Held<K, V>) -> bool {
        !held.window.has_ended(self.at())
    }

    /// Passes rights on items. Where the successor has rights on the same item at the same time, they become one,
    /// with the targets of both, to the later end.
    fn pass_items(&self, leaver: UserIx, successor: UserIx, changes: &mut Changes) {
        let (from, to) = (Holder::User(leaver), Holder::User(successor));
        let (theirs, own) = (
            &self.model.holdings(from).items,
            &self.model.holdings(to).items,
        );
        let describe = |item: &ItemKey, on: &Vec<Target>| item_thing(self.model, item, on);
        self.end_all(from, theirs, changes, describe);
        let items: BTreeSet<&ItemKey> = theirs
            .iter()
            .filter(|held| self.lives(held))
            .map(|held| &held.key)
            .collect();
        for item in items {
            let mut rights: Vec<Right<'_>> = Vec::new();
            let all = theirs.of(item).iter().map(|held| (held, false));
            let all = all.chain(own.of(item).iter().map(|held| (held, true)));
            for (held, own) in all.filter(|(held, _)| self.lives(held)) {
                rights.push(Right::new(held, own, self.at()));
            }
            for right in merged(rights).iter().filter(|right| right.passes) {
                for held in &right.own {
                    changes.push(Change::Ended {
                        holder: self.model.holder_key(to),
                        what: item_thing(self.model, item, &held.value),
                        before: held.window,
                        after: held.window.ended_at(self.at()),
                    });
                }
                let Ok(window) = Window::new(Some(right.from), right.until) else {
                    continue;
                };
                changes.push(Change::Made(Made {
                    holder: self.model.holder_key(to),
                    what: item_thing(self.model, item, &right.on),
                    window,
                    reason: right.first.origin.reason.clone(),
                    document: right.first.origin.document.clone(),
                    request: None,
                }));
            }
        }
    }

    fn pass_headships(&self, leaver: UserIx, row: &Offboard, changes: &mut Changes) {
        for (ix, branch) in self.model.departments.iter() {
            if self.model.head(DepartmentIx::new(ix)) == Some(leaver) {
                changes.push(Change::HeadChanged {
                    department: branch.key.clone(),
                    before: Some(row.user.clone()),
                    after: Some(row.successor.clone()),
                });
            }
        }
    }

    /// Ends delegations to the leaver; those by the leaver end with the headships.
    fn end_delegations(&self, leaver: UserIx, row: &Offboard, changes: &mut Changes) {
        let requests = &self.tenant.governance.requests;
        let departments: BTreeSet<DepartmentIx> = requests
            .delegations()
            .filter(|of| of.to == leaver && !of.window.has_ended(self.at()))
            .map(|of| of.department)
            .collect();
        for department in departments {
            if let Some(branch) = self.model.departments.get(department.get()) {
                changes.push(requested(RequestChange::DelegationEnded {
                    department: branch.key.clone(),
                    to: row.user.clone(),
                }));
            }
        }
    }

    /// Withdraws open requests for the leaver, and passes on those that the leaver made for others.
    fn settle_requests(
        &self,
        leaver: UserIx,
        successor: UserIx,
        row: &Offboard,
        changes: &mut Changes,
    ) {
        let open = self.tenant.governance.requests.open(self.model, self.at());
        for (id, request) in open {
            let heir = if request.beneficiary == leaver {
                None
            } else if request.requester == leaver {
                self.heir_of(request, leaver, successor)
            } else {
                continue;
            };
            let heir = heir.and_then(|heir| self.model.user_key(heir));
            changes.push(requested(match heir {
                Some(heir) => RequestChange::PassedOn {
                    request: id,
                    before: row.user.clone(),
                    after: heir.clone(),
                },
                None => RequestChange::Withdrawn { request: id },
            }));
        }
    }

    /// Whose a leaver's request becomes: the successor's, else that of the next head up who did not approve it.
    fn heir_of(&self, request: &Request, leaver: UserIx, successor: UserIx) -> Option<UserIx> {
        let approved = |user: UserIx| {
            request
                .approval
                .is_some_and(|approval| approval.by == user || approval.instead_of == Some(user))
        };
        if !approved(successor) {
            return Some(successor);
        }
        let mut heads = heads_of(self.model, request.beneficiary).map(|(_, head)| head);
        heads.find(|head| *head != leaver && !approved(*head))
    }
}

/// Rights on one item whose windows share an instant.
struct Right<'a> {
    from: Timestamp,
    until: Option<Timestamp>,
    on: Vec<Target>,
    /// The one that says why.
    first: &'a Held<ItemKey, Vec<Target>>,
    /// Whether some of it is the leaver's.
    passes: bool,
    /// The successor's own of it.
    own: Vec<&'a Held<ItemKey, Vec<Target>>>,
}

impl<'a> Right<'a> {
    fn new(held: &'a Held<ItemKey, Vec<Target>>, own: bool, now: Timestamp) -> Self {
        Self {
            from: held.window.from().map_or(now, |from| from.max(now)),
            until: held.window.until(),
            on: held.value.clone(),
            first: held,
            passes: !own,
            own: if own { [held].into() } else { Vec::new() },
        }
    }

    fn touches(&self, later: &Self) -> bool {
        self.until.is_none_or(|until| later.from < until)
    }

    fn add(&mut self, later: Self) {
        self.until = match (self.until, later.until) {
            (Some(one), Some(other)) => Some(one.max(other)),
            _ => None,
        };
        for target in later.on {
            if !self.on.contains(&target) {
                self.on.push(target);
            }
        }
        if later.passes && !self.passes {
            self.first = later.first;
        }
        self.passes |= later.passes;
        self.own.extend(later.own);
    }
}

/// Rights in order, those that share an instant as one.
fn merged(mut rights: Vec<Right<'_>>) -> Vec<Right<'_>> {
    rights.sort_by_key(|right| right.from);
    let mut merged: Vec<Right<'_>> = Vec::new();
    for right in rights {
        match merged.last_mut() {
            Some(last) if last.touches(&right) => last.add(right),
            _ => merged.push(right),
        }
    }
    merged
}

fn requested(change: RequestChange) -> Change {
    Change::Governed(Governed::Request(change))
}
