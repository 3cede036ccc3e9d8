//! The shipped town hall: what its profiles give, and what may not be in one hand.

use std::collections::BTreeSet;

use bailiwick::AsOf;
use bailiwick::Name;
use bailiwick::Policy;
use bailiwick::Sensitivity;
use bailiwick::Tenant;
use bailiwick::policy;
use bailiwick::systems;

fn town() -> Policy {
    systems::civic(Name::new("Rio Vista").unwrap()).policy
}

/// A town in which everybody has one profile, and is called like it.
fn staffed(mut town: Policy) -> Tenant {
    for profile in town.profiles.clone() {
        let user: bailiwick::UserKey = profile.key.as_str().parse().unwrap();
        town.assignments.push(policy::Assign::new(
            bailiwick::HolderKey::User(user.clone()),
            profile.key,
        ));
        town.users.push(policy::User::new(user));
    }
    Tenant::found(&town).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

fn today(tenant: &Tenant) -> AsOf<'_> {
    tenant.as_of("2026-01-05T09:00:00Z".parse().unwrap())
}

fn high(as_of: AsOf<'_>, profile: &str) -> Vec<String> {
    let modules = as_of.checklist(Some(profile)).unwrap();
    let duties = modules.iter().flat_map(|module| &module.duties);
    duties
        .filter(|duty| duty.ticked.is_some() && duty.sensitivity == Sensitivity::High)
        .map(|duty| duty.duty.to_string())
        .collect()
}

/// The roles that are about duties of high sensitivity, and those duties; every other profile has none of them.
const ABOUT: [(&str, &[&str]); 18] = [
    // Approves the department's orders, up to a ceiling.
    ("department-head", &["finance.order.approve"]),
    // Answers for the books and for what is spent; the money is released by somebody else.
    (
        "finance-director",
        &[
            "finance.ledger.admin",
            "finance.funds.certify",
            "finance.order.approve",
            "finance.invoice.approve",
            "finance.invoice.void",
            "budget.plan.admin",
            "budget.amendment.approve",
        ],
    ),
    (
        "treasurer",
        &["finance.payment.release", "finance.bank.transfer"],
    ),
    ("purchasing-officer", &["purchasing.vendor.enter"]),
    (
        "payroll-clerk",
        &[
            "payroll.run.view",
            "payroll.run.calculate",
            "payroll.deduction.edit",
        ],
    ),
    (
        "payroll-manager",
        &["payroll.run.view", "payroll.run.certify"],
    ),
    (
        "hr-officer",
        &[
            "payroll.direct-deposit.edit",
            "human-resources.employee.view",
            "human-resources.employee.edit",
            "human-resources.employee.admin",
            "human-resources.position.edit",
        ],
    ),
    (
        "utility-manager",
        &[
            "utility-billing.account.admin",
            "utility-billing.bill.run",
            "utility-billing.adjustment.approve",
            "utility-billing.service.disconnect",
        ],
    ),
    (
        "municipal-judge",
        &[
            "municipal-court.warrant.issue",
            "municipal-court.warrant.recall",
            "municipal-court.fine.waive",
            "municipal-court.case.seal",
        ],
    ),
    ("code-officer", &["code-enforcement.citation.issue"]),
    (
        "city-secretary",
        &[
            "records.document.admin",
            "records.request.release",
            "agenda.minutes.publish",
            "elections.candidate.file",
        ],
    ),
    (
        "police-records-clerk",
        &[
            "police-records.report.view",
            "police-records.report.edit",
            "police-records.criminal-history.query",
        ],
    ),
    ("it-technician", &["it-helpdesk.queue.work"]),
    (
        "helpdesk-supervisor",
        &[
            "it-helpdesk.tickets.reopen",
            "it-helpdesk.queue.work",
            "it-helpdesk.service.manage",
        ],
    ),
    ("city-manager", &["it-management.conflicts.except"]),
    (
        "auditor-read-only",
        &["payroll.run.view", "it-management.logs.view"],
    ),
    // Access itself: every duty of its module but the exceptions to conflicts.
    ("access-administrator", &[]),
    // The example of the text that all this comes from: the clerk asks for certifying funds, and does not have it.
    ("finance-clerk", &[]),
];

#[test]
fn high_sensitivity_is_for_the_roles_that_are_about_it() {
    let tenant = staffed(town());
    let as_of = today(&tenant);
    let profiles = town().profiles;
    assert!(profiles.len() >= 12);
    for profile in &profiles {
        let key = profile.key.as_str();
        let found = high(as_of, key);
        if key == "access-administrator" {
            let others: Vec<&String> = found
                .iter()
                .filter(|duty| !duty.starts_with("it-management."))
                .collect();
            assert_eq!(others, Vec::<&String>::new());
            assert!(!found.contains(&"it-management.conflicts.except".into()));
            continue;
        }
        let about = ABOUT.iter().find(|(named, _)| *named == key);
        assert_eq!(found, about.map_or(&[][..], |(_, duties)| duties), "{key}");
    }
    // No row of the table is about a profile that is gone.
    for (named, _) in ABOUT {
        assert!(
            profiles.iter().any(|profile| profile.key.as_str() == named),
            "{named}"
        );
    }
}

#[test]
fn no_profile_alone_holds_too_much_of_a_conflict() {
    let tenant = staffed(town());
    assert_eq!(today(&tenant).conflicts(), []);
    // Everybody holds something, so that the sentence above says something.
    for user in today(&tenant).users() {
        let duties = today(&tenant)
            .effective(user.as_str(), None, false)
            .unwrap();
        assert!(!duties.is_empty(), "{user}");
    }
}

/// What auditors expect in different hands.
const APART: [[&str; 2]; 6] = [
    ["finance.order.raise", "finance.order.approve"],
    ["purchasing.vendor.enter", "finance.payment.release"],
    ["payroll.timesheet.enter", "payroll.run.certify"],
    ["finance.invoice.enter", "finance.invoice.approve"],
    ["finance.payment.prepare", "finance.payment.release"],
    ["budget.amendment.propose", "budget.amendment.approve"],
];

#[test]
fn every_conflict_stands_as_soon_as_one_hand_has_too_much() {
    let declared: BTreeSet<Vec<String>> = town()
        .conflicts
        .iter()
        .map(|conflict| conflict.of.iter().map(ToString::to_string).collect())
        .collect();
    for pair in APART {
        assert!(
            declared.contains(pair.map(String::from).as_slice()),
            "{pair:?}"
        );
    }
    let mut everything = town();
    everything
        .users
        .push(policy::User::new("omni".parse().unwrap()));
    everything.grants.push(policy::Grant::new(
        "user:omni".parse().unwrap(),
        "*".parse().unwrap(),
    ));
    let tenant = Tenant::found(&everything).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    assert_eq!(today(&tenant).conflicts().len(), everything.conflicts.len());
}

#[test]
fn the_documents_are_what_the_library_reads() {
    for (name, text) in systems::DOCUMENTS {
        let whole = match name.split_once('-') {
            None => text.to_string(),
            Some((catalog, _)) => format!("catalog = \"{catalog}\"\n{text}"),
        };
        let read = bailiwick::document::Document::from_toml(&whole);
        assert!(read.is_ok(), "{name}: {read:?}");
    }
    let read = systems::civic(Name::new("Rio Vista").unwrap());
    assert_eq!(read.policy.name.as_str(), "Rio Vista");
    assert!(read.policy.helpdesk.work.is_some());
    assert!(!read.policy.administration.is_empty());
}
