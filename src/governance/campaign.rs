//! Recertification campaigns: a frozen list of what is held, and what reviewers say of each (rule 6.2).

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::command::OpenCampaign;
use crate::event::Thing;
use crate::governance::chain::heads_of;
use crate::id::Actor;
use crate::id::CampaignId;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::ix::UserIx;
use crate::machine::Context;
use crate::machine::Misfit;
use crate::machine::Resolved;
use crate::machine::resolve_thing;
use crate::model::Holder;
use crate::model::Model;
use crate::model::timeline::Timeline;
use crate::policy;
use crate::policy::Reviewers;
use crate::policy::Select;
use crate::policy::rows;
use crate::policy::words;
use crate::text::Name;
use crate::text::Text;
use crate::time::Duration;
use crate::time::Timestamp;
use crate::time::Window;

words! {
    /// What a reviewer says of an item. Closed: the rule has these two.
    Outcome {
        /// It may stay.
        Certified = "certified": "certified", "certificado",
        /// It ends.
        Revoked = "revoked": "revoked", "revocado",
    }
}

words! {
    /// Where an item stands. Closed: the rule has these.
    ItemState {
        /// Nobody has decided it.
        Pending = "pending": "pending", "pendiente",
        /// It may stay.
        Certified = "certified": "certified", "certificado",
        /// It was ended by its reviewer.
        Revoked = "revoked": "revoked", "revocado",
        /// What was to be reviewed has ended meanwhile.
        Moot = "moot": "moot", "sin objeto",
    }
}

words! {
    /// Where a campaign stands. Closed: the rule has these.
    CampaignState {
        /// Items are decided.
        Open = "open": "open", "abierta",
        /// Nothing is left to decide.
        Closed = "closed": "closed", "cerrada",
        /// It was called off.
        Cancelled = "cancelled": "cancelled", "cancelada",
    }
}

/// What became of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum CampaignChange {
    /// It was opened over these items.
    Opened(Opened),
    /// An item was decided.
    Decided(Decided),
    /// It was closed.
    Closed(CampaignId),
    /// It was called off.
    Cancelled(CampaignId),
    /// What a leaver reviews or opened passes to another.
    ReviewsPassed {
        /// The leaver.
        from: UserKey,
        /// The successor.
        to: UserKey,
    },
}

rows! {
    /// A campaign as it was opened.
    pub struct Opened {
        /// Its number.
        pub campaign: CampaignId,
        /// Its name.
        pub name: Name,
        /// When it is due.
        pub due: Timestamp,
        /// What it reviews.
        pub select: Select,
        /// By whom.
        pub reviewers: Reviewers,
        /// The schedule it comes from.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub schedule: Option<Key>,
        /// Everything that is to be decided.
        pub items: Vec<Item>,
    }

    /// One thing to be decided, bound to the one entry that was in force when the campaign opened.
    pub struct Item {
        /// Who holds it.
        pub holder: HolderKey,
        /// What.
        pub what: Thing,
        /// Its start.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub from: Option<Timestamp>,
        /// The revision at which it was made.
        pub made: u64,
    }

    /// A reviewer's word on an item.
    pub struct Decided {
        /// The campaign.
        pub campaign: CampaignId,
        /// Which of its items, from 0.
        pub item: u32,
        /// The word.
        pub outcome: Outcome,
        /// What the reviewer wants kept with it.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        pub note: Option<Text>,
    }
}

/// All campaigns of a tenant.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Campaigns {
    all: Vec<Arc<Campaign>>,
    /// The tenant's recurring reviews.
    pub(crate) schedules: Arc<Vec<policy::Schedule>>,
}

/// One campaign.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Campaign {
    pub(crate) opened: Opened,
    pub(crate) at: Timestamp,
    pub(crate) by: Actor,
    /// The tenant's revision when it was opened.
    pub(crate) since: u64,
    /// How it ended.
    pub(crate) ended: Option<Ended>,
    /// The words on its items, by their positions.
    pub(crate) verdicts: BTreeMap<u32, Verdict>,
    /// The tenant's revision when it last changed.
    pub(crate) revision: u64,
}

/// The end of a campaign.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Ended {
    pub(crate) state: CampaignState,
    pub(crate) at: Timestamp,
    /// The items whose entries had ended by then: what becomes of the others later is no matter of the campaign's.
    moot: BTreeSet<u32>,
}

/// A word on an item: whose, when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) by: Actor,
    pub(crate) at: Timestamp,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) note: Option<Text>,
}

/// What a verdict writes over, to be put back.
#[derive(Debug)]
pub(crate) struct Kept {
    campaign: CampaignId,
    item: u32,
    verdict: Option<Verdict>,
    revision: u64,
}

impl Campaigns {
    pub(crate) fn apply(
        &mut self,
        change: &CampaignChange,
        model: &Model,
        context: &Context<'_>,
    ) -> Result<(), Misfit> {
        match change {
            CampaignChange::Opened(opened) => {
                if opened.campaign != self.next_id() {
                    return Err(Misfit);
                }
                self.all.push(Arc::new(Campaign {
                    opened: opened.clone(),
                    at: context.at,
                    by: context.by.clone(),
                    since: context.revision,
                    ended: None,
                    verdicts: BTreeMap::new(),
                    revision: context.revision,
                }));
                Ok(())
            }
            CampaignChange::Decided(decided) => {
                let campaign = self.get(decided.campaign).map_err(|_| Misfit)?;
                if campaign.item(decided.item).is_none() {
                    return Err(Misfit);
                }
                let verdict = Verdict {
                    outcome: decided.outcome,
                    by: context.by.clone(),
                    at: context.at,
                    note: decided.note.clone(),
                };
                let campaign = self.open_mut(decided.campaign, context)?;
                campaign.verdicts.insert(decided.item, verdict);
                Ok(())
            }
            CampaignChange::Closed(id) => {
                self.open_mut(*id, context)?
                    .end(CampaignState::Closed, model, context.at);
                Ok(())
            }
            CampaignChange::Cancelled(id) => {
                self.open_mut(*id, context)?
                    .end(CampaignState::Cancelled, model, context.at);
                Ok(())
            }
            CampaignChange::ReviewsPassed { from, to } => {
                for campaign in self.all.iter_mut().filter(|campaign| campaign.names(from)) {
                    Arc::make_mut(campaign).pass(from, to, context.revision);
                }
                if self.schedules.iter().any(|schedule| has(schedule, from)) {
                    for schedule in Arc::make_mut(&mut self.schedules) {
                        if let Some(Reviewers::Named(named)) = &mut schedule.reviewers {
                            hand_over(named, from, to);
                        }
                    }
                }
                Ok(())
            }
        }
    }

    /// What a verdict writes over.
    pub(crate) fn kept(&self, decided: &Decided) -> Option<Kept> {
        let campaign = self.get(decided.campaign).ok()?;
        Some(Kept {
            campaign: decided.campaign,
            item: decided.item,
            verdict: campaign.verdicts.get(&decided.item).cloned(),
            revision: campaign.revision,
        })
    }

    /// Puts back what a verdict wrote over.
    pub(crate) fn put_back(&mut self, kept: Kept) {
        let Some(campaign) = self.place(kept.campaign) else {
            return;
        };
        let campaign = Arc::make_mut(campaign);
        campaign.revision = kept.revision;
        match kept.verdict {
            Some(verdict) => campaign.verdicts.insert(kept.item, verdict),
            None => campaign.verdicts.remove(&kept.item),
        };
    }

    /// The number that the next campaign gets.
    pub(crate) fn next_id(&self) -> CampaignId {
        CampaignId(
            u32::try_from(self.all.len())
                .unwrap_or(u32::MAX)
                .saturating_add(1),
        )
    }

    pub(crate) fn get(&self, id: CampaignId) -> Result<&Campaign, Unknown> {
        let found = usize::try_from(id.0)
            .ok()
            .and_then(|number| self.all.get(number.checked_sub(1)?));
        found
            .map(|campaign| &**campaign)
            .ok_or_else(|| Unknown::new(Kind::Campaign, &alloc::format!("{id}"), []))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Campaign> {
        self.all.iter().map(|campaign| &**campaign)
    }

    /// What names somebody as a reviewer or opener: open campaigns, and schedules by their keys.
    pub(crate) fn naming(
        &self,
        user: &UserKey,
    ) -> (
        impl Iterator<Item = &Campaign>,
        impl Iterator<Item = &policy::Schedule>,
    ) {
        (
            self.iter().filter(|campaign| campaign.names(user)),
            self.schedules.iter().filter(|schedule| has(schedule, user)),
        )
    }

    pub(crate) fn schedule(&self, key: &str) -> Result<&policy::Schedule, Unknown> {
        let known = || self.schedules.iter().map(|schedule| schedule.key.as_str());
        let found = self
            .schedules
            .iter()
            .find(|schedule| schedule.key.as_str() == key);
        found.ok_or_else(|| Unknown::new(Kind::Schedule, key, known()))
    }

    /// Whether a schedule has come due and was not opened since.
    pub(crate) fn is_due(&self, schedule: &policy::Schedule, at: Timestamp) -> bool {
        if at < schedule.first {
            return false;
        }
        let passed = at.since(schedule.first).as_seconds();
        let latest = passed - passed % schedule.every.as_seconds().max(1);
        let latest = schedule.first.checked_add(Duration::from_seconds(latest));
        let opened = self
            .iter()
            .filter(|campaign| campaign.opened.schedule.as_ref() == Some(&schedule.key));
        let opened = opened.map(|campaign| campaign.at).max();
        opened.is_none_or(|opened| latest.is_some_and(|latest| opened < latest))
    }

    fn place(&mut self, id: CampaignId) -> Option<&mut Arc<Campaign>> {
        let number = usize::try_from(id.0).ok()?;
        self.all.get_mut(number.checked_sub(1)?)
    }

    fn open_mut(&mut self, id: CampaignId, context: &Context<'_>) -> Result<&mut Campaign, Misfit> {
        let campaign = self.place(id).map(Arc::make_mut).ok_or(Misfit)?;
        if campaign.ended.is_some() {
            return Err(Misfit);
        }
        campaign.revision = context.revision;
        Ok(campaign)
    }
}

impl Campaign {
    pub(crate) fn state(&self) -> CampaignState {
        self.ended
            .as_ref()
            .map_or(CampaignState::Open, |ended| ended.state)
    }

    /// Where an item stands at an instant; once the campaign has ended, where it stood then.
    pub(crate) fn item_state(&self, model: &Model, number: u32, at: Timestamp) -> ItemState {
        match (self.verdicts.get(&number), &self.ended) {
            (Some(verdict), _) => match verdict.outcome {
                Outcome::Certified => ItemState::Certified,
                Outcome::Revoked => ItemState::Revoked,
            },
            (None, Some(ended)) if ended.moot.contains(&number) => ItemState::Moot,
            (None, Some(_)) => ItemState::Pending,
            (None, None) => {
                if self.item(number).is_some_and(|item| item.holds(model, at)) {
                    ItemState::Pending
                } else {
                    ItemState::Moot
                }
            }
        }
    }

    fn end(&mut self, state: CampaignState, model: &Model, at: Timestamp) {
        let is_moot = |number: &u32| self.item_state(model, *number, at) == ItemState::Moot;
        let numbers = self.items().map(|(number, _)| number);
        let moot = numbers.filter(is_moot).collect();
        self.ended = Some(Ended { state, at, moot });
    }

    pub(crate) fn item(&self, number: u32) -> Option<&Item> {
        self.opened.items.get(usize::try_from(number).ok()?)
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = (u32, &Item)> {
        (0_u32..).zip(&self.opened.items)
    }

    /// Who may decide what a holder has.
    pub(crate) fn reviewers_of(&self, model: &Model, holder: Holder, at: Timestamp) -> Reviewing {
        let may = |ix: UserIx| {
            model
                .user(ix)
                .is_some_and(|user| user.enabled && !is_own(model, ix, holder, at))
        };
        if let Reviewers::Named(named) = &self.opened.reviewers {
            let named = named
                .iter()
                .filter_map(|key| model.find_user(key.as_str()).ok());
            let named: Vec<UserIx> = named.filter(|ix| may(*ix)).collect();
            if !named.is_empty() {
                return Reviewing::Users(named);
            }
        }
        if let Holder::User(user) = holder
            && let Some((_, head)) = heads_of(model, user).find(|(_, head)| may(*head))
        {
            return Reviewing::Users([head].into());
        }
        let opener = self
            .by
            .user()
            .and_then(|key| model.find_user(key.as_str()).ok());
        opener
            .filter(|ix| may(*ix))
            .map_or(Reviewing::System, |ix| Reviewing::Users([ix].into()))
    }

    /// Whether a user would review here if it were not for whose access it is.
    pub(crate) fn would_review(&self, model: &Model, user: UserIx, holder: Holder) -> bool {
        let Some(key) = model.user_key(user) else {
            return false;
        };
        let named = match &self.opened.reviewers {
            Reviewers::Named(named) => named.contains(key),
            Reviewers::Heads => false,
        };
        let heads = match holder {
            Holder::User(of) => heads_of(model, of).any(|(_, head)| head == user),
            Holder::Everyone | Holder::Group(_) => false,
        };
        named || heads || self.by.user() == Some(key)
    }

    fn names(&self, user: &UserKey) -> bool {
        let named = match &self.opened.reviewers {
            Reviewers::Named(named) => named.contains(user),
            Reviewers::Heads => false,
        };
        self.ended.is_none() && (named || self.by.user() == Some(user))
    }

    fn pass(&mut self, from: &UserKey, to: &UserKey, revision: u64) {
        if let Reviewers::Named(named) = &mut self.opened.reviewers {
            hand_over(named, from, to);
        }
        if self.by.user() == Some(from) {
            self.by = Actor::User(to.clone());
        }
        self.revision = revision;
    }
}

/// Whether a schedule names somebody as a reviewer.
fn has(schedule: &policy::Schedule, user: &UserKey) -> bool {
    matches!(&schedule.reviewers, Some(Reviewers::Named(named)) if named.contains(user))
}

/// Puts another in the place of somebody in a list of reviewers.
fn hand_over(named: &mut Vec<UserKey>, from: &UserKey, to: &UserKey) {
    if !named.contains(from) {
        return;
    }
    named.retain(|key| key != from);
    if !named.contains(to) {
        named.push(to.clone());
    }
}

/// Who may decide an item. Closed: the rule has these two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reviewing {
    /// Any of these users.
    Users(Vec<UserIx>),
    /// Nobody but the host.
    System,
}

impl Item {
    /// Whether the entry that the item is bound to is in force.
    pub(crate) fn holds(&self, model: &Model, at: Timestamp) -> bool {
        self.window(model).is_some_and(|window| window.holds(at))
    }

    /// The window of the entry that the item is bound to, if it is still there.
    pub(crate) fn window(&self, model: &Model) -> Option<Window> {
        let holdings = model.holdings(model.find_holder(&self.holder).ok()?);
        match resolve_thing(model, &self.what)? {
            Resolved::Entry(key, _) => self.bound(&holdings.entries, &key),
            Resolved::Profile(key) => self.bound(&holdings.assignments, &key),
            Resolved::Membership(key) => self.bound(&holdings.groups, &key),
            Resolved::Limit(_) | Resolved::Item(..) | Resolved::Exception(_) => None,
        }
    }

    /// When the entry that the item is bound to was last certified, and by whom.
    pub(crate) fn certified(&self, model: &Model) -> Option<(Timestamp, Actor)> {
        let holdings = model.holdings(model.find_holder(&self.holder).ok()?);
        let origin = match resolve_thing(model, &self.what)? {
            Resolved::Entry(key, _) => &holdings.entries.get(&key, self.from)?.origin,
            Resolved::Profile(key) => &holdings.assignments.get(&key, self.from)?.origin,
            Resolved::Membership(key) => &holdings.groups.get(&key, self.from)?.origin,
            Resolved::Limit(_) | Resolved::Item(..) | Resolved::Exception(_) => return None,
        };
        origin.certified.clone()
    }

    fn bound<K: Ord + Clone, V>(&self, timeline: &Timeline<K, V>, key: &K) -> Option<Window> {
        let held = timeline.get(key, self.from)?;
        (held.origin.revision == self.made).then_some(held.window)
    }
}

/// Whether what a holder has is a user's own access: the user's, or that of a group the user is in.
pub(crate) fn is_own(model: &Model, user: UserIx, holder: Holder, at: Timestamp) -> bool {
    match holder {
        Holder::Everyone => false,
        Holder::User(of) => of == user,
        Holder::Group(group) => model
            .user(user)
            .is_some_and(|user| model.groups_of(user, at).contains(&group)),
    }
}

/// What an opening command states, with what its schedule gives where it says nothing itself.
pub(crate) struct Plan {
    pub(crate) name: Name,
    pub(crate) due: Option<Timestamp>,
    pub(crate) select: Select,
    pub(crate) reviewers: Reviewers,
}

impl Plan {
    /// `None` if there is neither a name nor a schedule.
    pub(crate) fn new(
        row: &OpenCampaign,
        schedule: Option<&policy::Schedule>,
        at: Timestamp,
    ) -> Option<Self> {
        let from_schedule = || schedule.and_then(|schedule| Name::new(schedule.key.as_str()).ok());
        let due = row
            .due
            .or_else(|| schedule.and_then(|schedule| at.checked_add(schedule.due_in)));
        let select = row
            .select
            .clone()
            .or_else(|| schedule.and_then(|schedule| schedule.select.clone()));
        let reviewers = row
            .reviewers
            .clone()
            .or_else(|| schedule.and_then(|schedule| schedule.reviewers.clone()));
        Some(Self {
            name: row.name.clone().or_else(from_schedule)?,
            due,
            select: select.unwrap_or_default(),
            reviewers: reviewers.unwrap_or_default(),
        })
    }
}
