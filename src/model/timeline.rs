//! What is held by a key over time: for each key disjoint windows, in order.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Deref;
use core::ops::DerefMut;

use crate::id::Actor;
use crate::id::RequestId;
use crate::text::Text;
use crate::time::Timestamp;
use crate::time::Window;

/// Everything of one sort that one holder has, sorted by key and then by start.
///
/// At any instant it has at most one for each key (rule 3.3). What has ended stays, as history.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub(crate) struct Timeline<K, V> {
    /// Nothing where there is nothing, and without room for more: holders are many, and few of them change.
    held: Option<Box<[Held<K, V>]>>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Held<K, V> {
    pub(crate) key: K,
    pub(crate) value: V,
    pub(crate) window: Window,
    pub(crate) origin: Arc<Origin>,
}

/// Where something that is held comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub(crate) struct Origin {
    /// Who made it.
    pub(crate) by: Actor,
    /// When; absent: in the document that the tenant was founded on.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) at: Option<Timestamp>,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) reason: Option<Text>,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) document: Option<Text>,
    /// The tenant's revision when it was made; 0 for the document's.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "is_zero"))]
    pub(crate) revision: u64,
    /// The request that it was provisioned for.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) request: Option<RequestId>,
    /// When it was last certified, and by whom.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) certified: Option<(Timestamp, Actor)>,
}

impl Origin {
    /// That of all that a document states without a reason and without a document behind it.
    pub(crate) fn plain() -> Arc<Self> {
        Arc::new(Self {
            by: Actor::System,
            at: None,
            reason: None,
            document: None,
            revision: 0,
            request: None,
            certified: None,
        })
    }
}

impl<K, V> Default for Timeline<K, V> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<K, V> Timeline<K, V> {
    /// The timeline with nothing in it.
    pub(crate) const EMPTY: Self = Self { held: None };

    pub(crate) fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// All of them, those that have ended too.
    #[inline]
    pub(crate) fn all(&self) -> &[Held<K, V>] {
        self.held.as_deref().unwrap_or_default()
    }

    /// Lets all that come from an origin like this one share it.
    #[cfg(feature = "serde")]
    pub(crate) fn share(&mut self, origin: &Arc<Origin>) {
        for held in self.held.as_deref_mut().unwrap_or_default() {
            if held.origin == *origin {
                held.origin = Arc::clone(origin);
            }
        }
    }
}

impl<K: 'static, V: 'static> Timeline<K, V> {
    const NONE: &'static Self = &Self::EMPTY;
}

/// A timeline of something that few holders have, which takes little room where it is empty.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub(crate) struct Seldom<K, V>(Option<Box<Timeline<K, V>>>);

impl<K, V> Seldom<K, V> {
    /// The one with nothing in it.
    pub(crate) const EMPTY: Self = Self(None);

    #[cfg(feature = "serde")]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|timeline| timeline.is_empty())
    }

    /// Lets all that come from an origin like this one share it.
    #[cfg(feature = "serde")]
    pub(crate) fn share(&mut self, origin: &Arc<Origin>) {
        if let Some(timeline) = &mut self.0 {
            timeline.share(origin);
        }
    }
}

impl<K, V> Default for Seldom<K, V> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<K: 'static, V: 'static> Deref for Seldom<K, V> {
    type Target = Timeline<K, V>;

    fn deref(&self) -> &Timeline<K, V> {
        self.0.as_deref().unwrap_or(Timeline::NONE)
    }
}

impl<K: 'static, V: 'static> DerefMut for Seldom<K, V> {
    fn deref_mut(&mut self) -> &mut Timeline<K, V> {
        self.0.get_or_insert_default()
    }
}

impl<K: Ord + Clone, V> Timeline<K, V> {
    /// Adds one, unless another of its key holds in part of its window.
    pub(crate) fn insert(&mut self, held: Held<K, V>) -> bool {
        if self.clashes(&held.key, held.window).next().is_some() {
            return false;
        }
        let place = self
            .all()
            .partition_point(|other| order(other) < order(&held));
        self.change(1, |all| all.insert(place, held));
        true
    }

    /// Takes out the one with that key and start.
    pub(crate) fn remove(&mut self, key: &K, from: Option<Timestamp>) -> Option<Held<K, V>> {
        let place = self.place(key, from)?;
        Some(self.change(0, |all| all.remove(place)))
    }

    /// The one with that key and start, to be changed in place.
    pub(crate) fn get_mut(&mut self, key: &K, from: Option<Timestamp>) -> Option<&mut Held<K, V>> {
        let place = self.place(key, from)?;
        self.held.as_mut()?.get_mut(place)
    }

    pub(crate) fn get(&self, key: &K, from: Option<Timestamp>) -> Option<&Held<K, V>> {
        self.all().get(self.place(key, from)?)
    }

    /// All of that key, in order.
    pub(crate) fn of(&self, key: &K) -> &[Held<K, V>] {
        let start = self.all().partition_point(|held| held.key < *key);
        let rest = self.all().get(start..).unwrap_or_default();
        let end = rest.partition_point(|held| held.key == *key);
        rest.get(..end).unwrap_or_default()
    }

    /// The one of that key in force at an instant.
    pub(crate) fn in_force_of(&self, key: &K, at: Timestamp) -> Option<&Held<K, V>> {
        let of = self.of(key);
        let begun = of.partition_point(|held| held.window.has_begun(at));
        of.get(begun.checked_sub(1)?)
            .filter(|held| held.window.holds(at))
    }

    /// The one of that key in force at an instant, else the next to come: what ending it ends (rule 6).
    pub(crate) fn to_end(&self, key: &K, at: Timestamp) -> Option<&Held<K, V>> {
        self.of(key).iter().find(|held| !held.window.has_ended(at))
    }

    /// Those of that key whose windows share an instant with this one.
    pub(crate) fn clashes(
        &self,
        key: &K,
        window: Window,
    ) -> impl Iterator<Item = &Held<K, V>> + use<'_, K, V> {
        self.of(key)
            .iter()
            .filter(move |held| held.window.overlaps(window))
    }

    /// Those in force at an instant.
    pub(crate) fn in_force(&self, at: Timestamp) -> impl Iterator<Item = &Held<K, V>> {
        self.all().iter().filter(move |held| held.window.holds(at))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Held<K, V>> {
        self.all().iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.all().len()
    }

    fn place(&self, key: &K, from: Option<Timestamp>) -> Option<usize> {
        self.all()
            .binary_search_by(|held| order(held).cmp(&(key, from)))
            .ok()
    }

    /// Changes what is held, to which so many are added.
    fn change<R>(&mut self, more: usize, change: impl FnOnce(&mut Vec<Held<K, V>>) -> R) -> R {
        let mut all = self.held.take().unwrap_or_default().into_vec();
        all.reserve_exact(more);
        let changed = change(&mut all);
        self.held = (!all.is_empty()).then(|| all.into_boxed_slice());
        changed
    }
}

fn order<K, V>(held: &Held<K, V>) -> (&K, Option<Timestamp>) {
    (&held.key, held.window.from())
}

#[cfg(feature = "serde")]
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
pub(crate) fn is_zero(revision: &u64) -> bool {
    *revision == 0
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::Origin;
    use super::Seldom;

    /// Where nothing is held, one word is taken, and looking and sharing take no more.
    #[test]
    fn what_few_have_takes_a_word_where_there_is_none() {
        assert_eq!(size_of::<Seldom<u32, ()>>(), size_of::<usize>());
        let mut none: Seldom<u32, ()> = Seldom::default();
        none.share(&Origin::plain());
        assert!(none.iter().next().is_none() && none.is_empty());
        assert!(none.0.is_none());
    }
}
