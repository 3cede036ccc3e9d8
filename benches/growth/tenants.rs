//! More and more tenants in one process, all of them town halls on the civic catalog.

use crate::Extent;
use crate::figure;
use crate::figure::took;
use crate::heap;
use crate::page::Axis;
use crate::page::Point;
use crate::page::whole;
use crate::world;
use crate::world::Draw;
use bailiwick::Decision;
use bailiwick::DutyId;
use bailiwick::Name;
use bailiwick::Policy;
use bailiwick::Resource;
use bailiwick::Snapshot;
use bailiwick::Tenant;
use bailiwick::UserId;
use bailiwick::document::Document;
use bailiwick::policy;
use bailiwick::systems;
use std::hint::black_box;

/// The people of each town.
const PEOPLE: usize = 20;

pub fn axis(extent: Extent) -> Axis {
    let sizes: &[usize] = match extent {
        Extent::Whole => &[1, 10, 100, 1_000, 10_000],
        Extent::Trial => &[1, 3],
    };
    let point = |size: &usize| {
        if extent == Extent::Whole {
            println!("{} tenants …", whole(*size as f64));
        }
        let each = |sort: &str| {
            let bytes = heap::of(extent, &format!("tenants-{sort}"), *size)?;
            Some(bytes / *size as f64)
        };
        let towns = Towns::new(*size);
        Point {
            size: *size,
            values: vec![
                Some(took(extent, 1, || {
                    black_box(Tenant::found(&town(7)).unwrap());
                })),
                Some(towns.check(extent)),
                each("idle"),
                each("read"),
                each("compiled"),
                // Without sharing: enough is known long before there are so many.
                (*size <= 1_000).then(|| each("apart")).flatten(),
            ],
        }
    };
    Axis {
        file: "tenants",
        what: "tenants",
        figures: vec![
            figure::time("founding one", "founding one"),
            figure::time("check, any user of any tenant", "check, any tenant"),
            figure::bytes("an idle tenant", "idle"),
            figure::bytes("an idle tenant, read back", "read back"),
            figure::bytes("one with a snapshot", "with a snapshot"),
            figure::bytes("one with a catalog of its own", "a catalog of its own"),
        ],
        points: sizes.iter().map(point).collect(),
    }
}

/// A town hall as it comes with the library, and its people: all of them staff, most with a job besides.
pub fn town(n: usize) -> Policy {
    let mut policy = systems::civic(Name::new(&format!("Town {n:05}")).unwrap()).policy;
    let profiles = policy.profiles.len();
    let mut draw = Draw(n as u64);
    for person in 0..PEOPLE {
        let key: bailiwick::UserKey = format!("user-{person:02}@town-{n:05}").parse().unwrap();
        let mut assigned = vec![0, draw.below(profiles)];
        assigned.dedup();
        for profile in assigned {
            policy.assignments.push(policy::Assign::new(
                bailiwick::HolderKey::User(key.clone()),
                policy.profiles[profile].key.clone(),
            ));
        }
        policy.users.push(world::user(key));
    }
    policy
}

/// The same, where the catalog is the town's own.
fn apart(n: usize) -> Policy {
    let (_, text) = systems::DOCUMENTS[0];
    let catalog = Document::from_toml(text).unwrap().policy;
    Policy {
        catalog: None,
        modules: catalog.modules,
        duties: catalog.duties,
        ladders: catalog.ladders,
        limits: catalog.limits,
        ..town(n)
    }
}

/// Holds so many tenants, and gives the bytes that all of them take, with whatever they share.
pub fn hold(sort: &str, count: usize) -> Option<f64> {
    let before = heap::resident()?;
    let found = |n| Tenant::found(&town(n)).unwrap();
    match sort {
        "idle" => {
            let held: Vec<Tenant> = (0..count).map(found).collect();
            grown_since(before, &held)
        }
        "read" => {
            let read = |n| {
                let stored = serde_json::to_string(&found(n)).unwrap();
                serde_json::from_str(&stored).unwrap()
            };
            let held: Vec<Tenant> = (0..count).map(read).collect();
            grown_since(before, &held)
        }
        "compiled" => {
            let compiled = |n| {
                let tenant = found(n);
                let snapshot = tenant.snapshot(world::at(), &world::options());
                (tenant, snapshot)
            };
            let held: Vec<(Tenant, Snapshot)> = (0..count).map(compiled).collect();
            grown_since(before, &held)
        }
        "apart" => {
            let found = |n| Tenant::found(&apart(n)).unwrap();
            let held: Vec<Tenant> = (0..count).map(found).collect();
            grown_since(before, &held)
        }
        other => panic!("no such tenants: {other}"),
    }
}

fn grown_since<T>(before: f64, held: &T) -> Option<f64> {
    black_box(held);
    Some(heap::resident()? - before)
}

/// Towns that are asked.
struct Towns {
    snapshots: Vec<Snapshot>,
    users: Vec<Vec<UserId>>,
    duties: Vec<Vec<DutyId>>,
}

impl Towns {
    fn new(count: usize) -> Self {
        let tenants: Vec<Tenant> = (0..count)
            .map(|n| Tenant::found(&town(n)).unwrap())
            .collect();
        let user = |tenant: &Tenant, n| {
            let of = |person| {
                tenant
                    .user(&format!("user-{person:02}@town-{n:05}"))
                    .unwrap()
            };
            (0..PEOPLE).map(of).collect()
        };
        let catalog = Document::from_toml(systems::DOCUMENTS[0].1).unwrap().policy;
        let duty = |tenant: &Tenant| {
            let of = |duty: &policy::Duty| tenant.duty(duty.key.as_str()).unwrap();
            catalog.duties.iter().map(of).collect()
        };
        Self {
            users: tenants
                .iter()
                .enumerate()
                .map(|(n, tenant)| user(tenant, n))
                .collect(),
            duties: tenants.iter().map(duty).collect(),
            snapshots: tenants
                .iter()
                .map(|tenant| tenant.snapshot(world::at(), &world::options()))
                .collect(),
        }
    }

    fn check(&self, extent: Extent) -> f64 {
        let (at, bare) = (world::at(), Resource::default());
        let mut draw = Draw(9);
        let queries: Vec<(usize, UserId, DutyId)> = (0..262_144)
            .map(|_| {
                let town = draw.below(self.snapshots.len());
                let (users, duties) = (&self.users[town], &self.duties[town]);
                (
                    town,
                    users[draw.below(PEOPLE)],
                    duties[draw.below(duties.len())],
                )
            })
            .collect();
        let count = || {
            let permits = |(town, user, duty): &&(usize, UserId, DutyId)| {
                let asked = self.snapshots[*town].as_of(at);
                asked
                    .check(*user, *duty, &bare)
                    .is_ok_and(Decision::is_permit)
            };
            queries.iter().filter(permits).count()
        };
        let directly = |(town, user, duty): &&(usize, UserId, DutyId)| {
            let asked = self.snapshots[*town].as_of(at).directly();
            asked
                .check(*user, *duty, &bare)
                .is_ok_and(Decision::is_permit)
        };
        let some = queries.iter().take(2_000);
        let by_rule = some.clone().filter(directly).count();
        let by_rows = some.filter(|(town, user, duty)| {
            let asked = self.snapshots[*town].as_of(at);
            asked
                .check(*user, *duty, &bare)
                .is_ok_and(Decision::is_permit)
        });
        assert_eq!(by_rows.count(), by_rule);
        let permitted = count();
        assert!(permitted > 0 && permitted < queries.len());
        took(extent, queries.len(), || assert_eq!(count(), permitted))
    }
}
