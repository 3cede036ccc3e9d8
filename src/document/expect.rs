//! When an answer is the expected one.

use crate::document::node::Node;

/// Whether an answer is what was expected: a table in the fields it names, inside lists too, row by row; an
/// expected `{ error = "*" }` by any error; everything else exactly.
pub(crate) fn meets(expected: &Node, got: &Node) -> bool {
    match (expected, got) {
        (Node::Table(wanted), Node::Table(_)) => wanted.iter().all(|(field, wanted)| {
            let any_error = field == "error" && wanted.as_str() == Some("*");
            got.get(field)
                .is_some_and(|value| any_error || meets(wanted, value))
        }),
        (Node::List(wanted), Node::List(got)) => {
            wanted.len() == got.len()
                && wanted
                    .iter()
                    .zip(got)
                    .all(|(wanted, got)| meets(wanted, got))
        }
        _ => expected == got,
    }
}

#[cfg(test)]
mod tests {
    use super::Node;
    use super::meets;

    fn node(words: &[(&str, &str)]) -> Node {
        Node::table(words.iter().map(|(field, word)| (*field, Node::text(word))))
    }

    #[test]
    fn tables_agree_in_the_fields_that_are_named() {
        let got = node(&[("state", "open"), ("on", "finance")]);
        assert!(meets(&node(&[("on", "finance")]), &got));
        assert!(!meets(&node(&[("on", "fleet")]), &got));
        assert!(!meets(&node(&[("off", "finance")]), &got));
        assert!(!meets(&Node::text("open"), &got));
    }

    #[test]
    fn lists_agree_row_by_row() {
        let rows = |rows: &[Node]| Node::List(rows.to_vec());
        let (one, two) = (node(&[("on", "a"), ("to", "x")]), node(&[("on", "b")]));
        assert!(meets(
            &rows(&[node(&[("on", "a")]), node(&[])]),
            &rows(&[one.clone(), two.clone()])
        ));
        assert!(!meets(
            &rows(&[two.clone(), one.clone()]),
            &rows(&[one.clone(), two.clone()])
        ));
        assert!(!meets(
            &rows(core::slice::from_ref(&one)),
            &rows(&[one.clone(), two])
        ));
    }

    #[test]
    fn any_error_is_met_by_errors_alone() {
        let any = node(&[("error", "*")]);
        assert!(meets(&any, &node(&[("error", "no-seat")])));
        assert!(!meets(&any, &Node::text("ok")));
        assert!(!meets(&any, &node(&[("deny", "revoked")])));
        assert!(!meets(
            &node(&[("deny", "*")]),
            &node(&[("deny", "revoked")])
        ));
    }
}
