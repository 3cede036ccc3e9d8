//! Coming from elsewhere, and going there: what hosts have today as a policy, and effective access as a table.
//!
//! An import takes what it understands and tells of every line that it leaves out, with the reason. What it makes
//! is a [`Policy`] like any other: to be looked at, changed, and founded on.

mod casbin;
mod export;
mod kubernetes;
mod roles;
mod table;

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::id::DutyKey;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::UserKey;
use crate::policy;
use crate::policy::Policy;
use crate::text::Label;
use crate::text::Language;
use crate::text::Localized;
use crate::text::Name;
use crate::text::Phrase;

pub use casbin::from_casbin;
pub use export::to_csv;
pub use kubernetes::Metadata;
pub use kubernetes::Object;
pub use kubernetes::Rule;
pub use kubernetes::Subject;
pub use kubernetes::from_kubernetes;
pub use roles::from_csv;

/// What an import made, and what it could not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The policy: strict, so that nothing is permitted but what was there.
    pub policy: Policy,
    /// Everything that is not in it, in the order of the source.
    pub left_out: Vec<LeftOut>,
}

/// One line, or one object, that an import could not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The line of a text, from 1; of a list of objects, the object, from 1.
    pub line: usize,
    /// Why.
    pub why: NotTaken,
}

/// Why a line was not taken.
///
/// It may grow with the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotTaken {
    /// It has too few columns, or a heading is missing.
    Columns {
        /// What should be there.
        wanted: Phrase,
    },
    /// The text gives no key.
    NoKey {
        /// The text.
        text: String,
    },
    /// Two different texts would give the same key.
    SameKey {
        /// The second of them.
        text: String,
        /// The key.
        key: String,
    },
    /// The permission is not of a module, an object and an action.
    NoDuty {
        /// The text.
        text: String,
    },
    /// It is of a kind that says something that a policy cannot say.
    Unsupported {
        /// What it says.
        what: Phrase,
    },
    /// A quotation mark is never closed: the text from there on is not read.
    OpenQuote,
    /// It refers to a role that is not there.
    NoSuchRole {
        /// The role.
        role: String,
    },
}

impl NotTaken {
    fn columns(wanted: (&str, &str)) -> Self {
        Self::Columns {
            wanted: wanted.into(),
        }
    }

    fn unsupported(english: String, spanish: String) -> Self {
        Self::Unsupported {
            what: Phrase::new(english, spanish),
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Columns { .. } => "columns",
            Self::NoKey { .. } => "no-key",
            Self::SameKey { .. } => "same-key",
            Self::NoDuty { .. } => "no-duty",
            Self::Unsupported { .. } => "unsupported",
            Self::OpenQuote => "open-quote",
            Self::NoSuchRole { .. } => "no-such-role",
        }
    }
}

impl Localized for NotTaken {
    fn localized(&self, language: Language) -> String {
        match self {
            Self::Columns { wanted } => {
                let wanted = wanted.localized(language);
                language.choose(
                    format!("expected {wanted}"),
                    format!("se esperaba {wanted}"),
                )
            }
            Self::NoKey { text } => language.choose(
                format!("`{text}` gives no key"),
                format!("de `{text}` no sale ninguna clave"),
            ),
            Self::SameKey { text, key } => language.choose(
                format!("`{text}` would be `{key}`, which is something else already"),
                format!("`{text}` sería `{key}`, que ya es otra cosa"),
            ),
            Self::NoDuty { text } => language.choose(
                format!("`{text}` is not a module, an object and an action"),
                format!("`{text}` no es un módulo, un objeto y una acción"),
            ),
            Self::Unsupported { what } => {
                let what = what.localized(language);
                language.choose(
                    format!("{what} cannot be said in a policy"),
                    format!("{what} no cabe en una política"),
                )
            }
            Self::OpenQuote => language.choose(
                "a quotation mark is never closed".into(),
                "una comilla que no se cierra".into(),
            ),
            Self::NoSuchRole { role } => language.choose(
                format!("there is no role `{role}`"),
                format!("no existe el rol `{role}`"),
            ),
        }
    }
}

impl Localized for LeftOut {
    fn localized(&self, language: Language) -> String {
        let why = self.why.localized(language);
        language.choose(
            format!("line {}: {why}", self.line),
            format!("línea {}: {why}", self.line),
        )
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.localized(Language::English))
    }
}

/// How much of a text a made-up key keeps, which leaves room for a number.
const LONGEST: usize = 48;

/// A policy being made from elsewhere: every name is turned into a key once.
struct Draft {
    imported: Imported,
    /// The text behind each key, by the kind of thing.
    taken: BTreeMap<(&'static str, String), String>,
    duties: BTreeSet<DutyKey>,
    assigned: BTreeSet<(HolderKey, Key, Option<Key>)>,
}

impl Draft {
    fn new(name: Name) -> Self {
        let imported = Imported {
            policy: Policy::new(name),
            left_out: Vec::new(),
        };
        Self {
            imported,
            taken: BTreeMap::new(),
            duties: BTreeSet::new(),
            assigned: BTreeSet::new(),
        }
    }

    /// What was made, with the lines left out in the order of the source.
    fn finish(mut self) -> Imported {
        self.imported.left_out.sort_by_key(|left| left.line);
        self.imported
    }

    fn leave_out(&mut self, line: usize, why: NotTaken) {
        self.imported.left_out.push(LeftOut { line, why });
    }

    /// The key that a text gives among things of a kind, and whether it is new.
    fn key(&mut self, kind: &'static str, text: &str) -> Result<(Key, bool), NotTaken> {
        let key = Key::new(&slug(text)).map_err(|_| NotTaken::NoKey { text: text.into() })?;
        let fresh = self.claim(kind, key.as_str(), text)?;
        Ok((key, fresh))
    }

    /// A key for a text that nobody will ask by it: cut to its length, and numbered where another has it.
    ///
    /// Nothing is left out for want of a name: a denial that went missing would be access.
    fn any_key(&mut self, kind: &'static str, text: &str) -> Result<(Key, bool), NotTaken> {
        let known = self
            .taken
            .iter()
            .find(|((other, _), whole)| *other == kind && *whole == text);
        if let Some(((_, key), _)) = known {
            let known = Key::new(key).map_err(|_| NotTaken::NoKey { text: text.into() })?;
            return Ok((known, false));
        }
        let mut short: String = slug(text).chars().take(LONGEST).collect();
        if short.is_empty() {
            short = kind.into();
        }
        let numbered = (2_usize..).map(|number| format!("{short}-{number}"));
        let free = core::iter::once(short.clone())
            .chain(numbered)
            .find(|key| !self.taken.contains_key(&(kind, key.clone())))
            .unwrap_or_default();
        let key = Key::new(&free).map_err(|_| NotTaken::NoKey { text: text.into() })?;
        self.taken.insert((kind, free), text.into());
        Ok((key, true))
    }

    fn claim(&mut self, kind: &'static str, key: &str, text: &str) -> Result<bool, NotTaken> {
        let place = (kind, String::from(key));
        match self.taken.get(&place) {
            None => {
                self.taken.insert(place, text.into());
                Ok(true)
            }
            Some(other) if other == text => Ok(false),
            Some(_) => Err(NotTaken::SameKey {
                text: text.into(),
                key: key.into(),
            }),
        }
    }

    /// The user of a text, added if new.
    fn user(&mut self, text: &str) -> Result<UserKey, NotTaken> {
        self.user_named(text, text)
    }

    /// The user of a text that is told apart by another, added if new.
    fn user_named(&mut self, text: &str, whole: &str) -> Result<UserKey, NotTaken> {
        let spaced = text.split_whitespace().collect::<Vec<_>>().join(".");
        let plain: String = spaced
            .chars()
            .flat_map(char::to_lowercase)
            .map(plain)
            .collect();
        let key = UserKey::new(&plain).map_err(|_| NotTaken::NoKey { text: text.into() })?;
        if self.claim("user", key.as_str(), whole)? {
            self.imported
                .policy
                .users
                .push(policy::User::new(key.clone()));
        }
        Ok(key)
    }

    /// The scope of a text, added below the root if new.
    fn scope(&mut self, text: &str) -> Result<Key, NotTaken> {
        let (key, fresh) = self.key("scope", text)?;
        if fresh {
            let label = Label::new(text, text).ok();
            self.imported.policy.scopes.push(policy::Node {
                key: key.clone(),
                label,
                parent: None,
            });
        }
        Ok(key)
    }

    /// Gives a profile to a holder, once.
    fn assign(&mut self, holder: HolderKey, profile: Key, scope: Option<Key>) {
        let place = (holder.clone(), profile.clone(), scope.clone());
        if self.assigned.insert(place) {
            self.imported.policy.assignments.push(policy::Assign {
                holder,
                profile,
                scope,
                terms: policy::Terms::default(),
            });
        }
    }

    /// The duty of three parts, added if new.
    fn duty(&mut self, module: &str, object: &str, action: &str) -> Result<DutyKey, NotTaken> {
        let [module, object, action] = [module, object, action].map(str::trim);
        let text = format!("{module}.{object}.{action}");
        let key = format!("{}.{}.{}", slug(module), slug(object), slug(action));
        let key = DutyKey::new(&key).map_err(|_| NotTaken::NoDuty { text: text.clone() })?;
        self.claim("duty", key.as_str(), &text)?;
        if self.duties.insert(key.clone()) {
            let duty = policy::Duty::new(key.clone());
            self.imported.policy.duties.push(duty);
        }
        Ok(key)
    }
}

/// A text in the form of a key: lower case, with a hyphen for whatever a key cannot have.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.trim().chars().flat_map(char::to_lowercase) {
        let letter = plain(letter);
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    while slug.ends_with('-') {
        slug.pop();
    }
    slug
}

/// A Spanish letter without its mark.
fn plain(letter: char) -> char {
    match letter {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        other => other,
    }
}
