//! One row: what its users may do, in words that lie side by side.
//!
//! First its head, then the duties permitted on every record. What only some rows have follows, in this order: the
//! marks, the duties permitted on associated records, further planes of ranks, the place, the rows for other scopes.

use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::ix::DutyIx;
use crate::ix::ScopeIx;
use crate::model::User;
use crate::rule::Rank;
use crate::snapshot::flat::Words;
use crate::snapshot::flat::contains;
use crate::time::Timestamp;

/// The end of a row that holds without an end.
pub(super) const NEVER: i64 = Timestamp::MAX.as_unix() + 1;

/// A row that is being written.
pub(super) type Draft = Vec<u64>;

/// A row's first word: until when it holds, above what else there is to know.
///
/// From the lowest bit: three bits of the rank that permits, three that tell which of them differ between
/// duties, and the flags.
#[derive(Clone, Copy)]
pub(super) struct Head(u64);

/// Some duties are marked. A mark on one that is permitted adds the lowest differing bit to its rank; on one that
/// is not, it tells that there is more to say than that nothing grants it.
const MARKS: u64 = 1 << 6;
/// Some duties are permitted on associated records only.
const ASSOCIATED: u64 = 1 << 7;
/// Of every duty, there is more to say than that nothing grants it.
const LOOK_ALL: u64 = 1 << 8;
/// In some scopes another row holds.
const SCOPED: u64 = 1 << 9;
/// The row is about a scope below the root.
const PLACED: u64 = 1 << 10;
/// What decides at the root is more than the plane and the marks.
const MORE: u64 = 1 << 11;
/// One user's own.
const OWN: u64 = 1 << 12;
/// Limits may be put on that user.
const BOUND: u64 = 1 << 13;
const END: u32 = 16;

/// Whose a row is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// All users' of a class.
    Shared,
    /// One user's, who has entries of their own.
    Own,
    /// One user's on whom limits may be put.
    Bound,
}

impl Whose {
    /// Whose a row is that is a user's own.
    pub(super) fn own(user: &User) -> Self {
        if user.holdings.limits.is_empty() {
            Self::Own
        } else {
            Self::Bound
        }
    }
}

impl Head {
    #[expect(clippy::cast_sign_loss, reason = "read back as it was written")]
    pub(super) const fn with_end(self, until: i64) -> Self {
        Self(self.0 & ((1 << END) - 1) | ((until << END) as u64))
    }

    /// As it lies in the table.
    pub(super) const fn of(word: u64) -> Self {
        Self(word)
    }

    pub(super) const fn word(self) -> u64 {
        self.0
    }

    #[inline]
    #[expect(clippy::cast_possible_wrap, reason = "written as a signed number")]
    pub(super) const fn end(self) -> i64 {
        self.0 as i64 >> END
    }

    /// Whether what is decided at the root is told by the first plane and the marks.
    #[inline]
    pub(super) const fn is_brief(self) -> bool {
        !self.has(MORE)
    }

    /// All bits, if some duties are marked; else none.
    #[inline]
    pub(super) const fn marked(self) -> u64 {
        0_u64.wrapping_sub((self.0 / MARKS) & 1)
    }

    pub(super) const fn is_scoped(self) -> bool {
        self.has(SCOPED)
    }

    pub(super) const fn whose(self) -> Whose {
        match (self.has(OWN), self.has(BOUND)) {
            (false, _) => Whose::Shared,
            (true, false) => Whose::Own,
            (true, true) => Whose::Bound,
        }
    }

    /// The rank of a permitted duty by its mark, if no more than one bit differs.
    #[inline]
    pub(super) const fn rank(self, marked: bool) -> Rank {
        let differing = if marked { self.0 >> 3 } else { 0 };
        rank((self.0 | differing) & 7)
    }

    const fn has(self, flag: u64) -> bool {
        self.0 & flag != 0
    }

    const fn differing(self) -> u64 {
        self.0 >> 3 & 7
    }

    /// The planes after the first.
    const fn planes(self) -> usize {
        let ranks = self.differing().count_ones().saturating_sub(1);
        self.has(MARKS) as usize + self.has(ASSOCIATED) as usize + ranks as usize
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
#[derive(Clone)]
pub(super) struct Content<B> {
    /// The duties permitted on every record.
    pub(super) all: B,
    /// The duties permitted on associated records.
    pub(super) associated: B,
    /// The duties, none of them permitted, of which there is more to say than that nothing grants them.
    pub(super) look: B,
    /// Whether that is so of every duty.
    pub(super) look_all: bool,
    /// The rank that permits each duty, bit by bit.
    pub(super) ranks: [B; 3],
}

impl<B: Words> Content<B> {
    /// That of those who may do nothing at all, for a reason of which no plane tells.
    pub(super) fn disabled(none: B) -> Self {
        Self {
            all: none.clone(),
            associated: none.clone(),
            look: none.clone(),
            look_all: true,
            ranks: [none.clone(), none.clone(), none],
        }
    }

    /// Writes it as a row.
    pub(super) fn write(
        &self,
        to: &mut Draft,
        until: i64,
        whose: Whose,
        place: Option<ScopeIx>,
        scopes: Option<&[u64]>,
    ) {
        let all = self.all.as_ref();
        let mut head = match whose {
            Whose::Shared => 0,
            Whose::Own => OWN,
            Whose::Bound => OWN | BOUND,
        };
        to.clear();
        to.push(0);
        to.extend_from_slice(all);
        let mut differing: SmallVec<[&[u64]; 3]> = SmallVec::new();
        for (bit, plane) in self.ranks.iter().enumerate() {
            if *plane == self.associated {
                head |= 1 << bit;
            } else if plane.as_ref().iter().any(|word| *word != 0) {
                head |= 1 << (3 + bit);
                differing.push(plane.as_ref());
            }
        }
        let looks = self.look.as_ref();
        let marked = differing.first().copied();
        if marked.is_some() || looks.iter().any(|word| *word != 0) {
            head |= MARKS;
            to.extend_from_slice(looks);
            let marks = to.iter_mut().skip(1 + all.len());
            for (mark, more) in marks.zip(marked.unwrap_or_default()) {
                *mark |= more;
            }
        }
        if self.associated != self.all {
            head |= ASSOCIATED | MORE;
            to.extend_from_slice(self.associated.as_ref());
        }
        for plane in differing.iter().skip(1) {
            head |= MORE;
            to.extend_from_slice(plane);
        }
        if self.look_all {
            head |= LOOK_ALL | MORE;
        }
        if let Some(place) = place {
            head |= PLACED;
            to.push(u64::from(place.0));
        }
        if let Some(scopes) = scopes {
            head |= SCOPED;
            to.push(scopes.len() as u64);
            to.extend_from_slice(scopes);
        }
        if let Some(first) = to.first_mut() {
            *first = Head(head).with_end(until).0;
        }
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    words: usize,
    /// The words of all rows from this one on.
    from: &'a [u64],
    pub(super) head: Head,
}

impl<'a> Row<'a> {
    /// The row that starts there, with planes of so many words.
    #[inline]
    pub(super) fn at(table: &'a [u64], start: usize, words: usize) -> Option<Self> {
        let from = table.get(start..)?;
        let head = Head::of(*from.first()?);
        Some(Self { words, from, head })
    }

    /// The duties permitted on every record.
    #[inline]
    pub(super) fn all(self) -> &'a [u64] {
        self.plane(0)
    }

    /// The duties permitted on associated records.
    pub(super) fn associated(self) -> &'a [u64] {
        if self.head.has(ASSOCIATED) {
            self.plane(1 + usize::from(self.head.has(MARKS)))
        } else {
            self.all()
        }
    }

    /// Whether there is more to say of a duty that is not permitted than that nothing grants it.
    pub(super) fn needs_look(self, duty: DutyIx) -> bool {
        self.head.has(LOOK_ALL) || self.is_marked(duty)
    }

    /// The rank that permits a duty which is permitted.
    pub(super) fn rank(self, duty: DutyIx) -> Rank {
        let differing = self.head.differing();
        let lowest = differing & differing.wrapping_neg();
        let mut code = self.head.0 & 7;
        if self.is_marked(duty) {
            code |= lowest;
        }
        let mut plane =
            1 + usize::from(self.head.has(MARKS)) + usize::from(self.head.has(ASSOCIATED));
        for bit in [1, 2, 4] {
            if differing & !lowest & bit != 0 {
                code |= if contains(self.plane(plane), duty) {
                    bit
                } else {
                    0
                };
                plane += 1;
            }
        }
        rank(code)
    }

    /// The scope below the root that it is about.
    pub(super) fn place(self) -> Option<ScopeIx> {
        let place = self
            .head
            .has(PLACED)
            .then(|| self.after_planes().first())??;
        u32::try_from(*place).ok().map(ScopeIx)
    }

    /// The rows that hold in other scopes, each as its scope above its row's number, in order; an empty list
    /// where they were too many to compile.
    pub(super) fn scopes(self) -> Option<&'a [u64]> {
        let placed = usize::from(self.head.has(PLACED));
        let after = self.after_planes().get(placed..).unwrap_or_default();
        let (count, scopes) = self.head.is_scoped().then(|| after.split_first())??;
        scopes.get(..usize::try_from(*count).unwrap_or(0))
    }

    /// The number of the row for a scope, if it is another than for those above.
    pub(super) fn in_scope(self, scope: ScopeIx) -> Option<u32> {
        let scopes = self.scopes()?;
        let place = scopes.binary_search_by_key(&u64::from(scope.0), |entry| entry >> 32);
        let entry = scopes.get(place.ok()?)?;
        u32::try_from(entry & u64::from(u32::MAX)).ok()
    }

    /// Its words.
    pub(super) fn own_words(self) -> &'a [u64] {
        let scopes = self.scopes().map_or(0, |scopes| 1 + scopes.len());
        let planes = self.words * (1 + self.head.planes());
        let length = 1 + planes + usize::from(self.head.has(PLACED)) + scopes;
        self.from.get(..length).unwrap_or_default()
    }

    /// How many rows die with it: its own, if nobody shares it, and those for other scopes.
    pub(super) fn owned(self) -> usize {
        let scoped = self.head.has(OWN) || self.head.is_scoped();
        usize::from(scoped) + self.scopes().map_or(0, <[u64]>::len)
    }

    /// What a user's own row says once its class says something else: where the user's own entries speak, what it
    /// said; elsewhere what the class says now. Nothing if the rows do not tell where they speak.
    ///
    /// The limits that reach the user must be the same as before.
    pub(super) fn following<B: Words>(
        self,
        class: Row<'_>,
        now: &Content<B>,
    ) -> Option<Content<B>> {
        let is_plain = self.head.whose() == Whose::Own && self.head.is_brief();
        if !is_plain {
            return None;
        }
        let individual = |marked| self.head.rank(marked) == Rank::Individual;
        let (unmarked, marked) = (individual(false), individual(true));
        let mut content = now.clone();
        for word in 0..self.words {
            let (all, marks) = (word_at(self.all(), word), word_at(self.marks(), word));
            let given = all & (if unmarked { !marks } else { 0 } | if marked { marks } else { 0 });
            let looked = word_at(class.marks(), word) & !word_at(class.associated(), word);
            // Where both rows only look, the class may have been alone in it: then it has to go on looking.
            if marks & !all & looked & !word_at(now.look.as_ref(), word) != 0 {
                return None;
            }
            let taken = marks & !all & !looked;
            let replace = |plane: &mut B, says: u64| {
                if let Some(place) = plane.as_mut().get_mut(word) {
                    *place = *place & !(given | taken) | says;
                }
            };
            replace(&mut content.look, taken);
            for plane in [&mut content.all, &mut content.associated] {
                replace(plane, given);
            }
            for plane in &mut content.ranks {
                replace(plane, given);
            }
        }
        Some(content)
    }

    /// The marks; no words if no duty is marked.
    fn marks(self) -> &'a [u64] {
        if self.head.has(MARKS) {
            self.plane(1)
        } else {
            &[]
        }
    }

    fn is_marked(self, duty: DutyIx) -> bool {
        self.head.has(MARKS) && contains(self.plane(1), duty)
    }

    #[inline]
    fn plane(self, number: usize) -> &'a [u64] {
        let start = 1 + number * self.words;
        self.from.get(start..start + self.words).unwrap_or_default()
    }

    fn after_planes(self) -> &'a [u64] {
        let start = 1 + self.words * (1 + self.head.planes());
        self.from.get(start..).unwrap_or_default()
    }
}

fn word_at(plane: &[u64], word: usize) -> u64 {
    plane.get(word).copied().unwrap_or(0)
}
