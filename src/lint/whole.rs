//! The tenant as a whole: seats and conflicting sets.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::lint::Finding;
use crate::lint::FindingCode;
use crate::lint::Proof;
use crate::lint::thing::Thing;
use crate::policy::Seat;

pub(super) fn lint(as_of: AsOf<'_>, findings: &mut Vec<Finding>) {
    let model = as_of.model;
    for (class, most) in [
        (Seat::Full, model.seats.full),
        (Seat::Administrator, model.seats.administrator),
    ] {
        let Some(most) = most else { continue };
        let taken = model
            .all_users()
            .filter(|(user, _)| as_of.seat_of(*user) == class);
        let taken: Vec<_> = taken.map(|(_, user)| user.key.to_string()).collect();
        if taken.len() > usize::try_from(most).unwrap_or(usize::MAX) {
            let count = taken.len();
            findings.push(
                Finding::new(
                    FindingCode::SeatsOverdrawn,
                    Thing::named("seats", class.word()),
                    format!("{count} users take a seat of this class, and no more than {most} may"),
                    format!("{count} usuarios ocupan una licencia de esta clase, y no pueden ser más de {most}"),
                )
                .with(taken)
                .proved(Proof {
                    users: model.users.len(),
                    instants: 1,
                    ..Proof::default()
                }),
            );
        }
    }
    for violation in as_of.conflicts() {
        let paths: Vec<_> = violation
            .paths
            .iter()
            .flat_map(|(_, sources)| sources.iter().cloned())
            .collect();
        let targets: Vec<_> = violation
            .paths
            .iter()
            .map(|(target, _)| target.to_string())
            .collect();
        let list = targets.join(", ");
        findings.push(
            Finding::new(
                FindingCode::StandingConflict,
                Thing::named("conflict", violation.conflict.as_str()),
                format!("more of the set is in one hand than may be: {list}"),
                format!("hay en una sola mano más del conjunto de lo permitido: {list}"),
            )
            .about(format!(
                "user {} conflict {}",
                violation.user, violation.conflict
            ))
            .with(paths)
            .proved(Proof {
                users: 1,
                instants: 1,
                duties: model.catalog.len(),
                ..Proof::default()
            }),
        );
    }
}
