//! A shared index from keys to positions that grows cheaply while old copies are kept.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::borrow::Borrow;

/// How many additions are kept apart before they are merged.
const RECENT: usize = 512;

/// An ordered map of which a copy is free; an addition copies only what came recently.
#[derive(Clone, Debug)]
pub(crate) struct Index<K, V> {
    base: Arc<BTreeMap<K, V>>,
    recent: Arc<BTreeMap<K, V>>,
}

impl<K, V> Default for Index<K, V> {
    fn default() -> Self {
        Self {
            base: Arc::default(),
            recent: Arc::default(),
        }
    }
}

impl<K: Ord + Clone, V: Copy> Index<K, V> {
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.recent.get(key).or_else(|| self.base.get(key)).copied()
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        Arc::make_mut(&mut self.recent).insert(key, value);
        if self.recent.len() > RECENT {
            let recent = core::mem::take(&mut self.recent);
            Arc::make_mut(&mut self.base)
                .extend(recent.iter().map(|(key, value)| (key.clone(), *value)));
        }
    }

    /// All keys, in no order that means anything.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.base.keys().chain(self.recent.keys())
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Index<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self {
            base: Arc::new(pairs.into_iter().collect()),
            recent: Arc::default(),
        }
    }
}
