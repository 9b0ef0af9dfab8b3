//! Reads files piece by piece into lines.

use std::collections::HashMap;

use serde_json::Value;

use super::record::Record;
use super::take::Taking;
use super::{rows, standard};
use crate::message::Message;
pub use crate::split::Reason;
use crate::split::{Kind, LARGEST, Piece, Splitter, Unread};

/// One incident of the input, or what stands where one should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line of its file on which it begins, from 1.
    pub line: u64,
    /// Its own id, where it has one.
    pub id: Option<String>,
    /// Who recorded it, where it fits or was repeated: with the id, what it is known by.
    pub source: Option<String>,
    /// Notes, and what keeps it out, by the path of what they are about.
    pub reasons: Vec<Reason>,
    /// The record, unless it is kept out.
    pub record: Option<Record>,
    /// Whether the same record came before in this input. `record` is empty then.
    pub repeated: bool,
}

impl Line {
    /// Whether it is kept out.
    #[must_use]
    pub fn quarantined(&self) -> bool {
        self.record.is_none() && !self.repeated
    }
}

/// Reads one input of one or several files, and remembers which records it has met: one that comes twice is told.
pub struct Reading {
    splitter: Splitter,
    /// The digest of each record met, by its source and id.
    met: HashMap<(Option<String>, String), [u8; 32]>,
}

impl Default for Reading {
    fn default() -> Self {
        Self::new()
    }
}

impl Reading {
    /// Nothing read yet.
    #[must_use]
    pub fn new() -> Self {
        Self { splitter: Splitter::new(&[]), met: HashMap::new() }
    }

    /// Takes the next bytes of a file; gives the lines that they complete. Any bytes may come, in portions of any size.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Line> {
        let pieces = self.splitter.push(bytes);
        pieces.into_iter().filter_map(|piece| self.line(&piece)).collect()
    }

    /// Ends the file; gives its last lines. The next file may follow.
    pub fn end_of_file(&mut self) -> Vec<Line> {
        let pieces = self.splitter.finish();
        self.splitter = Splitter::new(&[]);
        pieces.into_iter().filter_map(|piece| self.line(&piece)).collect()
    }

    fn line(&mut self, piece: &Piece) -> Option<Line> {
        let mut line = Line { line: piece.line, id: None, source: None, reasons: Vec::new(), record: None, repeated: false };
        let value = match piece.value() {
            Ok(value) => value,
            Err(why) => {
                line.reasons.push(kept_out(unread(why).with("line", piece.line)));
                return Some(line);
            }
        };
        if piece.kind == Kind::Envelope {
            return None;
        }
        let Value::Object(object) = value else {
            line.reasons.push(kept_out(Message::new("veris-not-an-object").with("line", piece.line)));
            return Some(line);
        };
        let id = object.get("incident_id").or_else(|| object.get("id")).and_then(Value::as_str);
        line.id = id.map(|id| id.chars().take(super::take::NAME).collect());
        let mut take = Taking::default();
        let record = if standard::resembles(&object) {
            standard::record(&object, &mut take)
        } else if rows::resembles(&object) {
            rows::record(&object, &mut take)
        } else {
            line.reasons.push(kept_out(Message::new("veris-no-incident").with("line", piece.line)));
            return Some(line);
        };
        let faulty = take.is_faulty();
        line.reasons = take.into_reasons();
        if !faulty {
            line.id = Some(record.id.clone());
            line.source.clone_from(&record.source);
            self.met_before(record, &mut line);
        }
        Some(line)
    }

    fn met_before(&mut self, record: Record, line: &mut Line) {
        let digest = record.digest();
        match self.met.get(&(record.source.clone(), record.id.clone())) {
            None => {
                self.met.insert((record.source.clone(), record.id.clone()), digest);
                line.record = Some(record);
            }
            Some(met) if *met == digest => {
                line.repeated = true;
                line.reasons.push(Reason { message: Message::new("veris-repeated"), quarantines: false });
            }
            Some(_) => line.reasons.push(kept_out(Message::new("veris-duplicate").with("id", &record.id))),
        }
    }
}

/// The incident that one text holds, such as [`super::write`] gives; none where it holds none that fits, or several.
#[must_use]
pub fn read(text: &str) -> Option<Record> {
    let mut reading = Reading::new();
    let mut lines = reading.push(text.as_bytes());
    lines.extend(reading.end_of_file());
    let only = lines.pop()?;
    if lines.is_empty() { only.record } else { None }
}

fn kept_out(message: Message) -> Reason {
    Reason { message, quarantines: true }
}

fn unread(why: Unread) -> Message {
    match why {
        Unread::TooLarge => Message::new("veris-too-large").with("mib", LARGEST / 1024 / 1024),
        Unread::NotText => Message::new("veris-not-text"),
        Unread::CutOff => Message::new("veris-cut-off"),
        Unread::TooDeep => Message::new("veris-too-deep"),
        Unread::Number => Message::new("veris-number"),
        Unread::NotJson => Message::new("veris-not-json"),
    }
}
