//! Answers as sets: of duties, and of users.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use crate::ix::DutyId;
use crate::ix::DutyIx;
use crate::ix::Tag;
use crate::ix::UserId;
use crate::ix::UserIx;
use crate::snapshot::flat::contains;
use crate::snapshot::flat::ones;
use crate::snapshot::hash::short;

/// A set of duties of one tenant.
#[derive(Clone, PartialEq, Eq)]
pub struct Duties<'a> {
    tag: Tag,
    words: Cow<'a, [u64]>,
}

impl<'a> Duties<'a> {
    #[inline]
    pub(super) fn new(tag: Tag, words: impl Into<Cow<'a, [u64]>>) -> Self {
        Self {
            tag,
            words: words.into(),
        }
    }

    /// Whether a duty is in it; one of another tenant is not.
    #[must_use]
    pub fn contains(&self, duty: DutyId) -> bool {
        duty.of(self.tag)
            .is_some_and(|duty| contains(&self.words, duty))
    }

    /// How many duties are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        count(&self.words)
    }

    /// Whether no duty is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The duties in it, in catalog order.
    pub fn iter(&self) -> impl Iterator<Item = DutyId> + '_ {
        self.positions().map(|duty| DutyId::new(self.tag, duty))
    }

    pub(super) fn positions(&self) -> impl Iterator<Item = DutyIx> + '_ {
        ones(&self.words)
    }
}

impl fmt::Debug for Duties<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// A set of users of one tenant.
#[derive(Clone, PartialEq, Eq)]
pub struct Users {
    tag: Tag,
    words: Vec<u64>,
}

impl Users {
    pub(super) fn new(tag: Tag, words: Vec<u64>) -> Self {
        Self { tag, words }
    }

    /// Whether a user is in it; one of another tenant is not.
    #[must_use]
    pub fn contains(&self, user: UserId) -> bool {
        let bits = u64::BITS as usize;
        user.of(self.tag).is_some_and(|user| {
            let word = self.words.get(user.at() / bits).copied().unwrap_or(0);
            word >> (user.at() % bits) & 1 == 1
        })
    }

    /// How many users are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        count(&self.words)
    }

    /// Whether no user is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The users in it, in the order in which they came to the tenant.
    pub fn iter(&self) -> impl Iterator<Item = UserId> + '_ {
        self.positions()
            .map(|user| UserId::new(self.tag, UserIx(user)))
    }

    pub(super) fn positions(&self) -> impl Iterator<Item = u32> + '_ {
        (0_usize..).zip(&self.words).flat_map(|(place, word)| {
            let first = short(place * u64::BITS as usize);
            let mut rest = *word;
            core::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(first + bit)
            })
        })
    }
}

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The bits that are set. There are never more than a number holds, and a sum that is not watched is made of several
/// words at a time.
pub(super) fn count(words: &[u64]) -> usize {
    let ones = words.iter().map(|word| word.count_ones() as usize);
    ones.fold(0, usize::wrapping_add)
}
