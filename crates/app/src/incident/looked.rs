//! What is attached to incidents, looked through for data about people (SEC-25): after it is stored, so that no report waits for it, and by a job, so that
//! none is forgotten. What is kept of it is what was found where, never the value.

use std::collections::BTreeMap;
use std::ops::Range;

use extract::{Extracted, Spot};
use platform::clock::{HOUR, MINUTE, Millis};
use platform::files::{Held, held};
use platform::jobs::Working;
use platform::{Cx, Error};
use rules::screen::{self, Finding};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::act;
use super::model::INCIDENT;
use crate::reading::Why;

/// How often it is seen whether a file still waits, whose job was given up.
pub(super) const EVERY: Millis = HOUR;
/// So many of those at once.
const PART: u64 = 100;
/// Files that came within this time have their job.
const FRESH: Millis = 10 * MINUTE;
/// So many places are kept, and shown; the rest is counted.
pub const SHOWN: usize = 200;
/// As much of the text is shown on either side of what was found, in characters.
const AROUND: usize = 60;

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Looked {
    /// How often each kind was found, by code.
    pub kinds: BTreeMap<String, usize>,
    /// Where, in the order of the text, the first [`SHOWN`].
    pub places: Vec<Found>,
    /// What of it could not be read, and why.
    pub unread: Vec<NotRead>,
}

/// One finding: what stands where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The code of its kind.
    pub kind: String,
    /// The code of how sure it is.
    pub confidence: String,
    /// Where in the text; none where it is in the file's name.
    pub at: Option<Spot>,
}

/// A part of a file that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotRead {
    /// Its name, where it is a file within the file: what is found in that is masked.
    pub name: Option<String>,
    /// Why.
    pub why: Why,
}

impl Looked {
    /// What is found in a file with this name, of which this was read.
    pub fn at(name: &str, read: &Result<Extracted, Why>) -> Self {
        let mut looked = Self::default();
        for finding in screen::screen(name) {
            looked.add(&finding, None);
        }
        match read {
            Err(why) => looked.unread.push(NotRead { name: None, why: *why }),
            Ok(read) => {
                for finding in screen::screen(&read.text) {
                    looked.add(&finding, Some(read));
                }
                let unread = read.unread.iter().take(SHOWN);
                looked.unread.extend(unread.map(|part| NotRead { name: part.name.as_deref().map(masked), why: Why::Refused(part.why) }));
            }
        }
        looked
    }

    fn add(&mut self, finding: &Finding, read: Option<&Extracted>) {
        *self.kinds.entry(finding.kind.code().to_owned()).or_default() += 1;
        if self.places.len() < SHOWN {
            let at = read.map(|read| place(read, finding.start));
            self.places.push(Found { kind: finding.kind.code().to_owned(), confidence: finding.confidence.code().to_owned(), at });
        }
    }

    /// How many findings there are.
    pub fn count(&self) -> usize {
        self.kinds.values().sum()
    }

    /// Why the file is withheld; none where nothing stands against it.
    pub fn held(&self) -> Option<Held> {
        match (self.kinds.is_empty(), self.unread.is_empty()) {
            (false, _) => Some(Held::Found),
            (true, false) => Some(Held::Unread),
            (true, true) => None,
        }
    }
}

/// Where a finding stands. The name of a file within may hold what is looked for.
fn place(read: &Extracted, at: usize) -> Spot {
    let spot = read.spot(at);
    Spot { within: spot.within.as_deref().map(masked), ..spot }
}

fn masked(text: &str) -> String {
    screen::masked(text).into_owned()
}

/// What was found, in place, for whoever may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// What it is.
    pub kind: screen::Kind,
    /// Where it stands.
    pub at: Spot,
    /// What stands before it, what was found, and what stands after.
    pub text: [String; 3],
}

/// What was found in a text, the first [`SHOWN`] in place.
pub fn excerpts(read: &Extracted) -> Vec<Excerpt> {
    let found = screen::screen(&read.text);
    let shown = found.iter().take(SHOWN).map(|finding| {
        let Range { start, end } = finding.span();
        let (before, after) = (&read.text[..start], &read.text[end..]);
        let from = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let to = after.char_indices().nth(AROUND).map_or(after.len(), |(at, _)| at);
        let text = [&before[from..], &read.text[start..end], &after[..to]].map(str::to_owned);
        Excerpt { kind: finding.kind, at: place(read, start), text }
    });
    shown.collect()
}

/// Looks through one file.
pub(super) fn work<'a>(cx: &'a Cx, _id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let file: Uuid = payload["file"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| Error::bad_request("error-not-json"))?;
        act::screen_file(cx, file).await
    })
}

/// Looks through what still waits, though its job should be done: one that was given up, or was never asked for, as the file is older than that there are
/// such jobs.
pub(super) fn rest<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        for file in held::left(cx.db(), INCIDENT.id, cx.now() - FRESH, PART).await? {
            if let Err(error) = act::screen_file(cx, file).await {
                tracing::warn!(%error, %file, "a file of an incident still waits to be looked through");
            }
        }
        Ok(())
    })
}
