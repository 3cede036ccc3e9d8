//! Documents as JSON text, in and out.

use alloc::string::String;
use alloc::string::ToString;

use crate::command::Command;
use crate::document::names::Names;
use crate::document::node::Node;
use crate::document::whole::Document;
use crate::fault::Mistake;
use crate::fault::Mistakes;
use crate::tenant::Tenant;

impl Node {
    /// Reads a JSON document.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] of code `malformed-document`, with line and column.
    pub fn from_json(text: &str) -> Result<Self, Mistake> {
        serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            let found = message
                .rsplit_once(" at line ")
                .map_or("", |(found, _)| found);
            // The format counts bytes; people count characters.
            let line = text
                .lines()
                .nth(error.line().saturating_sub(1))
                .unwrap_or("");
            let before = line.char_indices().filter(|(at, _)| *at < error.column());
            Mistake::malformed(found, error.line(), before.count())
        })
    }

    /// Writes it as JSON; numbers without a JSON form become `null`.
    #[must_use]
    pub fn to_json(&self) -> String {
        // A tree of texts, numbers and lists always has a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Document {
    /// Reads a document from JSON.
    ///
    /// # Errors
    ///
    /// Every independent [`Mistake`]; for a syntax error that one, with line and column.
    pub fn from_json(text: &str) -> Result<Self, Mistakes> {
        Self::from_node(&Node::from_json(text)?)
    }

    /// Writes it as JSON, which reads as the same document.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts, lists, tables and numbers up to 2^53 always have a JSON form.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl Command {
    /// Reads a command from JSON: a table of one field, its name. Its mistakes are those of documents, each with its
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
    /// let command = Command::from_json(r#"{ "disable": { "user": "ben" } }"#)?;
    /// assert_eq!(command.kind(), CommandKind::Disable);
    /// let mistakes = Command::from_json(r#"{ "disabel": { "user": "ben" } }"#).unwrap_err();
    /// assert_eq!(mistakes[0].code(), "unknown-command");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, Mistakes> {
        Self::from_node(&Node::from_json(text)?, &Names::default())
    }
}

impl Tenant {
    /// Founds a tenant on a policy document in JSON.
    ///
    /// What the document says of a desk, its calendar, service levels and times, is read and checked, and then
    /// dropped: a tenant keeps only which duties the desk asks about. A host with a desk reads the
    /// [`Document`](Document::from_json), and makes of it the tenant, by [`Tenant::found`], and the desk, by
    /// [`Desk::new(document.desk)`](crate::helpdesk::Desk::new).
    ///
    /// # Errors
    ///
    /// Every mistake in the document, each with its place and a stable code; nothing is founded then.
    pub fn from_json(text: &str) -> Result<Self, Mistakes> {
        let node = Node::from_json(text)?;
        Document::load(&node, "tenant").map(|(_, tenant)| tenant)
    }
}
