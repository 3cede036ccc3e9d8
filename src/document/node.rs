//! A document as a plain tree, before anything decides what is valid in it.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::DeserializeSeed;
use serde::de::Error;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use serde::ser::SerializeMap;

/// How deep lists and tables may nest; deeper ones are refused by the format's error.
pub(crate) const DEEPEST: usize = 64;

/// What a format's own date-times look like to serde: a table with this one field.
const DATE_TIME: &str = "$__toml_private_datetime";

/// A value of any self-describing format: deserialising accepts anything, nested at most 64 levels deep.
///
/// Tables keep the order of their fields, and fields that occur twice. A format's own date-times are texts.
///
/// # Examples
///
/// ```
/// use bailiwick::document::Node;
///
/// let node: Node = serde_json::from_str(r#"{"key": "ana", "key": "ben"}"#)?;
/// assert_eq!(node.to_string(), r#"{ key = "ana", key = "ben" }"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Nothing, where a format can say so.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A number with a fraction, or one that its format keeps as such.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A table, in the order of the document.
    Table(Vec<(String, Node)>),
}

impl Node {
    /// A text.
    #[must_use]
    pub fn text(text: impl fmt::Display) -> Self {
        Self::Text(text.to_string())
    }

    /// A whole number.
    #[must_use]
    pub fn count(count: usize) -> Self {
        Self::Integer(i128::try_from(count).unwrap_or(i128::MAX))
    }

    /// A table of these fields.
    #[must_use]
    pub fn table<'a>(fields: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        let own = |(field, node): (&str, Self)| (field.to_owned(), node);
        Self::Table(fields.into_iter().map(own).collect())
    }

    /// The first field of that name, of a table that has one.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Self> {
        let Self::Table(pairs) = self else {
            return None;
        };
        pairs
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, node)| node)
    }

    /// The text, of a text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::List(nodes) => {
                f.write_str("[")?;
                for (n, node) in nodes.iter().enumerate() {
                    write!(f, "{}{node}", if n == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Table(pairs) => {
                f.write_str("{")?;
                for (n, (field, node)) in pairs.iter().enumerate() {
                    write!(f, "{} {field} = {node}", if n == 0 { "" } else { "," })?;
                }
                f.write_str(if pairs.is_empty() { "}" } else { " }" })
            }
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => match (i64::try_from(*value), u64::try_from(*value)) {
                (Ok(value), _) => serializer.serialize_i64(value),
                (_, Ok(value)) => serializer.serialize_u64(value),
                _ => serializer.serialize_i128(*value),
            },
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(nodes) => serializer.collect_seq(nodes),
            Self::Table(pairs) => {
                let mut map = serializer.serialize_map(Some(pairs.len()))?;
                for (field, node) in pairs {
                    map.serialize_entry(field, node)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Level { left: DEEPEST }.deserialize(deserializer)
    }
}

/// Reads one value, inside of which so many levels are left.
#[derive(Clone, Copy)]
struct Level {
    left: usize,
}

impl Level {
    fn inner<E: Error>(self) -> Result<Self, E> {
        let left = self.left.checked_sub(1);
        left.map(|left| Self { left })
            .ok_or_else(|| E::custom(format_args!("nested deeper than {DEEPEST} levels")))
    }
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.inner()?.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.inner()?.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Integer(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Integer(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Node, E> {
        Ok(Node::Integer(value))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Node, E> {
        Ok(Node::Integer(i128::try_from(value).unwrap_or(i128::MAX)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Node, E> {
        let number = |byte: &u8| Node::Integer((*byte).into());
        Ok(Node::List(bytes.iter().map(number).collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let inner = self.inner()?;
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element_seed(inner)? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Node, A::Error> {
        let inner = self.inner()?;
        let mut pairs = Vec::new();
        while let Some(Field(field)) = table.next_key()? {
            pairs.push((field, table.next_value_seed(inner)?));
        }
        match pairs.as_mut_slice() {
            [(field, Node::Text(text))] if field == DATE_TIME => {
                Ok(Node::Text(core::mem::take(text)))
            }
            _ => Ok(Node::Table(pairs)),
        }
    }
}

/// The name of a field: formats whose keys are not texts give the text of what they are.
struct Field(String);

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(
            match (Level { left: 0 }).deserialize(deserializer)? {
                Node::Text(text) => text,
                other => other.to_string(),
            },
        ))
    }
}
