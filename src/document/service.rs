//! The desk's part of a document: `[helpdesk]`, `[calendar]` and `[[sla]]`.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::document::node::Node;
use crate::document::reader::Read;
use crate::document::reader::Reader;
use crate::document::reader::Row;
use crate::document::reader::read_word;
use crate::document::rows::read_row;
use crate::fault::Fault;
use crate::helpdesk::AttachmentLimits;
use crate::helpdesk::Calendar;
use crate::helpdesk::CalendarError;
use crate::helpdesk::Category;
use crate::helpdesk::ClockKind;
use crate::helpdesk::Date;
use crate::helpdesk::DateError;
use crate::helpdesk::DaySpan;
use crate::helpdesk::DeskSettings;
use crate::helpdesk::Hours;
use crate::helpdesk::MediaRange;
use crate::helpdesk::Percent;
use crate::helpdesk::Priority;
use crate::helpdesk::Sla;
use crate::helpdesk::SlaRule;
use crate::helpdesk::Status;
use crate::helpdesk::Weekday;
use crate::policy::HelpdeskDuties;
use crate::text::Language;
use crate::text::Localized;

read_word! { Priority Category Status ClockKind }

read_row! {
    SlaRule {
        priority "priority", category "category", respond "respond", update "update", resolve "resolve",
    };
}

/// The fields of `[helpdesk]`.
const HELPDESK: [&str; 8] = [
    "file",
    "work",
    "reopen",
    "close-after",
    "give-up",
    "reopen-within",
    "warn",
    "attachments",
];

/// The duties that the helpdesk asks about, and its settings: what cannot be read stays as it is without a document.
pub(crate) fn read_service(row: &Row<'_>) -> (HelpdeskDuties, DeskSettings) {
    let mut duties = HelpdeskDuties::default();
    let mut settings = DeskSettings::default();
    let helpdesk = row
        .find("helpdesk")
        .and_then(|node| row.reader.row(node, &row.at("helpdesk"), &HELPDESK));
    if let Some(row) = helpdesk {
        duties.file = row.read("file").flatten();
        duties.work = row.read("work").flatten();
        duties.reopen = row.read("reopen").flatten();
        set(&mut settings.close_after, row.read("close-after"));
        settings.give_up = row.read("give-up").flatten();
        set(&mut settings.reopen_within, row.read("reopen-within"));
        set(&mut settings.warn, row.read("warn"));
        set(&mut settings.attachments, row.read("attachments"));
    }
    set(&mut settings.service.calendar, row.read("calendar"));
    set(&mut settings.service.sla, row.read("sla"));
    (duties, settings)
}

#[expect(
    clippy::option_option,
    reason = "a field may be unreadable, absent or there"
)]
fn set<T>(setting: &mut T, read: Option<Option<T>>) {
    if let Some(read) = read.flatten() {
        *setting = read;
    }
}

/// A mistake that the desk's own types tell.
fn refused(code: &'static str, told: &impl Localized) -> Fault {
    Fault::Service {
        code,
        english: told.localized(Language::English),
        spanish: told.localized(Language::Spanish),
    }
}

impl Read for Percent {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let number = reader.whole(node, path, 0, 100)?;
        Self::new(u8::try_from(number).ok()?).ok()
    }
}

impl Read for MediaRange {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        match Self::new(&String::read(reader, node, path)?) {
            Ok(range) => Some(range),
            Err(error) => reader.note(path, refused(error.code(), &error)),
        }
    }
}

impl Read for AttachmentLimits {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let row = reader.row(node, path, &["bytes", "count", "media"])?;
        let mut limits = Self::default();
        set(&mut limits.bytes, row.read("bytes"));
        set(&mut limits.count, row.read("count"));
        if let Some(Some(media)) = row.read::<Option<Vec<MediaRange>>>("media") {
            let words = media.iter().map(MediaRange::as_str);
            if let Err(error) = Self::new(limits.bytes, limits.count, words) {
                row.report("media", refused(error.code(), &error));
            }
            limits.media = media;
        }
        Some(limits)
    }
}

impl Read for Sla {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let Node::List(nodes) = node else {
            return reader.wanted(path, ("a list of tables", "una lista de tablas"));
        };
        let mut rules: Vec<SlaRule> = Vec::new();
        for (n, node) in nodes.iter().enumerate() {
            let path = format!("{path}[{n}]");
            let Some(rule) = SlaRule::read(reader, node, &path) else {
                continue;
            };
            match Self::new(rules.iter().copied().chain([rule])) {
                Ok(_) => rules.push(rule),
                Err(error) => {
                    let key = match error.category {
                        Some(category) => format!("{} {category}", error.priority),
                        None => error.priority.word().into(),
                    };
                    reader.report(&format!("{path}.priority"), Fault::DuplicateKey { key });
                }
            }
        }
        Self::new(rules).ok()
    }
}

impl Read for Calendar {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        match node {
            Node::Text(word) if word == "always" => Some(Self::always()),
            Node::Table(_) => read_calendar(reader, node, path),
            _ => reader.wanted(path, ("`always`, or a table", "`always` o una tabla")),
        }
    }
}

fn read_calendar(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Calendar> {
    let row = reader.row(node, path, &["zone", "days", "holidays", "special"])?;
    let zone: Option<String> = row.read("zone");
    let days = read_days(&row);
    let holidays: Option<Vec<Date>> = row.read("holidays");
    let special: Option<BTreeMap<Date, Spans>> = row.read("special");
    let open = |spans: &Spans| !spans.0.is_empty();
    let (days, special) = (days?, special?);
    let shut = !days.values().any(open) && !special.values().any(open);
    // What cannot be read may have held a span.
    if shut && row.is_clean() {
        reader.report(path, refused("empty-calendar", &CalendarError::Empty));
    }
    let hours = Hours {
        days: days
            .into_iter()
            .map(|(day, spans)| (day, spans.0))
            .collect(),
        holidays: holidays?.into_iter().collect::<BTreeSet<_>>(),
        special: special
            .into_iter()
            .map(|(date, spans)| (date, spans.0))
            .collect(),
    };
    let zone = zone?;
    make(&zone, hours).map_or_else(
        |error| match error {
            // It was noted, with its place; the zone may be wrong besides.
            CalendarError::Empty | CalendarError::Overlapping { .. } => {
                match make(&zone, whole_week()) {
                    Err(CalendarError::UnknownZone(unknown)) => {
                        reader.note(&row.at("zone"), unknown)
                    }
                    _ => None,
                }
            }
            CalendarError::UnknownZone(unknown) => reader.note(&row.at("zone"), unknown),
            _ => reader.note(path, refused(error.code(), &error)),
        },
        Some,
    )
}

#[cfg(feature = "jiff")]
fn make(zone: &str, hours: Hours) -> Result<Calendar, CalendarError> {
    Calendar::new(zone, hours)
}

/// Without zone data no zone is known.
#[cfg(not(feature = "jiff"))]
fn make(zone: &str, _: Hours) -> Result<Calendar, CalendarError> {
    let unknown = crate::id::Unknown::new(crate::id::Kind::Zone, zone, []);
    Err(CalendarError::UnknownZone(unknown))
}

/// Hours with which nothing is wrong.
fn whole_week() -> Hours {
    let mut hours = Hours::default();
    for day in Weekday::ALL {
        hours
            .days
            .insert(*day, DaySpan::new(0, 1_440).into_iter().collect());
    }
    hours
}

/// The spans of one day, none of which overlap.
struct Spans(Vec<DaySpan>);

impl Read for Spans {
    fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
        let spans: Vec<DaySpan> = Vec::read(reader, node, path)?;
        for (n, later) in spans.iter().enumerate() {
            let overlapped = spans
                .iter()
                .take(n)
                .find(|earlier| earlier.start() < later.end() && later.start() < earlier.end());
            if let Some(earlier) = overlapped {
                let error = CalendarError::Overlapping {
                    first: *earlier,
                    second: *later,
                };
                let n = reader.place(path, n);
                reader.report(&format!("{path}[{n}]"), refused(error.code(), &error));
            }
        }
        Some(Self(spans))
    }
}

fn read_days(row: &Row<'_>) -> Option<BTreeMap<Weekday, Spans>> {
    let Some(node) = row.find("days") else {
        return Some(BTreeMap::new());
    };
    let known: Vec<&str> = Weekday::ALL.iter().map(|day| day.word()).collect();
    let row = row.reader.row(node, &row.at("days"), &known)?;
    let mut days = BTreeMap::new();
    for day in Weekday::ALL {
        if let Some(spans) = row.read::<Option<Spans>>(day.word())? {
            days.insert(*day, spans);
        }
    }
    Some(days)
}

/// Types of the desk whose text form decides.
macro_rules! read_text {
    ($($type:ty)*) => {$(
        impl Read for $type {
            fn read(reader: &Reader<'_>, node: &Node, path: &str) -> Option<Self> {
                let text = String::read(reader, node, path)?;
                let read: Result<Self, DateError> = text.parse();
                read.map_or_else(|error| reader.note(path, refused(error.code(), &error)), Some)
            }
        }
    )*};
}

read_text! { Date DaySpan }
