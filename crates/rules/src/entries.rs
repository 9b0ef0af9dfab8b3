//! Lists that people hand over as files: CSV with a heading, a JSON document, or JSON line by line. What an entry says is for its reader to know.

use serde_json::{Map, Value};

/// Why a whole file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFile {
    /// What is wrong with it, by code: the end of a message's id.
    pub fault: &'static str,
    /// The line, where one is known.
    pub line: Option<usize>,
}

impl BadFile {
    /// Of the file as a whole.
    pub fn whole(fault: &'static str) -> Self {
        Self { fault, line: None }
    }
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Entries {
    /// A JSON document: its entries, one after the other.
    Document(Vec<Value>),
    /// Line by line, each with its number in the file, from 1; none of a line that breaks off.
    Lines(Vec<(usize, Option<Value>)>),
}

/// Reads a file. What its name ends with does not count: a document begins with a bracket, a heading with a word. A heading must have one of the
/// columns `heads`.
///
/// # Errors
/// [`BadFile`] when it is no text, holds nothing, or is none of the three forms: `no-text`, `empty`, `broken`, `no-heading`.
pub fn read(bytes: &[u8], heads: &[&str]) -> Result<Entries, BadFile> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|_| BadFile::whole("no-text"))?;
    let begin = text.trim_start();
    match begin.chars().next() {
        None => Err(BadFile::whole("empty")),
        Some('[') => {
            let whole: Value = serde_json::from_str(begin).map_err(|e| BadFile { fault: "broken", line: Some(e.line()) })?;
            Ok(Entries::Document(if let Value::Array(all) = whole { all } else { Vec::new() }))
        }
        // One object may be a whole document, or the first of many lines.
        Some('{') => Ok(match serde_json::from_str::<Value>(begin) {
            Ok(one) => Entries::Document(vec![one]),
            Err(_) => Entries::Lines(by_line(text)),
        }),
        Some(_) => csv(text, heads).map(Entries::Lines),
    }
}

fn by_line(text: &str) -> Vec<(usize, Option<Value>)> {
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    numbered.map(|(at, line)| (at + 1, serde_json::from_str(line).ok())).collect()
}

fn csv(text: &str, must: &[&str]) -> Result<Vec<(usize, Option<Value>)>, BadFile> {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).trim(::csv::Trim::All).from_reader(text.as_bytes());
    let heads: Vec<String> = match reader.headers() {
        Ok(heads) => heads.iter().map(|head| head.to_lowercase().replace([' ', '-'], "_")).collect(),
        Err(_) => return Err(BadFile { fault: "broken", line: Some(1) }),
    };
    if !heads.iter().any(|head| must.contains(&head.as_str())) {
        return Err(BadFile { fault: "no-heading", line: Some(1) });
    }
    let mut lines = Vec::new();
    for record in reader.records() {
        let Ok(record) = record else {
            lines.push((lines.len() + 2, None));
            continue;
        };
        let number = record.position().and_then(|at| line_of(text, at)).unwrap_or(lines.len() + 2);
        let fields = heads.iter().zip(record.iter()).map(|(head, value)| (head.clone(), Value::from(value)));
        lines.push((number, Some(Value::Object(fields.collect()))));
    }
    Ok(lines)
}

/// The line on which a record begins: its position is where the one before it ended, blank lines between them included.
fn line_of(text: &str, at: &::csv::Position) -> Option<usize> {
    let rest = text.as_bytes().get(usize::try_from(at.byte()).ok()?..)?;
    let blank = rest.iter().take_while(|byte| matches!(**byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count();
    Some(usize::try_from(at.line()).ok()? + blank)
}

/// The first of these fields that says something: a text without blanks around it, or a number as it is written.
pub fn text(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let said = names.iter().find_map(|name| match fields.get(*name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })?;
    Some(said)
}
