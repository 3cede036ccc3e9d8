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
        const WIDTH: usize = u64::BITS as usize;
        let words = index.len().div_ceil(WIDTH);
        let mut bits = alloc::vec![0; words * duties];
        let chunks = index.blocks().flat_map(|block| block.chunks(WIDTH));
        for (chunk, rows_of) in chunks.enumerate() {
            for (word, column) in bits.chunks_mut((words * WIDTH).max(1)).enumerate() {
                let mut square = [0; WIDTH];
                for (target, row) in square.iter_mut().zip(rows_of) {
                    let plane = rows.get(*row).map(crate::snapshot::row::Row::all);
                    *target = plane
                        .and_then(|plane| plane.get(word))
                        .copied()
                        .unwrap_or(0);
                }
                turn(&mut square);
                let targets = column.iter_mut().skip(chunk).step_by(words);
                for (target, turned) in targets.zip(square) {
                    *target = turned;
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

/// Turns a square of bits about its diagonal, by swapping ever smaller squares in it.
fn turn(square: &mut [u64; 64]) {
    let mut mask = u64::MAX >> 32;
    let mut width = 32;
    while width != 0 {
        for pair in square.chunks_exact_mut(2 * width) {
            let (upper, lower) = pair.split_at_mut(width);
            for (upper, lower) in upper.iter_mut().zip(lower) {
                let swapped = (*upper >> width ^ *lower) & mask;
                *upper ^= swapped << width;
                *lower ^= swapped;
            }
        }
        width /= 2;
        mask ^= mask << width;
    }
}
