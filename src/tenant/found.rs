//! Founding a tenant on a policy: everything that the rows name is looked up, every mistake is told.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::any_of::AnyOf;
use crate::catalog::built_in;
use crate::fault::Fault;
use crate::fault::Mention;
use crate::fault::Mistake;
use crate::fault::Places;
use crate::id::DutyKey;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::TargetKey;
use crate::id::Unknown;
use crate::ix::DutyIx;
use crate::ix::ModuleIx;
use crate::ix::ProfileIx;
use crate::ix::UserIx;
use crate::model::CHAIN_LEVELS;
use crate::model::Card;
use crate::model::GROUP_LEVELS;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::SCOPE_LEVELS;
use crate::model::User;
use crate::model::blocks::Blocks;
use crate::model::profile::Profile;
use crate::model::timeline::Held;
use crate::model::timeline::Origin;
use crate::model::timeline::Timeline;
use crate::model::tree::Tree;
use crate::policy;
use crate::policy::Policy;
use crate::policy::Terms;
use crate::tenant::resolve;
use crate::tenant::resolve::Faults;
use crate::text::Label;
use crate::time::Window;

/// The model that a policy states, as far as it can be read; its mistakes are added to the list.
pub(crate) fn model(policy: &Policy, places: &Places, mistakes: &mut Vec<Mistake>) -> Model {
    let mut founding = Founding {
        policy,
        places,
        mistakes,
        model: Model::empty(policy.name.clone()),
        plain: Origin::plain(),
        baseless: places.lost(Kind::Catalog, ""),
        uprooted: BTreeSet::new(),
    };
    founding.catalog();
    founding.structure();
    founding.profiles();
    founding.people();
    founding.entries();
    founding.tables();
    founding.mentions();
    founding.model.mark();
    founding.model
}

struct Founding<'a> {
    policy: &'a Policy,
    places: &'a Places,
    mistakes: &'a mut Vec<Mistake>,
    model: Model,
    /// The origin that all entries without a reason and a document share.
    plain: Arc<Origin>,
    /// Whether the catalog that the policy builds on is unknown: what it would have held is not reported.
    baseless: bool,
    /// Nodes that stand in no tree because of a mistake that is reported.
    uprooted: BTreeSet<(u8, Key)>,
}

impl Founding<'_> {
    /// Notes a mistake at a path of the policy, unless it only follows from another one.
    fn mistake(&mut self, path: &str, fault: impl Into<Fault>) {
        let path = self.places.restore(path);
        self.mistake_in_document(path, fault.into());
    }

    fn mistake_in_document(&mut self, path: String, fault: Fault) {
        let follows = match &fault {
            Fault::Unknown(Unknown { kind, key, .. }) => {
                let of_catalog = matches!(
                    kind,
                    Kind::Module
                        | Kind::Object
                        | Kind::Duty
                        | Kind::Rung
                        | Kind::Limit
                        | Kind::Profile
                );
                (self.baseless && of_catalog)
                    || self.places.lost(*kind, key)
                    || Key::new(key).is_ok_and(|key| self.uprooted.contains(&(*kind as u8, key)))
            }
            Fault::NoLadder { object } => self.baseless || self.places.lost(Kind::Rung, object),
            _ => false,
        };
        if !follows && !self.places.wrong(&path) {
            self.mistakes.push(Mistake { path, fault });
        }
    }

    /// Whether what stood at a path of the policy could not be read.
    fn is_wrong(&self, path: &str) -> bool {
        self.places.wrong(&self.places.restore(path))
    }

    /// Looks up what rows that could not be read mention.
    fn mentions(&mut self) {
        for Mention { path, kind, key } in self.places.mentions() {
            let model = &self.model;
            let target = || {
                let target = TargetKey::new(key).ok()?;
                model.catalog.target(&target).err()
            };
            let unknown = match kind {
                Kind::User => model.find_user(key).err(),
                Kind::Group => model.find_group(key).err(),
                Kind::Scope => model.find_scope(key).err(),
                Kind::Team => model.find_team(key).err(),
                Kind::Department => model.find_department(key).err(),
                Kind::Profile => model.find_profile(key).err(),
                Kind::Limit => model.catalog.limit(key).err(),
                Kind::Holder => HolderKey::new(key)
                    .ok()
                    .and_then(|holder| model.find_holder(&holder).err()),
                _ => target(),
            };
            if let Some(unknown) = unknown {
                self.mistake_in_document(path.clone(), unknown.into());
            }
        }
    }

    fn faults(&mut self, list: &'static str, n: usize, faults: Faults) {
        for (field, fault) in faults.into_all() {
            self.mistake(&format!("{list}[{n}].{field}"), fault);
        }
    }

    fn catalog(&mut self) {
        let policy = self.policy;
        let mut catalog = Arc::clone(&self.model.catalog);
        if let Some(key) = &policy.catalog {
            match built_in(key.as_str()) {
                Ok(built_in) => catalog = built_in,
                Err(unknown) => {
                    self.mistake("catalog", unknown);
                    self.baseless = true;
                }
            }
        }
        // Tenants share a built-in catalog that they do not add to.
        let mut seen = BTreeSet::new();
        let mut off: BTreeSet<ModuleIx> = BTreeSet::new();
        for (n, row) in policy.modules.iter().enumerate() {
            if !seen.insert(&row.key) {
                let path = format!("module[{n}]");
                self.mistake(
                    &format!("{path}.key"),
                    Fault::DuplicateKey {
                        key: row.key.as_str().into(),
                    },
                );
                continue;
            }
            let ix = match (catalog.module(row.key.as_str()), &row.label) {
                (Ok(ix), None) => ix,
                _ => Arc::make_mut(&mut catalog).add_module(row),
            };
            if row.enabled == Some(false) {
                off.insert(ix);
            }
        }
        let mut found = Vec::new();
        if !policy.duties.is_empty() {
            Arc::make_mut(&mut catalog).add_duties(&policy.duties, |n, fault| {
                found.push((format!("duty[{n}].key"), fault));
            });
        }
        for (n, row) in policy.ladders.iter().enumerate() {
            let path = format!("ladder[{n}]");
            Arc::make_mut(&mut catalog).add_ladder(row, |rung, fault| {
                let field = rung.map_or("object".into(), |rung| format!("rungs[{rung}]"));
                found.push((format!("{path}.{field}"), fault));
            });
            // `none` is what takes every rung, so no rung can be called that.
            for (rung, _) in (0_usize..)
                .zip(&row.rungs)
                .filter(|(_, rung)| rung.as_str() == "none")
            {
                let wanted = (
                    "a rung that is not called `none`",
                    "un nivel que no se llame `none`",
                )
                    .into();
                found.push((
                    format!("{path}.rungs[{rung}]"),
                    Fault::WrongShape { wanted },
                ));
            }
            for rung in row.labels.keys().filter(|rung| !row.rungs.contains(rung)) {
                let known = row.rungs.iter().map(Key::as_str);
                let unknown = Unknown::new(Kind::Rung, rung.as_str(), known);
                found.push((format!("{path}.labels.{rung}"), unknown.into()));
            }
        }
        for (n, row) in policy.limits.iter().enumerate() {
            let path = format!("limit[{n}]");
            Arc::make_mut(&mut catalog).add_limit(row, |on, fault| {
                let field = on.map_or("key".into(), |on| format!("on[{on}]"));
                found.push((format!("{path}.{field}"), fault));
            });
        }
        for (path, fault) in found {
            self.mistake(&path, fault);
        }
        self.model.catalog = catalog;
        self.model.modules_off = Arc::new(off);
        self.model.mode = policy.mode;
        self.model.seats = policy.seats;
    }

    fn structure(&mut self) {
        let policy = self.policy;
        let nodes = |rows: &[policy::Node]| -> Vec<NewNode> {
            rows.iter()
                .map(|row| (row.key.clone(), row.label.clone(), row.parent.clone()))
                .collect()
        };
        self.model.scopes =
            Arc::new(self.tree("scope", Kind::Scope, &nodes(&policy.scopes), SCOPE_LEVELS));
        self.model.teams =
            Arc::new(self.tree("team", Kind::Team, &nodes(&policy.teams), CHAIN_LEVELS));
        self.model.groups =
            Arc::new(self.tree("group", Kind::Group, &nodes(&policy.groups), GROUP_LEVELS));
        let departments: Vec<NewNode> = policy
            .departments
            .iter()
            .map(|row| (row.key.clone(), row.label.clone(), row.parent.clone()))
            .collect();
        self.model.departments =
            Arc::new(self.tree("department", Kind::Department, &departments, CHAIN_LEVELS));
        self.model.group_holdings = (0..self.model.groups.len())
            .map(|_| Holdings::default())
            .collect();
    }

    /// Builds a tree from rows in any order.
    fn tree(&mut self, list: &'static str, kind: Kind, rows: &[NewNode], most: usize) -> Tree {
        let mut by_key: BTreeMap<&Key, usize> = BTreeMap::new();
        for (n, (key, _, _)) in rows.iter().enumerate() {
            if by_key.contains_key(key) {
                let path = format!("{list}[{n}]");
                self.mistake(
                    &format!("{path}.key"),
                    Fault::DuplicateKey {
                        key: key.as_str().into(),
                    },
                );
            } else {
                by_key.insert(key, n);
            }
        }
        let mut tree = Tree::default();
        let mut refused: BTreeSet<&Key> = BTreeSet::new();
        for (n, (key, _, _)) in rows.iter().enumerate() {
            if by_key.get(key) != Some(&n) || tree.find(key.as_str()).is_some() {
                continue;
            }
            self.add_chain(list, kind, rows, &by_key, n, most, &mut tree, &mut refused);
        }
        let uprooted = refused.into_iter().map(|key| (kind as u8, key.clone()));
        self.uprooted.extend(uprooted);
        tree
    }

    /// Adds a row's node, those above it first.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one loop, named where they are used"
    )]
    fn add_chain<'r>(
        &mut self,
        list: &'static str,
        kind: Kind,
        rows: &'r [NewNode],
        by_key: &BTreeMap<&'r Key, usize>,
        first: usize,
        most: usize,
        tree: &mut Tree,
        refused: &mut BTreeSet<&'r Key>,
    ) {
        let mut chain = Vec::new();
        let mut on_chain = BTreeSet::new();
        let mut next = Some(first);
        while let Some((n, (key, _, parent))) = next.and_then(|n| Some((n, rows.get(n)?))) {
            if refused.contains(key) || tree.find(key.as_str()).is_some() {
                break;
            }
            if !on_chain.insert(n) {
                let path = format!("{list}[{n}]");
                self.mistake(
                    &format!("{path}.parent"),
                    Fault::Cycle {
                        key: key.as_str().into(),
                    },
                );
                refused.extend(
                    chain
                        .iter()
                        .filter_map(|n| rows.get(*n))
                        .map(|(key, _, _)| key),
                );
                return;
            }
            chain.push(n);
            next = parent.as_ref().and_then(|parent| {
                let found = by_key.get(parent).copied();
                if found.is_none() {
                    let path = format!("{list}[{n}]");
                    let known = by_key.keys().map(|key| key.as_str());
                    self.mistake(
                        &format!("{path}.parent"),
                        Unknown::new(kind, parent.as_str(), known),
                    );
                }
                found
            });
        }
        for n in chain.into_iter().rev() {
            let Some((key, label, parent)) = rows.get(n) else {
                continue;
            };
            if parent
                .as_ref()
                .is_some_and(|parent| refused.contains(parent))
            {
                refused.insert(key);
                continue;
            }
            let parent = parent
                .as_ref()
                .and_then(|parent| tree.find(parent.as_str()));
            match tree.accepts(key, parent, most) {
                Ok(()) => {
                    tree.add(key.clone(), label.clone(), parent);
                }
                Err(fault) => {
                    let path = format!("{list}[{n}]");
                    self.mistake(&format!("{path}.parent"), fault);
                    refused.insert(key);
                }
            }
        }
    }

    fn profiles(&mut self) {
        let mut index: BTreeMap<Key, ProfileIx> = BTreeMap::new();
        let mut profiles = Vec::new();
        for (n, row) in self.policy.profiles.iter().enumerate() {
            let mut faults = Faults::default();
            resolve::profile(&self.model, row, &mut faults);
            if index.contains_key(&row.key) {
                faults.add(
                    "key",
                    Fault::DuplicateKey {
                        key: row.key.as_str().into(),
                    },
                );
            } else {
                index.insert(
                    row.key.clone(),
                    ProfileIx(u32::try_from(profiles.len()).unwrap_or(u32::MAX)),
                );
                profiles.push(Arc::new(Profile::new(row.clone(), &self.model.catalog, 0)));
            }
            self.faults("profile", n, faults);
        }
        self.model.profiles = Arc::new(profiles);
        self.model.profile_index = Arc::new(index);
    }

    fn people(&mut self) {
        let mut users: Vec<User> = Vec::new();
        let mut index = BTreeMap::new();
        for (n, row) in self.policy.users.iter().enumerate() {
            let mut faults = Faults::default();
            if index.contains_key(&row.key) {
                faults.add(
                    "key",
                    Fault::DuplicateKey {
                        key: row.key.as_str().into(),
                    },
                );
            } else {
                index.insert(
                    row.key.clone(),
                    UserIx(u32::try_from(users.len()).unwrap_or(u32::MAX)),
                );
                users.push(new_user(&self.model, row, &self.plain, &mut faults));
            }
            let carried = [
                ("grant", row.grant.is_empty()),
                ("level", row.level.is_empty()),
                ("assign", row.assign.is_empty()),
            ];
            for (field, _) in carried.into_iter().filter(|(_, is_empty)| !is_empty) {
                faults.add(
                    field,
                    Fault::UnknownField {
                        field: field.into(),
                        nearest: None,
                    },
                );
            }
            self.faults("user", n, faults);
        }
        self.model.users = users.into_iter().collect::<Blocks<User>>();
        self.model.user_index = index.into_iter().collect();
        let mut heads = alloc::vec![None; self.model.departments.len()];
        for (n, row) in self.policy.departments.iter().enumerate() {
            let Some(head) = &row.head else { continue };
            match (
                self.model.find_user(head.as_str()),
                self.model.find_department(row.key.as_str()),
            ) {
                (Ok(user), Ok(department)) => {
                    if let Some(place) = heads.get_mut(department.at()) {
                        *place = Some(user);
                    }
                }
                (Err(unknown), _) => {
                    let path = format!("department[{n}]");
                    self.mistake(&format!("{path}.head"), unknown);
                }
                (Ok(_), Err(_)) => {}
            }
        }
        self.model.heads = Arc::new(heads);
    }

    fn entries(&mut self) {
        let policy = self.policy;
        for (n, row) in policy.grants.iter().enumerate() {
            let mut faults = Faults::default();
            let entry = resolve::grant(&self.model, row, &mut faults);
            self.add_entry("grant", n, entry, &row.terms, faults);
        }
        for (n, row) in policy.revokes.iter().enumerate() {
            let mut faults = Faults::default();
            let entry = resolve::revoke(&self.model, row, &mut faults);
            self.add_entry("revoke", n, entry, &row.terms, faults);
        }
        for (n, row) in policy.levels.iter().enumerate() {
            let mut faults = Faults::default();
            let entry = resolve::level(&self.model, row, &mut faults);
            self.add_entry("level", n, entry, &row.terms, faults);
        }
        for (n, row) in policy.assignments.iter().enumerate() {
            let mut faults = Faults::default();
            let found = resolve::assign(&self.model, row, &mut faults);
            self.add(
                "assign",
                "profile",
                n,
                found.map(|(holder, key)| (holder, key, ())),
                &row.terms,
                faults,
                |holdings| &mut holdings.assignments,
            );
        }
        for (n, row) in policy.restrictions.iter().enumerate() {
            let mut faults = Faults::default();
            let found = resolve::restrict(&self.model, row, &mut faults);
            self.add(
                "restrict",
                "limit",
                n,
                found.map(|(holder, key)| (holder, key, ())),
                &row.terms,
                faults,
                |holdings| &mut holdings.limits,
            );
        }
        for (n, row) in policy.items.iter().enumerate() {
            let mut faults = Faults::default();
            let found = resolve::item(&self.model, row, &mut faults);
            let found = found.map(|(user, item, on)| (Holder::User(user), item, on));
            self.add("item", "item", n, found, &row.terms, faults, |holdings| {
                &mut holdings.items
            });
        }
    }

    fn add_entry(
        &mut self,
        list: &'static str,
        n: usize,
        entry: Option<resolve::Entry>,
        terms: &Terms,
        faults: Faults,
    ) {
        self.add(list, "on", n, entry, terms, faults, |holdings| {
            &mut holdings.entries
        });
    }

    /// Adds one thing held, if its row has no fault.
    #[expect(
        clippy::too_many_arguments,
        reason = "one row: where it stands, what it says, where it goes"
    )]
    fn add<K: Ord + Clone, V>(
        &mut self,
        list: &'static str,
        named: &str,
        n: usize,
        found: Option<(Holder, K, V)>,
        terms: &Terms,
        mut faults: Faults,
        timeline: impl FnOnce(&mut Holdings) -> &mut Timeline<K, V>,
    ) {
        let window = faults.take("until", resolve::window(terms, None));
        // What cannot be read whole clashes with nothing.
        let unsure = self.places.wrong_in_row(list, n);
        if let (Some((holder, key, value)), Some(window), true) =
            (found, window, faults.is_empty() && !unsure)
        {
            let origin = self.origin(terms);
            let held = Held {
                key,
                value,
                window,
                origin,
            };
            if self
                .model
                .holdings_mut(holder)
                .is_some_and(|holdings| !timeline(holdings).insert(held))
            {
                faults.add(named, Fault::ConflictingEntry);
            }
        }
        self.faults(list, n, faults);
    }

    fn origin(&self, terms: &Terms) -> Arc<Origin> {
        if terms.reason.is_none() && terms.document.is_none() {
            return Arc::clone(&self.plain);
        }
        Arc::new(Origin {
            reason: terms.reason.clone(),
            document: terms.document.clone(),
            ..(*self.plain).clone()
        })
    }

    /// The duties that a line of the administration table names, as far as they are known.
    fn line(&mut self, path: &str, duties: &AnyOf<DutyKey>) -> Option<AnyOf<DutyIx>> {
        let listed = duties.as_slice().len() > 1 || self.places.is_list(path);
        let mut known = Vec::new();
        for (n, duty) in duties.iter().enumerate() {
            match self.model.catalog.duty(duty.as_str()) {
                Ok(duty) => known.push(duty),
                Err(unknown) if listed => self.mistake(&format!("{path}[{n}]"), unknown),
                Err(unknown) => self.mistake(path, unknown),
            }
        }
        AnyOf::new(known)
    }

    fn tables(&mut self) {
        let policy = self.policy;
        let mut administration = BTreeMap::new();
        for (kind, duties) in &policy.administration {
            let known = self.line(&format!("administration.{kind}"), duties);
            administration.extend(known.map(|known| (*kind, known)));
        }
        self.model.administration = Arc::new(administration);
        let desk = &policy.helpdesk;
        for (field, duty) in [
            ("file", &desk.file),
            ("work", &desk.work),
            ("reopen", &desk.reopen),
        ] {
            if let Some(Err(unknown)) = duty
                .as_ref()
                .map(|duty| self.model.catalog.duty(duty.as_str()))
            {
                self.mistake(&format!("helpdesk.{field}"), unknown);
            }
        }
        self.model.helpdesk = desk.clone();
        let mut conflicts: Vec<crate::model::ConflictSet> = Vec::new();
        for (n, row) in policy.conflicts.iter().enumerate() {
            let mut faults = Faults::default();
            if conflicts.iter().any(|set| set.key == row.key) {
                faults.add(
                    "key",
                    Fault::DuplicateKey {
                        key: row.key.as_str().into(),
                    },
                );
            } else {
                conflicts.push(resolve::conflict(&self.model, row, &mut faults));
            }
            if self.is_wrong(&format!("conflict[{n}].of")) {
                faults.forget("at-most");
            }
            self.faults("conflict", n, faults);
        }
        self.model.conflicts = Arc::new(conflicts);
        let mut seen = BTreeSet::new();
        for (n, row) in policy.schedules.iter().enumerate() {
            let mut faults = Faults::default();
            if !seen.insert(&row.key) {
                faults.add(
                    "key",
                    Fault::DuplicateKey {
                        key: row.key.as_str().into(),
                    },
                );
            }
            if row.every.as_seconds() == 0 {
                faults.add(
                    "every",
                    Fault::OutOfRange {
                        wanted: ("a duration above zero", "una duración mayor que cero").into(),
                    },
                );
            }
            if let Some(select) = &row.select {
                resolve::select(&self.model, select, &mut faults);
            }
            if let Some(policy::Reviewers::Named(reviewers)) = &row.reviewers {
                resolve::users(&self.model, "reviewers", reviewers, &mut faults);
            }
            self.faults("schedule", n, faults);
        }
    }
}

type NewNode = (Key, Option<Label>, Option<Key>);

/// A user as a row states it, without the entries of an invitation.
pub(crate) fn new_user(
    model: &Model,
    row: &policy::User,
    origin: &Arc<Origin>,
    faults: &mut Faults,
) -> User {
    let department = row
        .department
        .as_ref()
        .and_then(|key| faults.take("department", model.find_department(key.as_str())));
    let team = row
        .team
        .as_ref()
        .and_then(|key| faults.take("team", model.find_team(key.as_str())));
    let mut holdings = Holdings::default();
    for (n, key) in row.groups.iter().enumerate() {
        let Some(group) = faults.take(&format!("groups[{n}]"), model.find_group(key.as_str()))
        else {
            continue;
        };
        let window = Window::new(origin.at, None).unwrap_or_default();
        let held = Held {
            key: group,
            value: (),
            window,
            origin: Arc::clone(origin),
        };
        if !holdings.groups.insert(held) {
            faults.add(format!("groups[{n}]"), Fault::ConflictingEntry);
        }
    }
    User {
        key: row.key.clone(),
        card: Card::of(row.name.as_ref(), row.contact.as_ref(), row.login.as_ref()),
        department,
        team,
        all_teams: row.all_teams.unwrap_or(false),
        enabled: row.enabled.unwrap_or(true),
        offboarded: false,
        holdings,
    }
}
