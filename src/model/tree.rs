//! Trees of scopes, groups, teams and departments.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::fault::Fault;
use crate::id::Key;
use crate::id::Kind;
use crate::id::Unknown;
use crate::text::Label;

/// A forest of named nodes, in the order in which they were added.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub(crate) struct Tree {
    nodes: Vec<Branch>,
    #[cfg_attr(feature = "serde", serde(skip))]
    index: BTreeMap<Key, u32>,
}

/// One node.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub(crate) struct Branch {
    pub(crate) key: Key,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub(crate) label: Option<Label>,
    pub(crate) parent: Option<u32>,
    /// 1 at the top.
    pub(crate) depth: u32,
}

impl Tree {
    /// Adds a node below a parent that is there.
    pub(crate) fn add(&mut self, key: Key, label: Option<Label>, parent: Option<u32>) -> u32 {
        let depth = 1 + parent.map_or(0, |parent| self.depth(parent));
        let node = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.index.insert(key.clone(), node);
        self.nodes.push(Branch {
            key,
            label,
            parent,
            depth,
        });
        node
    }

    /// Whether a node can be added: its key is free and it would not lie too deep.
    pub(crate) fn accepts(&self, key: &Key, parent: Option<u32>, most: usize) -> Result<(), Fault> {
        if self.index.contains_key(key) {
            return Err(Fault::DuplicateKey {
                key: key.as_str().into(),
            });
        }
        if parent.is_some_and(|parent| self.depth(parent) as usize >= most) {
            return Err(Fault::TooDeep { most });
        }
        Ok(())
    }

    pub(crate) fn find(&self, key: &str) -> Option<u32> {
        self.index.get(key).copied()
    }

    pub(crate) fn find_or(&self, kind: Kind, key: &str) -> Result<u32, Unknown> {
        self.find(key)
            .ok_or_else(|| Unknown::new(kind, key, self.index.keys().map(Key::as_str)))
    }

    pub(crate) fn get(&self, node: u32) -> Option<&Branch> {
        self.nodes.get(node as usize)
    }

    pub(crate) fn key(&self, node: u32) -> &str {
        self.get(node).map_or("", |branch| branch.key.as_str())
    }

    pub(crate) fn depth(&self, node: u32) -> u32 {
        self.get(node).map_or(0, |branch| branch.depth)
    }

    pub(crate) fn parent(&self, node: u32) -> Option<u32> {
        self.get(node)?.parent
    }

    /// The node and those above it, upwards.
    pub(crate) fn upwards(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        core::iter::successors(Some(node), |node| self.parent(*node))
    }

    /// Whether `node` is `top` or lies below it.
    pub(crate) fn is_within(&self, node: u32, top: u32) -> bool {
        self.upwards(node).any(|above| above == top)
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Branch)> {
        (0_u32..).zip(&self.nodes)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Tree {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let nodes = Vec::<Branch>::deserialize(deserializer)?;
        let mut tree = Self::default();
        for (at, branch) in nodes.into_iter().enumerate() {
            if branch.parent.is_some_and(|parent| parent as usize >= at)
                || tree.find(branch.key.as_str()).is_some()
            {
                return Err(serde::de::Error::custom(
                    "a tree whose nodes are out of order",
                ));
            }
            tree.add(branch.key, branch.label, branch.parent);
        }
        Ok(tree)
    }
}
