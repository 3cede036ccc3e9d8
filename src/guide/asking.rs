//! Snapshots, handles, readers: how a service asks thousands of times a second.
//!
//! # Two ways in, one answer
//!
//! [`Tenant::as_of`](crate::Tenant::as_of) asks the rule itself, entry by entry: nothing is prepared, and any instant
//! can be asked. It is what a script, a test or an administrator's page wants. A service that checks at every request
//! compiles a [`Snapshot`](crate::Snapshot) once and asks that: the same questions with the same answers, a check in
//! the time of two looks into memory. Where the compiled rows do not hold, at another instant than they are for, the
//! snapshot asks the rule; it is slower then, and never says anything else.
//!
//! | you want to | ask |
//! |---|---|
//! | let a request through or not | [`allows`](crate::SnapshotAsOf::allows), of a record of which nothing is said |
//! | the same of a record with a scope, a team, an amount, …; and to know what kind of denial it is | [`check`](crate::SnapshotAsOf::check) |
//! | gray out buttons | [`effective_set`](crate::SnapshotAsOf::effective_set), or [`allows_each`](crate::SnapshotAsOf::allows_each) |
//! | list records | [`filter`](crate::SnapshotAsOf::filter), turned into a query by a [`FilterVisitor`](crate::FilterVisitor) |
//! | list or count people | [`who_can_set`](crate::SnapshotAsOf::who_can_set), [`who_can_count`](crate::SnapshotAsOf::who_can_count) |
//! | let somebody choose a scope, a profile, a department, … | [`scopes`](crate::AsOf::scopes), [`profiles`](crate::AsOf::profiles), [`departments`](crate::AsOf::departments), … |
//! | keep an answer | [`until`](crate::SnapshotAsOf::until): it stands until then, or until the next event |
//! | say why, or what would change it | [`Tenant::as_of`](crate::Tenant::as_of), [`Tenant::remedies`](crate::Tenant::remedies) |
//!
//! Two examples list with a filter, and compare the list with the check of every record:
//!
//! - in memory, by a closure: `cargo run --example list_filter`
//! - in a database, by a `WHERE` clause: `cargo run --manifest-path examples/sql/Cargo.toml`
//!
//! # Handles
//!
//! Everything can be asked by key. A [`UserId`](crate::UserId) or a [`DutyId`](crate::DutyId), found once, spares the
//! look-up: duties are best found when the service starts, users when they log in. A handle is good for the life of
//! its tenant, in every later snapshot; one of a tenant that was founded on another document is an error, not another
//! user. Tenants founded on the very same document are told apart by nothing, nor are copies of one that went apart:
//! their handles must not be mixed.
//!
//! Keys are found by hash if the host gives a [`HashKey`](crate::HashKey), sixteen random bytes, and in order
//! otherwise. Who picks their own user name could else choose names that collide, and the library draws no random
//! numbers.
//!
//! ```
//! use bailiwick::{HashKey, SnapshotOptions, Tenant};
//!
//! let policy = r#"
//!     duty = [{ key = "finance.funds.certify" }, { key = "finance.funds.release" }]
//!     user = [{ key = "ana" }, { key = "ben" }]
//!     grant = [
//!         { holder = "user:ana", on = "finance" },
//!         { holder = "user:ben", on = "finance.funds.certify" },
//!     ]
//! "#;
//! let tenant = Tenant::from_toml(policy)?;
//! let now = "2026-03-02T09:00:00Z".parse()?;
//! let drawn = *b"drawn at random:"; // from the host's source of random numbers
//! let options = SnapshotOptions { hash_key: Some(HashKey::new(drawn)) };
//! let snapshot = tenant.snapshot(now, &options);
//!
//! let (ben, release) = (snapshot.user("ben")?, snapshot.duty("finance.funds.release")?);
//! let today = snapshot.as_of(now);
//! assert!(!today.allows(ben, release)?);
//! assert!(today.allows("ana", release)?);
//!
//! // Everything that Ben may do, in one look.
//! let may: Vec<String> = today.effective(ben, None, false)?.iter().map(ToString::to_string).collect();
//! assert_eq!(may, ["finance.funds.certify"]);
//! assert_eq!(today.who_can_count("finance.funds.certify", &Default::default())?, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # One writer, many readers
//!
//! The writer executes a command on its [`Tenant`](crate::Tenant), stores the event, and makes the next snapshot from
//! the one before: only what the event touched is compiled again. A [`Publisher`](crate::Publisher) hands it to
//! [`Reader`](crate::Reader)s, one for each thread, which take no lock while nothing is new. Whoever is asking goes on
//! with what they have: all answers of one request come from one state.
//!
//! ```
//! use bailiwick::{Actor, Command, Publisher, SnapshotOptions, Stamp, Tenant, Timestamp};
//!
//! let policy = r#"
//!     duty = [{ key = "finance.funds.certify" }]
//!     user = [{ key = "ana" }]
//! "#;
//! let mut tenant = Tenant::from_toml(policy)?;
//! let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
//! let mut newest = tenant.snapshot(now, &SnapshotOptions::default());
//! let publisher = Publisher::new(newest.clone());
//!
//! std::thread::scope(|threads| -> Result<(), Box<dyn std::error::Error>> {
//!     let mut reader = publisher.reader();
//!     let asking = threads.spawn(move || {
//!         // Once a request: this request's state. Here, until the grant has come.
//!         while reader.snapshot().as_of(now).allows("ana", "finance.funds.certify") != Ok(true) {
//!             std::thread::yield_now();
//!         }
//!         reader.snapshot().revision()
//!     });
//!
//!     let grant: Command = serde_json::from_str(
//!         r#"{ "grant": { "holder": "user:ana", "on": "finance.funds.certify" } }"#,
//!     )?;
//!     let event = tenant.execute(&Stamp::new(now, Actor::System), &grant)?;
//!     // Here the host stores the event.
//!     newest = newest.after(&tenant, now, [&event]);
//!     publisher.publish(newest.clone());
//!     assert_eq!(asking.join().unwrap(), 1);
//!     Ok(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A host with one thread needs no publisher: [`Snapshot::advance`](crate::Snapshot::advance) changes the one that it
//! has. A process that does not decide, and only answers, follows the events with a [`Replica`](crate::Replica): the
//! page [`scale`](crate::guide::scale) has that whole.
//!
//! # Time
//!
//! Every question names its instant; a service takes it once, when a request comes. A snapshot holds from the instant
//! that it was made for. As entries begin and end, one row after the other stops to hold and is answered by the rule
//! from then on. [`Snapshot::until`](crate::Snapshot::until) says when the first does; a host that makes the next
//! snapshot then, with `newest.after(&tenant, now, [])`, stays fast.
//!
//! ```
//! use bailiwick::{SnapshotOptions, Tenant, Timestamp};
//!
//! let policy = r#"
//!     duty = [{ key = "finance.funds.certify" }]
//!     user = [{ key = "ana" }]
//!     grant = [{ holder = "user:ana", on = "finance.funds.certify", until = "2026-04-01T00:00:00Z" }]
//! "#;
//! let tenant = Tenant::from_toml(policy)?;
//! let (march, april) = ("2026-03-02T09:00:00Z".parse()?, "2026-04-01T00:00:00Z".parse()?);
//! let snapshot = tenant.snapshot(march, &SnapshotOptions::default());
//! assert_eq!(snapshot.until(), Some(april));
//! // Asked for a later instant, the old snapshot is right as well: it only takes longer.
//! assert!(!snapshot.as_of(april).allows("ana", "finance.funds.certify")?);
//!
//! let renewed = snapshot.after(&tenant, april, []);
//! assert_eq!(renewed.until(), None);
//! assert!(!renewed.as_of(april).allows("ana", "finance.funds.certify")?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Many at once
//!
//! To ask who can do something, all users are gone through, half a nanosecond each. Where that is asked all the time,
//! [`prepare_who_can`](crate::SnapshotAsOf::prepare_who_can) turns the rows into columns once, at a bit for each user
//! and duty; a changed snapshot starts without them. What each question takes, and how it grows, is on the page
//! [`growth`](crate::guide::growth).
