//! Reads files piece by piece into lines.

use std::collections::HashMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::extract;
use super::model::{Counts, Line, Reason};
use crate::message::Message;
use crate::split::{Kind, LARGEST, Piece, Splitter, Unread};

/// The lists of a package whose entries are taken.
const LISTS: &[&str] = &["releases", RECORDS];
const RECORDS: &str = "records";

/// Reads one input of one or several files, and remembers what it has met: the same release twice in one input is told.
pub struct Reading {
    splitter: Splitter,
    /// The digest of each release met, by process and id.
    met: HashMap<(String, String), [u8; 32]>,
    more: Option<String>,
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
        Self { splitter: Splitter::new(LISTS), met: HashMap::new(), more: None }
    }

    /// Takes the next bytes of a file; gives the lines that they complete. Any bytes may come, in portions of any size.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Line> {
        let pieces = self.splitter.push(bytes);
        pieces.into_iter().flat_map(|piece| self.lines(piece)).collect()
    }

    /// Ends the file; gives its last lines. The next file may follow.
    pub fn end_of_file(&mut self) -> Vec<Line> {
        let pieces = self.splitter.finish();
        self.splitter = Splitter::new(LISTS);
        pieces.into_iter().flat_map(|piece| self.lines(piece)).collect()
    }

    /// Where the publisher's next page is, when the last page read names one. It is never fetched.
    #[must_use]
    pub fn next_page(&self) -> Option<&str> {
        self.more.as_deref()
    }

    fn lines(&mut self, piece: Piece) -> Vec<Line> {
        let at = piece.line;
        let value = match parse(&piece) {
            Ok(value) => value,
            Err(message) => return vec![unread(at, &piece.bytes, message.with("line", at))],
        };
        match piece.kind {
            Kind::Envelope => {
                let next = value.pointer("/links/next").and_then(Value::as_str);
                self.more = next.map(str::to_owned);
                Vec::new()
            }
            Kind::Listed(RECORDS) => self.record(at, &value),
            Kind::Single | Kind::Listed(_) => vec![self.release(at, &value)],
        }
    }

    /// The releases of a record; its compiled release where it only links them.
    fn record(&mut self, at: u64, record: &Value) -> Vec<Line> {
        let releases = record.get("releases").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let linked = |release: &Value| release.get("url").is_some() && release.get("ocid").is_none();
        if !releases.is_empty() && !releases.iter().all(linked) {
            return releases.iter().map(|release| self.release(at, release)).collect();
        }
        match record.get("compiledRelease") {
            Some(compiled @ Value::Object(_)) => vec![self.release(at, compiled)],
            _ if releases.is_empty() => vec![kept_out(at, record, Message::new("ocds-empty-record"))],
            _ => releases.iter().map(|release| kept_out(at, release, Message::new("ocds-linked"))).collect(),
        }
    }

    fn release(&mut self, at: u64, value: &Value) -> Line {
        let Value::Object(object) = value else { return kept_out(at, value, Message::new("ocds-not-an-object")) };
        if !extract::resembles_release(object) {
            return kept_out(at, value, Message::new("ocds-not-a-release"));
        }
        let (release, reasons) = extract::release(object);
        let mut line = kept_out_with(at, value, reasons);
        let Some(release) = release else { return line };
        line.ocid = Some(release.ocid.clone());
        line.id = Some(release.id.clone());
        match self.met.get(&(release.ocid.clone(), release.id.clone())) {
            None => {
                self.met.insert((release.ocid.clone(), release.id.clone()), line.digest);
                line.release = Some(release);
            }
            Some(digest) if *digest == line.digest => {
                line.repeated = true;
                line.reasons.push(Reason { message: Message::new("ocds-repeated"), quarantines: false });
            }
            Some(_) => line.reasons.push(Reason { message: Message::new("ocds-duplicate"), quarantines: true }),
        }
        line
    }
}

/// A line for bytes that are no JSON.
fn unread(at: u64, bytes: &[u8], message: Message) -> Line {
    Line {
        line: at,
        ocid: None,
        id: None,
        counts: Counts::default(),
        reasons: vec![Reason { message, quarantines: true }],
        digest: Sha256::digest(bytes).into(),
        release: None,
        repeated: false,
    }
}

fn kept_out(at: u64, value: &Value, message: Message) -> Line {
    kept_out_with(at, value, vec![Reason { message, quarantines: true }])
}

fn kept_out_with(at: u64, value: &Value, reasons: Vec<Reason>) -> Line {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(|text| text.chars().take(500).collect());
    let mut digest = Sha256::new();
    canonical(value, &mut |bytes| digest.update(bytes));
    Line {
        line: at,
        ocid: text("ocid"),
        id: text("id"),
        counts: extract::counts(value),
        reasons,
        digest: digest.finalize().into(),
        release: None,
        repeated: false,
    }
}

fn parse(piece: &Piece) -> Result<Value, Message> {
    piece.value().map_err(|why| match why {
        Unread::TooLarge => Message::new("ocds-too-large").with("mib", LARGEST / 1024 / 1024),
        Unread::NotText => Message::new("ocds-not-text"),
        Unread::CutOff => Message::new("ocds-cut-off"),
        Unread::TooDeep => Message::new("ocds-too-deep"),
        Unread::Number => Message::new("ocds-number"),
        Unread::NotJson => Message::new("ocds-not-json"),
    })
}

/// The value's bytes with the fields of each object in order. The reader's limit on depth bounds the recursion.
fn canonical(value: &Value, out: &mut impl FnMut(&[u8])) {
    match value {
        Value::Object(object) => {
            let mut fields: Vec<_> = object.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            out(b"{");
            for (key, value) in fields {
                canonical(&Value::String(key.clone()), out);
                out(b":");
                canonical(value, out);
                out(b",");
            }
            out(b"}");
        }
        Value::Array(entries) => {
            out(b"[");
            for entry in entries {
                canonical(entry, out);
                out(b",");
            }
            out(b"]");
        }
        plain => out(plain.to_string().as_bytes()),
    }
}
