//! Which row is whose: one number for each user, in blocks that snapshots share.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::ix::UserIx;
use crate::snapshot::rows::NOWHERE;

const BITS: u32 = 12;
/// So many users' numbers lie together.
pub(super) const WIDTH: usize = 1 << BITS;

/// The numbers of the rows of so many users.
pub(super) type Block = [u32; WIDTH];

/// The numbers of users' rows.
#[derive(Clone, Debug)]
pub(super) struct UserRows {
    len: usize,
    blocks: Vec<Arc<Block>>,
}

impl UserRows {
    /// None yet, with room for those of so many users.
    pub(super) fn new(users: usize) -> Self {
        Self {
            len: 0,
            blocks: Vec::with_capacity(users.div_ceil(WIDTH)),
        }
    }

    /// Adds the rows of as many users as lie together, or at last of fewer.
    pub(super) fn extend(&mut self, rows: &[u32]) {
        if rows.is_empty() {
            return;
        }
        let mut block = [NOWHERE; WIDTH];
        for (slot, row) in block.iter_mut().zip(rows) {
            *slot = *row;
        }
        self.blocks.push(Arc::new(block));
        self.len += rows.len();
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The blocks, the last of them filled up.
    #[inline]
    pub(super) fn table(&self) -> &[Arc<Block>] {
        &self.blocks
    }

    /// The number of a user's row; beyond the last user there is none.
    #[inline]
    pub(super) fn get(&self, user: UserIx) -> Option<u32> {
        row_of(&self.blocks, user)
    }

    pub(super) fn push(&mut self, row: u32) {
        if self.len == self.blocks.len() * WIDTH {
            self.blocks.push(Arc::new([NOWHERE; WIDTH]));
        }
        self.len += 1;
        self.put(self.len - 1, row);
    }

    /// Gives a user who has a row another.
    pub(super) fn set(&mut self, user: UserIx, row: u32) {
        self.put(user.at(), row);
    }

    fn put(&mut self, at: usize, row: u32) {
        let block = self.blocks.get_mut(at >> BITS).map(Arc::make_mut);
        if let Some(slot) = block.and_then(|block| block.get_mut(at & (WIDTH - 1))) {
            *slot = row;
        }
    }

    /// Gives users of rows that moved the new numbers.
    pub(super) fn redirect(&mut self, moved: &BTreeMap<u32, u32>) {
        for block in &mut self.blocks {
            if block.iter().any(|row| moved.contains_key(row)) {
                for row in Arc::make_mut(block) {
                    *row = moved.get(row).copied().unwrap_or(*row);
                }
            }
        }
    }

    /// The numbers, block by block.
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

#[inline]
pub(super) fn row_of(blocks: &[Arc<Block>], user: UserIx) -> Option<u32> {
    let block = blocks.get(user.at() >> BITS)?;
    block.get(user.at() & (WIDTH - 1)).copied()
}

#[cfg(test)]
mod tests {
    use super::UserRows;
    use super::WIDTH;
    use crate::ix::UserIx;

    /// Two blocks of 4,096 numbers, and where each of them lies.
    #[test]
    fn numbers_take_whole_blocks() {
        let mut rows = UserRows::new(5_000);
        rows.extend(&[7; WIDTH]);
        rows.extend(&[8; 904]);
        rows.extend(&[]);
        assert_eq!(rows.len(), 5_000);
        for (user, row) in [
            (0, Some(7)),
            (4_095, Some(7)),
            (4_096, Some(8)),
            (4_999, Some(8)),
            (8_192, None),
        ] {
            assert_eq!(rows.get(UserIx(user)), row, "{user}");
        }
        let block = 4_096 * size_of::<u32>() + size_of::<usize>();
        assert_eq!(rows.heap(), 2 * block);
    }
}
