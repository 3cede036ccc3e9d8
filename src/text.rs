//! Words for people: labels in two languages, bounded texts, the nearest known word.

use alloc::string::String;
use alloc::string::ToString;
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

/// A language that the library speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, the default.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// The one of two words that is in this language.
    #[must_use]
    pub fn choose<T>(self, english: T, spanish: T) -> T {
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
    }
}

/// Something that can be said to a person in either language.
///
/// The method is there only where the trait is in scope: `use bailiwick::Localized`.
pub trait Localized {
    /// The text in that language: one clause, without a full stop.
    fn localized(&self, language: Language) -> String;
}

/// A clause in both languages: what a message says of a thing that is no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    english: String,
    spanish: String,
}

impl Phrase {
    /// A clause of two texts.
    pub fn new(english: impl Into<String>, spanish: impl Into<String>) -> Self {
        Self {
            english: english.into(),
            spanish: spanish.into(),
        }
    }
}

impl From<(&str, &str)> for Phrase {
    fn from((english, spanish): (&str, &str)) -> Self {
        Self::new(english, spanish)
    }
}

impl Localized for Phrase {
    fn localized(&self, language: Language) -> String {
        language.choose(&self.english, &self.spanish).clone()
    }
}

/// A name for people, in English and in Spanish.
///
/// # Examples
///
/// ```
/// use bailiwick::{Label, Language};
///
/// let label = Label::new("Certify funds", "Certificar fondos")?;
/// assert_eq!(label.get(Language::Spanish), "Certificar fondos");
/// assert!(Label::new("", "Fondos").is_err());
/// // What is read from one text is called so in both: a proper name.
/// assert_eq!("Rio Vista".parse::<Label>()?, Label::new("Rio Vista", "Rio Vista")?);
/// # Ok::<(), bailiwick::TextError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Label {
    en: Name,
    es: Name,
}

impl Label {
    /// A label of two texts.
    ///
    /// # Errors
    ///
    /// [`TextError`] if one is blank or longer than a [`Name`] may be.
    pub fn new(english: &str, spanish: &str) -> Result<Self, TextError> {
        Ok(Self {
            en: Name::new(english)?,
            es: Name::new(spanish)?,
        })
    }

    /// The label of a name that is the same in both languages: a person's.
    pub(crate) fn same(name: Name) -> Self {
        Self {
            en: name.clone(),
            es: name,
        }
    }

    /// The text in that language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        language.choose(&self.en, &self.es).as_str()
    }
}

impl FromStr for Label {
    type Err = TextError;

    /// A label that is the same in both languages.
    fn from_str(text: &str) -> Result<Self, TextError> {
        Name::new(text).map(Self::same)
    }
}

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is nothing in it but white space.
    #[error("a text must not be blank")]
    Blank,
    /// It has more characters than its kind may have.
    #[error("a text of at most {most} characters")]
    TooLong {
        /// The greatest number of characters.
        most: usize,
    },
}

impl TextError {
    /// The stable code: `blank-text` or `out-of-range`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Blank => "blank-text",
            Self::TooLong { .. } => "out-of-range",
        }
    }
}

impl Localized for TextError {
    fn localized(&self, language: Language) -> String {
        match (language, self) {
            (Language::English, _) => self.to_string(),
            (Language::Spanish, Self::Blank) => "el texto no puede quedar en blanco".into(),
            (Language::Spanish, Self::TooLong { most }) => {
                alloc::format!("un texto de {most} caracteres como máximo")
            }
        }
    }
}

macro_rules! bounded_text {
    ($(#[$doc:meta])* $name:ident, $most:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The greatest number of characters.
            pub const MOST: usize = $most;

            /// Checks and keeps a text.
            ///
            /// # Errors
            ///
            /// [`TextError::Blank`] without a visible character; [`TextError::TooLong`] above
            /// [`MOST`](Self::MOST) characters.
            pub fn new(text: &str) -> Result<Self, TextError> {
                if text.trim().is_empty() {
                    Err(TextError::Blank)
                } else if text.chars().nth(Self::MOST).is_some() {
                    Err(TextError::TooLong { most: Self::MOST })
                } else {
                    Ok(Self(Arc::from(text)))
                }
            }

            /// The text as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read(deserializer, Self::new)
            }
        }
    };
}

bounded_text! {
    /// A short text: the name of a person, of a campaign, of a tenant; a contact; one side of a label.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::{Name, TextError};
    ///
    /// let name: Name = "Ana Ruiz".parse()?;
    /// assert_eq!(name, Name::new("Ana Ruiz")?);
    /// assert_eq!(" ".parse::<Name>(), Err(TextError::Blank));
    /// # Ok::<(), TextError>(())
    /// ```
    Name, 256
}

bounded_text! {
    /// A sentence or a few: a reason, a justification, a note, a reference to the document behind an entry.
    Text, 4_000
}

bounded_text! {
    /// The body of a message: the description of a ticket, a reply, an internal note, a resolution.
    Body, 65_536
}

/// Reads a text and makes of it what it says; no copy of it is made for that.
#[cfg(feature = "serde")]
pub(crate) fn read<'de, D: serde::Deserializer<'de>, T, E: fmt::Display>(
    deserializer: D,
    make: fn(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    struct Reading<T, E>(fn(&str) -> Result<T, E>);

    impl<T, E: fmt::Display> serde::de::Visitor<'_> for Reading<T, E> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<F: serde::de::Error>(self, text: &str) -> Result<T, F> {
            (self.0)(text).map_err(F::custom)
        }
    }

    deserializer.deserialize_str(Reading(make))
}

/// The known word nearest to a misspelt one, if one is near enough to be meant.
///
/// Near is at most one edit for each three characters, and at least one: a swap of two neighbours is one
/// edit. Of equally near words the first wins.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let most = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= most * 4)
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_string())
}
