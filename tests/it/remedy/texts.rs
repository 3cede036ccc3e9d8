//! Every command of an alternative in words: things by their names, or by their keys where nobody gave them one.

use super::others::at;
use super::others::tenant;
use bailiwick::Language;
use bailiwick::Localized;
use bailiwick::Resource;
use bailiwick::policy::Amount;
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn every_command_is_told_in_words() {
    let label = |en: &str, es: &str| json!({ "en": en, "es": es });
    let document = json!({
        "name": "Rio Vista",
        "duty": [
            { "key": "fin.po.view" },
            { "key": "fin.po.pay", "label": label("Pay orders", "Pagar pedidos") },
            { "key": "old.book.view" },
            { "key": "raw.book.view" },
        ],
        "module": [
            { "key": "old", "enabled": false, "label": label("The old books", "Los libros viejos") },
            { "key": "raw", "enabled": false },
        ],
        "ladder": [{ "object": "fin.po", "rungs": ["view", "pay"] }],
        "limit": [
            { "key": "done", "on": ["fin"], "requires": "done", "label": label("Done only", "Solo lo hecho") },
            { "key": "seen", "on": ["fin"], "requires": "seen" },
        ],
        "scope": [{ "key": "works", "label": label("Public works", "Obras públicas") }, { "key": "parks" }],
        "team": [{ "key": "city", "label": label("The city", "La ciudad") }, { "key": "north", "parent": "city" }],
        "group": [{ "key": "staff", "label": label("Staff", "Personal") }, { "key": "clerks" }],
        "profile": [
            { "key": "payer", "grants": ["fin"], "ceilings": { "fin.po.view": 5 }, "label": label("Payer", "Pagos") },
            { "key": "checked", "grants": ["fin"], "limits": ["done", "seen"] },
        ],
        "user": [
            { "key": "ana", "name": "Ana Ruiz" },
            { "key": "ben", "groups": ["staff", "clerks"] },
            { "key": "cyd", "name": "Cyd Paz", "enabled": false },
            { "key": "dan", "enabled": false },
            { "key": "eve", "name": "Eva Sol" },
            { "key": "fay" },
        ],
        "grant": [
            { "holder": "everyone", "on": "fin.po.view" },
            { "holder": "everyone", "on": "old" },
            { "holder": "everyone", "on": "raw" },
            { "holder": "group:staff", "on": "fin", "scope": "works", "ceiling": 5 },
            { "holder": "group:clerks", "on": "fin.po.pay", "scope": "works" },
            { "holder": "user:eve", "on": "fin" },
        ],
        "revoke": [
            { "holder": "user:ana", "on": "fin.po" },
            { "holder": "everyone", "on": "fin", "scope": "parks" },
            { "holder": "group:clerks", "on": "*", "scope": "parks" },
        ],
        "level": [{ "holder": "user:ana", "on": "fin.po", "to": "view", "scope": "parks" }],
        "restrict": [
            { "holder": "user:eve", "limit": "done", "scope": "parks" },
            { "holder": "user:eve", "limit": "seen" },
            { "holder": "group:staff", "limit": "seen", "scope": "works" },
        ],
        "assign": [
            { "holder": "user:eve", "profile": "checked", "scope": "works" },
            { "holder": "group:staff", "profile": "payer", "scope": "works" },
        ],
    });
    let tenant = tenant(&document);
    let plain = Resource::default();
    let works = Resource {
        scope: Some("works".into()),
        ..plain
    };
    let dear = Resource {
        qualifiers: &["seen"],
        amount: Amount::new(10),
        ..works
    };
    let parks = Resource {
        scope: Some("parks".into()),
        ..plain
    };
    let north = Resource {
        team: Some("north".into()),
        ..plain
    };
    let private = Resource {
        private: true,
        item: Some("case-1"),
        ..plain
    };
    let mut said: [BTreeSet<String>; 2] = Default::default();
    for (user, duty, resource) in [
        ("ana", "fin.po.pay", plain),
        ("ana", "fin.po.view", parks),
        ("ana", "fin.po.view", private),
        ("ana", "old.book.view", plain),
        ("ana", "old.book.view", north),
        ("ana", "raw.book.view", plain),
        ("ben", "fin.po.view", north),
        ("ben", "fin.po.view", parks),
        ("ben", "fin.po.view", private),
        ("ben", "fin.po.pay", works),
        ("ben", "fin.po.view", dear),
        ("cyd", "fin.po.view", plain),
        ("dan", "fin.po.view", plain),
        ("eve", "fin.po.view", parks),
        ("eve", "fin.po.view", works),
        ("fay", "fin.po.pay", works),
    ] {
        let remedies = tenant.remedies(at(), user, duty, &resource).unwrap();
        for step in remedies.iter().flat_map(|remedy| &remedy.steps) {
            for ((language, end), said) in [
                (Language::English, " (the host alone can)"),
                (Language::Spanish, " (solo el sistema puede)"),
            ]
            .into_iter()
            .zip(&mut said)
            {
                let text = step.localized(language);
                said.insert(text.strip_suffix(end).unwrap().to_owned());
            }
        }
    }
    let [english, spanish] = said.map(|lines| lines.into_iter().collect::<Vec<_>>());
    assert_eq!(
        english,
        [
            "add fay to the group “Staff”",
            "add fay to the group “clerks”",
            "assign the profile “Payer” to Ana Ruiz",
            "assign the profile “Payer” to ben at “parks”",
            "assign the profile “Payer” to fay at “Public works”",
            "assign the profile “checked” to Ana Ruiz",
            "assign the profile “checked” to ben at “parks”",
            "assign the profile “checked” to fay at “Public works”",
            "enable the login of Cyd Paz",
            "enable the login of dan",
            "end the entry of Ana Ruiz on “fin.po”",
            "end the entry of everyone on “fin” at “parks”",
            "end the entry of the group “Staff” on “fin” at “Public works”",
            "end the entry of the group “clerks” on every duty at “parks”",
            "give Ana Ruiz a right on the private item `case-1`",
            "give ben a right on the private item `case-1`",
            "grant “Pay orders” to Ana Ruiz",
            "grant “Pay orders” to fay",
            "grant “Pay orders” to fay at “Public works”",
            "grant “fin.po.view” to ben",
            "grant “fin.po.view” to ben at “parks”",
            "grant “fin.po.view” up to 10 minor units to ben",
            "grant “fin.po.view” up to 10 minor units to ben at “Public works”",
            "let Ana Ruiz see every team's records",
            "let ben see every team's records",
            "move Ana Ruiz to the team “The city”",
            "move Ana Ruiz to the team “north”",
            "move ben to the team “The city”",
            "move ben to the team “north”",
            "set the level of Ana Ruiz on “fin.po” to `pay`",
            "set the level of ben on “fin.po” to `view` at “Public works”",
            "set the level of ben on “fin.po” to `view` at “parks”",
            "set the level of fay on “fin.po” to `pay` at “Public works”",
            "switch the module “The old books” on",
            "switch the module “raw” on",
            "take ben out of the group “Staff”",
            "take ben out of the group “clerks”",
            "take the limit “Done only” off Eva Sol at “parks”",
            "take the limit “seen” off Eva Sol",
            "take the limit “seen” off the group “Staff” at “Public works”",
            "take the profile “Payer” from the group “Staff” at “Public works”",
            "take the profile “checked” from Eva Sol at “Public works”",
        ]
    );
    assert_eq!(
        spanish,
        [
            "activar el acceso de Cyd Paz",
            "activar el acceso de dan",
            "activar el módulo «Los libros viejos»",
            "activar el módulo «raw»",
            "asignar el perfil «Pagos» a Ana Ruiz",
            "asignar el perfil «Pagos» a ben en «parks»",
            "asignar el perfil «Pagos» a fay en «Obras públicas»",
            "asignar el perfil «checked» a Ana Ruiz",
            "asignar el perfil «checked» a ben en «parks»",
            "asignar el perfil «checked» a fay en «Obras públicas»",
            "añadir a fay al grupo «Personal»",
            "añadir a fay al grupo «clerks»",
            "conceder «Pagar pedidos» a Ana Ruiz",
            "conceder «Pagar pedidos» a fay",
            "conceder «Pagar pedidos» a fay en «Obras públicas»",
            "conceder «fin.po.view» a ben",
            "conceder «fin.po.view» a ben en «parks»",
            "conceder «fin.po.view» hasta 10 unidades menores a ben",
            "conceder «fin.po.view» hasta 10 unidades menores a ben en «Obras públicas»",
            "dar a Ana Ruiz un derecho sobre el elemento privado `case-1`",
            "dar a ben un derecho sobre el elemento privado `case-1`",
            "dejar que Ana Ruiz vea los registros de todos los equipos",
            "dejar que ben vea los registros de todos los equipos",
            "fijar en `pay` el nivel de Ana Ruiz en «fin.po»",
            "fijar en `pay` el nivel de fay en «fin.po» en «Obras públicas»",
            "fijar en `view` el nivel de ben en «fin.po» en «Obras públicas»",
            "fijar en `view` el nivel de ben en «fin.po» en «parks»",
            "pasar a Ana Ruiz al equipo «La ciudad»",
            "pasar a Ana Ruiz al equipo «north»",
            "pasar a ben al equipo «La ciudad»",
            "pasar a ben al equipo «north»",
            "quitar el límite «Solo lo hecho» a Eva Sol en «parks»",
            "quitar el límite «seen» a Eva Sol",
            "quitar el límite «seen» al grupo «Personal» en «Obras públicas»",
            "retirar el perfil «Pagos» al grupo «Personal» en «Obras públicas»",
            "retirar el perfil «checked» a Eva Sol en «Obras públicas»",
            "sacar a ben del grupo «Personal»",
            "sacar a ben del grupo «clerks»",
            "terminar lo fijado para Ana Ruiz sobre «fin.po»",
            "terminar lo fijado para el grupo «Personal» sobre «fin» en «Obras públicas»",
            "terminar lo fijado para el grupo «clerks» sobre todas las funciones en «parks»",
            "terminar lo fijado para todos sobre «fin» en «parks»",
        ]
    );
}
