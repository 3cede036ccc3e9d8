//! What can be done: modules, objects, duties, their ladders, and the limits on them.

mod built_in;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::duties::DutySet;
use crate::fault::Fault;
use crate::id::DutyKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::TargetKey;
use crate::id::Unknown;
use crate::index::Index;
use crate::ix::DutyIx;
use crate::ix::LimitIx;
use crate::ix::ModuleIx;
use crate::ix::ObjectIx;
use crate::policy;
use crate::policy::Level;
use crate::policy::Seat;
use crate::policy::Sensitivity;
use crate::text::Label;
use crate::text::Phrase;

pub(crate) use built_in::built_in;
#[cfg(feature = "serde")]
pub(crate) use built_in::same_as;

/// The greatest number of duties in a catalog.
pub(crate) const MOST_DUTIES: usize = 65_535;

/// A catalog: the duties in their order, and what groups them.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(into = "Rows", try_from = "Rows"))]
pub(crate) struct Catalog {
    modules: Vec<Module>,
    objects: Vec<Object>,
    duties: Vec<Duty>,
    limits: Vec<Limit>,
    module_index: BTreeMap<Key, ModuleIx>,
    object_index: BTreeMap<String, ObjectIx>,
    duty_index: Index<DutyKey, DutyIx>,
    limit_index: BTreeMap<Key, LimitIx>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Module {
    pub(crate) key: Key,
    pub(crate) label: Option<Label>,
    pub(crate) duties: DutySet,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Object {
    pub(crate) key: TargetKey,
    pub(crate) module: ModuleIx,
    pub(crate) duties: DutySet,
    pub(crate) ladder: Option<Ladder>,
}

/// Some actions of an object, lowest first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ladder {
    pub(crate) rungs: Vec<DutyIx>,
    pub(crate) names: Vec<Key>,
    pub(crate) labels: BTreeMap<Key, Label>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Duty {
    pub(crate) key: DutyKey,
    pub(crate) label: Option<Label>,
    pub(crate) module: ModuleIx,
    pub(crate) object: ObjectIx,
    pub(crate) sensitivity: Sensitivity,
    pub(crate) seat: Seat,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limit {
    pub(crate) key: Key,
    pub(crate) label: Option<Label>,
    pub(crate) on: Vec<Target>,
    pub(crate) requires: Key,
    pub(crate) covers: DutySet,
}

/// What an entry is about, from the least to the most specific.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
pub(crate) enum Target {
    All,
    Module(ModuleIx),
    Object(ObjectIx),
    Duty(DutyIx),
}

/// Which part of a level is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LevelPart {
    Object,
    Rung,
}

impl Target {
    /// How specific it is, from 0 to 3.
    pub(crate) const fn depth(self) -> usize {
        match self {
            Self::All => 0,
            Self::Module(_) => 1,
            Self::Object(_) => 2,
            Self::Duty(_) => 3,
        }
    }
}

impl Catalog {
    /// Adds a module, or gives a label to one that a duty brought.
    pub(crate) fn add_module(&mut self, row: &policy::Module) -> ModuleIx {
        let ix = self.module_for(&row.key);
        if let (Some(module), Some(label)) = (self.modules.get_mut(ix.at()), &row.label) {
            module.label = Some(label.clone());
        }
        ix
    }

    /// Adds a duty, unless its key is taken or the catalog is full.
    pub(crate) fn add_duty(&mut self, row: &policy::Duty) -> Result<DutyIx, Fault> {
        let ix = self.place(row)?;
        self.refresh();
        Ok(ix)
    }

    /// Adds duties in their order, and tells of each that cannot be added.
    pub(crate) fn add_duties(
        &mut self,
        rows: &[policy::Duty],
        mut fault: impl FnMut(usize, Fault),
    ) {
        for (at, row) in rows.iter().enumerate() {
            if let Err(found) = self.place(row) {
                fault(at, found);
            }
        }
        self.refresh();
    }

    /// Gives an object its ladder; each mistake names the rung's position, or none for the object.
    pub(crate) fn add_ladder(
        &mut self,
        row: &policy::Ladder,
        mut fault: impl FnMut(Option<usize>, Fault),
    ) {
        let object = match self.object(row.object.as_str()) {
            Ok(object) => object,
            Err(unknown) => return fault(None, unknown.into()),
        };
        if self
            .objects
            .get(object.at())
            .is_some_and(|object| object.ladder.is_some())
        {
            return fault(
                None,
                Fault::DuplicateKey {
                    key: row.object.as_str().into(),
                },
            );
        }
        let mut rungs = Vec::new();
        let mut names: Vec<Key> = Vec::new();
        for (at, rung) in row.rungs.iter().enumerate() {
            if names.contains(rung) {
                fault(
                    Some(at),
                    Fault::DuplicateKey {
                        key: rung.as_str().into(),
                    },
                );
                continue;
            }
            match self.duty(&alloc::format!("{}.{rung}", row.object)) {
                Ok(duty) => {
                    rungs.push(duty);
                    names.push(rung.clone());
                }
                Err(unknown) => fault(Some(at), unknown.into()),
            }
        }
        if let Some(object) = self.objects.get_mut(object.at()) {
            object.ladder = Some(Ladder {
                rungs,
                names,
                labels: row.labels.clone(),
            });
        }
    }

    /// Adds a limit; each mistake names the target's position, or none for the key.
    pub(crate) fn add_limit(
        &mut self,
        row: &policy::Limit,
        mut fault: impl FnMut(Option<usize>, Fault),
    ) {
        if self.limit_index.contains_key(&row.key) {
            return fault(
                None,
                Fault::DuplicateKey {
                    key: row.key.as_str().into(),
                },
            );
        }
        let mut on = Vec::new();
        for (at, key) in row.on.iter().enumerate() {
            match self.target(key) {
                Ok(target) => on.push(target),
                Err(unknown) => fault(Some(at), unknown.into()),
            }
        }
        let covers = self.covers_any(&on);
        let ix = LimitIx(u16::try_from(self.limits.len()).unwrap_or(u16::MAX));
        self.limit_index.insert(row.key.clone(), ix);
        self.limits.push(Limit {
            key: row.key.clone(),
            label: row.label.clone(),
            on,
            requires: row.requires.clone(),
            covers,
        });
    }

    /// The number of duties.
    pub(crate) fn len(&self) -> usize {
        self.duties.len()
    }

    pub(crate) fn duties(&self) -> impl Iterator<Item = (DutyIx, &Duty)> {
        (0_u16..).map(DutyIx).zip(&self.duties)
    }

    #[cfg(test)]
    pub(crate) fn modules(&self) -> impl Iterator<Item = (ModuleIx, &Module)> {
        (0_u16..).map(ModuleIx).zip(&self.modules)
    }

    #[cfg(test)]
    pub(crate) fn objects(&self) -> impl Iterator<Item = (ObjectIx, &Object)> {
        (0_u16..).map(ObjectIx).zip(&self.objects)
    }

    pub(crate) fn limits(&self) -> impl Iterator<Item = (LimitIx, &Limit)> {
        (0_u16..).map(LimitIx).zip(&self.limits)
    }

    pub(crate) fn module(&self, key: &str) -> Result<ModuleIx, Unknown> {
        let known = || self.module_index.keys().map(Key::as_str);
        self.module_index
            .get(key)
            .copied()
            .ok_or_else(|| Unknown::new(Kind::Module, key, known()))
    }

    pub(crate) fn object(&self, key: &str) -> Result<ObjectIx, Unknown> {
        let known = || self.object_index.keys().map(String::as_str);
        self.object_index
            .get(key)
            .copied()
            .ok_or_else(|| Unknown::new(Kind::Object, key, known()))
    }

    pub(crate) fn duty(&self, key: &str) -> Result<DutyIx, Unknown> {
        let known = || self.duties.iter().map(|duty| duty.key.as_str());
        self.duty_index
            .get(key)
            .ok_or_else(|| Unknown::new(Kind::Duty, key, known()))
    }

    pub(crate) fn limit(&self, key: &str) -> Result<LimitIx, Unknown> {
        let known = || self.limit_index.keys().map(Key::as_str);
        self.limit_index
            .get(key)
            .copied()
            .ok_or_else(|| Unknown::new(Kind::Limit, key, known()))
    }

    /// What a target's key names: the kind of thing follows from its depth.
    pub(crate) fn target(&self, key: &TargetKey) -> Result<Target, Unknown> {
        if let Some(duty) = self.duty_index.get(key.as_str()) {
            return Ok(Target::Duty(duty));
        }
        match key.depth() {
            0 => Ok(Target::All),
            1 => self.module(key.as_str()).map(Target::Module),
            2 => self.object(key.as_str()).map(Target::Object),
            _ => self.duty(key.as_str()).map(Target::Duty),
        }
    }

    /// The rung that a level names on an object, as the number of rungs that it gives.
    pub(crate) fn rungs(
        &self,
        object: &TargetKey,
        level: &Level,
    ) -> Result<(ObjectIx, u16), (LevelPart, Fault)> {
        let ix = self
            .object(object.as_str())
            .map_err(|unknown| (LevelPart::Object, unknown.into()))?;
        let no_ladder = || {
            (
                LevelPart::Object,
                Fault::NoLadder {
                    object: object.as_str().into(),
                },
            )
        };
        let ladder = self
            .get_object(ix)
            .and_then(|object| object.ladder.as_ref())
            .ok_or_else(no_ladder)?;
        let Level::Rung(rung) = level else {
            return Ok((ix, 0));
        };
        let known = || ladder.names.iter().map(Key::as_str).chain(["none"]);
        let unknown = || {
            (
                LevelPart::Rung,
                Unknown::new(Kind::Rung, rung.as_str(), known()).into(),
            )
        };
        let at = ladder
            .names
            .iter()
            .position(|name| name == rung)
            .ok_or_else(unknown)?;
        Ok((ix, u16::try_from(at + 1).unwrap_or(u16::MAX)))
    }

    pub(crate) fn get_module(&self, module: ModuleIx) -> Option<&Module> {
        self.modules.get(module.at())
    }

    pub(crate) fn get_object(&self, object: ObjectIx) -> Option<&Object> {
        self.objects.get(object.at())
    }

    pub(crate) fn get(&self, duty: DutyIx) -> Option<&Duty> {
        self.duties.get(duty.at())
    }

    pub(crate) fn get_limit(&self, limit: LimitIx) -> Option<&Limit> {
        self.limits.get(limit.at())
    }

    pub(crate) fn duty_key(&self, duty: DutyIx) -> &str {
        self.get(duty).map_or("", |duty| duty.key.as_str())
    }

    pub(crate) fn limit_key(&self, limit: LimitIx) -> &str {
        self.get_limit(limit).map_or("", |limit| limit.key.as_str())
    }

    /// The target's key.
    pub(crate) fn target_key(&self, target: Target) -> &str {
        match target {
            Target::All => "*",
            Target::Module(module) => self
                .get_module(module)
                .map_or("", |module| module.key.as_str()),
            Target::Object(object) => self
                .get_object(object)
                .map_or("", |object| object.key.as_str()),
            Target::Duty(duty) => self.duty_key(duty),
        }
    }

    /// The target's key, as a value of its own.
    pub(crate) fn target_name(&self, target: Target) -> TargetKey {
        let name = match target {
            Target::All => None,
            Target::Module(module) => self
                .get_module(module)
                .map(|module| module.key.clone().into()),
            Target::Object(object) => self.get_object(object).map(|object| object.key.clone()),
            Target::Duty(duty) => self.get(duty).map(|duty| duty.key.clone().into()),
        };
        name.unwrap_or_else(TargetKey::all)
    }

    /// The limit's key, as a value of its own.
    pub(crate) fn limit_name(&self, limit: LimitIx) -> Key {
        self.get_limit(limit)
            .map_or_else(Key::nameless, |limit| limit.key.clone())
    }

    /// The rung up to which a level gives: its name, or `none`.
    pub(crate) fn rung_name(&self, target: Target, rungs: u16) -> &str {
        let Target::Object(object) = target else {
            return "none";
        };
        let ladder = self
            .get_object(object)
            .and_then(|object| object.ladder.as_ref());
        let name = usize::from(rungs)
            .checked_sub(1)
            .and_then(|place| ladder?.names.get(place));
        name.map_or("none", Key::as_str)
    }

    /// Whether a target covers a duty.
    pub(crate) fn covers(&self, target: Target, duty: DutyIx) -> bool {
        match target {
            Target::All => true,
            Target::Module(module) => self.get(duty).is_some_and(|duty| duty.module == module),
            Target::Object(object) => self.get(duty).is_some_and(|duty| duty.object == object),
            Target::Duty(other) => other == duty,
        }
    }

    /// The four targets that cover a duty, from the least specific.
    pub(crate) fn targets_of(&self, duty: DutyIx) -> [Target; 4] {
        let (module, object) = self
            .get(duty)
            .map_or((ModuleIx(u16::MAX), ObjectIx(u16::MAX)), |duty| {
                (duty.module, duty.object)
            });
        [
            Target::All,
            Target::Module(module),
            Target::Object(object),
            Target::Duty(duty),
        ]
    }

    /// The duties under a target.
    pub(crate) fn under(&self, target: Target) -> DutySet {
        match target {
            Target::All => self.every(),
            Target::Module(module) => self
                .get_module(module)
                .map_or_else(|| self.none(), |module| module.duties.clone()),
            Target::Object(object) => self
                .get_object(object)
                .map_or_else(|| self.none(), |object| object.duties.clone()),
            Target::Duty(duty) => {
                let mut one = self.none();
                one.insert(duty);
                one
            }
        }
    }

    /// The duties under any of some targets.
    pub(crate) fn covers_any(&self, targets: &[Target]) -> DutySet {
        let mut all = self.none();
        for target in targets {
            all.union_with(&self.under(*target));
        }
        all
    }

    pub(crate) fn none(&self) -> DutySet {
        DutySet::empty(self.len())
    }

    fn every(&self) -> DutySet {
        let mut all = self.none();
        for (duty, _) in self.duties() {
            all.insert(duty);
        }
        all
    }

    /// Whether a duty can be added.
    pub(crate) fn accepts(&self, row: &policy::Duty) -> Result<(), Fault> {
        if self.duty_index.get(row.key.as_str()).is_some() {
            return Err(Fault::DuplicateKey {
                key: row.key.as_str().into(),
            });
        }
        if self.duties.len() >= MOST_DUTIES {
            return Err(Fault::OutOfRange {
                wanted: Phrase::new(
                    alloc::format!("at most {MOST_DUTIES} duties"),
                    alloc::format!("{MOST_DUTIES} funciones como máximo"),
                ),
            });
        }
        Ok(())
    }

    fn place(&mut self, row: &policy::Duty) -> Result<DutyIx, Fault> {
        self.accepts(row)?;
        let (Ok(module), Ok(object)) = (
            Key::new(row.key.parts().0),
            TargetKey::new(row.key.object()),
        ) else {
            return Err(Fault::WrongShape {
                wanted: ("a duty", "una función").into(),
            });
        };
        let module = self.module_for(&module);
        let object = self.object_for(&object, module);
        let ix = DutyIx(u16::try_from(self.duties.len()).unwrap_or(u16::MAX));
        self.duty_index.insert(row.key.clone(), ix);
        self.duties.push(Duty {
            key: row.key.clone(),
            label: row.label.clone(),
            module,
            object,
            sensitivity: row.sensitivity.unwrap_or(Sensitivity::Normal),
            seat: row.seat.unwrap_or(Seat::Free),
        });
        Ok(ix)
    }

    fn module_for(&mut self, key: &Key) -> ModuleIx {
        if let Some(ix) = self.module_index.get(key) {
            return *ix;
        }
        let ix = ModuleIx(u16::try_from(self.modules.len()).unwrap_or(u16::MAX));
        self.module_index.insert(key.clone(), ix);
        let duties = self.none();
        self.modules.push(Module {
            key: key.clone(),
            label: None,
            duties,
        });
        ix
    }

    fn object_for(&mut self, key: &TargetKey, module: ModuleIx) -> ObjectIx {
        if let Some(ix) = self.object_index.get(key.as_str()) {
            return *ix;
        }
        let ix = ObjectIx(u16::try_from(self.objects.len()).unwrap_or(u16::MAX));
        self.object_index.insert(key.as_str().into(), ix);
        let duties = self.none();
        self.objects.push(Object {
            key: key.clone(),
            module,
            duties,
            ladder: None,
        });
        ix
    }

    /// Makes every mask anew for the present number of duties.
    fn refresh(&mut self) {
        let none = self.none();
        for module in &mut self.modules {
            module.duties = none.clone();
        }
        for object in &mut self.objects {
            object.duties = none.clone();
        }
        for (ix, duty) in (0_u16..).map(DutyIx).zip(&self.duties) {
            if let Some(module) = self.modules.get_mut(duty.module.at()) {
                module.duties.insert(ix);
            }
            if let Some(object) = self.objects.get_mut(duty.object.at()) {
                object.duties.insert(ix);
            }
        }
        let covers: Vec<DutySet> = self
            .limits
            .iter()
            .map(|limit| self.covers_any(&limit.on))
            .collect();
        for (limit, covers) in self.limits.iter_mut().zip(covers) {
            limit.covers = covers;
        }
    }
}

/// A catalog as rows: what is stored of it.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    modules: Vec<policy::Module>,
    duties: Vec<policy::Duty>,
    ladders: Vec<policy::Ladder>,
    limits: Vec<policy::Limit>,
}

#[cfg(feature = "serde")]
impl From<Catalog> for Rows {
    fn from(catalog: Catalog) -> Self {
        let module = |module: &Module| policy::Module {
            key: module.key.clone(),
            label: module.label.clone(),
            enabled: None,
        };
        let duty = |duty: &Duty| policy::Duty {
            key: duty.key.clone(),
            label: duty.label.clone(),
            sensitivity: Some(duty.sensitivity),
            seat: Some(duty.seat),
        };
        let ladder = |object: &Object| {
            let ladder = object.ladder.as_ref()?;
            Some(policy::Ladder {
                object: object.key.clone(),
                rungs: ladder.names.clone(),
                labels: ladder.labels.clone(),
            })
        };
        let limit = |limit: &Limit| policy::Limit {
            key: limit.key.clone(),
            label: limit.label.clone(),
            on: limit
                .on
                .iter()
                .filter_map(|target| TargetKey::new(catalog.target_key(*target)).ok())
                .collect(),
            requires: limit.requires.clone(),
        };
        Self {
            modules: catalog.modules.iter().map(module).collect(),
            duties: catalog.duties.iter().map(duty).collect(),
            ladders: catalog.objects.iter().filter_map(ladder).collect(),
            limits: catalog.limits.iter().map(limit).collect(),
        }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Rows> for Catalog {
    type Error = Fault;

    fn try_from(rows: Rows) -> Result<Self, Fault> {
        let mut catalog = Self::default();
        let mut first = None;
        for module in &rows.modules {
            catalog.add_module(module);
        }
        catalog.add_duties(&rows.duties, |_, fault| first = Some(fault));
        for ladder in &rows.ladders {
            catalog.add_ladder(ladder, |_, fault| first = Some(fault));
        }
        for limit in &rows.limits {
            catalog.add_limit(limit, |_, fault| first = Some(fault));
        }
        first.map_or(Ok(catalog), Err)
    }
}
