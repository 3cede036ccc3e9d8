//! What is proved, by which test, in which world and over how many cases.
//!
//! `cargo test --test it laws` shows them all. Two sorts of worlds are gone through:
//!
//! - The *small town*: one object with two rungs, two places, a user in a group, another in the group alone, one
//!   with nothing; and 54 statements about them: grants at both reaches, revokes, levels, a profile that brings a
//!   limit, and the limit itself, for everyone, the group and the user, at the root and at a project. Every choice of
//!   at most three statements is a policy: 26,290, of which those with two entries on one spot are refused.
//! - *Towns*: random policies of up to 24 duties, with everything that a policy may have, windows included. Questions
//!   are asked one second before, at and after the edges of windows.
//!
//! Numbers are those of the test: of seeds, and of questions for each; of statements at most.
//!
//! | law | test | world | cases |
//! |---|---|---|---|
//! | stacking and putting over are associative and idempotent with silence as identity, stacking commutes, over distributes over it | `stack_and_over_keep_their_laws_on_every_layer_of_three_duties` | every layer of three duties | 1953125 triples |
//! | a layer of many duties says of each what its opinions say | `a_layer_says_of_each_duty_what_its_opinions_say` | every layer of three duties | every pair |
//! | the answers are those of an oracle written by another hand | `every_answer_is_the_oracles` | towns | 8 seeds and 16 questions, again and again |
//! | check = effective = who-can = filter = level = explanation, in any order of the entries | `every_small_policy_has_one_truth` | small town | 26290 policies of at most 3 |
//! | check = filter = explanation = what decided | `explanation_because_and_filter_agree_with_the_check` | towns | 300 seeds, 25 questions |
//! | a filter turned into a query by a visitor lists what the check permits | `a_visited_filter_lists_what_the_check_permits` | towns | 100 seeds, 15 questions, 20 records |
//! | check = effective = who-can = level | `effective_who_can_and_level_agree_with_the_check` | towns | 120 seeds, 4 records, every user and duty |
//! | an answer stands until its `until`, and differs there | `a_check_stands_until_its_until` | towns | 400 seeds, 12 questions, every edge |
//! | so do levels, effective access and who-can | `levels_effective_access_and_who_can_stand_until_theirs` | towns | 120 seeds, 4 questions, every edge |
//! | the deciding entries, and those that set the ceiling or a limit, are enough | `what_decided_is_enough` | towns | 250 seeds, 10 questions |
//! | order, duplicates and names are nothing | `order_duplicates_and_names_are_nothing` | towns | 200 seeds, 12 questions |
//! | other users, scopes and tenants are nothing | `other_people_places_and_tenants_are_nothing` | towns | 200 seeds, 8 questions |
//! | a statement on one user, one group or one place changes nothing for others | `one_more_statement_in_a_small_policy_stays_where_it_is` | small town | one more to every policy of at most 2 |
//! | a revoke, a limit or a withheld level never raises access; a grant of every record without ceiling and limit never lowers it | `one_more_statement_turns_every_small_policy_one_way` | small town | one more to every policy of at most 2 |
//! | a revoke or a limit never raises access | `a_revoke_or_a_limit_never_raises_access` | towns | 150 seeds, 20 questions, every user |
//! | a withheld level never raises access (but see below) | `a_withheld_level_never_raises_access_unless_it_overrides_a_revoke` | towns | 800 seeds, 20 questions, every user |
//! | a grant of every record, without ceiling and limit, replacing nothing, never lowers access | `a_plain_grant_of_every_record_never_lowers_access` | towns | 600 seeds, 20 questions, every user |
//! | strict permits no more than open | `every_small_policy_permits_no_less_when_it_is_open` | small town | every policy of at most 2 |
//! | strict permits no more than open, at any sensitivity | `an_open_tenant_permits_whatever_a_strict_one_does` | towns | 150 seeds, 20 questions, every user |
//! | repeating the inherited opinion at a more specific rank changes no answer | `repeating_what_is_inherited_changes_no_small_answer` | small town | every policy of at most 2 |
//! | it changes the account alone | `repeating_what_is_inherited_changes_the_account_alone` | towns | 900 seeds, 6 questions |
//! | what the lint finds to change nothing can go, and nothing else can | `every_small_policy_is_told_what_changes_nothing` | small town | each statement out of every policy of at most 3 |
//! | the same, over time, with everything a policy may have | `every_entry_of_a_town_is_found_idle_or_makes_a_difference` | towns of at most 4 duties | 300 seeds of which every sixth, every entry |
//! | a difference is empty exactly if no check differs, and each of its rows is one that does | `a_difference_is_what_the_checks_show_and_all_of_it` | pairs of towns | 400 seeds of which every fourth, every user, duty, place and sort of record |
//! | each remedy lifts the denial, no part of it does, the least comes first; trying and doing give the same | `every_alternative_permits_and_no_part_of_it_does` | towns | 60 seeds, 5 questions |
//! | a search for remedies that kept something back says so | `a_search_that_rests_says_so` | a user under limits | twelve limits, and one more |
//!
//! # Where a law has a bound
//!
//! *A withheld level never raises access* holds where the same holder has no revoke that the level overrides. Rule 3.3
//! lets the more specific of one holder's entries replace the broader one whatever both say, and what withholds says
//! less than what revokes: a revoke of a module, with a level of `none` on one of its objects, is `withheld` there
//! instead of `revoked`. A grant of the same layer that stood against the revoke in vain then stands, for withholding
//! gives way to it. A document that wants the object closed says `revoke` there too.
//!
//! ```
//! # use bailiwick::{Resource, Tenant};
//! # fn told(level: &str) -> Result<String, Box<dyn std::error::Error>> {
//! # let policy = format!(r#"
//! # [[duty]]
//! # key = "finance.ledger.view"
//! # [[ladder]]
//! # object = "finance.ledger"
//! # rungs = ["view"]
//! # [[group]]
//! # key = "clerks"
//! # [[group]]
//! # key = "auditors"
//! # [[user]]
//! # key = "ana"
//! # groups = ["clerks", "auditors"]
//! # [[grant]]
//! # holder = "group:auditors"
//! # on = "finance"
//! # [[revoke]]
//! # holder = "group:clerks"
//! # on = "finance"
//! # {level}"#);
//! # let tenant = Tenant::from_toml(&policy)?;
//! # let today = tenant.as_of("2026-03-02T09:00:00Z".parse()?);
//! # Ok(today.check("ana", "finance.ledger.view", &Resource::default())?.to_string())
//! # }
//! // The auditors are granted `finance`; from the clerks it is revoked, and a revoke stands against a grant of its layer.
//! assert_eq!(told("")?, "deny: revoked");
//! // The clerks' level on one object overrides their own revoke there, and gives way to the auditors' grant.
//! let level = r#"
//!     [[level]]
//!     holder = "group:clerks"
//!     on = "finance.ledger"
//!     to = "none"
//! "#;
//! assert_eq!(told(level)?, "permit");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Mutants
//!
//! `cargo-mutants` knows many ways to change the code, each alone, and some test must notice. `cargo mutants --list`
//! names the changes; they were written into one program side by side and chosen by their number at its start, so
//! that it is built once, and what a replacement names of `alloc` was given its path, so that more of them compile. For
//! each, the tests that reach it were run until one failed. The random towns were those of
//! `PROPTEST_RNG_SEED=20261121`. Any one can be tried again as it stands:
//!
//! ```text
//! cargo mutants --file src/history.rs --re may_be_indirect -- --test it
//! ```
//!
//! | file | changes | noticed | do not compile | not noticed |
//! |---|---|---|---|---|
//! | `layer.rs`, `duties.rs` | 106 | 89 | 17 | 0 |
//! | `rule.rs` | 57 | 32 | 21 | 4 |
//! | `decision.rs` | 70 | 47 | 23 | 0 |
//! | `edges.rs` | 16 | 9 | 1 | 6 |
//! | `filter.rs` | 13 | 11 | 2 | 0 |
//! | `ix.rs` | 10 | 8 | 0 | 2 |
//! | `until.rs` | 25 | 16 | 8 | 1 |
//! | `source.rs` | 43 | 35 | 8 | 0 |
//! | `as_of.rs` | 77 | 50 | 24 | 3 |
//! | `explain/` | 160 | 137 | 23 | 0 |
//! | `remedy/` | 205 | 158 | 43 | 4 |
//! | `difference/` | 68 | 55 | 13 | 0 |
//! | `lint/` | 237 | 206 | 28 | 3 |
//! | `current.rs`, `whose.rs`, `history.rs`, `review.rs`, `inbox.rs` | 176 | 127 | 48 | 1 |
//! | `separation.rs`, `tenant/trial.rs` | 23 | 14 | 7 | 2 |
//! | `replica.rs`, `staff.rs`, `access_ticket.rs` | 44 | 33 | 10 | 1 |
//! | `speech.rs` | 56 | 50 | 6 | 0 |
//! | `snapshot/`: `ask.rs` | 142 | 82 | 42 | 18 |
//! | `bulk.rs` | 27 | 21 | 3 | 3 |
//! | `change.rs` | 94 | 78 | 11 | 5 |
//! | `class.rs` | 94 | 82 | 6 | 6 |
//! | `classes.rs` | 117 | 109 | 8 | 0 |
//! | `columns.rs` | 31 | 31 | 0 | 0 |
//! | `compile.rs` | 138 | 82 | 50 | 6 |
//! | `flat.rs` | 84 | 68 | 10 | 6 |
//! | `hash.rs` | 16 | 15 | 1 | 0 |
//! | `index.rs` | 49 | 43 | 5 | 1 |
//! | `keys.rs` | 62 | 59 | 1 | 2 |
//! | `mod.rs` | 27 | 16 | 11 | 0 |
//! | `names.rs`, `publish.rs`, `sets.rs`, `touched.rs` | 71 | 62 | 9 | 0 |
//! | `pile.rs` | 29 | 23 | 5 | 1 |
//! | `row.rs` | 226 | 201 | 15 | 10 |
//! | `rows.rs` | 77 | 67 | 6 | 4 |
//! | `slots.rs` | 25 | 25 | 0 | 0 |
//!
//! The numbers are those of each file when it was gone through.
//!
//! Those that nobody notices change no answer:
//!
//! - In `One::silent`, the default opinion for silence: silence is the default.
//! - In `One::each_entry`, `<` as `==`, `>` or `<=`; in `holder_edges`, the guard that asks for many as always true, never
//!   true, or `<`: from how many entries on spots are looked up instead of all being read. Both ways find the same
//!   entries, so the bound is a matter of speed.
//! - In `edges`, `&&` as `||` twice and `>` as `>=`: more instants are looked at than need be. The answer is compared at
//!   each of them, so only the work grows.
//! - In `who_can_until`, `<` as `<=`: a change at the very instant that is known already is found again.
//! - In `permitted`, either `&&` before `has_ceilings` as `||`, and `has_ceilings` as always true: duties that are
//!   permitted are decided once more, each by the check itself, where no ceiling can make a difference.
//! - In the remedies' `class`, never a class: each user is counted alone, and not once for all who are alike.
//! - In the remedies' `is_plain`, always false: what else a plain grant of this one duty permits is counted, and is
//!   nothing.
//! - In the remedies' `keep`, `- 1` as `+ 1` or `/ 1`: the whole is tried once more after its parts, and with `+ 1` nothing
//!   at all, too. The whole is known to permit, and nothing is known not to.
//! - In `Trial::after`, `+ 1` as `* 1`, and the revision left as it was: a trial's revision stands in what it makes, and
//!   nothing that is asked of a trial tells it.
//! - In `Replica::follow`, `<=` as `>`: no event is handed on, so that everything is compiled anew.
//! - In `history.rs`, `may_be_indirect` as always true: the state before an event is made where it need not be. What
//!   the user had in it is asked all the same.
//! - In the lint's `around`, the `||` before `inner == outer` as `&&`: pairs are looked at in which nothing is given, or
//!   in which the revoke overrides the grant. That is found out for each of their duties.
//! - In the lint's `both_reaches`, `==` as `!=`: the two sets are exchanged, and what is in both is the same.
//! - In the lint's `contained`, `>` as `>=`: a profile is never held against itself.
//! - In the snapshot's `row_with`, `permitted`, `permitted_by_hash`, `in_brief`, `at_root`, `in_row`, `compiled`, `root_row`,
//!   `row_in`, `number_in` and `positions`, nothing for an answer: what no row tells at once is asked the longer way, in
//!   the end of the rule, which answers the same.
//! - In `find_user` and `find_duty`, the guard as never true: the handle is looked at once more by the rule, which takes
//!   the tenant's tag for it.
//! - In `in_brief`, `&` as `|` at either place before `!= 0`; in `in_row`, `||` as `&&` before what is permitted on some
//!   records; `is_plain`, `is_plain_at_root` and `is_bare` as never true: more is asked the longer way.
//! - In `who_can_set`, the guard as never true, and `columns` as nothing: users are gone through one by one.
//! - `UserRows::table` as empty: a row is found by way of the snapshot instead of at once.
//! - In `follow`, `&&` as `||` before the scopes of everyone; in `rewrite`, `&&` as `||`; `has_scopes` as always true; in
//!   `wastes`, `>` as `>=` and `/` as `%`: everything is compiled anew where a part would do, or some dead rows sooner.
//! - `Head::marked` as 1: what lies after an unmarked row is taken for its marks. An unmarked row has one rank, whatever
//!   the mark, and what seems marked and is not permitted is asked the longer way. `Head::untold` as 1: so is a reason
//!   that the row tells.
//! - In `with_end`, in `Head::rank`, in `write`, `following` and `planes`, in `Told::under`, and in `Rows::bits`, `|` as
//!   `^`: the two sides have no bit in common.
//! - In the copy of growing rows, `*` as `+` or `/`: there is less room before the copy has to grow.
//! - `are_scoped` as always true: rows that nobody has are written anew as well, and where rows would have to move
//!   everything is compiled anew.
//! - `same_by` as nothing: keys are compared byte by byte.
//! - In the snapshot's `ClassKey` (`hash` and `each`), in `short_part`, in `Compiler::scopes`, in `Ones` (`next` and
//!   `fold`) and in `slot` of `keys.rs`, `|` as `^`: the two numbers never have a bit in common.
//! - In `Tag::of`, `>>` as `<<`, and `|` as `^`: a digest that tells texts apart as well.
//! - In `words_of`, `|` as `^`, `<<` as `>>`, `*` as `/`, and `%` as `/`: where the machine's words are as wide as those
//!   of a row there is one part to each, and nothing that it is joined to.
//! - `Compiler::take_profiles` and `few_profiles` as nothing, the guard in `shared_row` and `Own::is_plain` as always false,
//!   and in `put_in_order` `>` as `>=`: what would be at hand is worked out again, what is done in fewer steps in more,
//!   or what is in order put in order.
//! - In `Flat::is_silent`, as always false: a layer that says nothing is put over the others, and changes nothing.
