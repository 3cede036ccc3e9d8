//! Clauses about one source, in either language.

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;

use crate::explain::Provenance;
use crate::explain::Statement;
use crate::explain::StatementKind;
use crate::layer::Opinion;
use crate::policy::Reach;
use crate::rule::Rank;
use crate::speech;
use crate::speech::Named;
use crate::text::Language;

/// ` at “Bridge”`, or nothing for the root.
pub(super) fn place(scope: Option<&Named>, language: Language) -> String {
    scope.map_or_else(String::new, |scope| {
        let scope = scope.say(language);
        language.choose(format!(" at {scope}"), format!(" en {scope}"))
    })
}

/// What a source does, as a clause: `Ana Ruiz is granted “finance” at “Bridge”`.
pub(super) fn clause(said: &Statement, language: Language) -> String {
    let holder = speech::holder(&said.holder, language);
    let on = speech::target(&said.on, language);
    let place = place(said.scope.as_ref(), language);
    let to = speech::spanish_to(&said.holder);
    let reach = match said.opinion {
        Opinion::Granted(Reach::Associated) => language.choose(
            ", for associated records only",
            ", solo para registros asociados",
        ),
        _ => "",
    };
    match (said.kind, language) {
        (StatementKind::Mode, Language::English) => {
            "the tenant is open for duties of this sensitivity".into()
        }
        (StatementKind::Mode, Language::Spanish) => {
            "la organización está abierta para funciones de esta sensibilidad".into()
        }
        (StatementKind::Grant, Language::English) => {
            format!("{holder} is granted {on}{place}{reach}")
        }
        (StatementKind::Grant, Language::Spanish) => {
            format!("{to} se le concede {on}{place}{reach}")
        }
        (StatementKind::Revoke, Language::English) => {
            format!("{on} is explicitly revoked from {holder}{place}")
        }
        (StatementKind::Revoke, Language::Spanish) => {
            format!("{to} se le revoca expresamente {on}{place}")
        }
        (StatementKind::Level, Language::English) => {
            let level = level(said, language);
            format!(
                "the level of {holder} on {on} is set to {level}{place}{}",
                short_of(said, language)
            )
        }
        (StatementKind::Level, Language::Spanish) => {
            let level = level(said, language);
            let of = speech::spanish_of(&said.holder);
            format!(
                "el nivel {of} en {on} está fijado en {level}{place}{}",
                short_of(said, language)
            )
        }
        (StatementKind::Assignment, Language::English) => {
            format!("the profile {on}, assigned to {holder}{place}, gives it{reach}")
        }
        (StatementKind::Assignment, Language::Spanish) => {
            format!("el perfil {on}, asignado {to}{place}, lo da{reach}")
        }
        (StatementKind::Item, _) if said.opinion == Opinion::Silent => language.choose(
            format!("{holder} has a right on the private item {on} that does not include it"),
            format!("{holder} tiene un derecho sobre el elemento privado {on} que no lo incluye"),
        ),
        (StatementKind::Item, _) => language.choose(
            format!("{holder} has a right on the private item {on} that includes it"),
            format!("{holder} tiene un derecho sobre el elemento privado {on} que lo incluye"),
        ),
    }
}

/// A source as a thing: `the grant of “finance” to Ana Ruiz`.
pub(super) fn thing(said: &Statement, language: Language) -> String {
    let holder = speech::holder(&said.holder, language);
    let on = speech::target(&said.on, language);
    let place = place(said.scope.as_ref(), language);
    let to = speech::spanish_to(&said.holder);
    match (said.kind, language) {
        (StatementKind::Mode, Language::English) => "the open mode of the tenant".into(),
        (StatementKind::Mode, Language::Spanish) => "el modo abierto de la organización".into(),
        (StatementKind::Grant, Language::English) => {
            format!("the grant of {on} to {holder}{place}")
        }
        (StatementKind::Grant, Language::Spanish) => format!("la concesión de {on} {to}{place}"),
        (StatementKind::Revoke, Language::English) => {
            format!("the revoke of {on} from {holder}{place}")
        }
        (StatementKind::Revoke, Language::Spanish) => format!("la revocación de {on} {to}{place}"),
        (StatementKind::Level, Language::English) => format!(
            "the level {} of {holder} on {on}{place}",
            level(said, language)
        ),
        (StatementKind::Level, Language::Spanish) => format!(
            "el nivel {} {} en {on}{place}",
            level(said, language),
            speech::spanish_of(&said.holder)
        ),
        (StatementKind::Assignment, Language::English) => {
            format!("the profile {on} assigned to {holder}{place}")
        }
        (StatementKind::Assignment, Language::Spanish) => {
            format!("el perfil {on} asignado {to}{place}")
        }
        (StatementKind::Item, Language::English) => {
            format!("the right of {holder} on the private item {on}")
        }
        (StatementKind::Item, Language::Spanish) => {
            format!(
                "el derecho {} sobre el elemento privado {on}",
                speech::spanish_of(&said.holder)
            )
        }
    }
}

/// What Spanish says was made: a whole clause is masculine, as is whatever has no gender of its own.
#[derive(Clone, Copy)]
pub(super) enum Gender {
    Masculine,
    Feminine,
}

/// The gender of a source as a [`thing`].
pub(super) fn gender(kind: StatementKind) -> Gender {
    match kind {
        // La concesión, la revocación.
        StatementKind::Grant | StatementKind::Revoke => Gender::Feminine,
        // El modo, el nivel, el perfil, el derecho.
        StatementKind::Mode
        | StatementKind::Level
        | StatementKind::Assignment
        | StatementKind::Item => Gender::Masculine,
    }
}

/// Who made it, when, why, on which document and until when, as sentences.
pub(super) fn provenance(from: &Provenance, gender: Gender, language: Language) -> String {
    let [made, certified] = match gender {
        Gender::Masculine => ["hecho", "certificado"],
        Gender::Feminine => ["hecha", "certificada"],
    };
    let by = match from.by.user() {
        None => language.choose("the system", "el sistema").to_string(),
        Some(user) => user.to_string(),
    };
    let mut text = match from.made.map(|at| speech::instant(at, language)) {
        None => language
            .choose(
                "stated in the founding document",
                "consta en el documento fundacional",
            )
            .to_string(),
        Some(at) => language.choose(
            format!("made by {by} on {at}"),
            format!("{made} por {by} el {at}"),
        ),
    };
    if let Some(reason) = &from.reason {
        let reason = speech::quoted(reason.as_str(), language);
        text.push_str(
            &language.choose(format!(", because {reason}"), format!(", porque {reason}")),
        );
    }
    if let Some(document) = &from.document {
        let document = speech::quoted(document.as_str(), language);
        text.push_str(&language.choose(
            format!(", on document {document}"),
            format!(", con el documento {document}"),
        ));
    }
    if let Some(request) = from.request {
        text.push_str(&language.choose(
            format!(", for request {request}"),
            format!(", por la solicitud {request}"),
        ));
    }
    text.push_str(&window(from, language));
    if let Some((at, by)) = &from.certified {
        let at = speech::instant(*at, language);
        let by = by
            .user()
            .map_or_else(|| by.to_string(), ToString::to_string);
        text.push_str(&language.choose(
            format!("; certified by {by} on {at}"),
            format!("; {certified} por {by} el {at}"),
        ));
    }
    text
}

fn window(from: &Provenance, language: Language) -> String {
    let say = |at| speech::instant(at, language);
    match (from.from, from.until) {
        (None, None) => language.choose(", without an end", ", sin fin").into(),
        (Some(from), None) => language.choose(
            format!(", from {} on, without an end", say(from)),
            format!(", desde el {}, sin fin", say(from)),
        ),
        (None, Some(until)) => language.choose(
            format!(", until {}", say(until)),
            format!(", hasta el {}", say(until)),
        ),
        (Some(from), Some(until)) => language.choose(
            format!(", from {} until {}", say(from), say(until)),
            format!(", desde el {} hasta el {}", say(from), say(until)),
        ),
    }
}

/// An opinion as an adjective.
pub(super) fn opinion(opinion: Opinion, language: Language) -> &'static str {
    let (english, spanish) = match opinion {
        Opinion::Silent => ("silent", "no dice nada"),
        Opinion::Withheld => ("withheld", "retenida"),
        Opinion::Granted(Reach::Associated) => (
            "granted, for associated records",
            "concedida, para registros asociados",
        ),
        Opinion::Granted(Reach::All) => ("granted", "concedida"),
        Opinion::Revoked => ("revoked", "revocada"),
    };
    language.choose(english, spanish)
}

/// A layer by what it is made of.
pub(super) fn layer(rank: Rank, language: Language) -> &'static str {
    let (english, spanish) = match rank {
        Rank::Baseline => ("the tenant's mode", "el modo de la organización"),
        Rank::Default => ("what holds for everyone", "lo que vale para todos"),
        Rank::Group1 => ("groups of the first level", "los grupos del primer nivel"),
        Rank::Group2 => ("groups of the second level", "los grupos del segundo nivel"),
        Rank::Group3 => ("groups of the third level", "los grupos del tercer nivel"),
        Rank::Group4 => ("groups of the fourth level", "los grupos del cuarto nivel"),
        Rank::Profiles => ("profiles of the user", "los perfiles del usuario"),
        Rank::Individual => ("entries on the user", "lo propio del usuario"),
        Rank::Item => ("rights on the item", "los derechos sobre el elemento"),
    };
    language.choose(english, spanish)
}

fn level(said: &Statement, language: Language) -> String {
    match &said.to {
        Some(rung) if rung.key == "none" => language.choose("none", "ninguno").into(),
        Some(rung) => rung.say(language),
        None => String::new(),
    }
}

fn short_of(said: &Statement, language: Language) -> &'static str {
    if said.opinion == Opinion::Withheld {
        language.choose(", which stops short of it", ", que no llega a tanto")
    } else {
        ""
    }
}
