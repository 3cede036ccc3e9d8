//! Kubernetes roles and their bindings.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
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
use crate::text::Name;

/// What may be done with every resource; others are known where a rule names them.
const VERBS: [&str; 8] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
];

/// Gives a type of the cluster's interface its serde form: absent and null fields are empty, others passed over.
macro_rules! api {
    ($($(#[$doc:meta])* pub struct $name:ident {
        $($(#[$field_doc:meta])* pub $field:ident: $type:ty = $word:literal,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Deserialize))]
        pub struct $name {$(
            $(#[$field_doc])*
            #[cfg_attr(feature = "serde", serde(default, rename = $word, deserialize_with = "or_default"))]
            pub $field: $type,
        )*}
    )*};
}

api! {
    /// A role or a binding, as far as an import looks at it; with serde it reads the objects of the cluster's own
    /// programming interface, in any format.
    pub struct Object {
        /// `Role`, `ClusterRole`, `RoleBinding` or `ClusterRoleBinding`.
        pub kind: String = "kind",
        /// Its name and namespace.
        pub metadata: Metadata = "metadata",
        /// What a role allows.
        pub rules: Vec<Rule> = "rules",
        /// Whom a binding is for.
        pub subjects: Vec<Subject> = "subjects",
        /// The role that a binding gives.
        pub role_ref: Subject = "roleRef",
    }

    /// The name of an object.
    pub struct Metadata {
        /// Its name.
        pub name: String = "name",
        /// Its namespace; empty for what holds in the whole cluster.
        pub namespace: String = "namespace",
    }

    /// One rule of a role.
    pub struct Rule {
        /// Groups of resources; the empty one is the core.
        pub api_groups: Vec<String> = "apiGroups",
        /// Resources.
        pub resources: Vec<String> = "resources",
        /// What may be done with them.
        pub verbs: Vec<String> = "verbs",
        /// Single objects that it is restricted to.
        pub resource_names: Vec<String> = "resourceNames",
        /// Paths that are no resources.
        pub non_resource_urls: Vec<String> = "nonResourceURLs",
    }

    /// Whom a binding is for, or which role it gives.
    pub struct Subject {
        /// `User`, `Group`, `ServiceAccount`; of a role `Role` or `ClusterRole`.
        pub kind: String = "kind",
        /// Its name.
        pub name: String = "name",
        /// The namespace of a service account; empty: the binding's own.
        pub namespace: String = "namespace",
    }
}

#[cfg(feature = "serde")]
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + serde::Deserialize<'de>,
{
    let value: Option<T> = serde::Deserialize::deserialize(deserializer)?;
    Ok(value.unwrap_or_default())
}

/// Reads roles and bindings: a group of resources becomes a module, a resource an object, a verb an action; a
/// namespace becomes a scope, a role a profile, a binding an assignment.
///
/// The resources are those that some rule names, with the usual verbs and whatever others are named for them; a
/// star stands for all of these. Rules for single objects by name and for paths that are no resources are left out
/// and told of, and so are stars that no resource here meets. Who is in a group is not in these objects: the groups
/// are there, and their members are the host's to add. A service account is the user `NAMESPACE.NAME`.
///
/// # Examples
///
/// ```
/// use bailiwick::exchange::{Object, from_kubernetes};
/// use bailiwick::{Name, Resource, Tenant};
///
/// let objects: Vec<Object> = serde_json::from_str(r#"[
///     { "kind": "Role", "metadata": { "name": "reader", "namespace": "shop", "labels": { "team": "a" } },
///       "rules": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"] }] },
///     { "kind": "RoleBinding", "metadata": { "name": "readers", "namespace": "shop" },
///       "subjects": [{ "kind": "User", "name": "ana" }], "roleRef": { "kind": "Role", "name": "reader" } }
/// ]"#)?;
/// let imported = from_kubernetes(Name::new("cluster")?, &objects);
/// assert!(imported.left_out.is_empty());
/// let tenant = Tenant::found(&imported.policy)?;
/// let today = tenant.as_of("2026-03-02T09:00:00Z".parse()?);
/// let shop = Resource { scope: Some("shop".into()), ..Resource::default() };
/// assert!(today.check("ana", "core.pods.list", &shop)?.is_permit());
/// assert!(!today.check("ana", "core.pods.delete", &shop)?.is_permit());
/// assert!(!today.check("ana", "core.pods.list", &Resource::default())?.is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn from_kubernetes(name: Name, objects: &[Object]) -> Imported {
    let mut draft = Draft::new(name);
    let lines = || (1_usize..).zip(objects);
    let known = resources(&mut draft, lines());
    let mut roles: BTreeMap<[&str; 3], Key> = BTreeMap::new();
    for (line, object) in lines() {
        let taken = match object.kind.as_str() {
            "Role" | "ClusterRole" => role(&mut draft, object, &known, line).map(|key| {
                roles.insert([&object.kind, object.place(), &object.metadata.name], key);
            }),
            "RoleBinding" | "ClusterRoleBinding" => Ok(()),
            other => Err(NotTaken::unsupported(
                format!("a `{other}`"),
                format!("un `{other}`"),
            )),
        };
        if let Err(why) = taken {
            draft.leave_out(line, why);
        }
    }
    for (line, object) in lines().filter(|(_, object)| object.kind.ends_with("RoleBinding")) {
        if let Err(why) = binding(&mut draft, object, &roles, line) {
            draft.leave_out(line, why);
        }
    }
    draft.finish()
}

impl Object {
    /// The namespace; empty for what holds in the whole cluster.
    fn place(&self) -> &str {
        if self.kind.starts_with("Cluster") {
            ""
        } else {
            &self.metadata.namespace
        }
    }
}

/// A resource of a group.
type Resource<'o> = (&'o str, &'o str);

/// The resources that rules name, each with its verbs; their duties are in the draft. A resource whose keys are
/// taken by another is left out, and told of.
fn resources<'o>(
    draft: &mut Draft,
    objects: impl Iterator<Item = (usize, &'o Object)>,
) -> BTreeMap<Resource<'o>, BTreeSet<&'o str>> {
    let mut known: BTreeMap<Resource<'o>, BTreeSet<&'o str>> = BTreeMap::new();
    for (line, object) in objects {
        for rule in object.rules.iter().filter(|rule| is_taken(rule).is_ok()) {
            for (group, resource, verb) in triples(rule) {
                if group.contains('*') || resource.contains('*') {
                    continue;
                }
                if !known.contains_key(&(group, resource)) {
                    let place = format!("{}/{resource}", module(group));
                    let key = format!("{}.{}", slug(module(group)), slug(resource));
                    if let Err(why) = draft
                        .claim("group of resources", &slug(module(group)), group)
                        .and_then(|_| draft.claim("resource", &key, &place))
                    {
                        draft.leave_out(line, why);
                        continue;
                    }
                }
                let verbs = known.entry((group, resource)).or_default();
                verbs.extend(VERBS.iter().chain([&verb]).filter(|verb| **verb != "*"));
            }
        }
    }
    for ((group, resource), verbs) in &mut known {
        // A verb whose duty is no key, or another's, is told of where it is granted.
        verbs.retain(|verb| draft.duty(module(group), resource, verb).is_ok());
    }
    known
}

/// What a rule allows, one by one.
fn triples(rule: &Rule) -> impl Iterator<Item = (&str, &str, &str)> {
    rule.api_groups.iter().flat_map(move |group| {
        rule.resources.iter().flat_map(move |resource| {
            let verbs = rule.verbs.iter();
            verbs.map(move |verb| (group.as_str(), resource.as_str(), verb.as_str()))
        })
    })
}

/// Whether a rule is of a kind that a policy can say.
fn is_taken(rule: &Rule) -> Result<(), NotTaken> {
    if let Some(name) = rule.resource_names.first() {
        return Err(NotTaken::unsupported(
            format!("a rule for the single object `{name}`"),
            format!("una regla para el objeto `{name}`"),
        ));
    }
    if let Some(url) = rule.non_resource_urls.first() {
        return Err(NotTaken::unsupported(
            format!("a rule for the path `{url}`"),
            format!("una regla para la ruta `{url}`"),
        ));
    }
    Ok(())
}

fn role(
    draft: &mut Draft,
    object: &Object,
    known: &BTreeMap<Resource<'_>, BTreeSet<&str>>,
    line: usize,
) -> Result<Key, NotTaken> {
    let (place, name) = (object.place(), &object.metadata.name);
    let text = match object.kind.as_str() {
        "ClusterRole" => name.clone(),
        _ => format!("{place} / {name}"),
    };
    let (key, fresh) = draft.key("profile", &text)?;
    if !fresh {
        let key = key.as_str().into();
        return Err(NotTaken::SameKey { text, key });
    }
    let mut profile = policy::Profile::new(key.clone());
    for rule in &object.rules {
        if let Err(why) = is_taken(rule) {
            draft.leave_out(line, why);
            continue;
        }
        for triple in triples(rule) {
            if let Err(why) = grant(triple, known, &mut profile.grants) {
                draft.leave_out(line, why);
            }
        }
    }
    draft.imported.policy.profiles.push(profile);
    Ok(key)
}

/// Adds what one group, resource and verb allow, stars among them.
fn grant(
    (group, resource, verb): (&str, &str, &str),
    known: &BTreeMap<Resource<'_>, BTreeSet<&str>>,
    grants: &mut Vec<ProfileGrant>,
) -> Result<(), NotTaken> {
    let mut add = |target: &str| {
        let no_duty = |_| NotTaken::NoDuty {
            text: format!("{}.{resource}.{verb}", module(group)),
        };
        let grant = ProfileGrant::Target(TargetKey::new(target).map_err(no_duty)?);
        if !grants.contains(&grant) {
            grants.push(grant);
        }
        Ok(())
    };
    if (group, resource, verb) == ("*", "*", "*") {
        return add("*");
    }
    let is = |pattern: &str, name: &str| pattern == "*" || pattern == name;
    let mut met = false;
    for ((of, name), verbs) in known {
        if !(is(group, of) && is(resource, name)) {
            continue;
        }
        let object = format!("{}.{}", slug(module(of)), slug(name));
        if verb == "*" {
            add(&object)?;
            met = true;
        } else if verbs.contains(verb) {
            add(&format!("{object}.{}", slug(verb)))?;
            met = true;
        }
    }
    if met {
        return Ok(());
    }
    let what = format!("`{group}/{resource}`: `{verb}`");
    Err(NotTaken::unsupported(what.clone(), what))
}

fn module(group: &str) -> &str {
    if group.is_empty() { "core" } else { group }
}

fn binding(
    draft: &mut Draft,
    object: &Object,
    roles: &BTreeMap<[&str; 3], Key>,
    line: usize,
) -> Result<(), NotTaken> {
    let (place, role) = (object.place(), &object.role_ref);
    let of = if role.kind == "ClusterRole" {
        ""
    } else {
        place
    };
    let profile = roles.get(&[role.kind.as_str(), of, &role.name]).cloned();
    let profile = profile.ok_or_else(|| NotTaken::NoSuchRole {
        role: role.name.clone(),
    })?;
    let scope = match place {
        "" => None,
        place => Some(draft.scope(place)?),
    };
    for subject in &object.subjects {
        match holder(draft, subject, place) {
            Ok(holder) => draft.assign(holder, profile.clone(), scope.clone()),
            Err(why) => draft.leave_out(line, why),
        }
    }
    Ok(())
}

fn holder(draft: &mut Draft, subject: &Subject, place: &str) -> Result<HolderKey, NotTaken> {
    match subject.kind.as_str() {
        "User" => draft.user(&subject.name).map(HolderKey::User),
        "ServiceAccount" => {
            let of = match subject.namespace.as_str() {
                "" => place,
                namespace => namespace,
            };
            let (text, whole) = (
                format!("{of}.{}", subject.name),
                format!("system:serviceaccount:{of}:{}", subject.name),
            );
            draft.user_named(&text, &whole).map(HolderKey::User)
        }
        "Group" => {
            let (key, fresh) = draft.key("group", &subject.name)?;
            if fresh {
                let row = policy::Node::new(key.clone());
                draft.imported.policy.groups.push(row);
            }
            Ok(HolderKey::Group(key))
        }
        other => Err(NotTaken::unsupported(
            format!("a subject of kind `{other}`"),
            format!("un sujeto de tipo `{other}`"),
        )),
    }
}
