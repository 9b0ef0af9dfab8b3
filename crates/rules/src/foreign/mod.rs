//! Questionnaires of others as forms of ours: question sets of a public marketplace (questions and manifests), VSAQ questionnaires, OSCAL
//! catalogs, and lists of requirement nodes. Types, options, conditions and limits are kept; what cannot be is a [`Fault`] with its file and
//! line, never left out without a word. What is no part of a form (how a buyer searches, what an assessor passes) is a [`Note`].

mod bundle;
mod catalog;
mod expression;
mod marketplace;
mod nodes;
mod outline;
#[cfg(test)]
mod tests;
mod text;
mod vsaq;

use std::fmt;

pub use bundle::{About, Refused, bundle, yaml};

use serde_json::{Map, Value};

use crate::form::Form;
use text::Names;

pub use text::id;

/// The largest file that is read, in bytes.
pub const MOST_BYTES: usize = 16 << 20;

/// A file of a questionnaire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name, as faults call it.
    pub file: String,
    /// What is in it.
    pub text: String,
}

/// Something that cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub problem: String,
}

/// Something that is no part of a form, and stays behind.
pub type Note = Fault;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}

/// What came of a questionnaire.
#[derive(Debug)]
pub struct Converted {
    /// The form.
    pub form: Form,
    /// What stays behind.
    pub notes: Vec<Note>,
}

/// A file while it is read: parsed, with what is wrong so far.
struct Reading<'a> {
    source: &'a Source,
    faults: Vec<Fault>,
    notes: Vec<Note>,
    names: Names,
}

impl<'a> Reading<'a> {
    fn new(source: &'a Source) -> Self {
        Self { source, faults: Vec::new(), notes: Vec::new(), names: Names::default() }
    }

    /// The line on which something of this name begins: what stands under a path that ends with it, else where it first stands as a text.
    fn line(&self, name: &str) -> usize {
        let text = &self.source.text;
        let literal = serde_json::to_string(name).unwrap_or_default();
        // Long texts are looked for by their beginning: they may be escaped otherwise further on.
        let literal = if name.chars().count() > 60 { literal.chars().take(60).collect() } else { literal };
        let found = text.find(&format!("/{name}\":")).or_else(|| text.find(&literal));
        found.map_or(1, |at| 1 + text.get(..at).map_or(0, |before| before.matches('\n').count()))
    }

    fn fault(&mut self, near: &str, problem: impl Into<String>) {
        let fault = Fault { file: self.source.file.clone(), line: self.line(near), problem: problem.into() };
        self.faults.push(fault);
    }

    fn note(&mut self, near: &str, problem: impl Into<String>) {
        let note = Fault { file: self.source.file.clone(), line: self.line(near), problem: problem.into() };
        self.notes.push(note);
    }

    /// Keys that this reader does not know: whatever they say would be lost.
    fn known(&mut self, near: &str, map: &Map<String, Value>, keys: &[&str]) {
        for key in map.keys().filter(|key| !keys.contains(&key.as_str())) {
            self.fault(near, format!("`{near}` has `{key}`, which this reader does not know. Take it out, or say it in another way."));
        }
    }
}

/// Reads one questionnaire: one file, or the questions and the manifests of a marketplace together. `name` is the form's id, `title` its
/// heading where the file gives none.
///
/// # Errors
/// Every part that cannot be kept; of a file that is no JSON, where that breaks off.
pub fn convert(name: &str, title: Option<&str>, sources: &[Source]) -> Result<Converted, Vec<Fault>> {
    let mut read = Vec::new();
    for source in sources {
        read.push((source, parse(source).map_err(|fault| vec![fault])?));
    }
    let of = |shape: fn(&Value) -> bool| read.iter().find(|(_, value)| shape(value));
    let refused = |source: &Source, problem: &str| vec![Fault { file: source.file.clone(), line: 1, problem: problem.to_owned() }];
    match (read.as_slice(), of(marketplace::is_questions), of(marketplace::is_manifests)) {
        ([], ..) => Err(vec![Fault { file: String::new(), line: 1, problem: "There is no file to read".to_owned() }]),
        ([_, _], Some((questions, q)), Some((manifests, m))) => marketplace::convert(name, title, (questions, q), (manifests, m)),
        ([(one, value)], None, None) => {
            if value.get("questionnaire").is_some() {
                vsaq::convert(name, title, one, value)
            } else if value.get("catalog").is_some() {
                catalog::convert(name, title, one, value)
            } else if value.get("nodes").is_some() {
                nodes::convert(name, title, one, value)
            } else {
                Err(refused(one, "This is no questionnaire that can be read: a VSAQ questionnaire, an OSCAL catalog, or a list of nodes"))
            }
        }
        ([(one, _)], Some(_), _) => {
            Err(refused(one, "These are questions. Give the file of their manifests too, which says what stands in which section"))
        }
        ([(one, _)], _, Some(_)) => Err(refused(one, "These are manifests. Give the file of their questions too")),
        ([_, (second, _), ..], ..) => {
            Err(refused(second, "This file does not belong to the one before. Import one questionnaire at a time"))
        }
    }
}

/// The JSON of a file. Lines of comments (`//`) at its top are passed over.
fn parse(source: &Source) -> Result<Value, Fault> {
    let fault = |line: usize, problem: String| Fault { file: source.file.clone(), line, problem };
    if source.text.len() > MOST_BYTES {
        return Err(fault(1, format!("The file has more than {} MiB", MOST_BYTES >> 20)));
    }
    let mut skipped = 0;
    let mut rest = source.text.trim_start_matches('\u{feff}');
    loop {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if rest.is_empty() || !(line.trim().is_empty() || line.trim_start().starts_with("//")) {
            break;
        }
        skipped += 1;
        rest = after;
    }
    serde_json::from_str(rest).map_err(|error| {
        let says = error.to_string();
        let what = says.split(" at line ").next().unwrap_or_default();
        fault(
            skipped + error.line().max(1),
            format!("The file is not well-formed JSON at column {}: {what}. Correct it and import it again", error.column()),
        )
    })
}

/// The form, unless something was lost.
fn done(reading: Reading<'_>, form: Form) -> Result<Converted, Vec<Fault>> {
    let Reading { mut faults, mut notes, .. } = reading;
    if form.sections.is_empty() && faults.is_empty() {
        faults.push(Fault { file: String::new(), line: 1, problem: "The questionnaire asks nothing".to_owned() });
    }
    faults.sort();
    faults.dedup();
    notes.sort();
    notes.dedup();
    if faults.is_empty() { Ok(Converted { form, notes }) } else { Err(faults) }
}

/// A form with these sections.
fn form(name: &str, title: String, sections: Vec<crate::form::Section>) -> Form {
    let questions: usize = sections.iter().map(|section| section.questions.len()).sum();
    Form {
        form: name.to_owned(),
        title,
        intro: String::new(),
        // A minute and a half a question: whoever keeps the pack knows better.
        minutes: u32::try_from(questions * 3 / 2).unwrap_or(u32::MAX).max(1),
        have_ready: Vec::new(),
        marking: None,
        read_by: String::new(),
        after: String::new(),
        source: vec!["OWN".to_owned()],
        sections,
    }
}

/// A text member.
fn said<'v>(map: &'v Map<String, Value>, key: &str) -> Option<&'v str> {
    map.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}
