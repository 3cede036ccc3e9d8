//! All rows of a snapshot, in one table: a row's number is where it starts.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::ix::DutyIx;
use crate::snapshot::flat::bit_of;
use crate::snapshot::flat::word_of;
use crate::snapshot::hash::short;
use crate::snapshot::row::Draft;
use crate::snapshot::row::NEVER;
use crate::snapshot::row::Row;

/// How many rows come apart from the others before they are merged.
const RECENT: usize = 256;
/// How many words a row takes, about.
const LENGTH: usize = 8;
/// The row of a user who has none.
pub(super) const NOWHERE: u32 = u32::MAX;
/// The owner of rows that are shared.
pub(super) const NOBODY: u32 = u32::MAX;

/// A row, and whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Info {
    pub(super) row: u32,
    /// What it was compiled from.
    pub(super) class: u32,
    /// The user whose own it is, or [`NOBODY`].
    pub(super) owner: u32,
}

/// Rows that are still being added to.
#[derive(Debug, Default)]
struct Growing {
    count: usize,
    words: Vec<u64>,
    infos: Vec<Info>,
}

impl Clone for Growing {
    /// With room for more: a copy is made to be added to.
    fn clone(&self) -> Self {
        fn roomy<T: Copy>(items: &[T], room: usize) -> Vec<T> {
            let mut copy = Vec::with_capacity(items.len() + room);
            copy.extend_from_slice(items);
            copy
        }
        Self {
            count: self.count,
            words: roomy(&self.words, 8 * LENGTH),
            infos: roomy(&self.infos, 8),
        }
    }
}

/// All rows of a snapshot. Copies share them; what came recently lies apart, so that little is copied.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    words: usize,
    count: usize,
    base: Arc<[u64]>,
    /// Of rows that are not the only one of their class, whom they are for.
    infos: Arc<[Info]>,
    recent: Arc<Growing>,
    /// Whether a row leads to others.
    scoped: bool,
    first_end: i64,
}

impl Rows {
    /// None yet, of planes of so many words.
    pub(super) fn new(words: usize) -> Self {
        Self {
            words,
            count: 0,
            base: Arc::default(),
            infos: Arc::default(),
            recent: Arc::default(),
            scoped: false,
            first_end: NEVER,
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The words of a row's planes.
    pub(super) const fn words(&self) -> usize {
        self.words
    }

    /// Whether a row leads to others.
    pub(super) const fn are_scoped(&self) -> bool {
        self.scoped
    }

    /// The table of all rows but the recent ones.
    #[inline]
    pub(super) fn table(&self) -> &[u64] {
        &self.base
    }

    /// For some rows one bit each: whether a duty is permitted on every record.
    pub(super) fn bits(&self, rows: &[u32], duty: DutyIx) -> u64 {
        let words = self.table().get(1 + word_of(duty)..).unwrap_or_default();
        let bit = duty.at() % u64::BITS as usize;
        let permits = |row: u32| match words.get(row as usize) {
            Some(word) => word >> bit & 1,
            None => u64::from(self.recent_permits(row, duty)),
        };
        let of = |few: &[u32]| (few.iter().rev()).fold(0, |bits, row| bits << 1 | permits(*row));
        // Four at a time, so that they do not wait for those before.
        let (fours, rest) = rows.as_chunks::<4>();
        let fours = fours.iter().rev();
        fours.fold(of(rest), |bits, four| bits << 4 | of(four))
    }

    #[inline(never)]
    fn recent_permits(&self, row: u32, duty: DutyIx) -> bool {
        let word = self.get(row).and_then(|row| row.all().get(word_of(duty)));
        word.is_some_and(|word| word & bit_of(duty) != 0)
    }

    #[inline]
    pub(super) fn get(&self, row: u32) -> Option<Row<'_>> {
        row_at(&self.base, &self.recent.words, row, self.words)
    }

    /// The rows that are not the only one of their class.
    pub(super) fn infos(&self) -> impl Iterator<Item = &Info> {
        self.infos.iter().chain(&self.recent.infos)
    }

    /// The earliest end that a row had when it was added.
    pub(super) const fn first_end(&self) -> i64 {
        self.first_end
    }

    /// Until when a row holds.
    pub(super) fn end(&self, row: u32) -> i64 {
        self.get(row).map_or(i64::MIN, |row| row.head.end())
    }

    /// Adds the only row of a class, or with a class and an owner another, and gives its number.
    pub(super) fn push(&mut self, row: &Draft, whose: Option<(u32, u32)>) -> u32 {
        self.count += 1;
        let start = self.base.len();
        let recent = Arc::make_mut(&mut self.recent);
        let number = short(start + recent.words.len());
        recent.count += 1;
        recent.words.extend_from_slice(row);
        if let Some(row) = Row::at(row, 0, self.words) {
            self.scoped |= row.head.is_scoped();
            self.first_end = self.first_end.min(row.head.end());
        }
        recent.infos.extend(whose.map(|(class, owner)| Info {
            row: number,
            class,
            owner,
        }));
        number
    }

    /// Adds a row that says what another of the class does, until another instant.
    pub(super) fn push_like(&mut self, row: u32, until: i64, class: u32) -> u32 {
        let Some(row) = self.get(row) else {
            return NOWHERE;
        };
        let mut copy = row.own_words().to_vec();
        if let Some(head) = copy.first_mut() {
            *head = row.head.with_end(until).word();
        }
        self.push(&copy, Some((class, NOBODY)))
    }

    /// Its rows, to be written anew where they are.
    pub(super) fn open(&mut self) -> Open<'_> {
        Open {
            words: self.words,
            base: Arc::make_mut(&mut self.base),
            recent: &mut Arc::make_mut(&mut self.recent).words,
        }
    }

    /// Puts the recent rows to the others if they are many. Their numbers stay as they are.
    pub(super) fn settle(&mut self, always: bool) {
        if !always && self.recent.count <= RECENT {
            return;
        }
        let recent = core::mem::take(&mut self.recent);
        self.base = joined(&self.base, &recent.words);
        self.infos = joined(&self.infos, &recent.infos);
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        size_of_val(&*self.base)
            + size_of_val(&*self.infos)
            + self.recent.words.capacity() * size_of::<u64>()
            + self.recent.infos.capacity() * size_of::<Info>()
    }
}

/// Rows that are written anew where they are.
pub(super) struct Open<'a> {
    words: usize,
    base: &'a mut [u64],
    recent: &'a mut [u64],
}

impl Open<'_> {
    #[inline]
    pub(super) fn get(&self, row: u32) -> Option<Row<'_>> {
        row_at(self.base, self.recent, row, self.words)
    }

    /// Writes a row, if it takes the room of the one that is there.
    #[inline]
    pub(super) fn put(&mut self, row: u32, draft: &Draft) -> bool {
        let fits = |row: Row<'_>| row.own_words().len() == draft.len();
        if !self.get(row).is_some_and(fits) {
            return false;
        }
        let (table, start) = match (row as usize).checked_sub(self.base.len()) {
            None => (&mut *self.base, row as usize),
            Some(start) => (&mut *self.recent, start),
        };
        if let Some(place) = table.get_mut(start..start + draft.len()) {
            place.copy_from_slice(draft);
        }
        true
    }
}

/// The row of a number: in the base, or after it in what came recently.
#[inline]
fn row_at<'a>(base: &'a [u64], recent: &'a [u64], row: u32, words: usize) -> Option<Row<'a>> {
    match (row as usize).checked_sub(base.len()) {
        None => Row::at(base, row as usize, words),
        Some(start) => Row::at(recent, start, words),
    }
}

fn joined<T: Copy>(base: &[T], recent: &[T]) -> Arc<[T]> {
    if base.is_empty() {
        return recent.into();
    }
    [base, recent].concat().into()
}

#[cfg(test)]
mod tests {
    use super::NEVER;
    use super::RECENT;
    use super::Row;
    use super::Rows;
    use crate::ix::DutyIx;
    use crate::snapshot::row::Draft;
    use crate::snapshot::row::Head;
    use alloc::vec::Vec;

    /// A row of one word.
    fn draft(word: u64) -> Draft {
        alloc::vec![Head::of(0).with_end(NEVER).word(), word]
    }

    /// Some rows of one class, of which each permits what its number tells, and their numbers.
    fn pushed(rows: &mut Rows, count: usize) -> Vec<u32> {
        let words = (rows.len() as u64..).take(count);
        words
            .map(|word| rows.push(&draft(word), Some((0, 0))))
            .collect()
    }

    /// What came recently lies apart, so that little is copied, until it is much. Numbers stay as they are.
    #[test]
    fn recent_rows_are_put_to_the_others_when_they_are_many() {
        let mut rows = Rows::new(1);
        let mut numbers = Vec::new();
        for (more, always, settled) in [
            (RECENT, false, 0),
            (1, false, RECENT + 1),
            (RECENT, false, RECENT + 1),
            (0, true, 2 * RECENT + 1),
            (RECENT + 1, false, 3 * RECENT + 2),
        ] {
            numbers.extend(pushed(&mut rows, more));
            rows.settle(always);
            assert_eq!(rows.table().len(), 2 * settled);
            assert_eq!(
                (rows.len(), rows.infos().count()),
                (numbers.len(), numbers.len())
            );
            for (word, number) in (0_u64..).zip(&numbers) {
                let row = rows.get(*number);
                assert_eq!(row.map(Row::all), Some([word].as_slice()));
                assert_eq!(rows.bits(&[*number, u32::MAX], DutyIx(1)), word >> 1 & 1);
            }
            for (first, few) in (0_u64..).step_by(61).zip(numbers.chunks(61)) {
                let each = (0_u64..).zip(few);
                let bits = each.fold(0, |bits, (n, _)| bits | ((first + n) >> 1 & 1) << n);
                assert_eq!(rows.bits(few, DutyIx(1)), bits, "from {first} on");
            }
        }
    }

    /// A row of two words, and three numbers of whom it is for; twice that and some more while rows are added.
    #[test]
    fn rows_take_what_they_are_written_with() {
        let each = 2 * size_of::<u64>() + 3 * size_of::<u32>();
        let mut rows = Rows::new(1);
        pushed(&mut rows, 100);
        for copied in [false, true] {
            if copied {
                rows = rows.clone();
                pushed(&mut rows, 1);
            }
            let (heap, least) = (rows.heap(), rows.len() * each);
            assert!((least..=2 * least + 1_024).contains(&heap), "{heap}");
        }
        rows.settle(true);
        assert_eq!(rows.heap(), rows.len() * each);
    }
}
