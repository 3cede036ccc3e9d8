//! What things are called: checked keys for hosts and documents, handles for the hot path.

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

use crate::text::Language;
use crate::text::Localized;
use crate::text::nearest;

/// A text is not a key.
///
/// A key is `[a-z0-9][a-z0-9-]*` of at most 64 characters; a user's key may also have `.`, `_`, `@`; a
/// duty's is three keys joined by dots; a target is `*` or one to three keys (rule 2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.localized(Language::English))]
pub struct MalformedKey {
    text: String,
    wanted: (&'static str, &'static str),
}

impl MalformedKey {
    fn new(text: &str, wanted: (&'static str, &'static str)) -> Self {
        let text = match text.char_indices().nth(80) {
            Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
            None => text.to_string(),
        };
        Self { text, wanted }
    }

    /// The stable code, `malformed-key`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "malformed-key"
    }
}

impl Localized for MalformedKey {
    fn localized(&self, language: Language) -> String {
        let (english, spanish) = self.wanted;
        language.choose(
            format!("`{}` is not {english}", self.text),
            format!("`{}` no es {spanish}", self.text),
        )
    }
}

const LONGEST: usize = 64;

fn is_key(text: &str, also: &[u8]) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= LONGEST
        && text.bytes().next().is_some_and(plain)
        && text
            .bytes()
            .all(|byte| plain(byte) || byte == b'-' || also.contains(&byte))
}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident, $wanted:expr, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks and keeps a key.
            ///
            /// # Errors
            ///
            /// [`MalformedKey`] if the text has another form.
            pub fn new(text: &str) -> Result<Self, MalformedKey> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(Arc::from(text)))
                } else {
                    Err(MalformedKey::new(text, $wanted))
                }
            }

            /// The key as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        text_form!($name);

        impl core::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

/// Text in, text out: `FromStr`, `Display`, `Debug` and serde through `new` and `as_str`.
macro_rules! text_form {
    ($name:ident) => {
        impl FromStr for $name {
            type Err = MalformedKey;

            fn from_str(text: &str) -> Result<Self, MalformedKey> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "`{}`", self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::text::read(deserializer, Self::new)
            }
        }
    };
}

key! {
    /// What a host names a thing by: a module, an object, a scope, a group, a profile, …
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::Key;
    ///
    /// assert_eq!(Key::new("finance-clerk")?.as_str(), "finance-clerk");
    /// // No capitals, no dots, no wildcard.
    /// assert!(Key::new("Finance").is_err());
    /// # Ok::<(), bailiwick::MalformedKey>(())
    /// ```
    Key,
    (
        "a key such as `finance-clerk`, at most 64 characters",
        "una clave como `finance-clerk`, de 64 caracteres como máximo"
    ),
    |text| is_key(text, b"")
}

key! {
    /// What a host names a user by: as [`Key`], and `.`, `_` and `@` may stand after the first character.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::{Actor, HolderKey, UserKey};
    ///
    /// // A user holds, and acts, under the same key.
    /// let ana: UserKey = "ana".parse()?;
    /// assert_eq!(HolderKey::from(ana.clone()), HolderKey::new("user:ana")?);
    /// assert_eq!(Actor::from(ana), Actor::new("user:ana")?);
    /// # Ok::<(), bailiwick::MalformedKey>(())
    /// ```
    UserKey,
    (
        "a user's key such as `ana` or `ana.ruiz@example.org`, at most 64 characters",
        "la clave de un usuario como `ana` o `ana.ruiz@example.org`, de 64 caracteres como máximo"
    ),
    |text| is_key(text, b"._@")
}

key! {
    /// What a host names a private item by: of the same form as a [`Key`].
    ItemKey,
    (
        "an item's key such as `case-12`, at most 64 characters",
        "la clave de un elemento como `case-12`, de 64 caracteres como máximo"
    ),
    |text| is_key(text, b"")
}

key! {
    /// A duty: `module.object.action`, each a [`Key`], such as `finance.funds.certify`.
    DutyKey,
    ("a duty such as `finance.funds.certify`", "una función como `finance.funds.certify`"),
    |text| text.split('.').count() == 3 && text.split('.').all(|part| is_key(part, b""))
}

impl Key {
    /// What stands where a position leads to no name; positions come from the same tables, so nothing shows it.
    pub(crate) fn nameless() -> Self {
        Self(Arc::from("nameless"))
    }
}

impl DutyKey {
    /// Module, object and action.
    #[must_use]
    pub fn parts(&self) -> (&str, &str, &str) {
        let mut parts = self.0.split('.');
        let mut next = || parts.next().unwrap_or_default();
        (next(), next(), next())
    }

    /// The object as a target: `module.object`.
    #[must_use]
    pub fn object(&self) -> &str {
        self.0.rsplit_once('.').map_or("", |(object, _)| object)
    }
}

/// What an entry is about: `*` (every duty), a module, an object or one duty (rule 2).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetKey(Arc<str>);

impl TargetKey {
    /// Checks and keeps a target.
    ///
    /// # Errors
    ///
    /// [`MalformedKey`] if the text is neither `*` nor one to three keys joined by dots.
    pub fn new(text: &str) -> Result<Self, MalformedKey> {
        let valid = text == "*"
            || (text.split('.').count() <= 3 && text.split('.').all(|part| is_key(part, b"")));
        if valid {
            Ok(Self(Arc::from(text)))
        } else {
            Err(MalformedKey::new(
                text,
                (
                    "a target: `*`, a module, an object or a duty",
                    "un objetivo: `*`, un módulo, un objeto o una función",
                ),
            ))
        }
    }

    /// The target as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Every duty: `*`.
    #[must_use]
    pub fn all() -> Self {
        Self(Arc::from("*"))
    }

    /// How specific it is: 0 for `*`, 1 for a module, 2 for an object, 3 for a duty.
    #[must_use]
    pub fn depth(&self) -> usize {
        if &*self.0 == "*" {
            0
        } else {
            1 + self.0.bytes().filter(|byte| *byte == b'.').count()
        }
    }
}

impl From<Key> for TargetKey {
    /// A module.
    fn from(module: Key) -> Self {
        Self(module.0)
    }
}

impl From<DutyKey> for TargetKey {
    fn from(duty: DutyKey) -> Self {
        Self(duty.0)
    }
}

text_form!(TargetKey);

/// Who an entry is for: `everyone`, `user:KEY` or `group:KEY`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolderKey {
    /// All users of the tenant.
    Everyone,
    /// The members of a group, and of the groups below it.
    Group(Key),
    /// One user.
    User(UserKey),
}

impl HolderKey {
    /// Reads a holder.
    ///
    /// # Errors
    ///
    /// [`MalformedKey`] if it is none of the three forms. Documents and commands tell a holder of another
    /// form (`unknown-holder`) from one whose key is malformed.
    pub fn new(text: &str) -> Result<Self, MalformedKey> {
        if text == "everyone" {
            Ok(Self::Everyone)
        } else if let Some(key) = text.strip_prefix("user:") {
            Ok(Self::User(UserKey::new(key)?))
        } else if let Some(key) = text.strip_prefix("group:") {
            Ok(Self::Group(Key::new(key)?))
        } else {
            Err(MalformedKey::new(
                text,
                (
                    "a holder: `everyone`, `user:KEY` or `group:KEY`",
                    "un titular: `everyone`, `user:CLAVE` o `group:CLAVE`",
                ),
            ))
        }
    }

    /// The holder as text.
    #[must_use]
    pub fn as_str(&self) -> String {
        match self {
            Self::Everyone => "everyone".into(),
            Self::Group(key) => format!("group:{key}"),
            Self::User(key) => format!("user:{key}"),
        }
    }
}

impl From<UserKey> for HolderKey {
    fn from(user: UserKey) -> Self {
        Self::User(user)
    }
}

text_form!(HolderKey);

/// Who acts: the host itself, or a user.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// The host: may run every command, and approves nothing of its own accord (rule 6).
    System,
    /// A user of the tenant.
    User(UserKey),
}

impl Actor {
    /// Reads an actor: `system` or `user:KEY`.
    ///
    /// # Errors
    ///
    /// [`MalformedKey`] if it is neither.
    pub fn new(text: &str) -> Result<Self, MalformedKey> {
        if text == "system" {
            Ok(Self::System)
        } else if let Some(key) = text.strip_prefix("user:") {
            Ok(Self::User(UserKey::new(key)?))
        } else {
            Err(MalformedKey::new(
                text,
                (
                    "an actor: `system` or `user:KEY`",
                    "un actor: `system` o `user:CLAVE`",
                ),
            ))
        }
    }

    /// The actor as text.
    #[must_use]
    pub fn as_str(&self) -> String {
        match self {
            Self::System => "system".into(),
            Self::User(key) => format!("user:{key}"),
        }
    }

    /// The user's key, unless it is the host.
    #[must_use]
    pub fn user(&self) -> Option<&UserKey> {
        match self {
            Self::System => None,
            Self::User(key) => Some(key),
        }
    }
}

impl From<UserKey> for Actor {
    fn from(user: UserKey) -> Self {
        Self::User(user)
    }
}

text_form!(Actor);

/// The kinds of thing that a key can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is the thing that it names")]
pub enum Kind {
    Catalog,
    Module,
    Object,
    Duty,
    Rung,
    Profile,
    User,
    Group,
    Scope,
    Team,
    Department,
    Limit,
    Command,
    Schedule,
    Holder,
    Conflict,
    Request,
    Campaign,
    Ticket,
    Zone,
}

impl Kind {
    /// The stable code of not knowing one: `unknown-user`, `unknown-duty`, …
    #[must_use]
    pub fn unknown_code(self) -> &'static str {
        match self {
            Self::Catalog => "unknown-catalog",
            Self::Module => "unknown-module",
            Self::Object => "unknown-object",
            Self::Duty => "unknown-duty",
            Self::Rung => "unknown-rung",
            Self::Profile => "unknown-profile",
            Self::User => "unknown-user",
            Self::Group => "unknown-group",
            Self::Scope => "unknown-scope",
            Self::Team => "unknown-team",
            Self::Department => "unknown-department",
            Self::Limit => "unknown-limit",
            Self::Command => "unknown-command",
            Self::Schedule => "unknown-schedule",
            Self::Holder => "unknown-holder",
            Self::Conflict => "unknown-conflict",
            Self::Request => "unknown-request",
            Self::Campaign => "unknown-campaign",
            Self::Ticket => "unknown-ticket",
            Self::Zone => "unknown-zone",
        }
    }

    fn noun(self, language: Language) -> &'static str {
        let (english, spanish) = match self {
            Self::Catalog => ("catalog", "el catálogo"),
            Self::Module => ("module", "el módulo"),
            Self::Object => ("object", "el objeto"),
            Self::Duty => ("duty", "la función"),
            Self::Rung => ("rung", "el nivel"),
            Self::Profile => ("profile", "el perfil"),
            Self::User => ("user", "el usuario"),
            Self::Group => ("group", "el grupo"),
            Self::Scope => ("scope", "el ámbito"),
            Self::Team => ("team", "el equipo"),
            Self::Department => ("department", "el departamento"),
            Self::Limit => ("limit", "el límite"),
            Self::Command => ("command", "la orden"),
            Self::Schedule => ("schedule", "el calendario de revisiones"),
            Self::Holder => ("holder", "el titular"),
            Self::Conflict => ("conflict", "el conflicto"),
            Self::Request => ("request", "la solicitud"),
            Self::Campaign => ("campaign", "la campaña"),
            Self::Ticket => ("ticket", "la incidencia"),
            Self::Zone => ("time zone", "el huso horario"),
        };
        language.choose(english, spanish)
    }
}

/// What stands in the place of a key that a handle of another tenant does not have here.
pub(crate) const OTHER_TENANT: &str = "a handle of another tenant";

/// Nothing of that kind has that key in this tenant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.localized(Language::English))]
pub struct Unknown {
    /// The kind of thing that was asked for.
    pub kind: Kind,
    /// The key as it was given; of a handle, that it is of another tenant.
    pub key: String,
    /// The nearest known key, if one is near enough to be meant.
    pub nearest: Option<String>,
}

impl Unknown {
    pub(crate) fn new<'a>(kind: Kind, key: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            kind,
            key: key.to_string(),
            nearest: nearest(key, known),
        }
    }

    /// The stable code: `unknown-user`, `unknown-duty`, …
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.unknown_code()
    }
}

impl Localized for Unknown {
    fn localized(&self, language: Language) -> String {
        let noun = self.kind.noun(language);
        if self.key == OTHER_TENANT {
            return language.choose(
                format!("unknown {noun}: {OTHER_TENANT}"),
                format!("no existe {noun}: es de otra entidad"),
            );
        }
        match (language, &self.nearest) {
            (Language::English, None) => format!("unknown {noun} `{}`", self.key),
            (Language::English, Some(near)) => {
                format!("unknown {noun} `{}`, nearest is `{near}`", self.key)
            }
            (Language::Spanish, None) => format!("no existe {noun} `{}`", self.key),
            (Language::Spanish, Some(near)) => {
                format!(
                    "no existe {noun} `{}`; lo más parecido es `{near}`",
                    self.key
                )
            }
        }
    }
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(transparent))]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = core::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

number! {
    /// A request's number in its tenant, counted from 1 in the order of their making.
    RequestId
}

number! {
    /// A campaign's number in its tenant, counted from 1 in the order of their opening.
    CampaignId
}

number! {
    /// A ticket's number at its desk, counted from 1 in the order of their opening.
    ///
    /// Numbers of different things do not mix:
    ///
    /// ```compile_fail
    /// let ticket: bailiwick::TicketId = bailiwick::RequestId(1);
    /// ```
    TicketId
}

impl core::borrow::Borrow<str> for TargetKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}
