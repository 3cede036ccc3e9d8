//! What grows as an organisation grows, and why: a table and a plot for each of six axes.
//!
#![doc = include_str!("growth/conditions.md")]
//!
//! One organisation is made larger along one axis at a time. The rest stays as it is: 100,000 users (10,000 where each
//! has entries of their own), 181 duties in modules of nine, 40 profiles of 12 to 30 duties, one to four of them a
//! user, and entries of their own for one user in twenty. What is timed is first held against a plain walk over the
//! same rows. Both axes of a plot go by powers of ten: a level line does not grow, and one that rises by a power for
//! each power of the size grows in proportion.
//!
//! # Users
//!
#![doc = include_str!("growth/users.md")]
//!
#![doc = include_str!("growth/users.svg")]
//!
//! Yes or no is a look at two places in memory, however many users there are: the number of the user's row, and the
//! row. Users with the same profiles and groups and nothing of their own share a row, so that rows grow more slowly
//! than users; what grows is the chance that neither place is in the processor's cache. Few users asked again and again
//! cost the same at any size, and so does all that a user may do, which is one row. A reason costs more where a row
//! denies some duties for one reason and some for another: the rule is asked then. To count who can, each user's row is
//! looked at; to compile, what each user holds is read: both grow in proportion, and a little more once they outgrow
//! the cache. A grant that is published copies the block of 4,096 row numbers that the user is in, the list of the
//! blocks, and what rows came of late; of these only the list grows. Explaining walks over what one user holds, which
//! lies apart from what others hold: of many users it is seldom in the cache. Memory is the same for each user: in a
//! snapshot about ten bytes to decide by and the keys to find users by, and in the tenant itself what is known of the
//! user, and what the user holds, since when and from whom. Blocks are filled one after another, so that a small
//! organisation pays for the empty part of one.
//!
//! # Duties
//!
#![doc = include_str!("growth/duties.md")]
//!
#![doc = include_str!("growth/duties.svg")]
//!
//! A row has a bit for each duty, so rows grow in proportion, and with them what is compiled and what a grant copies of
//! the rows that came of late. Yes or no still reads one word of a row, and to count who can reads one word of each
//! user's. Up to 256 duties compiling works on a fixed number of words, beyond that on lists of them, which is the step
//! after the first size. All that a user may do is read word by word, most of them empty where profiles have few of many
//! duties. Explaining is about one duty, and the others are nothing to it.
//!
//! # Profiles
//!
#![doc = include_str!("growth/profiles.md")]
//!
#![doc = include_str!("growth/profiles.svg")]
//!
//! More profiles make more combinations of them, and each combination is a row; with one profile, all users without
//! entries of their own have the same. How many combinations there are is bounded by how people are given profiles: by
//! jobs, mostly. A profile's edit is compiled for the rows that it is part of, those of combinations and those of users
//! who have it and entries of their own besides. The more profiles there are to choose from, the fewer rows one is in.
//!
//! # Entries of each user
//!
#![doc = include_str!("growth/entries.md")]
//!
#![doc = include_str!("growth/entries.svg")]
//!
//! Whoever has an entry of their own has a row of their own: that is the step from none to one, and more entries make
//! no more rows. Yes or no and all that a user may do read the row alone. What reads entries grows with them:
//! compiling, a grant (which compiles one user again), an explanation, and a check whose denial has another reason than
//! others of the same row, because that row tells that there is a reason and the rule which. The tenant keeps each
//! entry with its window and its origin, in about a hundred bytes. A tenth of these entries end some day. A row holds
//! until the first of its entries does; from then on the rule answers for that user until the host takes the next
//! snapshot.
//!
//! # Scopes
//!
#![doc = include_str!("growth/scopes.md")]
//!
#![doc = include_str!("growth/scopes.svg")]
//!
//! Each user has one more profile here, in one scope drawn at random from a tree in which each scope has ten below it. A
//! scope costs nothing by being there. Where a user holds something, there is a row for that scope, shared with those
//! who are alike, and one at the root that leads to it: the more scopes there are, the fewer users are alike, until
//! each has a row at the root for itself. Then the line is level. A check in a scope goes up the tree to the nearest
//! scope in which the user has a row; the tree is at most eight deep. Somebody with something in more than 64 scopes is
//! answered for there by the rule itself.
//!
//! # Tenants
//!
#![doc = include_str!("growth/tenants.md")]
//!
#![doc = include_str!("growth/tenants.svg")]
//!
//! Each is a town hall as the library ships it: the civic catalog, its profiles and administration, and 20 people with
//! one or two profiles each. An *idle* tenant is one that nobody asks: its state alone. A snapshot comes on top when
//! somebody does, and can be dropped again; most of it is the one block of row numbers that a tenant has at least, and
//! the keys of the catalog's duties. The catalog is there once for all tenants that add nothing to it, for those that
//! were read back from what was stored as well; these have the texts of their profiles to themselves, which tenants
//! founded on one document share. The last column is what a tenant would take if its catalog were its own. A single
//! tenant carries all that is there once, so its figure is larger; from some hundreds on it is that of the tenant itself.
//! Founding one has nothing to do with the others. Nor has a check, but for the cache: of many tenants asked at random,
//! none is in it.
//!
//! # What travels
//!
#![doc = include_str!("growth/travel.md")]
//!
//! A replica elsewhere reads the tenant's state once and its events from then on; [`scale`](crate::guide::scale) counts
//! with these figures. Reading and compiling grow in proportion to the users. An event is as long as what it says, here
//! a grant with an end and a reason, and taking it in is to read its line, to change the state and to publish a snapshot.
