//! What there is in a tenant, to be listed: what an administrator chooses from.

use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::command::Delegate;
use crate::governance::request::Delegation;
use crate::id::CampaignId;
use crate::id::DutyKey;
use crate::id::RequestId;
use crate::ix::DepartmentIx;
use crate::model::tree::Branch;
use crate::model::tree::Tree;
use crate::policy::Department;
use crate::policy::Node;
use crate::policy::Profile;

impl<'a> AsOf<'a> {
    /// The duties of the catalog, in its order.
    #[must_use]
    pub fn duties(self) -> Vec<&'a DutyKey> {
        let duties = self.model.catalog.duties();
        duties.map(|(_, duty)| &duty.key).collect()
    }

    /// The profiles that can be assigned, in the order in which they were first defined. Retired ones are not among
    /// them.
    #[must_use]
    pub fn profiles(self) -> Vec<&'a Profile> {
        let all = self.model.profiles.iter();
        let live = all.filter(|profile| !profile.retired);
        live.map(|profile| &profile.row).collect()
    }

    /// The scopes, each after the one above it: as a policy states them.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::Tenant;
    ///
    /// let tenant = Tenant::from_toml("scope = [{ key = 'works' }, { key = 'lot-7', parent = 'works' }]")?;
    /// let scopes = tenant.as_of("2026-01-05T09:00:00Z".parse()?).scopes();
    /// assert_eq!(scopes[1].key.as_str(), "lot-7");
    /// assert_eq!(scopes[1].parent, Some("works".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn scopes(self) -> Vec<Node> {
        nodes(&self.model.scopes)
    }

    /// The teams, likewise.
    #[must_use]
    pub fn teams(self) -> Vec<Node> {
        nodes(&self.model.teams)
    }

    /// The groups, likewise.
    #[must_use]
    pub fn groups(self) -> Vec<Node> {
        nodes(&self.model.groups)
    }

    /// The departments, likewise, each with its head.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::Tenant;
    ///
    /// let tenant = Tenant::from_toml("department = [{ key = 'roads', head = 'ana' }]\nuser = [{ key = 'ana' }]")?;
    /// let departments = tenant.as_of("2026-01-05T09:00:00Z".parse()?).departments();
    /// assert_eq!(departments[0].head, Some("ana".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn departments(self) -> Vec<Department> {
        let rows = nodes(&self.model.departments).into_iter().zip(0..);
        rows.map(|(Node { key, label, parent }, number)| {
            let head = self.model.head(DepartmentIx::new(number));
            Department {
                key,
                label,
                head: head.and_then(|head| self.model.user_key(head)).cloned(),
                parent,
            }
        })
        .collect()
    }

    /// The delegations that hold at the instant or begin later, each as the command that named it. They are their
    /// department's head's.
    #[must_use]
    pub fn delegations(self) -> Vec<Delegate> {
        let all = self.governance.into_iter();
        let all = all.flat_map(|governance| governance.requests.delegations());
        let to_come = all.filter(|delegation| {
            let end = delegation.window.until();
            end.is_none_or(|end| end > self.at)
        });
        let row = |delegation: &Delegation| {
            let department = self.model.departments.get(delegation.department.get())?;
            Some(Delegate {
                department: department.key.clone(),
                to: self.model.user_key(delegation.to)?.clone(),
                from: delegation.window.from(),
                until: delegation.window.until(),
            })
        };
        to_come.filter_map(row).collect()
    }

    /// All requests that were ever made, oldest first, open or not.
    #[must_use]
    pub fn requests(self) -> Vec<RequestId> {
        let next = self
            .governance
            .map(|governance| governance.requests.next().0);
        (1..next.unwrap_or(1)).map(RequestId).collect()
    }

    /// All campaigns that were ever opened, oldest first, open or not.
    #[must_use]
    pub fn campaigns(self) -> Vec<CampaignId> {
        let next = self
            .governance
            .map(|governance| governance.campaigns.next_id().0);
        (1..next.unwrap_or(1)).map(CampaignId).collect()
    }
}

/// The nodes of a tree as rows, in the order of their coming: none comes before the one above it.
fn nodes(tree: &Tree) -> Vec<Node> {
    let row = |(_, branch): (u32, &Branch)| Node {
        key: branch.key.clone(),
        label: branch.label.clone(),
        parent: branch
            .parent
            .and_then(|parent| tree.get(parent))
            .map(|above| above.key.clone()),
    };
    tree.iter().map(row).collect()
}
