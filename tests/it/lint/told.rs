//! What each finding says, in both languages, and how much was looked at to be sure.

use bailiwick::FindingCode;
use bailiwick::Language;
use bailiwick::Localized;
use std::collections::BTreeSet;

use super::kinds::ROWS;
use super::kinds::found;

/// The first of each kind that is found in each sort of thing, as one line.
fn told(language: Language) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for (code, _, shown, _) in ROWS {
        for finding in found(*code, shown) {
            let sort = finding.entry.split(' ').next().map(ToOwned::to_owned);
            if !seen.insert((*code, sort)) {
                continue;
            }
            let text = finding.localized(language);
            let proof = finding.proof.localized(language);
            lines.push(format!("{}: {text} ({proof})", finding.entry));
        }
    }
    lines
}

#[test]
fn every_kind_says_what_was_found_and_how_much_was_looked_at() {
    assert_eq!(
        told(Language::English),
        [
            "grant user:ana a.c.sign: without it every decision of everyone everywhere stays as it is (looked at 1 user, 1 instant, 1 place and 4 duties)",
            "member user:ana clerks: without it every decision of everyone everywhere stays as it is (looked at 1 user, 1 instant, 1 place and 4 duties)",
            "revoke user:ana a.c.sign: this revoke changes nothing: what it takes is not given, or something else takes it or gives it back (looked at 1 user, 1 instant, 1 place and 4 duties)",
            "grant user:ana a.c: it decides nothing as things stand: it would for a login that is disabled, a module that is switched off, or somebody new (looked at 1 user and 1 instant)",
            "item user:ana case-1: it decides nothing as things stand: it would for a login that is disabled, a module that is switched off, or somebody new (looked at 1 user and 4 duties)",
            "grant user:ana a @works: it does not lift `revoke user:ana a.c.sign`: neither is more specific in both respects, so the revoke stands (looked at 1 instant and 1 duty)",
            "grant user:ana a.b.edit @works: it gives more than `level user:ana a.b=view`, which it overrides: a.b.edit (looked at 1 duty)",
            "profile reader: it grants at both reaches, of which the wider counts: a.b.view (looked at 1 duty)",
            "assign user:ana visitor @works: `assign user:ana reader` grants the same in the same layer at reach `all`, which counts: a.b.view (looked at 1 user and 1 duty)",
            "profile one: it gives exactly what the profile `two` gives (looked at 4 duties)",
            "profile two: everything it gives, the profile `one` gives too (looked at 4 duties)",
            "user ana profile visitor: its limit `signed` requires `signed` of what the profile `signer` is for: a.c.sign (looked at 1 user and 1 duty)",
            "assign user:ana certifier: it gives duties of high sensitivity without an end: x.y.certify (looked at 1 duty)",
            "grant user:ana *: it gives duties of high sensitivity without an end: x.y.certify (looked at 4 duties)",
            "item user:ana case-1: it gives duties of high sensitivity without an end: x.y.certify (looked at 1 duty)",
            "grant user:ana a: it held until 1 February 2026 at 09:00 UTC and is history now (by its form)",
            "item user:ana case-1: it held until 1 January 2026 at 00:00 UTC and is history now (by its form)",
            "user ana: the login is enabled, but nothing is granted, now or later (looked at 1 user, 1 instant and 4 duties)",
            "group empty: nobody is a member, now or later (looked at 1 user)",
            "scope bridge: nothing is said in it or below it: it answers as the scope above does (by its form)",
            "limit signed: it reaches nobody: no profile that someone has carries it, and nobody is restricted by it (by its form)",
            "profile visitor: nobody has it, now or later (by its form)",
            "seats full: 2 users take a seat of this class, and no more than 1 may (looked at 2 users and 1 instant)",
            "user ana conflict both: more of the set is in one hand than may be: a.b, a.c (looked at 1 user, 1 instant and 4 duties)",
        ]
    );
    assert_eq!(
        told(Language::Spanish),
        [
            "grant user:ana a.c.sign: sin ello, todas las decisiones para todos y en todas partes quedan igual (se miró 1 usuario, 1 instante, 1 lugar y 4 funciones)",
            "member user:ana clerks: sin ello, todas las decisiones para todos y en todas partes quedan igual (se miró 1 usuario, 1 instante, 1 lugar y 4 funciones)",
            "revoke user:ana a.c.sign: esta revocación no cambia nada: lo que quita no se da, o algo más lo quita o lo devuelve (se miró 1 usuario, 1 instante, 1 lugar y 4 funciones)",
            "grant user:ana a.c: tal como están las cosas no decide nada: lo haría con un acceso hoy desactivado, un módulo hoy apagado o alguien nuevo (se miró 1 usuario y 1 instante)",
            "item user:ana case-1: tal como están las cosas no decide nada: lo haría con un acceso hoy desactivado, un módulo hoy apagado o alguien nuevo (se miró 1 usuario y 4 funciones)",
            "grant user:ana a @works: no levanta `revoke user:ana a.c.sign`: ninguno es más específico en ambos aspectos, así que la revocación se mantiene (se miró 1 instante y 1 función)",
            "grant user:ana a.b.edit @works: da más que `level user:ana a.b=view`, que anula: a.b.edit (se miró 1 función)",
            "profile reader: concede en ambos alcances, de los que cuenta el mayor: a.b.view (se miró 1 función)",
            "assign user:ana visitor @works: `assign user:ana reader` concede lo mismo en la misma capa con alcance `all`, que es el que cuenta: a.b.view (se miró 1 usuario y 1 función)",
            "profile one: da exactamente lo mismo que el perfil `two` (se miró 4 funciones)",
            "profile two: todo lo que da, lo da también el perfil `one` (se miró 4 funciones)",
            "user ana profile visitor: su límite `signed` exige `signed` en aquello para lo que sirve el perfil `signer`: a.c.sign (se miró 1 usuario y 1 función)",
            "assign user:ana certifier: da sin fin funciones de sensibilidad alta: x.y.certify (se miró 1 función)",
            "grant user:ana *: da sin fin funciones de sensibilidad alta: x.y.certify (se miró 4 funciones)",
            "item user:ana case-1: da sin fin funciones de sensibilidad alta: x.y.certify (se miró 1 función)",
            "grant user:ana a: rigió hasta el 1 de febrero de 2026 a las 09:00 UTC y ya es historia (por su forma)",
            "item user:ana case-1: rigió hasta el 1 de enero de 2026 a las 00:00 UTC y ya es historia (por su forma)",
            "user ana: la cuenta está activada, pero nada se le concede, ni ahora ni después (se miró 1 usuario, 1 instante y 4 funciones)",
            "group empty: nadie es miembro, ni ahora ni después (se miró 1 usuario)",
            "scope bridge: nada se dice en él ni por debajo: responde como el ámbito superior (por su forma)",
            "limit signed: no alcanza a nadie: ningún perfil asignado lo lleva y a nadie se le impone (por su forma)",
            "profile visitor: nadie lo tiene, ni ahora ni después (por su forma)",
            "seats full: 2 usuarios ocupan una licencia de esta clase, y no pueden ser más de 1 (se miró 2 usuarios y 1 instante)",
            "user ana conflict both: hay en una sola mano más del conjunto de lo permitido: a.b, a.c (se miró 1 usuario, 1 instante y 4 funciones)",
        ]
    );
}

/// Two users, of whom each is looked at now, when the entry begins and when it ends; while it holds, in its place
/// as well as at the root; and everywhere of four duties.
#[test]
fn what_was_looked_at_is_counted_through() {
    let rows = r#"user = [{ key = "ana" }, { key = "ben" }]
        scope = [{ key = "works" }]
        grant = [
            { holder = "everyone", on = "a" },
            { holder = "everyone", on = "a.c", scope = "works", from = "2027-01-01T00:00:00Z", until = "2028-01-01T00:00:00Z" },
        ]"#;
    let findings = found(FindingCode::ChangesNothing, rows);
    let proofs: Vec<String> = findings
        .iter()
        .map(|finding| finding.proof.localized(Language::English))
        .collect();
    assert_eq!(
        proofs,
        ["looked at 2 users, 6 instants, 8 places and 32 duties"]
    );
}

/// An entry that changes nothing, looked at with another one that does, for a time, in the way of a revoke.
#[test]
fn the_instants_of_a_pair_are_those_in_both_windows() {
    let rows = r#"user = [{ key = "ana" }]
        scope = [{ key = "works" }]
        revoke = [{ holder = "user:ana", on = "a.b", from = "2026-03-01T00:00:00Z" }]
        grant = [
            { holder = "user:ana", on = "a", scope = "works", until = "2027-01-01T00:00:00Z" },
            { holder = "user:ana", on = "x", from = "2025-01-01T00:00:00Z", until = "2026-06-01T00:00:00Z" },
        ]"#;
    let findings = found(FindingCode::GrantAroundRevoke, rows);
    let proofs: Vec<String> = findings
        .iter()
        .map(|finding| finding.proof.localized(Language::English))
        .collect();
    assert_eq!(proofs, ["looked at 2 instants and 2 duties"]);
}
