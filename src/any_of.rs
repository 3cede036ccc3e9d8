//! One thing or several, of which any will do.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::slice;
use core::str::FromStr;

/// One or more, of which any will do: each is there once, in the order in which they were named.
///
/// It is written as the one that it has, or as a list of several; a list of one reads as that one.
///
/// # Examples
///
/// ```
/// use bailiwick::{AnyOf, DutyKey};
///
/// let add: DutyKey = "roster.person.add".parse()?;
/// let edit: DutyKey = "roster.person.edit".parse()?;
/// let either = AnyOf::from(add.clone()).or(edit.clone());
/// assert_eq!(either.as_slice(), [add.clone(), edit]);
/// // To name one again adds nothing, and of none there is nothing to choose from.
/// assert_eq!(either.clone().or(add.clone()), either);
/// assert_eq!(AnyOf::<DutyKey>::new([]), None);
/// // A text is read as the one that it names.
/// assert_eq!("roster.person.add".parse(), Ok(AnyOf::from(add.clone())));
/// # Ok::<(), bailiwick::MalformedKey>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnyOf<T>(Vec<T>);

impl<T: Clone + Ord> AnyOf<T> {
    /// Any of these; `None` where there are none.
    #[must_use]
    pub fn new(all: impl IntoIterator<Item = T>) -> Option<Self> {
        let mut seen = BTreeSet::new();
        let all = all.into_iter().filter(|one| seen.insert(one.clone()));
        Some(Self(all.collect())).filter(|any| !any.0.is_empty())
    }

    /// Any of these, or that.
    #[must_use]
    pub fn or(mut self, other: T) -> Self {
        if !self.0.contains(&other) {
            self.0.push(other);
        }
        self
    }
}

impl<T> AnyOf<T> {
    /// All of them, at least one.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }

    /// Each of them.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<T> From<T> for AnyOf<T> {
    fn from(one: T) -> Self {
        Self([one].into())
    }
}

impl<T: FromStr> FromStr for AnyOf<T> {
    type Err = T::Err;

    /// The one that the text names.
    fn from_str(text: &str) -> Result<Self, T::Err> {
        T::from_str(text).map(Self::from)
    }
}

impl<'a, T> IntoIterator for &'a AnyOf<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(feature = "serde")]
impl<T: serde::Serialize> serde::Serialize for AnyOf<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_slice() {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

#[cfg(feature = "serde")]
impl<'de, T: serde::Deserialize<'de> + Clone + Ord> serde::Deserialize<'de> for AnyOf<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Form<T> {
            One(T),
            Several(Vec<T>),
        }
        match Form::deserialize(deserializer)? {
            Form::One(one) => Ok(Self::from(one)),
            Form::Several(all) => {
                Self::new(all).ok_or_else(|| serde::de::Error::custom("at least one of them"))
            }
        }
    }
}
