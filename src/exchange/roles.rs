//! A table of users, roles and permissions.

use alloc::string::String;
use alloc::vec::Vec;

use crate::exchange::Draft;
use crate::exchange::Imported;
use crate::exchange::NotTaken;
use crate::exchange::table::records;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::TargetKey;
use crate::policy;
use crate::policy::ProfileGrant;
use crate::text::Label;
use crate::text::Name;

/// Reads comma-separated rows of user, role and permission: each says that the user has the role and that the role
/// has the permission. Either side may be left empty.
///
/// The first row names the columns, `user`, `role` and `permission` (or `usuario`, `rol`, `permiso`), in any order
/// and among others. A permission is a module, an object and an action, joined by `.`, `:` or `/`. Roles become
/// profiles. A line is taken whole or not at all.
///
/// # Examples
///
/// ```
/// use bailiwick::{Name, Resource, Tenant, exchange};
///
/// let table = "user,role,permission\n\
///              ana,Finance Clerk,finance:invoice:view\n\
///              ben,Finance Clerk,\n\
///              cho,Auditor,everything\n";
/// let imported = exchange::from_csv(Name::new("Rio Vista")?, table);
/// assert_eq!(imported.left_out[0].to_string(), "line 4: `everything` is not a module, an object and an action");
/// let tenant = Tenant::found(&imported.policy)?;
/// let today = tenant.as_of("2026-03-02T09:00:00Z".parse()?);
/// assert!(today.check("ben", "finance.invoice.view", &Resource::default())?.is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn from_csv(name: Name, text: &str) -> Imported {
    let mut draft = Draft::new(name);
    let table = records(text);
    if let Some(line) = table.open {
        draft.leave_out(line, NotTaken::OpenQuote);
    }
    let mut rows = table.records.into_iter();
    let (line, headings) = rows.next().unwrap_or((1, Vec::new()));
    let column = |names: [&str; 2]| {
        headings
            .iter()
            .position(|heading| names.contains(&heading.to_lowercase().as_str()))
    };
    let columns = (
        column(["user", "usuario"]),
        column(["role", "rol"]),
        column(["permission", "permiso"]),
    );
    let (Some(user), Some(role), Some(permission)) = columns else {
        let wanted = (
            "the headings `user`, `role` and `permission`",
            "los encabezados `usuario`, `rol` y `permiso`",
        );
        draft.leave_out(line, NotTaken::columns(wanted));
        return draft.finish();
    };
    for (line, row) in rows {
        let field = |place: usize| row.get(place).map_or("", String::as_str);
        let taken = if row.len() > headings.len() {
            let wanted = (
                "no more columns than headings",
                "no más columnas que encabezados",
            );
            Err(NotTaken::columns(wanted))
        } else {
            take(&mut draft, field(user), field(role), field(permission))
        };
        if let Err(why) = taken {
            draft.leave_out(line, why);
        }
    }
    draft.finish()
}

/// Takes a line, once everything in it has a key.
fn take(draft: &mut Draft, user: &str, role: &str, permission: &str) -> Result<(), NotTaken> {
    if role.is_empty() || (user.is_empty() && permission.is_empty()) {
        return Err(NotTaken::columns((
            "a role, and a user or a permission",
            "un rol, y un usuario o un permiso",
        )));
    }
    let parts = match permission {
        "" => None,
        permission => Some(parts(permission)?),
    };
    let (profile, _) = draft.key("profile", role)?;
    let user = match user {
        "" => None,
        user => Some(draft.user(user)?),
    };
    let duty = match parts {
        None => None,
        Some([module, object, action]) => Some(draft.duty(module, object, action)?),
    };
    let on = duty.and_then(|duty| TargetKey::new(duty.as_str()).ok());
    grant(draft, &profile, role, on.map(ProfileGrant::Target));
    if let Some(user) = user {
        draft.assign(HolderKey::User(user), profile, None);
    }
    Ok(())
}

/// The module, the object and the action of a permission.
fn parts(permission: &str) -> Result<[&str; 3], NotTaken> {
    let parts: Vec<&str> = permission.split(['.', ':', '/']).collect();
    parts.try_into().map_err(|_| NotTaken::NoDuty {
        text: permission.into(),
    })
}

/// Adds what a role has to its profile, which is added if new.
fn grant(draft: &mut Draft, key: &Key, role: &str, grant: Option<ProfileGrant>) {
    let profiles = &mut draft.imported.policy.profiles;
    if !profiles.iter().any(|row| row.key == *key) {
        profiles.push(policy::Profile {
            label: Label::new(role, role).ok(),
            ..policy::Profile::new(key.clone())
        });
    }
    let row = profiles.iter_mut().find(|row| row.key == *key);
    if let Some((row, grant)) = row.zip(grant)
        && !row.grants.contains(&grant)
    {
        row.grants.push(grant);
    }
}
