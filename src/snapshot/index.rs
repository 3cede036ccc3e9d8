//! Which row is whose: one number for each user, in blocks that snapshots share.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::ix::UserIx;
use crate::snapshot::rows::NOWHERE;

const BITS: u32 = 12;
const WIDTH: usize = 1 << BITS;

type Block = [u32; WIDTH];

/// The offsets of users' rows.
#[derive(Clone, Debug, Default)]
pub(super) struct UserRows {
    len: usize,
    blocks: Vec<Arc<Block>>,
}

impl UserRows {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The offset of a user's row; beyond the last user there is none.
    #[inline]
    pub(super) fn get(&self, user: UserIx) -> Option<u32> {
        let block = self.blocks.get(user.at() >> BITS)?;
        block.get(user.at() & (WIDTH - 1)).copied()
    }

    pub(super) fn push(&mut self, row: u32) {
        if self.len == self.blocks.len() * WIDTH {
            self.blocks.push(Arc::new([NOWHERE; WIDTH]));
        }
        self.len += 1;
        self.put(self.len - 1, row);
    }

    pub(super) fn set(&mut self, user: UserIx, row: u32) {
        if user.at() < self.len {
            self.put(user.at(), row);
        }
    }

    fn put(&mut self, at: usize, row: u32) {
        let block = self.blocks.get_mut(at >> BITS).map(Arc::make_mut);
        if let Some(slot) = block.and_then(|block| block.get_mut(at & (WIDTH - 1))) {
            *slot = row;
        }
    }

    /// The offsets, block by block.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &[u32]> {
        let len = self.len;
        self.blocks.iter().enumerate().map(move |(block, rows)| {
            let left = len.saturating_sub(block * WIDTH).min(WIDTH);
            rows.get(..left).unwrap_or_default()
        })
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        self.blocks.len() * size_of::<Block>() + self.blocks.capacity() * size_of::<Arc<Block>>()
    }
}
