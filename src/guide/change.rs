//! Commands, events, requests, reviews, leavers.
//!
//! # 6. Every change
//!
//! An actor gives a [`Command`](crate::Command) at an instant ([`Stamp`](crate::Stamp)). A
//! [`Tenant`](crate::Tenant) refuses it whole, with a [`Refusal`](crate::Refusal) and without a trace, or accepts
//! it as one [`Event`](crate::Event) that says what was before and what is after. State is the fold of its events:
//! replaying them gives the same state, to the byte, and a prefix of them the state as it was then
//! ([`History`](crate::History)).
//!
//! The actor is the host (`system`), or a user who needs a duty that the administration table names for that kind of
//! command, in the scope that the command touches. A line of the table names one duty, or several of which any will
//! do; a kind without a line is for the host alone. Nobody hands access to themselves, by whatever path; somebody who
//! can grant, by whichever of the duties, is always left; a paid seat must be free; and no command may put more of a
//! conflicting set in one hand than its declaration allows.
//!
//! Refusals are looked for in one order: what is malformed or unknown; the order of instants; the actor; the
//! revision; the window; the state; and last the guards over the whole.
//!
//! ```
//! use bailiwick::{Actor, Command, History, Stamp, Tenant};
//!
//! let policy = r#"
//!     [[duty]]
//!     key = "finance.funds.certify"
//!
//!     [[duty]]
//!     key = "it.grants.manage"
//!
//!     [[user]]
//!     key = "ida"
//!
//!     [[grant]]
//!     holder = "user:ida"
//!     on = "it"
//!
//!     [administration]
//!     grant = "it.grants.manage"
//! "#;
//! let tenant = Tenant::from_toml(policy)?;
//! let mut history = History::new(tenant);
//! let at = "2026-01-05T09:00:00Z".parse()?;
//! let grant: Command = serde_json::from_str(
//!     r#"{ "grant": { "holder": "user:ida", "on": "finance.funds.certify" } }"#,
//! )?;
//! // Ida administers grants, and still cannot grant anything to herself.
//! let refusal = history.execute(&Stamp::new(at, Actor::new("user:ida")?), &grant).unwrap_err();
//! assert_eq!(refusal.code(), "self-grant");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An invitation is one command: what it carries needs the line for `add-user` and no other. Whoever may invite at the
//! root says what the newcomer holds, be it more than they hold themselves.
//! Where commands are read as a document is, by [`Command::from_json`](crate::Command::from_json) and its like, its rows
//! name no holder; as data, which is how they are stored, they name the newcomer.
//!
//! Where somebody may add people to a roster or edit it, and either is to let them invite, the line names both:
//!
//! ```
//! use bailiwick::{Actor, Command, Stamp, Tenant};
//!
//! let policy = r#"
//!     duty = [{ key = "roster.person.view" }, { key = "roster.person.add" }, { key = "roster.person.edit" }]
//!     scope = [{ key = "bridge" }, { key = "tunnel" }]
//!     user = [{ key = "ada" }, { key = "eve" }, { key = "vic" }]
//!     grant = [
//!         { holder = "user:ada", on = "roster.person.add", scope = "bridge" },
//!         { holder = "user:eve", on = "roster.person.edit", scope = "bridge" },
//!         { holder = "user:vic", on = "roster.person.view", scope = "bridge" },
//!     ]
//!
//!     [administration]
//!     add-user = ["roster.person.add", "roster.person.edit"]
//! "#;
//! let tenant = Tenant::from_toml(policy)?;
//! let at = "2026-01-05T09:00:00Z".parse()?;
//! let invite: Command = serde_json::from_str(
//!     r#"{ "add-user": { "key": "ned", "grant": [{ "holder": "user:ned", "on": "roster.person.view", "scope": "bridge" }] } }"#,
//! )?;
//! assert!(tenant.decide(&Stamp::new(at, Actor::new("user:ada")?), &invite).is_ok());
//! assert!(tenant.decide(&Stamp::new(at, Actor::new("user:eve")?), &invite).is_ok());
//! let refusal = tenant.decide(&Stamp::new(at, Actor::new("user:vic")?), &invite).unwrap_err();
//! assert_eq!(
//!     refusal.to_string(),
//!     "`add-user` needs one of the duties `roster.person.add`, `roster.person.edit` here",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## 6.1 Requests
//!
//! A request goes from *requested* through *approved* to *provisioned*, or ends *denied*, *withdrawn* or *lapsed*.
//! The head of the beneficiary's department approves, or whom the head has named; where that person is the
//! beneficiary, the requester or disabled, the next head up. Whoever provisions has had no other part in it.
//!
//! ## 6.2 Recertification
//!
//! A campaign freezes what its selection meets of what users have of their own: entries, profiles and memberships in
//! force; of groups, where the selection names them. Rights on private items and what everyone holds are not among it.
//! Reviewers certify or revoke each item, never their own access; an item whose entry ends meanwhile is moot; a campaign
//! closes when nothing is undecided.
//! [`campaign_report`](crate::AsOf::campaign_report) is the evidence as one value: every item with its verdict, how far
//! each reviewer came, and what was granted since it opened. What a cancelled campaign left is reviewed again by the
//! command that [`campaign_again`](crate::AsOf::campaign_again) makes.
//!
//! ## 6.3 Offboarding
//!
//! One event disables the login, ends what the leaver held, and passes on what was in the leaver's hands to a
//! successor, who gets the records and none of the authority.
//!
//! ## 6.4 Separation of duties
//!
//! Of conflicting targets at most so many may be in one hand, by whatever path and in whatever scope.
//! [`conflicts`](crate::AsOf::conflicts) lists what stands, with its paths.
//!
//! ## 6.5 Logs
//!
//! [`History::log`](crate::History::log) reads one user's past in three views: details, permissions, reviews.
//! [`History::as_of`](crate::History::as_of) is the tenant as it was at an instant, and every question about then is asked
//! of that. [`History::who_could`](crate::History::who_could) answers who could perform a duty on a day, and by whose
//! decisions; [`History::difference`](crate::History::difference) how somebody's access differs between two instants.
