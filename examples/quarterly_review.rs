//! A quarter's access review: what is held is listed, each reviewer decides, and what nobody decided is revoked.
//!
//!     cargo run --example quarterly_review            # in English
//!     cargo run --example quarterly_review -- --es    # in Spanish

use std::error::Error;

use bailiwick::Actor;
use bailiwick::CampaignId;
use bailiwick::CampaignReport;
use bailiwick::Command;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::Timestamp;

const SPRING: CampaignId = CampaignId(1);

const TOWN: &str = r#"
    name = "Rio Vista"
    catalog = "civic"
    department = [{ key = "finance", head = "fay" }]
    group = [{ key = "counter" }]
    profile = [{ key = "clerk", grants = ["finance.invoice", { on = "finance.ledger", level = "view" }] }]
    user = [
      { key = "ana", department = "finance", groups = ["counter"] },
      { key = "ben", department = "finance" },
      { key = "fay", department = "finance" },
      { key = "ida" },
    ]
    assign = [{ holder = "user:ana", profile = "clerk" }, { holder = "user:ben", profile = "clerk" }]
    grant = [
      { holder = "user:ben", on = "finance.funds.certify", reason = "year end" },
      { holder = "user:fay", on = "finance" },
      { holder = "user:ida", on = "it-management" },
    ]

    [administration]
    open-campaign = "it-management.campaigns.manage"
    close-campaign = "it-management.campaigns.manage"
    grant = "it-management.grants.manage"
"#;

/// When, by whom, in words, and the command.
const DAYS: [(&str, &str, [&str; 2], &str); 10] = [
    (
        "2026-04-01T09:00:00Z",
        "user:ida",
        [
            "Ida opens the spring review of everyone, due on the 15th",
            "Ida abre la revisión de primavera de todos, hasta el día 15",
        ],
        r#"{"open-campaign":{"name":"Spring review","due":"2026-04-15T00:00:00Z"}}"#,
    ),
    (
        "2026-04-02T10:00:00Z",
        "user:fay",
        [
            "Fay, the head of finance: Ana stays a clerk",
            "Fay, titular de finanzas: Ana sigue de auxiliar",
        ],
        r#"{"certify":{"campaign":1,"user":"ana","profile":"clerk"}}"#,
    ),
    (
        "2026-04-02T10:01:00Z",
        "user:fay",
        ["Ana stays at the counter", "Ana sigue en ventanilla"],
        r#"{"certify":{"campaign":1,"user":"ana","group":"counter"}}"#,
    ),
    (
        "2026-04-02T10:02:00Z",
        "user:fay",
        [
            "Ben certified funds for the year end, which is over",
            "Ben certificaba fondos por el cierre del año, que ya pasó",
        ],
        r#"{"revoke-item":{"campaign":1,"user":"ben","on":"finance.funds.certify","note":"year end is over"}}"#,
    ),
    (
        "2026-04-02T10:03:00Z",
        "user:fay",
        ["And Fay's own access?", "¿Y el acceso de la propia Fay?"],
        r#"{"certify":{"campaign":1,"user":"fay","on":"finance"}}"#,
    ),
    (
        "2026-04-02T11:00:00Z",
        "user:ida",
        [
            "There is no head above her, so Ida decides, who opened the review",
            "No hay titular sobre ella: decide Ida, que abrió la revisión",
        ],
        r#"{"certify":{"campaign":1,"user":"fay","on":"finance"}}"#,
    ),
    (
        "2026-04-08T09:00:00Z",
        "user:ida",
        [
            "Meanwhile Ana is granted something new",
            "Entretanto se concede algo nuevo a Ana",
        ],
        r#"{"grant":{"holder":"user:ana","on":"finance.order.view","reason":"audit"}}"#,
    ),
    (
        "2026-04-16T09:00:00Z",
        "user:ida",
        [
            "The due day has passed: Ida closes",
            "Pasó el plazo: Ida cierra",
        ],
        r#"{"close-campaign":{"campaign":1}}"#,
    ),
    (
        "2026-04-16T09:01:00Z",
        "system",
        [
            "Ida's own access waits for the host, which certifies it",
            "El acceso de Ida espera al sistema, que lo certifica",
        ],
        r#"{"certify":{"campaign":1,"user":"ida","on":"it-management"}}"#,
    ),
    (
        "2026-04-16T09:02:00Z",
        "user:ida",
        [
            "Ida closes, and what nobody decided is revoked",
            "Ida cierra, y lo que nadie decidió se revoca",
        ],
        r#"{"close-campaign":{"campaign":1,"undecided":"revoke"}}"#,
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let spanish = std::env::args().any(|word| word == "--es");
    let language = if spanish {
        Language::Spanish
    } else {
        Language::English
    };
    let mut tenant = Tenant::from_toml(TOWN)?;
    for (at, by, [english, in_spanish], command) in DAYS {
        let command: Command = serde_json::from_str(command)?;
        let stamp = Stamp::new(at.parse()?, Actor::new(by)?);
        println!("{at}  {}", language.choose(english, in_spanish));
        match tenant.execute(&stamp, &command) {
            Ok(_) => print_progress(&tenant, stamp.at, language)?,
            Err(refusal) => println!(
                "                      {}: {} ({})",
                language.choose("refused", "rechazado"),
                refusal.localized(language),
                refusal.code(),
            ),
        }
    }
    let end: Timestamp = "2026-04-16T09:02:00Z".parse()?;
    print_evidence(&tenant.as_of(end).campaign_report(SPRING)?, language);
    Ok(())
}

fn print_progress(
    tenant: &Tenant,
    at: Timestamp,
    language: Language,
) -> Result<(), Box<dyn Error>> {
    let words = language.choose(
        ["certified", "revoked", "pending", "overdue"],
        ["certificados", "revocados", "pendientes", "vencida"],
    );
    let progress = tenant.as_of(at).campaign(SPRING)?;
    let counts = [progress.certified, progress.revoked, progress.pending];
    let told: Vec<String> = counts
        .iter()
        .zip(words)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let overdue = if progress.overdue {
        format!(", {}", words[3])
    } else {
        String::new()
    };
    println!("                      {}{overdue}", told.join(", "));
    Ok(())
}

/// What an auditor asks for.
fn print_evidence(report: &CampaignReport, language: Language) {
    println!(
        "\n{}: {}",
        language.choose("The evidence", "La evidencia"),
        report.name
    );
    for item in &report.items {
        let (at, by) = item
            .decided
            .as_ref()
            .map_or_else(Default::default, |(at, by)| {
                (at.to_string(), by.to_string())
            });
        let note = item
            .note
            .as_ref()
            .map_or_else(String::new, |note| format!(" ({note})"));
        let (holder, state) = (item.holder.to_string(), item.state.localized(language));
        println!(
            "  {holder:<9} {:<22} {state:<12} {by:<9} {at}{note}",
            item.name()
        );
    }
    println!("{}:", language.choose("Each reviewer", "Cada revisor"));
    for of in &report.reviewers {
        let words = language.choose(["certified", "revoked"], ["certificados", "revocados"]);
        println!(
            "  {:<9} {} {}, {} {}",
            of.reviewer.to_string(),
            of.certified,
            words[0],
            of.revoked,
            words[1]
        );
    }
    println!(
        "{}:",
        language.choose("Granted since it opened", "Concedido desde que se abrió")
    );
    for given in &report.granted_since {
        println!("  {}  {}", given.what.of(&given.holder), given.by);
    }
}
