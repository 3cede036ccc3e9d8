//! Rows: what users may do, in words that lie side by side, and what else is known of each row.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::ix::DutyIx;
use crate::ix::ScopeIx;
use crate::rule::Rank;
use crate::snapshot::flat::Plane;
use crate::snapshot::flat::contains;
use crate::snapshot::flat::word_of;
use crate::snapshot::interner::short;
use crate::time::Timestamp;

/// How many rows come apart from the others before they are merged.
const RECENT: usize = 256;
/// Where a user without a row has it.
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

    #[expect(clippy::cast_possible_wrap, reason = "written as a signed number")]
    pub(super) const fn end(self) -> i64 {
        self.0 as i64 >> END
    }

    /// Whether all that is not permitted is simply not granted.
    pub(super) const fn is_plain(self) -> bool {
        self.0 & (ASSOCIATED | LOOK | LOOK_ALL) == 0
    }

    pub(super) const fn is_scoped(self) -> bool {
        self.0 & SCOPED != 0
    }

    /// The rank that permits, if it is the same for all duties.
    #[inline]
    pub(super) const fn rank(self) -> Option<Rank> {
        if self.0 & (7 << 3) == 0 {
            Some(rank(self.0 & 7))
        } else {
            None
        }
    }

    const fn has(self, flag: u64) -> bool {
        self.0 & flag != 0
    }
}

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
pub(super) struct Content {
    /// The duties permitted on every record.
    pub(super) all: Plane,
    /// The duties permitted on associated records.
    pub(super) associated: Plane,
    /// The duties of which there is more to say than that nothing grants them.
    pub(super) look: Plane,
    /// Whether that is so of every duty.
    pub(super) look_all: bool,
    /// The rank that permits each duty, bit by bit.
    pub(super) ranks: [Plane; 3],
}

/// Whom a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Info {
    /// What it was compiled from.
    pub(super) class: u32,
    /// The user whose own it is, or [`NOBODY`].
    pub(super) owner: u32,
    cold: u32,
}

/// Rows that lie side by side.
#[derive(Clone, Debug, Default)]
struct Table {
    /// For each row its head, and the duties permitted on every record.
    words: Vec<u64>,
    infos: Vec<Info>,
    /// What rows have beyond that: the place, the other scopes' rows, further planes.
    cold: Vec<u64>,
}

/// All rows of a snapshot. Copies share them; what came recently lies apart, so that little is copied.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    words: usize,
    base: Arc<Table>,
    recent: Arc<Table>,
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    at: usize,
    words: usize,
    pub(super) head: Head,
}

impl Rows {
    pub(super) fn new(words: usize) -> Self {
        Self {
            words,
            base: Arc::default(),
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

    /// The row at an offset: its head, and the word of its plane that a duty is in.
    #[inline]
    pub(super) fn word(&self, offset: u32, duty: DutyIx) -> Option<(Head, u64)> {
        let at = offset as usize;
        let word = at + 1 + word_of(duty);
        match (self.base.words.get(at), self.base.words.get(word)) {
            (Some(head), Some(word)) => Some((Head(*head), *word)),
            _ => self.recent_word(at, word),
        }
    }

    #[inline(never)]
    fn recent_word(&self, at: usize, word: usize) -> Option<(Head, u64)> {
        let base = self.base.words.len();
        let head = self.recent.words.get(at.checked_sub(base)?)?;
        let word = self.recent.words.get(word.checked_sub(base)?)?;
        Some((Head(*head), *word))
    }

    pub(super) fn get(&self, offset: u32) -> Option<Row<'_>> {
        let base = self.base.words.len();
        let (table, at) = match (offset as usize).checked_sub(base) {
            None => (&*self.base, offset as usize),
            Some(at) => (&*self.recent, at),
        };
        let head = Head(*table.words.get(at)?);
        Some(Row {
            table,
            at,
            words: self.words,
            head,
        })
    }

    /// Every row's offset.
    pub(super) fn offsets(&self) -> impl Iterator<Item = u32> + use<> {
        let stride = self.stride();
        (0..self.len()).map(move |row| short(row * stride))
    }

    /// Adds a row, and gives its offset.
    pub(super) fn push(
        &mut self,
        content: &Content,
        until: i64,
        (class, owner): (u32, u32),
        place: Option<ScopeIx>,
        scopes: Option<&[u64]>,
    ) -> u32 {
        let base = self.base.words.len();
        let recent = Arc::make_mut(&mut self.recent);
        let offset = short(base + recent.words.len());
        let cold = short(recent.cold.len());
        let head = recent.add_cold(content, place, scopes).with_end(until);
        recent.words.push(head.0);
        recent.words.extend_from_slice(&content.all);
        recent.infos.push(Info { class, owner, cold });
        offset
    }

    /// Adds a row that says what another does, until another instant.
    pub(super) fn push_like(&mut self, offset: u32, until: i64) -> u32 {
        let base = self.base.words.len();
        let Some((words, info, cold)) = self.get(offset).and_then(Row::parts) else {
            return NOWHERE;
        };
        let (words, cold): (Plane, Vec<u64>) = (words.into(), cold.to_vec());
        let recent = Arc::make_mut(&mut self.recent);
        let offset = short(base + recent.words.len());
        recent.infos.push(Info {
            cold: short(recent.cold.len()),
            ..info
        });
        recent.cold.extend_from_slice(&cold);
        let start = recent.words.len();
        recent.words.extend_from_slice(&words);
        if let Some(head) = recent.words.get_mut(start) {
            *head = Head(*head).with_end(until).0;
        }
        offset
    }

    /// Writes a row anew, with the same place and the same rows for other scopes.
    pub(super) fn rewrite(&mut self, offset: u32, content: &Content, until: i64) {
        let Some(row) = self.get(offset) else { return };
        let place = row.place();
        let scopes: Option<Vec<u64>> = row.scopes().map(<[u64]>::to_vec);
        let (stride, base) = (self.stride(), self.base.words.len());
        let (table, at) = match (offset as usize).checked_sub(base) {
            None => (Arc::make_mut(&mut self.base), offset as usize),
            Some(at) => (Arc::make_mut(&mut self.recent), at),
        };
        let cold = short(table.cold.len());
        let head = table.add_cold(content, place, scopes.as_deref());
        if let Some([first, all @ ..]) = table.words.get_mut(at..at + stride) {
            *first = head.with_end(until).0;
            all.copy_from_slice(&content.all);
        }
        if let Some(info) = table.infos.get_mut(at / stride) {
            info.cold = cold;
        }
    }

    /// Puts the recent rows to the others if they are many. Offsets stay as they are.
    pub(super) fn settle(&mut self, always: bool) {
        if !always && self.recent.infos.len() <= RECENT {
            return;
        }
        let recent = core::mem::take(&mut self.recent);
        if self.base.infos.is_empty() {
            self.base = recent;
            return;
        }
        let mut both = Table {
            words: Vec::with_capacity(self.base.words.len() + recent.words.len()),
            infos: Vec::with_capacity(self.base.infos.len() + recent.infos.len()),
            cold: Vec::with_capacity(self.base.cold.len() + recent.cold.len()),
        };
        let shift = short(self.base.cold.len());
        both.words.extend_from_slice(&self.base.words);
        both.words.extend_from_slice(&recent.words);
        both.infos.extend_from_slice(&self.base.infos);
        let moved = recent.infos.iter().map(|info| Info {
            cold: info.cold.saturating_add(shift),
            ..*info
        });
        both.infos.extend(moved);
        both.cold.extend_from_slice(&self.base.cold);
        both.cold.extend_from_slice(&recent.cold);
        self.base = Arc::new(both);
    }

    /// Gives back room that is not used.
    pub(super) fn shrink(&mut self) {
        let base = Arc::make_mut(&mut self.base);
        base.words.shrink_to_fit();
        base.infos.shrink_to_fit();
        base.cold.shrink_to_fit();
    }

    /// The heap that they take, in bytes.
    pub(super) fn heap(&self) -> usize {
        self.base.heap() + self.recent.heap()
    }
}

impl Table {
    /// Adds what a row has beyond its plane, and gives a head that tells what there is.
    fn add_cold(
        &mut self,
        content: &Content,
        place: Option<ScopeIx>,
        scopes: Option<&[u64]>,
    ) -> Head {
        let mut head = 0;
        if let Some(place) = place {
            head |= PLACED;
            self.cold.push(u64::from(place.0));
        }
        if let Some(scopes) = scopes {
            head |= SCOPED;
            self.cold.push(scopes.len() as u64);
            self.cold.extend_from_slice(scopes);
        }
        if content.associated != content.all {
            head |= ASSOCIATED;
            self.cold.extend_from_slice(&content.associated);
        }
        if content.look_all {
            head |= LOOK_ALL;
        } else if content.look.iter().any(|word| *word != 0) {
            head |= LOOK;
            self.cold.extend_from_slice(&content.look);
        }
        for (bit, plane) in content.ranks.iter().enumerate() {
            if *plane == content.associated {
                head |= 1 << bit;
            } else if plane.iter().any(|word| *word != 0) {
                head |= 1 << (3 + bit);
                self.cold.extend_from_slice(plane);
            }
        }
        Head(head)
    }

    fn heap(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
            + self.infos.capacity() * size_of::<Info>()
            + self.cold.capacity() * size_of::<u64>()
    }
}

impl<'a> Row<'a> {
    /// The duties permitted on every record.
    pub(super) fn all(self) -> &'a [u64] {
        let start = self.at + 1;
        self.table
            .words
            .get(start..start + self.words)
            .unwrap_or_default()
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
        self.table.infos.get(self.at / (self.words + 1)).copied()
    }

    /// The scope below the root that it is about.
    pub(super) fn place(self) -> Option<ScopeIx> {
        let place = self.head.has(PLACED).then(|| self.cold().first())??;
        u32::try_from(*place).ok().map(ScopeIx)
    }

    /// The rows that hold in other scopes, each as its scope above its row's offset, in order; an empty list
    /// where they were too many to compile.
    pub(super) fn scopes(self) -> Option<&'a [u64]> {
        let (count, scopes) = self
            .head
            .is_scoped()
            .then(|| self.after_place().split_first())??;
        scopes.get(..usize::try_from(*count).unwrap_or(0))
    }

    /// The offset of the row for a scope, if it is another than for those above.
    pub(super) fn in_scope(self, scope: ScopeIx) -> Option<u32> {
        let scopes = self.scopes()?;
        let place = scopes.binary_search_by_key(&u64::from(scope.0), |entry| entry >> 32);
        let entry = scopes.get(place.ok()?)?;
        u32::try_from(entry & u64::from(u32::MAX)).ok()
    }

    fn parts(self) -> Option<(&'a [u64], Info, &'a [u64])> {
        let words = self.table.words.get(self.at..=self.at + self.words)?;
        let info = self.info()?;
        let flags = [ASSOCIATED, LOOK, 1 << 3, 1 << 4, 1 << 5];
        let planes = flags
            .into_iter()
            .filter(|flag| self.head.has(*flag))
            .count();
        let skipped = self.cold().len() - self.planes().len();
        let length = skipped + planes * self.words;
        Some((words, info, self.cold().get(..length)?))
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
        self.cold().get(skipped..).unwrap_or_default()
    }

    /// All that lies from the row's first cold word on, of later rows too.
    fn cold(self) -> &'a [u64] {
        let start = self.info().map_or(usize::MAX, |info| info.cold as usize);
        self.table.cold.get(start..).unwrap_or_default()
    }
}
