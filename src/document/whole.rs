//! A whole document: a tenant's policy and its desk's settings.

use alloc::string::String;
use alloc::vec::Vec;

use crate::document::node::Node;
use crate::document::order;
use crate::document::policy::read_policy;
use crate::document::policy::top;
use crate::document::reader::Reader;
use crate::document::reader::Source;
use crate::document::service::read_service;
use crate::fault::Fault;
use crate::fault::Mistake;
use crate::fault::Mistakes;
use crate::fault::Places;
use crate::helpdesk::DeskSettings;
use crate::policy::Policy;
use crate::tenant::Tenant;
use crate::text::Name;

/// What a tenant's name is where a document has none.
const NAMELESS: &str = "tenant";

/// A policy document: everything that a tenant is founded on.
///
/// # Examples
///
/// ```
/// use bailiwick::document::{Document, Node};
///
/// let node: Node = serde_json::from_str(r#"{ "name": "Rio Vista", "user": [{ "kay": "ana" }] }"#)?;
/// let mistakes = Document::from_node(&node).unwrap_err();
/// assert_eq!(
///     mistakes[0].to_string(),
///     "unknown-field at user[0].kay: unknown field `kay`, nearest is `key`",
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What the tenant is founded on.
    pub policy: Policy,
    /// How its desk works.
    pub desk: DeskSettings,
}

impl Document {
    /// A document of a policy, with a desk that is always open and promises nothing.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            desk: DeskSettings::default(),
        }
    }

    /// Reads a document from a tree.
    ///
    /// # Errors
    ///
    /// Every independent [`Mistake`], in the order of the document.
    pub fn from_node(node: &Node) -> Result<Self, Mistakes> {
        Self::load(node, NAMELESS).map(|(document, _)| document)
    }

    /// Reads a document and founds its tenant, which is called `name` where the document has none.
    ///
    /// # Errors
    ///
    /// Every independent [`Mistake`], in the order of the document.
    pub fn load(node: &Node, name: &str) -> Result<(Self, Tenant), Mistakes> {
        let (document, places, mistakes) = Self::read(node, name);
        let loaded = match document {
            Some(document) => Tenant::found_at(&document.policy, &places, mistakes)
                .map(|tenant| (document, tenant)),
            None => Err(mistakes),
        };
        loaded.map_err(|mut mistakes| {
            order::sort(&mut mistakes, node);
            Mistakes::of(mistakes)
        })
    }

    /// What can be read, where it stood, and what is wrong with the rest.
    pub(crate) fn read(node: &Node, name: &str) -> (Option<Self>, Places, Vec<Mistake>) {
        let mut places = Places::default();
        let reader = Reader::new(Source::Document, None);
        let document = top(&reader, node, "").and_then(|row| {
            let name = Name::new(name).or_else(|_| Name::new(NAMELESS)).ok()?;
            let mut policy = read_policy(&row, name, &mut places);
            let (duties, desk) = read_service(&row);
            policy.helpdesk = duties;
            Some(Self { policy, desk })
        });
        places.settle(reader.dropped(), reader.wrong());
        (document, places, reader.finish())
    }
}

impl Mistake {
    /// A syntax error: what was found, and where.
    #[cfg_attr(
        not(any(feature = "json", feature = "toml")),
        expect(dead_code, reason = "only text has syntax")
    )]
    pub(crate) fn malformed(found: &str, line: usize, column: usize) -> Self {
        Self {
            path: String::new(),
            fault: Fault::MalformedDocument {
                found: found.into(),
                line: line.max(1),
                column: column.max(1),
            },
        }
    }
}
