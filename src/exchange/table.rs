//! Comma-separated values, read and written.

use alloc::string::String;
use alloc::vec::Vec;

/// The records of a text, each with the line on which it starts.
pub(super) struct Table {
    pub(super) records: Vec<(usize, Vec<String>)>,
    /// Where the record starts in which a quotation mark is never closed; it is none of the records.
    pub(super) open: Option<usize>,
}

/// Reads a text. Quoted fields may hold commas, quotes written twice, and line breaks; other fields are trimmed.
/// Empty lines and lines that start with `#` are passed over, and so is a mark of the byte order.
pub(super) fn records(text: &str) -> Table {
    let mut records = Vec::new();
    let (mut record, mut field): (Vec<String>, String) = (Vec::new(), String::new());
    let (mut line, mut start, mut quoted, mut was_quoted) = (1, 1, false, false);
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.trim().is_empty() => {
                field.clear();
                (quoted, was_quoted) = (true, true);
            }
            ',' if !quoted => {
                end_field(&mut record, &mut field, &mut was_quoted);
            }
            '\n' if !quoted => {
                end_field(&mut record, &mut field, &mut was_quoted);
                end_record(&mut records, &mut record, start);
                line += 1;
                start = line;
            }
            other => {
                line += usize::from(other == '\n');
                field.push(other);
            }
        }
    }
    if quoted {
        let open = Some(start);
        return Table { records, open };
    }
    if !field.is_empty() || !record.is_empty() {
        end_field(&mut record, &mut field, &mut was_quoted);
        end_record(&mut records, &mut record, start);
    }
    Table {
        records,
        open: None,
    }
}

fn end_field(record: &mut Vec<String>, field: &mut String, was_quoted: &mut bool) {
    let whole = core::mem::take(field);
    record.push(if core::mem::take(was_quoted) {
        whole
    } else {
        whole.trim().into()
    });
}

fn end_record(records: &mut Vec<(usize, Vec<String>)>, record: &mut Vec<String>, start: usize) {
    let whole = core::mem::take(record);
    let first = whole.first().map_or("", String::as_str);
    if !(first.starts_with('#') || (whole.len() == 1 && first.is_empty())) {
        records.push((start, whole));
    }
}

/// Adds a record. A field that a spreadsheet would take for a formula gets an apostrophe before it.
pub(super) fn write_record<'a>(text: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (n, field) in fields.into_iter().enumerate() {
        if n > 0 {
            text.push(',');
        }
        let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let quoted = formula || field.contains([',', '"', '\n', '\r']);
        if quoted {
            text.push('"');
        }
        if formula {
            text.push('\'');
        }
        for letter in field.chars() {
            if letter == '"' {
                text.push('"');
            }
            text.push(letter);
        }
        if quoted {
            text.push('"');
        }
    }
    text.push_str("\r\n");
}
