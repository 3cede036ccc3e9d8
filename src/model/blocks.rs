//! A list in shared blocks: a copy costs nothing, and a change copies only the path to what changes.

use alloc::sync::Arc;
#[cfg(feature = "serde")]
use alloc::vec::Vec;

use smallvec::SmallVec;

const WIDTH: usize = 16;
const BITS: u32 = WIDTH.trailing_zeros();

/// A growing list of shared values; copies share all blocks that neither has changed since.
#[derive(Clone, Debug)]
pub(crate) struct Blocks<T> {
    len: usize,
    height: u32,
    root: Option<Arc<Block<T>>>,
}

/// What a block holds lies in it, so that a way down reads one place a level.
type Row<T> = SmallVec<[Arc<T>; WIDTH]>;

#[derive(Debug)]
enum Block<T> {
    Leaves(Row<T>),
    Blocks(Row<Block<T>>),
}

impl<T> Clone for Block<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Leaves(leaves) => Self::Leaves(leaves.clone()),
            Self::Blocks(blocks) => Self::Blocks(blocks.clone()),
        }
    }
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self {
            len: 0,
            height: 0,
            root: None,
        }
    }
}

impl<T> Blocks<T> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, at: usize) -> Option<&T> {
        self.shared(at).map(|value| &**value)
    }

    /// The value at a position, to be kept beyond the list.
    pub(crate) fn shared(&self, at: usize) -> Option<&Arc<T>> {
        self.leaves(at)?.get(at & (WIDTH - 1))
    }

    /// The values that lie with that at a position.
    fn leaves(&self, at: usize) -> Option<&[Arc<T>]> {
        let mut block = self.root.as_ref().filter(|_| at < self.len)?;
        let mut height = self.height;
        loop {
            match &**block {
                Block::Leaves(leaves) => return Some(leaves),
                Block::Blocks(blocks) => {
                    block = blocks.get(at >> (height * BITS) & (WIDTH - 1))?;
                }
            }
            height = height.saturating_sub(1);
        }
    }

    pub(crate) fn push(&mut self, value: T) {
        let at = self.len;
        if at == WIDTH << (self.height * BITS) {
            let old = self.root.take();
            self.root = Some(Arc::new(Block::Blocks(old.into_iter().collect())));
            self.height += 1;
        }
        let root = self
            .root
            .get_or_insert_with(|| Arc::new(Block::Leaves(Row::new())));
        push_into(root, self.height, at, Arc::new(value));
        self.len += 1;
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.runs().flatten().map(|value| &**value)
    }

    /// The values, as many at a time as lie together.
    pub(crate) fn runs(&self) -> impl Iterator<Item = &[Arc<T>]> {
        let firsts = (0..self.len).step_by(WIDTH);
        firsts.map(|at| self.leaves(at).unwrap_or_default())
    }
}

impl<T: Clone> Blocks<T> {
    /// Puts back a value that was kept.
    pub(crate) fn put_back(&mut self, at: usize, value: Arc<T>) {
        if let Some(place) = self.place_mut(at) {
            *place = value;
        }
    }

    /// The value at a position, to be changed; what other copies see stays as it is.
    pub(crate) fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.place_mut(at).map(Arc::make_mut)
    }

    fn place_mut(&mut self, at: usize) -> Option<&mut Arc<T>> {
        let mut block = self.root.as_mut().filter(|_| at < self.len)?;
        let mut height = self.height;
        loop {
            let slot = at >> (height * BITS) & (WIDTH - 1);
            match Arc::make_mut(block) {
                Block::Leaves(leaves) => return leaves.get_mut(slot),
                Block::Blocks(blocks) => block = blocks.get_mut(slot)?,
            }
            height = height.saturating_sub(1);
        }
    }
}

impl<T> FromIterator<T> for Blocks<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut blocks = Self::default();
        for value in values {
            blocks.push(value);
        }
        blocks
    }
}

fn push_into<T>(block: &mut Arc<Block<T>>, height: u32, at: usize, value: Arc<T>) {
    match Arc::make_mut(block) {
        Block::Leaves(leaves) => leaves.push(value),
        Block::Blocks(blocks) => {
            let slot = at >> (height * BITS) & (WIDTH - 1);
            if slot == blocks.len() {
                let empty = if height == 1 {
                    Block::Leaves(Row::new())
                } else {
                    Block::Blocks(Row::new())
                };
                blocks.push(Arc::new(empty));
            }
            if let Some(block) = blocks.get_mut(slot) {
                push_into(block, height - 1, at, value);
            }
        }
    }
}

#[cfg(feature = "serde")]
impl<T: serde::Serialize> serde::Serialize for Blocks<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Blocks<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<T>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Blocks;

    #[test]
    fn a_copy_keeps_what_it_had() {
        let mut blocks: Blocks<usize> = (0..5_000).collect();
        let before = blocks.clone();
        for at in [0, 15, 16, 255, 256, 4_095, 4_096, 4_999] {
            if let Some(value) = blocks.get_mut(at) {
                *value += 10_000;
            }
            assert_eq!(blocks.get(at), Some(&(at + 10_000)));
            assert_eq!(before.get(at), Some(&at));
        }
        assert_eq!(blocks.get(5_000), None);
        assert!(before.iter().copied().eq(0..5_000));
    }
}
