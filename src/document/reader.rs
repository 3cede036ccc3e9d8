//! Reading a tree: checked values or every mistake, each with its path.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::cell::RefCell;

use crate::document::names::Names;
use crate::document::node::Node;
use crate::fault::Fault;
use crate::fault::Mistake;
use crate::fault::nth_kept;
use crate::id::DutyKey;
use crate::id::HolderKey;
use crate::id::ItemKey;
use crate::id::Key;
use crate::id::Kind;
use crate::id::TargetKey;
use crate::id::Unknown;
use crate::id::UserKey;
use crate::policy::Amount;
use crate::policy::Level;
use crate::policy::Reach;
use crate::policy::Seat;
use crate::policy::Sensitivity;
use crate::text::Body;
use crate::text::Label;
use crate::text::Name;
use crate::text::Phrase;
use crate::text::Text;
use crate::text::TextError;
use crate::text::nearest;
use crate::time::Duration;
use crate::time::TimeError;
use crate::time::Timestamp;

/// What is being read.
///
/// A blank text is `out-of-range` in a document and `blank-text` in a command. A document is read on past what is
/// wrong, so that every mistake in it is found; a command is read whole or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A document, whose rows stand for what is.
    Document,
    /// A command, which an actor gives.
    Command,
}

/// Collects the mistakes of one reading.
pub(crate) struct Reader<'n> {
    source: Source,
    names: Option<&'n Names>,
    mistakes: RefCell<Vec<Mistake>>,
    /// By the path of a list, which of its elements could not be read and were left out.
    dropped: RefCell<BTreeMap<String, BTreeSet<usize>>>,
    /// The paths of what could not be read, or stands under a misspelt field.
    wrong: RefCell<BTreeSet<String>>,
}

impl<'n> Reader<'n> {
    /// A reading of a document, or of a command in which names stand for numbers.
    pub(crate) fn new(source: Source, names: Option<&'n Names>) -> Self {
        Self {
            source,
            names,
            mistakes: RefCell::default(),
            dropped: RefCell::default(),
            wrong: RefCell::default(),
        }
    }

    /// The names that stand for numbers here.
    pub(crate) fn names(&self) -> Option<&'n Names> {
        self.names
    }

    /// What is being read.
    pub(crate) fn source(&self) -> Source {
        self.source
    }

    /// Whether reading goes on past what is wrong.
    pub(crate) fn recovers(&self) -> bool {
        self.source == Source::Document
    }

    /// Leaves an element out of a list.
    pub(crate) fn drop(&self, list: &str, n: usize) {
        self.wrong.borrow_mut().insert(list.to_string());
        let mut dropped = self.dropped.borrow_mut();
        dropped.entry(list.to_string()).or_default().insert(n);
    }

    /// Where the `n`th of a list's elements that were kept stands in it.
    pub(crate) fn place(&self, list: &str, n: usize) -> usize {
        nth_kept(self.dropped.borrow().get(list), n)
    }

    /// Whether what stands at a path could not be read as it was meant.
    pub(crate) fn is_wrong(&self, path: &str) -> bool {
        self.wrong.borrow().contains(path)
    }

    /// The paths of what could not be read as it was meant.
    pub(crate) fn wrong(&self) -> BTreeSet<String> {
        self.wrong.borrow().clone()
    }

    /// The elements that were left out, by the path of their list.
    pub(crate) fn dropped(&self) -> BTreeMap<String, BTreeSet<usize>> {
        self.dropped.borrow().clone()
    }

    /// Notes a mistake.
    pub(crate) fn report(&self, path: &str, fault: impl Into<Fault>) {
        self.mistakes.borrow_mut().push(Mistake {
            path: path.to_string(),
            fault: fault.into(),
        });
    }

    /// Notes a mistake where a value was wanted: there is none.
    pub(crate) fn note<T>(&self, path: &str, fault: impl Into<Fault>) -> Option<T> {
        self.report(path, fault);
        None
    }

    /// Notes that something else should stand here.
    pub(crate) fn wanted<T>(&self, path: &str, wanted: impl Into<Phrase>) -> Option<T> {
        let wanted = wanted.into();
        self.note(path, Fault::WrongShape { wanted })
    }

    /// Notes a value beyond its bound.
    pub(crate) fn beyond<T>(&self, path: &str, wanted: impl Into<Phrase>) -> Option<T> {
        let wanted = wanted.into();
        self.note(path, Fault::OutOfRange { wanted })
    }

    /// How many mistakes were noted so far.
    pub(crate) fn noted(&self) -> usize {
        self.mistakes.borrow().len()
    }

    /// The mistakes.
    pub(crate) fn finish(self) -> Vec<Mistake> {
        self.mistakes.into_inner()
    }

    /// A table whose fields are among the known ones; others, and fields that occur twice, are noted.
    pub(crate) fn row<'r>(&'r self, node: &'r Node, path: &str, known: &[&str]) -> Option<Row<'r>> {
        let Node::Table(pairs) = node else {
            return self.wanted(path, ("a table", "una tabla"));
        };
        let row = Row {
            reader: self,
            path: path.to_string(),
            pairs,
            start: self.noted(),
            meant: RefCell::new(Vec::new()),
        };
        for (n, (field, _)) in pairs.iter().enumerate() {
            if !known.contains(&field.as_str()) {
                let nearest = nearest_field(field, known);
                row.meant.borrow_mut().extend(nearest.clone());
                let fault = Fault::UnknownField {
                    field: field.clone(),
                    nearest,
                };
                self.report(&row.at(field), fault);
            }
            if pairs.iter().take(n).any(|(earlier, _)| earlier == field) {
                let key = field.clone();
                self.report(&row.at(field), Fault::DuplicateKey { key });
            }
        }
        Some(row)
    }

    fn text<'t>(&self, node: &'t Node, path: &str, wanted: (&str, &str)) -> Option<&'t str> {
        match node {
            Node::Text(text) => Some(text),
            _ => self.wanted(path, wanted),
        }
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn whole(&self, node: &Node, path: &str, least: i128, most: i128) -> Option<i128> {
        let wanted = || {
            Phrase::new(
                format!("a whole number from {least} to {most}"),
                format!("un número entero de {least} a {most}"),
            )
        };
        match node {
            Node::Integer(number) if (least..=most).contains(number) => Some(*number),
            Node::Integer(_) => self.beyond(path, wanted()),
            // Formats hand over numbers that fit no integer as the nearest fraction.
            Node::Float(number) if number.is_finite() && number.abs() >= 9e18 => {
                self.beyond(path, wanted())
            }
            _ => self.wanted(path, wanted()),
        }
    }

    /// One of a closed list of words.
    pub(crate) fn word<T: Copy>(&self, node: &Node, path: &str, words: &[(&str, T)]) -> Option<T> {
        let text = node.as_str();
        let found = words.iter().find(|(word, _)| text == Some(*word));
        if let Some((_, value)) = found {
            return Some(*value);
        }
        let all: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let near = text.and_then(|text| nearest(text, words.iter().map(|(word, _)| *word)));
        let near = |words: &str| {
            near.as_ref()
                .map_or_else(String::new, |near| format!("{words} `{near}`"))
        };
        let all = all.join(", ");
        let wanted = Phrase::new(
            format!("one of {all}{}", near(", nearest is")),
            format!(
                "una de estas palabras: {all}{}",
                near("; la más parecida es")
            ),
        );
        self.wanted(path, wanted)
    }
}

/// The known field nearest to another: `duty` for `duties` as well, whose ends are far apart as letters go.
fn nearest_field(field: &str, known: &[&str]) -> Option<String> {
    let known = || known.iter().copied();
    nearest(field, known()).or_else(|| {
        let one = field.strip_suffix("ies")?;
        nearest(&format!("{one}y"), known())
    })
}

/// One table that is being read.
pub(crate) struct Row<'r> {
    pub(crate) reader: &'r Reader<'r>,
    path: String,
    pairs: &'r [(String, Node)],
    start: usize,
    /// Fields that a misspelt one stands nearest to: they are not reported as missing too.
    meant: RefCell<Vec<String>>,
}

impl<'r> Row<'r> {
    /// The path of a field.
    pub(crate) fn at(&self, field: &str) -> String {
        if self.path.is_empty() {
            field.to_string()
        } else {
            format!("{}.{field}", self.path)
        }
    }

    /// The value of a field, if it is there.
    pub(crate) fn find(&self, field: &str) -> Option<&'r Node> {
        self.pairs
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, node)| node)
    }

    /// Reads a field; whether it may be absent is up to its type.
    pub(crate) fn read<T: Read>(&self, field: &str) -> Option<T> {
        let read = match self.find(field) {
            Some(node) => T::read(self.reader, node, &self.at(field)),
            None => T::absent(self, field),
        };
        if read.is_none() || self.is_misspelt(field) {
            self.reader.wrong.borrow_mut().insert(self.at(field));
        }
        read.or_else(|| T::stand_in().filter(|_| self.reader.recovers()))
    }

    /// Whether a field is absent where a misspelt one may be meant for it.
    fn is_misspelt(&self, field: &str) -> bool {
        self.find(field).is_none() && self.meant.borrow().iter().any(|meant| meant == field)
    }

    /// Notes that a field is missing, unless a misspelt one is in its place.
    pub(crate) fn missing<T>(&self, field: &str) -> Option<T> {
        if self.is_misspelt(field) {
            return None;
        }
        self.reader.wanted(
            &self.at(field),
            Phrase::new(
                format!("the field `{field}`"),
                format!("el campo `{field}`"),
            ),
        )
    }

    /// Notes a mistake at a field.
    pub(crate) fn report(&self, field: &str, fault: impl Into<Fault>) {
        self.reader.report(&self.at(field), fault);
    }

    /// Whether nothing was noted since the row was begun.
    pub(crate) fn is_clean(&self) -> bool {
        self.reader.noted() == self.start
    }

    /// Whether what was read of the row is to be used: all is right, or reading goes on past what is wrong.
    pub(crate) fn sound(&self) -> Option<()> {
        (self.is_clean() || self.reader.recovers()).then_some(())
    }
}

/// A value that can be read from a tree.
pub(crate) trait Read: Sized {
    /// Reads it, or notes what is wrong with it.
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self>;

    /// What the absence of its field means: usually a mistake.
    fn absent(row: &Row<'_>, field: &str) -> Option<Self> {
        row.missing(field)
    }

    /// What takes the place of an unreadable or missing value where reading goes on, if anything can.
    fn stand_in() -> Option<Self> {
        None
    }
}

impl<T: Read> Read for Option<T> {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        T::read(reader, node, path).map(Some)
    }

    fn stand_in() -> Option<Self> {
        Some(None)
    }

    fn absent(_: &Row<'_>, _: &str) -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let Node::List(nodes) = node else {
            return reader.wanted(path, ("a list", "una lista"));
        };
        let mut read = Self::new();
        for (n, node) in nodes.iter().enumerate() {
            match T::read(reader, node, &format!("{path}[{n}]")) {
                Some(element) => read.push(element),
                None => reader.drop(path, n),
            }
        }
        (read.len() == nodes.len() || reader.recovers()).then_some(read)
    }

    fn stand_in() -> Option<Self> {
        Some(Self::new())
    }

    fn absent(_: &Row<'_>, _: &str) -> Option<Self> {
        Some(Vec::new())
    }
}

impl<K: Read + Ord, T: Read> Read for BTreeMap<K, T> {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let Node::Table(pairs) = node else {
            return reader.wanted(path, ("a table", "una tabla"));
        };
        let start = reader.noted();
        let mut map = Self::new();
        for (field, node) in pairs {
            let at = format!("{path}.{field}");
            let key = K::read(reader, &Node::Text(field.clone()), &at);
            let value = T::read(reader, node, &at);
            if let (Some(key), Some(value)) = (key, value)
                && map.insert(key, value).is_some()
            {
                let key = field.clone();
                reader.report(&at, Fault::DuplicateKey { key });
            }
        }
        (reader.noted() == start || reader.recovers()).then_some(map)
    }

    fn stand_in() -> Option<Self> {
        Some(Self::new())
    }

    fn absent(_: &Row<'_>, _: &str) -> Option<Self> {
        Some(Self::new())
    }
}

/// Types whose text form decides.
macro_rules! read_text {
    ($($type:ty: $wanted:expr,)*) => {$(
        impl Read for $type {
            fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
                match <$type>::new(reader.text(node, path, $wanted)?) {
                    Ok(value) => Some(value),
                    Err(fault) => reader.note(path, fault),
                }
            }
        }
    )*};
}

read_text! {
    Key: ("a key, as a text", "una clave, como texto"),
    UserKey: ("a user's key, as a text", "la clave de un usuario, como texto"),
    ItemKey: ("an item's key, as a text", "la clave de un elemento, como texto"),
    DutyKey: ("a duty, as a text", "una función, como texto"),
    TargetKey: ("a target, as a text", "un objetivo, como texto"),
}

impl Read for Level {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let wanted = (
            "a rung or `none`, as a text",
            "un nivel o `none`, como texto",
        );
        match Self::new(reader.text(node, path, wanted)?) {
            Ok(level) => Some(level),
            Err(fault) => reader.note(path, fault),
        }
    }

    fn stand_in() -> Option<Self> {
        Some(Self::None)
    }
}

/// Texts for people, which are bounded and not blank.
macro_rules! read_bounded {
    ($($type:ty)*) => {$(
        impl Read for $type {
            fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
                match (<$type>::new(reader.text(node, path, ("a text", "un texto"))?), reader.source) {
                    (Ok(text), _) => Some(text),
                    (Err(TextError::Blank), Source::Document) => {
                        reader.beyond(path, ("a text that is not blank", "un texto que no esté en blanco"))
                    }
                    (Err(fault), _) => reader.note(path, fault),
                }
            }
        }
    )*};
}

read_bounded! { Name Text Body }

/// Closed lists of words.
macro_rules! read_word {
    ($($type:ty)*) => {$(
        impl Read for $type {
            fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
                let words: Vec<_> = Self::ALL.iter().map(|item| (item.word(), *item)).collect();
                reader.word(node, path, &words)
            }
        }
    )*};
}
pub(crate) use read_word;

read_word! { Reach Sensitivity Seat }

impl Read for String {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        reader
            .text(node, path, ("a text", "un texto"))
            .map(ToString::to_string)
    }
}

impl Read for bool {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        match node {
            Node::Bool(value) => Some(*value),
            _ => reader.wanted(path, ("`true` or `false`", "`true` o `false`")),
        }
    }
}

impl Read for u32 {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let number = reader.whole(node, path, 0, Self::MAX.into())?;
        Self::try_from(number).ok()
    }
}

impl Read for u64 {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let number = reader.whole(node, path, 0, Self::MAX.into())?;
        Self::try_from(number).ok()
    }
}

impl Read for Amount {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let number = reader.whole(node, path, 0, Self::MAX.get().into())?;
        u64::try_from(number).ok().and_then(Self::new)
    }
}

impl Read for Timestamp {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let text = reader.text(
            node,
            path,
            ("an instant, as a text", "un instante, como texto"),
        )?;
        text.parse()
            .map_or_else(|fault: TimeError| reader.note(path, fault), Some)
    }

    fn stand_in() -> Option<Self> {
        Some(Self::MIN)
    }
}

impl Read for Duration {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let text = reader.text(
            node,
            path,
            ("a duration, as a text", "una duración, como texto"),
        )?;
        text.parse()
            .map_or_else(|fault: TimeError| reader.note(path, fault), Some)
    }

    fn stand_in() -> Option<Self> {
        Some(Self::from_days(1))
    }
}

impl Read for HolderKey {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let text = reader.text(
            node,
            path,
            ("a holder, as a text", "un titular, como texto"),
        )?;
        if text == "everyone" || text.starts_with("user:") || text.starts_with("group:") {
            return Self::new(text).map_or_else(|fault| reader.note(path, fault), Some);
        }
        let key = text.split_once(':').map_or(text, |(_, key)| key);
        let known = [
            "everyone".to_string(),
            format!("user:{key}"),
            format!("group:{key}"),
        ];
        let known = known.iter().map(String::as_str);
        reader.note(path, Unknown::new(Kind::Holder, text, known))
    }

    fn stand_in() -> Option<Self> {
        Some(Self::Everyone)
    }
}

impl Read for Label {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let row = reader.row(node, path, &["en", "es"])?;
        let (english, spanish) = (row.read::<Name>("en"), row.read::<Name>("es"));
        row.sound()?;
        Self::new(english?.as_str(), spanish?.as_str()).ok()
    }
}
