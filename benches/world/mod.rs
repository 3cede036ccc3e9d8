//! One generated organisation, and the ways one might answer for it by hand.
//!
//! 181 duties in 20 modules; 40 profiles of 12 to 30 duties; 1 to 4 profiles a user, for nine in ten by one of
//! 300 jobs; one user in twenty has 1 to 3 grants or revokes of their own, a fifth of them of a whole module, and
//! one in ten of those ends some day. Each of these numbers can be another ([`Sizes`]).

use bailiwick::DutyId;
use bailiwick::HashKey;
use bailiwick::HolderKey;
use bailiwick::Name;
use bailiwick::Policy;
use bailiwick::SnapshotOptions;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::UserId;
use bailiwick::policy;
use bailiwick::policy::Terms;
use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

pub const DUTIES: usize = 181;
pub const MODULES: usize = 20;
const PROFILES: usize = 40;
const JOBS: usize = 300;

/// Numbers that depend on the seed alone: splitmix64.
pub struct Draw(pub u64);

impl Draw {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

/// What a user holds of their own: of a duty, or of a module.
#[derive(Clone, Copy)]
pub enum On {
    Duty(u16),
    Module(u16),
}

#[derive(Clone, Copy)]
pub struct Entry {
    pub on: On,
    pub grants: bool,
    pub until: Option<i64>,
}

#[derive(Clone, Default)]
pub struct Person {
    pub profiles: Vec<u16>,
    /// One more profile, in a scope.
    pub scoped: Option<(u16, usize)>,
    pub entries: Vec<Entry>,
}

/// How large an organisation is.
#[derive(Clone, Copy)]
pub struct Sizes {
    pub users: usize,
    /// In modules of nine, about.
    pub duties: usize,
    pub profiles: usize,
    /// How many entries each user has; without a number one user in twenty has 1 to 3.
    pub entries: Option<usize>,
    /// If there are scopes, each user has one more profile in one of them.
    pub scopes: usize,
}

impl Sizes {
    pub const fn of(users: usize) -> Self {
        Self {
            users,
            duties: DUTIES,
            profiles: PROFILES,
            entries: None,
            scopes: 0,
        }
    }

    pub fn modules(&self) -> usize {
        module_of(self.duties - 1) + 1
    }
}

/// The organisation as plain rows.
pub struct World {
    pub sizes: Sizes,
    pub profiles: Vec<Vec<u16>>,
    pub people: Vec<Person>,
}

/// How many users there are: 100,000 unless `BAILIWICK_USERS` says otherwise.
pub fn users() -> usize {
    let users = std::env::var("BAILIWICK_USERS").ok();
    users
        .and_then(|users| users.parse().ok())
        .unwrap_or(100_000)
}

pub fn module_of(duty: usize) -> usize {
    duty * MODULES / DUTIES
}

pub fn duty_key(duty: usize) -> String {
    format!(
        "module-{:02}.object-{}.action-{duty}",
        module_of(duty),
        duty % 3
    )
}

pub fn user_key(user: usize) -> String {
    format!("user-{user:08}@rio-vista")
}

pub fn scope_key(scope: usize) -> String {
    format!("scope-{scope:05}")
}

/// The scope above one: each has ten below it.
pub fn above(scope: usize) -> Option<usize> {
    scope.checked_sub(1).map(|before| before / 10)
}

/// The instant at which all is asked.
pub fn at() -> Timestamp {
    Timestamp::from_unix(1_767_603_600).unwrap()
}

impl World {
    pub fn new(users: usize) -> Self {
        Self::sized(Sizes::of(users))
    }

    pub fn sized(sizes: Sizes) -> Self {
        let (duties, modules) = (sizes.duties, sizes.modules());
        let mut draw = Draw(42);
        let mut some = |from: usize, to: usize, of: usize| {
            let count = from + draw.below(to - from + 1);
            let mut some: Vec<u16> = (0..count).map(|_| draw.below(of) as u16).collect();
            some.sort_unstable();
            some.dedup();
            some
        };
        let profiles = (0..sizes.profiles).map(|_| some(12, 30, duties)).collect();
        let jobs: Vec<Vec<u16>> = (0..JOBS).map(|_| some(1, 4, sizes.profiles)).collect();
        let mut free = || some(1, 4, sizes.profiles);
        let (mut others, mut places) = (Draw(43), Draw(44));
        let people = (0..sizes.users).map(|_| {
            let profiles = if others.below(10) == 0 {
                free()
            } else {
                jobs[others.below(JOBS)].clone()
            };
            let scoped = (sizes.scopes > 0).then(|| {
                (
                    places.below(sizes.profiles) as u16,
                    places.below(sizes.scopes),
                )
            });
            let mut entries: Vec<Entry> = Vec::new();
            // As many draws, of which some may be of what is there already; or as many entries.
            let (draws, count) = match sizes.entries {
                Some(count) => (usize::MAX, count),
                None if others.below(20) == 0 => (1 + others.below(3), usize::MAX),
                None => (0, 0),
            };
            for _ in 0..draws {
                if entries.len() == count {
                    break;
                }
                let on = if others.below(5) == 0 {
                    On::Module(others.below(modules) as u16)
                } else {
                    On::Duty(others.below(duties) as u16)
                };
                let taken = |entry: &Entry| match (entry.on, on) {
                    (On::Duty(a), On::Duty(b)) | (On::Module(a), On::Module(b)) => a == b,
                    _ => false,
                };
                if !entries.iter().any(taken) {
                    let timed = others.below(10) == 0;
                    entries.push(Entry {
                        on,
                        grants: others.below(2) == 0,
                        until: timed
                            .then(|| at().as_unix() + 86_400 * (1 + others.below(300) as i64)),
                    });
                }
            }
            Person {
                profiles,
                scoped,
                entries,
            }
        });
        let people = people.collect();
        Self {
            sizes,
            profiles,
            people,
        }
    }

    /// The same as a policy.
    pub fn policy(&self) -> Policy {
        let mut policy = Policy::new(Name::new("Rio Vista").unwrap());
        policy.duties = (0..self.sizes.duties)
            .map(|duty| policy::Duty::new(duty_key(duty).parse().unwrap()))
            .collect();
        policy.scopes = (0..self.sizes.scopes)
            .map(|scope| policy::Node {
                key: scope_key(scope).parse().unwrap(),
                label: None,
                parent: above(scope).map(|above| scope_key(above).parse().unwrap()),
            })
            .collect();
        policy.profiles = (0..)
            .zip(&self.profiles)
            .map(|(n, duties)| profile(n, duties))
            .collect();
        let profile_keys: Vec<bailiwick::Key> = policy
            .profiles
            .iter()
            .map(|profile| profile.key.clone())
            .collect();
        for (n, person) in self.people.iter().enumerate() {
            let key: bailiwick::UserKey = user_key(n).parse().unwrap();
            let holder = HolderKey::User(key.clone());
            policy.users.push(user(key));
            let everywhere = person.profiles.iter().map(|profile| (*profile, None));
            let scoped = person.scoped.map(|(profile, scope)| (profile, Some(scope)));
            for (profile, scope) in everywhere.chain(scoped) {
                policy.assignments.push(policy::Assign {
                    holder: holder.clone(),
                    profile: profile_keys[usize::from(profile)].clone(),
                    scope: scope.map(|scope| scope_key(scope).parse().unwrap()),
                    terms: Terms::default(),
                });
            }
            for entry in &person.entries {
                let on = match entry.on {
                    On::Duty(duty) => duty_key(usize::from(duty)),
                    On::Module(module) => format!("module-{module:02}"),
                };
                let terms = Terms {
                    until: entry
                        .until
                        .map(|until| Timestamp::from_unix(until).unwrap()),
                    ..Terms::default()
                };
                let (holder, on) = (holder.clone(), on.parse().unwrap());
                if entry.grants {
                    policy.grants.push(policy::Grant {
                        holder,
                        on,
                        scope: None,
                        reach: None,
                        ceiling: None,
                        terms,
                    });
                } else {
                    policy.revokes.push(policy::Revoke {
                        holder,
                        on,
                        scope: None,
                        terms,
                    });
                }
            }
        }
        policy
    }

    pub fn tenant(&self) -> Tenant {
        Tenant::found(&self.policy()).unwrap()
    }

    /// The plain walk over what a user holds: the most specific entry, else any profile.
    pub fn walk(&self, user: usize, duty: u16) -> bool {
        walk(&self.people[user], &self.profiles, duty, at().as_unix())
    }
}

pub fn profile(n: usize, duties: &[u16]) -> policy::Profile {
    policy::Profile {
        key: format!("profile-{n}").parse().unwrap(),
        label: None,
        grants: duties
            .iter()
            .map(|duty| policy::ProfileGrant::Target(duty_key(usize::from(*duty)).parse().unwrap()))
            .collect(),
        except: Vec::new(),
        limits: Vec::new(),
        ceilings: std::collections::BTreeMap::new(),
    }
}

pub fn user(key: bailiwick::UserKey) -> policy::User {
    policy::User {
        key,
        name: None,
        contact: None,
        login: None,
        department: None,
        team: None,
        all_teams: None,
        groups: Vec::new(),
        enabled: None,
        grant: Vec::new(),
        level: Vec::new(),
        assign: Vec::new(),
    }
}

/// A grant of a duty to a user, in place of what was there.
pub fn grant(person: usize, duty: usize) -> policy::Grant {
    policy::Grant {
        holder: HolderKey::User(user_key(person).parse().unwrap()),
        on: duty_key(duty).parse().unwrap(),
        scope: None,
        reach: None,
        ceiling: None,
        terms: Terms {
            replace: true,
            ..Terms::default()
        },
    }
}

pub fn options() -> SnapshotOptions {
    SnapshotOptions {
        hash_key: Some(HashKey::new(*b"drawn at random!")),
    }
}

pub fn walk(person: &Person, profiles: &[Vec<u16>], duty: u16, at: i64) -> bool {
    let mut of_module = None;
    for entry in &person.entries {
        if entry.until.is_some_and(|until| until <= at) {
            continue;
        }
        match entry.on {
            On::Duty(on) if on == duty => return entry.grants,
            On::Module(on) if usize::from(on) == module_of(usize::from(duty)) => {
                of_module = Some(entry.grants);
            }
            _ => {}
        }
    }
    of_module.unwrap_or_else(|| {
        person
            .profiles
            .iter()
            .any(|profile| profiles[usize::from(*profile)].contains(&duty))
    })
}

/// By hand: people by number, walked at each check.
pub struct ByNumber {
    pub people: HashMap<u32, Person>,
    pub profiles: Vec<Vec<u16>>,
}

impl ByNumber {
    pub fn new(world: &World) -> Self {
        Self {
            people: (0..).zip(world.people.iter().cloned()).collect(),
            profiles: world.profiles.clone(),
        }
    }

    pub fn allows(&self, user: u32, duty: u16, at: i64) -> bool {
        self.people
            .get(&user)
            .is_some_and(|person| walk(person, &self.profiles, duty, at))
    }
}

/// By hand: everything by its key, walked at each check.
pub struct ByKey {
    people: HashMap<String, KeyedPerson>,
    profiles: HashMap<String, Vec<String>>,
}

struct KeyedPerson {
    profiles: Vec<String>,
    entries: Vec<(String, bool, Option<i64>)>,
}

impl ByKey {
    pub fn new(world: &World) -> Self {
        let name = |profile: usize| format!("profile-{profile}");
        let keyed = |person: &Person| KeyedPerson {
            profiles: person
                .profiles
                .iter()
                .map(|profile| name(usize::from(*profile)))
                .collect(),
            entries: person
                .entries
                .iter()
                .map(|entry| {
                    let on = match entry.on {
                        On::Duty(duty) => duty_key(usize::from(duty)),
                        On::Module(module) => format!("module-{module:02}"),
                    };
                    (on, entry.grants, entry.until)
                })
                .collect(),
        };
        Self {
            people: world
                .people
                .iter()
                .enumerate()
                .map(|(n, person)| (user_key(n), keyed(person)))
                .collect(),
            profiles: world
                .profiles
                .iter()
                .enumerate()
                .map(|(n, duties)| {
                    (
                        name(n),
                        duties
                            .iter()
                            .map(|duty| duty_key(usize::from(*duty)))
                            .collect(),
                    )
                })
                .collect(),
        }
    }

    pub fn allows(&self, user: &str, duty: &str, at: i64) -> bool {
        let Some(person) = self.people.get(user) else {
            return false;
        };
        let module = duty.split('.').next().unwrap();
        let mut of_module = None;
        for (on, grants, until) in &person.entries {
            if until.is_some_and(|until| until <= at) {
                continue;
            }
            if on == duty {
                return *grants;
            }
            if on == module {
                of_module = Some(*grants);
            }
        }
        of_module.unwrap_or_else(|| {
            let has = |profile: &String| {
                self.profiles
                    .get(profile)
                    .is_some_and(|duties| duties.iter().any(|key| key == duty))
            };
            person.profiles.iter().any(has)
        })
    }
}

/// By hand: every permitted duty of everyone, worked out beforehand.
pub type Sets = HashMap<u32, HashSet<u16>>;

pub fn sets(world: &World) -> Sets {
    let duties = |user| {
        (0..DUTIES as u16)
            .filter(move |duty| world.walk(user, *duty))
            .collect()
    };
    (0..world.people.len())
        .map(|user| (user as u32, duties(user)))
        .collect()
}

/// The same from what people hold, entry by entry: what it takes to fill them.
pub fn fill(world: &World) -> Sets {
    let duties = |person: &Person| {
        let given = person
            .profiles
            .iter()
            .map(|profile| &world.profiles[usize::from(*profile)]);
        let mut duties: HashSet<u16> = given.flatten().copied().collect();
        for of_modules in [true, false] {
            for entry in &person.entries {
                let on: Vec<u16> = match entry.on {
                    On::Module(module) if of_modules => (0..DUTIES as u16)
                        .filter(|duty| module_of(usize::from(*duty)) == usize::from(module))
                        .collect(),
                    On::Duty(duty) if !of_modules => vec![duty],
                    _ => continue,
                };
                if entry.until.is_some_and(|until| until <= at().as_unix()) {
                    continue;
                }
                if entry.grants {
                    duties.extend(on);
                } else {
                    duties.retain(|duty| !on.contains(duty));
                }
            }
        }
        duties
    };
    (0..).zip(world.people.iter().map(duties)).collect()
}

/// By hand: a number for each user, in blocks that are copied when they change.
pub type ByBlock = Arc<Vec<Arc<[u32; 4_096]>>>;

pub fn blocks(users: usize) -> ByBlock {
    Arc::new(
        (0..users.div_ceil(4_096))
            .map(|_| Arc::new([0; 4_096]))
            .collect(),
    )
}

pub fn with(blocks: &ByBlock, user: usize, row: u32) -> ByBlock {
    let mut blocks = Vec::clone(blocks);
    Arc::make_mut(&mut blocks[user / 4_096])[user % 4_096] = row;
    Arc::new(blocks)
}

/// By hand: the distinct combinations of profiles, each with the duties that it gives.
pub fn combinations(world: &World) -> Vec<(Vec<u16>, [u64; 4])> {
    let distinct: HashSet<&Vec<u16>> = world.people.iter().map(|person| &person.profiles).collect();
    distinct
        .into_iter()
        .map(|profiles| (profiles.clone(), [0; 4]))
        .collect()
}

/// The duties of all combinations after an edit of one profile.
pub fn edited(combinations: &[(Vec<u16>, [u64; 4])], world: &World, profile: u16) -> Vec<[u64; 4]> {
    let bits = |duties: &Vec<u16>| {
        let mut bits = [0; 4];
        for duty in duties {
            bits[usize::from(*duty >> 6)] |= 1 << (duty & 63);
        }
        bits
    };
    let given: Vec<[u64; 4]> = world.profiles.iter().map(bits).collect();
    let mut rows: Vec<[u64; 4]> = combinations.iter().map(|(_, row)| *row).collect();
    for ((profiles, _), row) in combinations.iter().zip(&mut rows) {
        if profiles.contains(&profile) {
            *row = profiles.iter().fold([0; 4], |row, profile| {
                let more = given[usize::from(*profile)];
                std::array::from_fn(|word| row[word] | more[word])
            });
        }
    }
    rows
}

/// The limit: one bit for each user and duty, in one table.
pub fn dense(world: &World) -> Vec<[u64; 3]> {
    let row = |user| {
        let mut row = [0; 3];
        for duty in (0..DUTIES).filter(|duty| world.walk(user, *duty as u16)) {
            row[duty / 64] |= 1 << (duty % 64);
        }
        row
    };
    (0..world.people.len()).map(row).collect()
}

/// Users and duties to ask about; every fourth user has entries of their own.
pub fn queries(world: &World, count: usize, users: usize, seed: u64) -> Vec<(u32, u16)> {
    let own: Vec<u32> = (0..)
        .zip(&world.people)
        .filter(|(_, person)| !person.entries.is_empty())
        .map(|(n, _)| n)
        .collect();
    let mut draw = Draw(seed);
    let mut pool: Vec<u32> = (0..users.min(1 << 18))
        .map(|n| {
            if n % 4 == 0 && !own.is_empty() {
                own[draw.below(own.len())]
            } else {
                draw.below(world.people.len()) as u32
            }
        })
        .collect();
    pool.sort_unstable_by_key(|user| user.wrapping_mul(0x9e37_79b1));
    (0..count)
        .map(|_| {
            let user = pool[draw.below(pool.len())];
            (user, draw.below(world.sizes.duties) as u16)
        })
        .collect()
}

/// The handles of all users and duties.
pub fn handles(tenant: &Tenant, world: &World) -> (Vec<UserId>, Vec<DutyId>) {
    let users = (0..world.people.len()).map(|user| tenant.user(&user_key(user)).unwrap());
    let duties = (0..world.sizes.duties).map(|duty| tenant.duty(&duty_key(duty)).unwrap());
    (users.collect(), duties.collect())
}
