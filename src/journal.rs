//! The journal: events as lines of JSON, each bound to the one before by its hash.
//!
//! It is neutral to where lines are kept: a file, a table, a log of another system. A line is appended whole with
//! its newline; a last line without one is torn and is left out. Anything else that does not fit is tampering, an
//! empty line included, and reading names the first line at which it shows.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::Deserialize;
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::Digest;
use sha2::Sha256;

use crate::event::Event;
use crate::text::Language;
use crate::text::Localized;

/// The hash of a journal's last line, over all lines before it as well: SHA-256.
///
/// A host that keeps it apart from the journal can tell whether lines are missing at the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Head([u8; 32]);

impl Head {
    /// The head of a journal without lines.
    pub const EMPTY: Self = Self([0; 32]);

    fn after(self, event: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(self.0);
        digest.update(event.as_bytes());
        Self(digest.finalize().into())
    }

    /// As it is written: two digits a byte.
    fn digits(self) -> [u8; 64] {
        let digit = |half: u8| half + if half < 10 { b'0' } else { b'a' - 10 };
        let mut digits = [0; 64];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        digits
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Head {
    type Err = Why;

    fn from_str(text: &str) -> Result<Self, Why> {
        let mut head = [0; 32];
        let digits = text.as_bytes();
        if digits.len() != 64
            || digits
                .iter()
                .any(|digit| !matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
        {
            return Err(Why::NotALine);
        }
        for (byte, pair) in head.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = core::str::from_utf8(pair).map_err(|_| Why::NotALine)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| Why::NotALine)?;
        }
        Ok(Self(head))
    }
}

/// Writes events as lines.
///
/// # Examples
///
/// ```
/// use bailiwick::{Actor, Command, Journal, Name, Policy, Stamp, Tenant, journal, policy::Seats};
///
/// let policy = Policy::new(Name::new("Rio Vista")?);
/// let founded = Tenant::found(&policy)?;
/// let (mut tenant, mut journal, mut lines) = (founded.clone(), Journal::new(), String::new());
/// for full in 1..=3 {
///     let stamp = Stamp::new("2026-01-05T09:00:00Z".parse()?, Actor::System);
///     let seats = Seats { full: Some(full), administrator: None };
///     lines += &journal.append(&tenant.execute(&stamp, &Command::SetSeats(seats))?)?;
/// }
/// // What was stored gives the same tenant again, to the byte …
/// let stored = journal::read(&lines, Some(journal.head()))?;
/// let mut again = founded;
/// for event in &stored.events {
///     again.replay(event)?;
/// }
/// assert_eq!(serde_json::to_string(&again)?, serde_json::to_string(&tenant)?);
/// // … and a changed line is found out.
/// let changed = lines.replace("\"full\":2", "\"full\":20");
/// assert_eq!(journal::read(&changed, None).unwrap_err().line, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Journal {
    head: Head,
}

impl Default for Journal {
    fn default() -> Self {
        Self::new()
    }
}

impl Journal {
    /// A journal without lines.
    #[must_use]
    pub fn new() -> Self {
        Self { head: Head::EMPTY }
    }

    /// A journal that goes on after its head: that of the last line that was stored.
    #[must_use]
    pub fn resume(head: Head) -> Self {
        Self { head }
    }

    /// The line for an event, with its newline. The host stores it whole, or not at all.
    ///
    /// The head moves on with the line, before the host has stored it. Where storing fails, the line is no part of
    /// the journal, and what is appended after it would not follow: go back to the head from before.
    ///
    /// # Errors
    ///
    /// [`Broken`] if the event cannot be written, which no event of a tenant does; the head stays where it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::{Actor, Command, Journal, Name, Policy, Stamp, Tenant, journal, policy::Seats};
    ///
    /// let policy = Policy::new(Name::new("Rio Vista")?);
    /// let mut tenant = Tenant::found(&policy)?;
    /// let (mut journal, mut stored) = (Journal::new(), String::new());
    /// // The disk is full for the first line, and for no other.
    /// let mut full_disk = [true, false].into_iter();
    /// let mut store = |line: &str| {
    ///     let full = full_disk.next().unwrap_or_default();
    ///     if full { Err("the disk is full") } else { Ok(stored.push_str(line)) }
    /// };
    /// for full in [5, 6] {
    ///     let stamp = Stamp::new("2026-01-05T09:00:00Z".parse()?, Actor::System);
    ///     let seats = Seats { full: Some(full), administrator: None };
    ///     let event = tenant.decide(&stamp, &Command::SetSeats(seats))?;
    ///     let before = journal.head();
    ///     let line = journal.append(&event)?;
    ///     match store(&line) {
    ///         // What is stored has happened …
    ///         Ok(()) => tenant.replay(&event)?,
    ///         // … and what is not has not: neither the tenant nor the journal knows of it.
    ///         Err(_) => journal = Journal::resume(before),
    ///     }
    /// }
    /// assert_eq!(journal::read(&stored, Some(journal.head()))?.events.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn append(&mut self, event: &Event) -> Result<String, Broken> {
        let unwritten = |_| Broken {
            line: 0,
            why: Why::NotALine,
        };
        let event = serde_json::value::to_raw_value(event).map_err(unwritten)?;
        let hash = self.head.after(event.get());
        let line = Line {
            previous: format!("{}", self.head).into(),
            hash: format!("{hash}").into(),
            event: &event,
        };
        let mut text = serde_json::to_string(&line).map_err(unwritten)?;
        text.push('\n');
        self.head = hash;
        Ok(text)
    }

    /// The hash of the last line.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }
}

/// What a journal held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The events, oldest first.
    pub events: Vec<Event>,
    /// The hash of the last whole line.
    pub head: Head,
    /// How many bytes of a torn last line were left out: the host cuts them off before it appends another.
    pub torn: usize,
}

/// The first line of a journal that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The line, from 1; one more than there are if lines are missing at the end.
    pub line: usize,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with a line of a journal.
///
/// It may grow with the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// It is no line of a journal.
    NotALine,
    /// It does not follow the line before it.
    DoesNotFollow,
    /// Its event is not the one that was hashed.
    Changed,
    /// The journal ends elsewhere than at the expected head.
    EndsElsewhere,
}

impl Why {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotALine => "not-a-line",
            Self::DoesNotFollow => "does-not-follow",
            Self::Changed => "changed",
            Self::EndsElsewhere => "ends-elsewhere",
        }
    }
}

impl Localized for Why {
    fn localized(&self, language: Language) -> String {
        let (english, spanish) = match self {
            Self::NotALine => ("no line of a journal", "no es una línea de un diario"),
            Self::DoesNotFollow => (
                "does not follow the line before it",
                "no sigue a la línea anterior",
            ),
            Self::Changed => ("the event was changed", "el suceso fue modificado"),
            Self::EndsElsewhere => (
                "the journal ends elsewhere than expected",
                "el diario no termina donde debía",
            ),
        };
        language.choose(english, spanish).into()
    }
}

impl Localized for Broken {
    fn localized(&self, language: Language) -> String {
        let why = self.why.localized(language);
        language.choose(
            format!("line {}: {why}", self.line),
            format!("línea {}: {why}", self.line),
        )
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.localized(Language::English))
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.localized(Language::English))
    }
}

impl core::error::Error for Why {}

impl core::error::Error for Broken {}

/// Reads a journal and verifies its chain, against the head that the host kept where it kept one.
///
/// A last line without its newline is torn: it is left out without an error, and [`Stored::torn`] says of how many
/// bytes it was. A text whose end was trimmed loses its last event so: look at `torn`, or give the expected head.
///
/// # Errors
///
/// [`Broken`] names the first line that does not fit: `changed`, `does-not-follow` or `not-a-line`, or `ends-elsewhere`
/// at the line after the last where an expected head is another.
pub fn read(text: &str, expected: Option<Head>) -> Result<Stored, Broken> {
    let whole = text.rfind('\n').map_or(0, |last| last + 1);
    let (lines, torn) = text.split_at_checked(whole).unwrap_or((text, ""));
    let mut head = Head::EMPTY;
    let mut events = Vec::new();
    for (n, line) in lines.split_terminator('\n').enumerate() {
        let broken = |why| Broken { line: n + 1, why };
        let line: Line<'_> = serde_json::from_str(line).map_err(|_| broken(Why::NotALine))?;
        if *line.previous.as_bytes() != head.digits() {
            return Err(broken(Why::DoesNotFollow));
        }
        head = head.after(line.event.get());
        if *line.hash.as_bytes() != head.digits() {
            return Err(broken(Why::Changed));
        }
        events.push(serde_json::from_str(line.event.get()).map_err(|_| broken(Why::NotALine))?);
    }
    if expected.is_some_and(|expected| expected != head) {
        return Err(Broken {
            line: events.len() + 1,
            why: Why::EndsElsewhere,
        });
    }
    Ok(Stored {
        events,
        head,
        torn: torn.len(),
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    previous: Cow<'a, str>,
    #[serde(borrow)]
    hash: Cow<'a, str>,
    #[serde(borrow)]
    event: &'a RawValue,
}
