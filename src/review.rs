//! Questions about campaigns.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::catalog::Target;
use crate::command::OpenCampaign;
use crate::command::Verdict;
use crate::event::Thing;
use crate::governance::campaign::Campaign;
use crate::governance::campaign::CampaignState;
use crate::governance::campaign::Campaigns;
use crate::governance::campaign::Item;
use crate::governance::campaign::ItemState;
use crate::governance::campaign::Reviewing;
use crate::governance::selection::Addition;
use crate::governance::selection::additions;
use crate::id::Actor;
use crate::id::CampaignId;
use crate::id::DutyKey;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::TargetKey;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::policy::Select;
use crate::policy::rows;
use crate::source::Source;
use crate::source::places;
use crate::text::Name;
use crate::text::Text;
use crate::time::Timestamp;

rows! {
    /// How far a campaign has come.
    pub struct Progress {
        /// Where it stands.
        pub state: CampaignState,
        /// Items that nobody has decided.
        pub pending: usize,
        /// Items that may stay.
        pub certified: usize,
        /// Items that were ended.
        pub revoked: usize,
        /// Items whose entry ended meanwhile.
        pub moot: usize,
        /// Whether it is open and past its due instant.
        pub overdue: bool,
    }

    /// One item of a campaign and where it stands.
    pub struct ReviewItem {
        /// Who holds it.
        pub holder: HolderKey,
        /// What.
        pub what: Thing,
        /// Where it stands.
        pub state: ItemState,
        /// Who decided it, and when.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub decided: Option<(Timestamp, Actor)>,
        /// What the reviewer wanted kept with it.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub note: Option<Text>,
    }

    /// Everything that an auditor asks of a campaign, as one value.
    pub struct CampaignReport {
        /// Its number.
        pub campaign: CampaignId,
        /// Its name.
        pub name: Name,
        /// When it was opened.
        pub opened: Timestamp,
        /// By whom.
        pub by: Actor,
        /// When it was or is due.
        pub due: Timestamp,
        /// When it ended.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub ended: Option<Timestamp>,
        /// How far it has come.
        pub progress: Progress,
        /// How far each reviewer has come, sorted; `system` where nobody else may decide.
        pub reviewers: Vec<ReviewerProgress>,
        /// Every item.
        pub items: Vec<ReviewItem>,
        /// What the selected users and groups were given since it opened, up to its end: in force or not.
        pub granted_since: Vec<Addition>,
    }

    /// How far one reviewer of a campaign has come.
    pub struct ReviewerProgress {
        /// The reviewer.
        pub reviewer: Actor,
        /// Items that wait for this reviewer, and perhaps for others as well.
        pub pending: usize,
        /// Items of which it was this reviewer who said that they may stay.
        pub certified: usize,
        /// Items that this reviewer ended.
        pub revoked: usize,
    }
}

impl ReviewItem {
    /// The target, profile or group, by which items are sorted.
    #[must_use]
    pub fn name(&self) -> &str {
        name_and_scope(&self.what).0
    }

    /// The verdict on this item, without a note: to be given with
    /// [`Command::Certify`](crate::Command::Certify) or [`Command::RevokeItem`](crate::Command::RevokeItem).
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::{Actor, Command, Stamp, Tenant};
    ///
    /// let policy = r#"
    ///     duty = [{ key = "finance.funds.certify" }]
    ///     user = [{ key = "ana" }]
    ///     grant = [{ holder = "user:ana", on = "finance.funds.certify" }]
    /// "#;
    /// let mut tenant = Tenant::from_toml(policy)?;
    /// let stamp = Stamp::new("2026-01-05T09:00:00Z".parse()?, Actor::System);
    /// let open: Command = serde_json::from_str(
    ///     r#"{ "open-campaign": { "name": "spring", "due": "2026-02-01T00:00:00Z" } }"#,
    /// )?;
    /// let campaign = tenant.execute(&stamp, &open)?.campaign().unwrap();
    /// for item in tenant.as_of(stamp.at).campaign_report(campaign)?.items {
    ///     tenant.execute(&stamp, &Command::Certify(item.verdict(campaign)))?;
    /// }
    /// assert_eq!(tenant.as_of(stamp.at).campaign(campaign)?.certified, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn verdict(&self, campaign: CampaignId) -> Verdict {
        let (user, holder) = match &self.holder {
            HolderKey::User(user) => (Some(user.clone()), None),
            holder => (None, Some(holder.clone())),
        };
        let (mut on, mut profile, mut group, mut place) = (None, None, None, None);
        match &self.what {
            Thing::Grant {
                on: target, scope, ..
            }
            | Thing::Revoke { on: target, scope }
            | Thing::Level {
                on: target, scope, ..
            } => {
                (on, place) = (Some(target.clone()), scope.clone());
            }
            Thing::Profile {
                profile: given,
                scope,
            } => {
                (profile, place) = (Some(given.clone()), scope.clone());
            }
            Thing::Membership { group: of } => group = Some(of.clone()),
            // These are not reviewed.
            Thing::Limit { .. } | Thing::Item { .. } | Thing::Exception { .. } => {}
        }
        Verdict {
            campaign,
            user,
            holder,
            on,
            profile,
            group,
            scope: place,
            note: None,
        }
    }
}

impl<'a> AsOf<'a> {
    /// How far a campaign has come.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if there is no such campaign.
    pub fn campaign(self, id: CampaignId) -> Result<Progress, QuestionError> {
        Ok(self.progress(self.find_campaign(id)?))
    }

    /// The users of whose items some wait for a reviewer, sorted; `system` reviews what nobody else may.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the campaign or the reviewer is unknown.
    pub fn reviews(
        self,
        id: CampaignId,
        reviewer: &Actor,
    ) -> Result<Vec<HolderKey>, QuestionError> {
        let campaign = self.find_campaign(id)?;
        let user = reviewer
            .user()
            .map(|key| self.model.find_user(key.as_str()))
            .transpose()?;
        if campaign.state() != CampaignState::Open {
            return Ok(Vec::new());
        }
        let mut waiting = BTreeSet::new();
        for (number, item) in campaign.items() {
            if waiting.contains(&item.holder)
                || campaign.item_state(self.model, number, self.at) != ItemState::Pending
            {
                continue;
            }
            let holder = self.model.find_holder(&item.holder)?;
            let waits = match (campaign.reviewers_of(self.model, holder, self.at), user) {
                (Reviewing::System, None) => true,
                (Reviewing::Users(users), Some(user)) => users.contains(&user),
                _ => false,
            };
            if waits {
                waiting.insert(item.holder.clone());
            }
        }
        Ok(waiting.into_iter().collect())
    }

    /// A holder's items in a campaign, sorted by target, profile or group and then by scope.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the campaign or the holder is unknown.
    pub fn review(
        self,
        id: CampaignId,
        holder: &HolderKey,
    ) -> Result<Vec<ReviewItem>, QuestionError> {
        let campaign = self.find_campaign(id)?;
        self.model.find_holder(holder)?;
        let mut items: Vec<ReviewItem> = campaign
            .items()
            .filter(|(_, item)| item.holder == *holder)
            .map(|(number, item)| self.review_item(campaign, number, item))
            .collect();
        items.sort_by(|a, b| name_and_scope(&a.what).cmp(&name_and_scope(&b.what)));
        Ok(items)
    }

    /// The schedules that have come due and were not opened since, sorted.
    #[must_use]
    pub fn campaigns_due(self) -> Vec<&'a Key> {
        let Some(campaigns) = self.every_campaign() else {
            return Vec::new();
        };
        let due = campaigns
            .schedules
            .iter()
            .filter(|schedule| campaigns.is_due(schedule, self.at));
        let mut due: Vec<&Key> = due.map(|schedule| &schedule.key).collect();
        due.sort_unstable();
        due
    }

    /// Everything that an auditor asks of a campaign.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if there is no such campaign.
    pub fn campaign_report(self, id: CampaignId) -> Result<CampaignReport, QuestionError> {
        let campaign = self.find_campaign(id)?;
        let items: Vec<ReviewItem> = campaign
            .items()
            .map(|(number, item)| self.review_item(campaign, number, item))
            .collect();
        let selection = Select {
            not_certified_since: None,
            ..campaign.opened.select.clone()
        };
        let last = campaign
            .ended
            .as_ref()
            .map_or(u64::MAX, |_| campaign.revision);
        let granted_since = additions(self.model, &selection, self.at, (campaign.since, last));
        Ok(CampaignReport {
            campaign: id,
            name: campaign.opened.name.clone(),
            opened: campaign.at,
            by: campaign.by.clone(),
            due: campaign.opened.due,
            ended: campaign.ended.as_ref().map(|ended| ended.at),
            progress: self.progress(campaign),
            reviewers: self.reviewers(campaign, &items)?,
            items,
            granted_since,
        })
    }

    /// The command that reviews again what a campaign left undecided, to be done by another instant: what it selected
    /// and what was not certified since.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if there is no such campaign.
    pub fn campaign_again(
        self,
        id: CampaignId,
        due: Timestamp,
    ) -> Result<OpenCampaign, QuestionError> {
        let campaign = self.find_campaign(id)?;
        let opened = &campaign.opened;
        let since = opened.select.not_certified_since.unwrap_or(campaign.at);
        Ok(OpenCampaign {
            name: Some(opened.name.clone()),
            due: Some(due),
            select: Some(Select {
                not_certified_since: Some(since),
                ..opened.select.clone()
            }),
            reviewers: Some(opened.reviewers.clone()),
            schedule: None,
        })
    }

    /// The duties under some targets that a user holds all the same in some scope, each with its sources: what
    /// is left after one path was revoked.
    ///
    /// # Errors
    ///
    /// [`QuestionError::Unknown`] if the user or a target is unknown.
    pub fn still_held(
        self,
        user: &UserKey,
        targets: &[TargetKey],
    ) -> Result<Vec<(&'a DutyKey, Vec<String>)>, QuestionError> {
        let ix = self.model.find_user(user.as_str())?;
        let targets: Vec<Target> = targets
            .iter()
            .map(|key| self.model.catalog.target(key))
            .collect::<Result<_, _>>()?;
        let under = self.model.catalog.covers_any(&targets);
        let Some(user) = self.model.user(ix) else {
            return Ok(Vec::new());
        };
        let held = crate::as_of::held(self.model, user, self.at);
        let mut answer = Vec::new();
        for duty in under.iter().filter(|duty| held.contains(*duty)) {
            let mut sources = BTreeSet::new();
            for place in places(self.model, user, self.at) {
                let all = Source::all(self.model, user, duty, &self.model.path(place), self.at);
                let grants = all.iter().filter(|source| {
                    source.overridden_by.is_none() && source.opinion.granted().is_some()
                });
                sources.extend(grants.map(|source| source.text(self.model)));
            }
            answer.extend(
                self.model
                    .catalog
                    .get(duty)
                    .map(|duty| (&duty.key, sources.into_iter().collect())),
            );
        }
        Ok(answer)
    }

    fn every_campaign(self) -> Option<&'a Campaigns> {
        self.governance.map(|governance| &governance.campaigns)
    }

    fn find_campaign(self, id: CampaignId) -> Result<&'a Campaign, Unknown> {
        let unknown = || Unknown::new(Kind::Campaign, &alloc::format!("{id}"), []);
        self.every_campaign().ok_or_else(unknown)?.get(id)
    }

    fn progress(self, campaign: &Campaign) -> Progress {
        let mut counts = [0_usize; 4];
        for (number, _) in campaign.items() {
            let state = campaign.item_state(self.model, number, self.at);
            if let Some(count) = counts.get_mut(state as usize) {
                *count += 1;
            }
        }
        let [pending, certified, revoked, moot] = counts;
        let state = campaign.state();
        let overdue = state == CampaignState::Open && self.at > campaign.opened.due;
        Progress {
            state,
            pending,
            certified,
            revoked,
            moot,
            overdue,
        }
    }

    /// What waits for each reviewer, and what each has decided.
    fn reviewers(
        self,
        campaign: &Campaign,
        items: &[ReviewItem],
    ) -> Result<Vec<ReviewerProgress>, QuestionError> {
        let mut all: BTreeMap<Actor, ReviewerProgress> = BTreeMap::new();
        let mut of = |reviewer: Actor, count: fn(&mut ReviewerProgress) -> &mut usize| {
            let progress = all.entry(reviewer.clone()).or_insert(ReviewerProgress {
                reviewer,
                pending: 0,
                certified: 0,
                revoked: 0,
            });
            *count(progress) += 1;
        };
        for item in items {
            match (item.state, &item.decided) {
                (ItemState::Certified, Some((_, by))) => {
                    of(by.clone(), |progress| &mut progress.certified);
                }
                (ItemState::Revoked, Some((_, by))) => {
                    of(by.clone(), |progress| &mut progress.revoked);
                }
                (ItemState::Pending, _) if campaign.ended.is_none() => {
                    let holder = self.model.find_holder(&item.holder)?;
                    match campaign.reviewers_of(self.model, holder, self.at) {
                        Reviewing::System => of(Actor::System, |progress| &mut progress.pending),
                        Reviewing::Users(users) => {
                            let keys = users.iter().filter_map(|user| self.model.user_key(*user));
                            for key in keys {
                                of(Actor::User(key.clone()), |progress| &mut progress.pending);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(all.into_values().collect())
    }

    fn review_item(self, campaign: &Campaign, number: u32, item: &Item) -> ReviewItem {
        let verdict = campaign.verdicts.get(&number);
        ReviewItem {
            holder: item.holder.clone(),
            what: item.what.clone(),
            state: campaign.item_state(self.model, number, self.at),
            decided: verdict.map(|verdict| (verdict.at, verdict.by.clone())),
            note: verdict.and_then(|verdict| verdict.note.clone()),
        }
    }
}

/// The target, profile or group of a thing, and its scope.
pub(crate) fn name_and_scope(what: &Thing) -> (&str, Option<&str>) {
    let (name, scope) = match what {
        Thing::Grant { on, scope, .. }
        | Thing::Revoke { on, scope }
        | Thing::Level { on, scope, .. } => (on.as_str(), scope.as_ref()),
        Thing::Profile { profile, scope } => (profile.as_str(), scope.as_ref()),
        Thing::Limit { limit, scope } => (limit.as_str(), scope.as_ref()),
        Thing::Membership { group } => (group.as_str(), None),
        Thing::Item { item, .. } => (item.as_str(), None),
        Thing::Exception { conflict } => (conflict.as_str(), None),
    };
    (name, scope.map(Key::as_str))
}
