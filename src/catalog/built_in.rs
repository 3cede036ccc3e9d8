//! The catalogs that the library ships.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use once_cell::race::OnceBox;

use crate::catalog::Catalog;
use crate::id::DutyKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::TargetKey;
use crate::id::Unknown;
#[cfg(feature = "serde")]
use crate::ix::DutyIx;
use crate::policy;
use crate::policy::Seat;
use crate::policy::Sensitivity;
use crate::text::Label;

/// A shipped catalog: its name, its text, and what was read of it.
type Shipped = (&'static str, &'static str, OnceBox<Arc<Catalog>>);

static SHIPPED: [Shipped; 2] = [
    ("civic", include_str!("data/civic.toml"), OnceBox::new()),
    (
        "construction",
        include_str!("data/construction.toml"),
        OnceBox::new(),
    ),
];

/// The built-in catalog of that name. It is read once, and tenants share it.
pub(crate) fn built_in(key: &str) -> Result<Arc<Catalog>, Unknown> {
    let found = SHIPPED.iter().find(|(name, _, _)| *name == key);
    let Some((_, text, catalog)) = found else {
        return Err(Unknown::new(
            Kind::Catalog,
            key,
            SHIPPED.iter().map(|(name, _, _)| *name),
        ));
    };
    Ok(Arc::clone(
        catalog.get_or_init(|| Box::new(Arc::new(read(text)))),
    ))
}

/// The built-in catalog that is the same as one that was stored, for tenants that were read back to share it too.
#[cfg(feature = "serde")]
pub(crate) fn same_as(stored: &Catalog) -> Option<Arc<Catalog>> {
    let first = stored.get(DutyIx(0))?.key.as_str();
    // A text is read only if it may be the one.
    let mut shipped = SHIPPED.iter().filter(|(_, text, _)| text.contains(first));
    shipped.find_map(|(name, _, _)| built_in(name).ok().filter(|catalog| **catalog == *stored))
}

/// The catalog that a shipped text states.
fn read(text: &str) -> Catalog {
    let rows = Rows::read(text);
    let mut catalog = Catalog::default();
    for module in &rows.modules {
        catalog.add_module(module);
    }
    catalog.add_duties(&rows.duties, |_, _| {});
    for ladder in &rows.ladders {
        catalog.add_ladder(ladder, |_, _| {});
    }
    for limit in &rows.limits {
        catalog.add_limit(limit, |_, _| {});
    }
    catalog
}

/// The rows of a shipped catalog, which is there with and without the features that read documents.
///
/// This understands no more TOML than those files use: a module or a duty is one line of a list, a ladder or a limit
/// one table of lines, and a text has no escapes. That it finds all that a document reader finds is tested below.
#[derive(Default)]
struct Rows {
    modules: Vec<policy::Module>,
    duties: Vec<policy::Duty>,
    ladders: Vec<policy::Ladder>,
    limits: Vec<policy::Limit>,
    /// What is read of a row before the field that completes it.
    named: Option<TargetKey>,
    label: Option<Label>,
    on: Vec<TargetKey>,
}

impl Rows {
    fn read(text: &str) -> Self {
        let mut rows = Self::default();
        let mut list = "";
        for line in text.lines() {
            let (field, _) = line.split_once('=').unwrap_or((line, ""));
            match (list, field.trim()) {
                (_, "module") => list = "module",
                (_, "duty") => list = "duty",
                (_, "[[ladder]]") => list = "ladder",
                (_, "[[limit]]") => list = "limit",
                ("module", "{ key") => rows.modules.extend(module(line)),
                ("duty", "{ key") => rows.duties.extend(duty(line)),
                (_, field) => {
                    let _ = rows.field(list, field, line);
                }
            }
        }
        rows
    }

    /// Reads one line of a ladder or a limit.
    fn field(&mut self, list: &str, field: &str, line: &str) -> Option<()> {
        match (list, field) {
            ("ladder", "object") | ("limit", "key") => {
                self.named = TargetKey::new(quoted(line).next()?).ok();
            }
            ("limit", "label") => self.label = label(&mut quoted(line)),
            ("ladder", "rungs") => self.ladders.push(policy::Ladder {
                object: self.named.take()?,
                rungs: quoted(line)
                    .filter_map(|rung| Key::new(rung).ok())
                    .collect(),
                labels: BTreeMap::new(),
            }),
            ("ladder", "labels") => {
                let ladder = self.ladders.last_mut()?;
                let mut texts = quoted(line);
                for rung in &ladder.rungs {
                    ladder.labels.insert(rung.clone(), label(&mut texts)?);
                }
            }
            ("limit", "on") => {
                self.on = quoted(line)
                    .filter_map(|target| TargetKey::new(target).ok())
                    .collect();
            }
            ("limit", "requires") => self.limits.push(policy::Limit {
                key: Key::new(self.named.take()?.as_str()).ok()?,
                label: self.label.take(),
                on: core::mem::take(&mut self.on),
                requires: Key::new(quoted(line).next()?).ok()?,
            }),
            _ => {}
        }
        Some(())
    }
}

fn module(line: &str) -> Option<policy::Module> {
    let mut texts = quoted(line);
    let key = Key::new(texts.next()?).ok()?;
    let label = label(&mut texts);
    Some(policy::Module {
        key,
        label,
        enabled: None,
    })
}

fn duty(line: &str) -> Option<policy::Duty> {
    let mut texts = quoted(line);
    let key = DutyKey::new(texts.next()?).ok()?;
    let label = label(&mut texts);
    let sensitivity = Sensitivity::from_word(texts.next()?);
    let seat = Seat::from_word(texts.next()?);
    Some(policy::Duty {
        key,
        label,
        sensitivity,
        seat,
    })
}

/// The English and the Spanish text that come next.
fn label<'t>(texts: &mut impl Iterator<Item = &'t str>) -> Option<Label> {
    Label::new(texts.next()?, texts.next()?).ok()
}

/// The texts in quotation marks on a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

#[cfg(all(test, feature = "serde"))]
#[expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its data has failed"
)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Document {
        module: Vec<policy::Module>,
        duty: Vec<policy::Duty>,
        #[serde(default)]
        ladder: Vec<policy::Ladder>,
        #[serde(default)]
        limit: Vec<policy::Limit>,
    }

    #[test]
    fn a_shipped_catalog_is_what_a_document_reader_finds_in_it() {
        for (name, text, _) in &SHIPPED {
            let document: Document = toml::from_str(text).unwrap();
            let rows = Rows::read(text);
            assert_eq!(rows.modules, document.module, "{name}");
            assert_eq!(rows.duties, document.duty, "{name}");
            assert_eq!(rows.ladders, document.ladder, "{name}");
            assert_eq!(rows.limits, document.limit, "{name}");
            let catalog = built_in(name).unwrap();
            assert_eq!(catalog.duties().count(), document.duty.len(), "{name}");
            assert_eq!(catalog.modules().count(), document.module.len(), "{name}");
            assert_eq!(catalog.limits().count(), document.limit.len(), "{name}");
            let ladders = catalog
                .objects()
                .filter(|(_, object)| object.ladder.is_some());
            assert_eq!(ladders.count(), document.ladder.len(), "{name}");
        }
    }

    #[test]
    fn a_misspelt_catalog_gets_the_nearest_name() {
        let unknown = built_in("civics").unwrap_err();
        assert_eq!(
            alloc::format!("{unknown}"),
            "unknown catalog `civics`, nearest is `civic`"
        );
    }
}
