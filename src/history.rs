//! A tenant with its past: its events, its state as of any instant, its logs.

use alloc::vec::Vec;

use crate::as_of::QuestionError;
use crate::command::Command;
use crate::command::CommandKind;
use crate::event::Change;
use crate::event::Event;
use crate::event::Person;
use crate::event::Stamp;
use crate::event::Thing;
use crate::governance::Governed;
use crate::governance::campaign::CampaignChange;
use crate::id::Actor;
use crate::id::CampaignId;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::ix::ProfileIx;
use crate::model::Holder;
use crate::model::Holdings;
use crate::policy::words;
use crate::refusal::Refusal;
use crate::tenant::Tenant;
use crate::tenant::Unfit;
use crate::time::Timestamp;

/// After how many events a state is kept to start from.
const STRIDE: usize = 64;

/// A tenant, the events that made it what it is, and its state as of any past instant.
///
/// # Examples
///
/// ```
/// use bailiwick::{Actor, Command, History, Name, Policy, Stamp, Tenant, policy::Seats};
///
/// let policy = Policy::new(Name::new("Rio Vista")?);
/// let mut history = History::new(Tenant::found(&policy)?);
/// let at = "2026-01-05T09:00:00Z".parse()?;
/// let seats = Command::SetSeats(Seats { full: Some(25), administrator: Some(3) });
/// history.execute(&Stamp::new(at, Actor::System), &seats)?;
/// // Before the event nothing had happened; the document's tenant was there all the same.
/// assert_eq!(history.as_of("2026-01-05T08:59:59Z".parse()?)?.revision(), 0);
/// assert_eq!(history.as_of(at)?.revision(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct History {
    founded: Option<Timestamp>,
    events: Vec<Event>,
    /// The state before the event at each multiple of the stride.
    kept: Vec<Tenant>,
    now: Tenant,
}

words! {
    /// The three views of a user's past (rule 6.5). Closed: the rule has these.
    LogView {
        /// Who the user is, and whether the login is enabled.
        Details = "details": "details", "datos",
        /// What the user may do.
        Permissions = "permissions": "permissions", "permisos",
        /// What was reviewed.
        Reviews = "reviews": "reviews", "revisiones",
    }
}

/// One line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry<'a> {
    /// The event.
    pub event: &'a Event,
    /// Whether it came about in a review, not ad hoc.
    pub in_review: bool,
    /// Whether a profile or a group that the user had was changed, not what the user had directly.
    pub indirect: bool,
    /// In the log of reviews: the campaign and when it was due.
    pub campaign: Option<(CampaignId, Timestamp)>,
}

impl LogEntry<'_> {
    /// The kind of command behind it.
    #[must_use]
    pub fn kind(&self) -> CommandKind {
        self.event.command.kind()
    }

    /// By whom.
    #[must_use]
    pub fn by(&self) -> &Actor {
        &self.event.by
    }

    /// When.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.event.at
    }
}

impl History {
    /// The history of a tenant that exists from before every instant, as a document's does.
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        Self {
            founded: None,
            events: Vec::new(),
            kept: Vec::new(),
            now: tenant,
        }
    }

    /// The history of a tenant that was founded at an instant: nothing can be asked about earlier ones.
    #[must_use]
    pub fn founded_at(tenant: Tenant, at: Timestamp) -> Self {
        Self {
            founded: Some(at),
            ..Self::new(tenant)
        }
    }

    /// Decides a command, carries it out and keeps its event.
    ///
    /// # Errors
    ///
    /// The tenant's [`Refusal`]; the history is as it was then.
    pub fn execute(&mut self, stamp: &Stamp, command: &Command) -> Result<&Event, Refusal> {
        if let Some(founded) = self.founded.filter(|founded| stamp.at < *founded) {
            return Err(Refusal::OutOfOrder { last: founded });
        }
        let before = self.keeps().then(|| self.now.clone());
        let event = self.now.execute(stamp, command)?;
        self.kept.extend(before);
        let place = self.events.len();
        self.events.push(event);
        self.events.get(place).ok_or(Refusal::NoSuchEntry)
    }

    /// Takes in an event that was stored before.
    ///
    /// # Errors
    ///
    /// [`Unfit`] if it does not fit the state; the history is as it was then.
    pub fn replay(&mut self, event: Event) -> Result<(), Unfit> {
        let before = self.keeps().then(|| self.now.clone());
        self.now.replay(&event)?;
        self.kept.extend(before);
        self.events.push(event);
        Ok(())
    }

    /// The tenant as it is now.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.now
    }

    /// All events, oldest first.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The tenant as it was at an instant, with every event up to and at it.
    ///
    /// A question about a past instant is asked of this: it answers from what was known then, never from today's
    /// state.
    ///
    /// # Errors
    ///
    /// [`QuestionError::BeforeHistory`] if the tenant was founded later.
    pub fn as_of(&self, at: Timestamp) -> Result<Tenant, QuestionError> {
        if self.founded.is_some_and(|founded| at < founded) {
            return Err(QuestionError::BeforeHistory);
        }
        Ok(self.before_event(self.events.partition_point(|event| event.at <= at)))
    }

    /// One view of a user's past, oldest first.
    ///
    /// # Errors
    ///
    /// [`Unknown`] if no user has the key.
    pub fn log(&self, user: &str, view: LogView) -> Result<Vec<LogEntry<'_>>, Unknown> {
        let ix = self.now.model.find_user(user)?;
        let Some(user) = self.now.model.user_key(ix) else {
            return Ok(Vec::new());
        };
        let lines = self
            .events
            .iter()
            .enumerate()
            .filter_map(|(place, event)| match view {
                LogView::Details => details(event, user),
                LogView::Permissions => self.permissions(place, event, user),
                LogView::Reviews => self.reviews(event, user),
            });
        Ok(lines.collect())
    }

    fn keeps(&self) -> bool {
        self.events.len().is_multiple_of(STRIDE)
    }

    /// The state before the event at a position, or the present one after the last.
    fn before_event(&self, place: usize) -> Tenant {
        if place >= self.events.len() {
            return self.now.clone();
        }
        let Some(kept) = self.kept.get(place / STRIDE) else {
            return self.now.clone();
        };
        let mut tenant = kept.clone();
        for event in self.events.iter().take(place).skip(place - place % STRIDE) {
            // What was decided on this very state fits it.
            if tenant.replay(event).is_err() {
                break;
            }
        }
        tenant
    }

    fn permissions<'a>(
        &self,
        place: usize,
        event: &'a Event,
        user: &UserKey,
    ) -> Option<LogEntry<'a>> {
        let holder = HolderKey::User(user.clone());
        let in_review = matches!(
            event.command.kind(),
            CommandKind::RevokeItem | CommandKind::CloseCampaign
        );
        let line = |indirect| LogEntry {
            event,
            in_review,
            indirect,
            campaign: None,
        };
        let left = matches!(&event.command, Command::Offboard(row) if row.user == *user);
        if left
            || event
                .changes
                .iter()
                .any(|change| is_own(change, user, &holder))
        {
            return Some(line(false));
        }
        if !event.changes.iter().any(may_be_indirect) {
            return None;
        }
        let before = self.before_event(place);
        let had = event
            .changes
            .iter()
            .any(|change| before.had(change, user, event.at));
        had.then(|| line(true))
    }

    fn reviews<'a>(&self, event: &'a Event, user: &UserKey) -> Option<LogEntry<'a>> {
        let campaigns = &self.now.governance.campaigns;
        let line = |id: CampaignId| {
            let due = campaigns
                .get(id)
                .ok()
                .map(|campaign| (id, campaign.opened.due));
            Some(LogEntry {
                event,
                in_review: true,
                indirect: false,
                campaign: due,
            })
        };
        let is_in = |id: CampaignId| {
            let holder = HolderKey::User(user.clone());
            campaigns.get(id).is_ok_and(|campaign| {
                campaign
                    .opened
                    .items
                    .iter()
                    .any(|item| item.holder == holder)
            })
        };
        event.changes.iter().find_map(|change| {
            let Change::Governed(Governed::Campaign(change)) = change else {
                return None;
            };
            match change {
                CampaignChange::Opened(opened) if is_in(opened.campaign) => line(opened.campaign),
                CampaignChange::Closed(id) | CampaignChange::Cancelled(id) if is_in(*id) => {
                    line(*id)
                }
                CampaignChange::Decided(decided) => {
                    let campaign = campaigns.get(decided.campaign).ok()?;
                    let item = campaign.item(decided.item)?;
                    if item.holder == HolderKey::User(user.clone()) {
                        line(decided.campaign)
                    } else {
                        None
                    }
                }
                _ => None,
            }
        })
    }
}

fn details<'a>(event: &'a Event, user: &UserKey) -> Option<LogEntry<'a>> {
    let named = match &event.command {
        Command::AddUser(row) => &row.key,
        Command::SetName(row) => &row.user,
        Command::SetContact(row) => &row.user,
        Command::SetLogin(row) => &row.user,
        Command::Enable(row) | Command::Disable(row) => &row.user,
        Command::Offboard(row) => &row.user,
        _ => return None,
    };
    (named == user).then_some(LogEntry {
        event,
        in_review: false,
        indirect: false,
        campaign: None,
    })
}

/// Whether a change is of what a user has directly.
fn is_own(change: &Change, user: &UserKey, holder: &HolderKey) -> bool {
    match change {
        Change::Made(made) => made.holder == *holder && is_permission(&made.what),
        Change::Ended {
            holder: ended,
            what,
            ..
        } => ended == holder && is_permission(what),
        Change::PersonChanged {
            user: changed,
            before,
            after,
        } => {
            let belongs = |person: &Person| {
                (
                    person.team.clone(),
                    person.all_teams,
                    person.department.clone(),
                )
            };
            changed == user && belongs(before) != belongs(after)
        }
        _ => false,
    }
}

fn is_permission(what: &Thing) -> bool {
    !matches!(what, Thing::Exception { .. })
}

/// Whether a change is of something that users may have through it.
fn may_be_indirect(change: &Change) -> bool {
    match change {
        Change::ProfileDefined { before, .. } => before.is_some(),
        Change::Made(made) => matches!(made.holder, HolderKey::Group(_)),
        Change::Ended { holder, .. } => matches!(holder, HolderKey::Group(_)),
        _ => false,
    }
}

impl Tenant {
    /// Whether a user had the profile or was in the group that a change is about.
    fn had(&self, change: &Change, user: &UserKey, at: Timestamp) -> bool {
        let Some(user) = self
            .model
            .find_user(user.as_str())
            .ok()
            .and_then(|ix| self.model.user(ix))
        else {
            return false;
        };
        let groups = self.model.groups_of(user, at);
        let in_group = |key: &Key| {
            self.model
                .find_group(key.as_str())
                .is_ok_and(|group| groups.contains(&group))
        };
        match change {
            Change::ProfileDefined { after, .. } => {
                let Ok(profile) = self.model.find_any_profile(after.key.as_str()) else {
                    return false;
                };
                let has = |holdings: &Holdings, profile: ProfileIx| {
                    holdings
                        .assignments
                        .in_force(at)
                        .any(|held| held.key.0 == profile)
                };
                has(&user.holdings, profile)
                    || groups
                        .iter()
                        .any(|group| has(self.model.holdings(Holder::Group(*group)), profile))
            }
            Change::Made(made) => matches!(&made.holder, HolderKey::Group(key) if in_group(key)),
            Change::Ended { holder, .. } => {
                matches!(holder, HolderKey::Group(key) if in_group(key))
            }
            _ => false,
        }
    }
}
