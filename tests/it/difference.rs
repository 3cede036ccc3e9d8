//! What differs between two instants or states, held against the checks.
#![expect(clippy::unwrap_used, reason = "the towns and their keys are known")]

use crate::explain::town_hall;
use crate::laws::town::Record;
use crate::laws::town::Town;
use bailiwick::Actor;
use bailiwick::AsOf;
use bailiwick::Command;
use bailiwick::Language;
use bailiwick::Stamp;
use bailiwick::Turn;
use bailiwick::command::OfUser;
use bailiwick::policy::Reach;

/// The reach that the checks show, where every qualifier is there.
fn reach(tenant: AsOf<'_>, user: &str, duty: &str, scope: Option<&String>) -> Option<Reach> {
    let permits = |associated| {
        let record = Record {
            scope: scope.cloned(),
            associated,
            qualifiers: vec!["published", "completed", "signed"],
            ..Record::default()
        };
        tenant
            .check(user, duty, &record.resource())
            .unwrap()
            .is_permit()
    };
    match (permits(false), permits(true)) {
        (true, _) => Some(Reach::All),
        (false, true) => Some(Reach::Associated),
        (false, false) => None,
    }
}

#[test]
fn rows_are_what_the_checks_show() {
    let mut seen = 0;
    for seed in 0..120 {
        let mut town = Town::new(seed);
        let (first, second) = (town.instant(), town.instant());
        let (before, after) = (town.tenant.as_of(first), town.tenant.as_of(second));
        let difference = before.difference(after);
        for user in &town.users {
            for duty in &town.duties {
                let mut scopes = vec![None];
                scopes.extend(town.scopes.iter().map(Some));
                for scope in scopes {
                    let row = difference.rows.iter().find(|row| {
                        row.item.is_none()
                            && row.user.key == *user
                            && row.duty.key == *duty
                            && row.scope.as_ref().map(|scope| &scope.key) == scope
                    });
                    let was = reach(before, user, duty, scope);
                    let is = reach(after, user, duty, scope);
                    let Some(row) = row else {
                        // A scope of which nothing is said answers as the one above; every other has its row.
                        assert!(was == is || scope.is_some());
                        continue;
                    };
                    seen += 1;
                    let said = [&row.before, &row.after];
                    let said = said.map(|side| side.access.as_ref().map(|access| access.reach));
                    assert_eq!(said, [was, is], "{row:#?}\nin {}", town.document);
                    let turn = match (was, is) {
                        (None, Some(_)) => Turn::Gained,
                        (Some(_), None) => Turn::Lost,
                        _ => Turn::Changed,
                    };
                    assert_eq!(row.turn, turn);
                }
            }
        }
        assert!(before.difference(before).is_empty());
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn told_as_a_table() {
    let tenant = town_hall();
    let at = "2026-02-01T09:00:00Z".parse().unwrap();
    let user = "carla".parse().unwrap();
    let after = tenant
        .what_if(
            &Stamp::new(at, Actor::System),
            &[Command::Enable(OfUser { user })],
        )
        .unwrap();
    let difference = tenant.as_of(at).difference(after.as_of(at));
    let english = "\
who         what                 where       turn    before               after              because
Carla Soto  finance.ledger.view  everywhere  gained  no (login-disabled)  all                – → mode open
Carla Soto  permits.file.decide  everywhere  gained  no (login-disabled)  all, if completed  – → assign user:carla permit-officer
Carla Soto  permits.file.view    everywhere  gained  no (login-disabled)  all                – → assign user:carla permit-officer
";
    assert_eq!(difference.table(Language::English), english);
    let spanish = difference.table(Language::Spanish);
    assert!(spanish.starts_with("quién"), "{spanish}");
    assert!(spanish.contains("gana"), "{spanish}");
}
