//! A table of users, roles and permissions.

use alloc::string::String;

use crate::exchange::Draft;
use crate::exchange::Imported;
use crate::exchange::NotTaken;
use crate::exchange::table::records;
use crate::id::HolderKey;
use crate::id::TargetKey;
use crate::policy;
use crate::policy::ProfileGrant;
use crate::policy::Terms;
use crate::text::Label;
use crate::text::Name;

/// Reads comma-separated rows of user, role and permission: each says that the user has the role and that the role
/// has the permission. Either side may be left empty.
///
/// The first row names the columns, `user`, `role` and `permission` (or `usuario`, `rol`, `permiso`), in any order
/// and among others. A permission is a module, an object and an action, joined by `.`, `:` or `/`. Roles become
/// profiles.
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
/// let tenant = Tenant::found(&imported.policy).map_err(|mistakes| mistakes[0].clone())?;
/// let today = tenant.as_of("2026-03-02T09:00:00Z".parse()?);
/// assert!(today.check("ben", "finance.invoice.view", &Resource::default())?.is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn from_csv(name: Name, text: &str) -> Imported {
    let mut draft = Draft::new(name);
    let mut rows = records(text).into_iter();
    let wanted = "the headings `user`, `role` and `permission`";
    let headings = rows
        .next()
        .map(|(_, headings)| headings)
        .unwrap_or_default();
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
        draft.leave_out(1, NotTaken::Columns { wanted });
        return draft.imported;
    };
    for (line, row) in rows {
        let field = |place: usize| row.get(place).map_or("", String::as_str);
        if let Err(why) = take(&mut draft, field(user), field(role), field(permission)) {
            draft.leave_out(line, why);
        }
    }
    draft.imported
}

fn take(draft: &mut Draft, user: &str, role: &str, permission: &str) -> Result<(), NotTaken> {
    if role.is_empty() || (user.is_empty() && permission.is_empty()) {
        return Err(NotTaken::Columns {
            wanted: "a role, and a user or a permission",
        });
    }
    let (profile, fresh) = draft.key("profile", role)?;
    if fresh {
        let label = Label::new(role, role).ok();
        let empty = policy::Profile {
            label,
            ..policy::Profile::new(profile.clone())
        };
        draft.imported.policy.profiles.push(empty);
    }
    if !permission.is_empty() {
        let parts: alloc::vec::Vec<&str> = permission.split(['.', ':', '/']).collect();
        let [module, object, action] = parts.as_slice() else {
            return Err(NotTaken::NoDuty {
                text: permission.into(),
            });
        };
        let duty = draft.duty(module, object, action)?;
        let on = TargetKey::new(duty.as_str()).map_err(|_| NotTaken::NoDuty {
            text: permission.into(),
        })?;
        let mut profiles = draft.imported.policy.profiles.iter_mut();
        if let Some(row) = profiles.find(|row| row.key == profile) {
            let grant = ProfileGrant::Target(on);
            if !row.grants.contains(&grant) {
                row.grants.push(grant);
            }
        }
    }
    if !user.is_empty() {
        let holder = HolderKey::User(draft.user(user)?);
        let assign = policy::Assign {
            holder,
            profile,
            scope: None,
            terms: Terms::default(),
        };
        if !draft.imported.policy.assignments.contains(&assign) {
            draft.imported.policy.assignments.push(assign);
        }
    }
    Ok(())
}
