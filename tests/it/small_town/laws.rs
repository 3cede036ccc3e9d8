//! The laws of section 6 as assertions on one step of a walk, read from the log and from the tenant's answers.

use std::collections::BTreeSet;

use bailiwick::Actor;
use bailiwick::CampaignId;
use bailiwick::CampaignState;
use bailiwick::Change;
use bailiwick::Command;
use bailiwick::DutyKey;
use bailiwick::Event;
use bailiwick::HolderKey;
use bailiwick::ItemState;
use bailiwick::RequestId;
use bailiwick::RequestState;
use bailiwick::Tenant;
use bailiwick::Thing;
use bailiwick::UserKey;

use super::INSTANTS;
use super::USERS;
use super::walk::Walk;
use super::walk::instant;
use super::walk::written;

/// The event alone, read from its text, gives the same state, to the byte; and it fits only once.
pub(crate) fn replays(before: &Tenant, event: &Event, walk: &Walk) {
    let text = serde_json::to_string(event).expect("an event");
    let read: Event = serde_json::from_str(&text).expect("an event");
    let mut replayed = before.clone();
    replayed.replay(&read).expect("a fitting event");
    assert_eq!(written(&replayed), walk.written, "{text}\n{walk}");
    assert!(replayed.replay(event).is_err(), "{text}\n{walk}");
}

/// Everything that must hold after an accepted command, the last of the walk's log.
pub(crate) fn hold(before: &Tenant, walk: &Walk) {
    let event = walk.log.last().expect("a step");
    nobody_widens_their_own(before, event, walk);
    requests_go_through_several_hands(before, event, walk);
    campaigns_are_frozen_and_close_decided(before, event, walk);
    who_left_holds_nothing(walk);
    one_of_a_key_at_a_time(event, walk);
    if event
        .changes
        .iter()
        .any(|change| !matches!(change, Change::Governed(_)))
    {
        no_new_conflict(before, event, walk);
        somebody_can_grant(before, walk);
    }
}

/// No command of a user gives that user a duty that they did not have at that instant.
fn nobody_widens_their_own(before: &Tenant, event: &Event, walk: &Walk) {
    let Some(user) = event.by.user() else { return };
    for number in walk.now..INSTANTS.len() {
        for associated in [false, true] {
            let had = effective(before, user, number, associated);
            let has = effective(&walk.tenant, user, number, associated);
            assert!(has.is_subset(&had), "{has:?} was {had:?}\n{walk}");
        }
    }
}

fn effective<'a>(
    tenant: &'a Tenant,
    user: &UserKey,
    number: usize,
    associated: bool,
) -> BTreeSet<&'a DutyKey> {
    let as_of = tenant.as_of(instant(number));
    let duties = as_of.effective(user.as_str(), None, associated);
    duties.into_iter().flatten().collect()
}

/// No path to provisioned without each approval, and no step on one's own behalf.
fn requests_go_through_several_hands(before: &Tenant, event: &Event, walk: &Walk) {
    let (was, is) = (before.as_of(event.at), walk.tenant.as_of(event.at));
    let asked = walk
        .log
        .iter()
        .filter(|event| matches!(event.command, Command::Request(_)));
    for (id, asked) in (1..).map(RequestId).zip(asked) {
        let state = is.request(id).expect("a request that was asked for");
        let details = is.request_details(id).expect("its details");
        let Command::Request(row) = &asked.command else {
            continue;
        };
        if let Some(beneficiary) = &row.beneficiary {
            assert_eq!(details.beneficiary, beneficiary, "{walk}");
        }
        let steps = |wanted: fn(&Command) -> Option<RequestId>| {
            let of = |event: &&Event| wanted(&event.command) == Some(id);
            walk.log
                .iter()
                .filter(of)
                .map(|event| &event.by)
                .collect::<Vec<_>>()
        };
        let approvals = steps(|command| match command {
            Command::Approve(row) => Some(row.request),
            _ => None,
        });
        let provisionings = steps(|command| match command {
            Command::Provision(row) => Some(row.request),
            _ => None,
        });
        let parties = [details.beneficiary, details.requester];
        for approver in &approvals {
            let approver = approver.user();
            assert!(
                approver.is_some_and(|user| !parties.contains(&user)),
                "approved by {approver:?}\n{walk}"
            );
        }
        let through = usize::from(matches!(state, RequestState::Provisioned));
        assert_eq!(provisionings.len(), through, "{id} is {state}\n{walk}");
        for provisioner in &provisionings {
            assert_eq!(approvals.len(), 1, "{id}\n{walk}");
            let theirs = provisioner
                .user()
                .is_some_and(|user| parties.contains(&user));
            assert!(!theirs && !approvals.contains(provisioner), "{id}\n{walk}");
        }
        // An end is final.
        let ended = was.request(id).is_ok_and(|state| !state.is_open());
        assert!(!ended || was.request(id) == Ok(state), "{id}\n{walk}");
    }
}

/// What a campaign lists never changes; nobody decides what they hold themselves; closed, nothing is undecided and
/// what was revoked has ended.
fn campaigns_are_frozen_and_close_decided(before: &Tenant, event: &Event, walk: &Walk) {
    let (was, is) = (before.as_of(event.at), walk.tenant.as_of(event.at));
    if let Command::Certify(row) | Command::RevokeItem(row) = &event.command {
        let user = row.user.clone().map(HolderKey::User);
        let holder = user.or(row.holder.clone()).expect("whose");
        assert!(
            !matches!((&event.by, &holder), (Actor::User(by), HolderKey::User(of)) if by == of),
            "{walk}"
        );
        let decided = was
            .review(row.campaign, &holder)
            .expect("known")
            .iter()
            .any(|item| item.decided.is_some());
        let waits = was.reviews(row.campaign, &event.by).expect("known");
        assert!(
            decided || waits.contains(&holder),
            "{holder} did not wait for {}\n{walk}",
            event.by
        );
    }
    for id in (1..).map(CampaignId) {
        let Ok(report) = is.campaign_report(id) else {
            break;
        };
        if let Ok(earlier) = was.campaign_report(id) {
            let listed = |items: &[bailiwick::ReviewItem]| -> Vec<_> {
                items
                    .iter()
                    .map(|item| (item.holder.clone(), item.what.clone()))
                    .collect()
            };
            assert_eq!(
                listed(&report.items),
                listed(&earlier.items),
                "{id}\n{walk}"
            );
            // A revocation is final, and so is the end of a campaign.
            let finals = earlier.items.iter().zip(&report.items);
            for (earlier, now) in finals.filter(|(earlier, _)| earlier.state == ItemState::Revoked)
            {
                assert_eq!(earlier.state, now.state, "{id}\n{walk}");
            }
            let ended = earlier.progress.state != CampaignState::Open;
            assert!(
                !ended || earlier.progress == report.progress,
                "{id}\n{walk}"
            );
        }
        let counts = &report.progress;
        let all = counts.pending + counts.certified + counts.revoked + counts.moot;
        assert_eq!(all, report.items.len(), "{id}\n{walk}");
        if counts.state == CampaignState::Closed {
            assert_eq!(counts.pending, 0, "{id}\n{walk}");
        }
    }
    if let Command::RevokeItem(_) | Command::CloseCampaign(_) = &event.command {
        for change in &event.changes {
            let Change::Ended {
                holder: HolderKey::User(user),
                what,
                after,
                ..
            } = change
            else {
                continue;
            };
            assert!(after.is_none_or(|window| !window.holds(event.at)), "{walk}");
            let held = is.current(user.as_str()).expect("known").profiles;
            let still = matches!(what, Thing::Profile { profile, scope }
                if held.iter().any(|row| row.what == profile && row.scope == scope.as_ref()));
            assert!(!still, "{walk}");
        }
    }
}

/// An offboarded user holds nothing and is named by nothing, until a later command names them.
fn who_left_holds_nothing(walk: &Walk) {
    for user in USERS {
        let mentions = |event: &Event| {
            let text = serde_json::to_string(&event.command).expect("a command");
            text.contains(&format!("\"{user}\"")) || text.contains(&format!("\"user:{user}\""))
        };
        let Some(event) = walk.log.iter().rev().find(|event| mentions(event)) else {
            continue;
        };
        let left = matches!(&event.command, Command::Offboard(row) if row.user.as_str() == user);
        if !left {
            continue;
        }
        for number in walk.now..INSTANTS.len() {
            let as_of = walk.tenant.as_of(instant(number));
            let current = as_of.current(user).expect("known");
            assert!(
                !current.enabled && current.team.is_none() && !current.all_teams,
                "{walk}"
            );
            assert!(
                current.entries.is_empty() && current.profiles.is_empty(),
                "{walk}"
            );
            assert!(current.groups.is_empty(), "{walk}");
            assert_eq!(as_of.items(user).expect("known").len(), 0, "{walk}");
            assert_eq!(
                as_of.effective(user, None, true).expect("known").len(),
                0,
                "{walk}"
            );
            assert_eq!(as_of.inbox(user).expect("known").len(), 0, "{walk}");
            let key: UserKey = user.parse().expect("a key");
            for waiting in as_of.waiting() {
                let details = as_of.request_details(waiting.request).expect("known");
                assert!(!waiting.waits_for.contains(&&key), "{walk}");
                assert!(
                    *details.beneficiary != key && *details.requester != key,
                    "{walk}"
                );
            }
            let actor = Actor::User(key);
            for id in (1..).map(CampaignId) {
                let Ok(waiting) = as_of.reviews(id, &actor) else {
                    break;
                };
                assert_eq!(waiting, [], "{walk}");
            }
            let named = |orphan: &String| orphan.contains(&format!("user:{user} "));
            let orphans = as_of.orphans();
            assert!(!orphans.iter().any(named), "{orphans:?}\n{walk}");
        }
    }
}

/// At any instant a holder has at most one of a key.
fn one_of_a_key_at_a_time(event: &Event, walk: &Walk) {
    let given = event.changes.iter().filter_map(|change| match change {
        Change::Made(made) => match &made.holder {
            HolderKey::User(user) => Some(user.as_str()),
            HolderKey::Everyone | HolderKey::Group(_) => None,
        },
        _ => None,
    });
    for user in given {
        for number in walk.now..INSTANTS.len() {
            let as_of = walk.tenant.as_of(instant(number));
            let current = as_of.current(user).expect("known");
            let mut keys: Vec<String> = Vec::new();
            keys.extend(current.groups.iter().map(|row| format!("{}", row.what)));
            keys.extend(
                current
                    .profiles
                    .iter()
                    .map(|row| format!("{} {:?}", row.what, row.scope)),
            );
            keys.extend(
                current
                    .entries
                    .iter()
                    .map(|row| format!("{} {:?}", row.what.on, row.scope)),
            );
            let count = keys.len();
            let different: BTreeSet<String> = keys.into_iter().collect();
            assert_eq!(different.len(), count, "{user}\n{walk}");
        }
    }
}

/// Nobody is brought into a conflict of duties but by an exception or by declaring it.
fn no_new_conflict(before: &Tenant, event: &Event, walk: &Walk) {
    if let Command::Conflict(_) = &event.command {
        return;
    }
    let standing = |tenant: &Tenant| -> BTreeSet<(String, String)> {
        let violations = tenant.as_of(event.at).conflicts();
        let row =
            |found: &bailiwick::Violation<'_>| (found.user.to_string(), found.conflict.to_string());
        violations.iter().map(row).collect()
    };
    let (had, has) = (standing(before), standing(&walk.tenant));
    assert!(has.is_subset(&had), "{has:?} was {had:?}\n{walk}");
}

/// Where somebody could grant at the root without an end, somebody can.
fn somebody_can_grant(before: &Tenant, walk: &Walk) {
    let can = |tenant: &Tenant| {
        let as_of = tenant.as_of(walk.at());
        let resource = bailiwick::Resource::default();
        let able = as_of
            .who_can("adm.desk.run", &resource)
            .expect("a known duty");
        able.iter()
            .any(|user| as_of.until(user.as_str(), "adm.desk.run", &resource) == Ok(None))
    };
    assert!(can(&walk.tenant) || !can(before), "{walk}");
}
