//! The rules, numbered.
//!
//! # 1. What is decided
//!
//! *May this user perform this duty on this resource at this instant?* The answer is a
//! [`Decision`](crate::Decision): permit, or deny with one reason. Whatever else the library answers is the same
//! question asked in bulk, and agrees with it.
//!
//! Time is always an argument. Nothing here reads a clock, and the same inputs give the same answer everywhere.
//!
//! # 2. Words
//!
//! | word | meaning |
//! |---|---|
//! | tenant | one organisation: its catalog, people, entries and mode |
//! | duty | the atom of access, `module.object.action`, with a sensitivity and a seat class |
//! | target | what an entry is about: `*`, a module, an object or a duty, each more specific than the one before |
//! | ladder | some actions of an object in order, such as `view < add < edit < admin` |
//! | reach | which records a grant covers: all, or only those that the user is associated with |
//! | scope | where an entry holds: a node of a tree, at most eight levels below the root, which is everywhere |
//! | window | when it holds: from its start, up to but not including its end |
//! | entry | one grant, revoke or level, held by everyone, a group or a user |
//! | profile | a named bundle of grants, limits and approval ceilings; it only gives |
//! | group, team | trees of users: of groups at most four levels, and a member is a member of those above |
//! | limit | a qualifier that records must have, on a set of targets |
//! | resource | what the host says of the record at hand; by default a public record at the root, not associated |
//!
//! # 3. The rule
//!
//! ## 3.1 Five opinions, two operators
//!
//! A source says one of five things of a duty, from nothing to the strongest: *silent*, *withheld*, *granted* on
//! associated records, *granted* on all, *revoked*. Sources of the same rank [`stack`](crate::Opinion::stack): the
//! greatest counts. A more specific source goes [`over`](crate::Opinion::over) a less specific one: it counts
//! unless it is silent, so it may widen or narrow.
//!
//! ```
//! use bailiwick::{Opinion, Reach};
//!
//! let granted = Opinion::Granted(Reach::All);
//! assert_eq!(granted.stack(Opinion::Revoked), Opinion::Revoked);
//! assert_eq!(granted.over(Opinion::Revoked), granted);
//! ```
//!
//! ## 3.2 Layers
//!
//! The opinions are collected in layers ([`Rank`](crate::Rank)): the tenant's mode, entries for everyone, the
//! user's groups by their depth, the profiles assigned to the user, the entries on the user. The highest layer
//! that is not silent is the outcome, whether it is wider or narrower than what it replaces.
//!
//! A strict tenant, which is the default, starts from nothing; an open one from every duty up to a sensitivity.
//!
//! ```
//! # use bailiwick::{Resource, Tenant};
//! # let policy = r#"
//! #     [[duty]]
//! #     key = "permits.permit.view"
//! #     [[group]]
//! #     key = "counter"
//! #     [[user]]
//! #     key = "ana"
//! #     groups = ["counter"]
//! [[grant]]
//! holder = "group:counter"
//! on = "permits"
//!
//! [[grant]]
//! holder = "user:ana"
//! on = "permits"
//! reach = "associated"
//! # "#;
//! # let tenant = Tenant::from_toml(policy)?;
//! # let today = tenant.as_of("2026-03-02T09:00:00Z".parse()?);
//! // The user's own grant is the more specific: it narrows what the group has.
//! let decision = today.check("ana", "permits.permit.view", &Resource::default())?;
//! assert_eq!(decision.to_string(), "deny: not-associated");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## 3.3 One holder's own entries
//!
//! Of one holder's entries those take part that are in their window, whose scope is the record's or above it, and
//! whose target covers the duty. One is overridden by another whose scope and target are both at least as
//! specific, and one of them more so. What nothing overrides stacks. So a revoke of one duty takes it out of a
//! grant of its module, and an entry for a project prevails over one for everywhere on the same target; where
//! neither of two is more specific in both respects, a revoke stands.
//!
//! A level grants the rungs up to it and withholds those above, as one entry on its object. Withholding replaces
//! what less specific layers say and gives way to a grant of its own rank.
//!
//! At any instant a holder has at most one entry for a target and scope.
//!
//! ## 3.4 Several sources in one layer
//!
//! Groups of the same depth stack, and so do profiles, those at the root with those of the record's scope.
//!
//! # 4. From outcome to decision
//!
//! The checks run in this order, and the first that fails is the reason ([`Denial`](crate::Denial)):
//!
//! 1. user, duty, scope and team are known; what is not is an error, never an answer
//! 2. the login is enabled
//! 3. the module is switched on
//! 4. the record's team is visible: the user's own, one below it, or any for a user who sees all teams
//! 5. on a private record: a right on exactly this item includes the duty, and no layer is asked; on a public one:
//!    the outcome is a grant
//! 6. its reach is all, or the user is associated with the record
//! 7. every limit that covers the duty finds its qualifier; limits prevail over whatever grants
//! 8. the amount is not above the ceiling in force: the highest among the winning layer's grants that cover the
//!    record, none if one of them has none
//!
//! The *level* of a user on an object is the highest rung such that it and every lower one is permitted; across
//! several objects the lowest counts. A user's *seat* is the highest class among the duties that some layer above
//! the mode grants in some scope.
//!
//! # 5. What comes with a decision
//!
//! Why ([`because`](crate::AsOf::because), and [`explain`](crate::AsOf::explain): everything that took part, who made
//! it, why, on which document, until when, and what became of it), until when ([`until`](crate::AsOf::until): the first
//! later instant at which the answer differs by the passing of time alone), what would change a denial
//! ([`remedies`](crate::Tenant::remedies), which say whether all that might help was tried), what a change would do
//! ([`what_if`](crate::Tenant::what_if) and [`difference`](crate::AsOf::difference)), what a policy says to no purpose
//! ([`lint`](crate::AsOf::lint)), and which records pass ([`filter`](crate::AsOf::filter): it admits exactly those on
//! which the check permits).
//! [`proof`](super::proof) lists the laws and the tests that show them.
//!
//! All of it can be asked of the past: who could do this on that day, and by whose decision?
//!
//! ```
//! use bailiwick::{Actor, History, Resource, Stamp, Tenant};
//!
//! let policy = r#"
//!     duty = [{ key = "finance.funds.certify" }, { key = "it.grants.manage" }]
//!     user = [{ key = "ana" }, { key = "ida" }]
//!     grant = [{ holder = "user:ida", on = "it" }]
//!     administration = { grant = "it.grants.manage", clear = "it.grants.manage" }
//! "#;
//! let tenant = Tenant::from_toml(policy)?;
//! let mut history = History::new(tenant);
//! let ida = |at: &str| Ok::<_, Box<dyn std::error::Error>>(Stamp::new(at.parse()?, Actor::new("user:ida")?));
//! let grant = r#"{ "grant": { "holder": "user:ana", "on": "finance.funds.certify", "document": "DEC-7" } }"#;
//! history.execute(&ida("2026-01-05T09:00:00Z")?, &serde_json::from_str(grant)?)?;
//! let clear = r#"{ "clear": { "holder": "user:ana", "on": "finance.funds.certify" } }"#;
//! history.execute(&ida("2026-02-05T09:00:00Z")?, &serde_json::from_str(clear)?)?;
//!
//! let day = "2026-01-20T12:00:00Z".parse()?;
//! let then = history.as_of(day)?;
//! let mut told = Vec::new();
//! for user in then.as_of(day).who_can("finance.funds.certify", &Resource::default())? {
//!     let why = then.as_of(day).explain(user.as_str(), "finance.funds.certify", &Resource::default())?;
//!     for origin in why.prevailing().filter_map(|said| said.provenance.as_ref()) {
//!         let document = origin.document.as_ref().map_or("", |document| document.as_str());
//!         told.push(format!("{user}, by {} on {document}", origin.by));
//!     }
//! }
//! assert_eq!(told, ["ana, by user:ida on DEC-7"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # 6. Changing things
//!
//! Every change is a command that is refused whole or accepted as one event: see [`change`](super::change).
