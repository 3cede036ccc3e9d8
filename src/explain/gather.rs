//! Everything that took part in one decision, gathered in layer order.

use alloc::string::ToString;
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::as_of::because;
use crate::catalog::Target;
use crate::decision::Case;
use crate::decision::Denial;
use crate::decision::Record;
use crate::decision::Resource;
use crate::decision::ceiling;
use crate::decision::counts;
use crate::decision::gate;
use crate::decision::sees;
use crate::explain::Ceiling;
use crate::explain::Explanation;
use crate::explain::Gate;
use crate::explain::GateKind;
use crate::explain::LimitSource;
use crate::explain::LimitStatement;
use crate::explain::Membership;
use crate::explain::Provenance;
use crate::explain::RecordFacts;
use crate::explain::Standing;
use crate::explain::Statement;
use crate::explain::StatementKind;
use crate::explain::apart;
use crate::id::ItemKey;
use crate::id::Kind;
use crate::id::Unknown;
use crate::ix::DutyIx;
use crate::ix::GroupIx;
use crate::ix::UserIx;
use crate::layer::Opinion;
use crate::model::Model;
use crate::model::profile::Effect;
use crate::model::timeline::Held;
use crate::rule::Rank;
use crate::source::Source;
use crate::source::Through;
use crate::source::Way;
use crate::source::What;
use crate::speech::Named;
use crate::until::until;

/// The explanation of a check whose user and duty are known.
pub(super) fn explanation(
    as_of: AsOf<'_>,
    user_ix: UserIx,
    duty: DutyIx,
    resource: &Resource<'_>,
) -> Result<Explanation, QuestionError> {
    let (model, at) = (as_of.model, as_of.at);
    let record = Record::new(model, resource)?;
    let user = model
        .user(user_ix)
        .ok_or_else(|| Unknown::new(Kind::User, "", []))?;
    let case = Case::new(model, user, duty, &record, at);
    let mut speaking: SmallVec<[GroupIx; 8]> = SmallVec::new();
    let (statements, ceiling) = if record.private {
        (apart::items(&case), None)
    } else {
        speaking.extend(case.sources().iter().filter_map(|said| said.owner.group()));
        (statements(&case), ceiling_of(&case))
    };
    let limits = limits(&case, &mut speaking);
    let catalog_duty = model.catalog.get(duty);
    let module = catalog_duty.map_or(Target::All, |duty| Target::Module(duty.module));
    Ok(Explanation {
        user: Named::user(user),
        duty: Named::duty(model, duty),
        module: Named::target(model, module),
        at,
        record: facts(model, &record),
        decision: case.decision(),
        until: until(&case),
        because: because(&case),
        gates: gates(&case),
        memberships: memberships(&case, &speaking),
        statements,
        limits,
        ceiling,
        apart: apart::statements(&case),
        apart_memberships: apart::memberships(&case),
    })
}

fn facts(model: &Model, record: &Record<'_>) -> RecordFacts {
    let team = record.team.and_then(|team| model.teams.get(team.get()));
    RecordFacts {
        scope: Named::place(model, record.path.last().copied().flatten()),
        associated: record.associated,
        qualifiers: record
            .qualifiers
            .iter()
            .map(|word| (*word).into())
            .collect(),
        team: team.map(|branch| Named::new(branch.key.as_str(), branch.label.as_ref())),
        private: record.private,
        item: record.item.map(Into::into),
        amount: record.amount,
    }
}

fn gates(case: &Case<'_>) -> Vec<Gate> {
    let (model, user) = (case.model, case.user);
    let fails = |team| gate(model, user, case.duty, team);
    let duty = model.catalog.get(case.duty);
    let module_on = duty.is_none_or(|duty| model.is_module_on(duty.module));
    let mut gates = Vec::from([
        Gate {
            what: GateKind::Login,
            passed: fails(None) != Some(Denial::LoginDisabled),
        },
        Gate {
            what: GateKind::Module,
            passed: module_on,
        },
    ]);
    if let Some(team) = case.record.team {
        gates.push(Gate {
            what: GateKind::Team,
            passed: sees(model, user, team),
        });
    }
    gates
}

fn statements(case: &Case<'_>) -> Vec<Statement> {
    let (sources, winner) = (case.sources(), case.winner());
    sources
        .iter()
        .map(|source| statement(case.model, source, standing(source, sources, winner)))
        .collect()
}

fn standing(
    source: &Source<'_>,
    sources: &[Source<'_>],
    winner: Option<(Rank, Opinion)>,
) -> Standing {
    if let Some(by) = source.overridden_by {
        return Standing::Overridden { by };
    }
    let Some((rank, outcome)) = winner else {
        return Standing::Prevails;
    };
    if source.rank != rank {
        return Standing::Replaced { by: rank };
    }
    if source.opinion == outcome {
        return Standing::Prevails;
    }
    let greater = |(_, other): &(usize, &Source<'_>)| {
        other.rank == rank && other.opinion == outcome && other.overridden_by.is_none()
    };
    Standing::GivesWay {
        to: sources
            .iter()
            .enumerate()
            .filter(greater)
            .map(|(place, _)| place)
            .collect(),
    }
}

/// A source as a statement.
pub(super) fn statement(model: &Model, source: &Source<'_>, standing: Standing) -> Statement {
    let catalog = &model.catalog;
    let (kind, on, to, place, provenance) = match source.what {
        What::Mode => (
            StatementKind::Mode,
            Named::new("open", None),
            None,
            None,
            None,
        ),
        What::Assignment(held) => (
            StatementKind::Assignment,
            Named::profile(model, held.key.0),
            None,
            held.key.1,
            Some(provenance(held)),
        ),
        What::Entry(held) => {
            let (target, place) = held.key;
            let (kind, to) = match held.value {
                Effect::Grant { .. } => (StatementKind::Grant, None),
                Effect::Revoke => (StatementKind::Revoke, None),
                Effect::Level { rungs } => {
                    let name = catalog.rung_name(target, rungs);
                    let object = match target {
                        Target::Object(object) => catalog.get_object(object),
                        _ => None,
                    };
                    let ladder = object.and_then(|object| object.ladder.as_ref());
                    let label = ladder.and_then(|ladder| ladder.labels.get(name));
                    (StatementKind::Level, Some(Named::new(name, label)))
                }
            };
            (
                kind,
                Named::target(model, target),
                to,
                place,
                Some(provenance(held)),
            )
        }
    };
    Statement {
        text: source.text(model),
        layer: source.rank,
        kind,
        holder: Named::holder(model, source.owner),
        on,
        to,
        scope: Named::place(model, place),
        opinion: source.opinion,
        ceiling: source.ceiling,
        provenance,
        standing,
    }
}

pub(super) fn provenance<K, V>(held: &Held<K, V>) -> Provenance {
    let origin = &held.origin;
    Provenance {
        by: origin.by.clone(),
        made: origin.at,
        reason: origin.reason.clone(),
        document: origin.document.clone(),
        request: origin.request,
        certified: origin.certified.clone(),
        from: held.window.from(),
        until: held.window.until(),
    }
}

/// What the winning layer says of amounts: nothing, where no grant of it carries a ceiling.
fn ceiling_of(case: &Case<'_>) -> Option<Ceiling> {
    let (rank, _) = case.winner()?;
    let (sources, record) = (case.sources(), case.record);
    let counts = |source: &Source<'_>| counts(source, rank, record.associated);
    let counting: Vec<(usize, &Source<'_>)> = sources
        .iter()
        .enumerate()
        .filter(|(_, source)| counts(source))
        .collect();
    if counting.iter().all(|(_, source)| source.ceiling.is_none()) {
        return None;
    }
    let in_force = ceiling(sources, rank, record.associated);
    let set_by = counting
        .iter()
        .filter(|(_, source)| source.ceiling == in_force);
    let above = record.amount.zip(in_force);
    Some(Ceiling {
        in_force,
        set_by: set_by.map(|(place, _)| *place).collect(),
        exceeded: above.is_some_and(|(amount, most)| amount > most),
    })
}

/// The limits on the duty; the groups through which they come are added to those that speak.
fn limits(case: &Case<'_>, speaking: &mut SmallVec<[GroupIx; 8]>) -> Vec<LimitStatement> {
    let mut statements = Vec::new();
    for ix in case.limits() {
        let Some(limit) = case.model.catalog.get_limit(*ix) else {
            continue;
        };
        if limit.covers.contains(case.duty) {
            let ways = case.ways(*ix);
            speaking.extend(ways.iter().filter_map(|way| way.owner.group()));
            statements.push(LimitStatement {
                limit: Named::new(limit.key.as_str(), limit.label.as_ref()),
                requires: limit.requires.to_string(),
                met: !case.unmet().any(|unmet| unmet == *ix),
                through: ways
                    .iter()
                    .map(|way| limit_source(case.model, way))
                    .collect(),
            });
        }
    }
    statements
}

fn limit_source(model: &Model, way: &Way<'_>) -> LimitSource {
    let (profile, place, provenance) = match way.through {
        Through::Assignment(held) => {
            let profile = Named::profile(model, held.key.0);
            (Some(profile), held.key.1, provenance(held))
        }
        Through::Limit(held) => (None, held.key.1, provenance(held)),
    };
    LimitSource {
        holder: Named::holder(model, way.owner),
        profile,
        scope: Named::place(model, place),
        provenance,
    }
}

/// The memberships in force whose group, or one above it, has something to say.
fn memberships(case: &Case<'_>, speaking: &[GroupIx]) -> Vec<Membership> {
    let groups = &case.model.groups;
    let speaks = |group: GroupIx| {
        groups
            .upwards(group.0)
            .any(|up| speaking.contains(&GroupIx(up)))
    };
    let held = case.user.holdings.groups.in_force(case.at);
    held.filter(|held| speaks(held.key))
        .map(|held| membership(case.model, held))
        .collect()
}

pub(super) fn membership(model: &Model, held: &Held<GroupIx, ()>) -> Membership {
    let branch = model.groups.get(held.key.0);
    Membership {
        group: branch.map_or_else(
            || Named::new("", None),
            |branch| Named::new(branch.key.as_str(), branch.label.as_ref()),
        ),
        provenance: provenance(held),
    }
}

/// The item's key, if it is one.
pub(super) fn item_key(record: &Record<'_>) -> Option<ItemKey> {
    record
        .item
        .filter(|_| record.private)
        .and_then(|item| ItemKey::new(item).ok())
}
