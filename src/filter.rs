//! The records on which a user may perform a duty, as a value that a host turns into a query.

use alloc::vec::Vec;

use crate::decision::Record;
use crate::decision::gate;
use crate::decision::unmet;
use crate::id::ItemKey;
use crate::id::Key;
use crate::ix::DutyIx;
use crate::ix::Place;
use crate::ix::TeamIx;
use crate::ix::UserIx;
use crate::layer::Opinion;
use crate::model::Model;
use crate::model::User;
use crate::policy::Reach;
use crate::rule::Layers;
use crate::rule::One;
use crate::rule::limits;
use crate::source::places;
use crate::time::Timestamp;

/// Which records pass: those on which the check permits, amounts left aside (rule 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// None.
    Nothing,
    /// Those that meet all that is said here.
    Records(Records),
}

/// What a record must meet.
///
/// A record passes if its team is visible, and it is public and meets the rule of its nearest scope, or it is
/// private, is one of the items and has the qualifiers that its nearest scope requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Records {
    /// The teams whose records are visible. Records without a team always are.
    pub teams: Teams,
    /// What holds in each scope, the root first. Of a record's scope and those above it the nearest that is
    /// listed decides; the root always is.
    pub scopes: Vec<ScopeRule>,
    /// The private items on which the user has a right that includes the duty.
    pub items: Vec<ItemKey>,
}

/// The teams whose records a user sees. Closed: the rule has these two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Teams {
    /// Every team's.
    All,
    /// These teams'.
    Only(Vec<Key>),
}

/// What holds for the records of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRule {
    /// The scope; absent: the root.
    pub scope: Option<Key>,
    /// Which public records pass; absent: none.
    pub reach: Option<Reach>,
    /// The qualifiers that every record must have, public or private.
    pub requires: Vec<Key>,
    /// The nearest scopes below this one that have rules of their own: their records, and all below them, are
    /// not this rule's.
    pub except: Vec<Key>,
}

/// What turns a filter into a query: one method for each thing that a filter says, called from the inside out.
///
/// Parts are made before what they are part of, not always in the order in which the query names them. Whoever binds
/// values to placeholders therefore numbers these, or keeps the values with their part.
///
/// # Examples
///
/// ```
/// use bailiwick::{Filter, FilterVisitor, ItemKey, Key};
///
/// /// Words instead of a query.
/// struct Words;
///
/// impl FilterVisitor for Words {
///     type Query = String;
///     fn nothing(&mut self) -> String { "nothing".into() }
///     fn all_of(&mut self, parts: Vec<String>) -> String { format!("({})", parts.join(" and ")) }
///     fn any_of(&mut self, parts: Vec<String>) -> String { format!("({})", parts.join(" or ")) }
///     fn in_teams(&mut self, teams: &[Key]) -> String { format!("untagged or of {teams:?}") }
///     fn within(&mut self, scope: Option<&Key>, except: &[Key]) -> String {
///         format!("within {scope:?} but not {except:?}")
///     }
///     fn public(&mut self) -> String { "public".into() }
///     fn associated(&mut self) -> String { "associated".into() }
///     fn private_items(&mut self, items: &[ItemKey]) -> String { format!("private among {items:?}") }
///     fn qualified(&mut self, word: &Key) -> String { word.to_string() }
/// }
///
/// assert_eq!(Filter::Nothing.visit(&mut Words), "nothing");
/// ```
pub trait FilterVisitor {
    /// What the visit makes: a query, or a part of one.
    type Query;

    /// No record.
    fn nothing(&mut self) -> Self::Query;

    /// Records that meet all of these; there is at least one.
    fn all_of(&mut self, parts: Vec<Self::Query>) -> Self::Query;

    /// Records that meet any of these; there is at least one.
    fn any_of(&mut self, parts: Vec<Self::Query>) -> Self::Query;

    /// Records that carry no team, or one of these. There may be none: of a user without a team.
    fn in_teams(&mut self, teams: &[Key]) -> Self::Query;

    /// Records in this scope or below it (absent: all records, those without a scope too), but in none of the
    /// others and nothing below them.
    fn within(&mut self, scope: Option<&Key>, except: &[Key]) -> Self::Query;

    /// Public records.
    fn public(&mut self) -> Self::Query;

    /// Records that the user is linked to.
    fn associated(&mut self) -> Self::Query;

    /// Private records whose item is one of these; there is at least one.
    fn private_items(&mut self, items: &[ItemKey]) -> Self::Query;

    /// Records that have this qualifier.
    fn qualified(&mut self, word: &Key) -> Self::Query;
}

impl Filter {
    pub(crate) fn new(model: &Model, user_ix: UserIx, duty: DutyIx, at: Timestamp) -> Self {
        let Some(user) = model.user(user_ix) else {
            return Self::Nothing;
        };
        if gate(model, user, duty, None).is_some() {
            return Self::Nothing;
        }
        let groups = model.groups_of(user, at);
        let view = One::new(&model.catalog, duty);
        let rule = |place: Place| {
            let path = model.path(place);
            let outcome: Opinion = Layers::of(&view, model, user, &groups, &path, at).outcome();
            let reaching = limits(model, user, &groups, &path, at);
            let reaching = unmet(model, &reaching, duty, &[]);
            let mut requires: Vec<Key> = reaching
                .iter()
                .filter_map(|limit| {
                    model
                        .catalog
                        .get_limit(*limit)
                        .map(|limit| limit.requires.clone())
                })
                .collect();
            requires.sort_unstable();
            requires.dedup();
            let scope = place
                .and_then(|scope| model.scopes.get(scope.get()))
                .map(|branch| branch.key.clone());
            ScopeRule {
                scope,
                reach: outcome.granted(),
                requires,
                except: Vec::new(),
            }
        };
        let rights = user.holdings.items.in_force(at);
        let rights = rights.filter(|held| {
            held.value
                .iter()
                .any(|target| model.catalog.covers(*target, duty))
        });
        let items: Vec<ItemKey> = rights.map(|held| held.key.clone()).collect();
        let listed = places(model, user, at);
        let mut scopes: Vec<ScopeRule> = listed.iter().copied().map(rule).collect();
        for place in &listed {
            let path = model.path(*place);
            let mut above = path.iter().rev().skip(1);
            let nearest = above.find_map(|above| listed.iter().position(|place| place == above));
            if let Some(rule) = nearest.and_then(|nearest| scopes.get_mut(nearest)) {
                let scope = place.and_then(|scope| model.scopes.get(scope.get()));
                rule.except.extend(scope.map(|branch| branch.key.clone()));
            }
        }
        if items.is_empty() && scopes.iter().all(|rule| rule.reach.is_none()) {
            return Self::Nothing;
        }
        Self::Records(Records {
            teams: Teams::of(model, user),
            scopes,
            items,
        })
    }

    /// Tells a visitor what the filter says, and gives what it makes of it.
    pub fn visit<V: FilterVisitor>(&self, visitor: &mut V) -> V::Query {
        let Self::Records(records) = self else {
            return visitor.nothing();
        };
        let mut rules = Vec::new();
        for rule in &records.scopes {
            let mut kinds = Vec::new();
            if let Some(reach) = rule.reach {
                let mut parts = Vec::from([visitor.public()]);
                if reach == Reach::Associated {
                    parts.push(visitor.associated());
                }
                kinds.push(visitor.all_of(parts));
            }
            if !records.items.is_empty() {
                kinds.push(visitor.private_items(&records.items));
            }
            if kinds.is_empty() {
                continue;
            }
            let mut parts = Vec::from([
                visitor.within(rule.scope.as_ref(), &rule.except),
                visitor.any_of(kinds),
            ]);
            for word in &rule.requires {
                parts.push(visitor.qualified(word));
            }
            rules.push(visitor.all_of(parts));
        }
        if rules.is_empty() {
            return visitor.nothing();
        }
        let passing = visitor.any_of(rules);
        match &records.teams {
            Teams::All => passing,
            Teams::Only(teams) => {
                let visible = visitor.in_teams(teams);
                visitor.all_of(Vec::from([visible, passing]))
            }
        }
    }

    /// Whether a record passes.
    pub(crate) fn admits(&self, model: &Model, record: &Record<'_>) -> bool {
        let Self::Records(records) = self else {
            return false;
        };
        let nearest = record.path.iter().rev().find_map(|place| {
            let key = model.scope_key(*place);
            records
                .scopes
                .iter()
                .find(|rule| rule.scope.as_ref().map(Key::as_str) == key)
        });
        let Some(rule) = nearest else { return false };
        let visible = record.team.is_none_or(|team| match &records.teams {
            Teams::All => true,
            Teams::Only(teams) => teams
                .iter()
                .any(|key| key.as_str() == model.teams.key(team.get())),
        });
        let passes = if record.private {
            record
                .item
                .is_some_and(|item| records.items.iter().any(|key| key.as_str() == item))
        } else {
            rule.reach
                .is_some_and(|reach| reach == Reach::All || record.associated)
        };
        visible
            && passes
            && rule
                .requires
                .iter()
                .all(|word| record.qualifiers.contains(&word.as_str()))
    }
}

impl Teams {
    fn of(model: &Model, user: &User) -> Self {
        if user.all_teams {
            return Self::All;
        }
        let below = |own: TeamIx| {
            let within = model
                .teams
                .iter()
                .filter(move |(team, _)| model.teams.is_within(*team, own.get()));
            within.map(|(_, branch)| branch.key.clone())
        };
        Self::Only(user.team.into_iter().flat_map(below).collect())
    }
}
