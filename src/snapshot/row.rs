//! One row: what its users may do, in words that lie side by side.
//!
//! First its head, then the duties permitted on every record. What only some rows have follows, in this order: the
//! marks, the duties permitted on associated records, further planes of ranks, the place, the rows for other scopes.

use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::decision::Denial;
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
/// It is not told why the duties of which there is more to say are denied. Where it is, each is revoked …
const UNTOLD: u64 = 1 << 14;
/// … or, with this, a level gives less than each.
const WITHHELD: u64 = 1 << 15;
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
        self.mask(MARKS)
    }

    /// All bits if it has a flag, else none.
    #[inline]
    const fn mask(self, flag: u64) -> u64 {
        0_u64.wrapping_sub((self.0 / flag) & 1)
    }

    /// Whether it is not told why the duties of which there is more to say are denied, in the lowest bit.
    #[inline]
    pub(super) const fn untold(self) -> u64 {
        self.0 / UNTOLD
    }

    /// Why they are, where it is told.
    #[inline]
    pub(super) const fn reason(self) -> Denial {
        if self.has(WITHHELD) {
            Denial::Withheld
        } else {
            Denial::Revoked
        }
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

    /// The lowest bit that differs, whose plane is that of the marks.
    #[inline]
    const fn lowest(self) -> u64 {
        self.differing() & self.differing().wrapping_neg()
    }

    /// The number of the plane of the next bit that differs.
    #[inline]
    const fn further(self) -> usize {
        1 + self.has(MARKS) as usize + self.has(ASSOCIATED) as usize
    }

    /// The planes after the first.
    const fn planes(self) -> usize {
        let ranks = self.differing().count_ones().saturating_sub(1);
        self.further() - 1 + ranks as usize
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
pub(super) struct Content<B: Words> {
    pub(super) words: B::Of<Permits>,
    /// Whether of every duty, none of them permitted, there is more to say than that nothing grants it.
    pub(super) look_all: bool,
}

/// The same of sixty-four duties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Permits {
    /// The duties permitted on every record.
    pub(super) all: u64,
    /// The duties permitted on associated records.
    pub(super) associated: u64,
    /// The duties, none of them permitted, of which there is more to say than that nothing grants them.
    pub(super) look: u64,
    /// Of these, duties that are denied because they are revoked.
    pub(super) revoked: u64,
    /// Duties that are denied because a level gives less.
    pub(super) withheld: u64,
    /// The rank that permits each duty, bit by bit.
    pub(super) ranks: [u64; 3],
}

impl<B: Words> Content<B> {
    /// That of those who may do nothing at all, for a reason of which no plane tells.
    pub(super) fn disabled(words: B::Of<Permits>) -> Self {
        Self {
            words,
            look_all: true,
        }
    }

    /// Writes it as a row.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "what is said stays in registers: a call goes through memory"
    )]
    pub(super) fn write(
        &self,
        to: &mut Draft,
        until: i64,
        whose: Whose,
        place: Option<ScopeIx>,
        scopes: Option<&[u64]>,
    ) {
        let words = self.words.as_ref();
        let mut head = match whose {
            Whose::Shared => 0,
            Whose::Own => OWN,
            Whose::Bound => OWN | BOUND,
        };
        // What there is in some words: other duties on associated records; more to say, for other reasons than one;
        // and of each bit of the ranks, permitted duties that have it, and such that lack it.
        let (mut other, mut look, mut have, mut lack) = (0, 0, [0; 3], [0; 3]);
        let (mut not_revoked, mut not_withheld) = (0, 0);
        for permits in words {
            other |= permits.all ^ permits.associated;
            look |= permits.look;
            not_revoked |= permits.look & !permits.revoked;
            not_withheld |= permits.look & !permits.withheld;
            for ((have, lack), plane) in have.iter_mut().zip(&mut lack).zip(permits.ranks) {
                *have |= plane;
                *lack |= plane ^ permits.associated;
            }
        }
        let mut differing: SmallVec<[usize; 3]> = SmallVec::new();
        for (bit, (have, lack)) in have.into_iter().zip(lack).enumerate() {
            if lack == 0 {
                head |= 1 << bit;
            } else if have != 0 {
                head |= 1 << (3 + bit);
                differing.push(bit);
            }
        }
        to.clear();
        to.push(0);
        to.extend(words.iter().map(|permits| permits.all));
        let rank = |permits: &Permits, bit: usize| permits.ranks.get(bit).copied().unwrap_or(0);
        let marked = differing.first();
        if marked.is_some() || look != 0 {
            head |= MARKS;
            let more = |permits| marked.map_or(0, |bit| rank(permits, *bit));
            to.extend(words.iter().map(|permits| permits.look | more(permits)));
        }
        if other != 0 {
            head |= ASSOCIATED | MORE;
            to.extend(words.iter().map(|permits| permits.associated));
        }
        for bit in differing.iter().skip(1) {
            head |= MORE;
            to.extend(words.iter().map(|permits| rank(permits, *bit)));
        }
        if self.look_all {
            head |= LOOK_ALL | MORE;
        }
        if not_withheld == 0 {
            head |= WITHHELD;
        } else if not_revoked != 0 {
            head |= UNTOLD;
        }
        if let Some(place) = place {
            head |= PLACED;
            to.push(u64::from(place.get()));
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
    #[inline]
    pub(super) fn associated(self) -> &'a [u64] {
        if self.head.has(ASSOCIATED) {
            self.plane(1 + usize::from(self.head.has(MARKS)))
        } else {
            self.all()
        }
    }

    /// Why a duty is denied that is not permitted on any record, if that is told.
    pub(super) fn denial(self, duty: DutyIx) -> Option<Denial> {
        if self.head.has(LOOK_ALL) {
            None
        } else if self.is_marked(duty) {
            (!self.head.has(UNTOLD)).then(|| self.head.reason())
        } else {
            Some(Denial::NotGranted)
        }
    }

    /// The rank that permits a duty which is permitted.
    pub(super) fn rank(self, duty: DutyIx) -> Rank {
        let (differing, lowest) = (self.head.differing(), self.head.lowest());
        let mut code = self.head.0 & 7;
        if self.is_marked(duty) {
            code |= lowest;
        }
        let mut plane = self.head.further();
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
        u32::try_from(*place).ok().map(ScopeIx::new)
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
        let place = scopes.binary_search_by_key(&u64::from(scope.get()), |entry| entry >> 32);
        let entry = scopes.get(place.ok()?)?;
        u32::try_from(entry & u64::from(u32::MAX)).ok()
    }

    /// Its words.
    #[inline]
    pub(super) fn own_words(self) -> &'a [u64] {
        let scopes = self.scopes().map_or(0, |scopes| 1 + scopes.len());
        let planes = self.words * (1 + self.head.planes());
        let length = 1 + planes + usize::from(self.head.has(PLACED)) + scopes;
        self.from.get(..length).unwrap_or_default()
    }

    /// How many rows die with it at most: its own, unless that is of a whole class, and those for other scopes. Others may
    /// still have some of these; counted too low, dead rows would gather.
    pub(super) fn owned(self) -> usize {
        let scoped = self.head.has(OWN) || self.head.is_scoped();
        usize::from(scoped) + self.scopes().map_or(0, <[u64]>::len)
    }

    /// The duties, none of them permitted, of which there is more to say than that nothing grants them.
    #[inline]
    pub(super) fn looks<B: Words>(self) -> B::Of<u64> {
        let mut looks = B::read(self.words, self.marks());
        for (looks, associated) in looks.as_mut().iter_mut().zip(self.associated()) {
            *looks &= !associated;
        }
        looks
    }

    /// What it says.
    #[inline]
    pub(super) fn content<B: Words>(self) -> Content<B> {
        let mut words = B::each(self.words, Permits::default());
        let planes = self.planes::<B>();
        for (word, permits) in words.as_mut().iter_mut().enumerate() {
            *permits = planes.at(word);
        }
        Content {
            words,
            look_all: self.head.has(LOOK_ALL),
        }
    }

    /// What a user's own row says once its class says something else: where the user's own entries speak, what it
    /// said; elsewhere what the class says now. Nothing if the rows do not tell where they speak.
    ///
    /// The limits that reach the user must be the same as before. Of what the class said before, only that is of
    /// interest of which there was more to say.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "what is said stays in registers: a call goes through memory"
    )]
    pub(super) fn following<B: Words>(
        self,
        looked: &B::Of<u64>,
        now: Row<'_>,
    ) -> Option<Content<B>> {
        let looks_all = self.head.has(LOOK_ALL) || now.head.has(LOOK_ALL);
        if self.head.whose() != Whose::Own || looks_all {
            return None;
        }
        let (own_planes, planes_now) = (self.planes::<B>(), now.planes::<B>());
        let mut unsure = 0;
        let mut words = B::each(self.words, Permits::default());
        for (word, permits) in words.as_mut().iter_mut().enumerate() {
            let (own, now) = (own_planes.at(word), planes_now.at(word));
            let looked = word_at(looked.as_ref(), word);
            // Where both rows only look, the class may have been alone in it: then it has to go on looking, and
            // the reason is known only if it is the same for both.
            let both = own.look & looked;
            unsure |= both & !now.look;
            let [one, two, four] = own.ranks;
            let (given, taken) = (one & two & four, own.look & !looked);
            let silent = !(given | taken);
            let reason = |own: u64, now: u64| now & silent & (own | !both) | own & taken;
            let [one, two, four] = now.ranks;
            let rank = |plane: u64| plane & silent | given;
            *permits = Permits {
                all: now.all & silent | own.all & given,
                associated: now.associated & silent | given,
                look: now.look & silent | taken,
                revoked: reason(own.revoked, now.revoked),
                withheld: reason(own.withheld, now.withheld),
                ranks: [rank(one), rank(two), rank(four)],
            };
        }
        (unsure == 0).then_some(Content {
            words,
            look_all: false,
        })
    }

    /// All its planes.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "what is said stays in registers: a call goes through memory"
    )]
    fn planes<B: Words>(self) -> Planes<B> {
        let (marks, associated) = (self.marks(), self.associated());
        let (differing, lowest) = (self.head.differing(), self.head.lowest());
        let mut further = self.head.further();
        let read = |plane| B::read(self.words, plane);
        let mut rank = |bit| {
            if self.head.has(bit) {
                read(associated)
            } else if bit == lowest {
                read(marks)
            } else if differing & bit != 0 {
                further += 1;
                read(self.plane(further - 1))
            } else {
                read(&[])
            }
        };
        Planes {
            revoked: !(self.head.mask(UNTOLD) | self.head.mask(WITHHELD)),
            withheld: self.head.mask(WITHHELD),
            ranks: [rank(1), rank(2), rank(4)],
            all: read(self.all()),
            associated: read(associated),
            marks: read(marks),
        }
    }

    /// The marks; no words if no duty is marked.
    #[inline]
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

/// The planes of a row, each as many words as duties take.
struct Planes<B: Words> {
    all: B::Of<u64>,
    associated: B::Of<u64>,
    marks: B::Of<u64>,
    /// All bits, if every duty of which there is more to say is revoked; else none.
    revoked: u64,
    /// The same if a level gives less than each of them.
    withheld: u64,
    /// The rank of the permitted duties bit by bit, and anything at all of the others.
    ranks: [B::Of<u64>; 3],
}

impl<B: Words> Planes<B> {
    /// What they say of sixty-four duties.
    #[inline]
    fn at(&self, word: usize) -> Permits {
        let at = |plane: &B::Of<u64>| word_at(plane.as_ref(), word);
        let associated = at(&self.associated);
        let [one, two, four] = &self.ranks;
        let look = at(&self.marks) & !associated;
        Permits {
            all: at(&self.all),
            associated,
            look,
            revoked: look & self.revoked,
            withheld: look & self.withheld,
            ranks: [
                at(one) & associated,
                at(two) & associated,
                at(four) & associated,
            ],
        }
    }
}

#[inline]
fn word_at(plane: &[u64], word: usize) -> u64 {
    plane.get(word).copied().unwrap_or(0)
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what these tests take apart is what they made"
)]
mod tests {
    use super::Content;
    use super::Draft;
    use super::NEVER;
    use super::Permits;
    use super::Row;
    use super::Whose;
    use super::rank;
    use crate::decision::Denial;
    use crate::ix::DutyIx;
    use crate::ix::ScopeIx;
    use crate::snapshot::flat::Few;
    use crate::snapshot::flat::bit_of;
    use crate::snapshot::flat::word_of;
    use alloc::vec::Vec;

    /// What is said of a duty.
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Says {
        Nothing,
        /// There is more to say than that nothing grants it: perhaps just why it is denied.
        Look(Option<Denial>),
        /// It is permitted by a rank, on every record or on associated ones only.
        Permits {
            rank: u64,
            on_every: bool,
        },
    }

    /// Where the duties lie of which something is said: at the edges of words.
    const PLACES: [DutyIx; 3] = [DutyIx(0), DutyIx(63), DutyIx(64)];

    const REVOKED: Option<Denial> = Some(Denial::Revoked);
    const WITHHELD: Option<Denial> = Some(Denial::Withheld);

    fn content(says: [Says; 3]) -> Content<Few<2>> {
        let mut words = [Permits::default(); 2];
        for (duty, says) in PLACES.into_iter().zip(says) {
            let (permits, bit) = (&mut words[word_of(duty)], bit_of(duty));
            match says {
                Says::Nothing => {}
                Says::Look(denial) => {
                    permits.look |= bit;
                    permits.revoked |= if denial == REVOKED { bit } else { 0 };
                    permits.withheld |= if denial == WITHHELD { bit } else { 0 };
                }
                Says::Permits { rank, on_every } => {
                    permits.associated |= bit;
                    permits.all |= if on_every { bit } else { 0 };
                    for (place, plane) in permits.ranks.iter_mut().enumerate() {
                        *plane |= if rank >> place & 1 == 1 { bit } else { 0 };
                    }
                }
            }
        }
        Content {
            words,
            look_all: false,
        }
    }

    /// The same without the reasons of denials.
    fn bare(words: [Permits; 2]) -> [Permits; 2] {
        words.map(|permits| Permits {
            revoked: 0,
            withheld: 0,
            ..permits
        })
    }

    fn written(content: &Content<Few<2>>, whose: Whose) -> Draft {
        let mut draft = Draft::new();
        content.write(&mut draft, NEVER, whose, None, None);
        draft
    }

    /// One thing is said of every record, by ranks of which one bit differs at most.
    fn is_brief(says: [Says; 3]) -> bool {
        let ranks = says.iter().filter_map(|says| match says {
            Says::Permits { rank, .. } => Some(*rank),
            _ => None,
        });
        let (one, any) = ranks.fold((7, 0), |(one, any), rank| (one & rank, any | rank));
        let differing = if one & any == one { one ^ any } else { 0 };
        let narrow = |says: &Says| matches!(says, Says::Permits { on_every, .. } if !on_every);
        !says.iter().any(narrow) && differing.count_ones() <= 1
    }

    /// All denials of which more is said have one reason.
    fn has_one(says: [Says; 3], reason: Option<Denial>) -> bool {
        says.iter()
            .all(|says| !matches!(says, Says::Look(why) if *why != reason))
    }

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let permits = |on_every| (0..8).map(move |rank| Says::Permits { rank, on_every });
        let mut all: Vec<Says> = permits(true).chain(permits(false)).collect();
        all.extend([Says::Nothing, Says::Look(None)]);
        all.extend([REVOKED, WITHHELD].map(Says::Look));
        let places = [None, Some(ScopeIx::new(7))];
        let rows_of = |scope: u64, row: u64| scope << 32 | row;
        let two = [rows_of(3, 40), rows_of(7, u64::from(u32::MAX))];
        let scopes: [Option<&[u64]>; 3] = [None, Some(&[]), Some(&two)];
        let mut frames = Vec::new();
        for whose in [Whose::Shared, Whose::Own, Whose::Bound] {
            for (place, scopes) in places
                .iter()
                .flat_map(|place| scopes.map(|at| (*place, at)))
            {
                for (until, look_all) in [(NEVER, false), (-1, false), (0, true), (5, false)] {
                    frames.push((whose, place, scopes, until, look_all));
                }
            }
        }
        let pairs = all.iter().flat_map(|a| all.iter().map(|b| (*a, *b)));
        for (n, (first, last)) in pairs.enumerate() {
            let says = [first, all[n * 7 % all.len()], last];
            let mut content = content(says);
            for (whose, place, scopes, until, look_all) in frames.iter().skip(n % 5).step_by(5) {
                let what = alloc::format!("{says:?} {place:?} {scopes:?} {until} {look_all}");
                content.look_all = *look_all;
                let mut draft = Draft::new();
                content.write(&mut draft, *until, *whose, *place, *scopes);
                let length = draft.len();
                // What lies around it is nothing of it.
                draft.insert(0, u64::MAX);
                draft.extend([u64::MAX, 0]);
                let row = Row::at(&draft, 1, 2).unwrap();
                assert_eq!(row.own_words(), &draft[1..=length], "{what}");
                assert_eq!(row.head.end(), *until, "{what}");
                assert!(row.head.whose() == *whose, "{what}");
                assert_eq!((row.place(), row.scopes()), (*place, *scopes), "{what}");
                let led = [3, 5, 7].map(|scope| row.in_scope(ScopeIx::new(scope)));
                let leads = scopes.is_some_and(|scopes| !scopes.is_empty());
                let to = if leads {
                    [Some(40), None, Some(u32::MAX)]
                } else {
                    [None; 3]
                };
                assert_eq!(led, to, "{what}");
                let own = *whose != Whose::Shared || scopes.is_some();
                let led = scopes.map_or(0, <[u64]>::len);
                assert_eq!(row.owned(), usize::from(own) + led, "{what}");
                assert_eq!(
                    row.all(),
                    content.words.map(|permits| permits.all),
                    "{what}"
                );
                let associated = content.words.map(|permits| permits.associated);
                assert_eq!(row.associated(), associated, "{what}");
                let read = row.content::<Few<2>>();
                assert_eq!(read.look_all, *look_all, "{what}");
                assert_eq!(bare(read.words), bare(content.words), "{what}");
                let (revoked, withheld) = (has_one(says, REVOKED), has_one(says, WITHHELD));
                for permits in read.words {
                    let told = |is_told| if is_told { permits.look } else { 0 };
                    assert_eq!(permits.withheld, told(withheld), "{what}");
                    assert_eq!(permits.revoked, told(revoked && !withheld), "{what}");
                }
                let looks = content.words.map(|permits| permits.look);
                assert_eq!(row.looks::<Few<2>>(), looks, "{what}");
                for (duty, says) in PLACES.into_iter().zip(says) {
                    let marked = row.is_marked(duty);
                    if let Says::Permits { rank: by, .. } = says {
                        assert!(row.rank(duty) == rank(by), "{what}");
                        let brief = row.head.is_brief();
                        assert!(!brief || row.head.rank(marked) == rank(by), "{what}");
                    } else {
                        let denial = match says {
                            _ if *look_all => None,
                            Says::Look(_) if withheld => WITHHELD,
                            Says::Look(_) if revoked => REVOKED,
                            Says::Look(_) => None,
                            _ => Some(Denial::NotGranted),
                        };
                        assert_eq!(row.denial(duty), denial, "{what}");
                        let untold = row.head.untold() & 1 != 0;
                        let brief = row.head.is_brief() && marked && !untold;
                        assert!(!brief || Some(row.head.reason()) == denial, "{what}");
                    }
                    assert!(!marked || row.head.marked() & 1 == 1, "{what}");
                }
                let nothing = (!look_all).then_some(Denial::NotGranted);
                assert_eq!(row.denial(DutyIx(1)), nothing, "{what}");
                let brief = !look_all && is_brief(says);
                assert_eq!(row.head.is_brief(), brief, "{what}");
            }
        }
    }

    /// Where the user's own entries speak, they speak on; elsewhere what the class says now. Only where the user's row
    /// and the class's both told to look, and the class's no longer does, is it not known who told so.
    #[test]
    fn an_own_row_follows_its_class_for_certain_or_not_at_all() {
        let individual = |on_every| Says::Permits { rank: 7, on_every };
        let speaks = |says: Says| [true, false].map(individual).contains(&says);
        let over = |own: Says, class: Says| if own == Says::Nothing { class } else { own };
        for class_rank in [1, 6] {
            let by_class = |on_every| Says::Permits {
                rank: class_rank,
                on_every,
            };
            let class = [
                Says::Nothing,
                Says::Look(WITHHELD),
                by_class(true),
                by_class(false),
            ];
            let mut each = Vec::new();
            for own in [
                Says::Nothing,
                Says::Look(REVOKED),
                individual(true),
                individual(false),
            ] {
                for before in class {
                    each.extend(class.map(|now| (own, before, now)));
                }
            }
            let some = each.iter().step_by(5).chain([&each[0], &each[5]]);
            let some: Vec<_> = some.collect();
            for (first, second) in each.iter().flat_map(|a| each.iter().map(move |b| (a, b))) {
                for third in &some {
                    let three = [*first, *second, **third];
                    let before = content(three.map(|(_, before, _)| before));
                    let now = content(three.map(|(_, _, now)| now));
                    let own = content(three.map(|(own, before, _)| over(own, before)));
                    let then = content(three.map(|(own, _, now)| over(own, now)));
                    let looked = before.words.map(|permits| permits.look);
                    let (now, own) = (written(&now, Whose::Shared), written(&own, Whose::Own));
                    let (now, own) = (Row::at(&now, 0, 2).unwrap(), Row::at(&own, 0, 2).unwrap());
                    let is_sure = three.iter().all(|(own, before, now)| {
                        let looks = |says| matches!(says, &Says::Look(_));
                        speaks(*own) || !looks(before) || looks(now)
                    });
                    let followed = own.following::<Few<2>>(&looked, now);
                    let followed = followed.map(|content| content.words);
                    let words = is_sure.then_some(bare(then.words));
                    assert_eq!(followed.map(bare), words, "{three:?}");
                    // None is made up; one may be lost where own entries and the class deny both.
                    let looks = |says: &Says| matches!(says, Says::Look(_));
                    let own_look = three.iter().any(|(own, _, _)| looks(own));
                    let class_looks = three
                        .iter()
                        .any(|(_, before, now)| looks(before) || looks(now));
                    for (followed, then) in followed.into_iter().flatten().zip(then.words) {
                        let told = [followed.revoked, followed.withheld];
                        let are = [then.revoked, then.withheld];
                        if own_look && class_looks {
                            let made_up = told.iter().zip(are).any(|(told, is)| told & !is != 0);
                            assert!(!made_up, "{three:?}");
                        } else {
                            assert_eq!(told, are, "{three:?}");
                        }
                    }
                }
            }
        }
        let follows = |own: &Draft, now: &Draft| {
            let (own, now) = (Row::at(own, 0, 2).unwrap(), Row::at(now, 0, 2).unwrap());
            own.following::<Few<2>>(&[0; 2], now).is_some()
        };
        let mut content = content([individual(true); 3]);
        let [class, own, bound] =
            [Whose::Shared, Whose::Own, Whose::Bound].map(|whose| written(&content, whose));
        content.look_all = true;
        let [disabled, looking] = [Whose::Shared, Whose::Own].map(|whose| written(&content, whose));
        assert!(follows(&own, &class));
        assert!(
            !follows(&bound, &class),
            "limits may be put on what is said"
        );
        assert!(!follows(&own, &disabled) && !follows(&looking, &class));
    }
}
