//! Data about people in what a report says in free text (SEC-25): where it stands, and the document without it; pure.

use std::collections::BTreeMap;
use std::ops::Range;

use platform::random;
use rules::form::{FrozenAnswer, FrozenDocument, QuestionType};
use rules::screen::{self, Finding};
use serde_json::Value;

/// The questions that ask for somebody to turn to: what stands there is asked for.
const ASKED_FOR: [&str; 3] = ["reach_me", "completed_by", "contract_director"];

/// A text in which something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Which answer: `what_happened`, `timeline.2.what`, as sealed answers are named.
    pub path: String,
    /// The section of its question.
    pub section: String,
    /// The question.
    pub label: String,
    /// What was answered.
    pub text: String,
    /// What was found in it, in the order in which it stands there.
    pub found: Vec<Finding>,
}

impl Passage {
    /// SHA-256 of the text, in hexadecimal: what was said of it holds for no other.
    pub fn digest(&self) -> String {
        digest(&self.text)
    }

    /// The text without what was found.
    pub fn masked(&self) -> String {
        screen::mask(&self.text, self.found.iter().map(Finding::span))
    }

    /// The text in parts, each with what it is found to be, if anything; where several overlap, what begins first.
    pub fn parts(&self) -> Vec<(&str, Option<screen::Kind>)> {
        let (mut parts, mut at) = (Vec::new(), 0);
        for finding in &self.found {
            let Range { start, end } = finding.span();
            if start < at {
                continue;
            }
            parts.extend((start > at).then(|| (&self.text[at..start], None)));
            parts.push((&self.text[start..end], Some(finding.kind)));
            at = end;
        }
        parts.extend((at < self.text.len()).then(|| (&self.text[at..], None)));
        parts
    }
}

fn digest(text: &str) -> String {
    hex::encode(random::digest(text.as_bytes()))
}

/// Whether what stands in an answer is looked at: free text that is not sealed anyway.
fn looked_at(answer: &FrozenAnswer) -> bool {
    matches!(answer.kind, QuestionType::Text | QuestionType::LongText) && !answer.sensitive && !ASKED_FOR.contains(&answer.id.as_str())
}

/// Every free text of a document in which something is found.
pub fn passages(document: &FrozenDocument) -> Vec<Passage> {
    let mut all = Vec::new();
    for section in &document.sections {
        for answer in &section.answers {
            let entries = answer.entries.iter().enumerate().filter(|_| !answer.sensitive);
            let inner = entries.flat_map(|(n, entry)| entry.iter().map(move |one| (format!("{}.{n}.{}", answer.id, one.id), one)));
            for (path, one) in std::iter::once((answer.id.clone(), answer)).chain(inner) {
                let Some(text) = one.value.as_str().filter(|_| looked_at(one)) else { continue };
                let found = screen::screen(text);
                if !found.is_empty() {
                    all.push(Passage { path, section: section.id.clone(), label: one.label.clone(), text: text.to_owned(), found });
                }
            }
        }
    }
    all
}

/// The answer at a path, as [`Passage::path`] names it.
fn at<'a>(document: &'a mut FrozenDocument, path: &str) -> Option<&'a mut FrozenAnswer> {
    let mut answers = document.sections.iter_mut().flat_map(|section| &mut section.answers);
    let Some((group, rest)) = path.split_once('.') else { return answers.find(|answer| answer.id == path) };
    let (entry, inner) = rest.split_once('.')?;
    let group = answers.find(|answer| answer.id == group)?;
    group.entries.get_mut(entry.parse::<usize>().ok()?)?.iter_mut().find(|answer| answer.id == inner)
}

/// Masks what was found in one text of a document.
pub fn mask(document: &mut FrozenDocument, passage: &Passage) {
    put(document, &passage.path, passage.masked());
}

/// Puts another text in the place of the one at `path`.
pub fn put(document: &mut FrozenDocument, path: &str, text: String) {
    if let Some(answer) = at(document, path) {
        answer.value = Value::String(text);
    }
}

/// The document without the sections in which nothing is answered: a report that was sent at night has many.
pub fn answered(mut document: FrozenDocument) -> FrozenDocument {
    document.sections.retain(|section| section.answers.iter().any(|answer| !answer.value.is_null() || !answer.entries.is_empty()));
    document
}

/// The document without what tells who it was that told the authority: those answers are sealed.
pub fn anonymous(mut document: FrozenDocument) -> FrozenDocument {
    for id in ASKED_FOR {
        if let Some(answer) = at(&mut document, id) {
            answer.sensitive = true;
        }
    }
    document
}

/// The document as it may be shown: what is found is masked; a text that is declared essential is sealed whole instead, for whoever may ask for it.
/// `essential` has the digests of such texts by path.
pub fn withheld(mut document: FrozenDocument, essential: &BTreeMap<String, String>) -> FrozenDocument {
    let all: BTreeMap<String, Passage> = passages(&document).into_iter().map(|passage| (passage.path.clone(), passage)).collect();
    for (path, passage) in &all {
        if essential.get(path).is_none_or(|digest| *digest != passage.digest()) {
            mask(&mut document, passage);
        } else if let Some(answer) = at(&mut document, path) {
            answer.sensitive = true;
        }
    }
    document
}
