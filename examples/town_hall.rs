//! A town hall's access decided from its policy document, with reasons and dates.
//!
//!     cargo run --example town_hall

use std::error::Error;

use bailiwick::Decision;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::Timestamp;

fn main() -> Result<(), Box<dyn Error>> {
    let tenant = match Tenant::from_toml(include_str!("town_hall.toml")) {
        Ok(tenant) => tenant,
        Err(mistakes) => {
            for mistake in mistakes {
                eprintln!("{mistake}");
            }
            return Err("the policy has mistakes".into());
        }
    };
    let at: Timestamp = "2026-03-02T09:00:00Z".parse()?;
    println!("{} on {at}\n", tenant.name());

    let desk = Resource::default();
    let bridge = Resource {
        scope: Some("bridge".into()),
        associated: true,
        ..Resource::default()
    };
    let void = Resource {
        qualifiers: &["published"],
        ..Resource::default()
    };
    let questions = [
        ("ana", "finance.funds.certify", &desk, "certify funds"),
        (
            "ana",
            "finance.funds.certify",
            &bridge,
            "… on the bridge project",
        ),
        (
            "ana",
            "finance.invoice.void",
            &desk,
            "void an invoice that is not published",
        ),
        (
            "ana",
            "finance.invoice.void",
            &void,
            "void a published invoice",
        ),
        ("ana", "finance.ledger.edit", &desk, "edit the ledger"),
        ("ben", "finance.funds.certify", &desk, "certify funds"),
        (
            "ben",
            "finance.invoice.void",
            &bridge,
            "void an invoice of the bridge project",
        ),
        (
            "ida",
            "it-management.grants.manage",
            &desk,
            "grant access to others",
        ),
    ];
    println!(
        "{:<4} {:<38} {:<8} {:<21} because",
        "who", "what", "", "until"
    );
    for (user, duty, resource, what) in questions {
        let asked = tenant.as_of(at);
        let decision = asked.check(user, duty, resource)?;
        let until = asked
            .until(user, duty, resource)?
            .map_or("always".into(), |until| until.to_string());
        let reason = match decision {
            Decision::Permit(layer) => format!(
                "{} ({layer})",
                asked.because(user, duty, resource)?.join(", ")
            ),
            Decision::Deny(denial) => denial.localized(Language::English),
        };
        let verdict = if decision.is_permit() {
            "permit"
        } else {
            "deny"
        };
        println!("{user:<4} {what:<38} {verdict:<8} {until:<21} {reason}");
    }

    let able = tenant.as_of(at).who_can("finance.funds.certify", &desk)?;
    println!("\nwho can certify funds today: {able:?}");
    let later: Timestamp = "2026-04-05T09:00:00Z".parse()?;
    let able = tenant
        .as_of(later)
        .who_can("finance.funds.certify", &desk)?;
    println!("who can from {later} on: {able:?}");
    Ok(())
}
