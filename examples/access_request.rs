//! A request for access from the question to the last day, told as a transcript.
//!
//!     cargo run --example access_request            # in English
//!     cargo run --example access_request -- --es    # in Spanish

use std::error::Error;

use bailiwick::Actor;
use bailiwick::Command;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::RequestId;
use bailiwick::Resource;
use bailiwick::Stamp;
use bailiwick::Tenant;
use bailiwick::document::Names;
use bailiwick::document::Node;

const DUTY: &str = "finance.funds.certify";

fn main() -> Result<(), Box<dyn Error>> {
    let spanish = std::env::args().any(|word| word == "--es");
    let language = if spanish {
        Language::Spanish
    } else {
        Language::English
    };
    let tenant = Tenant::from_toml(include_str!("rio_seco.toml"))?;
    let mut desk = Desk { tenant, language };

    desk.title(
        "Ana needs to certify funds while Ben is away.",
        "Ana necesita certificar fondos mientras Ben no está.",
    );
    let ask = r#"request = { on = "finance.funds.certify", for = "30d", justification = "cover for Ben" }"#;
    desk.act("2026-03-02T09:00:00Z", "user:ana", ask)?;
    desk.act("2026-03-02T09:01:00Z", "user:ana", ask)?;
    desk.waiting("2026-03-02T09:01:00Z")?;

    desk.title(
        "Nobody decides on their own request.",
        "Nadie decide sobre su propia solicitud.",
    );
    desk.act(
        "2026-03-02T09:05:00Z",
        "user:ana",
        "approve = { request = 1 }",
    )?;
    desk.act(
        "2026-03-02T09:05:00Z",
        "user:ivo",
        "provision = { request = 1 }",
    )?;

    desk.title(
        "Rosa, the head of finance, is away and has named Ben as her delegate.",
        "Rosa, titular de finanzas, está fuera y nombró delegado a Ben.",
    );
    let delegate =
        r#"delegate = { department = "finance", to = "ben", until = "2026-03-09T00:00:00Z" }"#;
    desk.act("2026-03-02T10:00:00Z", "user:rosa", delegate)?;
    desk.waiting("2026-03-02T10:00:00Z")?;
    desk.act(
        "2026-03-02T11:00:00Z",
        "user:ben",
        "approve = { request = 1 }",
    )?;
    desk.waiting("2026-03-02T11:00:00Z")?;

    desk.title(
        "Ivo carries it out. The thirty days begin now, and he may give less, not more.",
        "Ivo la aplica. Los treinta días empiezan ahora, y puede dar menos, no más.",
    );
    desk.act(
        "2026-03-03T08:30:00Z",
        "user:ivo",
        r#"provision = { request = 1, for = "60d" }"#,
    )?;
    desk.act(
        "2026-03-03T08:30:00Z",
        "user:ivo",
        "provision = { request = 1 }",
    )?;
    desk.check("2026-03-03T08:30:00Z")?;
    desk.check("2026-04-02T08:29:59Z")?;
    desk.check("2026-04-02T08:30:00Z")?;
    Ok(())
}

/// The desk and the language that it speaks.
struct Desk {
    tenant: Tenant,
    language: Language,
}

impl Desk {
    fn title(&self, english: &str, spanish: &str) {
        println!("\n{}", self.language.choose(english, spanish));
    }

    /// Gives a command, and tells what became of it.
    fn act(&mut self, at: &str, by: &str, command: &str) -> Result<(), Box<dyn Error>> {
        let node = Node::from_toml(command).map_err(|mistake| mistake.to_string())?;
        let given = Command::from_node(&node, &Names::default())?;
        let kind = given.kind();
        let outcome = match self
            .tenant
            .execute(&Stamp::new(at.parse()?, Actor::new(by)?), &given)
        {
            Ok(_) => {
                let state = self.tenant.as_of(at.parse()?).request(RequestId(1))?;
                let request = self.language.choose("request 1 is", "la solicitud 1 está");
                format!("{request} {}", state.localized(self.language))
            }
            Err(refusal) => {
                let refused = self.language.choose("refused", "rechazado");
                format!(
                    "{refused}: {} ({})",
                    refusal.localized(self.language),
                    refusal.code()
                )
            }
        };
        println!("  {at}  {by:<9} {:<9}  {outcome}", kind.word());
        Ok(())
    }

    /// Tells what waits for whom, and since when.
    fn waiting(&self, at: &str) -> Result<(), Box<dyn Error>> {
        for waiting in self.tenant.as_of(at.parse()?).waiting() {
            let words = self
                .language
                .choose(["waits for", "since"], ["espera a", "desde"]);
            let users: Vec<&str> = waiting.waits_for.iter().map(|user| user.as_str()).collect();
            println!(
                "    {} {}: {} {}, {} {}",
                self.language.choose("request", "solicitud"),
                waiting.request,
                words[0],
                users.join(", "),
                words[1],
                waiting.since
            );
        }
        Ok(())
    }

    /// Asks whether Ana may certify funds, and until when.
    fn check(&self, at: &str) -> Result<(), Box<dyn Error>> {
        let as_of = self.tenant.as_of(at.parse()?);
        let may = as_of.check("ana", DUTY, &Resource::default())?;
        let answer = match may.denial() {
            None => self
                .language
                .choose("may certify funds", "puede certificar fondos")
                .into(),
            Some(denial) => denial.localized(self.language),
        };
        let until = as_of.until("ana", DUTY, &Resource::default())?;
        let until = until.map_or(String::new(), |until| {
            format!(" {} {until}", self.language.choose("until", "hasta"))
        });
        println!("    {at}  ana: {answer}{until}");
        Ok(())
    }
}
