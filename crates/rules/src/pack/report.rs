//! A fault of a pack, and gathering the faults of one of its files: where it stands, ids, sources, conditions.

use std::{collections::BTreeSet, fmt};

use serde::Serialize;
use serde_json::Value;

use super::lines::Lines;
use crate::condition::Condition;

/// Something wrong with a pack, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PackFault {
    /// The file's name below the pack's folder.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Where in the file: `obligations.3.when`.
    pub path: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub advice: String,
}

impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, path, problem, advice } = self;
        write!(f, "{file}:{line}: ")?;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        write!(f, "{problem}. {advice}")
    }
}

/// Told the path, the id referred to and the value of a condition's leaf.
type EachLeaf<'e, R> = dyn FnMut(&mut R, &str, &str, Option<&Value>) + 'e;

/// Gathers the faults of one file.
pub(super) struct Report<'a> {
    file: &'a str,
    lines: &'a Lines,
    faults: &'a mut Vec<PackFault>,
}

/// Lower-case words of letters and digits, joined by `_`.
pub(super) fn well_formed(id: &str) -> bool {
    let words = id.split('_').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    words && id.starts_with(|c: char| c.is_ascii_lowercase()) && id.len() <= 60
}

/// `OWN`, or a policy's prefix, `-` and a paragraph.
pub(super) fn is_source(id: &str) -> bool {
    let upper = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase());
    let paragraph = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    id == "OWN" || id.split_once('-').is_some_and(|(prefix, rest)| upper(prefix) && paragraph(rest))
}

impl<'a> Report<'a> {
    /// For one file of a pack, whose faults join `faults`.
    pub(super) const fn new(file: &'a str, lines: &'a Lines, faults: &'a mut Vec<PackFault>) -> Self {
        Self { file, lines, faults }
    }

    pub(super) fn fault(&mut self, path: &str, problem: impl Into<String>, advice: impl Into<String>) {
        self.faults.push(PackFault {
            file: self.file.to_owned(),
            line: self.lines.of(path),
            path: path.to_owned(),
            problem: problem.into(),
            advice: advice.into(),
        });
    }

    /// Ids of one list: well formed and used once.
    pub(super) fn ids<'i>(&mut self, list: &str, ids: impl IntoIterator<Item = &'i str>) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.into_iter().enumerate() {
            self.id(&format!("{list}.{index}.id"), id);
            if !seen.insert(id) {
                self.fault(
                    &format!("{list}.{index}.id"),
                    format!("The id `{id}` is used twice"),
                    "Give each entry of the list an id of its own.",
                );
            }
        }
    }

    pub(super) fn id(&mut self, path: &str, id: &str) {
        if !well_formed(id) {
            self.fault(path, format!("`{id}` is not an id"), "Use lower-case words joined by `_`, starting with a letter.");
        }
    }

    pub(super) fn source(&mut self, path: &str, source: &[String]) {
        if source.is_empty() {
            self.fault(path, "The source is missing", "Name the paragraphs that it restates, or OWN: `source: [OFF-1]`.");
        }
        self.source_ids(path, source);
    }

    pub(super) fn source_ids(&mut self, path: &str, source: &[String]) {
        for (index, id) in source.iter().enumerate().filter(|(_, id)| !is_source(id)) {
            let at = format!("{path}.source.{index}");
            self.fault(
                &at,
                format!("`{id}` is not a paragraph's id"),
                "Write it as in docs/generated/requirements.md: OFF-9b, SEC-24, OWN.",
            );
        }
    }

    pub(super) fn known<'i>(&mut self, path: &str, what: &str, id: &str, mut known: impl Iterator<Item = &'i str>, list: &str) {
        if !known.any(|other| other == id) {
            self.fault(path, format!("There is no {what} `{id}`"), format!("Add it to `{list}`, or correct the id."));
        }
    }

    /// Calls `each` with the path, the id referred to and the value of every leaf of a condition.
    pub(super) fn leaves(&mut self, path: &str, condition: &Condition, each: &mut EachLeaf<'_, Self>) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let name = if matches!(condition, Condition::All(_)) { "all" } else { "any" };
                if parts.is_empty() {
                    self.fault(path, format!("`{name}` is empty"), "Give it at least one condition, or leave the condition out.");
                }
                for (index, part) in parts.iter().enumerate() {
                    self.leaves(&format!("{path}.{name}.{index}"), part, each);
                }
            }
            Condition::Not(part) => self.leaves(&format!("{path}.not"), part, each),
            Condition::Equals(wants) => each(self, &format!("{path}.equals"), &wants.question, Some(&wants.value)),
            Condition::Includes(wants) => each(self, &format!("{path}.includes"), &wants.question, Some(&wants.value)),
            Condition::Answered(id) => each(self, &format!("{path}.answered"), id, None),
            Condition::Compare(wants) => each(self, &format!("{path}.compare"), &wants.question, Some(&wants.value)),
        }
    }
}
