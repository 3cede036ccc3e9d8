//! A Casbin policy: roles with domains, allow and deny.

use alloc::collections::BTreeSet;
use alloc::format;
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
use crate::policy::Terms;
use crate::text::Label;
use crate::text::Name;

/// Reads the lines of a Casbin policy: `p, subject, domain, object, action` with `allow` or `deny` after it, and
/// `g, user, role, domain`.
///
/// It is read as under the effect "some allow and no deny", with names compared as they stand. A domain becomes a
/// scope, an object's action the duty `casbin.OBJECT.ACTION`, and a subject in a domain a group: subjects speak in
/// one layer, so that a deny prevails over an allow, as it does there. Who is given to somebody as a role in some
/// `g` line is a role; every other subject is a user, alone in a group of their own. Roles of roles are resolved
/// into memberships.
///
/// # Examples
///
/// ```
/// use bailiwick::{Name, Resource, Tenant, exchange};
///
/// let policy = "p, admin, north, invoices, pay, allow\n\
///               p, ana, north, invoices, pay, deny\n\
///               g, ana, admin, north\n\
///               g, ben, admin, north\n";
/// let imported = exchange::from_casbin(Name::new("imported")?, policy);
/// assert!(imported.left_out.is_empty());
/// let tenant = Tenant::found(&imported.policy)?;
/// let today = tenant.as_of("2026-03-02T09:00:00Z".parse()?);
/// let north = Resource { scope: Some("north".into()), ..Resource::default() };
/// assert!(today.check("ben", "casbin.invoices.pay", &north)?.is_permit());
/// assert!(!today.check("ana", "casbin.invoices.pay", &north)?.is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn from_casbin(name: Name, text: &str) -> Imported {
    let mut draft = Draft::new(name);
    let (mut rules, mut links) = (Vec::new(), Vec::new());
    let table = records(text);
    if let Some(line) = table.open {
        draft.leave_out(line, NotTaken::OpenQuote);
    }
    for (line, row) in table.records {
        let fields: Vec<&str> = row.iter().map(String::as_str).collect();
        match fields.as_slice() {
            ["p", subject, domain, object, action]
            | ["p", subject, domain, object, action, "allow"] => {
                rules.push((
                    line,
                    [*subject, *domain, *object, *action].map(String::from),
                    true,
                ));
            }
            ["p", subject, domain, object, action, "deny"] => {
                rules.push((
                    line,
                    [*subject, *domain, *object, *action].map(String::from),
                    false,
                ));
            }
            ["g", user, role, domain] => {
                links.push((line, [*user, *role, *domain].map(String::from)));
            }
            [kind, ..] if *kind != "p" && *kind != "g" => {
                let (english, spanish) = (format!("`{kind}`"), format!("`{kind}`"));
                draft.leave_out(line, NotTaken::unsupported(english, spanish));
            }
            _ => {
                let wanted = (
                    "`p, subject, domain, object, action` or `g, user, role, domain`",
                    "`p, sujeto, dominio, objeto, acción` o `g, usuario, rol, dominio`",
                );
                draft.leave_out(line, NotTaken::columns(wanted));
            }
        }
    }
    let roles: BTreeSet<String> = links.iter().map(|(_, [_, role, _])| role.clone()).collect();
    let is_user = |subject: &String| !roles.contains(subject);
    for (line, [subject, domain, object, action], allow) in rules {
        let taken = rule(&mut draft, &subject, &domain, (&object, &action), allow);
        let taken = taken.and_then(|group| {
            if is_user(&subject) {
                join(&mut draft, &subject, &group)
            } else {
                Ok(())
            }
        });
        if let Err(why) = taken {
            draft.leave_out(line, why);
        }
    }
    for (line, [user, _, domain]) in &links {
        if is_user(user) {
            for role in above(&links, user, domain) {
                let taken = group(&mut draft, &role, domain)
                    .and_then(|group| join(&mut draft, user, &group));
                if let Err(why) = taken {
                    draft.leave_out(*line, why);
                }
            }
        }
    }
    draft.finish()
}

/// All roles of a user in a domain, through roles of roles.
fn above(links: &[(usize, [String; 3])], user: &str, domain: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = Vec::from([String::from(user)]);
    while let Some(next) = open.pop() {
        for (_, [member, role, place]) in links {
            if *member == next && place == domain && found.insert(role.clone()) {
                open.push(role.clone());
            }
        }
    }
    found
}

fn rule(
    draft: &mut Draft,
    subject: &str,
    domain: &str,
    (object, action): (&str, &str),
    allow: bool,
) -> Result<Key, NotTaken> {
    let duty = draft.duty("casbin", object, action)?;
    let on = TargetKey::new(duty.as_str()).map_err(|_| NotTaken::NoDuty {
        text: object.into(),
    })?;
    let scope = Some(draft.scope(domain)?);
    let group = group(draft, subject, domain)?;
    let (holder, terms) = (HolderKey::Group(group.clone()), Terms::default());
    let policy = &mut draft.imported.policy;
    let revoke = policy::Revoke {
        holder: holder.clone(),
        on: on.clone(),
        scope: scope.clone(),
        terms: terms.clone(),
    };
    let grant = policy::Grant {
        holder,
        on,
        scope,
        reach: None,
        ceiling: None,
        terms,
    };
    if allow {
        if !policy.grants.contains(&grant) && !policy.revokes.contains(&revoke) {
            policy.grants.push(grant);
        }
    } else if !policy.revokes.contains(&revoke) {
        // Of an allow and a deny for the same subject the deny prevails.
        policy.grants.retain(|other| *other != grant);
        policy.revokes.push(revoke);
    }
    Ok(group)
}

/// The group of a subject in a domain, added if new.
fn group(draft: &mut Draft, subject: &str, domain: &str) -> Result<Key, NotTaken> {
    let text = format!("{subject} / {domain}");
    let (key, fresh) = draft.any_key("group", &text)?;
    if fresh {
        let label = Label::new(&text, &text).ok();
        draft.imported.policy.groups.push(policy::Node {
            key: key.clone(),
            label,
            parent: None,
        });
    }
    Ok(key)
}

fn join(draft: &mut Draft, user: &str, group: &Key) -> Result<(), NotTaken> {
    let key = draft.user(user)?;
    let row = draft
        .imported
        .policy
        .users
        .iter_mut()
        .find(|row| row.key == key);
    if let Some(row) = row.filter(|row| !row.groups.contains(group)) {
        row.groups.push(group.clone());
    }
    Ok(())
}
