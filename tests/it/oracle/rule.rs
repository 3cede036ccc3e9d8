//! Section 3: what every holder says of one duty, layer by layer.

use super::document::Assign;
use super::document::Document;
use super::document::Entry;
use super::document::ProfileGrant;
use super::document::Reach;
use super::document::Sensitivity;
use super::document::User;
use super::document::covers;
use super::document::specificity;
use super::document::upwards;
use std::collections::BTreeSet;

/// The five opinions, in their order (3.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Opinion {
    Silent,
    Withheld,
    GrantedAssociated,
    GrantedAll,
    Revoked,
}

/// An entry or an assignment that takes part in a decision.
pub(super) struct Source {
    /// As the question `because` writes it.
    pub(super) text: String,
    pub(super) opinion: Opinion,
    /// Its grants of the duty, each with its reach and its ceiling.
    pub(super) grants: Vec<(Reach, Option<u64>)>,
    /// For the entries of one holder: where they stand.
    place: Place,
}

/// How specific an entry is, by scope and by target.
#[derive(Clone, Copy, Default)]
struct Place {
    scope: usize,
    target: usize,
}

impl Place {
    /// Whether an entry here overrides one that stands at `other`: both at least as specific, one of them more so (3.3).
    fn overrides(self, other: Self) -> bool {
        self.scope >= other.scope
            && self.target >= other.target
            && (self.scope > other.scope || self.target > other.target)
    }
}

/// One layer's name and what takes part in it.
pub(super) struct Layer {
    pub(super) name: &'static str,
    pub(super) sources: Vec<Source>,
}

impl Layer {
    /// Sources of the same rank stack: the greatest of them.
    pub(super) fn opinion(&self) -> Opinion {
        self.sources
            .iter()
            .map(|source| source.opinion)
            .max()
            .unwrap_or(Opinion::Silent)
    }
}

/// What is asked of the layers: one user, one duty, one place, one instant.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) document: &'a Document,
    pub(super) user: &'a User,
    pub(super) duty: &'a str,
    pub(super) scope: Option<&'a str>,
    pub(super) at: &'a str,
}

const GROUP_LAYERS: [&str; 4] = ["group-1", "group-2", "group-3", "group-4"];

impl<'a> Case<'a> {
    /// The highest-ranked layer that is not silent (3.2).
    pub(super) fn outcome(self) -> Option<Layer> {
        self.layers()
            .into_iter()
            .rev()
            .find(|layer| layer.opinion() != Opinion::Silent)
    }

    /// The layers from the least to the most specific holder (3.2).
    fn layers(self) -> Vec<Layer> {
        let mut layers = vec![
            Layer {
                name: "baseline",
                sources: self.baseline(),
            },
            Layer {
                name: "default",
                sources: self.own("everyone"),
            },
        ];
        for (depth, name) in GROUP_LAYERS.into_iter().enumerate() {
            let mut sources = Vec::new();
            for group in self.groups() {
                if upwards(&self.document.group, group).len() == depth + 1 {
                    sources.extend(self.own(&format!("group:{group}")));
                    sources.extend(self.assigned(&format!("group:{group}")));
                }
            }
            layers.push(Layer { name, sources });
        }
        let user = format!("user:{}", self.user.key);
        layers.push(Layer {
            name: "profiles",
            sources: self.assigned(&user),
        });
        layers.push(Layer {
            name: "individual",
            sources: self.own(&user),
        });
        layers
    }

    /// The user's groups and all that stand above them, each once (section 2).
    pub(super) fn groups(self) -> BTreeSet<&'a str> {
        let always = self.user.groups.iter();
        let joined = self.document.membership.iter();
        always
            .chain(
                joined
                    .filter(|membership| {
                        membership.user == self.user.key && membership.note.holds(self.at)
                    })
                    .map(|membership| &membership.group),
            )
            .flat_map(|group| upwards(&self.document.group, group))
            .collect()
    }

    /// What the tenant's mode says: in open mode a grant up to a sensitivity, and otherwise nothing (3.2).
    fn baseline(self) -> Vec<Source> {
        let up_to = self.document.open_up_to.unwrap_or(Sensitivity::Normal);
        let duty = self.document.find_duty(self.duty);
        if self.document.mode == "open" && duty.is_some_and(|duty| duty.sensitivity <= up_to) {
            vec![Source {
                text: "mode open".to_owned(),
                opinion: Opinion::GrantedAll,
                grants: vec![(Reach::All, None)],
                place: Place::default(),
            }]
        } else {
            Vec::new()
        }
    }

    /// One holder's own entries that take part and that no other overrides (3.3).
    fn own(self, holder: &str) -> Vec<Source> {
        let mut sources = Vec::new();
        for entry in self.taking_part(&self.document.grant, holder) {
            sources.push(self.source(
                "grant",
                entry,
                granted(entry.reach),
                vec![(entry.reach, entry.ceiling)],
            ));
        }
        for entry in self.taking_part(&self.document.revoke, holder) {
            sources.push(self.source("revoke", entry, Opinion::Revoked, Vec::new()));
        }
        for entry in self.taking_part(&self.document.level, holder) {
            let to = entry.to.as_deref().unwrap_or("none");
            if let Some((rung, level)) = self.document.rung_and_level(&entry.on, self.duty, to) {
                let source = if rung <= level {
                    self.source(
                        "level",
                        entry,
                        Opinion::GrantedAll,
                        vec![(Reach::All, None)],
                    )
                } else {
                    self.source("level", entry, Opinion::Withheld, Vec::new())
                };
                sources.push(source);
            }
        }
        let places: Vec<Place> = sources.iter().map(|source| source.place).collect();
        sources.retain(|source| !places.iter().any(|other| other.overrides(source.place)));
        sources
    }

    /// The entries of one list and one holder that are in their window, stand on the way from the record to the
    /// root, and cover the duty.
    fn taking_part(self, list: &'a [Entry], holder: &str) -> impl Iterator<Item = &'a Entry> {
        list.iter().filter(move |entry| {
            entry.holder == holder
                && entry.note.holds(self.at)
                && self.applies(entry.scope.as_deref())
                && covers(&entry.on, self.duty)
        })
    }

    /// Whether what stands at a scope applies to the record: it is the record's scope or above it.
    pub(super) fn applies(self, scope: Option<&str>) -> bool {
        match (scope, self.scope) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(scope), Some(record)) => upwards(&self.document.scope, record).contains(&scope),
        }
    }

    fn source(
        self,
        kind: &str,
        entry: &Entry,
        opinion: Opinion,
        grants: Vec<(Reach, Option<u64>)>,
    ) -> Source {
        let to = entry
            .to
            .as_ref()
            .map_or(String::new(), |to| format!("={to}"));
        let text = format!("{kind} {} {}{to}", entry.holder, entry.on);
        let depth = entry
            .scope
            .as_deref()
            .map_or(0, |scope| upwards(&self.document.scope, scope).len());
        Source {
            text: with_scope(&text, entry.scope.as_deref()),
            opinion,
            grants,
            place: Place {
                scope: depth,
                target: specificity(&entry.on),
            },
        }
    }

    /// What the profiles assigned to one holder give; wherever they are assigned, they stack (3.4).
    fn assigned(self, holder: &str) -> Vec<Source> {
        let mut sources = Vec::new();
        for assign in self.assignments(holder) {
            let grants = self.given(&assign.profile);
            let opinion = grants
                .iter()
                .map(|(reach, _)| granted(*reach))
                .max()
                .unwrap_or(Opinion::Silent);
            let text = format!("assign {} {}", assign.holder, assign.profile);
            let text = with_scope(&text, assign.scope.as_deref());
            sources.push(Source {
                text,
                opinion,
                grants,
                place: Place::default(),
            });
        }
        sources
    }

    /// The assignments of one holder that are in their window and apply to the record.
    pub(super) fn assignments(self, holder: &str) -> impl Iterator<Item = &'a Assign> {
        self.document.assign.iter().filter(move |assign| {
            assign.holder == holder
                && assign.note.holds(self.at)
                && self.applies(assign.scope.as_deref())
        })
    }

    /// The grants by which a profile gives the duty, each with its reach and the profile's ceiling for the duty.
    fn given(self, profile: &str) -> Vec<(Reach, Option<u64>)> {
        let profile = self.document.find_profile(profile);
        if profile
            .except
            .iter()
            .any(|target| covers(target, self.duty))
        {
            return Vec::new();
        }
        let ceiling = profile.ceilings.get(self.duty).copied();
        let mut grants = Vec::new();
        for grant in &profile.grants {
            let (gives, reach) = match grant {
                ProfileGrant::Target(target) => (covers(target, self.duty), Reach::All),
                ProfileGrant::Table(row) => match &row.level {
                    None => (covers(&row.on, self.duty), row.reach),
                    Some(to) => {
                        let place = self.document.rung_and_level(&row.on, self.duty, to);
                        (place.is_some_and(|(rung, level)| rung <= level), row.reach)
                    }
                },
            };
            if gives {
                grants.push((reach, ceiling));
            }
        }
        grants
    }
}

fn granted(reach: Reach) -> Opinion {
    match reach {
        Reach::Associated => Opinion::GrantedAssociated,
        Reach::All => Opinion::GrantedAll,
    }
}

fn with_scope(text: &str, scope: Option<&str>) -> String {
    scope.map_or(text.to_owned(), |scope| format!("{text} @{scope}"))
}
