//! Effective access as a table for auditors.

use alloc::string::String;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::decision::Resource;
use crate::exchange::table::write_record;
use crate::text::Language;

/// Every user's effective access at the root, as comma-separated values: a row for each user and duty, sorted by
/// user and then in catalog order, with when it ends and what it rests on.
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
/// "#).map_err(|mistakes| mistakes[0].clone())?;
/// let table = exchange::to_csv(tenant.as_of("2026-03-02T09:00:00Z".parse()?), Language::Spanish)?;
/// assert_eq!(table, "usuario,nombre,función,etiqueta,hasta,por\r\n\
///                    ana,\"'=Ana\",finance.funds.certify,,,grant user:ana finance\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_csv(as_of: AsOf<'_>, language: Language) -> Result<String, QuestionError> {
    let headings = language.choose(
        ["user", "name", "duty", "label", "until", "because"],
        ["usuario", "nombre", "función", "etiqueta", "hasta", "por"],
    );
    let mut text = String::new();
    write_record(&mut text, headings);
    for user in as_of.users() {
        let name = as_of.user_name(user).map(crate::text::Name::as_str);
        for duty in as_of.effective(user.as_str(), None, false)? {
            let record = Resource::default();
            let until = as_of.until(user.as_str(), duty.as_str(), &record)?;
            let until = until
                .map(|until| alloc::format!("{until}"))
                .unwrap_or_default();
            let because = as_of
                .because(user.as_str(), duty.as_str(), &record)?
                .join("; ");
            let label = as_of
                .duty_label(duty)
                .map_or("", |label| label.get(language));
            let row = [
                user.as_str(),
                name.unwrap_or_default(),
                duty.as_str(),
                label,
                &until,
                &because,
            ];
            write_record(&mut text, row);
        }
    }
    Ok(text)
}
