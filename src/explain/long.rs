//! The layered account: every check in its order, every source with what became of it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::decision::Decision;
use crate::decision::Denial;
use crate::explain::Explanation;
use crate::explain::Gate;
use crate::explain::GateKind;
use crate::explain::LimitSource;
use crate::explain::LimitStatement;
use crate::explain::Standing;
use crate::explain::Statement;
use crate::explain::phrases;
use crate::explain::phrases::Gender;
use crate::speech;
use crate::speech::Named;
use crate::speech::sentence;
use crate::text::Language;

/// Lines under headings.
struct Account {
    language: Language,
    text: String,
}

impl Explanation {
    /// The whole account: the answer, the gates, the layers from the least to the most specific, the limits, the
    /// ceiling, and what has lapsed or has not begun. A heading stands above its lines; lines end with a full stop.
    #[must_use]
    pub fn long(&self, language: Language) -> String {
        let mut account = Account {
            language,
            text: String::new(),
        };
        account.question(self);
        account.gates(self);
        account.layers(self);
        account.limits(self);
        account.ceiling(self);
        account.apart(self);
        account.text
    }
}

impl Account {
    fn say(&self, english: String, spanish: String) -> String {
        self.language.choose(english, spanish)
    }

    fn top(&mut self, text: &str) {
        self.text.push_str(&sentence(text));
        self.text.push_str(".\n");
    }

    fn heading(&mut self, english: &str, spanish: &str) {
        self.text.push_str(self.language.choose(english, spanish));
        self.text.push_str(":\n");
    }

    fn line(&mut self, text: &str) {
        self.text.push_str("- ");
        self.text.push_str(&sentence(text));
        self.text.push_str(".\n");
    }

    fn question(&mut self, why: &Explanation) {
        let language = self.language;
        self.top(&why.short(language));
        let at = speech::instant(why.at, language);
        let record = record(why, language);
        let duty = &why.duty.key;
        let asked = self.say(
            format!("asked on {at}, of `{duty}` on {record}"),
            format!("preguntado el {at}, sobre `{duty}` en {record}"),
        );
        self.top(&asked);
        if why.until.is_none() {
            let never = self.say(
                "time alone will not change this answer".into(),
                "el mero paso del tiempo no cambiará esta respuesta".into(),
            );
            self.top(&never);
        }
    }

    fn gates(&mut self, why: &Explanation) {
        self.heading("First the gates", "Primero las barreras");
        for gate in &why.gates {
            let text = gate_text(why, *gate, self.language);
            self.line(&text);
        }
    }

    fn layers(&mut self, why: &Explanation) {
        let language = self.language;
        if why.record.private {
            self.heading(
                "The record is private, so only a right on exactly this item counts",
                "El registro es privado, así que solo cuenta un derecho sobre este mismo elemento",
            );
        } else {
            self.heading(
                "Then the layers, from the least to the most specific",
                "Después las capas, de la menos a la más específica",
            );
        }
        if why.statements.is_empty() {
            let nothing = self.say(
                "nothing speaks of it: it is neither granted, withheld nor revoked".into(),
                "nada se pronuncia: ni se concede, ni se retiene, ni se revoca".into(),
            );
            self.line(&nothing);
        }
        for said in &why.statements {
            let layer = phrases::layer(said.layer, language);
            let clause = phrases::clause(said, language);
            let opinion = phrases::opinion(said.opinion, language);
            let source = source(said, Gender::Masculine, language);
            let fate = fate(why, said, language);
            self.line(&format!("{layer}: {clause} ({opinion}){source}. {fate}"));
        }
        for membership in &why.memberships {
            let user = why.user.plain(language);
            let group = membership.group.say(language);
            let from = phrases::provenance(&membership.provenance, Gender::Masculine, language);
            let text = self.say(
                format!("{user} is a member of the group {group}: {from}"),
                format!("{user} es miembro del grupo {group}: {from}"),
            );
            self.line(&text);
        }
    }

    fn limits(&mut self, why: &Explanation) {
        if why.limits.is_empty() {
            return;
        }
        self.heading(
            "Then the limits, each of which must be met",
            "Después los límites, que deben cumplirse todos",
        );
        for limit in &why.limits {
            let text = limit_text(limit, self.language);
            self.line(&text);
        }
    }

    fn ceiling(&mut self, why: &Explanation) {
        let Some(ceiling) = &why.ceiling else { return };
        let language = self.language;
        self.heading("Then the amount", "Después el importe");
        let setters: Vec<String> = ceiling
            .set_by
            .iter()
            .filter_map(|place| why.statements.get(*place))
            .map(|said| phrases::thing(said, language))
            .collect();
        let setters = speech::list(&setters, language);
        let text = match ceiling.in_force {
            Some(most) => {
                let most = speech::amount(most.get(), language);
                self.say(
                    format!("the ceiling in force is {most}, set by {setters}"),
                    format!("el tope vigente es de {most}, fijado por {setters}"),
                )
            }
            None => self.say(
                format!("there is no ceiling in force, because of {setters}, which carries none"),
                format!("no hay tope vigente, por {setters}, que no lleva ninguno"),
            ),
        };
        self.line(&text);
        if let Some(amount) = why.record.amount {
            let amount = speech::amount(amount.get(), language);
            let text = if ceiling.exceeded {
                self.say(
                    format!("the record's amount, {amount}, is above it"),
                    format!("el importe del registro, {amount}, lo supera"),
                )
            } else {
                self.say(
                    format!("the record's amount, {amount}, is within it"),
                    format!("el importe del registro, {amount}, queda dentro"),
                )
            };
            self.line(&text);
        }
    }

    fn apart(&mut self, why: &Explanation) {
        if why.apart.is_empty() && why.apart_memberships.is_empty() {
            return;
        }
        let language = self.language;
        self.heading(
            "No longer or not yet in force",
            "Ya no está o todavía no está en vigor",
        );
        for said in &why.apart {
            let thing = phrases::thing(said, language);
            let opinion = phrases::opinion(said.opinion, language);
            let (from, until) = said
                .provenance
                .as_ref()
                .map_or((None, None), |from| (from.from, from.until));
            let held = held(said.standing == Standing::Lapsed, from, until, language);
            let source = source(said, phrases::gender(said.kind), language);
            self.line(&format!("{thing} ({opinion}) {held}{source}"));
        }
        for membership in &why.apart_memberships {
            let group = membership.group.say(language);
            let user = why.user.plain(language);
            let from = &membership.provenance;
            let lapsed = from.until.is_some_and(|until| until <= why.at);
            let held = held(lapsed, from.from, from.until, language);
            let text = self.say(
                format!("the membership of {user} in the group {group} {held}"),
                format!("la pertenencia de {user} al grupo {group} {held}"),
            );
            self.line(&text);
        }
    }
}

fn held(
    lapsed: bool,
    from: Option<crate::time::Timestamp>,
    until: Option<crate::time::Timestamp>,
    language: Language,
) -> String {
    let edge = if lapsed { until } else { from };
    let edge = edge.map_or_else(String::new, |edge| speech::instant(edge, language));
    if lapsed {
        language.choose(
            format!("held until {edge}"),
            format!("rigió hasta el {edge}"),
        )
    } else {
        language.choose(
            format!("will hold from {edge} on"),
            format!("regirá desde el {edge}"),
        )
    }
}

fn record(why: &Explanation, language: Language) -> String {
    let facts = &why.record;
    let mut text: String = match (&facts.item, facts.private) {
        (Some(item), true) => language.choose(
            format!("the private item `{item}`"),
            format!("el elemento privado `{item}`"),
        ),
        (None, true) => language
            .choose(
                "a private record without a key",
                "un registro privado sin clave",
            )
            .into(),
        _ => language
            .choose("a public record", "un registro público")
            .into(),
    };
    match &facts.scope {
        Some(scope) => text.push_str(&phrases::place(Some(scope), language)),
        None => text.push_str(language.choose(" at the root", " en la raíz")),
    }
    let user = why.user.plain(language);
    if !facts.private {
        text.push_str(&if facts.associated {
            language.choose(
                format!(", linked to {user}"),
                format!(", vinculado a {user}"),
            )
        } else {
            language.choose(
                format!(", not linked to {user}"),
                format!(", no vinculado a {user}"),
            )
        });
    }
    if let Some(team) = &facts.team {
        let team = team.say(language);
        text.push_str(&language.choose(
            format!(", of the team {team}"),
            format!(", del equipo {team}"),
        ));
    }
    if !facts.qualifiers.is_empty() {
        let words: Vec<String> = facts
            .qualifiers
            .iter()
            .map(|word| format!("`{word}`"))
            .collect();
        let words = speech::list(&words, language);
        text.push_str(
            &language.choose(format!(", which is {words}"), format!(", que está {words}")),
        );
    }
    if let Some(amount) = facts.amount {
        let amount = speech::amount(amount.get(), language);
        text.push_str(&language.choose(
            format!(", for an amount of {amount}"),
            format!(", por un importe de {amount}"),
        ));
    }
    text
}

fn gate_text(why: &Explanation, gate: Gate, language: Language) -> String {
    let user = why.user.plain(language);
    let module = why.module.say(language);
    let team = why.record.team.as_ref();
    let team = team.map_or_else(String::new, |team| team.say(language));
    let (english, spanish) = match (gate.what, gate.passed) {
        (GateKind::Login, true) => (
            format!("the login of {user} is enabled"),
            format!("el acceso de {user} está activado"),
        ),
        (GateKind::Login, false) => (
            format!("the login of {user} is disabled"),
            format!("el acceso de {user} está desactivado"),
        ),
        (GateKind::Module, true) => (
            format!("the module {module} is switched on"),
            format!("el módulo {module} está activado"),
        ),
        (GateKind::Module, false) => (
            format!("the module {module} is switched off"),
            format!("el módulo {module} está desactivado"),
        ),
        (GateKind::Team, true) => (
            format!("{user} sees records of the team {team}"),
            format!("{user} ve los registros del equipo {team}"),
        ),
        (GateKind::Team, false) => (
            format!("{user} does not see records of the team {team}"),
            format!("{user} no ve los registros del equipo {team}"),
        ),
    };
    let decides = match why.decision {
        Decision::Deny(Denial::LoginDisabled) => gate.what == GateKind::Login,
        Decision::Deny(Denial::ModuleOff) => gate.what == GateKind::Module,
        Decision::Deny(Denial::OutsideTeam) => gate.what == GateKind::Team,
        _ => false,
    };
    let mut text = language.choose(english, spanish);
    if decides {
        text.push_str(language.choose(
            ", which decides before anything below",
            ", lo que decide antes que todo lo que sigue",
        ));
    }
    text
}

fn source(said: &Statement, gender: Gender, language: Language) -> String {
    said.provenance.as_ref().map_or_else(String::new, |from| {
        format!("; {}", phrases::provenance(from, gender, language))
    })
}

fn fate(why: &Explanation, said: &Statement, language: Language) -> String {
    let things = |places: &[usize]| {
        let things: Vec<String> = places
            .iter()
            .filter_map(|place| why.statements.get(*place))
            .map(|said| phrases::thing(said, language))
            .collect();
        speech::list(&things, language)
    };
    match &said.standing {
        Standing::Prevails => language
            .choose(
                "This decides among the layers",
                "Esto decide entre las capas",
            )
            .into(),
        Standing::Overridden { by } => {
            let by = things(&[*by]);
            language.choose(
                format!("Overridden by the more specific {}", without_article(&by)),
                format!("La anula algo más específico, {by}"),
            )
        }
        Standing::GivesWay { to } => {
            let to = things(to);
            language.choose(
                format!("In the same layer it gives way to {to}"),
                format!("En la misma capa cede ante {to}"),
            )
        }
        Standing::Replaced { by } => {
            let layer = phrases::layer(*by, language);
            language.choose(
                format!("Replaced by a more specific layer, {layer}"),
                format!("La reemplaza una capa más específica, {layer}"),
            )
        }
        Standing::Elsewhere => language
            .choose("It is about other duties", "Se refiere a otras funciones")
            .into(),
        Standing::Lapsed | Standing::NotYet => String::new(),
    }
}

fn without_article(thing: &str) -> &str {
    thing.strip_prefix("the ").unwrap_or(thing)
}

fn limit_text(limit: &LimitStatement, language: Language) -> String {
    let (name, word) = (limit.limit.say(language), &limit.requires);
    let through: Vec<String> = limit
        .through
        .iter()
        .map(|source| through(source, language))
        .collect();
    let through = speech::list(&through, language);
    let met = if limit.met {
        language.choose(
            "the record is, so it is met",
            "el registro lo está: se cumple",
        )
    } else {
        language.choose(
            "the record is not, so it is not met",
            "el registro no lo está: no se cumple",
        )
    };
    language.choose(
        format!("the limit {name}, through {through}, requires `{word}`: {met}"),
        format!("el límite {name}, por {through}, exige `{word}`: {met}"),
    )
}

fn through(source: &LimitSource, language: Language) -> String {
    let holder = speech::holder(&source.holder, language);
    let place = phrases::place(source.scope.as_ref(), language);
    // El perfil, la restricción.
    let gender = match source.profile {
        Some(_) => Gender::Masculine,
        None => Gender::Feminine,
    };
    let from = phrases::provenance(&source.provenance, gender, language);
    match source
        .profile
        .as_ref()
        .map(|profile: &Named| profile.say(language))
    {
        Some(profile) => language.choose(
            format!("the profile {profile} of {holder}{place} ({from})"),
            format!(
                "el perfil {profile} {}{place} ({from})",
                speech::spanish_of(&source.holder)
            ),
        ),
        None => language.choose(
            format!("a restriction put on {holder}{place} ({from})"),
            format!(
                "una restricción {}{place} ({from})",
                speech::spanish_of(&source.holder)
            ),
        ),
    }
}
