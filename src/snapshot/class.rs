//! What makes a class: the groups that its users are in and the profiles that they are assigned.

use core::hash::Hasher;

use smallvec::SmallVec;

use crate::ix::GroupIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::ScopeIx;
use crate::snapshot::hash::HashKey;

/// So many parts lie together, and are compared at once.
pub(super) const WIDTH: usize = 4;
/// Some parts of a class, filled up.
pub(super) type Parts = [u32; WIDTH];

const GROUP: u32 = 1 << 31;
const PLACE: u32 = 1 << 30;
/// No part.
const NONE: u32 = PLACE - 1;

/// What makes a class: groups, then profiles, then the scope in which the groups' own entries are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClassKey<'a>(&'a [Parts]);

impl ClassKey<'_> {
    /// The class of those who may do nothing at all.
    pub(super) const DISABLED: ClassKey<'static> = ClassKey(&[[u32::MAX; WIDTH]]);

    pub(super) fn is_disabled(self) -> bool {
        self == Self::DISABLED
    }

    /// A group as a part of classes.
    pub(super) const fn of_group(group: GroupIx) -> u32 {
        GROUP | group.0
    }

    /// Whether it is made of profiles alone.
    pub(super) fn is_of_profiles(self) -> bool {
        let mut parts = self.0.as_flattened().iter();
        parts.all(|part| part & (GROUP | PLACE) == 0)
    }

    #[inline]
    pub(super) fn hash(self, with: &HashKey) -> u64 {
        let mut hasher = with.hasher();
        for parts in self.0 {
            let [a, b, c, d] = parts.map(u128::from);
            hasher.write_u128(a | b << 32 | c << 64 | d << 96);
        }
        hasher.finish()
    }
}

impl<'a> ClassKey<'a> {
    /// The class with these parts.
    pub(super) fn of(parts: &'a [Parts]) -> Self {
        Self(parts)
    }

    /// All its parts, as they are kept.
    #[inline]
    pub(super) fn parts(self) -> &'a [Parts] {
        self.0
    }

    #[inline]
    fn each(self) -> impl Iterator<Item = u32> + 'a {
        let parts = self.0.as_flattened().iter().copied();
        parts.filter(|part| *part != NONE)
    }

    pub(super) fn groups(self) -> impl Iterator<Item = GroupIx> + 'a {
        let groups = self.each().filter(|part| part & GROUP != 0);
        groups.map(|part| GroupIx(part & !GROUP))
    }

    #[inline]
    pub(super) fn profiles(self) -> impl Iterator<Item = ProfileIx> + 'a {
        let profiles = self.each().filter(|part| part & (GROUP | PLACE) == 0);
        profiles.map(ProfileIx)
    }

    pub(super) fn scope(self) -> Place {
        let place = self.each().find(|part| part & (GROUP | PLACE) == PLACE);
        place.map(|part| ScopeIx::new(part & !PLACE))
    }
}

/// What makes a class, as it is put together: in this order.
#[derive(Debug)]
pub(super) struct ClassDraft {
    /// The parts, if they are few.
    first: Parts,
    /// All parts, if they are many.
    all: SmallVec<[Parts; 3]>,
    /// How many of the last parts there are.
    taken: usize,
    /// The one that was added last.
    last: u32,
}

impl ClassDraft {
    /// An empty one.
    #[inline]
    pub(super) fn new() -> Self {
        Self {
            first: [NONE; WIDTH],
            all: SmallVec::new(),
            taken: 0,
            last: NONE,
        }
    }

    #[inline]
    pub(super) fn key(&self) -> ClassKey<'_> {
        ClassKey(if self.all.is_empty() {
            core::slice::from_ref(&self.first)
        } else {
            &self.all
        })
    }

    pub(super) fn group(&mut self, group: GroupIx) {
        self.add(ClassKey::of_group(group));
    }

    /// Adds a profile, unless it was the last to be added.
    #[inline]
    pub(super) fn profile(&mut self, profile: ProfileIx) {
        if self.last != profile.0 {
            self.add(profile.0);
        }
    }

    pub(super) fn place(&mut self, scope: ScopeIx) {
        self.add(PLACE | scope.get());
    }

    #[inline]
    fn add(&mut self, part: u32) {
        if self.taken == WIDTH {
            if self.all.is_empty() {
                self.all.push(self.first);
            }
            self.all.push([NONE; WIDTH]);
            self.taken = 0;
        }
        let parts = self.all.last_mut().unwrap_or(&mut self.first);
        if let Some(free) = parts.get_mut(self.taken) {
            *free = part;
        }
        self.taken += 1;
        self.last = part;
    }
}

/// How many parts are looked at together, whatever they are: faster than to stop at one.
pub(super) const BLOCK: usize = 4 * WIDTH;

/// From how many wanted parts on each part is looked up among them.
const MANY: usize = 32;

/// A byte for each of a few parts, from the lowest up: whether it is one of these, which are in order.
#[inline]
pub(super) fn hits(few: &[u32], wanted: &[u32]) -> u128 {
    if wanted.len() >= MANY {
        let mut found = [0; BLOCK];
        for (found, part) in found.iter_mut().zip(few) {
            *found = u8::from(wanted.binary_search(part).is_ok());
        }
        return u128::from_le_bytes(found);
    }
    let mut hits = 0;
    for one in wanted {
        let mut equal = [0; BLOCK];
        match few.first_chunk::<BLOCK>() {
            Some(few) => compare(&mut equal, few, *one),
            None => compare(&mut equal, few, *one),
        }
        hits |= u128::from_le_bytes(equal);
    }
    hits
}

#[inline]
fn compare(equal: &mut [u8; BLOCK], few: &[u32], wanted: u32) {
    for (equal, part) in equal.iter_mut().zip(few) {
        *equal = u8::from(*part == wanted);
    }
}

#[cfg(test)]
mod tests {
    use super::BLOCK;
    use super::ClassDraft;
    use super::ClassKey;
    use super::MANY;
    use super::hits;
    use crate::ix::GroupIx;
    use crate::ix::ProfileIx;
    use crate::ix::ScopeIx;
    use crate::snapshot::hash::HashKey;
    use crate::snapshot::hash::short;
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    fn class(groups: &[u32], profiles: &[u32], scope: Option<u32>) -> ClassDraft {
        let mut key = ClassDraft::new();
        for group in groups {
            key.group(GroupIx(*group));
        }
        for profile in profiles {
            key.profile(ProfileIx(*profile));
        }
        if let Some(scope) = scope {
            key.place(ScopeIx::new(scope));
        }
        key
    }

    #[test]
    fn what_made_a_class_is_read_back() {
        let lists: [&[u32]; 5] = [&[], &[0], &[1, 3], &[0, 7, 1 << 29], &[1, 2, 3, 4, 5, 6]];
        let mut keys = BTreeSet::new();
        let mut hashes = BTreeSet::new();
        for groups in lists {
            for profiles in lists {
                for scope in [None, Some(0), Some(5), Some(1 << 29)] {
                    let draft = class(groups, profiles, scope);
                    let key = draft.key();
                    assert!(key.groups().eq(groups.iter().copied().map(GroupIx)));
                    assert!(key.profiles().eq(profiles.iter().copied().map(ProfileIx)));
                    assert_eq!(key.scope(), scope.map(ScopeIx::new));
                    let others = !groups.is_empty() || scope.is_some();
                    assert_eq!(key.is_of_profiles(), !others, "{key:?}");
                    assert!(!key.is_disabled(), "{key:?}");
                    hashes.insert(key.hash(&HashKey::new([3; 16])));
                    keys.insert(key.parts().to_vec());
                }
            }
        }
        assert_eq!((keys.len(), hashes.len()), (100, 100));
        assert!(ClassKey::DISABLED.is_disabled());
        assert!(!ClassKey::DISABLED.is_of_profiles());
        // A profile that is assigned at the root and in a scope is one.
        let [twice, once] = [&[2, 2, 4, 4][..], &[2, 4]].map(|profiles| class(&[], profiles, None));
        assert_eq!(twice.key(), once.key());
    }

    #[test]
    fn parts_are_found_wherever_they_lie() {
        let parts: Vec<u32> = (100..).take(BLOCK).collect();
        for count in 0..=BLOCK {
            let few = parts.get(..count).unwrap_or_default();
            let many: Vec<u32> = (0..3 * MANY).map(short).map(|n| n * 5).collect();
            for wanted in [&[][..], &[100], &[103, 115], &[99], &[7, 107], &many] {
                let bytes = hits(few, wanted).to_le_bytes();
                for (place, byte) in bytes.iter().enumerate() {
                    let found = few.get(place).is_some_and(|part| wanted.contains(part));
                    assert_eq!(*byte, u8::from(found), "{count} {wanted:?} {place}");
                }
            }
        }
    }
}
