//! What decisions are made from: the catalog, the structure, the people and what they hold.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::any_of::AnyOf;
#[cfg(feature = "serde")]
use crate::catalog;
use crate::catalog::Catalog;
use crate::catalog::Target;
use crate::command::CommandKind;
use crate::id::HolderKey;
use crate::id::ItemKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::index::Index;
use crate::ix::ConflictIx;
use crate::ix::DepartmentIx;
use crate::ix::DutyIx;
use crate::ix::GroupIx;
use crate::ix::LimitIx;
use crate::ix::ModuleIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::ScopeIx;
use crate::ix::Tag;
use crate::ix::TeamIx;
use crate::ix::UserIx;
use crate::model::blocks::Blocks;
use crate::model::profile::Effect;
use crate::model::profile::Profile;
#[cfg(feature = "serde")]
use crate::model::timeline::Origin;
use crate::model::timeline::Seldom;
use crate::model::timeline::Timeline;
use crate::model::tree::Tree;
use crate::policy::HelpdeskDuties;
use crate::policy::Mode;
use crate::policy::Seats;
use crate::text::Label;
use crate::text::Name;
use crate::time::Timestamp;

pub(crate) mod blocks;
pub(crate) mod profile;
pub(crate) mod timeline;
pub(crate) mod tree;

/// Levels of scopes below the root.
pub(crate) const SCOPE_LEVELS: usize = 8;
/// Levels of groups.
pub(crate) const GROUP_LEVELS: usize = 4;
/// Levels of departments and teams: no rule bounds them, so this bounds the work of walking up.
pub(crate) const CHAIN_LEVELS: usize = 64;

/// From the root to where a record is, at most nine places.
pub(crate) type Path = SmallVec<[Place; SCOPE_LEVELS + 1]>;

/// Everything that decisions are made from. A copy shares all that neither has changed since.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Model {
    /// Which tenant's handles are answered for.
    pub(crate) tag: Tag,
    pub(crate) name: Name,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) modules_off: Arc<BTreeSet<ModuleIx>>,
    pub(crate) mode: Mode,
    pub(crate) seats: Seats,
    pub(crate) administration: Arc<BTreeMap<CommandKind, AnyOf<DutyIx>>>,
    pub(crate) helpdesk: HelpdeskDuties,
    pub(crate) scopes: Arc<Tree>,
    pub(crate) teams: Arc<Tree>,
    pub(crate) groups: Arc<Tree>,
    pub(crate) departments: Arc<Tree>,
    /// The head of each department.
    pub(crate) heads: Arc<Vec<Option<UserIx>>>,
    pub(crate) profiles: Arc<Vec<Arc<Profile>>>,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) profile_index: Arc<BTreeMap<Key, ProfileIx>>,
    pub(crate) users: Blocks<User>,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) user_index: Index<UserKey, UserIx>,
    pub(crate) everyone: Arc<Holdings>,
    pub(crate) group_holdings: Blocks<Holdings>,
    pub(crate) conflicts: Arc<Vec<ConflictSet>>,
}

/// A user and what the user holds.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub(crate) struct User {
    pub(crate) key: UserKey,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) card: Option<Arc<Card>>,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) department: Option<DepartmentIx>,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) team: Option<TeamIx>,
    pub(crate) all_teams: bool,
    pub(crate) enabled: bool,
    /// Whether the user was offboarded, and not enabled again since.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "core::ops::Not::not")
    )]
    pub(crate) offboarded: bool,
    pub(crate) holdings: Holdings,
}

/// What a user is called and how to reach them: apart, since decisions ask nothing of it.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Card {
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) name: Option<Name>,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) contact: Option<Name>,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) login: Option<Name>,
}

impl Card {
    /// The card with these on it; none if there is nothing to write.
    pub(crate) fn of(
        name: Option<&Name>,
        contact: Option<&Name>,
        login: Option<&Name>,
    ) -> Option<Arc<Self>> {
        (name.or(contact).or(login)).map(|_| {
            Arc::new(Self {
                name: name.cloned(),
                contact: contact.cloned(),
                login: login.cloned(),
            })
        })
    }
}

impl User {
    pub(crate) fn name(&self) -> Option<&Name> {
        self.card.as_ref()?.name.as_ref()
    }

    pub(crate) fn contact(&self) -> Option<&Name> {
        self.card.as_ref()?.contact.as_ref()
    }

    pub(crate) fn login(&self) -> Option<&Name> {
        self.card.as_ref()?.login.as_ref()
    }
}

/// What an entry is about and where it holds.
pub(crate) type Spot = (Target, Place);

/// What one holder has: `everyone`, a group or a user.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub(crate) struct Holdings {
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Timeline::is_empty"))]
    pub(crate) entries: Timeline<Spot, Effect>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Timeline::is_empty"))]
    pub(crate) assignments: Timeline<(ProfileIx, Place), ()>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Seldom::is_empty"))]
    pub(crate) limits: Seldom<(LimitIx, Place), ()>,
    /// Memberships; of users only.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Timeline::is_empty"))]
    pub(crate) groups: Timeline<GroupIx, ()>,
    /// Rights on private items; of users only.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Seldom::is_empty"))]
    pub(crate) items: Seldom<ItemKey, Vec<Target>>,
    /// Exceptions from conflicting sets; of users only.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Seldom::is_empty"))]
    pub(crate) exceptions: Seldom<ConflictIx, ()>,
    /// The tenant's revision when it was last changed.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "timeline::is_zero"))]
    pub(crate) revision: u64,
}

/// A conflicting set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct ConflictSet {
    pub(crate) key: Key,
    pub(crate) label: Option<Label>,
    pub(crate) of: Vec<Target>,
    pub(crate) at_most: u32,
}

/// Who holds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub(crate) enum Holder {
    Everyone,
    Group(GroupIx),
    User(UserIx),
}

impl Model {
    /// A strict tenant with nothing in it.
    pub(crate) fn empty(name: Name) -> Self {
        Self {
            tag: Tag::default(),
            name,
            catalog: Arc::default(),
            modules_off: Arc::default(),
            mode: Mode::Strict,
            seats: Seats::default(),
            administration: Arc::default(),
            helpdesk: HelpdeskDuties::default(),
            scopes: Arc::default(),
            teams: Arc::default(),
            groups: Arc::default(),
            departments: Arc::default(),
            heads: Arc::default(),
            profiles: Arc::default(),
            profile_index: Arc::default(),
            users: Blocks::default(),
            user_index: Index::default(),
            everyone: Arc::default(),
            group_holdings: Blocks::default(),
            conflicts: Arc::default(),
        }
    }

    /// Gives it the tag that handles carry, by what it has now.
    pub(crate) fn mark(&mut self) {
        let name = core::iter::once(self.name.as_str());
        let duties = self.catalog.duties().map(|(_, duty)| duty.key.as_str());
        let users = self.users.iter().map(|user| user.key.as_str());
        let nodes = self.scopes.iter().chain(self.teams.iter());
        let nodes = nodes.map(|(_, node)| node.key.as_str());
        self.tag = Tag::of(name.chain(duties).chain(users).chain(nodes));
    }

    /// Makes anew what is not stored: the indexes, what profiles give, and what is shared with other tenants and
    /// between those who hold something from the document.
    #[cfg(feature = "serde")]
    pub(crate) fn rebuild(&mut self) {
        if let Some(built_in) = catalog::same_as(&self.catalog) {
            self.catalog = built_in;
        }
        self.user_index = (0_u32..)
            .zip(self.users.iter())
            .map(|(ix, user)| (user.key.clone(), UserIx(ix)))
            .collect();
        let profiles = (0_u32..).zip(self.profiles.iter());
        self.profile_index = Arc::new(
            profiles
                .map(|(ix, profile)| (profile.row.key.clone(), ProfileIx(ix)))
                .collect(),
        );
        self.recompile_profiles();
        let plain = &Origin::plain();
        Arc::make_mut(&mut self.everyone).share(plain);
        for at in 0..self.group_holdings.len() {
            if let Some(holdings) = self.group_holdings.get_mut(at) {
                holdings.share(plain);
            }
        }
        for at in 0..self.users.len() {
            if let Some(user) = self.users.get_mut(at) {
                user.holdings.share(plain);
            }
        }
    }

    /// Works out anew what profiles give, after the catalog has grown.
    pub(crate) fn recompile_profiles(&mut self) {
        let catalog = Arc::clone(&self.catalog);
        for profile in Arc::make_mut(&mut self.profiles) {
            let profile = Arc::make_mut(profile);
            profile.gives = profile::Gives::new(&profile.row, &catalog);
        }
    }

    pub(crate) fn user(&self, user: UserIx) -> Option<&User> {
        self.users.get(user.at())
    }

    pub(crate) fn user_key(&self, user: UserIx) -> Option<&UserKey> {
        self.user(user).map(|user| &user.key)
    }

    /// The user of a key, if there is one: looking for the nearest key would take all users.
    pub(crate) fn known_user(&self, key: &str) -> Option<UserIx> {
        self.user_index.get(key)
    }

    pub(crate) fn find_user(&self, key: &str) -> Result<UserIx, Unknown> {
        self.known_user(key).ok_or_else(|| {
            let known = self.user_index.keys().map(UserKey::as_str);
            // Whoever asks as entries and actors name a user means the key behind it.
            let meant = key.strip_prefix("user:").unwrap_or(key);
            Unknown {
                key: key.into(),
                ..Unknown::new(Kind::User, meant, known)
            }
        })
    }

    pub(crate) fn all_users(&self) -> impl Iterator<Item = (UserIx, &User)> {
        (0_u32..).map(UserIx).zip(self.users.iter())
    }

    pub(crate) fn profile(&self, profile: ProfileIx) -> Option<&Profile> {
        self.profiles.get(profile.at()).map(|profile| &**profile)
    }

    /// A profile that is not retired.
    pub(crate) fn find_profile(&self, key: &str) -> Result<ProfileIx, Unknown> {
        let live = |ix: &ProfileIx| self.profile(*ix).is_some_and(|profile| !profile.retired);
        let known = || {
            self.profile_index
                .iter()
                .filter(|(_, ix)| live(ix))
                .map(|(key, _)| key.as_str())
        };
        let found = self.profile_index.get(key).copied().filter(live);
        found.ok_or_else(|| Unknown::new(Kind::Profile, key, known()))
    }

    /// A profile, retired or not.
    pub(crate) fn find_any_profile(&self, key: &str) -> Result<ProfileIx, Unknown> {
        let found = self.profile_index.get(key).copied();
        found.ok_or_else(|| {
            Unknown::new(
                Kind::Profile,
                key,
                self.profile_index.keys().map(Key::as_str),
            )
        })
    }

    pub(crate) fn profile_key(&self, profile: ProfileIx) -> &str {
        self.profile(profile)
            .map_or("", |profile| profile.row.key.as_str())
    }

    /// The profile's key, as a value of its own.
    pub(crate) fn profile_name(&self, profile: ProfileIx) -> Key {
        self.profile(profile)
            .map_or_else(Key::nameless, |profile| profile.row.key.clone())
    }

    pub(crate) fn find_scope(&self, key: &str) -> Result<ScopeIx, Unknown> {
        self.scopes.find_or(Kind::Scope, key).map(ScopeIx::new)
    }

    pub(crate) fn find_place(&self, key: Option<&Key>) -> Result<Place, Unknown> {
        key.map(|key| self.find_scope(key.as_str())).transpose()
    }

    pub(crate) fn find_group(&self, key: &str) -> Result<GroupIx, Unknown> {
        self.groups.find_or(Kind::Group, key).map(GroupIx)
    }

    pub(crate) fn find_team(&self, key: &str) -> Result<TeamIx, Unknown> {
        self.teams.find_or(Kind::Team, key).map(TeamIx::new)
    }

    pub(crate) fn find_department(&self, key: &str) -> Result<DepartmentIx, Unknown> {
        self.departments
            .find_or(Kind::Department, key)
            .map(DepartmentIx::new)
    }

    pub(crate) fn find_conflict(&self, key: &str) -> Result<ConflictIx, Unknown> {
        let found = (0_u32..)
            .zip(self.conflicts.iter())
            .find(|(_, set)| set.key.as_str() == key);
        let known = self.conflicts.iter().map(|set| set.key.as_str());
        found
            .map(|(ix, _)| ConflictIx(ix))
            .ok_or_else(|| Unknown::new(Kind::Conflict, key, known))
    }

    pub(crate) fn find_holder(&self, key: &HolderKey) -> Result<Holder, Unknown> {
        match key {
            HolderKey::Everyone => Ok(Holder::Everyone),
            HolderKey::Group(key) => self.find_group(key.as_str()).map(Holder::Group),
            HolderKey::User(key) => self.find_user(key.as_str()).map(Holder::User),
        }
    }

    pub(crate) fn holder_key(&self, holder: Holder) -> HolderKey {
        match holder {
            Holder::Everyone => HolderKey::Everyone,
            Holder::Group(group) => self
                .groups
                .get(group.0)
                .map_or(HolderKey::Everyone, |branch| {
                    HolderKey::Group(branch.key.clone())
                }),
            Holder::User(user) => self
                .user_key(user)
                .map_or(HolderKey::Everyone, |key| HolderKey::User(key.clone())),
        }
    }

    pub(crate) fn holdings(&self, holder: Holder) -> &Holdings {
        static NOTHING: Holdings = Holdings::NOTHING;
        match holder {
            Holder::Everyone => &self.everyone,
            Holder::Group(group) => self.group_holdings.get(group.at()).unwrap_or(&NOTHING),
            Holder::User(user) => self.user(user).map_or(&NOTHING, |user| &user.holdings),
        }
    }

    pub(crate) fn holdings_mut(&mut self, holder: Holder) -> Option<&mut Holdings> {
        match holder {
            Holder::Everyone => Some(Arc::make_mut(&mut self.everyone)),
            Holder::Group(group) => self.group_holdings.get_mut(group.at()),
            Holder::User(user) => self.users.get_mut(user.at()).map(|user| &mut user.holdings),
        }
    }

    /// From the root to a place.
    pub(crate) fn path(&self, place: Place) -> Path {
        let mut path: Path = SmallVec::new();
        if let Some(scope) = place {
            path.extend(
                self.scopes
                    .upwards(scope.get())
                    .map(|scope| Some(ScopeIx::new(scope))),
            );
        }
        path.push(None);
        path.reverse();
        path
    }

    pub(crate) fn scope_key(&self, place: Place) -> Option<&str> {
        place.map(|scope| self.scopes.key(scope.get()))
    }

    /// The groups that a user is in at an instant, those above them included, each once, from the top level.
    pub(crate) fn groups_of(&self, user: &User, at: Timestamp) -> SmallVec<[GroupIx; 8]> {
        self.with_ancestors(user.holdings.groups.in_force(at).map(|held| held.key))
    }

    /// Some groups and those above them, each once, from the top level.
    pub(crate) fn with_ancestors(
        &self,
        groups: impl Iterator<Item = GroupIx>,
    ) -> SmallVec<[GroupIx; 8]> {
        let mut all: SmallVec<[GroupIx; 8]> = SmallVec::new();
        for group in groups {
            all.extend(self.groups.upwards(group.0).map(GroupIx));
        }
        all.sort_unstable_by_key(|group| (self.groups.depth(group.0), *group));
        all.dedup();
        all
    }

    pub(crate) fn head(&self, department: DepartmentIx) -> Option<UserIx> {
        self.heads.get(department.at()).copied().flatten()
    }

    pub(crate) fn is_module_on(&self, module: ModuleIx) -> bool {
        !self.modules_off.contains(&module)
    }
}

impl Holdings {
    const NOTHING: Self = Self {
        entries: Timeline::EMPTY,
        assignments: Timeline::EMPTY,
        limits: Seldom::EMPTY,
        groups: Timeline::EMPTY,
        items: Seldom::EMPTY,
        exceptions: Seldom::EMPTY,
        revision: 0,
    };

    /// Lets all that come from an origin like this one share it.
    #[cfg(feature = "serde")]
    fn share(&mut self, origin: &Arc<Origin>) {
        self.entries.share(origin);
        self.assignments.share(origin);
        self.limits.share(origin);
        self.groups.share(origin);
        self.items.share(origin);
        self.exceptions.share(origin);
    }
}
