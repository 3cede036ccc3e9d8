//! Casbin: roles with priorities, the most specific rules first.
//!
//! Every rule is matched against every request, so the number of rules is what counts: a module is a word of the
//! request rather than a rule for each of its duties, and roles are looked up for the rules of profiles alone.

use crate::peer::Peer;
use crate::peer::ready;
use crate::rows::Rows;
use crate::world::On;
use casbin::CachedApi;
use casbin::CachedEnforcer;
use casbin::CoreApi;
use casbin::DefaultCache;
use casbin::DefaultModel;
use casbin::Enforcer;
use casbin::MemoryAdapter;
use casbin::MgmtApi;
use casbin::NullAdapter;

const MODEL: &str = r#"
[request_definition]
r = sub, obj, module

[policy_definition]
p = of, sub, obj, eft

[role_definition]
g = _, _

[policy_effect]
e = priority(p.eft) || deny

[matchers]
m = (r.obj == p.obj || r.module == p.obj) && (r.sub == p.sub || p.of == "profile" && g(r.sub, p.sub))
"#;

/// Casbin in one of its forms.
pub struct Casbin<F: Form>(F::Enforcer);

/// How casbin is used.
pub trait Form {
    const NAME: &'static str;
    const APART: &'static str;
    const BEARS: usize;
    type Enforcer: CoreApi + MgmtApi;

    fn filled(rows: &Rows) -> Self::Enforcer;
}

/// Without an adapter: nothing is kept twice, and nothing can be loaded again.
pub struct Lean;

/// With an adapter in memory, as its documentation shows it.
pub struct Kept;

/// With a cache large enough for all that is asked.
pub struct Cached;

impl Form for Lean {
    const NAME: &'static str = "casbin";
    const APART: &'static str =
        "knows no expiry (nothing has expired here); takes strings only; matches every rule";
    const BEARS: usize = 64;
    type Enforcer = Enforcer;

    fn filled(rows: &Rows) -> Enforcer {
        filled(rows, NullAdapter)
    }
}

impl Form for Kept {
    const NAME: &'static str = "casbin, kept";
    const APART: &'static str =
        "as above, with an adapter in memory, from which it can be loaded again";
    const BEARS: usize = 64;
    type Enforcer = Enforcer;

    fn filled(rows: &Rows) -> Enforcer {
        filled(rows, MemoryAdapter::default())
    }
}

impl Form for Cached {
    const NAME: &'static str = "casbin, cached";
    const APART: &'static str =
        "every check is in the cache, which any change empties; in a tenant of 1,000 users";
    const BEARS: usize = 4_096;
    type Enforcer = CachedEnforcer;

    fn filled(rows: &Rows) -> CachedEnforcer {
        let mut enforcer: CachedEnforcer = filled(rows, NullAdapter);
        enforcer.set_cache(Box::new(DefaultCache::new(1 << 20)));
        enforcer
    }
}

impl<F: Form> Peer for Casbin<F> {
    const NAME: &'static str = F::NAME;
    const APART: &'static str = F::APART;
    const BEARS: usize = F::BEARS;
    type Request = [String; 3];

    fn load(rows: &Rows) -> Self {
        Self(F::filled(rows))
    }

    fn request(&self, rows: &Rows, user: u32, duty: u16) -> [String; 3] {
        [rows.user(user), rows.duty(duty), rows.module_of(duty)].map(str::to_owned)
    }

    fn allows(&mut self, [user, duty, module]: &[String; 3]) -> bool {
        self.0.enforce((user, duty, module)).unwrap()
    }

    /// A rule at the end: nobody who is granted something here has rules before it.
    fn grant(&mut self, rows: &Rows, user: u32, duty: u16) {
        let rule = ["user", rows.user(user), rows.duty(duty), "allow"].map(str::to_owned);
        ready(self.0.add_policy(rule.to_vec())).unwrap();
    }
}

/// An enforcer with all rules. Its adapter, if that is one, keeps every rule a second time.
fn filled<E: CoreApi + MgmtApi>(rows: &Rows, adapter: impl casbin::TryIntoAdapter) -> E {
    let model = ready(DefaultModel::from_str(MODEL)).unwrap();
    let mut enforcer: E = ready(E::new(model, adapter)).unwrap();
    let people = || rows.users.iter().zip(&rows.world.people);
    let mut rules = Vec::new();
    for of_duties in [true, false] {
        for (user, person) in people() {
            let entries = person.entries.iter();
            let entries = entries.filter(|entry| matches!(entry.on, On::Duty(_)) == of_duties);
            rules.extend(entries.map(|entry| {
                let effect = if entry.grants { "allow" } else { "deny" };
                ["user", user, rows.on(entry.on), effect]
                    .map(str::to_owned)
                    .to_vec()
            }));
        }
    }
    for (profile, duties) in rows.profiles.iter().zip(&rows.world.profiles) {
        rules.extend(duties.iter().map(|duty| {
            ["profile", profile, rows.duty(*duty), "allow"]
                .map(str::to_owned)
                .to_vec()
        }));
    }
    let roles = people().flat_map(|(user, person)| {
        let profiles = person.profiles.iter();
        profiles.map(move |profile| vec![user.clone(), rows.profile(*profile).to_owned()])
    });
    ready(enforcer.add_policies(rules)).unwrap();
    ready(enforcer.add_grouping_policies(roles.collect())).unwrap();
    enforcer
}
