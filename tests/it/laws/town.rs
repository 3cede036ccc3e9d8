//! A random tenant and what is worth asking it about.

use crate::oracle::worlds::world;
use bailiwick::Resource;
use bailiwick::Tenant;
use bailiwick::Timestamp;
use bailiwick::document::Document;
use bailiwick::policy::Amount;
use serde_json::Value;

/// A random tenant, its document, and its keys.
pub(crate) struct Town {
    pub(crate) document: Value,
    pub(crate) tenant: Tenant,
    pub(crate) users: Vec<String>,
    pub(crate) duties: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) teams: Vec<String>,
    pub(crate) edges: Vec<Timestamp>,
    state: u64,
}

/// A record that owns its words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) scope: Option<String>,
    pub(crate) associated: bool,
    pub(crate) qualifiers: Vec<&'static str>,
    pub(crate) team: Option<String>,
    pub(crate) private: bool,
    pub(crate) item: Option<&'static str>,
    pub(crate) amount: Option<Amount>,
}

/// What one check is about.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) at: Timestamp,
    pub(crate) user: String,
    pub(crate) duty: String,
    pub(crate) record: Record,
}

/// The tenant that a document states, if it states one.
pub(crate) fn tenant(document: &Value) -> Option<Tenant> {
    let document = Document::from_json(&document.to_string()).ok()?;
    Tenant::found(&document.policy).ok()
}

/// The keys of a list of a document.
pub(crate) fn keys(document: &Value, list: &str) -> Vec<String> {
    let rows = document.get(list).and_then(Value::as_array);
    let key = |row: &Value| Some(row.get("key")?.as_str()?.to_owned());
    rows.into_iter().flatten().filter_map(key).collect()
}

impl Town {
    /// The town of a seed, if its document is one of a tenant (they all are).
    #[track_caller]
    pub(crate) fn new(seed: u64) -> Self {
        let small = usize::try_from(seed % 24).unwrap_or(0);
        let document = world(seed, 30, 1 + small).document;
        let tenant = tenant(&document);
        assert!(tenant.is_some(), "a valid document is refused: {document}");
        #[expect(clippy::unwrap_used, reason = "asserted above")]
        let tenant = tenant.unwrap();
        let mut edges = Vec::new();
        for list in ["assign", "grant", "revoke", "level", "restrict", "item"] {
            for row in document
                .get(list)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                for field in ["from", "until"] {
                    let text = row.get(field).and_then(Value::as_str);
                    edges.extend(text.and_then(|text| text.parse::<Timestamp>().ok()));
                }
            }
        }
        edges.sort_unstable();
        edges.dedup();
        Self {
            users: keys(&document, "user"),
            duties: keys(&document, "duty"),
            scopes: keys(&document, "scope"),
            teams: keys(&document, "team"),
            edges,
            tenant,
            document,
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        }
    }

    /// A number below a bound; 0 where there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from((self.state >> 11) % bound).unwrap_or(0)
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        list.get(self.below(list.len())).cloned()
    }

    /// An instant one second before, at or after an edge.
    pub(crate) fn instant(&mut self) -> Timestamp {
        let edges = self.edges.clone();
        let edge = self.pick(&edges).map_or(1_770_000_000, Timestamp::as_unix);
        let near = i64::try_from(self.below(3)).unwrap_or(0) - 1;
        Timestamp::from_unix(edge + near).unwrap_or(Timestamp::MIN)
    }

    /// A record of any sort.
    pub(crate) fn record(&mut self) -> Record {
        let private = self.chance(15);
        let (scopes, teams) = (self.scopes.clone(), self.teams.clone());
        let mut qualifiers = Vec::new();
        for word in ["published", "completed", "signed"] {
            if self.chance(50) {
                qualifiers.push(word);
            }
        }
        let amount = [0, 49, 50, 51, 100, 101, 1 << 53];
        Record {
            scope: self.pick(&scopes).filter(|_| self.chance(70)),
            associated: self.chance(50),
            qualifiers,
            team: self.pick(&teams).filter(|_| self.chance(25)),
            private,
            item: self
                .pick(&["case", "case-1", "case-12"])
                .filter(|_| private && self.chance(90)),
            amount: self
                .pick(&amount)
                .filter(|_| self.chance(35))
                .and_then(Amount::new),
        }
    }

    /// One check of any sort.
    pub(crate) fn ask(&mut self) -> Option<Ask> {
        let (users, duties) = (self.users.clone(), self.duties.clone());
        Some(Ask {
            at: self.instant(),
            user: self.pick(&users)?,
            duty: self.pick(&duties)?,
            record: self.record(),
        })
    }

    pub(crate) fn asks(&mut self, count: usize) -> Vec<Ask> {
        (0..count).filter_map(|_| self.ask()).collect()
    }
}

impl Record {
    pub(crate) fn resource(&self) -> Resource<'_> {
        Resource {
            scope: self.scope.as_deref().map(Into::into),
            associated: self.associated,
            qualifiers: &self.qualifiers,
            team: self.team.as_deref().map(Into::into),
            private: self.private,
            item: self.item,
            amount: self.amount,
        }
    }
}
