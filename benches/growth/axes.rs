//! Five axes of one organisation: users, duties, profiles, entries, scopes.

use crate::Extent;
use crate::figure;
use crate::figure::Figure;
use crate::figure::took;
use crate::heap;
use crate::page::Axis;
use crate::page::Point;
use crate::page::whole;
use crate::world;
use crate::world::Sizes;
use crate::world::World;
use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Decision;
use bailiwick::DutyId;
use bailiwick::Event;
use bailiwick::Publisher;
use bailiwick::Resource;
use bailiwick::ScopeId;
use bailiwick::Snapshot;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::UserId;
use std::hint::black_box;

/// What is asked of an organisation.
#[derive(Clone, Copy, PartialEq)]
enum Ask {
    FewAllows,
    Allows,
    Check,
    ByKey,
    InScope,
    Effective,
    EffectiveInScope,
    WhoCan,
    Compile,
    Rows,
    Decisions,
    Names,
    State,
    Grant,
    Edit,
    Explain,
    ExplainInScope,
}

impl Ask {
    const fn figure(self) -> Figure {
        match self {
            Self::FewAllows => figure::time(
                "yes or no, few users again and again",
                "yes or no, few users",
            ),
            Self::Allows => figure::time("yes or no, any user", "yes or no"),
            Self::Check => figure::time("check with its reason, any user", "check with its reason"),
            Self::ByKey => figure::time("yes or no by keys, any user", "yes or no by keys"),
            Self::InScope => figure::time("check in a scope, any user", "check in a scope"),
            Self::Effective => figure::time("all that a user may do", "all that a user may do"),
            Self::EffectiveInScope => figure::time(
                "all that a user may do in a scope",
                "all that a user may do",
            ),
            Self::WhoCan => figure::time("how many can", "how many can"),
            Self::Compile => figure::time("compiling", "compiling"),
            Self::Rows => figure::count("rows"),
            Self::Decisions => figure::bytes("decisions, a user", "decisions, a user"),
            Self::Names => figure::bytes("names, a user", "names, a user"),
            Self::State => figure::bytes("the tenant, a user", "the tenant, a user"),
            Self::Grant => figure::time("a grant published", "a grant published"),
            Self::Edit => figure::time("a profile's edit published", "an edit published"),
            Self::Explain => figure::time("explaining", "explaining"),
            Self::ExplainInScope => figure::time("explaining in a scope", "explaining"),
        }
    }
}

pub fn users(extent: Extent) -> Axis {
    let sizes = points(extent, &[1_000, 10_000, 100_000, 1_000_000], &[40, 300]);
    let asks = [
        Ask::FewAllows,
        Ask::Allows,
        Ask::ByKey,
        Ask::Check,
        Ask::Effective,
        Ask::WhoCan,
        Ask::Compile,
        Ask::Grant,
        Ask::Explain,
        Ask::Decisions,
        Ask::Names,
        Ask::State,
    ];
    axis(extent, "users", "users", sizes, &asks, |users| {
        Sizes::of(users)
    })
}

pub fn duties(extent: Extent) -> Axis {
    let sizes = points(extent, &[181, 512, 1_024, 4_096], &[181, 300]);
    let asks = [
        Ask::FewAllows,
        Ask::Allows,
        Ask::Check,
        Ask::Effective,
        Ask::WhoCan,
        Ask::Compile,
        Ask::Grant,
        Ask::Explain,
        Ask::Decisions,
    ];
    axis(extent, "duties", "duties", sizes, &asks, |duties| Sizes {
        duties,
        ..standard(extent)
    })
}

pub fn profiles(extent: Extent) -> Axis {
    let sizes = points(extent, &[1, 10, 40, 200], &[1, 5]);
    let asks = [
        Ask::Allows,
        Ask::Check,
        Ask::Effective,
        Ask::Compile,
        Ask::Grant,
        Ask::Edit,
        Ask::Explain,
        Ask::Rows,
        Ask::Decisions,
    ];
    axis(extent, "profiles", "profiles", sizes, &asks, |profiles| {
        Sizes {
            profiles,
            ..standard(extent)
        }
    })
}

pub fn entries(extent: Extent) -> Axis {
    let sizes = points(extent, &[0, 1, 10, 100], &[0, 3]);
    let asks = [
        Ask::Allows,
        Ask::Check,
        Ask::Effective,
        Ask::Compile,
        Ask::Grant,
        Ask::Explain,
        Ask::Rows,
        Ask::Decisions,
        Ask::State,
    ];
    axis(
        extent,
        "entries",
        "entries of each user",
        sizes,
        &asks,
        |entries| Sizes {
            users: standard(extent).users / 10,
            entries: Some(entries),
            ..standard(extent)
        },
    )
}

pub fn scopes(extent: Extent) -> Axis {
    let sizes = points(extent, &[1, 10, 100, 1_000, 10_000], &[1, 12]);
    let asks = [
        Ask::Allows,
        Ask::Check,
        Ask::InScope,
        Ask::EffectiveInScope,
        Ask::Compile,
        Ask::Grant,
        Ask::ExplainInScope,
        Ask::Rows,
        Ask::Decisions,
    ];
    axis(extent, "scopes", "scopes", sizes, &asks, |scopes| Sizes {
        scopes,
        ..standard(extent)
    })
}

fn points(extent: Extent, all: &'static [usize], few: &'static [usize]) -> &'static [usize] {
    match extent {
        Extent::Whole => all,
        Extent::Trial => few,
    }
}

fn standard(extent: Extent) -> Sizes {
    Sizes::of(match extent {
        Extent::Whole => 100_000,
        Extent::Trial => 300,
    })
}

fn axis(
    extent: Extent,
    file: &'static str,
    what: &'static str,
    sizes: &[usize],
    asks: &[Ask],
    of: impl Fn(usize) -> Sizes,
) -> Axis {
    let point = |size: &usize| {
        if extent == Extent::Whole {
            println!("{} {what} …", whole(*size as f64));
        }
        let town = Town::new(extent, of(*size), *size);
        Point {
            size: *size,
            values: asks.iter().map(|ask| town.measure(file, *ask)).collect(),
        }
    };
    Axis {
        file,
        what,
        figures: asks.iter().map(|ask| ask.figure()).collect(),
        points: sizes.iter().map(point).collect(),
    }
}

/// The organisation whose memory a process of its own measures.
pub fn sizes_for(file: &str, size: usize, extent: Extent) -> Sizes {
    match file {
        "entries" => Sizes {
            users: standard(extent).users / 10,
            entries: Some(size),
            ..standard(extent)
        },
        _ => Sizes::of(size),
    }
}

/// An organisation that is being measured.
struct Town {
    extent: Extent,
    size: usize,
    world: World,
    tenant: Tenant,
    snapshot: Snapshot,
    users: Vec<UserId>,
    duties: Vec<DutyId>,
    scopes: Vec<ScopeId>,
}

/// A user, a duty and a scope: as handles, and as numbers of the organisation.
struct Query {
    user: UserId,
    duty: DutyId,
    scope: Option<ScopeId>,
    permitted: bool,
}

impl Town {
    fn new(extent: Extent, sizes: Sizes, size: usize) -> Self {
        let world = World::sized(sizes);
        let tenant = world.tenant();
        let (users, duties) = world::handles(&tenant, &world);
        let scope = |scope| tenant.scope(&world::scope_key(scope)).unwrap();
        Self {
            extent,
            size,
            snapshot: tenant.snapshot(world::at(), &world::options()),
            scopes: (0..sizes.scopes).map(scope).collect(),
            users,
            duties,
            world,
            tenant,
        }
    }

    fn measure(&self, file: &str, ask: Ask) -> Option<f64> {
        let users = self.users.len() as f64;
        let memory = self.snapshot.memory();
        Some(match ask {
            Ask::FewAllows => self.allows(&self.queries(4_096, 64, false)),
            Ask::Allows => self.allows(&self.queries(262_144, usize::MAX, false)),
            Ask::Check => self.check(&self.queries(262_144, usize::MAX, false)),
            Ask::InScope => self.check(&self.queries(262_144, usize::MAX, true)),
            Ask::ByKey => self.check_by_key(),
            Ask::Effective => self.effective(false),
            Ask::EffectiveInScope => self.effective(true),
            Ask::WhoCan => self.who_can(),
            Ask::Compile => took(self.extent, 1, || {
                black_box(self.tenant.snapshot(world::at(), &world::options()));
            }),
            Ask::Rows => self.snapshot.rows() as f64,
            Ask::Decisions => memory.decisions as f64 / users,
            Ask::Names => memory.names as f64 / users,
            Ask::State => heap::of(self.extent, file, self.size)? / users,
            Ask::Grant => self.grant(),
            Ask::Edit => self.edit(),
            Ask::Explain => self.explain(false),
            Ask::ExplainInScope => self.explain(true),
        })
    }

    /// Users and duties, and where they are asked about: every other user where something of the user's own holds.
    fn queries(&self, count: usize, of: usize, scoped: bool) -> Vec<Query> {
        let mut draw = world::Draw(3);
        let query = |(n, (user, duty)): (usize, (u32, u16))| {
            let own = self.world.people[user as usize].scoped;
            let scope = match own.filter(|_| n % 2 == 0) {
                Some((_, scope)) => Some(scope),
                None => (!self.scopes.is_empty()).then(|| draw.below(self.scopes.len())),
            };
            let scope = scope.filter(|_| scoped);
            Query {
                user: self.users[user as usize],
                duty: self.duties[usize::from(duty)],
                scope: scope.map(|scope| self.scopes[scope]),
                permitted: match scope {
                    Some(scope) => self.walk_in(user as usize, duty, scope),
                    None => self.world.walk(user as usize, duty),
                },
            }
        };
        let pairs = world::queries(&self.world, count, of, 7);
        pairs.into_iter().enumerate().map(query).collect()
    }

    /// The plain walk in a scope, where the scoped profile may count too.
    fn walk_in(&self, user: usize, duty: u16, scope: usize) -> bool {
        let mut person = self.world.people[user].clone();
        let mut path = std::iter::successors(Some(scope), |scope| world::above(*scope));
        let here = person
            .scoped
            .filter(|(_, scope)| path.any(|on| on == *scope));
        person.profiles.extend(here.map(|(profile, _)| profile));
        world::walk(&person, &self.world.profiles, duty, world::at().as_unix())
    }

    fn allows(&self, queries: &[Query]) -> f64 {
        let asked = self.snapshot.as_of(world::at());
        let permitted = queries.iter().filter(|query| query.permitted).count();
        took(self.extent, queries.len(), || {
            let allows = |query: &&Query| asked.allows(query.user, query.duty) == Ok(true);
            assert_eq!(queries.iter().filter(allows).count(), permitted);
        })
    }

    fn check(&self, queries: &[Query]) -> f64 {
        let asked = self.snapshot.as_of(world::at());
        let permitted = queries.iter().filter(|query| query.permitted).count();
        took(self.extent, queries.len(), || {
            let permits = |query: &&Query| {
                let resource = Resource {
                    scope: query.scope.map(Into::into),
                    ..Resource::default()
                };
                let decision = asked.check(query.user, query.duty, &resource);
                decision.is_ok_and(Decision::is_permit)
            };
            assert_eq!(queries.iter().filter(permits).count(), permitted);
        })
    }

    fn check_by_key(&self) -> f64 {
        let asked = self.snapshot.as_of(world::at());
        let pairs = world::queries(&self.world, 65_536, usize::MAX, 7);
        let permitted = |(user, duty): &&(u32, u16)| self.world.walk(*user as usize, *duty);
        let permitted = pairs.iter().filter(permitted).count();
        let keys = pairs.iter().map(|(user, duty)| {
            (
                world::user_key(*user as usize),
                world::duty_key(usize::from(*duty)),
            )
        });
        let keys: Vec<(String, String)> = keys.collect();
        took(self.extent, keys.len(), || {
            let permits = |(user, duty): &&(String, String)| {
                asked.allows(user.as_str(), duty.as_str()) == Ok(true)
            };
            assert_eq!(keys.iter().filter(permits).count(), permitted);
        })
    }

    fn effective(&self, scoped: bool) -> f64 {
        let asked = self.snapshot.as_of(world::at());
        let queries = self.queries(1_024, 1_024, scoped);
        let list = |query: &Query, ids: &mut Vec<DutyId>| {
            let scope = query.scope.map(Into::into);
            let set = asked.effective_set(query.user, scope, false).unwrap();
            ids.clear();
            ids.extend(set.iter());
        };
        let mut ids = Vec::with_capacity(self.duties.len());
        for query in &queries {
            list(query, &mut ids);
            assert_eq!(ids.contains(&query.duty), query.permitted);
        }
        took(self.extent, queries.len(), || {
            for query in &queries {
                list(query, &mut ids);
                black_box(&ids);
            }
        })
    }

    fn who_can(&self) -> f64 {
        let (asked, bare) = (self.snapshot.as_of(world::at()), Resource::default());
        let able = (0..self.users.len()).filter(|user| self.world.walk(*user, 90));
        let able = able.count();
        took(self.extent, 1, || {
            assert_eq!(asked.who_can_count(self.duties[90], &bare), Ok(able));
        })
    }

    fn explain(&self, scoped: bool) -> f64 {
        let asked = self.tenant.as_of(world::at());
        let queries = self.queries(512, 512, scoped);
        let explain = |query: &Query| {
            let resource = Resource {
                scope: query.scope.map(Into::into),
                ..Resource::default()
            };
            asked.explain(query.user, query.duty, &resource).unwrap()
        };
        for query in &queries {
            assert_eq!(explain(query).decision.is_permit(), query.permitted);
        }
        took(self.extent, queries.len(), || {
            for query in &queries {
                black_box(explain(query));
            }
        })
    }

    /// One grant after another, each published and seen by a reader.
    fn grant(&self) -> f64 {
        let (at, stamp) = (world::at(), Stamp::new(world::at(), Actor::System));
        let mut draw = world::Draw(5);
        let mut grown = self.tenant.clone();
        let mut steps: Vec<(Event, Tenant)> = Vec::new();
        let mut last = (0, 0);
        for _ in 0..500 {
            last = (draw.below(self.users.len()), draw.below(self.duties.len()));
            let grant = Command::Grant(world::grant(last.0, last.1));
            if let Ok(event) = grown.execute(&stamp, &grant) {
                steps.push((event, grown.clone()));
            }
        }
        assert!(steps.len() > 200);
        let publisher = Publisher::new(self.snapshot.clone());
        let mut reader = publisher.reader();
        took(self.extent, steps.len(), || {
            let mut newest = self.snapshot.clone();
            for (event, tenant) in &steps {
                newest = newest.after(tenant, at, [event]);
                publisher.publish(newest.clone());
                black_box(reader.snapshot());
            }
            let asked = reader.snapshot().as_of(at);
            let allowed = asked.allows(self.users[last.0], self.duties[last.1]);
            assert_eq!(allowed, Ok(true));
        })
    }

    /// A profile that loses most of its duties, published and seen by a reader.
    fn edit(&self) -> f64 {
        let (at, stamp) = (world::at(), Stamp::new(world::at(), Actor::System));
        let mut profile = world::profile(0, &self.world.profiles[0]);
        profile.grants.truncate(5);
        let mut edited = self.tenant.clone();
        let edit = Command::DefineProfile(profile);
        let event = edited.execute(&stamp, &edit).unwrap();
        let publisher = Publisher::new(self.snapshot.clone());
        let mut reader = publisher.reader();
        let took = took(self.extent, 1, || {
            publisher.publish(self.snapshot.after(&edited, at, [&event]));
            black_box(reader.snapshot());
        });
        let (anew, bare) = (edited.snapshot(at, &world::options()), Resource::default());
        for duty in self.duties.iter().step_by(7) {
            assert_eq!(
                reader.snapshot().as_of(at).who_can_count(*duty, &bare),
                anew.as_of(at).who_can_count(*duty, &bare)
            );
        }
        took
    }
}
