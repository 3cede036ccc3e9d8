//! How a host serves 100 million users of 10,000 tenants.
//!
//! The library is a value in a process: it opens no connection and writes no file. What it gives to a host with many
//! processes is that a tenant's state and its events are data, that an event has a number, and that a
//! [`Replica`] which is told both answers as the tenant does, or says why it cannot yet. All else is carried by
//! systems that the host has already.
//!
//! | part | who |
//! |---|---|
//! | decide a command, as one event with the next revision | the library, in the tenant's one writer |
//! | keep the events of a tenant in their order | a table, or a log such as Kafka or NATS, keyed by tenant |
//! | carry them to replicas | that log, or the database's change feed |
//! | keep states, so that nobody replays from the beginning | object storage, by tenant and revision |
//! | take them in, answer, tell what is missing | the library, in each replica |
//! | know who is in which process, start and stop processes | the host's platform |
//!
//! # The writer and its replicas
//!
//! ```
//! use bailiwick::{Actor, Command, Event, Replica, SnapshotOptions, Stamp, Tenant};
//!
//! let policy = r#"
//!     [[duty]]
//!     key = "finance.funds.certify"
//!
//!     [[user]]
//!     key = "ana"
//! "#;
//! let mut tenant = Tenant::from_toml(policy)?;
//! let at = "2026-01-05T09:00:00Z".parse()?;
//!
//! // A replica starts from a state that was stored: object storage has it under the tenant and its revision.
//! let state = serde_json::to_string(&tenant)?;
//! let mut replica = Replica::new(serde_json::from_str(&state)?, at, &SnapshotOptions::default());
//! assert_eq!(replica.revision(), 0);
//!
//! // The writer decides, which changes nothing; stores the event under the tenant and the event's revision, where a
//! // second one of that revision would be refused; and only then changes its own state and answers.
//! let grant: Command = serde_json::from_str(
//!     r#"{ "grant": { "holder": "user:ana", "on": "finance.funds.certify" } }"#,
//! )?;
//! let event = tenant.decide(&Stamp::new(at, Actor::System), &grant)?;
//! let stored = serde_json::to_string(&event)?;
//! tenant.replay(&event)?;
//! let written = event.revision;
//!
//! // Whoever wrote carries that number along. A replica that has not got there says so; it never answers from before.
//! assert_eq!(replica.at_least(written).unwrap_err().code(), "behind");
//! let carried: Event = serde_json::from_str(&stored)?;
//! replica.follow([&carried])?;
//! let asked = replica.at_least(written)?.as_of(at);
//! assert_eq!(asked.allows("ana", "finance.funds.certify"), Ok(true));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! That this holds between processes is tested: `cargo test --test it elsewhere` starts another process for the
//! replica and gives it states and events through a pipe, in order, twice, too early and of another form; it kills
//! that process and starts another in its place. After every event all answers about everyone are the same on both
//! sides, and so is the state, to the byte.
//!
//! # What it comes to
//!
//! From the figures that `cargo bench --bench growth` measured for a tenant of 10,000 users ([what
//! travels](crate::guide::growth#what-travels)), written by the same command:
//!
#![doc = include_str!("growth/scale.md")]
//!
//! **Memory is what decides.** Most of a replica is the tenant's state, which explains a decision and takes in the
//! next event; what a check looks at is a few bytes of each user. A tenant is in one process whole, so the largest
//! tenant says how much a process must have, in proportion to its users. The rest is spread by any hash of the tenant. A
//! tenant that nobody asks need not be there at all: it is dropped, and read again when somebody comes.
//!
//! **Time is not.** Checks are answered where they are asked, without a lock, by as many threads as there are. Replicas
//! are added for safety and to be near the services that ask, not for speed. A tenant's writer decides on one thread
//! and is bound by how fast the host stores an event; the writers of 10,000 tenants know nothing of each other.
//!
//! **A start is short.** A tenant is there once its state was fetched, read and compiled. A process takes its tenants
//! one by one, those that are asked for first, on all its cores, and answers for the first before it has the last.
//! How old a stored state may be follows from how fast events are taken in: with a state an hour, at most an hour's
//! events of that tenant are taken in after it.
//!
//! # What may go wrong
//!
//! | what | what the library says | what the host does |
//! |---|---|---|
//! | a replica is behind what its user wrote | `behind`, with both revisions | waits, asks another replica, or the writer |
//! | events are missing | `missed-events`, with both revisions; the replica stays as it was | reads the log from there, or the state again |
//! | events come twice, or late | nothing: those that are known are passed over | nothing |
//! | an event does not fit the state, or is of a form that this version does not know | `unfit-event`; the replica stays as it was | reads the state again; brings replicas to a new version before writers |
//! | a replica ends | nothing is lost that was stored | starts another from the last stored state and the events since |
//! | the writer ends after storing and before answering | the command's id is remembered ([`Stamp::id`](crate::Stamp)) | gives the command again with the same id |
//! | two writers take themselves for the one | both events have the same revision | refuses to store the second; its writer replays the first and decides again |
//! | a stored journal ends in half a line | [`journal::read`](crate::journal::read) leaves that line out and says of how many bytes it was (`torn`) | cuts them off and goes on after [`head`](crate::journal::Stored::head): a line not stored whole was never answered for |
//! | a line of a stored journal was changed, moved or left out | `journal::read` names the first line that does not fit: `changed`, `does-not-follow` or `not-a-line` | restores it |
//! | whole lines are missing at the end of a stored journal | `journal::read` says `ends-elsewhere`, where it is given the head that the host kept apart; without it, nothing | restores it |
//! | storing a line of the journal fails | nothing: [`append`](crate::Journal::append) has moved the head on already | goes back to the head from before with [`resume`](crate::Journal::resume) |
//! | clocks differ | a command before the last event is refused as `out-of-order`; a question is answered for the instant that it names | lets the clock of whoever receives a request be its instant, and passes that along |
//! | time passes and nothing happens | rows that have ended are answered for by the rule, more slowly and never differently | calls [`refresh`](crate::Replica::refresh) when [`until`](crate::Snapshot::until) has come |
//!
//! # What the host must see to
//!
//! - **One writer a tenant**, or at least one that wins: an event is stored only if none of that revision is there.
//!   A table with tenant and revision as its key does it, and so does a log that takes an expected position.
//! - **Order within a tenant.** The tenant is the key by which a log is divided. Between tenants no order is needed.
//! - **Store before publishing.** What was answered for must not be lost: the change feed of the table is the
//!   publisher, or the log is the table.
//! - **States from time to time**, from any replica, with the revision that they have.
//! - **The revision with the answer** to whoever wrote, and with that user's next questions.
//!
//! [`Replica`]: crate::Replica
