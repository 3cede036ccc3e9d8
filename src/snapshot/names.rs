//! The keys of users and duties, found by hash.

use alloc::sync::Arc;

use crate::catalog::Catalog;
use crate::ix::DutyIx;
use crate::ix::UserIx;
use crate::snapshot::hash::HashKey;
use crate::snapshot::hash::short;
use crate::snapshot::keys::Keys;
use crate::snapshot::keys::Texts;

/// How many users come apart from the others until they are merged.
const RECENT: usize = 1_024;
/// About as long as the key of a user or a duty is.
pub(super) const LENGTH: usize = 24;

/// The keys of all users and duties of a snapshot.
#[derive(Clone, Debug)]
pub(super) struct Names {
    users: Arc<Keys>,
    recent: Arc<Keys>,
    duties: Arc<Keys>,
}

impl Names {
    /// Those of users by position, and of the duties of a catalog.
    pub(super) fn new(users: Texts, catalog: &Catalog, key: &HashKey) -> Self {
        let mut duties = Texts::new(catalog.len(), LENGTH);
        for (_, duty) in catalog.duties() {
            duties.add(duty.key.as_str());
        }
        Self {
            users: Arc::new(Keys::new(key, users)),
            recent: Arc::new(Keys::new(key, Texts::new(0, 0))),
            duties: Arc::new(Keys::new(key, duties)),
        }
    }

    #[inline]
    pub(super) fn user(&self, key: &str) -> Option<UserIx> {
        if let Some(number) = self.users.find(key) {
            return Some(UserIx(number));
        }
        let number = self.recent.find(key)?;
        Some(UserIx(short(self.users.len()) + number))
    }

    #[inline]
    pub(super) fn duty(&self, key: &str) -> Option<DutyIx> {
        let number = self.duties.find(key)?;
        u16::try_from(number).ok().map(DutyIx)
    }

    /// Adds a user.
    pub(super) fn add(&mut self, user: &str, key: &HashKey) {
        Arc::make_mut(&mut self.recent).add(user);
        if self.recent.len() >= RECENT {
            self.users = Arc::new(self.users.followed_by(&self.recent));
            self.recent = Arc::new(Keys::new(key, Texts::new(0, 0)));
        }
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        self.users.heap() + self.recent.heap() + self.duties.heap()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "the keys are given here")]
mod tests {
    use super::Names;
    use super::RECENT;
    use crate::catalog::Catalog;
    use crate::ix::UserIx;
    use crate::policy::Duty;
    use crate::snapshot::hash::HashKey;
    use crate::snapshot::hash::short;
    use crate::snapshot::keys::Texts;
    use alloc::format;
    use alloc::sync::Arc;

    #[test]
    fn duties_are_found_at_their_places_and_no_other_is() {
        let mut catalog = Catalog::default();
        for action in ["view", "edit", "void"] {
            let key = format!("finance.ledger.{action}").parse().unwrap();
            let duty = Duty::new(key);
            assert!(catalog.add_duty(&duty).is_ok());
        }
        let names = Names::new(Texts::new(0, 0), &catalog, &HashKey::new([3; 16]));
        for (place, duty) in catalog.duties() {
            assert_eq!(names.duty(duty.key.as_str()), Some(place));
        }
        assert_eq!(names.duty("finance.ledger.admin"), None);
        assert_eq!(names.user("finance.ledger.view"), None);
    }

    #[test]
    fn users_who_come_one_by_one_are_found_and_few_are_copied() {
        let (key, name) = (HashKey::new([3; 16]), |n: u32| format!("user-{n}"));
        let mut texts = Texts::new(0, 0);
        (0..10).for_each(|n| texts.add(&name(n)));
        let mut names = Names::new(texts, &Catalog::default(), &key);
        let many = 10 + short(RECENT) * 2;
        for n in 10..=many {
            assert_eq!(names.user(&name(n)), None);
            let before = Arc::clone(&names.users);
            names.add(&name(n), &key);
            // Those who came before are copied when as many have come as are kept apart, and only then.
            let merged = (n - 9) % short(RECENT) == 0;
            assert_eq!(Arc::ptr_eq(&before, &names.users), !merged, "{n}");
            assert_eq!(names.recent.len() == 0, merged, "{n}");
            assert_eq!(names.user(&name(n)), Some(UserIx(n)));
        }
        for n in 0..=many {
            assert_eq!(names.user(&name(n)), Some(UserIx(n)));
        }
    }
}
