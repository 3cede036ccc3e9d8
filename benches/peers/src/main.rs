//! Bailiwick beside other engines on the same generated tenant: one table of ratios in one run, which fails where a
//! required one is missed by far.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml            # everything, for a few minutes
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- --test  # only whether all decide alike
//! ```
//!
//! The organisation is that of the crate's own benches. Before anything is timed, each peer is asked what bailiwick
//! is asked, a quarter of it about users with entries of their own, and the run stops where two differ. Each peer is
//! used through the fastest public form that was found, with its questions made beforehand; times are of the
//! thread's own work, in the middle of several batches, and bailiwick is timed anew beside each peer.
//! `BAILIWICK_USERS` sets how many users there are; the required ratios are of 100,000 and more.
//!
//! What is not comparable:
//!
//! - The peers are general. They make traces or diagnostics at every check, and evaluate policies that could ask
//!   about anything; bailiwick compiles the rule of one domain, and explains only when it is asked to.
//! - The tenant is what all of them can express. Groups, levels, limits, scopes, reach, seats and delegation would
//!   cost the peers at each check, and bailiwick when it compiles.
//! - Nothing expires while it is asked. Casbin could not express that it does.
//! - Bailiwick compiles from a tenant that has checked what it was given, and the peers from plain rows. What its
//!   snapshot holds is therefore also shown together with the tenant, and a grant also from the command on.
//! - The peers make a grant in place, and so does bailiwick; published to readers on other threads, which keep what
//!   they have while they ask, it has a row of its own, and so has what publishing takes with regorus.
//!
//! What else is particular to a peer is printed above its rows.

#![allow(
    clippy::unwrap_used,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    unreachable_pub,
    reason = "a bench takes apart what it made, and nobody links to it"
)]

mod casbin;
mod cedar;
mod gatehouse;
mod heap;
mod ours;
mod peer;
mod regorus;
mod rows;
mod table;
#[allow(
    dead_code,
    clippy::cast_possible_wrap,
    clippy::too_many_lines,
    reason = "the other benches need more of it"
)]
#[path = "../../world/mod.rs"]
mod world;

use crate::casbin::Cached;
use crate::casbin::Casbin;
use crate::casbin::Kept;
use crate::casbin::Lean;
use crate::cedar::Expert;
use crate::cedar::Groups;
use crate::gatehouse::Gatehouse;
use crate::ours::Ours;
use crate::peer::Peer;
use crate::regorus::Compiled;
use crate::regorus::Interpreted;
use crate::regorus::Published;
use crate::rows::Rows;
use crate::table::Table;
use std::hint::black_box;

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        smoke();
        return;
    }
    let holds = run(world::users());
    std::process::exit(i32::from(!holds));
}

/// Whether all decide alike in a small tenant, before and after a grant.
fn smoke() {
    fn agrees<P: Peer>(rows: &Rows, ours: &Ours) {
        let mut peer = agreed::<P>(rows, ours, 400);
        for (user, duty) in rows.grants(3) {
            let request = peer.request(rows, user, duty);
            assert!(!peer.allows(&request), "{} has not granted it yet", P::NAME);
            peer.grant(rows, user, duty);
            assert!(peer.allows(&request), "{} has granted it", P::NAME);
        }
    }
    let rows = Rows::new(300);
    let ours = Ours::new(&rows);
    agrees::<Expert>(&rows, &ours);
    agrees::<Groups>(&rows, &ours);
    agrees::<Compiled>(&rows, &ours);
    agrees::<Published>(&rows, &ours);
    agrees::<Interpreted>(&rows, &ours);
    agrees::<Gatehouse>(&rows, &ours);
    agrees::<Casbin<Lean>>(&rows, &ours);
    agrees::<Casbin<Kept>>(&rows, &ours);
    agrees::<Casbin<Cached>>(&rows, &ours);
    println!("all peers decide as bailiwick does");
}

fn run(users: usize) -> bool {
    let rows = Rows::new(users);
    let ours = Ours::new(&rows);
    let of_user = |bytes: usize| bytes as f64 / users as f64;
    println!(
        "{users} users; bytes a user: {:.0} a snapshot, {:.0} with its tenant",
        of_user(ours.heap),
        of_user(ours.heap_with_tenant)
    );
    let mut bench = Bench {
        table: Table::new(users),
        rows,
        ours,
    };

    let mut cedar = bench.agreed::<Expert>();
    bench.checks(&mut cedar, Some(1_500.0));
    bench.duty_of_all(&mut cedar, Some(8_000.0));
    bench.grants(&mut cedar, 6, Some(50_000.0));
    drop(cedar);
    bench.load::<Expert>(Some(30.0));
    bench.heap::<Expert>(Some(20.0));

    let mut cedar = bench.agreed::<Groups>();
    bench.checks(&mut cedar, None);
    drop(cedar);

    let mut regorus = bench.agreed::<Compiled>();
    bench.checks(&mut regorus, Some(1_500.0));
    bench.duty_of_all(&mut regorus, Some(8_000.0));
    bench.grants(&mut regorus, 2_000, Some(3.0));
    drop(regorus);
    bench.load::<Compiled>(Some(4.0));
    bench.heap::<Compiled>(Some(6.0));

    let mut regorus = bench.agreed::<Published>();
    bench.grants(&mut regorus, 60, None);
    drop(regorus);

    let mut regorus = bench.agreed::<Interpreted>();
    bench.checks(&mut regorus, None);
    drop(regorus);

    let mut gatehouse = bench.agreed::<Gatehouse>();
    bench.checks(&mut gatehouse, None);
    bench.duty_of_all(&mut gatehouse, None);
    drop(gatehouse);

    // A few checks only, each of which is slow; many in a tenant that casbin bears.
    let few = Rows::new(users.min(1_000));
    let ours_of_few = Ours::new(&few);
    agreed::<Casbin<Lean>>(&few, &ours_of_few, 2_000);
    let mut casbin = bench.agreed::<Casbin<Lean>>();
    bench.checks(&mut casbin, None);
    bench.grants(&mut casbin, 20, Some(4_000.0));
    drop(casbin);
    bench.load::<Casbin<Lean>>(Some(30.0));
    bench.heap::<Casbin<Lean>>(Some(20.0));

    println!("{}: {}", Casbin::<Kept>::NAME, Casbin::<Kept>::APART);
    bench.load::<Casbin<Kept>>(Some(30.0));
    bench.heap::<Casbin<Kept>>(Some(20.0));

    bench.rows = few;
    bench.ours = ours_of_few;
    let mut cached = bench.agreed::<Casbin<Cached>>();
    bench.check(
        "check, 64 users, ns",
        &mut cached,
        64,
        Casbin::<Cached>::BEARS,
        None,
    );
    bench.table.holds
}

/// A peer that has decided as bailiwick does.
fn agreed<P: Peer>(rows: &Rows, ours: &Ours, count: usize) -> P {
    let mut peer = P::load(rows);
    for (user, duty) in world::queries(&rows.world, count, usize::MAX, 3) {
        let request = peer.request(rows, user, duty);
        let (theirs, ours) = (peer.allows(&request), ours.allows(user, duty));
        let (user, duty) = (rows.user(user), rows.duty(duty));
        let name = P::NAME;
        assert_eq!(
            theirs, ours,
            "{name} and bailiwick differ: `{duty}` of `{user}`"
        );
    }
    peer
}

struct Bench {
    table: Table,
    rows: Rows,
    ours: Ours,
}

impl Bench {
    fn agreed<P: Peer>(&self) -> P {
        let count = P::BEARS.min(20_000);
        let peer = agreed(&self.rows, &self.ours, count);
        println!("{}: {count} decisions alike; {}", P::NAME, P::APART);
        peer
    }

    fn checks<P: Peer>(&mut self, peer: &mut P, wanted: Option<f64>) {
        self.check("check, 64 users, ns", peer, 64, 4_096, wanted);
        self.check("check, any user, ns", peer, usize::MAX, 32_768, None);
    }

    fn check<P: Peer>(
        &mut self,
        what: &str,
        peer: &mut P,
        users: usize,
        count: usize,
        wanted: Option<f64>,
    ) {
        let queries = world::queries(&self.rows.world, count, users, 7);
        let some = &queries[..count.min(P::BEARS)];
        let requests = self.requests(peer, some);
        let theirs = table::time(requests.len(), || {
            for request in &requests {
                black_box(peer.allows(request));
            }
        });
        let ours = self.ours.time_to_check(&queries);
        self.table.less(what, ours, P::NAME, theirs, wanted);
    }

    fn duty_of_all<P: Peer>(&mut self, peer: &mut P, wanted: Option<f64>) {
        let duty = 90;
        let users = self.rows.users.len().min(P::BEARS);
        let queries: Vec<_> = (0..users as u32).map(|user| (user, duty)).collect();
        let requests = self.requests(peer, &queries);
        let theirs = table::time(users, || {
            black_box(
                requests
                    .iter()
                    .filter(|request| peer.allows(request))
                    .count(),
            );
        });
        let ours = self.ours.time_to_ask_all(duty);
        self.table.less(
            "one duty of all users, ns a user",
            ours,
            P::NAME,
            theirs,
            wanted,
        );
    }

    fn grants<P: Peer>(&mut self, peer: &mut P, count: usize, wanted: Option<f64>) {
        let grants = self.rows.grants(2_000);
        let advanced = self.ours.time_to_advance(&grants);
        let published = self.ours.time_to_publish(&grants);
        let executed = self.ours.time_to_execute(&grants);
        let grants = self.rows.grants(count);
        let requests = self.requests(peer, &grants);
        let theirs = table::time(grants.len(), || {
            for ((user, duty), request) in grants.iter().zip(&requests) {
                peer.grant(&self.rows, *user, *duty);
                assert!(peer.allows(request));
            }
        });
        let what = "a grant until a check sees it, us";
        self.table
            .less(what, advanced / 1e3, P::NAME, theirs / 1e3, wanted);
        self.table.less(
            "... published to readers, us",
            published / 1e3,
            P::NAME,
            theirs / 1e3,
            None,
        );
        self.table.less(
            "... from the command on, us",
            executed / 1e3,
            P::NAME,
            theirs / 1e3,
            None,
        );
    }

    fn load<P: Peer>(&mut self, wanted: Option<f64>) {
        let ours = self.ours.time_to_compile();
        let theirs = table::time_to_make(|| P::load(&self.rows));
        self.table.less(
            "load everything, ms",
            ours / 1e6,
            P::NAME,
            theirs / 1e6,
            wanted,
        );
    }

    fn heap<P: Peer>(&mut self, wanted: Option<f64>) {
        let users = self.rows.users.len() as f64;
        let theirs = heap::held(|| P::load(&self.rows)).1 as f64 / users;
        let (ours, whole) = (self.ours.heap as f64, self.ours.heap_with_tenant as f64);
        self.table
            .less("heap, bytes a user", ours / users, P::NAME, theirs, wanted);
        self.table.less(
            "... with the tenant, bytes a user",
            whole / users,
            P::NAME,
            theirs,
            None,
        );
    }

    fn requests<P: Peer>(&self, peer: &P, queries: &[(u32, u16)]) -> Vec<P::Request> {
        let queries = queries.iter();
        queries
            .map(|(user, duty)| peer.request(&self.rows, *user, *duty))
            .collect()
    }
}
