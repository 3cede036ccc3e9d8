//! Documents as TOML text, in and out.

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use toml::Spanned;
use toml::de::DeArray;
use toml::de::DeInteger;
use toml::de::DeString;
use toml::de::DeTable;
use toml::de::DeValue;

use crate::command::Command;
use crate::document::names::Names;
use crate::document::node::DEEPEST;
use crate::document::node::Node;
use crate::document::whole::Document;
use crate::fault::Mistake;
use crate::fault::Mistakes;
use crate::tenant::Tenant;

impl Node {
    /// Reads a TOML document.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] of code `malformed-document`, with line and column.
    pub fn from_toml(text: &str) -> Result<Self, Mistake> {
        let table = DeTable::parse(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let (line, column) = place(text, start);
            Mistake::malformed(error.message(), line, column)
        })?;
        of_table(table.get_ref(), DEEPEST).map_err(|Deeper(start)| {
            let (line, column) = place(text, start);
            Mistake::malformed(
                &format!("nested deeper than {DEEPEST} levels"),
                line,
                column,
            )
        })
    }
}

impl Document {
    /// Reads a document from TOML.
    ///
    /// # Errors
    ///
    /// Every independent [`Mistake`]; for a syntax error that one, with line and column.
    pub fn from_toml(text: &str) -> Result<Self, Mistakes> {
        Self::from_node(&Node::from_toml(text)?)
    }

    /// Writes it as TOML, which reads as the same document.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // Texts, lists, tables and numbers up to 2^53 always have a TOML form.
        toml::to_string(self).unwrap_or_default()
    }
}

/// Where a value stands that is nested too deep.
struct Deeper(usize);

/// Line and column, from 1, of a place in a text; columns count characters.
fn place(text: &str, start: usize) -> (usize, usize) {
    let before = text.get(..start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    (line, last.chars().count() + 1)
}

fn of_table(table: &DeTable<'_>, left: usize) -> Result<Node, Deeper> {
    let mut pairs: Vec<_> = table.iter().collect();
    pairs.sort_by_key(|(field, _)| field.span().start);
    let pair = |(field, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        Ok((field.get_ref().to_string(), of_value(value, left)?))
    };
    Ok(Node::Table(
        pairs.into_iter().map(pair).collect::<Result<_, _>>()?,
    ))
}

fn of_list(list: &DeArray<'_>, left: usize) -> Result<Node, Deeper> {
    let nodes: Result<_, _> = list.iter().map(|value| of_value(value, left)).collect();
    Ok(Node::List(nodes?))
}

fn of_value(value: &Spanned<DeValue<'_>>, left: usize) -> Result<Node, Deeper> {
    let inner = || left.checked_sub(1).ok_or(Deeper(value.span().start));
    Ok(match value.get_ref() {
        DeValue::String(text) => Node::Text(text.to_string()),
        DeValue::Integer(integer) => of_integer(integer),
        DeValue::Float(float) => Node::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Node::Bool(*value),
        DeValue::Datetime(instant) => Node::Text(instant.to_string()),
        DeValue::Array(list) => of_list(list, inner()?)?,
        DeValue::Table(table) => of_table(table, inner()?)?,
    })
}

/// Numbers that no integer holds stay out of every range.
fn of_integer(integer: &DeInteger<'_>) -> Node {
    let text = integer.as_str();
    let beyond = if text.starts_with('-') {
        i128::MIN
    } else {
        i128::MAX
    };
    Node::Integer(i128::from_str_radix(text, integer.radix()).unwrap_or(beyond))
}

impl Command {
    /// Reads a command from TOML: a table of one field, its name. Its mistakes are those of documents, each with its
    /// place and the nearest known word, where those of a format's own reader name neither.
    ///
    /// # Errors
    ///
    /// Every [`Mistake`]; for a syntax error that one, with line and column.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::{Command, CommandKind};
    ///
    /// let command = Command::from_toml("disable = { user = 'ben' }")?;
    /// assert_eq!(command.kind(), CommandKind::Disable);
    /// let mistakes = Command::from_toml("disable = { usr = 'ben' }").unwrap_err();
    /// assert_eq!(mistakes[0].code(), "unknown-field");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, Mistakes> {
        Self::from_node(&Node::from_toml(text)?, &Names::default())
    }
}

impl Tenant {
    /// Founds a tenant on a policy document in TOML.
    ///
    /// What the document says of a desk, its calendar, service levels and times, is read and checked, and then
    /// dropped: a tenant keeps only which duties the desk asks about. A host with a desk reads the
    /// [`Document`](Document::from_toml), and makes of it the tenant, by [`Tenant::found`], and the desk, by
    /// [`Desk::new(document.desk)`](crate::helpdesk::Desk::new).
    ///
    /// # Errors
    ///
    /// Every mistake in the document, each with its place and a stable code; nothing is founded then.
    ///
    /// # Examples
    ///
    /// ```
    /// use bailiwick::Tenant;
    ///
    /// let tenant = Tenant::from_toml("name = 'Rio Vista'\ncatalog = 'civic'");
    /// assert!(tenant.is_ok());
    /// // A misspelt key is refused, with the nearest known one.
    /// let mistakes = Tenant::from_toml("catalog = 'civik'").unwrap_err();
    /// assert_eq!(mistakes[0].to_string(), "unknown-catalog at catalog: unknown catalog `civik`, nearest is `civic`");
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, Mistakes> {
        let node = Node::from_toml(text)?;
        Document::load(&node, "tenant").map(|(_, tenant)| tenant)
    }
}
