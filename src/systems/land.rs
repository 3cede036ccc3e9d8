//! Land management: none, read or full on objects of six kinds, set for modules, groups and users.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::decision::Resource;
use crate::fault::Fault;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::TargetKey;
use crate::policy;
use crate::policy::Level;
use crate::policy::Policy;
use crate::policy::Sensitivity;
use crate::policy::Terms;
use crate::policy::words;
use crate::systems::Rung;
use crate::systems::state;
use crate::text::Label;
use crate::text::Name;

/// The greatest number of levels of user groups, and of record types.
const LEVELS: usize = 4;

words! {
    /// How far access goes. Closed: the model has these three.
    Access {
        /// Nothing.
        None = "none": "none", "ninguno",
        /// Viewing.
        Read = "read": "read only", "solo lectura",
        /// Viewing and modifying.
        Full = "full": "full", "total",
    }
}

/// What access is set on, within a module.
///
/// It may grow with the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Thing<'k> {
    /// The user group's own access: how far its members go at all.
    UserGroup,
    /// A status of a workflow.
    WorkflowStatus(&'k str),
    /// A type of application.
    ApplicationType(&'k str),
    /// A type of inspection.
    Inspection(&'k str),
    /// A calendar.
    Calendar(&'k str),
    /// A function, by its number. Functions are set for modules and groups, not for single users.
    Function(u16),
}

impl Thing<'_> {
    /// The object that stands for it in a module, such as `building.calendar-hearings`.
    ///
    /// # Errors
    ///
    /// [`Fault::MalformedKey`] if the module or the thing is no key.
    pub fn of(self, module: &str) -> Result<TargetKey, Fault> {
        let object = match self {
            Self::UserGroup => format!("{module}.user-group"),
            Self::WorkflowStatus(key) => format!("{module}.workflow-status-{key}"),
            Self::ApplicationType(key) => format!("{module}.application-type-{key}"),
            Self::Inspection(key) => format!("{module}.inspection-{key}"),
            Self::Calendar(key) => format!("{module}.calendar-{key}"),
            Self::Function(number) => format!("{module}.function-{number:04}"),
        };
        Ok(TargetKey::new(&object)?)
    }
}

/// A policy of modules, things and who has which access to them, stated in a few lines.
///
/// A module has an access that its groups and users inherit; a group's setting counts over the module's, the
/// setting of a group further down over that, the user's own over all, whether it is wider or narrower. Each may
/// be set for one record type alone. Everything becomes ordinary rows of [`policy`](Self::policy), where the host
/// adds what is not said here: people, administration, labels.
///
/// # Examples
///
/// ```
/// use bailiwick::systems::land::{Access, Land, Thing, access};
/// use bailiwick::{Label, Name, Tenant, policy};
///
/// let mut land = Land::new(Name::new("Permit counter")?);
/// land.module("building", &Label::new("Building", "Construcción")?, Access::Read)?;
/// let hearings = Thing::Calendar("hearings").of("building")?;
/// land.thing(&hearings, &Label::new("Hearings", "Audiencias")?)?;
/// land.functions("building", 1..=600)?;
/// land.group("staff/inspectors")?;
/// land.set("group:inspectors", &hearings, Access::Full)?;
/// land.set("user:rita", &hearings, Access::Read)?;
///
/// let mut policy = land.into_policy();
/// for user in ["rita", "sam"] {
///     let groups = vec!["inspectors".parse()?];
///     policy.users.push(policy::User { groups, ..policy::User::new(user.parse()?) });
/// }
/// let tenant = Tenant::found(&policy)?;
/// let today = tenant.as_of("2026-03-02T09:00:00Z".parse()?);
/// // The group's setting counts over the module's, and Rita's own, though narrower, over the group's.
/// assert_eq!(access(today, "sam", &[&hearings], None)?, Access::Full);
/// assert_eq!(access(today, "rita", &[&hearings], None)?, Access::Read);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Land {
    /// What has been stated so far. The modules' own access is added by [`into_policy`](Self::into_policy).
    pub policy: Policy,
    modules: Vec<(Key, Access)>,
}

impl Land {
    /// A strict policy without modules.
    #[must_use]
    pub fn new(name: Name) -> Self {
        Self {
            policy: Policy::new(name),
            modules: Vec::new(),
        }
    }

    /// Adds a module, with the user groups' own access to it as its first thing, and the access that everybody has
    /// to its things unless something more specific is set.
    ///
    /// # Errors
    ///
    /// [`Fault::MalformedKey`]; [`Fault::Text`] if the label is too long to be part of another.
    pub fn module(&mut self, key: &str, label: &Label, access: Access) -> Result<(), Fault> {
        let key = Key::new(key)?;
        self.policy.modules.push(policy::Module {
            key: key.clone(),
            label: Some(label.clone()),
            enabled: None,
        });
        self.modules.push((key.clone(), access));
        self.thing(&Thing::UserGroup.of(key.as_str())?, label)
    }

    /// Adds a thing, by [what stands for it](Thing::of).
    ///
    /// # Errors
    ///
    /// As [`module`](Self::module).
    pub fn thing(&mut self, object: &TargetKey, label: &Label) -> Result<(), Fault> {
        let rungs = [
            Rung {
                key: Access::Read.word(),
                label: &Label::new("read only", "solo lectura")?,
                sensitivity: Sensitivity::Low,
            },
            Rung {
                key: Access::Full.word(),
                label: &Label::new("full access", "acceso total")?,
                sensitivity: Sensitivity::Normal,
            },
        ];
        state(&mut self.policy, object, label, &rungs)
    }

    /// Adds functions by their numbers. Their labels are their numbers too, until the host gives them others.
    ///
    /// # Errors
    ///
    /// As [`module`](Self::module).
    pub fn functions(
        &mut self,
        module: &str,
        numbers: impl IntoIterator<Item = u16>,
    ) -> Result<(), Fault> {
        for number in numbers {
            let label = Label::new(&format!("Function {number}"), &format!("Función {number}"))?;
            self.thing(&Thing::Function(number).of(module)?, &label)?;
        }
        Ok(())
    }

    /// Adds a record type and those above it, such as `building/residential/new/single-family`, as scopes; gives
    /// the key of the last, which is all of them joined by hyphens.
    ///
    /// # Errors
    ///
    /// [`Fault::TooDeep`] below the fourth level; [`Fault::MalformedKey`].
    pub fn record_type(&mut self, path: &str) -> Result<Key, Fault> {
        chain(&mut self.policy.scopes, path, |above, name| match above {
            Some(above) => format!("{above}-{name}"),
            None => name.into(),
        })
    }

    /// Adds a user group and those above it, such as `staff/field/inspectors/trainees`; gives the key of the last,
    /// which is its own part of the path.
    ///
    /// # Errors
    ///
    /// [`Fault::TooDeep`] below the fourth level; [`Fault::MalformedKey`].
    pub fn group(&mut self, path: &str) -> Result<Key, Fault> {
        chain(&mut self.policy.groups, path, |_, name| name.into())
    }

    /// Sets the access of `everyone` (the module's own for this thing), of a group (`group:inspectors`) or of a
    /// user (`user:rita`). What was set for the same before is replaced.
    ///
    /// # Errors
    ///
    /// [`Fault::MalformedKey`]; [`Fault::WrongShape`] for a function set for a single user.
    pub fn set(&mut self, holder: &str, object: &TargetKey, access: Access) -> Result<(), Fault> {
        self.set_in(None, holder, object, access)
    }

    /// As [`set`](Self::set), for records of one type and of those below it.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    pub fn set_in(
        &mut self,
        record_type: Option<&Key>,
        holder: &str,
        object: &TargetKey,
        access: Access,
    ) -> Result<(), Fault> {
        let holder = HolderKey::new(holder)?;
        if matches!(holder, HolderKey::User(_)) && is_function(object) {
            return Err(Fault::WrongShape {
                wanted: ("`everyone` or a group", "`everyone` o un grupo").into(),
            });
        }
        let level = set_level(holder, object.clone(), access, record_type.cloned())?;
        let levels = &mut self.policy.levels;
        levels.retain(|other| !is_same_place(other, &level));
        levels.push(level);
        Ok(())
    }

    /// The policy: every thing of a module has the module's access for everyone, unless something else was set.
    #[must_use]
    pub fn into_policy(self) -> Policy {
        let Self {
            mut policy,
            modules,
        } = self;
        for (module, access) in modules {
            let inside = format!("{module}.");
            let of_module = policy
                .ladders
                .iter()
                .filter(|ladder| ladder.object.as_str().starts_with(&inside));
            let levels: Vec<_> = of_module
                .filter_map(|ladder| {
                    set_level(HolderKey::Everyone, ladder.object.clone(), access, None).ok()
                })
                .filter(|level| !policy.levels.iter().any(|set| is_same_place(set, level)))
                .collect();
            policy.levels.extend(levels);
        }
        policy
    }
}

/// The access of a user to a record of a type, where several things play a part: the lowest of theirs (rule 4).
///
/// # Errors
///
/// [`QuestionError::Unknown`]; [`QuestionError::LadderMismatch`] if nothing plays a part.
pub fn access(
    as_of: AsOf<'_>,
    user: &str,
    on: &[&TargetKey],
    record_type: Option<&str>,
) -> Result<Access, QuestionError> {
    let objects: Vec<&str> = on.iter().map(|object| object.as_str()).collect();
    let record = Resource {
        scope: record_type.map(Into::into),
        ..Resource::default()
    };
    let level = as_of.level_across(user, &objects, &record)?;
    Ok(level
        .and_then(|rung| Access::from_word(rung.as_str()))
        .unwrap_or(Access::None))
}

/// Adds what a path names to a tree, each below the one before, and gives the last key.
fn chain(
    tree: &mut Vec<policy::Node>,
    path: &str,
    key: impl Fn(Option<&Key>, &str) -> String,
) -> Result<Key, Fault> {
    if path.split('/').count() > LEVELS {
        return Err(Fault::TooDeep { most: LEVELS });
    }
    let (mut names, mut above) = (path.split('/'), None);
    let first = Key::new(names.next().unwrap_or_default())?;
    let mut last = Key::new(&key(None, first.as_str()))?;
    loop {
        let is_there = |node: &policy::Node| node.key == last && node.parent == above;
        if !tree.iter().any(is_there) {
            tree.push(policy::Node {
                key: last.clone(),
                label: None,
                parent: above,
            });
        }
        let Some(name) = names.next() else {
            return Ok(last);
        };
        let next = Key::new(&key(Some(&last), Key::new(name)?.as_str()))?;
        above = Some(core::mem::replace(&mut last, next));
    }
}

fn set_level(
    holder: HolderKey,
    on: TargetKey,
    access: Access,
    scope: Option<Key>,
) -> Result<policy::SetLevel, Fault> {
    Ok(policy::SetLevel {
        holder,
        on,
        to: Level::new(access.word())?,
        scope,
        terms: Terms::default(),
    })
}

fn is_same_place(one: &policy::SetLevel, other: &policy::SetLevel) -> bool {
    (&one.holder, &one.on, &one.scope) == (&other.holder, &other.on, &other.scope)
}

fn is_function(object: &TargetKey) -> bool {
    let name = object.as_str().split('.').nth(1).unwrap_or_default();
    name.starts_with("function-")
}
