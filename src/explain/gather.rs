//! Everything that took part in one decision, gathered in layer order.

use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::as_of::AsOf;
use crate::as_of::QuestionError;
use crate::catalog::Target;
use crate::decision::Denial;
use crate::decision::Record;
use crate::decision::Resource;
use crate::decision::ceiling;
use crate::decision::decide;
use crate::decision::gate;
use crate::decision::unmet;
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
use crate::ix::LimitIx;
use crate::ix::UserIx;
use crate::layer::Opinion;
use crate::model::Holder;
use crate::model::Model;
use crate::model::User;
use crate::model::profile::Effect;
use crate::model::timeline::Held;
use crate::policy::Reach;
use crate::rule::Layers;
use crate::rule::One;
use crate::rule::Rank;
use crate::rule::limits;
use crate::source::Source;
use crate::source::What;
use crate::speech::Named;
use crate::time::Timestamp;

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
    let decision = decide(model, user_ix, duty, &record, at);
    let groups = model.groups_of(user, at);
    let view = One::new(&model.catalog, duty);
    let winner = Layers::of(&view, model, user, &groups, &record.path, at).winner();
    let mut amounts = None;
    let statements = if record.private {
        apart::items(model, user_ix, duty, &record, at)
    } else {
        let sources = Source::all(model, user, duty, &record.path, at);
        amounts = ceiling_of(&sources, winner, &record);
        statements(model, &sources, winner)
    };
    let limits = limit_statements(model, user_ix, duty, &record, at);
    let mut speaking: BTreeSet<&str> = statements
        .iter()
        .map(|said| said.holder.key.as_str())
        .collect();
    speaking.extend(
        limits
            .iter()
            .flat_map(|limit| &limit.through)
            .map(|source| source.holder.key.as_str()),
    );
    let memberships = memberships(model, user, at, &speaking);
    let catalog_duty = model.catalog.get(duty);
    let module = catalog_duty.map_or(Target::All, |duty| Target::Module(duty.module));
    Ok(Explanation {
        user: Named::user(user),
        duty: Named::duty(model, duty),
        module: Named::target(model, module),
        at,
        record: facts(model, &record),
        decision,
        until: as_of.until_of(user_ix, duty, &record),
        because: as_of.because_of(user_ix, duty, &record),
        gates: gates(model, user, duty, &record),
        memberships,
        statements,
        limits,
        ceiling: amounts,
        apart: apart::statements(model, user_ix, duty, &record, at),
        apart_memberships: apart::memberships(model, user, duty, &record, at),
    })
}

fn facts(model: &Model, record: &Record<'_>) -> RecordFacts {
    let team = record.team.and_then(|team| model.teams.get(team.0));
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

fn gates(model: &Model, user: &User, duty: DutyIx, record: &Record<'_>) -> Vec<Gate> {
    let fails = |team| gate(model, user, duty, team);
    let module_on = model
        .catalog
        .get(duty)
        .is_none_or(|duty| model.is_module_on(duty.module));
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
    if record.team.is_some() {
        let visible = user.all_teams
            || record
                .team
                .zip(user.team)
                .is_some_and(|(team, own)| model.teams.is_within(team.0, own.0));
        gates.push(Gate {
            what: GateKind::Team,
            passed: visible,
        });
    }
    gates
}

fn statements(
    model: &Model,
    sources: &[Source<'_>],
    winner: Option<(Rank, Opinion)>,
) -> Vec<Statement> {
    sources
        .iter()
        .map(|source| {
            let mut statement = statement(model, source);
            statement.standing = standing(source, sources, winner);
            statement
        })
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

/// A source as a statement; what became of it is still to be said.
pub(super) fn statement(model: &Model, source: &Source<'_>) -> Statement {
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
        holder: Named::holder(model, source.holder),
        on,
        to,
        scope: Named::place(model, place),
        opinion: source.opinion,
        ceiling: source.ceiling,
        provenance,
        standing: Standing::Prevails,
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
fn ceiling_of(
    sources: &[Source<'_>],
    winner: Option<(Rank, Opinion)>,
    record: &Record<'_>,
) -> Option<Ceiling> {
    let (rank, _) = winner?;
    let counts = |source: &Source<'_>| {
        source.rank == rank
            && source.overridden_by.is_none()
            && source
                .opinion
                .granted()
                .is_some_and(|reach| reach == Reach::All || record.associated)
    };
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

fn limit_statements(
    model: &Model,
    user_ix: UserIx,
    duty: DutyIx,
    record: &Record<'_>,
    at: Timestamp,
) -> Vec<LimitStatement> {
    let Some(user) = model.user(user_ix) else {
        return Vec::new();
    };
    let groups = model.groups_of(user, at);
    let reaching = limits(model, user, &groups, &record.path, at);
    let failing = unmet(model, &reaching, duty, record.qualifiers);
    let of = |ix: &LimitIx| {
        let limit = model.catalog.get_limit(*ix)?;
        if !limit.covers.contains(duty) {
            return None;
        }
        Some(LimitStatement {
            limit: Named::new(limit.key.as_str(), limit.label.as_ref()),
            requires: limit.requires.to_string(),
            met: !failing.contains(ix),
            through: limit_sources(model, user_ix, &groups, *ix, record, at),
        })
    };
    reaching.iter().filter_map(of).collect()
}

fn limit_sources(
    model: &Model,
    user: UserIx,
    groups: &[GroupIx],
    limit: LimitIx,
    record: &Record<'_>,
    at: Timestamp,
) -> Vec<LimitSource> {
    let mut sources = Vec::new();
    let groups = groups.iter().map(|group| Holder::Group(*group));
    for holder in groups.chain([Holder::User(user)]) {
        let holdings = model.holdings(holder);
        for held in holdings.assignments.in_force(at) {
            let carries = model
                .profile(held.key.0)
                .is_some_and(|profile| profile.gives.limits.contains(&limit));
            if carries && record.path.contains(&held.key.1) {
                sources.push(LimitSource {
                    holder: Named::holder(model, holder),
                    profile: Some(Named::profile(model, held.key.0)),
                    scope: Named::place(model, held.key.1),
                    provenance: provenance(held),
                });
            }
        }
        for held in holdings.limits.in_force(at) {
            if held.key.0 == limit && record.path.contains(&held.key.1) {
                sources.push(LimitSource {
                    holder: Named::holder(model, holder),
                    profile: None,
                    scope: Named::place(model, held.key.1),
                    provenance: provenance(held),
                });
            }
        }
    }
    sources
}

/// The memberships in force whose group, or one above it, has something to say.
fn memberships(
    model: &Model,
    user: &User,
    at: Timestamp,
    speaking: &BTreeSet<&str>,
) -> Vec<Membership> {
    let speaks = |group: GroupIx| {
        let mut upwards = model.groups.upwards(group.0);
        upwards.any(|group| {
            let key = model.holder_key(Holder::Group(GroupIx(group))).to_string();
            speaking.contains(key.as_str())
        })
    };
    let held = user.holdings.groups.in_force(at);
    held.filter(|held| speaks(held.key))
        .map(|held| membership(model, held))
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
