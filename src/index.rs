//! A shared index from keys to positions: a copy is free, and an addition copies only the path to it.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::borrow::Borrow;

/// An ordered map by the half bytes of its keys; copies share all that neither has added since.
///
/// Only the places at which keys part are kept, so finding one reads a few of its half bytes and compares it once.
/// Keys have no zero byte: a key that ends sooner has zeros there, and comes first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Index<K, V> {
    root: Option<Branch<K, V>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Branch<K, V> {
    Leaf(K, V),
    /// The keys below agree up to a half byte and part there; `taken` has a bit for each value that it takes.
    Fork {
        at: u16,
        taken: u16,
        below: Arc<[Branch<K, V>]>,
    },
}

impl<K, V> Default for Index<K, V> {
    fn default() -> Self {
        Self { root: None }
    }
}

impl<K: Borrow<str> + Clone, V: Copy> Index<K, V> {
    pub(crate) fn get(&self, key: &str) -> Option<V> {
        let (found, value) = self.root.as_ref()?.like(key)?;
        (found.borrow() == key).then_some(value)
    }

    /// Adds a key, or gives it another value.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match &mut self.root {
            None => self.root = Some(Branch::Leaf(key, value)),
            Some(root) => {
                let like = root.like(key.borrow());
                let at = like.and_then(|(like, _)| parting(like.borrow(), key.borrow()));
                root.add(at, key, value);
            }
        }
    }

    /// All keys, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        let mut ahead: Vec<&Branch<K, V>> = self.root.iter().collect();
        core::iter::from_fn(move || {
            loop {
                match ahead.pop()? {
                    Branch::Leaf(key, _) => return Some(key),
                    Branch::Fork { below, .. } => ahead.extend(below.iter().rev()),
                }
            }
        })
    }
}

impl<K: Borrow<str> + Clone, V: Copy> Branch<K, V> {
    /// The one that agrees with a key for as long as any does.
    fn like(&self, key: &str) -> Option<(&K, V)> {
        let mut branch = self;
        loop {
            match branch {
                Self::Leaf(key, value) => return Some((key, *value)),
                Self::Fork { at, taken, below } => {
                    let place = place(*taken, half(key, *at));
                    branch = below.get(place).or_else(|| below.last())?;
                }
            }
        }
    }

    /// Adds a key that parts from its likes at a half byte, or from none: then it is there.
    fn add(&mut self, parts: Option<u16>, key: K, value: V) {
        match (self, parts) {
            (Self::Fork { at, taken, below }, parts) if parts.is_none_or(|parts| *at < parts) => {
                let place = place(*taken, half(key.borrow(), *at));
                if let Some(branch) = Arc::make_mut(below).get_mut(place) {
                    branch.add(parts, key, value);
                }
            }
            (Self::Fork { at, taken, below }, Some(parts)) if *at == parts => {
                let half = half(key.borrow(), parts);
                let (before, after) = below.split_at(place(*taken, half));
                let added = [Self::Leaf(key, value)];
                *below = [before, &added, after].concat().into();
                *taken |= 1 << half;
            }
            (here, Some(parts)) => {
                let Some((like, _)) = here.like(key.borrow()) else {
                    return;
                };
                let halves = (half(like.borrow(), parts), half(key.borrow(), parts));
                let (old, new) = (here.clone(), Self::Leaf(key, value));
                let below = if halves.0 < halves.1 {
                    [old, new]
                } else {
                    [new, old]
                };
                *here = Self::Fork {
                    at: parts,
                    taken: 1 << halves.0 | 1 << halves.1,
                    below: below.into(),
                };
            }
            (here, None) => *here = Self::Leaf(key, value),
        }
    }

    /// The branch of some keys in order, each there once.
    fn of(pairs: &[(K, V)]) -> Option<Self> {
        let ((first, value), (last, _)) = (pairs.first()?, pairs.last()?);
        let Some(at) = parting(first.borrow(), last.borrow()) else {
            return Some(Self::Leaf(first.clone(), *value));
        };
        let (mut taken, mut below, mut rest) = (0, Vec::new(), pairs);
        while let Some((key, _)) = rest.first() {
            let half_byte = half(key.borrow(), at);
            let count = rest.partition_point(|(key, _)| half(key.borrow(), at) <= half_byte);
            let (these, others) = rest.split_at(count);
            taken |= 1 << half_byte;
            below.extend(Self::of(these));
            rest = others;
        }
        let below = below.into();
        Some(Self::Fork { at, taken, below })
    }
}

impl<K: Borrow<str> + Clone + Ord, V: Copy> FromIterator<(K, V)> for Index<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut pairs: Vec<(K, V)> = pairs.into_iter().collect();
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
        pairs.dedup_by(|(a, _), (b, _)| a == b);
        Self {
            root: Branch::of(&pairs),
        }
    }
}

/// Where a half byte's branch stands among those that are taken.
fn place(taken: u16, half: u8) -> usize {
    (taken & ((1 << half) - 1)).count_ones() as usize
}

/// A half byte of a key, the upper one first.
fn half(key: &str, at: u16) -> u8 {
    let byte = key.as_bytes().get(usize::from(at / 2)).copied();
    let byte = byte.unwrap_or_default();
    if at & 1 == 0 { byte >> 4 } else { byte & 15 }
}

/// The first half byte at which two keys part.
fn parting(a: &str, b: &str) -> Option<u16> {
    let longest = u16::try_from(a.len().max(b.len())).unwrap_or(u16::MAX / 2);
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let at = u16::try_from(same).ok().filter(|same| *same < longest)? * 2;
    Some(if half(a, at) == half(b, at) {
        at + 1
    } else {
        at
    })
}

#[cfg(test)]
mod tests {
    use super::Index;
    use alloc::collections::BTreeMap;
    use alloc::string::String;
    use alloc::vec::Vec;

    #[test]
    fn it_finds_what_an_ordered_map_finds_and_a_copy_keeps_what_it_had() {
        let words = [
            "", "a", "ab", "abc", "b", "ba", "a-b", "a.b", "ana@rio", "ana", "an", "z9",
        ];
        let keys: Vec<String> = words
            .iter()
            .flat_map(|a| words.map(|b| alloc::format!("{a}{b}")))
            .collect();
        let mut index = Index::default();
        let mut plain = BTreeMap::new();
        let mut copies = Vec::new();
        for (n, key) in keys.iter().enumerate() {
            assert_eq!(index.get(key), plain.get(key).copied(), "`{key}` before");
            copies.push((index.clone(), plain.clone()));
            index.insert(key.clone(), n);
            plain.insert(key.clone(), n);
            let whole: Index<String, usize> = plain.clone().into_iter().collect();
            for key in &keys {
                assert_eq!(index.get(key), plain.get(key).copied(), "`{key}`");
                assert_eq!(whole.get(key), plain.get(key).copied(), "`{key}` at once");
            }
            assert!(index.keys().eq(plain.keys()) && whole.keys().eq(plain.keys()));
        }
        for (index, plain) in copies {
            assert!(index.keys().eq(plain.keys()));
            assert!(plain.iter().all(|(key, n)| index.get(key) == Some(*n)));
        }
    }
}
