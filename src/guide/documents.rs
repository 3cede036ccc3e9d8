//! Policies and scenarios as text.
//!
//! A *policy document* states a tenant; a *scenario* is a policy and steps with expected answers. Both are data of
//! any serde format; TOML and JSON are built in. Fields are in kebab-case and unknown ones are errors; instants
//! are RFC 3339 with `Z`; every list may be absent.
//!
//! ```
//! use bailiwick::Tenant;
//!
//! // Every independent mistake is told at once, each with its place, a stable code and the nearest known key.
//! let mistakes = Tenant::from_toml(r#"
//!     [[duty]]
//!     key = "finance.funds.certify"
//!
//!     [[user]]
//!     key = "ana"
//!
//!     [[grant]]
//!     holder = "user:anna"
//!     on = "finance.funds.certfy"
//!     until = "tomorrow"
//! "#).unwrap_err();
//! let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
//! assert_eq!(mistakes, [
//!     "unknown-user at grant[0].holder: unknown user `anna`, nearest is `ana`",
//!     "unknown-duty at grant[0].on: unknown duty `finance.funds.certfy`, nearest is `finance.funds.certify`",
//!     "malformed-instant at grant[0].until: not an instant such as `2026-01-05T09:00:00Z`",
//! ]);
//! ```
//!
//! A line of `[administration]` names the duty that lets a user give a kind of command, or a list of which any will
//! do. The list has at least one and none twice, and a list of one is written as that one:
//!
//! ```
//! use bailiwick::document::Document;
//!
//! let document = Document::from_toml(r#"
//!     duty = [{ key = "roster.person.add" }, { key = "roster.person.edit" }]
//!
//!     [administration]
//!     add-user = ["roster.person.add", "roster.person.edit"]
//!     disable = ["roster.person.edit"]
//! "#)?;
//! let written = document.to_toml();
//! assert!(written.contains(r#"disable = "roster.person.edit""#));
//!
//! let mistakes = Document::from_toml(r#"
//!     duty = [{ key = "roster.person.add" }, { key = "roster.person.edit" }]
//!
//!     [administration]
//!     add-user = ["roster.person.add", "roster.person.edti", "roster.person.add"]
//!     disable = []
//! "#).unwrap_err();
//! let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
//! assert_eq!(mistakes, [
//!     "unknown-duty at administration.add-user[1]: unknown duty `roster.person.edti`, nearest is `roster.person.edit`",
//!     "duplicate-key at administration.add-user[2]: `roster.person.add` is already taken",
//!     "out-of-range at administration.disable: expected at least one duty",
//! ]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A whole document
//!
//! Every table and every field, each with what it means. All may be absent but what is needed to say anything of the
//! kind: a key, a holder, a target. Defaults are said where there are any.
//!
//! ```
//! use bailiwick::document::Document;
//! use bailiwick::{Resource, Tenant};
//!
//! let document = Document::from_toml(r#"
//!     name = "Rio Vista"                  # what the tenant is called
//!     mode = "open"                       # what holds before any entry says so: nothing ("strict", the default), or …
//!     open-up-to = "low"                  # … in "open", every duty up to this sensitivity (default "normal")
//!     catalog = "civic"                   # a built-in catalog; the lists below add to it, or stand instead of it
//!     calendar = "always"                 # when the desk is open: always (default), or a table as below
//!     seats = { full = 25, administrator = 3 }    # how many paid seats there are; absent: as many as are taken
//!
//!     [administration]                    # which duty lets a user give a kind of command; kinds absent: the host alone
//!     grant = "it-management.grants.manage"
//!     assign = ["it-management.grants.manage", "works.lot.approve"]       # any of them will do
//!
//!     [[module]]                          # only for a label, or to switch it off: a duty brings its module
//!     key = "works"
//!     label = { en = "Works", es = "Obras" }      # for people; the same on every table with a key, but for users
//!     enabled = true                      # whether it is switched on (default)
//!
//!     [[duty]]                            # an action on an object of a module, in catalog order
//!     key = "works.lot.view"
//!     [[duty]]
//!     key = "works.lot.edit"
//!     [[duty]]
//!     key = "works.lot.approve"
//!     label = { en = "Approve a lot", es = "Aprobar un lote" }
//!     sensitivity = "high"                # "low", "normal" (default), "high"
//!     seat = "full"                       # the seat it takes: "free" (default), "full", "administrator"
//!
//!     [[ladder]]                          # actions of an object, of which each rung brings the lower ones
//!     object = "works.lot"
//!     rungs = ["view", "edit"]            # lowest first; `approve` is off the ladder
//!     labels = { edit = { en = "keeps", es = "lleva" } }      # of rungs
//!
//!     [[limit]]                           # on these targets, a record must have this qualifier
//!     key = "published-only"
//!     on = ["works.lot.edit"]
//!     requires = "published"              # a word of the host's
//!
//!     [[scope]]                           # where entries hold: a tree of places
//!     key = "bridges"
//!     [[scope]]
//!     key = "north-bridge"
//!     parent = "bridges"                  # absent: right below the root
//!
//!     [[department]]                      # a tree of who heads whom, for approvals and reviews
//!     key = "city"
//!     [[department]]
//!     key = "public-works"
//!     head = "ines"                       # absent: nobody; the next one up approves
//!     parent = "city"
//!
//!     [[team]]                            # a tree of whose records are seen
//!     key = "east"
//!     [[team]]
//!     key = "east-crew"
//!     parent = "east"                     # `east` sees the records of `east-crew`, too
//!
//!     [[group]]                           # a tree of groups, four levels at most
//!     key = "staff"
//!     [[group]]
//!     key = "engineers"
//!     parent = "staff"                    # whoever is in `engineers` is in `staff`
//!
//!     [[profile]]                         # a bundle that is assigned; it only gives
//!     key = "inspector"
//!     label = { en = "Inspector", es = "Inspector" }
//!     grants = [
//!         "works.lot",                                        # a target: a module, an object, a duty, or "*"
//!         { on = "records", reach = "associated" },           # a target on records that the user is linked to
//!         { on = "finance.ledger", level = "view" },          # an object up to a rung
//!     ]
//!     except = ["works.lot.edit"]         # what its grants leave out
//!     limits = ["published-only"]         # the limits that it brings
//!     ceilings = { "works.lot.approve" = 500000 }     # up to which amount, in minor units
//!
//!     [[user]]                            # a person; all but the key may be absent
//!     key = "ana"
//!     name = "Ana Ruiz"                   # for people
//!     contact = "ana@example.org"         # how to reach her
//!     login = "aruiz"                     # what she logs in with
//!     department = "public-works"
//!     team = "east-crew"
//!     all-teams = false                   # whether every team's records are seen (default: no)
//!     groups = ["engineers"]              # always a member; `join` does it for a window
//!     enabled = true                      # whether the login is enabled (default)
//!     [[user]]
//!     key = "ines"
//!     department = "city"
//!     [[user]]
//!     key = "omar"
//!
//!     [[assign]]                          # gives a profile
//!     holder = "user:ana"                 # "user:KEY" or "group:KEY"
//!     profile = "inspector"
//!     scope = "bridges"                   # there and below; absent: everywhere
//!     from = "2026-01-05T09:00:00Z"       # absent: always was
//!     until = "2027-01-05T09:00:00Z"      # at that instant it no longer holds; absent: without an end
//!     reason = "inspects the bridges"     # for whoever asks why
//!     document = "HR-2026-17"             # the host's key of what is behind it
//!
//!     [[grant]]                           # gives a target; from, until, reason and document as above, on every entry
//!     holder = "everyone"                 # or as above
//!     on = "resident-support"
//!     [[grant]]
//!     holder = "user:omar"
//!     on = "works.lot.approve"
//!     scope = "north-bridge"
//!     reach = "associated"                # only records that the user is linked to; "all" is the default
//!     ceiling = 700000                    # up to which amount
//!     [[grant]]
//!     holder = "user:ines"
//!     on = "it-management.grants.manage"
//!
//!     [[revoke]]                          # takes a target, unless something more specific gives it
//!     holder = "group:staff"
//!     on = "finance.payment"
//!     scope = "bridges"
//!
//!     [[level]]                           # sets an object to a rung: gives it and the lower ones, withholds the higher
//!     holder = "group:engineers"
//!     on = "works.lot"                    # an object that has a ladder
//!     to = "view"                         # a rung, or "none"
//!     scope = "north-bridge"
//!
//!     [[restrict]]                        # puts a limit on a user or a group
//!     holder = "group:engineers"
//!     limit = "published-only"
//!     scope = "bridges"
//!
//!     [[item]]                            # rights on one private item; nothing else counts there
//!     user = "omar"
//!     item = "case-12"
//!     on = ["works.lot.view", "records"]
//!
//!     [[conflict]]                        # of these targets …
//!     key = "approve-and-manage"
//!     of = ["works.lot.approve", "it-management.grants.manage"]
//!     at-most = 1                         # … so many in one hand (default 1)
//!
//!     [[schedule]]                        # a review that recurs
//!     key = "quarterly"
//!     first = "2026-03-31T09:00:00Z"      # when the first is due to be opened
//!     every = "91d"                       # from one to the next
//!     due-in = "14d"                      # how long its reviewers have
//!     select = { department = "public-works", sensitivity = "high" }      # all of these at once
//!     reviewers = ["ines"]                # or "heads", of the departments (default)
//!     [[schedule]]
//!     key = "yearly"
//!     first = "2026-12-01T09:00:00Z"
//!     every = "365d"
//!     due-in = "30d"
//!     reviewers = "heads"
//!
//!     [schedule.select]                   # what else a selection may name
//!     users = ["ana"]
//!     groups = ["engineers"]              # their own entries and assignments
//!     profile = "inspector"
//!     module = "works"
//!     not-certified-since = "2025-12-01T09:00:00Z"
//!
//!     [helpdesk]                          # which duty lets a user do what at the desk; absent: the host alone
//!     file = "it-helpdesk.tickets.file"
//!     work = "it-helpdesk.queue.work"
//!     reopen = "it-helpdesk.tickets.reopen"
//!     close-after = "5d"                  # from resolved to closed (default 5d)
//!     give-up = "14d"                     # from waiting to resolved; absent: never
//!     reopen-within = "30d"               # how long a closed ticket may be reopened (default 30d)
//!     warn = 80                           # the percentage of a target from which a clock is at risk (default 80)
//!     attachments = { bytes = 10000000, count = 20, media = ["image/*", "application/pdf"] }      # the most of each
//!
//!     [[sla]]                             # how soon, by priority, or by priority and category
//!     priority = "urgent"
//!     category = "network"                # absent: every category that has no rule of its own
//!     respond = "30m"                     # absent, as the other two: no such clock
//!     update = "2h"
//!     resolve = "4h"
//! "#)?;
//! // What was read is written and read again as the same, and a tenant is founded on it.
//! assert_eq!(Document::from_toml(&document.to_toml()).as_ref(), Ok(&document));
//! let tenant = Tenant::found(&document.policy)?;
//!
//! let asked = tenant.as_of("2026-02-01T09:00:00Z".parse()?);
//! let north_bridge = Resource { scope: Some("north-bridge".into()), ..Resource::default() };
//! let check = |user, duty, resource: &Resource| asked.check(user, duty, resource).map(|it| it.to_string());
//! // The profile gives it; its limit is on other duties, and its ceiling counts where there is an amount.
//! assert_eq!(check("ana", "works.lot.approve", &north_bridge)?, "permit");
//! // What it leaves out, the group's level withholds at the bridge …
//! assert_eq!(check("ana", "works.lot.edit", &north_bridge)?, "deny: withheld");
//! // … and elsewhere nothing gives it: it is above what is open to all.
//! assert_eq!(check("ana", "works.lot.edit", &Resource::default())?, "deny: not-granted");
//! assert_eq!(check("omar", "works.lot.approve", &north_bridge)?, "deny: not-associated");
//! assert_eq!(check("omar", "finance.ledger.view", &north_bridge)?, "permit");
//! let case = Resource { private: true, item: Some("case-12"), ..Resource::default() };
//! assert_eq!(check("omar", "works.lot.view", &case)?, "permit");
//! assert!(asked.conflicts().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A desk that is not always open has a calendar in a time zone (feature `jiff`):
//!
//! ```
//! # #[cfg(feature = "jiff")] {
//! use bailiwick::document::Document;
//!
//! let document = Document::from_toml(r#"
//!     [calendar]
//!     zone = "America/Chicago"            # of the IANA's
//!     days = { mon = ["08:00-12:00", "13:00-17:00"], tue = ["08:00-17:00"] }      # when it is open, in local time
//!     holidays = ["2026-11-26"]           # closed all day
//!     special = { "2026-12-24" = ["08:00-12:00"] }        # instead of the weekday and the holiday
//! "#)?;
//! let calendar = &document.desk.service.calendar;
//! let holiday = calendar.worked("2026-11-26T00:00:00Z".parse()?, "2026-11-27T00:00:00Z".parse()?);
//! assert_eq!(holiday.as_seconds(), 0);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is run
//!
//! A scenario is run by [`Scenario`](crate::document::Scenario), or from the command line:
//!
//! ```text
//! cargo run --example scenario -- run tests/scenarios
//! cargo run --example scenario -- load examples/town_hall.toml
//! ```
