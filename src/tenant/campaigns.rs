//! Commands on campaigns (rule 6.2).

use alloc::vec::Vec;

use smallvec::smallvec;

use crate::command;
use crate::command::CancelCampaign;
use crate::command::CloseCampaign;
use crate::command::OpenCampaign;
use crate::command::Undecided;
use crate::event::Change;
use crate::event::Changes;
use crate::event::Thing;
use crate::fault::Fault;
use crate::governance::Governed;
use crate::governance::campaign::Campaign;
use crate::governance::campaign::CampaignChange;
use crate::governance::campaign::CampaignState;
use crate::governance::campaign::Decided;
use crate::governance::campaign::Item;
use crate::governance::campaign::ItemState;
use crate::governance::campaign::Opened;
use crate::governance::campaign::Outcome;
use crate::governance::campaign::Plan;
use crate::governance::campaign::Reviewing;
use crate::governance::campaign::is_own;
use crate::governance::selection::select;
use crate::id::CampaignId;
use crate::id::HolderKey;
use crate::model::Holder;
use crate::policy::Reviewers;
use crate::refusal::Refusal;
use crate::tenant::decide::Deciding;
use crate::tenant::decide::refused;
use crate::tenant::resolve;
use crate::tenant::resolve::Faults;

impl Deciding<'_> {
    pub(super) fn open_campaign(&self, row: &OpenCampaign) -> Result<Changes, Refusal> {
        let campaigns = &self.tenant.governance.campaigns;
        let mut faults = Faults::default();
        let schedule = match &row.schedule {
            Some(key) => faults.take("schedule", campaigns.schedule(key.as_str())),
            None => None,
        };
        if let Some(select) = &row.select {
            resolve::select(self.model, select, &mut faults);
        }
        if let Some(Reviewers::Named(named)) = &row.reviewers {
            resolve::users(self.model, "reviewers", named, &mut faults);
        }
        let plan = Plan::new(row, schedule, self.at());
        if row.schedule.is_none() {
            for (field, there) in [("name", row.name.is_some()), ("due", row.due.is_some())] {
                if !there {
                    faults.add(
                        field,
                        Fault::WrongShape {
                            wanted: (
                                "a name and a due instant, or a schedule",
                                "un nombre y una fecha límite, o un calendario de revisiones",
                            )
                                .into(),
                        },
                    );
                }
            }
        }
        let plan = refused(plan, faults)?;
        self.admit(&[None], &[])?;
        let due = plan
            .due
            .filter(|due| *due > self.at())
            .ok_or(Refusal::AlreadyPast)?;
        let items = select(self.model, &plan.select, self.at());
        Ok(smallvec![campaign(CampaignChange::Opened(Opened {
            campaign: campaigns.next_id(),
            name: plan.name,
            due,
            select: plan.select,
            reviewers: plan.reviewers,
            schedule: row.schedule.clone(),
            items,
        }))])
    }

    pub(super) fn verdict(
        &self,
        row: &command::Verdict,
        outcome: Outcome,
    ) -> Result<Changes, Refusal> {
        let campaign = self.tenant.governance.campaigns.get(row.campaign)?;
        let holder = self.reviewed(row)?;
        self.in_order()?;
        self.reviews(campaign, holder)?;
        self.current([campaign.revision, self.revision_of(holder)].into_iter())?;
        is_open(campaign)?;
        let key = self.model.holder_key(holder);
        let found = campaign
            .items()
            .find(|(_, item)| item.holder == key && is_named(row, &item.what));
        let (number, item) = found.ok_or(Refusal::NotInCampaign)?;
        let state = campaign.item_state(self.model, number, self.at());
        if state == ItemState::Revoked {
            return Err(Refusal::AlreadyRevoked);
        }
        if state == ItemState::Moot || !item.holds(self.model, self.at()) {
            return Err(Refusal::Moot);
        }
        let note = row.note.clone();
        let mut changes = smallvec![decided(row.campaign, number, outcome, note)];
        changes.extend(match outcome {
            Outcome::Certified => Some(self.certified(item)),
            Outcome::Revoked => self.ended(item),
        });
        Ok(changes)
    }

    pub(super) fn close_campaign(&self, row: &CloseCampaign) -> Result<Changes, Refusal> {
        let campaign = self.tenant.governance.campaigns.get(row.campaign)?;
        self.in_order()?;
        self.authorised(&[None])?;
        self.current([campaign.revision].into_iter())?;
        is_open(campaign)?;
        let pending = |number: &u32| {
            campaign.item_state(self.model, *number, self.at()) == ItemState::Pending
        };
        let pending: Vec<(u32, &Item)> = campaign
            .items()
            .filter(|(number, _)| pending(number))
            .collect();
        let mut changes = Changes::new();
        match row.undecided {
            None if !pending.is_empty() => {
                return Err(Refusal::Undecided {
                    count: pending.len(),
                });
            }
            None => {}
            Some(Undecided::Revoke) => {
                for (number, item) in pending {
                    changes.push(decided(row.campaign, number, Outcome::Revoked, None));
                    changes.extend(self.ended(item));
                }
            }
        }
        changes.push(self::campaign(CampaignChange::Closed(row.campaign)));
        Ok(changes)
    }

    pub(super) fn cancel_campaign(&self, row: &CancelCampaign) -> Result<Changes, Refusal> {
        let campaign = self.tenant.governance.campaigns.get(row.campaign)?;
        self.in_order()?;
        self.authorised(&[None])?;
        self.current([campaign.revision].into_iter())?;
        is_open(campaign)?;
        Ok(smallvec![self::campaign(CampaignChange::Cancelled(
            row.campaign
        ))])
    }

    /// Whose item a verdict is on; that what it names is known.
    fn reviewed(&self, row: &command::Verdict) -> Result<Holder, Refusal> {
        let mut faults = Faults::default();
        let wanted = |what: (&str, &str)| Fault::WrongShape {
            wanted: what.into(),
        };
        let holder = match (&row.user, &row.holder) {
            (Some(user), None) => faults
                .take("user", self.model.find_user(user.as_str()))
                .map(Holder::User),
            (None, Some(HolderKey::Everyone) | None) | (Some(_), Some(_)) => {
                faults.add(
                    "user",
                    wanted((
                        "a user, or a group as `holder`",
                        "un usuario, o un grupo en `holder`",
                    )),
                );
                None
            }
            (None, Some(holder)) => faults.take("holder", self.model.find_holder(holder)),
        };
        match (&row.on, &row.profile, &row.group) {
            (Some(on), None, None) => {
                faults.take("on", self.model.catalog.target(on));
            }
            (None, Some(profile), None) => {
                faults.take("profile", self.model.find_any_profile(profile.as_str()));
            }
            (None, None, Some(group)) => {
                faults.take("group", self.model.find_group(group.as_str()));
            }
            _ => faults.add(
                "on",
                wanted((
                    "one of `on`, `profile` and `group`",
                    "uno de `on`, `profile` y `group`",
                )),
            ),
        }
        faults.take("scope", self.model.find_place(row.scope.as_ref()));
        refused(holder, faults)
    }

    /// That the actor reviews what the holder has.
    fn reviews(&self, campaign: &Campaign, holder: Holder) -> Result<(), Refusal> {
        let reviewing = campaign.reviewers_of(self.model, holder, self.at());
        match (self.actor, reviewing) {
            (None, Reviewing::System) => Ok(()),
            (Some(actor), Reviewing::Users(users)) if users.contains(&actor) => Ok(()),
            (Some(actor), _)
                if is_own(self.model, actor, holder, self.at())
                    && campaign.would_review(self.model, actor, holder) =>
            {
                Err(Refusal::SelfReview)
            }
            _ => Err(Refusal::NotReviewer),
        }
    }

    fn certified(&self, item: &Item) -> Change {
        Change::Certified {
            holder: item.holder.clone(),
            what: item.what.clone(),
            from: item.from,
            before: item.certified(self.model),
            after: (self.at(), self.stamp.by.clone()),
        }
    }

    fn ended(&self, item: &Item) -> Option<Change> {
        let before = item.window(self.model)?;
        let after = before.ended_at(self.at());
        Some(Change::Ended {
            holder: item.holder.clone(),
            what: item.what.clone(),
            before,
            after,
        })
    }
}

fn campaign(change: CampaignChange) -> Change {
    Change::Governed(Governed::Campaign(change))
}

fn decided(id: CampaignId, item: u32, outcome: Outcome, note: Option<crate::text::Text>) -> Change {
    campaign(CampaignChange::Decided(Decided {
        campaign: id,
        item,
        outcome,
        note,
    }))
}

fn is_open(campaign: &Campaign) -> Result<(), Refusal> {
    match campaign.state() {
        CampaignState::Open => Ok(()),
        state => Err(Refusal::WrongState {
            state: state.word(),
        }),
    }
}

/// Whether a verdict names this thing.
fn is_named(row: &command::Verdict, what: &Thing) -> bool {
    match what {
        Thing::Grant { on, scope, .. }
        | Thing::Revoke { on, scope }
        | Thing::Level { on, scope, .. } => row.on.as_ref() == Some(on) && row.scope == *scope,
        Thing::Profile { profile, scope } => {
            row.profile.as_ref() == Some(profile) && row.scope == *scope
        }
        Thing::Membership { group } => row.group.as_ref() == Some(group),
        Thing::Limit { .. } | Thing::Item { .. } | Thing::Exception { .. } => false,
    }
}
