//! Separation of duties: of conflicting targets, at most so many in one hand (rule 6.4).

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::held;
use crate::catalog::Target;
use crate::duties::DutySet;
use crate::id::Key;
use crate::id::TargetKey;
use crate::id::UserKey;
use crate::model::Model;
use crate::model::User;
use crate::source::Source;
use crate::source::places;
use crate::time::Timestamp;

/// A user who holds more of a conflicting set than may be in one hand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation<'a> {
    /// The user.
    pub user: &'a UserKey,
    /// The set.
    pub conflict: &'a Key,
    /// The targets of the set that the user holds some duty of, each with the sources that grant it.
    pub paths: Vec<(TargetKey, Vec<String>)>,
}

impl<'a> AsOf<'a> {
    /// The standing violations of conflicting sets without an exception in force, sorted by user and then by
    /// set.
    #[must_use]
    pub fn conflicts(self) -> Vec<Violation<'a>> {
        let model = self.model;
        let mut violations = Vec::new();
        if model.conflicts.is_empty() {
            return violations;
        }
        for (_, user) in model.all_users() {
            let held = held(model, user, self.at);
            for (set, excepted) in model.conflicts.iter().zip(excepted(model, user, self.at)) {
                if !excepted
                    && count(model, &set.of, &held)
                        > usize::try_from(set.at_most).unwrap_or(usize::MAX)
                {
                    let paths = set
                        .of
                        .iter()
                        .filter_map(|target| self.path_to(user, *target, &held))
                        .collect();
                    violations.push(Violation {
                        user: &user.key,
                        conflict: &set.key,
                        paths,
                    });
                }
            }
        }
        violations.sort_unstable();
        violations
    }

    /// The sources by which a user holds some duty of a target.
    fn path_to(
        self,
        user: &User,
        target: Target,
        held: &DutySet,
    ) -> Option<(TargetKey, Vec<String>)> {
        let under = self.model.catalog.under(target);
        let mut sources = BTreeSet::new();
        for place in places(self.model, user, self.at) {
            let path = self.model.path(place);
            for duty in under.iter().filter(|duty| held.contains(*duty)) {
                let all = Source::all(self.model, user, duty, &path, self.at);
                let granting = |source: &&Source<'_>| {
                    source.overridden_by.is_none() && source.opinion.granted().is_some()
                };
                sources.extend(
                    all.iter()
                        .filter(granting)
                        .map(|source| source.text(self.model)),
                );
            }
        }
        under.intersects(held).then(|| {
            (
                self.model.catalog.target_name(target),
                sources.into_iter().collect(),
            )
        })
    }
}

/// Of how many targets some duty is held.
pub(crate) fn count(model: &Model, of: &[Target], held: &DutySet) -> usize {
    of.iter()
        .filter(|target| model.catalog.under(**target).intersects(held))
        .count()
}

/// Which conflicting sets a user is excepted from at an instant.
pub(crate) fn excepted(model: &Model, user: &User, at: Timestamp) -> Vec<bool> {
    let mut excepted = alloc::vec![false; model.conflicts.len()];
    for held in user.holdings.exceptions.in_force(at) {
        if let Some(place) = excepted.get_mut(held.key.at()) {
            *place = true;
        }
    }
    excepted
}
