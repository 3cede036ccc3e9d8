//! The rows turned: one bit for each user, by duty.

use alloc::vec::Vec;

use crate::ix::DutyIx;
use crate::snapshot::index::UserRows;
use crate::snapshot::rows::Rows;

/// For each duty the users who are permitted it on every record, by their rows.
#[derive(Debug)]
pub(super) struct Columns {
    words: usize,
    bits: Vec<u64>,
}

impl Columns {
    pub(super) fn new(duties: usize, index: &UserRows, rows: &Rows) -> Self {
        let words = index.len().div_ceil(u64::BITS as usize);
        let mut bits = alloc::vec![0; words * duties];
        for (user, offset) in index.blocks().flatten().enumerate() {
            let (word, bit) = (user / u64::BITS as usize, 1 << (user % u64::BITS as usize));
            let plane = rows.get(*offset).map_or(&[][..], |row| row.all());
            for duty in crate::snapshot::flat::ones(plane) {
                if let Some(word) = bits.get_mut(duty.at() * words + word) {
                    *word |= bit;
                }
            }
        }
        Self { words, bits }
    }

    /// The users who are permitted a duty.
    pub(super) fn of(&self, duty: DutyIx) -> &[u64] {
        let start = duty.at() * self.words;
        self.bits.get(start..start + self.words).unwrap_or_default()
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        self.bits.capacity() * size_of::<u64>()
    }
}
