//! A quarter's access review: what is held is listed, each reviewer decides, the rest is revoked at closing.
//!
//!     cargo run --example quarterly_review          # or: -- --es

use std::error::Error;

use bailiwick::Actor;
use bailiwick::CampaignId;
use bailiwick::Command;
use bailiwick::History;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Stamp;
use bailiwick::Tenant;

const TOWN: &str = r#"
    name = "Rio Vista"
    catalog = "civic"

    [[department]]
    key = "finance"
    head = "fay"

    [[group]]
    key = "counter"

    [[profile]]
    key = "clerk"
    grants = ["finance.invoice", { on = "finance.ledger", level = "view" }]

    [[user]]
    key = "ana"
    department = "finance"
    groups = ["counter"]

    [[user]]
    key = "ben"
    department = "finance"

    [[user]]
    key = "fay"
    department = "finance"

    [[user]]
    key = "ida"

    [[assign]]
    holder = "user:ana"
    profile = "clerk"

    [[assign]]
    holder = "user:ben"
    profile = "clerk"

    [[grant]]
    holder = "user:ben"
    on = "finance.funds.certify"
    reason = "year end"

    [[grant]]
    holder = "user:fay"
    on = "finance"

    [[grant]]
    holder = "user:ida"
    on = "it-management"

    [administration]
    open-campaign = "it-management.campaigns.manage"
    close-campaign = "it-management.campaigns.manage"
"#;

const DAYS: [(&str, &str, &str); 9] = [
    (
        "2026-04-01T09:00:00Z",
        "user:ida",
        r#"{"open-campaign":{"name":"Spring review","due":"2026-04-15T00:00:00Z"}}"#,
    ),
    (
        "2026-04-02T10:00:00Z",
        "user:fay",
        r#"{"certify":{"campaign":1,"user":"ana","profile":"clerk"}}"#,
    ),
    (
        "2026-04-02T10:01:00Z",
        "user:fay",
        r#"{"certify":{"campaign":1,"user":"ana","group":"counter"}}"#,
    ),
    (
        "2026-04-02T10:02:00Z",
        "user:fay",
        r#"{"revoke-item":{"campaign":1,"user":"ben","on":"finance.funds.certify","note":"year end is over"}}"#,
    ),
    (
        "2026-04-02T10:03:00Z",
        "user:fay",
        r#"{"certify":{"campaign":1,"user":"fay","on":"finance"}}"#,
    ),
    (
        "2026-04-02T11:00:00Z",
        "user:ida",
        r#"{"certify":{"campaign":1,"user":"fay","on":"finance"}}"#,
    ),
    (
        "2026-04-16T09:00:00Z",
        "user:ida",
        r#"{"close-campaign":{"campaign":1}}"#,
    ),
    (
        "2026-04-16T09:01:00Z",
        "system",
        r#"{"certify":{"campaign":1,"user":"ida","on":"it-management"}}"#,
    ),
    (
        "2026-04-16T09:02:00Z",
        "user:ida",
        r#"{"close-campaign":{"campaign":1,"undecided":"revoke"}}"#,
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let language = if std::env::args().any(|word| word == "--es") {
        Language::Spanish
    } else {
        Language::English
    };
    let told = |mistakes: Vec<bailiwick::Mistake>| {
        mistakes
            .first()
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    let tenant = Tenant::from_toml(TOWN).map_err(told)?;
    let mut history = History::new(tenant);
    for (at, by, text) in DAYS {
        let command: Command = serde_json::from_str(text)?;
        let stamp = Stamp::new(at.parse()?, Actor::new(by)?);
        print!("{at}  {by:<9} {text}\n{:22}", "");
        match history.execute(&stamp, &command) {
            Ok(_) => {
                let now = history.tenant().as_of(stamp.at);
                let progress = now.campaign(CampaignId(1))?;
                println!(
                    "{}: {} {}, {} {}, {} {}",
                    language.choose("done", "hecho"),
                    progress.certified,
                    language.choose("certified", "certificados"),
                    progress.revoked,
                    language.choose("revoked", "revocados"),
                    progress.pending,
                    language.choose("pending", "pendientes"),
                );
            }
            Err(refusal) => println!(
                "{} ({}): {}",
                language.choose("refused", "rechazado"),
                refusal.code(),
                refusal.localized(language)
            ),
        }
    }

    let end = "2026-04-16T09:02:00Z".parse()?;
    let report = history.tenant().as_of(end).campaign_report(CampaignId(1))?;
    println!(
        "\n{}: {}",
        language.choose("The evidence", "La evidencia"),
        report.name
    );
    for item in &report.items {
        let (when, who) = match &item.decided {
            Some((at, by)) => (at.to_string(), by.to_string()),
            None => (String::new(), String::new()),
        };
        println!(
            "  {:<10} {:<22} {:<9} {when} {who}",
            item.holder.to_string(),
            item.name(),
            item.state.to_string()
        );
    }
    Ok(())
}
