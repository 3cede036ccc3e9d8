//! The town hall and the construction projects: catalog, administration and profiles as one value.

use alloc::boxed::Box;

use once_cell::race::OnceBox;

use crate::document::Document;
use crate::policy::Policy;
use crate::text::Name;

const CIVIC: &str = concat!(
    "catalog = \"civic\"\n",
    include_str!("../catalog/data/civic-administration.toml"),
    include_str!("../catalog/data/civic-profiles.toml"),
);

const CONSTRUCTION: &str = concat!(
    "catalog = \"construction\"\n",
    include_str!("../catalog/data/construction-administration.toml"),
    include_str!("../catalog/data/construction-profiles.toml"),
);

/// A town hall without people: the civic catalog, the profiles that towns use, the conflicting duties that auditors
/// look for, and who administers access and the desk by which duty.
///
/// # Examples
///
/// ```
/// use bailiwick::{Name, Tenant, policy, systems};
///
/// let mut town = systems::civic(Name::new("Rio Vista")?).policy;
/// town.users.push(policy::User::new("ana".parse()?));
/// town.assignments.push(policy::Assign::new("user:ana".parse()?, "finance-clerk".parse()?));
/// let tenant = Tenant::found(&town)?;
/// let today = tenant.as_of("2026-01-05T09:00:00Z".parse()?);
/// let desk = bailiwick::Resource::default();
/// assert!(today.check("ana", "finance.invoice.enter", &desk)?.is_permit());
/// // Certifying funds is of high sensitivity: it is asked for, not part of the profile.
/// assert!(!today.check("ana", "finance.funds.certify", &desk)?.is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn civic(name: Name) -> Document {
    static READ: OnceBox<Document> = OnceBox::new();
    read(&READ, CIVIC, name)
}

/// A construction company without people or projects: the construction catalog, the default role of a client's
/// people as the profile `client`, and who administers projects, roles and users by which duty.
///
/// # Examples
///
/// ```
/// use bailiwick::{Name, systems};
///
/// let company = systems::construction(Name::new("Harbour Works")?).policy;
/// assert_eq!(company.profiles[0].key.as_str(), "client");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn construction(name: Name) -> Document {
    static READ: OnceBox<Document> = OnceBox::new();
    read(&READ, CONSTRUCTION, name)
}

fn read(read: &'static OnceBox<Document>, text: &str, name: Name) -> Document {
    let document = read.get_or_init(|| {
        // What ships is read by the tests: it has no mistakes.
        let whole = Document::from_toml(text);
        Box::new(whole.unwrap_or_else(|_| Document::new(Policy::new(name.clone()))))
    });
    let mut document = document.clone();
    document.policy.name = name;
    document
}
