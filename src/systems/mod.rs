//! Four systems ready to use: a town hall, construction projects, land management, private items and teams.
//!
//! - A **town hall** and **construction projects** are documents that ship with the library: their catalogs, and
//!   what goes with these. `civic` and `construction` give them as values to add people to, `DOCUMENTS` as
//!   texts to copy and edit. [`links`] says when somebody is associated with a record.
//! - **Land management** ([`land`]) is stated in a few lines: three levels on things of six kinds, for modules,
//!   groups and users.
//! - **Private items and teams**: [`module`] states a module as one object with a ladder, and [`pages`] gives the
//!   five pages about a user.
//!
//! Nothing here is a concept of its own: everything is rows of a policy, or questions that a tenant answers.

pub mod land;
pub mod links;
pub mod pages;
#[cfg(feature = "toml")]
mod shipped;

use alloc::collections::BTreeMap;
use alloc::format;

use crate::fault::Fault;
use crate::id::DutyKey;
use crate::id::Key;
use crate::id::TargetKey;
use crate::policy;
use crate::policy::Policy;
use crate::policy::Sensitivity;
use crate::text::Label;
use crate::text::Language;

#[cfg(feature = "toml")]
pub use shipped::civic;
#[cfg(feature = "toml")]
pub use shipped::construction;

/// The documents that ship with the library, each by its name: for a host to write down, look at and edit.
///
/// A catalog is a whole document, and built in by its name (`catalog = "civic"`); the others are pasted below that.
pub const DOCUMENTS: [(&str, &str); 6] = [
    ("civic", include_str!("../catalog/data/civic.toml")),
    (
        "civic-administration",
        include_str!("../catalog/data/civic-administration.toml"),
    ),
    (
        "civic-profiles",
        include_str!("../catalog/data/civic-profiles.toml"),
    ),
    (
        "construction",
        include_str!("../catalog/data/construction.toml"),
    ),
    (
        "construction-administration",
        include_str!("../catalog/data/construction-administration.toml"),
    ),
    (
        "construction-profiles",
        include_str!("../catalog/data/construction-profiles.toml"),
    ),
];

/// One rung of a ladder that is being stated.
#[derive(Clone, Copy, Debug)]
pub struct Rung<'r> {
    /// The action, and the rung's key.
    pub key: &'r str,
    /// What people call it.
    pub label: &'r Label,
    /// What misuse would cost.
    pub sensitivity: Sensitivity,
}

/// States a module as one object with a ladder, `KEY.record`: to set a user to a rung of it is that user's system
/// permission for the module.
///
/// # Errors
///
/// [`Fault::MalformedKey`]; [`Fault::Text`] if a label is too long to be part of another.
///
/// # Examples
///
/// ```
/// use bailiwick::systems::{Rung, module};
/// use bailiwick::{Label, Name, Policy, Sensitivity, Tenant, policy};
///
/// let [view, edit] = [Label::new("view", "consultar")?, Label::new("edit", "editar")?];
/// let rungs = [
///     Rung { key: "view", label: &view, sensitivity: Sensitivity::Low },
///     Rung { key: "edit", label: &edit, sensitivity: Sensitivity::Normal },
/// ];
/// let mut policy = Policy::new(Name::new("Quality office")?);
/// module(&mut policy, "incidents", &Label::new("Incidents", "Incidentes")?, &rungs)?;
/// policy.users.push(policy::User::new("ben".parse()?));
/// let edit = policy::Level::new("edit")?;
/// policy.levels.push(policy::SetLevel::new("user:ben".parse()?, "incidents.record".parse()?, edit));
/// let tenant = Tenant::found(&policy)?;
/// let today = tenant.as_of("2026-01-05T09:00:00Z".parse()?);
/// let level = today.level("ben", "incidents.record", &Default::default())?;
/// assert_eq!(level.map(|rung| rung.as_str()), Some("edit"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn module(
    policy: &mut Policy,
    key: &str,
    label: &Label,
    rungs: &[Rung<'_>],
) -> Result<(), Fault> {
    policy.modules.push(policy::Module {
        key: Key::new(key)?,
        label: Some(label.clone()),
        enabled: None,
    });
    state(
        policy,
        &TargetKey::new(&format!("{key}.record"))?,
        label,
        rungs,
    )
}

/// States an object with a ladder: its duties in order, each named for the object and the rung, and the ladder.
fn state(
    policy: &mut Policy,
    object: &TargetKey,
    label: &Label,
    rungs: &[Rung<'_>],
) -> Result<(), Fault> {
    let mut ladder = policy::Ladder {
        object: object.clone(),
        rungs: rungs
            .iter()
            .map(|rung| Key::new(rung.key))
            .collect::<Result<_, _>>()?,
        labels: BTreeMap::new(),
    };
    for (rung, key) in rungs.iter().zip(&ladder.rungs) {
        let name = |language| format!("{}: {}", label.get(language), rung.label.get(language));
        policy.duties.push(policy::Duty {
            key: DutyKey::new(&format!("{object}.{key}"))?,
            label: Some(Label::new(
                &name(Language::English),
                &name(Language::Spanish),
            )?),
            sensitivity: Some(rung.sensitivity),
            seat: None,
        });
        ladder.labels.insert(key.clone(), rung.label.clone());
    }
    policy.ladders.push(ladder);
    Ok(())
}
