//! Commands on structure: trees, the catalog, the mode, seats.

use smallvec::smallvec;

use crate::command::SetHead;
use crate::command::SetMode;
use crate::command::SwitchModule;
use crate::event::Change;
use crate::event::Changes;
use crate::fault::Fault;
use crate::id::Key;
use crate::id::Kind;
use crate::ix::Place;
use crate::ix::ScopeIx;
use crate::model::CHAIN_LEVELS;
use crate::model::GROUP_LEVELS;
use crate::model::SCOPE_LEVELS;
use crate::model::tree::Tree;
use crate::policy;
use crate::policy::Seats;
use crate::refusal::Refusal;
use crate::tenant::decide::Deciding;
use crate::tenant::decide::refused;
use crate::tenant::resolve::Faults;

impl Deciding<'_> {
    pub(super) fn add_scope(&self, row: &policy::Node) -> Result<Changes, Refusal> {
        let parent = node(
            &self.model.scopes,
            Kind::Scope,
            &row.key,
            row.parent.as_ref(),
            SCOPE_LEVELS,
        )?;
        let place: Place = parent.map(ScopeIx::new);
        self.admit(&[place], &[])?;
        Ok(smallvec![Change::ScopeAdded(row.clone())])
    }

    pub(super) fn add_team(&self, row: &policy::Node) -> Result<Changes, Refusal> {
        node(
            &self.model.teams,
            Kind::Team,
            &row.key,
            row.parent.as_ref(),
            CHAIN_LEVELS,
        )?;
        self.admit(&[None], &[])?;
        Ok(smallvec![Change::TeamAdded(row.clone())])
    }

    pub(super) fn add_group(&self, row: &policy::Node) -> Result<Changes, Refusal> {
        node(
            &self.model.groups,
            Kind::Group,
            &row.key,
            row.parent.as_ref(),
            GROUP_LEVELS,
        )?;
        self.admit(&[None], &[])?;
        Ok(smallvec![Change::GroupAdded(row.clone())])
    }

    pub(super) fn add_department(&self, row: &policy::Department) -> Result<Changes, Refusal> {
        node(
            &self.model.departments,
            Kind::Department,
            &row.key,
            row.parent.as_ref(),
            CHAIN_LEVELS,
        )?;
        if let Some(head) = &row.head {
            self.model
                .find_user(head.as_str())
                .map_err(|unknown| Refusal::fault("head", unknown))?;
        }
        self.admit(&[None], &[])?;
        Ok(smallvec![Change::DepartmentAdded(row.clone())])
    }

    pub(super) fn add_module(&self, row: &policy::Module) -> Result<Changes, Refusal> {
        if self.model.catalog.module(row.key.as_str()).is_ok() {
            return Err(Refusal::fault(
                "key",
                Fault::DuplicateKey {
                    key: row.key.as_str().into(),
                },
            ));
        }
        self.admit(&[None], &[])?;
        Ok(smallvec![Change::ModuleAdded(row.clone())])
    }

    pub(super) fn add_duty(&self, row: &policy::Duty) -> Result<Changes, Refusal> {
        self.model
            .catalog
            .accepts(row)
            .map_err(|fault| Refusal::fault("key", fault))?;
        self.admit(&[None], &[])?;
        Ok(smallvec![Change::DutyAdded(row.clone())])
    }

    pub(super) fn set_head(&self, row: &SetHead) -> Result<Changes, Refusal> {
        let mut faults = Faults::default();
        let department = faults.take(
            "department",
            self.model.find_department(row.department.as_str()),
        );
        if let Some(head) = &row.head {
            faults.take("head", self.model.find_user(head.as_str()));
        }
        let department = refused(department, faults)?;
        self.admit(&[None], &[])?;
        let before = self
            .model
            .head(department)
            .and_then(|user| self.model.user_key(user))
            .cloned();
        let changed = Change::HeadChanged {
            department: row.department.clone(),
            before,
            after: row.head.clone(),
        };
        Ok(smallvec![changed])
    }

    pub(super) fn switch_module(&self, row: &SwitchModule) -> Result<Changes, Refusal> {
        let module = self.model.catalog.module(row.module.as_str())?;
        self.admit(&[None], &[])?;
        let before = self.model.is_module_on(module);
        Ok(smallvec![Change::ModuleSwitched {
            module: row.module.clone(),
            before,
            after: row.enabled
        }])
    }

    pub(super) fn set_mode(&self, row: &SetMode) -> Result<Changes, Refusal> {
        self.admit(&[None], &[])?;
        Ok(smallvec![Change::ModeChanged {
            before: self.model.mode,
            after: row.mode
        }])
    }

    pub(super) fn set_seats(&self, row: &Seats) -> Result<Changes, Refusal> {
        self.admit(&[None], &[])?;
        Ok(smallvec![Change::SeatsChanged {
            before: self.model.seats,
            after: *row
        }])
    }
}

/// Whether a node can be added to a tree, and below which.
fn node(
    tree: &Tree,
    kind: Kind,
    key: &Key,
    parent: Option<&Key>,
    most: usize,
) -> Result<Option<u32>, Refusal> {
    let parent = parent
        .map(|parent| tree.find_or(kind, parent.as_str()))
        .transpose();
    let parent = parent.map_err(|unknown| Refusal::fault("parent", unknown))?;
    let field = if tree.find(key.as_str()).is_some() {
        "key"
    } else {
        "parent"
    };
    tree.accepts(key, parent, most)
        .map_err(|fault| Refusal::fault(field, fault))?;
    Ok(parent)
}
