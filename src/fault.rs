//! What can be wrong with a policy or a command before any rule is asked.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use crate::id::Kind;
use crate::id::MalformedKey;
use crate::id::Unknown;
use crate::text::Language;
use crate::text::Localized;
use crate::text::Phrase;
use crate::text::TextError;
use crate::time::TimeError;

/// What is malformed, unknown or contradictory in one place of a policy or of a command.
///
/// It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The text is no document of its format.
    MalformedDocument {
        /// What the format's parser found.
        found: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A key of another form.
    MalformedKey(MalformedKey),
    /// An instant, a duration or a window of another form.
    Time(TimeError),
    /// A text that is blank or too long.
    Text(TextError),
    /// A value of another type, a word outside a closed list, a missing field.
    WrongShape {
        /// What should stand here.
        wanted: Phrase,
    },
    /// A field that is not known here.
    UnknownField {
        /// The field.
        field: String,
        /// The nearest known field.
        nearest: Option<String>,
    },
    /// A key that leads nowhere.
    Unknown(Unknown),
    /// The object has no ladder.
    NoLadder {
        /// The object.
        object: String,
    },
    /// The key is taken.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A node is above itself.
    Cycle {
        /// The node.
        key: String,
    },
    /// A tree is deeper than it may be.
    TooDeep {
        /// The greatest number of levels.
        most: usize,
    },
    /// Another entry of the same key holds in part of the same window.
    ConflictingEntry,
    /// A number, a text or a list beyond its bound.
    OutOfRange {
        /// What would be within it.
        wanted: Phrase,
    },
    /// Something that the helpdesk's own types refuse.
    Service {
        /// The stable code.
        code: &'static str,
        /// The message in English.
        english: String,
        /// The message in Spanish.
        spanish: String,
    },
}

impl Fault {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MalformedDocument { .. } => "malformed-document",
            Self::MalformedKey(fault) => fault.code(),
            Self::Time(fault) => fault.code(),
            Self::Text(fault) => fault.code(),
            Self::WrongShape { .. } => "wrong-shape",
            Self::UnknownField { .. } => "unknown-field",
            Self::Unknown(fault) => fault.code(),
            Self::NoLadder { .. } => "no-ladder",
            Self::DuplicateKey { .. } => "duplicate-key",
            Self::Cycle { .. } => "cycle",
            Self::TooDeep { .. } => "too-deep",
            Self::ConflictingEntry => "conflicting-entry",
            Self::OutOfRange { .. } => "out-of-range",
            Self::Service { code, .. } => code,
        }
    }
}

impl Localized for Fault {
    fn localized(&self, language: Language) -> String {
        let near = |nearest: &Option<String>| match nearest {
            Some(near) => language.choose(
                format!(", nearest is `{near}`"),
                format!("; lo más parecido es `{near}`"),
            ),
            None => String::new(),
        };
        match self {
            Self::MalformedDocument {
                found,
                line,
                column,
            } => language.choose(
                format!("line {line}, column {column}: {found}"),
                format!("línea {line}, columna {column}: no se entiende el documento ({found})"),
            ),
            Self::MalformedKey(fault) => fault.localized(language),
            Self::Time(fault) => fault.localized(language),
            Self::Text(fault) => fault.localized(language),
            Self::WrongShape { wanted } | Self::OutOfRange { wanted } => {
                let wanted = wanted.localized(language);
                language.choose(
                    format!("expected {wanted}"),
                    format!("se esperaba {wanted}"),
                )
            }
            Self::UnknownField { field, nearest } => {
                language.choose(
                    format!("unknown field `{field}`"),
                    format!("campo desconocido: `{field}`"),
                ) + &near(nearest)
            }
            Self::Unknown(fault) => fault.localized(language),
            Self::NoLadder { object } => language.choose(
                format!("`{object}` has no ladder"),
                format!("`{object}` no tiene niveles"),
            ),
            Self::DuplicateKey { key } => language.choose(
                format!("`{key}` is already taken"),
                format!("`{key}` ya existe"),
            ),
            Self::Cycle { key } => language.choose(
                format!("`{key}` is above itself"),
                format!("`{key}` está por encima de sí mismo"),
            ),
            Self::TooDeep { most } => language.choose(
                format!("more than {most} levels deep"),
                format!("más de {most} niveles de profundidad"),
            ),
            Self::ConflictingEntry => language.choose(
                "another entry on the same target and scope holds in part of this window".into(),
                "otra entrada sobre lo mismo y en el mismo ámbito coincide en parte de este plazo"
                    .into(),
            ),
            Self::Service {
                english, spanish, ..
            } => language.choose(english, spanish).clone(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.localized(Language::English))
    }
}

impl core::error::Error for Fault {}

impl From<MalformedKey> for Fault {
    fn from(fault: MalformedKey) -> Self {
        Self::MalformedKey(fault)
    }
}

impl From<TimeError> for Fault {
    fn from(fault: TimeError) -> Self {
        Self::Time(fault)
    }
}

impl From<TextError> for Fault {
    fn from(fault: TextError) -> Self {
        Self::Text(fault)
    }
}

impl From<Unknown> for Fault {
    fn from(fault: Unknown) -> Self {
        Self::Unknown(fault)
    }
}

/// One mistake in a policy, and where it is.
///
/// It prints as `CODE at PATH: message`, such as
/// ``unknown-duty at grant[3].on: unknown duty `finance.funds.certfy`, nearest is `finance.funds.certify` ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The field that offends, such as `grant[3].on`; empty for the document as a whole.
    pub path: String,
    /// What is wrong with it.
    pub fault: Fault,
}

impl Mistake {
    /// The stable code of the fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// Where it is: the path, or line and column of a syntax error.
    #[must_use]
    pub fn place(&self) -> String {
        match (&self.fault, self.path.as_str()) {
            (Fault::MalformedDocument { line, column, .. }, "") => format!("{line}:{column}"),
            (_, path) => path.into(),
        }
    }
}

impl Localized for Mistake {
    fn localized(&self, language: Language) -> String {
        let place = self.place();
        let message = match (&self.fault, self.path.as_str()) {
            (Fault::MalformedDocument { found, .. }, "") => language.choose(
                found.clone(),
                format!("no se entiende el documento ({found})"),
            ),
            (fault, _) => fault.localized(language),
        };
        if place.is_empty() {
            return format!("{}: {message}", self.code());
        }
        language.choose(
            format!("{} at {place}: {message}", self.code()),
            format!("{} en {place}: {message}", self.code()),
        )
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.localized(Language::English))
    }
}

impl core::error::Error for Mistake {}

/// Everything that is wrong with a document, a policy or a command: one mistake at least.
///
/// It is a list, and an error as a whole, which prints one mistake a line.
///
/// # Examples
///
/// ```
/// use bailiwick::Tenant;
///
/// let policy = r#"
///     duty = [{ key = "finance.funds.certify" }]
///     user = [{ kay = "ana" }]
///     grant = [{ holder = "user:ana", on = "finance.funds.certfy" }]
/// "#;
/// let mistakes = Tenant::from_toml(policy).unwrap_err();
/// let codes: Vec<_> = mistakes.iter().map(|mistake| mistake.code()).collect();
/// assert_eq!(codes, ["unknown-field", "unknown-duty"]);
/// assert!(mistakes.to_string().lines().any(|line| line.starts_with("unknown-field at user[0].kay: ")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// These, of which there is one at least.
    pub(crate) const fn of(mistakes: Vec<Mistake>) -> Self {
        Self(mistakes)
    }
}

impl From<Mistake> for Mistakes {
    fn from(mistake: Mistake) -> Self {
        Self(Vec::from([mistake]))
    }
}

impl Deref for Mistakes {
    type Target = [Mistake];

    fn deref(&self) -> &[Mistake] {
        &self.0
    }
}

impl IntoIterator for Mistakes {
    type Item = Mistake;
    type IntoIter = alloc::vec::IntoIter<Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Mistakes {
    type Item = &'a Mistake;
    type IntoIter = core::slice::Iter<'a, Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Localized for Mistakes {
    fn localized(&self, language: Language) -> String {
        let lines: Vec<String> = self
            .iter()
            .map(|mistake| mistake.localized(language))
            .collect();
        lines.join("\n")
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.localized(Language::English))
    }
}

impl core::error::Error for Mistakes {}

impl Localized for TimeError {
    fn localized(&self, language: Language) -> String {
        match language {
            Language::English => format!("{self}"),
            Language::Spanish => match self {
                Self::MalformedInstant => "no es un instante como `2026-01-05T09:00:00Z`",
                Self::MalformedDuration => {
                    "no es una duración como `90s`, `30m`, `4h`, `5d` o `1h30m`"
                }
                Self::OutOfRange => "fuera de los años 0000 a 9999",
                Self::EmptyWindow => "un plazo debe terminar después de empezar",
            }
            .into(),
        }
    }
}

/// Where the parts of a policy stood in the document that it was read from.
///
/// A part that could not be read is absent from the policy; where it stood, and what it would have been called, is
/// kept here, so that one mistake neither hides another nor makes a second one of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    dropped: BTreeMap<String, BTreeSet<usize>>,
    wrong: BTreeSet<String>,
    lost: BTreeSet<(u8, String)>,
    lists: BTreeSet<String>,
    mentions: Vec<Mention>,
}

/// What a row that could not be read mentions all the same: it is looked up like everything else.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub(crate) path: String,
    pub(crate) kind: Kind,
    pub(crate) key: String,
}

impl Places {
    /// Notes what was left out of each list, by the list's path, and the paths of what could not be read.
    #[cfg(feature = "serde")]
    pub(crate) fn settle(
        &mut self,
        dropped: BTreeMap<String, BTreeSet<usize>>,
        wrong: BTreeSet<String>,
    ) {
        self.dropped = dropped;
        self.wrong = wrong;
    }

    /// Notes the key of a row that could not be read.
    #[cfg(feature = "serde")]
    pub(crate) fn lose(&mut self, kind: Kind, key: &str) {
        self.lost.insert((kind as u8, key.into()));
    }

    /// Notes that a list stood at a path where one value might have.
    #[cfg(feature = "serde")]
    pub(crate) fn list(&mut self, path: &str) {
        self.lists.insert(path.into());
    }

    /// Whether a list stood at a path where one value might have.
    pub(crate) fn is_list(&self, path: &str) -> bool {
        self.lists.contains(path)
    }

    /// Notes what a row that could not be read mentions.
    #[cfg_attr(
        not(feature = "serde"),
        expect(dead_code, reason = "only documents have such rows")
    )]
    pub(crate) fn mention(&mut self, path: String, kind: Kind, key: &str) {
        let key = key.into();
        self.mentions.push(Mention { path, kind, key });
    }

    /// What rows that could not be read mention.
    pub(crate) fn mentions(&self) -> &[Mention] {
        &self.mentions
    }

    /// Whether something of that kind and key was there but could not be read.
    pub(crate) fn lost(&self, kind: Kind, key: &str) -> bool {
        let lost = |key: &str| self.lost.contains(&(kind as u8, key.into()));
        // A list that is none loses all that it may have held.
        lost(key) || lost("")
    }

    /// Whether the value at a path of the document is itself wrong: what follows from it is no mistake of its own.
    pub(crate) fn wrong(&self, path: &str) -> bool {
        self.wrong.contains(path)
    }

    /// Whether something is wrong in the `n`th row of a list of the policy.
    pub(crate) fn wrong_in_row(&self, list: &str, n: usize) -> bool {
        // Mostly nothing is, and many rows are asked about.
        if self.wrong.is_empty() {
            return false;
        }
        let row = self.restore(&format!("{list}[{n}]."));
        let first = self.wrong.range(row.clone()..).next();
        first.is_some_and(|path| path.starts_with(&row))
    }

    /// The path in the document of a path in the policy.
    pub(crate) fn restore(&self, path: &str) -> String {
        let mut restored = String::new();
        let mut rest = path;
        while let Some((before, number, after)) = first_index(rest) {
            restored.push_str(before);
            let index = nth_kept(self.dropped.get(&restored), number);
            restored = format!("{restored}[{index}]");
            rest = after;
        }
        restored + rest
    }
}

/// Where the `n`th of the elements that were kept stood in its list.
pub(crate) fn nth_kept(dropped: Option<&BTreeSet<usize>>, n: usize) -> usize {
    // Each one left out at or before a place moves it on by one.
    let moved = dropped.into_iter().flatten().zip(n..);
    let moved = moved.take_while(|(dropped, place)| *dropped <= place);
    n.saturating_add(moved.count())
}

/// What stands before the first index of a path, the index, and what stands after.
fn first_index(path: &str) -> Option<(&str, usize, &str)> {
    let (before, rest) = path.split_once('[')?;
    let (number, after) = rest.split_once(']')?;
    Some((before, number.parse().ok()?, after))
}
