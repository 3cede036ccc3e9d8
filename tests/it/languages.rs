//! Both languages everywhere: no public text is in one alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use bailiwick::CampaignState;
use bailiwick::CommandKind;
use bailiwick::Denial;
use bailiwick::FindingCode;
use bailiwick::ItemState;
use bailiwick::Kind;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Name;
use bailiwick::RequestState;
use bailiwick::Seat;
use bailiwick::Sensitivity;
use bailiwick::Tenant;
use bailiwick::Unknown;

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// The word after each occurrence of what comes before it.
fn named<'t>(text: &'t str, before: &'t str) -> impl Iterator<Item = &'t str> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.split(before).skip(1).map(move |rest| {
        rest.split(|letter| !is_word(letter))
            .next()
            .unwrap_or_default()
    })
}

/// Types that speak through another, or to programs alone.
const SILENT: [&str; 1] = [
    // The kinds of question have names in documents, and none that a person reads.
    "QuestionKind",
];

#[test]
fn whatever_prints_speaks_spanish() {
    for (path, text) in sources() {
        let shown = path.display();
        let localized: BTreeSet<&str> = named(&text, "impl Localized for ").collect();
        let mut speaking: BTreeSet<&str> = BTreeSet::new();
        // Errors, by either way of being one.
        speaking.extend(named(&text, "impl core::error::Error for "));
        for after in text.split("thiserror::Error)]").skip(1) {
            let item = after.split_once("pub ").map_or(after, |(_, item)| item);
            let item = item.trim_start_matches("(crate) ");
            let item = item
                .trim_start_matches("enum ")
                .trim_start_matches("struct ");
            speaking.extend(item.split([' ', ';', '{', '(']).next());
        }
        let silent: Vec<&&str> = speaking
            .iter()
            .filter(|name| !localized.contains(**name) && !is_localized_elsewhere(name))
            .collect();
        assert!(silent.is_empty(), "{shown}: {silent:?} speak English alone");
        // Closed lists of words carry both by construction, except where they are codes and no more.
        for after in text
            .split("codes! {")
            .skip(1)
            .filter(|_| !path.ends_with("policy.rs"))
        {
            let name = named(after, "non_exhaustive]\n            ")
                .next()
                .unwrap_or_default();
            assert!(
                SILENT.contains(&name),
                "{shown}: `{name}` has codes without words"
            );
        }
    }
}

/// Whether some other file says it.
fn is_localized_elsewhere(name: &str) -> bool {
    let wanted = format!("impl Localized for {name} ");
    sources().iter().any(|(_, text)| text.contains(&wanted))
}

#[test]
fn no_message_is_made_in_one_language() {
    // What is wanted, unsupported or malformed is said by a pair of texts, never by one: their types are pairs.
    for (path, text) in sources() {
        for field in [
            "wanted: String",
            "what: String,\n    },",
            "wanted: &'static str",
        ] {
            assert!(!text.contains(field), "{}: `{field}`", path.display());
        }
    }
}

#[track_caller]
fn both(thing: &impl Localized, code: &str) {
    let [english, spanish] =
        [Language::English, Language::Spanish].map(|language| thing.localized(language));
    assert!(
        !english.trim().is_empty() && !spanish.trim().is_empty(),
        "`{code}`"
    );
    // A few words are the same in both.
    let same = ["normal", "on", "error", "sistema"].contains(&english.as_str());
    assert!(same || english != spanish, "`{code}`: {english}");
}

#[test]
fn every_word_is_in_both_languages() {
    macro_rules! all {
        ($($list:ident)*) => { $(for word in $list::ALL { both(word, word.word()); })* };
    }
    all! { CampaignState CommandKind Denial FindingCode ItemState RequestState Seat Sensitivity }
    {
        use bailiwick::helpdesk::*;
        all! { Category ClockKind ClockState Priority Status }
    }
    {
        use bailiwick::systems::land::Access;
        use bailiwick::systems::links::Link;
        all! { Access Link }
    }
}

#[test]
fn what_is_unknown_is_said_with_its_article() {
    let say = |kind, language| {
        let key = String::from("anna");
        let nearest = Some("ana".into());
        Unknown { kind, key, nearest }.localized(language)
    };
    assert_eq!(
        say(Kind::User, Language::English),
        "unknown user `anna`, nearest is `ana`"
    );
    assert_eq!(
        say(Kind::User, Language::Spanish),
        "no existe el usuario `anna`; lo más parecido es `ana`"
    );
    assert_eq!(
        say(Kind::Duty, Language::Spanish),
        "no existe la función `anna`; lo más parecido es `ana`"
    );
}

#[test]
fn a_user_asked_for_as_a_holder_is_known_by_the_bare_key() {
    let tenant = crate::explain::town_hall();
    let asked = tenant.as_of("2026-02-01T09:00:00Z".parse().unwrap());
    let error = asked.check(
        "user:ana",
        "finance.ledger.view",
        &bailiwick::Resource::default(),
    );
    assert_eq!(
        error.unwrap_err().to_string(),
        "unknown user `user:ana`, nearest is `ana`"
    );
}

#[test]
fn a_question_without_an_answer_says_why() {
    let tenant = crate::explain::town_hall();
    let ask = |objects: &[&str], language| {
        let at = "2026-02-01T09:00:00Z".parse().unwrap();
        let asked = tenant.as_of(at);
        let error = asked.level_across("ana", objects, &bailiwick::Resource::default());
        error.unwrap_err().localized(language)
    };
    let both = |objects: &[&str]| [Language::English, Language::Spanish].map(|it| ask(objects, it));
    assert_eq!(
        both(&["finance.order"]),
        [
            "`finance.order` has no ladder",
            "`finance.order` no tiene niveles"
        ]
    );
    assert_eq!(
        both(&[]),
        [
            "levels are compared across objects with the same rungs",
            "solo se comparan niveles de objetos con los mismos niveles"
        ]
    );
    assert_eq!(
        both(&["finance.ledgr"])[1],
        "no existe el objeto `finance.ledgr`; lo más parecido es `finance.ledger`"
    );
    let early = bailiwick::QuestionError::BeforeHistory;
    assert_eq!(
        early.localized(Language::English),
        "the tenant was founded later"
    );
    assert_eq!(
        early.localized(Language::Spanish),
        "la organización se creó más tarde"
    );
}

#[test]
fn names_and_labels_are_those_of_the_document() {
    let tenant = crate::explain::town_hall();
    let asked = tenant.as_of("2026-02-01T09:00:00Z".parse().unwrap());
    let name = |user: &str| asked.user_name(&user.parse().unwrap()).map(Name::as_str);
    assert_eq!((name("ines"), name("nobody")), (Some("Inés Vidal"), None));
    let label = |duty: &str| {
        let label = asked.duty_label(&duty.parse().unwrap());
        label.map(|label| label.get(Language::Spanish))
    };
    assert_eq!(label("finance.funds.certify"), Some("Certificar fondos"));
    assert_eq!(label("finance.funds.print"), None);
}

#[test]
fn mistakes_are_told_in_both_languages() {
    for (document, english, spanish) in [
        (
            "name = 7",
            "wrong-shape at name: expected a text",
            "wrong-shape en name: se esperaba un texto",
        ),
        (
            "mode = \"opn\"",
            "wrong-shape at mode: expected one of `strict`, `open`, nearest is `open`",
            "wrong-shape en mode: se esperaba una de estas palabras: `strict`, `open`; la más parecida es `open`",
        ),
        (
            "[[user]]\nname = \"Ana\"",
            "wrong-shape at user[0].key: expected the field `key`",
            "wrong-shape en user[0].key: se esperaba el campo `key`",
        ),
        (
            "seats = { full = -1 }",
            "out-of-range at seats.full: expected a whole number from 0 to 4294967295",
            "out-of-range en seats.full: se esperaba un número entero de 0 a 4294967295",
        ),
        (
            "[[scope]]\nkey = \"The Bridge\"",
            "malformed-key at scope[0].key: `The Bridge` is not a key such as `finance-clerk`, at most 64 characters",
            "malformed-key en scope[0].key: `The Bridge` no es una clave como `finance-clerk`, de 64 caracteres como máximo",
        ),
    ] {
        let mistakes = Tenant::from_toml(document).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{document}");
        assert_eq!(mistakes[0].localized(Language::English), english);
        assert_eq!(mistakes[0].localized(Language::Spanish), spanish);
    }
}
