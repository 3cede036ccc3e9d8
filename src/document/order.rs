//! Mistakes in the order of the document that they are in.

use alloc::vec::Vec;

use crate::document::node::Node;
use crate::fault::Mistake;

/// Sorts mistakes by where in the document they are; what is missing comes after what is there.
pub(crate) fn sort(mistakes: &mut [Mistake], document: &Node) {
    mistakes.sort_by_cached_key(|mistake| place(document, &mistake.path));
}

/// The way to a path: at each step, the number of the field or row.
fn place(document: &Node, path: &str) -> Vec<usize> {
    let (mut node, mut rest, mut way) = (document, path, Vec::new());
    while !rest.is_empty() {
        let step = match node {
            Node::Table(pairs) => pairs
                .iter()
                .enumerate()
                .filter_map(|(n, (field, node))| Some((n, node, after(rest, field)?)))
                // Of `a` and `a.b`, the longer field leaves the shorter rest.
                .min_by_key(|(_, _, rest)| rest.len()),
            Node::List(nodes) => rest.strip_prefix('[').and_then(|rest| {
                let (n, rest) = rest.split_once(']')?;
                let n = n.parse().ok()?;
                Some((n, nodes.get(n)?, rest.strip_prefix('.').unwrap_or(rest)))
            }),
            _ => None,
        };
        let Some((n, next, left)) = step else {
            way.push(usize::MAX);
            break;
        };
        way.push(n);
        (node, rest) = (next, left);
    }
    way
}

/// What is left of a path after a field.
fn after<'p>(path: &'p str, field: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(field)?;
    match rest.chars().next() {
        None | Some('[') => Some(rest),
        Some('.') => rest.get(1..),
        Some(_) => None,
    }
}
