//! The machine: an event's changes, carried out on what decisions are made from.
//!
//! Fields of the model are written here and nowhere else. Each change says what was before, and one that does not
//! fit is refused: so the same code serves commands decided a moment ago and events stored years ago.

use crate::catalog::Target;
use crate::event::Change;
use crate::event::Made;
use crate::event::Person;
use crate::event::Thing;
use crate::id::Actor;
use crate::id::Key;
use crate::ix::ConflictIx;
use crate::ix::DepartmentIx;
use crate::ix::GroupIx;
use crate::ix::LimitIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::TeamIx;
use crate::ix::UserIx;
use crate::model::Card;
use crate::model::ConflictSet;
use crate::model::Holder;
use crate::model::Holdings;
use crate::model::Model;
use crate::model::Spot;
use crate::model::User;
use crate::model::profile::Effect;
use crate::model::profile::Profile;
use crate::model::timeline::Held;
use crate::model::timeline::Origin;
use crate::model::timeline::Timeline;
use crate::model::tree::Tree;
use crate::policy;
use crate::policy::Reach;
use crate::time::Timestamp;
use crate::time::Window;
use alloc::sync::Arc;

use crate::id::ItemKey;
use crate::policy::Level;

/// Nothing more is known than that a change does not fit: its event tells which.
pub(crate) struct Misfit;

/// An event as its changes need it.
pub(crate) struct Context<'a> {
    pub(crate) at: Timestamp,
    pub(crate) by: &'a Actor,
    pub(crate) revision: u64,
}

/// Carries out one change of what decisions are made from.
#[expect(clippy::too_many_lines, reason = "one arm for each change")]
pub(crate) fn apply_to(
    model: &mut Model,
    change: &Change,
    context: &Context<'_>,
) -> Result<(), Misfit> {
    match change {
        Change::UserAdded(row) => add_user(model, row, context),
        Change::PersonChanged {
            user,
            before,
            after,
        } => {
            let ix = model.find_user(user.as_str()).map_err(|_| Misfit)?;
            change_person(model, ix, before, after, context)
        }
        Change::Made(made) => make(model, made, context),
        Change::Ended {
            holder,
            what,
            before,
            after,
        } => {
            let holder = model.find_holder(holder).map_err(|_| Misfit)?;
            let resolved = resolve(model, what)?;
            let holdings = model.holdings_mut(holder).ok_or(Misfit)?;
            end(holdings, &resolved, *before, *after)?;
            holdings.revision = context.revision;
            Ok(())
        }
        Change::Certified {
            holder,
            what,
            from,
            before,
            after,
        } => {
            let holder = model.find_holder(holder).map_err(|_| Misfit)?;
            let resolved = resolve(model, what)?;
            let holdings = model.holdings_mut(holder).ok_or(Misfit)?;
            certify(holdings, &resolved, *from, before.as_ref(), after)?;
            holdings.revision = context.revision;
            Ok(())
        }
        Change::ScopeAdded(row) => add_node(&mut model.scopes, row).map(drop),
        Change::TeamAdded(row) => add_node(&mut model.teams, row).map(drop),
        Change::GroupAdded(row) => {
            add_node(&mut model.groups, row)?;
            model.group_holdings.push(Holdings {
                revision: context.revision,
                ..Holdings::default()
            });
            Ok(())
        }
        Change::DepartmentAdded(row) => {
            let head = row
                .head
                .as_ref()
                .map(|head| model.find_user(head.as_str()))
                .transpose()
                .map_err(|_| Misfit)?;
            let node = policy::Node {
                key: row.key.clone(),
                label: row.label.clone(),
                parent: row.parent.clone(),
            };
            add_node(&mut model.departments, &node)?;
            Arc::make_mut(&mut model.heads).push(head);
            Ok(())
        }
        Change::HeadChanged {
            department,
            before,
            after,
        } => {
            let department = model
                .find_department(department.as_str())
                .map_err(|_| Misfit)?;
            let now = model.head(department).and_then(|user| model.user_key(user));
            let after = after
                .as_ref()
                .map(|head| model.find_user(head.as_str()))
                .transpose()
                .map_err(|_| Misfit)?;
            if now != before.as_ref() {
                return Err(Misfit);
            }
            *Arc::make_mut(&mut model.heads)
                .get_mut(department.at())
                .ok_or(Misfit)? = after;
            Ok(())
        }
        Change::ModuleAdded(row) => {
            if model.catalog.module(row.key.as_str()).is_ok() {
                return Err(Misfit);
            }
            let module = Arc::make_mut(&mut model.catalog).add_module(row);
            if row.enabled == Some(false) {
                Arc::make_mut(&mut model.modules_off).insert(module);
            }
            Ok(())
        }
        Change::DutyAdded(row) => {
            Arc::make_mut(&mut model.catalog)
                .add_duty(row)
                .map_err(|_| Misfit)?;
            model.recompile_profiles();
            Ok(())
        }
        Change::ModuleSwitched {
            module,
            before,
            after,
        } => {
            let module = model.catalog.module(module.as_str()).map_err(|_| Misfit)?;
            if model.is_module_on(module) != *before {
                return Err(Misfit);
            }
            let off = Arc::make_mut(&mut model.modules_off);
            if *after {
                off.remove(&module)
            } else {
                off.insert(module)
            };
            Ok(())
        }
        Change::ModeChanged { before, after } => replace(&mut model.mode, before, *after),
        Change::SeatsChanged { before, after } => replace(&mut model.seats, before, *after),
        Change::ProfileDefined { before, after } => {
            define_profile(model, before.as_ref(), after, context)
        }
        Change::ProfileRetired { profile } => {
            let ix = model.find_profile(profile.as_str()).map_err(|_| Misfit)?;
            let profile = Arc::make_mut(&mut model.profiles)
                .get_mut(ix.at())
                .map(Arc::make_mut)
                .ok_or(Misfit)?;
            profile.retired = true;
            profile.retired_in = Some(context.revision);
            profile.revision = context.revision;
            Ok(())
        }
        Change::ConflictDeclared(row) => {
            let of = row
                .of
                .iter()
                .map(|target| model.catalog.target(target))
                .collect::<Result<_, _>>();
            let of = of.map_err(|_| Misfit)?;
            if model.find_conflict(row.key.as_str()).is_ok() {
                return Err(Misfit);
            }
            let set = ConflictSet {
                key: row.key.clone(),
                label: row.label.clone(),
                of,
                at_most: row.at_most.unwrap_or(1),
            };
            Arc::make_mut(&mut model.conflicts).push(set);
            Ok(())
        }
        Change::Governed(_) => Err(Misfit),
    }
}

fn replace<T: PartialEq>(place: &mut T, before: &T, after: T) -> Result<(), Misfit> {
    if place != before {
        return Err(Misfit);
    }
    *place = after;
    Ok(())
}

fn add_user(model: &mut Model, row: &policy::User, context: &Context<'_>) -> Result<(), Misfit> {
    if model.known_user(row.key.as_str()).is_some() {
        return Err(Misfit);
    }
    let (department, team) = places_of(model, row.department.as_ref(), row.team.as_ref())?;
    let ix = UserIx(u32::try_from(model.users.len()).map_err(|_| Misfit)?);
    model.users.push(User {
        key: row.key.clone(),
        card: Card::of(row.name.as_ref(), row.contact.as_ref(), row.login.as_ref()),
        department,
        team,
        all_teams: row.all_teams.unwrap_or(false),
        enabled: row.enabled.unwrap_or(true),
        offboarded: false,
        holdings: Holdings {
            revision: context.revision,
            ..Holdings::default()
        },
    });
    model.user_index.insert(row.key.clone(), ix);
    Ok(())
}

fn change_person(
    model: &mut Model,
    ix: UserIx,
    before: &Person,
    after: &Person,
    context: &Context<'_>,
) -> Result<(), Misfit> {
    let (department, team) = places_of(model, after.department.as_ref(), after.team.as_ref())?;
    if model
        .user(ix)
        .is_none_or(|user| person(model, user) != *before)
    {
        return Err(Misfit);
    }
    let user = model.users.get_mut(ix.at()).ok_or(Misfit)?;
    user.card = Card::of(
        after.name.as_ref(),
        after.contact.as_ref(),
        after.login.as_ref(),
    );
    user.department = department;
    user.team = team;
    user.all_teams = after.all_teams;
    user.enabled = after.enabled;
    user.offboarded = after.offboarded;
    user.holdings.revision = context.revision;
    Ok(())
}

type Belongs = (Option<DepartmentIx>, Option<TeamIx>);

fn places_of(
    model: &Model,
    department: Option<&Key>,
    team: Option<&Key>,
) -> Result<Belongs, Misfit> {
    let department = department
        .map(|key| model.find_department(key.as_str()))
        .transpose()
        .map_err(|_| Misfit)?;
    let team = team
        .map(|key| model.find_team(key.as_str()))
        .transpose()
        .map_err(|_| Misfit)?;
    Ok((department, team))
}

fn define_profile(
    model: &mut Model,
    before: Option<&policy::Profile>,
    after: &policy::Profile,
    context: &Context<'_>,
) -> Result<(), Misfit> {
    let ix = model.find_any_profile(after.key.as_str()).ok();
    let now = ix.and_then(|ix| model.profile(ix));
    if now.map(|profile| &profile.row) != before {
        return Err(Misfit);
    }
    let mut profile = Profile::new(after.clone(), &model.catalog, context.revision);
    profile.retired_in = now.and_then(|profile| profile.retired_in);
    let profiles = Arc::make_mut(&mut model.profiles);
    if let Some(ix) = ix {
        *profiles.get_mut(ix.at()).ok_or(Misfit)? = Arc::new(profile);
    } else {
        let ix = ProfileIx(u32::try_from(profiles.len()).map_err(|_| Misfit)?);
        profiles.push(Arc::new(profile));
        Arc::make_mut(&mut model.profile_index).insert(after.key.clone(), ix);
    }
    Ok(())
}

fn add_node(tree: &mut Arc<Tree>, row: &policy::Node) -> Result<u32, Misfit> {
    let parent = row
        .parent
        .as_ref()
        .map(|parent| tree.find(parent.as_str()).ok_or(Misfit))
        .transpose()?;
    if tree.find(row.key.as_str()).is_some() {
        return Err(Misfit);
    }
    Ok(Arc::make_mut(tree).add(row.key.clone(), row.label.clone(), parent))
}

/// A thing whose keys are positions.
pub(crate) enum Resolved {
    Entry(Spot, Effect),
    Profile((ProfileIx, Place)),
    Limit((LimitIx, Place)),
    Membership(GroupIx),
    Item(ItemKey, alloc::vec::Vec<Target>),
    Exception(ConflictIx),
}

pub(crate) fn resolve(model: &Model, thing: &Thing) -> Result<Resolved, Misfit> {
    let place = |scope: &Option<Key>| model.find_place(scope.as_ref()).map_err(|_| Misfit);
    let target = |on| model.catalog.target(on).map_err(|_| Misfit);
    Ok(match thing {
        Thing::Grant {
            on,
            scope,
            reach,
            ceiling,
        } => {
            let effect = Effect::Grant {
                reach: Reach::clone(reach),
                ceiling: *ceiling,
            };
            Resolved::Entry((target(on)?, place(scope)?), effect)
        }
        Thing::Revoke { on, scope } => {
            Resolved::Entry((target(on)?, place(scope)?), Effect::Revoke)
        }
        Thing::Level { on, to, scope } => {
            let (object, rungs) = model.catalog.rungs(on, to).map_err(|_| Misfit)?;
            Resolved::Entry(
                (Target::Object(object), place(scope)?),
                Effect::Level { rungs },
            )
        }
        Thing::Profile { profile, scope } => Resolved::Profile((
            model
                .find_any_profile(profile.as_str())
                .map_err(|_| Misfit)?,
            place(scope)?,
        )),
        Thing::Limit { limit, scope } => Resolved::Limit((
            model.catalog.limit(limit.as_str()).map_err(|_| Misfit)?,
            place(scope)?,
        )),
        Thing::Membership { group } => {
            Resolved::Membership(model.find_group(group.as_str()).map_err(|_| Misfit)?)
        }
        Thing::Item { item, on } => {
            let on = on.iter().map(target).collect::<Result<_, _>>()?;
            Resolved::Item(item.clone(), on)
        }
        Thing::Exception { conflict } => {
            Resolved::Exception(model.find_conflict(conflict.as_str()).map_err(|_| Misfit)?)
        }
    })
}

fn make(model: &mut Model, made: &Made, context: &Context<'_>) -> Result<(), Misfit> {
    let holder: Holder = model.find_holder(&made.holder).map_err(|_| Misfit)?;
    let resolved = resolve(model, &made.what)?;
    let origin = Arc::new(Origin {
        by: context.by.clone(),
        at: Some(context.at),
        reason: made.reason.clone(),
        document: made.document.clone(),
        revision: context.revision,
        request: made.request,
        certified: None,
    });
    let holdings = model.holdings_mut(holder).ok_or(Misfit)?;
    let window = made.window;
    let inserted = match resolved {
        Resolved::Entry(key, value) => holdings.entries.insert(Held {
            key,
            value,
            window,
            origin,
        }),
        Resolved::Profile(key) => holdings.assignments.insert(Held {
            key,
            value: (),
            window,
            origin,
        }),
        Resolved::Limit(key) => holdings.limits.insert(Held {
            key,
            value: (),
            window,
            origin,
        }),
        Resolved::Membership(key) => holdings.groups.insert(Held {
            key,
            value: (),
            window,
            origin,
        }),
        Resolved::Item(key, value) => holdings.items.insert(Held {
            key,
            value,
            window,
            origin,
        }),
        Resolved::Exception(key) => holdings.exceptions.insert(Held {
            key,
            value: (),
            window,
            origin,
        }),
    };
    if !inserted {
        return Err(Misfit);
    }
    holdings.revision = context.revision;
    Ok(())
}

fn end(
    holdings: &mut Holdings,
    what: &Resolved,
    before: Window,
    after: Option<Window>,
) -> Result<(), Misfit> {
    match what {
        Resolved::Entry(key, value) => end_in(&mut holdings.entries, key, value, before, after),
        Resolved::Profile(key) => end_in(&mut holdings.assignments, key, &(), before, after),
        Resolved::Limit(key) => end_in(&mut holdings.limits, key, &(), before, after),
        Resolved::Membership(key) => end_in(&mut holdings.groups, key, &(), before, after),
        Resolved::Item(key, value) => end_in(&mut holdings.items, key, value, before, after),
        Resolved::Exception(key) => end_in(&mut holdings.exceptions, key, &(), before, after),
    }
}

fn end_in<K: Ord + Clone, V: PartialEq>(
    timeline: &mut Timeline<K, V>,
    key: &K,
    value: &V,
    before: Window,
    after: Option<Window>,
) -> Result<(), Misfit> {
    let held = timeline.get_mut(key, before.from()).ok_or(Misfit)?;
    if held.window != before || held.value != *value {
        return Err(Misfit);
    }
    match after {
        Some(after) if after.from() == before.from() => held.window = after,
        Some(_) => return Err(Misfit),
        None => drop(timeline.remove(key, before.from())),
    }
    Ok(())
}

fn certify(
    holdings: &mut Holdings,
    what: &Resolved,
    from: Option<Timestamp>,
    before: Option<&(Timestamp, Actor)>,
    after: &(Timestamp, Actor),
) -> Result<(), Misfit> {
    let origin = match what {
        Resolved::Entry(key, _) => holdings
            .entries
            .get_mut(key, from)
            .map(|held| &mut held.origin),
        Resolved::Profile(key) => holdings
            .assignments
            .get_mut(key, from)
            .map(|held| &mut held.origin),
        Resolved::Limit(key) => holdings
            .limits
            .get_mut(key, from)
            .map(|held| &mut held.origin),
        Resolved::Membership(key) => holdings
            .groups
            .get_mut(key, from)
            .map(|held| &mut held.origin),
        Resolved::Item(key, _) => holdings
            .items
            .get_mut(key, from)
            .map(|held| &mut held.origin),
        Resolved::Exception(key) => holdings
            .exceptions
            .get_mut(key, from)
            .map(|held| &mut held.origin),
    };
    let origin = Arc::make_mut(origin.ok_or(Misfit)?);
    if origin.certified.as_ref() != before {
        return Err(Misfit);
    }
    origin.certified = Some(after.clone());
    Ok(())
}

/// An entry as events write it.
pub(crate) fn entry_thing(model: &Model, (target, place): Spot, effect: Effect) -> Thing {
    let on = model.catalog.target_name(target);
    let scope = scope_key(model, place);
    match effect {
        Effect::Grant { reach, ceiling } => Thing::Grant {
            on,
            scope,
            reach,
            ceiling,
        },
        Effect::Revoke => Thing::Revoke { on, scope },
        Effect::Level { rungs } => {
            let to = Level::new(model.catalog.rung_name(target, rungs)).unwrap_or(Level::None);
            Thing::Level { on, to, scope }
        }
    }
}

/// An assignment as events write it.
pub(crate) fn profile_thing(model: &Model, (profile, place): (ProfileIx, Place)) -> Thing {
    Thing::Profile {
        profile: model.profile_name(profile),
        scope: scope_key(model, place),
    }
}

/// A limit put on a holder as events write it.
pub(crate) fn limit_thing(model: &Model, (limit, place): (LimitIx, Place)) -> Thing {
    Thing::Limit {
        limit: model.catalog.limit_name(limit),
        scope: scope_key(model, place),
    }
}

/// A right on an item as events write it.
pub(crate) fn item_thing(model: &Model, item: &ItemKey, on: &[Target]) -> Thing {
    Thing::Item {
        item: item.clone(),
        on: on
            .iter()
            .map(|target| model.catalog.target_name(*target))
            .collect(),
    }
}

/// What is known of a user.
pub(crate) fn person(model: &Model, user: &User) -> Person {
    Person {
        name: user.name().cloned(),
        contact: user.contact().cloned(),
        login: user.login().cloned(),
        department: user
            .department
            .and_then(|ix| model.departments.get(ix.get()))
            .map(|branch| branch.key.clone()),
        team: user
            .team
            .and_then(|ix| model.teams.get(ix.get()))
            .map(|branch| branch.key.clone()),
        all_teams: user.all_teams,
        enabled: user.enabled,
        offboarded: user.offboarded,
    }
}

/// The positions of a thing's keys, if they all lead somewhere.
pub(crate) fn resolve_thing(model: &Model, thing: &Thing) -> Option<Resolved> {
    resolve(model, thing).ok()
}

/// The key of a scope for an event.
pub(crate) fn scope_key(model: &Model, place: Place) -> Option<Key> {
    place
        .and_then(|scope| model.scopes.get(scope.get()))
        .map(|branch| branch.key.clone())
}
