//! What makes a class: the groups that its users are in and the profiles that they are assigned.

use core::hash::Hasher;

use smallvec::SmallVec;

use crate::ix::GroupIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::ix::ScopeIx;
use crate::snapshot::hash::HashKey;

/// So many numbers lie together, and are compared at once.
pub(super) const WIDTH: usize = 4;
/// Some parts of a class, filled up. A part takes one number: its kind above its position. Where that is too large, its
/// upper bits come before, as a part of a kind of their own.
pub(super) type Parts = [u16; WIDTH];

const BITS: u32 = 14;
const PROFILE: u16 = 0;
const GROUP: u16 = 1 << BITS;
const PLACE: u16 = 2 << BITS;
/// Upper bits, or nothing.
const UPPER: u16 = 3 << BITS;

/// No parts.
const NOTHING: Parts = [u16::MAX; WIDTH];

/// A part, but for its upper bits.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the upper bits come apart")]
const fn short_part(kind: u16, position: u32) -> u16 {
    kind | position as u16 & !UPPER
}

/// What makes a class: groups, then profiles, then the scope in which the groups' own entries are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClassKey<'a>(&'a [Parts]);

impl ClassKey<'_> {
    /// The class of those who may do nothing at all.
    pub(super) const DISABLED: ClassKey<'static> = ClassKey(&[[UPPER; WIDTH]]);

    pub(super) fn is_disabled(self) -> bool {
        self == Self::DISABLED
    }

    /// What is found in each class that has a group as a part, and in few others.
    pub(super) const fn of_group(group: GroupIx) -> u16 {
        short_part(GROUP, group.0)
    }

    /// The same of a profile.
    pub(super) const fn of_profile(profile: ProfileIx) -> u16 {
        short_part(PROFILE, profile.0)
    }

    /// Whether it is made of profiles alone.
    pub(super) fn is_of_profiles(self) -> bool {
        let mut parts = self.each();
        !self.is_disabled() && parts.all(|(kind, _)| kind == PROFILE)
    }

    #[inline]
    pub(super) fn hash(self, with: &HashKey) -> u64 {
        let mut hasher = with.hasher();
        let word = |parts: &Parts| {
            let [a, b, c, d] = parts.map(u64::from);
            a | b << 16 | c << 32 | d << 48
        };
        match self.0 {
            [few] => hasher.write_u64(word(few)),
            many => many.iter().for_each(|parts| hasher.write_u64(word(parts))),
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

    /// Its parts, each as its kind and its position.
    #[inline]
    fn each(self) -> impl Iterator<Item = (u16, u32)> + 'a {
        let mut upper = 0;
        self.0.as_flattened().iter().filter_map(move |part| {
            let (kind, lower) = (part & UPPER, u32::from(part & !UPPER));
            if kind == UPPER {
                upper = (upper | lower) << BITS;
                return None;
            }
            Some((kind, core::mem::take(&mut upper) | lower))
        })
    }

    #[inline]
    fn positions(self, wanted: u16) -> impl Iterator<Item = u32> + 'a {
        let wanted = self.each().filter(move |(kind, _)| *kind == wanted);
        wanted.map(|(_, position)| position)
    }

    pub(super) fn groups(self) -> impl Iterator<Item = GroupIx> + 'a {
        self.positions(GROUP).map(GroupIx)
    }

    #[inline]
    pub(super) fn profiles(self) -> impl Iterator<Item = ProfileIx> + 'a {
        self.positions(PROFILE).map(ProfileIx)
    }

    pub(super) fn scope(self) -> Place {
        self.positions(PLACE).next().map(ScopeIx::new)
    }
}

/// The parts of a class of a few profiles, one of each thing. Nothing if a thing has none, if there are more than lie
/// together, or if a position takes upper bits. However many there are, the same steps are taken.
#[inline]
pub(super) fn few<T>(things: &[T], profile: impl Fn(&T) -> Option<ProfileIx>) -> Option<Parts> {
    let Some(last) = things.last() else {
        return Some(NOTHING);
    };
    let mut parts = NOTHING;
    let mut fits = things.len() <= WIDTH;
    for (place, part) in parts.iter_mut().enumerate() {
        let told = profile(things.get(place).unwrap_or(last));
        let position = told.map_or(u32::MAX, |profile| profile.0);
        fits &= position >> BITS == 0;
        if place < things.len() {
            *part = short_part(PROFILE, position);
        }
    }
    fits.then_some(parts)
}

/// What makes a class, as it is put together: in this order, each part once.
#[derive(Debug)]
pub(super) struct ClassDraft {
    /// The parts, if they are few.
    first: Parts,
    /// All parts, if they are many.
    all: SmallVec<[Parts; 6]>,
    /// How many numbers there are.
    taken: usize,
}

impl ClassDraft {
    /// An empty one.
    #[inline]
    pub(super) fn new() -> Self {
        Self {
            first: NOTHING,
            all: SmallVec::new(),
            taken: 0,
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
        self.add(GROUP, group.0);
    }

    #[inline]
    pub(super) fn profile(&mut self, profile: ProfileIx) {
        self.add(PROFILE, profile.0);
    }

    pub(super) fn place(&mut self, scope: ScopeIx) {
        self.add(PLACE, scope.get());
    }

    #[inline]
    fn add(&mut self, kind: u16, position: u32) {
        if position >> BITS != 0 {
            self.add_upper(position >> BITS);
        }
        self.put(short_part(kind, position));
    }

    #[cold]
    fn add_upper(&mut self, position: u32) {
        self.add(UPPER, position);
    }

    #[inline]
    fn put(&mut self, part: u16) {
        match self.first.get_mut(self.taken) {
            Some(free) => *free = part,
            None => self.put_beyond(part),
        }
        self.taken += 1;
    }

    fn put_beyond(&mut self, part: u16) {
        if self.all.is_empty() {
            self.all.push(self.first);
        }
        let place = self.taken % WIDTH;
        if place == 0 {
            self.all.push(NOTHING);
        }
        if let Some(free) = self.all.last_mut().and_then(|last| last.get_mut(place)) {
            *free = part;
        }
    }
}

/// How many parts are looked at together, whatever they are: faster than to stop at one.
pub(super) const BLOCK: usize = 4 * WIDTH;

/// From how many wanted parts on each part is looked up among them.
const MANY: usize = 32;

/// A byte for each of a few parts, from the lowest up: whether it is one of these, which are in order.
#[inline]
pub(super) fn hits(few: &[u16], wanted: &[u16]) -> u128 {
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
fn compare(equal: &mut [u8; BLOCK], few: &[u16], wanted: u16) {
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
        let large: Vec<u32> = [14, 28, 31]
            .map(|bits| [(1 << bits) - 1, 1 << bits])
            .concat();
        let lists: [&[u32]; 6] = [
            &[],
            &[0],
            &[1, 3],
            &[0, 7, 1 << 29],
            &large,
            &[1, 2, 3, 4, 5, 6],
        ];
        let mut keys = BTreeSet::new();
        let mut hashes = BTreeSet::new();
        for groups in lists {
            for profiles in lists {
                for scope in [None, Some(0), Some(5), Some((1 << 28) - 1), Some(1 << 29)] {
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
        assert_eq!((keys.len(), hashes.len()), (180, 180));
        assert!(ClassKey::DISABLED.is_disabled());
        assert!(!ClassKey::DISABLED.is_of_profiles());
    }

    #[test]
    fn few_profiles_make_the_class_that_they_make_one_by_one() {
        let large = 1 << 14;
        for all in [
            &[][..],
            &[0],
            &[3, 7],
            &[0, 1, 2],
            &[2, 3, 5, large - 1],
            &[2, large],
            &[1, 2, 3, 4, 5],
        ] {
            let fits = all.len() <= 4 && !all.contains(&large);
            let whole = class(&[], all, None);
            let few = super::few(all, |profile| Some(ProfileIx(*profile)));
            let key = few.as_ref().map(core::slice::from_ref).map(ClassKey::of);
            assert_eq!(key, fits.then(|| whole.key()), "{all:?}");
            for wrong in all {
                let all_but = |profile: &u32| (profile != wrong).then_some(ProfileIx(*profile));
                assert_eq!(super::few(all, all_but), None, "{all:?} {wrong}");
            }
        }
    }

    #[test]
    fn parts_are_found_wherever_they_lie() {
        let parts: Vec<u16> = (100..).take(BLOCK).collect();
        for count in 0..=BLOCK {
            let few = parts.get(..count).unwrap_or_default();
            let many: Vec<u16> = (0..).step_by(5).take(3 * MANY).collect();
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
