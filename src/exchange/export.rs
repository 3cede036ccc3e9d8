//! Effective access as a table for auditors.

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::decision::Resource;
use crate::difference::reaching;
use crate::difference::required;
use crate::difference::standings;
use crate::exchange::table::write_record;
use crate::id::Key;
use crate::id::UserKey;
use crate::ix::Place;
use crate::model::User;
use crate::policy::Amount;
use crate::policy::Reach;
use crate::source::places;
use crate::text::Language;
use crate::text::Localized;
use crate::text::Name;

/// Every user's effective access as comma-separated values: a row for each user and duty, sorted by user, then by
/// scope, then in catalog order; with the records it covers, what they must be and up to which amount, when it ends
/// and what it rests on.
///
/// A row without a scope holds at the root, and in every scope of which nothing is said for that user; scopes of
/// which something is said have rows of their own, so that what is missing among them is not permitted there. Rights
/// on private items follow. Teams are left aside.
///
/// Fields that a spreadsheet would take for a formula are neutralised; lines end as that format wants.
///
/// # Errors
///
/// None that a tenant of its own users gives; a question that cannot be answered is passed on.
///
/// # Examples
///
/// ```
/// use bailiwick::{Language, Tenant, exchange};
///
/// let tenant = Tenant::from_toml(r#"
///     [[duty]]
///     key = "finance.funds.certify"
///
///     [[user]]
///     key = "ana"
///     name = "=Ana"
///
///     [[grant]]
///     holder = "user:ana"
///     on = "finance"
/// "#)?;
/// let table = exchange::to_csv(tenant.as_of("2026-03-02T09:00:00Z".parse()?), Language::Spanish)?;
/// assert_eq!(table, "usuario,nombre,ámbito,elemento privado,función,etiqueta,registros,condición,tope,\
///                    tope si está asociado,hasta,por\r\n\
///                    ana,\"'=Ana\",,,finance.funds.certify,,todos los registros,,,,,grant user:ana finance\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_csv(as_of: AsOf<'_>, language: Language) -> Result<String, QuestionError> {
    let mut text = String::new();
    write_record(&mut text, headings(language));
    for key in as_of.users() {
        let Some(user) = as_of.model.user(as_of.user(key.as_str().into())?) else {
            continue;
        };
        let mut places: Vec<(Option<&str>, Place)> = places(as_of.model, user, as_of.at)
            .into_iter()
            .map(|place| (as_of.model.scope_key(place), place))
            .collect();
        places.sort_unstable_by_key(|(scope, _)| *scope);
        for place in &places {
            public(as_of, user, *place, language, &mut text)?;
        }
        for place in &places {
            private(as_of, user, *place, language, &mut text)?;
        }
    }
    Ok(text)
}

fn headings(language: Language) -> [&'static str; 12] {
    language.choose(
        [
            "user",
            "name",
            "scope",
            "private item",
            "duty",
            "label",
            "records",
            "condition",
            "ceiling",
            "ceiling if associated",
            "until",
            "because",
        ],
        [
            "usuario",
            "nombre",
            "ámbito",
            "elemento privado",
            "función",
            "etiqueta",
            "registros",
            "condición",
            "tope",
            "tope si está asociado",
            "hasta",
            "por",
        ],
    )
}

/// One user's rows on public records of a place.
fn public(
    as_of: AsOf<'_>,
    user: &User,
    (scope, place): (Option<&str>, Place),
    language: Language,
    text: &mut String,
) -> Result<(), QuestionError> {
    for (duty, standing) in standings(as_of, Some(user), Some(place)) {
        let Ok(access) = standing else { continue };
        let qualifiers: Vec<&str> = access.requires.iter().map(Key::as_str).collect();
        let record = Resource {
            scope: scope.map(Into::into),
            associated: true,
            qualifiers: &qualifiers,
            ..Resource::default()
        };
        let other = access.ceiling_if_associated;
        let line = Line {
            user: &user.key,
            scope,
            item: None,
            duty: as_of.model.catalog.duty_key(duty),
            reach: Some(access.reach),
            ceilings: [access.ceiling, other.filter(|_| other != access.ceiling)],
        };
        line.write(as_of, &record, language, text)?;
    }
    Ok(())
}

/// One user's rows on private items: at the root, and in places with conditions.
fn private(
    as_of: AsOf<'_>,
    user: &User,
    (scope, place): (Option<&str>, Place),
    language: Language,
    text: &mut String,
) -> Result<(), QuestionError> {
    let model = as_of.model;
    let reaching = reaching(as_of, user, place);
    for held in user.holdings.items.in_force(as_of.at) {
        for duty in model.catalog.covers_any(&held.value).iter() {
            let required = required(model, &reaching, duty);
            if scope.is_some() && required.is_empty() {
                continue;
            }
            let qualifiers: Vec<&str> = required.iter().map(Key::as_str).collect();
            let record = Resource {
                scope: scope.map(Into::into),
                qualifiers: &qualifiers,
                private: true,
                item: Some(held.key.as_str()),
                ..Resource::default()
            };
            let line = Line {
                user: &user.key,
                scope,
                item: record.item,
                duty: model.catalog.duty_key(duty),
                reach: None,
                ceilings: [None; 2],
            };
            // A right on an item is of no use to a disabled login, nor in a module that is switched off.
            if as_of
                .check(line.user.as_str(), line.duty, &record)?
                .is_permit()
            {
                line.write(as_of, &record, language, text)?;
            }
        }
    }
    Ok(())
}

/// What one row is about.
struct Line<'a> {
    user: &'a UserKey,
    scope: Option<&'a str>,
    item: Option<&'a str>,
    duty: &'a str,
    reach: Option<Reach>,
    ceilings: [Option<Amount>; 2],
}

impl Line<'_> {
    /// Adds the row; the record is one that it permits.
    fn write(
        &self,
        as_of: AsOf<'_>,
        record: &Resource<'_>,
        language: Language,
        text: &mut String,
    ) -> Result<(), QuestionError> {
        let name = as_of.user_name(self.user).map(Name::as_str);
        let duty = as_of.model.catalog.duty(self.duty)?;
        let label = as_of
            .model
            .catalog
            .get(duty)
            .and_then(|duty| duty.label.as_ref());
        let [most, most_if_associated] = self.ceilings.map(|most| match most {
            Some(most) => most.get().to_string(),
            None => String::new(),
        });
        let until = as_of.until(self.user.as_str(), self.duty, record)?;
        let row = [
            self.user.as_str(),
            name.unwrap_or_default(),
            self.scope.unwrap_or_default(),
            self.item.unwrap_or_default(),
            self.duty,
            label.map_or("", |label| label.get(language)),
            &self
                .reach
                .map(|reach| reach.localized(language))
                .unwrap_or_default(),
            &record.qualifiers.join("; "),
            &most,
            &most_if_associated,
            &until.map(|until| until.to_string()).unwrap_or_default(),
            &as_of
                .because(self.user.as_str(), self.duty, record)?
                .join("; "),
        ];
        write_record(text, row);
        Ok(())
    }
}
