//! What a command may not leave behind: more seats taken than there are (section 4), or conflicting duties in one
//! hand (6.4).

use super::answers::edges;
use super::answers::is_granted_somewhere;
use super::answers::seat_of;
use super::decision::Code;
use super::document::Document;
use super::document::Seat;
use super::document::covers;

/// Whether a tenant may become another at an instant: conflicts of duties are looked at before seats (section 6).
pub(super) fn guard(before: &Document, after: &Document, at: &str) -> Result<(), Code> {
    let mut instants = vec![at];
    let later = edges(before).into_iter().chain(edges(after));
    instants.extend(later.filter(|edge| *edge > at));
    for conflict in &after.conflict {
        let most = conflict.at_most.unwrap_or(1);
        for user in &after.user {
            for instant in &instants {
                let held = held(after, &user.key, &conflict.of, instant);
                if held > most && held > self::held(before, &user.key, &conflict.of, instant) {
                    return Err("conflict-of-duties");
                }
            }
        }
    }
    for (class, word) in [(Seat::Full, "full"), (Seat::Administrator, "administrator")] {
        let taken = taken(after, class, at);
        let more = after.seats.get(word).is_some_and(|seats| taken > *seats);
        if more && taken > self::taken(before, class, at) {
            return Err("no-seat");
        }
    }
    Ok(())
}

/// How many of the targets a user holds.
fn held(document: &Document, user: &str, targets: &[String], at: &str) -> usize {
    let Some(user) = document.find_user(user) else {
        return 0;
    };
    let holds = |target: &&String| {
        let mut duties = document
            .duty
            .iter()
            .filter(|duty| covers(target, &duty.key));
        duties.any(|duty| is_granted_somewhere(document, user, &duty.key, at))
    };
    targets.iter().filter(holds).count()
}

/// How many users take a class of seat.
fn taken(document: &Document, class: Seat, at: &str) -> u64 {
    let takers = document
        .user
        .iter()
        .filter(|user| seat_of(document, user, at) == class);
    takers.map(|_| 1).sum()
}
