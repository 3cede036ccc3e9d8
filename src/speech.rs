//! How things are said to people: names in quotes, instants as dates, lists, counts.

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;

use crate::catalog::Target;
use crate::id::HolderKey;
use crate::ix::DutyIx;
use crate::ix::Place;
use crate::ix::ProfileIx;
use crate::model::Model;
use crate::model::User;
use crate::source::Owner;
use crate::text::Label;
use crate::text::Language;
use crate::time::Timestamp;

/// A thing of a tenant: its key, and its name for people if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Named {
    /// What the host calls it.
    pub key: String,
    /// What people call it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub label: Option<Label>,
}

impl Named {
    pub(crate) fn new(key: &str, label: Option<&Label>) -> Self {
        Self {
            key: key.into(),
            label: label.cloned(),
        }
    }

    /// Its name in quotes, or its key if nobody gave it a name.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        match &self.label {
            Some(label) => quoted(label.get(language), language),
            None => quoted(&self.key, language),
        }
    }

    /// Its name without quotes: for people.
    #[must_use]
    pub fn plain(&self, language: Language) -> &str {
        self.label
            .as_ref()
            .map_or(self.key.as_str(), |label| label.get(language))
    }

    pub(crate) fn user(user: &User) -> Self {
        Self {
            key: user.key.as_str().into(),
            label: user.name().cloned().map(Label::same),
        }
    }

    pub(crate) fn duty(model: &Model, duty: DutyIx) -> Self {
        let label = model.catalog.get(duty).and_then(|duty| duty.label.as_ref());
        Self::new(model.catalog.duty_key(duty), label)
    }

    pub(crate) fn target(model: &Model, target: Target) -> Self {
        let catalog = &model.catalog;
        let label = match target {
            Target::All | Target::Object(_) => None,
            Target::Module(module) => catalog
                .get_module(module)
                .and_then(|module| module.label.as_ref()),
            Target::Duty(duty) => return Self::duty(model, duty),
        };
        Self::new(catalog.target_key(target), label)
    }

    pub(crate) fn profile(model: &Model, profile: ProfileIx) -> Self {
        model.profile(profile).map_or_else(
            || Self::new("", None),
            |profile| Self::new(profile.row.key.as_str(), profile.row.label.as_ref()),
        )
    }

    pub(crate) fn place(model: &Model, place: Place) -> Option<Self> {
        let branch = model.scopes.get(place?.get())?;
        Some(Self::new(branch.key.as_str(), branch.label.as_ref()))
    }

    /// The holder by its whole key, `user:ana`, with the name of the user or group.
    pub(crate) fn holder(model: &Model, owner: Owner<'_>) -> Self {
        let (sort, key) = owner.parts(model);
        let label = match owner {
            Owner::Everyone => None,
            Owner::Group(group) => model
                .groups
                .get(group.0)
                .and_then(|branch| branch.label.clone()),
            Owner::User(user) => user.name().cloned().map(Label::same),
        };
        Self {
            key: [sort, key].concat(),
            label,
        }
    }
}

/// A holder as the object of a sentence: `everyone`, `the group “Clerks”`, `Ana Ruiz`.
pub(crate) fn holder(holder: &Named, language: Language) -> String {
    let named = |key: &str| Named {
        key: key.into(),
        label: holder.label.clone(),
    };
    match HolderKey::new(&holder.key) {
        Ok(HolderKey::Everyone) => language.choose("everyone", "todos").into(),
        Ok(HolderKey::Group(key)) => {
            let name = named(key.as_str()).say(language);
            language.choose(format!("the group {name}"), format!("el grupo {name}"))
        }
        Ok(HolderKey::User(key)) => named(key.as_str()).plain(language).into(),
        Err(_) => holder.key.clone(),
    }
}

/// `a todos`, `al grupo «…»`, `a Ana`.
pub(crate) fn spanish_to(holder: &Named) -> String {
    after("a", "al", holder)
}

/// `de todos`, `del grupo «…»`, `de Ana`.
pub(crate) fn spanish_of(holder: &Named) -> String {
    after("de", "del", holder)
}

fn after(word: &str, with_article: &str, named: &Named) -> String {
    let said = holder(named, Language::Spanish);
    match HolderKey::new(&named.key) {
        Ok(HolderKey::Group(_)) => {
            format!(
                "{with_article} {}",
                said.strip_prefix("el ").unwrap_or(&said)
            )
        }
        _ => format!("{word} {said}"),
    }
}

/// A target as the object of a sentence: `every duty`, or its name.
pub(crate) fn target(target: &Named, language: Language) -> String {
    if target.key == "*" {
        language.choose("every duty", "todas las funciones").into()
    } else {
        target.say(language)
    }
}

/// A text in the quotes of the language.
pub(crate) fn quoted(text: &str, language: Language) -> String {
    language.choose(["“", text, "”"], ["«", text, "»"]).concat()
}

/// An instant as a date and an hour.
pub(crate) fn instant(at: Timestamp, language: Language) -> String {
    let (year, month, day) = at.civil();
    let second = at.as_unix().rem_euclid(86_400);
    let month = usize::try_from(month - 1).unwrap_or(0);
    let (hours, minutes, seconds) = (second / 3_600, second / 60 % 60, second % 60);
    let clock = if seconds == 0 {
        format!("{hours:02}:{minutes:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    };
    match language {
        Language::English => {
            let month = ENGLISH.get(month).copied().unwrap_or_default();
            format!("{day} {month} {year} at {clock} UTC")
        }
        Language::Spanish => {
            let month = SPANISH.get(month).copied().unwrap_or_default();
            format!("{day} de {month} de {year} a las {clock} UTC")
        }
    }
}

/// Several things in a row: `a, b and c`.
pub(crate) fn list(things: &[String], language: Language) -> String {
    match things {
        [] => language.choose("nothing", "nada").into(),
        [one] => one.clone(),
        [first @ .., last] => {
            let and = language.choose("and", spanish_and(last));
            format!("{} {and} {last}", first.join(", "))
        }
    }
}

/// An amount in minor units, in groups of three digits.
pub(crate) fn amount(units: u64, language: Language) -> String {
    let digits = units.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(language.choose(',', '.'));
        }
        text.push(digit);
    }
    text.push_str(language.choose(" minor units", " unidades menores"));
    text
}

/// The first letter as a capital.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// `y`, or `e` before its own sound.
fn spanish_and(next: &str) -> &'static str {
    let next: String = next
        .trim_start_matches(['«', '“'])
        .chars()
        .take(3)
        .flat_map(char::to_lowercase)
        .collect();
    let own_sound = next.starts_with('i') || next.starts_with("hi") || next.starts_with('í');
    if own_sound && !next.starts_with("hie") {
        "e"
    } else {
        "y"
    }
}

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const SPANISH: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

#[cfg(test)]
mod tests {
    use super::instant;
    use super::spanish_and;
    use crate::text::Language;

    #[test]
    fn and_gives_way_before_its_own_sound() {
        for next in ["Inés", "igualdad", "íconos", "hilos", "«igual»", "“Hilda”"] {
            assert_eq!(spanish_and(next), "e", "{next}");
        }
        for next in ["Ana", "hierro", "hola", "«Ben»", "yo", ""] {
            assert_eq!(spanish_and(next), "y", "{next}");
        }
    }

    #[test]
    fn an_instant_is_a_date_and_an_hour() {
        for (at, english, spanish) in [
            (
                "2026-01-05T00:00:00Z",
                "5 January 2026 at 00:00 UTC",
                "5 de enero de 2026 a las 00:00 UTC",
            ),
            (
                "2026-12-31T23:59:58Z",
                "31 December 2026 at 23:59:58 UTC",
                "31 de diciembre de 2026 a las 23:59:58 UTC",
            ),
        ] {
            let at = at.parse();
            assert_eq!(
                at.map(|at| instant(at, Language::English)).as_deref(),
                Ok(english)
            );
            assert_eq!(
                at.map(|at| instant(at, Language::Spanish)).as_deref(),
                Ok(spanish)
            );
        }
    }
}
