//! Rows: what users may do, in words that lie side by side, and what else is known of each row.

use alloc::sync::Arc;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::ix::DutyIx;
use crate::ix::ScopeIx;
use crate::rule::Rank;
use crate::snapshot::flat::Plane;
use crate::snapshot::flat::Words;
use crate::snapshot::flat::contains;
use crate::snapshot::flat::word_of;
use crate::snapshot::interner::short;
use crate::time::Timestamp;

/// How many rows come apart from the others before they are merged.
const RECENT: usize = 256;
/// The row of a user who has none.
pub(super) const NOWHERE: u32 = u32::MAX;
/// The owner of rows that are shared.
pub(super) const NOBODY: u32 = u32::MAX;

/// The end of a row that holds without an end.
pub(super) const NEVER: i64 = Timestamp::MAX.as_unix() + 1;

/// A row's first word: until when it holds, above what else there is to know.
///
/// From the lowest bit: three bits of the rank that permits, three that tell which of them differ between
/// duties, and the flags.
#[derive(Clone, Copy)]
pub(super) struct Head(u64);

/// Some duties are permitted on associated records only.
const ASSOCIATED: u64 = 1 << 6;
/// Of some duties, there is more to say than that nothing grants them.
const LOOK: u64 = 1 << 7;
/// Of every duty, there is more to say than that nothing grants it.
const LOOK_ALL: u64 = 1 << 8;
/// In some scopes another row holds.
const SCOPED: u64 = 1 << 9;
/// The row is about a scope below the root.
const PLACED: u64 = 1 << 10;
const END: u32 = 16;

impl Head {
    #[expect(clippy::cast_sign_loss, reason = "read back as it was written")]
    fn with_end(self, until: i64) -> Self {
        Self(self.0 & ((1 << END) - 1) | ((until << END) as u64))
    }

    #[inline]
    #[expect(clippy::cast_possible_wrap, reason = "written as a signed number")]
    pub(super) const fn end(self) -> i64 {
        self.0 as i64 >> END
    }

    /// Whether all that is permitted is so by one rank, and all that is not is simply not granted.
    #[inline]
    pub(super) const fn is_plain(self) -> bool {
        self.0 & (7 << 3 | ASSOCIATED | LOOK | LOOK_ALL) == 0
    }

    pub(super) const fn is_scoped(self) -> bool {
        self.0 & SCOPED != 0
    }

    /// The rank that permits, if it is the same for all duties.
    #[inline]
    pub(super) const fn rank(self) -> Rank {
        rank(self.0 & 7)
    }

    const fn has(self, flag: u64) -> bool {
        self.0 & flag != 0
    }
}

#[inline]
const fn rank(code: u64) -> Rank {
    match code {
        0 => Rank::Baseline,
        1 => Rank::Default,
        2 => Rank::Group1,
        3 => Rank::Group2,
        4 => Rank::Group3,
        5 => Rank::Group4,
        6 => Rank::Profiles,
        _ => Rank::Individual,
    }
}

/// What a row is to say.
pub(super) struct Content<B> {
    /// The duties permitted on every record.
    pub(super) all: B,
    /// The duties permitted on associated records.
    pub(super) associated: B,
    /// The duties of which there is more to say than that nothing grants them.
    pub(super) look: B,
    /// Whether that is so of every duty.
    pub(super) look_all: bool,
    /// The rank that permits each duty, bit by bit.
    pub(super) ranks: [B; 3],
}

/// Whom a row is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Info {
    /// What it was compiled from.
    pub(super) class: u32,
    /// The user whose own it is, or [`NOBODY`].
    pub(super) owner: u32,
    cold: u32,
}

/// Rows that lie side by side.
#[derive(Clone, Debug, Default)]
struct Part {
    /// For each row its head, and the duties permitted on every record.
    words: Arc<[u64]>,
    infos: Arc<[Info]>,
    /// What rows have beyond that: the place, the other scopes' rows, further planes.
    cold: Arc<Vec<u64>>,
}

/// Rows that are still being added to.
#[derive(Clone, Debug, Default)]
struct Growing {
    words: Vec<u64>,
    infos: Vec<Info>,
    cold: Vec<u64>,
}

/// All rows of a snapshot. Copies share them; what came recently lies apart, so that little is copied.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    words: usize,
    base: Part,
    recent: Arc<Growing>,
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    words: usize,
    /// The words of all rows from this one on.
    from: &'a [u64],
    info: Option<&'a Info>,
    /// The cold words of all rows.
    cold: &'a [u64],
    pub(super) head: Head,
}

impl Rows {
    pub(super) fn new(words: usize) -> Self {
        Self {
            words,
            base: Part::default(),
            recent: Arc::default(),
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.base.infos.len() + self.recent.infos.len()
    }

    /// The words of a row's planes.
    pub(super) const fn words(&self) -> usize {
        self.words
    }

    const fn stride(&self) -> usize {
        self.words + 1
    }

    /// The head of a row, and the word of its plane that a duty is in.
    #[inline]
    pub(super) fn word(&self, row: u32, duty: DutyIx) -> Option<(Head, u64)> {
        let at = (row as usize).wrapping_mul(self.stride());
        let words = &*self.base.words;
        match (words.get(at), words.get(at + 1 + word_of(duty))) {
            (Some(head), Some(word)) => Some((Head(*head), *word)),
            _ => self.recent_word(row, duty),
        }
    }

    #[inline(never)]
    fn recent_word(&self, row: u32, duty: DutyIx) -> Option<(Head, u64)> {
        let row = self.get(row)?;
        Some((row.head, *row.all().get(word_of(duty))?))
    }

    /// For some rows one bit each: whether a duty is permitted on every record.
    pub(super) fn bits(&self, rows: &[u32], duty: DutyIx) -> u64 {
        let (words, stride) = (&*self.base.words, self.stride());
        let (skip, bit) = (1 + word_of(duty), duty.at() % u64::BITS as usize);
        let mut bits = 0;
        for row in rows.iter().rev() {
            let at = (*row as usize).wrapping_mul(stride).wrapping_add(skip);
            let word = match words.get(at) {
                Some(word) => *word,
                None => self.recent_word(*row, duty).map_or(0, |(_, word)| word),
            };
            bits = bits << 1 | word >> bit & 1;
        }
        bits
    }

    #[inline]
    pub(super) fn get(&self, row: u32) -> Option<Row<'_>> {
        let number = row as usize;
        let (words, infos, cold, number) = match number.checked_sub(self.base.infos.len()) {
            None => (
                &*self.base.words,
                &*self.base.infos,
                self.base.cold.as_slice(),
                number,
            ),
            Some(number) => {
                let recent = &*self.recent;
                (
                    recent.words.as_slice(),
                    recent.infos.as_slice(),
                    recent.cold.as_slice(),
                    number,
                )
            }
        };
        let from = words.get(number.wrapping_mul(self.stride())..)?;
        Some(Row {
            words: self.words,
            from,
            info: infos.get(number),
            cold,
            head: Head(*from.first()?),
        })
    }

    /// Calls with every row and its class.
    pub(super) fn each_class(&self, mut call: impl FnMut(u32, u32)) {
        for (row, info) in (0_u32..).zip(self.base.infos.iter().chain(self.recent.infos.iter())) {
            call(row, info.class);
        }
    }

    /// The end of the row that ends first.
    pub(super) fn first_end(&self) -> i64 {
        let ends = (0..short(self.len())).map(|row| self.end(row));
        ends.min().unwrap_or(NEVER)
    }

    /// Until when a row holds.
    pub(super) fn end(&self, row: u32) -> i64 {
        self.get(row).map_or(i64::MIN, |row| row.head.end())
    }

    /// Adds a row, and gives its number.
    pub(super) fn push(
        &mut self,
        content: &Content<impl Words>,
        until: i64,
        (class, owner): (u32, u32),
        place: Option<ScopeIx>,
        scopes: Option<&[u64]>,
    ) -> u32 {
        let number = short(self.len());
        let recent = Arc::make_mut(&mut self.recent);
        let cold = short(recent.cold.len());
        let head = add_cold(&mut recent.cold, content, place, scopes).with_end(until);
        recent.words.push(head.0);
        recent.words.extend_from_slice(content.all.as_ref());
        recent.infos.push(Info { class, owner, cold });
        number
    }

    /// Adds a row that says what another does, until another instant.
    pub(super) fn push_like(&mut self, row: u32, until: i64) -> u32 {
        let Some(row) = self.get(row) else {
            return NOWHERE;
        };
        let (head, info) = (row.head.with_end(until), row.info().unwrap_or_default());
        let (all, more): (Plane, Plane) = (row.all().into(), row.own_cold().into());
        let number = short(self.len());
        let recent = Arc::make_mut(&mut self.recent);
        let cold = short(recent.cold.len());
        recent.cold.extend_from_slice(&more);
        recent.words.push(head.0);
        recent.words.extend_from_slice(&all);
        recent.infos.push(Info { cold, ..info });
        number
    }

    /// Writes a row anew, with the same place and the same rows for other scopes.
    pub(super) fn rewrite(&mut self, row: u32, content: &Content<impl Words>, until: i64) {
        let Some(before) = self.get(row) else { return };
        let mut cold: Plane = SmallVec::new();
        let head = add_cold(&mut cold, content, before.place(), before.scopes()).with_end(until);
        let more = (before.own_cold() != cold.as_slice()).then_some(cold.as_slice());
        let all = content.all.as_ref();
        let (stride, settled) = (self.stride(), self.base.infos.len());
        match (row as usize).checked_sub(settled) {
            None => {
                let base = &mut self.base;
                let words = Arc::make_mut(&mut base.words);
                overwrite(words, row as usize * stride, head, all);
                if let Some(more) = more {
                    let info = Arc::make_mut(&mut base.infos).get_mut(row as usize);
                    info.into_iter()
                        .for_each(|info| info.cold = short(base.cold.len()));
                    Arc::make_mut(&mut base.cold).extend_from_slice(more);
                }
            }
            Some(number) => {
                let recent = Arc::make_mut(&mut self.recent);
                overwrite(&mut recent.words, number * stride, head, all);
                if let Some(more) = more {
                    let info = recent.infos.get_mut(number);
                    info.into_iter()
                        .for_each(|info| info.cold = short(recent.cold.len()));
                    recent.cold.extend_from_slice(more);
                }
            }
        }
    }

    /// Puts the recent rows to the others if they are many. Their numbers stay as they are.
    pub(super) fn settle(&mut self, always: bool) {
        if !always && self.recent.infos.len() <= RECENT {
            return;
        }
        let recent = core::mem::take(&mut self.recent);
        let shift = short(self.base.cold.len());
        let moved = recent.infos.iter().map(|info| Info {
            cold: info.cold.saturating_add(shift),
            ..*info
        });
        let moved: Vec<Info> = moved.collect();
        self.base = Part {
            words: joined(&self.base.words, &recent.words),
            infos: joined(&self.base.infos, &moved),
            cold: Arc::new([self.base.cold.as_slice(), &recent.cold].concat()),
        };
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        let Growing { words, infos, cold } = &*self.recent;
        size_of_val(&*self.base.words)
            + size_of_val(&*self.base.infos)
            + self.base.cold.capacity() * size_of::<u64>()
            + words.capacity() * size_of::<u64>()
            + infos.capacity() * size_of::<Info>()
            + cold.capacity() * size_of::<u64>()
    }
}

fn overwrite(words: &mut [u64], at: usize, head: Head, all: &[u64]) {
    if let Some([first, rest @ ..]) = words.get_mut(at..=at + all.len()) {
        *first = head.0;
        rest.copy_from_slice(all);
    }
}

fn joined<T: Copy>(base: &[T], recent: &[T]) -> Arc<[T]> {
    base.iter().chain(recent).copied().collect()
}

/// Adds what a row has beyond its plane, and gives a head that tells what there is.
fn add_cold(
    to: &mut impl Extend<u64>,
    content: &Content<impl Words>,
    place: Option<ScopeIx>,
    scopes: Option<&[u64]>,
) -> Head {
    let mut head = 0;
    if let Some(place) = place {
        head |= PLACED;
        to.extend([u64::from(place.0)]);
    }
    if let Some(scopes) = scopes {
        head |= SCOPED;
        to.extend([scopes.len() as u64]);
        to.extend(scopes.iter().copied());
    }
    let associated = content.associated.as_ref();
    if associated != content.all.as_ref() {
        head |= ASSOCIATED;
        to.extend(associated.iter().copied());
    }
    if content.look_all {
        head |= LOOK_ALL;
    } else if content.look.as_ref().iter().any(|word| *word != 0) {
        head |= LOOK;
        to.extend(content.look.as_ref().iter().copied());
    }
    for (bit, plane) in content.ranks.iter().enumerate() {
        let plane = plane.as_ref();
        if plane == associated {
            head |= 1 << bit;
        } else if plane.iter().any(|word| *word != 0) {
            head |= 1 << (3 + bit);
            to.extend(plane.iter().copied());
        }
    }
    Head(head)
}

impl<'a> Row<'a> {
    /// The duties permitted on every record.
    #[inline]
    pub(super) fn all(self) -> &'a [u64] {
        self.from.get(1..=self.words).unwrap_or_default()
    }

    /// The duties permitted on associated records.
    pub(super) fn associated(self) -> &'a [u64] {
        if self.head.has(ASSOCIATED) {
            self.plane(0)
        } else {
            self.all()
        }
    }

    /// Whether there is more to say of a duty that is not permitted than that nothing grants it.
    pub(super) fn needs_look(self, duty: DutyIx) -> bool {
        let planes = usize::from(self.head.has(ASSOCIATED));
        self.head.has(LOOK_ALL) || self.head.has(LOOK) && contains(self.plane(planes), duty)
    }

    /// The rank that permits a duty which is permitted.
    pub(super) fn rank(self, duty: DutyIx) -> Rank {
        let mut planes = usize::from(self.head.has(ASSOCIATED)) + usize::from(self.head.has(LOOK));
        let mut code = self.head.0 & 7;
        for bit in 0..3 {
            if self.head.has(1 << (3 + bit)) {
                code |= u64::from(contains(self.plane(planes), duty)) << bit;
                planes += 1;
            }
        }
        rank(code)
    }

    pub(super) fn info(self) -> Option<Info> {
        self.info.copied()
    }

    /// The scope below the root that it is about.
    pub(super) fn place(self) -> Option<ScopeIx> {
        let place = self.head.has(PLACED).then(|| self.cold_words().first())??;
        u32::try_from(*place).ok().map(ScopeIx)
    }

    /// The rows that hold in other scopes, each as its scope above its row's number, in order; an empty list
    /// where they were too many to compile.
    pub(super) fn scopes(self) -> Option<&'a [u64]> {
        let (count, scopes) = self
            .head
            .is_scoped()
            .then(|| self.after_place().split_first())??;
        scopes.get(..usize::try_from(*count).unwrap_or(0))
    }

    /// The number of the row for a scope, if it is another than for those above.
    pub(super) fn in_scope(self, scope: ScopeIx) -> Option<u32> {
        let scopes = self.scopes()?;
        let place = scopes.binary_search_by_key(&u64::from(scope.0), |entry| entry >> 32);
        let entry = scopes.get(place.ok()?)?;
        u32::try_from(entry & u64::from(u32::MAX)).ok()
    }

    /// Its cold words, without those of later rows.
    fn own_cold(self) -> &'a [u64] {
        let flags = [ASSOCIATED, LOOK, 1 << 3, 1 << 4, 1 << 5];
        let planes = flags
            .into_iter()
            .filter(|flag| self.head.has(*flag))
            .count();
        let skipped = self.cold_words().len() - self.planes().len();
        let length = skipped + planes * self.words;
        self.cold_words().get(..length).unwrap_or_default()
    }

    fn plane(self, number: usize) -> &'a [u64] {
        let start = number * self.words;
        self.planes()
            .get(start..start + self.words)
            .unwrap_or_default()
    }

    fn planes(self) -> &'a [u64] {
        let after = self.after_place();
        if !self.head.is_scoped() {
            return after;
        }
        let Some((count, rest)) = after.split_first() else {
            return &[];
        };
        rest.get(usize::try_from(*count).unwrap_or(usize::MAX)..)
            .unwrap_or_default()
    }

    fn after_place(self) -> &'a [u64] {
        let skipped = usize::from(self.head.has(PLACED));
        self.cold_words().get(skipped..).unwrap_or_default()
    }

    /// All that lies from the row's first cold word on, of later rows too.
    fn cold_words(self) -> &'a [u64] {
        let start = self.info.map_or(usize::MAX, |info| info.cold as usize);
        self.cold.get(start..).unwrap_or_default()
    }
}
