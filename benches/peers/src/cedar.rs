//! Cedar, twice: as one who knows it writes for speed, and as its documentation leads one to write.
//!
//! Own entries are tags of the user in both, from what they are of to when they end. The profiles of a user as
//! numbers in an attribute would be a little faster for the expert, at twice the heap.

use crate::peer::Peer;
use crate::rows::Rows;
use crate::world;
use crate::world::Entry;
use crate::world::On;
use cedar_policy::Authorizer;
use cedar_policy::Context;
use cedar_policy::Decision;
use cedar_policy::Entities;
use cedar_policy::Entity;
use cedar_policy::EntityId;
use cedar_policy::EntityTypeName;
use cedar_policy::EntityUid;
use cedar_policy::PolicySet;
use cedar_policy::Request;
use cedar_policy::RestrictedExpression as Value;
use std::sync::LazyLock;

/// One policy, as each is evaluated at every check; a duty is a resource and knows its profiles and its tags.
const EXPERT: &str = r#"
permit (principal, action == Action::"use", resource) when {
    if !(principal has own) then principal in resource.profiles
    else if principal.hasTag(resource.grant) && context.now < principal.getTag(resource.grant) then true
    else if principal.hasTag(resource.revoke) && context.now < principal.getTag(resource.revoke) then false
    else if principal.hasTag(resource.module_grant) && context.now < principal.getTag(resource.module_grant) then true
    else if principal.hasTag(resource.module_revoke) && context.now < principal.getTag(resource.module_revoke) then false
    else principal in resource.profiles
};
"#;

/// Two policies beside one for each profile; a duty is an action in the group of each of its profiles.
const GROUPS: &str = "
permit (principal, action, resource) when {
    principal.hasTag(context.grant) && context.now < principal.getTag(context.grant)
    || principal.hasTag(context.module_grant) && context.now < principal.getTag(context.module_grant)
};
forbid (principal, action, resource) when {
    principal.hasTag(context.revoke) && context.now < principal.getTag(context.revoke)
    || principal.hasTag(context.module_revoke) && context.now < principal.getTag(context.module_revoke)
        && !(principal.hasTag(context.grant) && context.now < principal.getTag(context.grant))
};
";

pub struct Expert {
    cedar: Cedar,
    context: Context,
}

pub struct Groups {
    cedar: Cedar,
    contexts: Vec<Context>,
}

struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
}

impl Peer for Expert {
    const NAME: &'static str = "cedar, expert";
    const APART: &'static str =
        "evaluates every policy and says which decided, by design; a grant rebuilds the hierarchy";
    const BEARS: usize = 100_000;
    type Request = Request;

    fn load(rows: &Rows) -> Self {
        let duties = (0..world::DUTIES as u16).map(|duty| {
            let profiles = rows
                .with(duty)
                .map(|key| Value::new_entity_uid(PROFILE.uid(key)));
            let profiles = ("profiles".to_owned(), Value::new_set(profiles));
            let attributes = tags_of(rows, duty).chain([profiles]);
            Entity::new_with_tags(DUTY.uid(rows.duty(duty)), attributes, [], []).unwrap()
        });
        Self {
            cedar: Cedar::new(EXPERT, duties.chain(people(rows))),
            context: Context::from_pairs([now()]).unwrap(),
        }
    }

    fn request(&self, rows: &Rows, user: u32, duty: u16) -> Request {
        let (user, duty) = (USER.uid(rows.user(user)), DUTY.uid(rows.duty(duty)));
        Request::new(user, ACTION.uid("use"), duty, self.context.clone(), None).unwrap()
    }

    fn allows(&mut self, request: &Request) -> bool {
        self.cedar.allows(request)
    }

    fn grant(&mut self, rows: &Rows, user: u32, duty: u16) {
        self.cedar.grant(rows, user, duty);
    }
}

impl Peer for Groups {
    const NAME: &'static str = "cedar, action groups";
    const APART: &'static str = "as above, with a policy for each profile";
    const BEARS: usize = 10_000;
    type Request = Request;

    fn load(rows: &Rows) -> Self {
        let of_profiles = rows.profiles.iter().map(|profile| {
            format!("permit (principal in Profile::\"{profile}\", action in Action::\"{profile}\", resource);")
        });
        let policies: String = of_profiles.chain([GROUPS.to_owned()]).collect();
        let duties = (0..world::DUTIES as u16).map(|duty| {
            let groups = rows.with(duty).map(|profile| ACTION.uid(profile));
            Entity::new_no_attrs(ACTION.uid(rows.duty(duty)), groups.collect())
        });
        let groups = rows
            .profiles
            .iter()
            .map(|profile| Entity::with_uid(ACTION.uid(profile)));
        let contexts = (0..world::DUTIES as u16)
            .map(|duty| Context::from_pairs(tags_of(rows, duty).chain([now()])).unwrap());
        Self {
            cedar: Cedar::new(&policies, duties.chain(groups).chain(people(rows))),
            contexts: contexts.collect(),
        }
    }

    fn request(&self, rows: &Rows, user: u32, duty: u16) -> Request {
        let context = self.contexts[usize::from(duty)].clone();
        let (user, duty) = (USER.uid(rows.user(user)), ACTION.uid(rows.duty(duty)));
        Request::new(user, duty, DUTY.uid("any"), context, None).unwrap()
    }

    fn allows(&mut self, request: &Request) -> bool {
        self.cedar.allows(request)
    }

    fn grant(&mut self, rows: &Rows, user: u32, duty: u16) {
        self.cedar.grant(rows, user, duty);
    }
}

impl Cedar {
    fn new(policies: &str, entities: impl Iterator<Item = Entity>) -> Self {
        Self {
            authorizer: Authorizer::new(),
            policies: policies.parse().unwrap(),
            entities: Entities::from_entities(entities, None).unwrap(),
        }
    }

    fn allows(&self, request: &Request) -> bool {
        let response = self
            .authorizer
            .is_authorized(request, &self.policies, &self.entities);
        response.decision() == Decision::Allow
    }

    fn grant(&mut self, rows: &Rows, who: u32, duty: u16) {
        let mut entries = rows.world.people[who as usize].entries.clone();
        entries.push(Entry {
            on: On::Duty(duty),
            grants: true,
            until: None,
        });
        let entities = std::mem::replace(&mut self.entities, Entities::empty());
        let changed = [user(rows, who, &entries)];
        self.entities = entities.upsert_entities(changed, None).unwrap();
    }
}

/// The profiles, and the users in them.
fn people(rows: &Rows) -> impl Iterator<Item = Entity> {
    let profiles = rows
        .profiles
        .iter()
        .map(|profile| Entity::with_uid(PROFILE.uid(profile)));
    let people = (0..).zip(&rows.world.people);
    profiles.chain(people.map(|(n, person)| user(rows, n, &person.entries)))
}

fn user(rows: &Rows, user: u32, entries: &[Entry]) -> Entity {
    let profiles = rows.world.people[user as usize].profiles.iter();
    let profiles = profiles.map(|profile| PROFILE.uid(rows.profile(*profile)));
    let own = (!entries.is_empty()).then(|| ("own".to_owned(), Value::new_bool(true)));
    let tags = entries.iter().map(|entry| {
        let sign = if entry.grants { '+' } else { '-' };
        let until = Value::new_long(entry.until.unwrap_or(i64::MAX));
        (format!("{sign}{}", rows.on(entry.on)), until)
    });
    Entity::new_with_tags(USER.uid(rows.user(user)), own, profiles, tags).unwrap()
}

/// Which tags speak of a duty.
fn tags_of(rows: &Rows, duty: u16) -> impl Iterator<Item = (String, Value)> {
    let (duty, module) = (rows.duty(duty), rows.module_of(duty));
    let tags = [
        ("grant", '+', duty),
        ("revoke", '-', duty),
        ("module_grant", '+', module),
        ("module_revoke", '-', module),
    ];
    tags.into_iter()
        .map(|(name, sign, on)| (name.to_owned(), Value::new_string(format!("{sign}{on}"))))
}

fn now() -> (String, Value) {
    ("now".to_owned(), Value::new_long(world::at().as_unix()))
}

struct Kind(LazyLock<EntityTypeName>);

static USER: Kind = Kind(LazyLock::new(|| "User".parse().unwrap()));
static PROFILE: Kind = Kind(LazyLock::new(|| "Profile".parse().unwrap()));
static ACTION: Kind = Kind(LazyLock::new(|| "Action".parse().unwrap()));
static DUTY: Kind = Kind(LazyLock::new(|| "Duty".parse().unwrap()));

impl Kind {
    fn uid(&self, key: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.0.clone(), EntityId::new(key))
    }
}
