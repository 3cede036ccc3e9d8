//! Kubernetes roles and their bindings.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::exchange::Draft;
use crate::exchange::Imported;
use crate::exchange::NotTaken;
use crate::exchange::slug;
use crate::id::HolderKey;
use crate::id::Key;
use crate::id::TargetKey;
use crate::policy;
use crate::policy::ProfileGrant;
use crate::policy::Terms;
use crate::text::Name;

/// A role or a binding, as far as an import looks at it; with serde it reads the objects of the cluster's own
/// programming interface, in any format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase", default))]
pub struct Object {
    /// `Role`, `ClusterRole`, `RoleBinding` or `ClusterRoleBinding`.
    pub kind: String,
    /// Its name and namespace.
    pub metadata: BTreeMap<String, Value>,
    /// What a role allows.
    pub rules: Vec<Rule>,
    /// Whom a binding is for.
    pub subjects: Vec<Subject>,
    /// The role that a binding gives.
    pub role_ref: Option<Subject>,
}

/// A value among an object's metadata, of which only texts matter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum Value {
    /// A text.
    Text(String),
    /// Texts by their names, such as labels.
    Texts(BTreeMap<String, String>),
}

/// One rule of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase", default))]
pub struct Rule {
    /// Groups of resources; the empty one is the core.
    pub api_groups: Vec<String>,
    /// Resources.
    pub resources: Vec<String>,
    /// What may be done with them.
    pub verbs: Vec<String>,
    /// Single objects that it is restricted to.
    pub resource_names: Vec<String>,
    /// Paths that are no resources.
    #[cfg_attr(feature = "serde", serde(rename = "nonResourceURLs"))]
    pub non_resource_urls: Vec<String>,
}

/// Whom a binding is for, or which role it gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Subject {
    /// `User`, `Group`, `ServiceAccount`; of a role `Role` or `ClusterRole`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The namespace of a service account.
    pub namespace: Option<String>,
}

/// Reads roles and bindings: a group of resources becomes a module, a resource an object, a verb an action; a
/// namespace becomes a scope, a role a profile, a binding an assignment.
///
/// A star becomes the whole module or object, as far as something in the objects gives it duties. Rules for single
/// objects by name, for paths that are no resources, and stars in one place with names in the next are left out
/// and told of.
#[must_use]
pub fn from_kubernetes(name: Name, objects: &[Object]) -> Imported {
    let mut draft = Draft::new(name);
    let mut roles: BTreeMap<(String, String), Key> = BTreeMap::new();
    for (n, object) in objects
        .iter()
        .enumerate()
        .filter(|(_, object)| object.kind.ends_with("Role"))
    {
        match role(&mut draft, object, n + 1) {
            Ok(key) => {
                roles.insert((object.place(), object.name()), key);
            }
            Err(why) => draft.leave_out(n + 1, why),
        }
    }
    for (n, object) in objects
        .iter()
        .enumerate()
        .filter(|(_, object)| !object.kind.ends_with("Role"))
    {
        let taken = if object.kind.ends_with("Binding") {
            binding(&mut draft, object, &roles, n + 1)
        } else {
            Err(NotTaken::Unsupported {
                what: format!("a `{}`", object.kind),
            })
        };
        if let Err(why) = taken {
            draft.leave_out(n + 1, why);
        }
    }
    prune(&mut draft);
    draft.imported.left_out.sort_by_key(|left| left.line);
    draft.imported
}

impl Object {
    fn name(&self) -> String {
        self.text("name")
    }

    /// The namespace; empty for what holds in the whole cluster.
    fn place(&self) -> String {
        if self.kind.starts_with("Cluster") {
            String::new()
        } else {
            self.text("namespace")
        }
    }

    fn text(&self, field: &str) -> String {
        match self.metadata.get(field) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }
}

fn role(draft: &mut Draft, object: &Object, line: usize) -> Result<Key, NotTaken> {
    let place = object.place();
    let text = if place.is_empty() {
        object.name()
    } else {
        format!("{place} {}", object.name())
    };
    let (key, _) = draft.key("profile", &text)?;
    let mut profile = policy::Profile::new(key.clone());
    for rule in &object.rules {
        if let Err(why) = grants(draft, rule, &mut profile.grants) {
            draft.leave_out(line, why);
        }
    }
    draft.imported.policy.profiles.push(profile);
    Ok(key)
}

fn grants(draft: &mut Draft, rule: &Rule, grants: &mut Vec<ProfileGrant>) -> Result<(), NotTaken> {
    if let Some(name) = rule.resource_names.first() {
        return Err(NotTaken::Unsupported {
            what: format!("a rule for the single object `{name}`"),
        });
    }
    if let Some(url) = rule.non_resource_urls.first() {
        return Err(NotTaken::Unsupported {
            what: format!("a rule for the path `{url}`"),
        });
    }
    for group in &rule.api_groups {
        for resource in &rule.resources {
            for verb in &rule.verbs {
                let target = match (group.as_str(), resource.as_str(), verb.as_str()) {
                    ("*", "*", "*") => "*".into(),
                    (group, "*", "*") if group != "*" => slug(module(group)),
                    (group, resource, "*") if group != "*" && resource != "*" => {
                        format!("{}.{}", slug(module(group)), slug(resource))
                    }
                    (group, resource, verb) if group != "*" && resource != "*" => {
                        String::from(draft.duty(module(group), resource, verb)?.as_str())
                    }
                    _ => {
                        let what = format!("`{group}/{resource}` with `{verb}`");
                        return Err(NotTaken::Unsupported { what });
                    }
                };
                let target = TargetKey::new(&target).map_err(|_| NotTaken::NoDuty {
                    text: target.clone(),
                })?;
                let grant = ProfileGrant::Target(target);
                if !grants.contains(&grant) {
                    grants.push(grant);
                }
            }
        }
    }
    Ok(())
}

fn module(group: &str) -> &str {
    if group.is_empty() { "core" } else { group }
}

fn binding(
    draft: &mut Draft,
    object: &Object,
    roles: &BTreeMap<(String, String), Key>,
    line: usize,
) -> Result<(), NotTaken> {
    let place = object.place();
    let role = object.role_ref.clone().unwrap_or_default();
    let of = if role.kind == "ClusterRole" {
        String::new()
    } else {
        place.clone()
    };
    let profile = roles
        .get(&(of, role.name.clone()))
        .cloned()
        .ok_or(NotTaken::NoSuchRole { role: role.name })?;
    let scope = if place.is_empty() {
        None
    } else {
        Some(draft.scope(&place)?)
    };
    for subject in &object.subjects {
        match holder(draft, subject, &place) {
            Ok(holder) => {
                let assign = policy::Assign {
                    holder,
                    profile: profile.clone(),
                    scope: scope.clone(),
                    terms: Terms::default(),
                };
                if !draft.imported.policy.assignments.contains(&assign) {
                    draft.imported.policy.assignments.push(assign);
                }
            }
            Err(why) => draft.leave_out(line, why),
        }
    }
    Ok(())
}

fn holder(draft: &mut Draft, subject: &Subject, place: &str) -> Result<HolderKey, NotTaken> {
    match subject.kind.as_str() {
        "User" => draft.user(&subject.name).map(HolderKey::User),
        "ServiceAccount" => {
            let namespace = subject.namespace.as_deref().unwrap_or(place);
            draft
                .user(&format!("{namespace}.{}", subject.name))
                .map(HolderKey::User)
        }
        "Group" => {
            let (key, fresh) = draft.key("group", &subject.name)?;
            if fresh {
                let row = policy::Node {
                    key: key.clone(),
                    label: None,
                    parent: None,
                };
                draft.imported.policy.groups.push(row);
            }
            Ok(HolderKey::Group(key))
        }
        other => Err(NotTaken::Unsupported {
            what: format!("a subject of kind `{other}`"),
        }),
    }
}

/// Takes out whole modules and objects that nothing gives a duty: there is nothing to grant.
fn prune(draft: &mut Draft) {
    let duties: Vec<&str> = draft
        .imported
        .policy
        .duties
        .iter()
        .map(|duty| duty.key.as_str())
        .collect();
    let known = |target: &TargetKey| {
        let inside = format!("{target}.");
        target.depth() == 0
            || duties
                .iter()
                .any(|duty| *duty == target.as_str() || duty.starts_with(&inside))
    };
    for profile in &mut draft.imported.policy.profiles {
        profile
            .grants
            .retain(|grant| !matches!(grant, ProfileGrant::Target(target) if !known(target)));
    }
}
