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
//! thread's own work, in the middle of several batches. Each peer has a process of its own, in which bailiwick is
//! timed before it.
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
use crate::ours::Times;
use crate::peer::Peer;
use crate::regorus::Compiled;
use crate::regorus::Interpreted;
use crate::regorus::Published;
use crate::rows::ANY;
use crate::rows::ASKED;
use crate::rows::FEW;
use crate::rows::Rows;
use crate::table::Table;
use std::hint::black_box;
use std::process::Command;

/// The peers, and what is asked of each in a process of its own, so that nobody's garbage slows the others.
const PEERS: [(&str, Asked); 4] = [
    ("cedar", cedar),
    ("regorus", regorus),
    ("gatehouse", gatehouse),
    ("casbin", casbin),
];

type Asked = fn(&mut Bench);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--test") {
        smoke();
        return;
    }
    let called = |(name, _): &&(&str, Asked)| arguments.get(1).is_some_and(|of| of == name);
    let holds = if let Some((_, ask)) = PEERS.iter().find(called) {
        let mut bench = Bench::new(Rows::new(world::users()));
        ask(&mut bench);
        bench.table.holds
    } else {
        println!("{} users", world::users());
        Table::head();
        let program = std::env::current_exe().unwrap();
        let holds = |name| Command::new(&program).arg(name).status().unwrap().success();
        PEERS.iter().fold(true, |all, (name, _)| holds(name) && all)
    };
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

fn cedar(bench: &mut Bench) {
    let mut cedar = bench.agreed::<Expert>();
    bench.checks(&mut cedar, Some(1_500.0));
    bench.duty_of_all(&mut cedar, Some(8_000.0));
    bench.grants(&mut cedar, 6, Some(50_000.0));
    drop(cedar);
    bench.load::<Expert>(Some(30.0));
    bench.heap::<Expert>(Some(20.0));

    let mut cedar = bench.agreed::<Groups>();
    bench.checks(&mut cedar, None);
}

fn regorus(bench: &mut Bench) {
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
}

fn gatehouse(bench: &mut Bench) {
    let mut gatehouse = bench.agreed::<Gatehouse>();
    bench.checks(&mut gatehouse, None);
    bench.duty_of_all(&mut gatehouse, None);
}

/// A few checks only, each of which is slow; many in a tenant that casbin bears.
fn casbin(bench: &mut Bench) {
    let mut few = Bench::new(Rows::new(bench.rows.users.len().min(1_000)));
    agreed::<Casbin<Lean>>(&few.rows, &few.ours, 2_000);
    let mut casbin = bench.agreed::<Casbin<Lean>>();
    bench.checks(&mut casbin, None);
    bench.grants(&mut casbin, 20, Some(4_000.0));
    drop(casbin);
    bench.load::<Casbin<Lean>>(Some(30.0));
    bench.heap::<Casbin<Lean>>(Some(20.0));

    println!("{}: {}", Casbin::<Kept>::NAME, Casbin::<Kept>::APART);
    bench.load::<Casbin<Kept>>(Some(30.0));
    bench.heap::<Casbin<Kept>>(Some(20.0));

    let mut cached = few.agreed::<Casbin<Cached>>();
    few.check_few(&mut cached, None);
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
    /// What bailiwick takes, timed before a peer is there: its garbage would slow who comes after.
    times: Times,
}

impl Bench {
    fn new(rows: Rows) -> Self {
        let ours = Ours::new(&rows);
        Self {
            table: Table::new(rows.users.len()),
            times: ours.times(&rows),
            ours,
            rows,
        }
    }

    fn agreed<P: Peer>(&self) -> P {
        let count = P::BEARS.min(20_000);
        let peer = agreed(&self.rows, &self.ours, count);
        println!("{}: {count} decisions alike; {}", P::NAME, P::APART);
        peer
    }

    fn checks<P: Peer>(&mut self, peer: &mut P, wanted: Option<f64>) {
        self.check_few(peer, wanted);
        let theirs = self.time_to_check(peer, self.rows.queries(ANY));
        self.less::<P>("check, any user, ns", self.times.check_any, theirs, None);
    }

    fn check_few<P: Peer>(&mut self, peer: &mut P, wanted: Option<f64>) {
        let theirs = self.time_to_check(peer, self.rows.queries(FEW));
        self.less::<P>("check, 64 users, ns", self.times.check_few, theirs, wanted);
    }

    fn duty_of_all<P: Peer>(&mut self, peer: &mut P, wanted: Option<f64>) {
        let users = 0..self.rows.users.len() as u32;
        let theirs = self.time_to_check(peer, users.map(|user| (user, ASKED)).collect());
        let what = "one duty of all users, ns a user";
        self.less::<P>(what, self.times.ask_all, theirs, wanted);
    }

    /// The nanoseconds that a check takes, of as many as one can wait for.
    fn time_to_check<P: Peer>(&self, peer: &mut P, mut queries: Vec<(u32, u16)>) -> f64 {
        queries.truncate(P::BEARS);
        let requests = self.requests(peer, &queries);
        table::time(requests.len(), || {
            let allowed = |request: &&P::Request| peer.allows(request);
            black_box(requests.iter().filter(allowed).count());
        })
    }

    fn grants<P: Peer>(&mut self, peer: &mut P, count: usize, wanted: Option<f64>) {
        let grants = self.rows.grants(count);
        let requests = self.requests(peer, &grants);
        let theirs = table::time(grants.len(), || {
            for ((user, duty), request) in grants.iter().zip(&requests) {
                peer.grant(&self.rows, *user, *duty);
                assert!(peer.allows(request));
            }
        });
        for (what, ours, wanted) in [
            (
                "a grant until a check sees it, us",
                self.times.advance,
                wanted,
            ),
            ("... published to readers, us", self.times.publish, None),
            ("... from the command on, us", self.times.execute, None),
        ] {
            self.less::<P>(what, ours / 1e3, theirs / 1e3, wanted);
        }
    }

    fn load<P: Peer>(&mut self, wanted: Option<f64>) {
        let theirs = table::time_to_make(|| P::load(&self.rows));
        let (ours, what) = (self.times.compile, "load everything, ms");
        self.less::<P>(what, ours / 1e6, theirs / 1e6, wanted);
    }

    fn heap<P: Peer>(&mut self, wanted: Option<f64>) {
        let users = self.rows.users.len() as f64;
        let theirs = heap::held(|| P::load(&self.rows)).1 as f64 / users;
        let (ours, whole) = (self.ours.heap as f64, self.ours.heap_with_tenant as f64);
        self.less::<P>("heap, bytes a user", ours / users, theirs, wanted);
        let what = "... with the tenant, bytes a user";
        self.less::<P>(what, whole / users, theirs, None);
    }

    fn less<P: Peer>(&mut self, what: &str, ours: f64, theirs: f64, wanted: Option<f64>) {
        self.table.less(what, ours, P::NAME, theirs, wanted);
    }

    fn requests<P: Peer>(&self, peer: &P, queries: &[(u32, u16)]) -> Vec<P::Request> {
        let queries = queries.iter();
        queries
            .map(|(user, duty)| peer.request(&self.rows, *user, *duty))
            .collect()
    }
}
