//! Reads a pack from the texts of its files and names the file and line of anything wrong.

use std::{collections::BTreeMap, fmt};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{lines::Lines, model::Pack};
use crate::form::Form;

/// The texts of a pack's files by name: `pack.yaml`, `forms/proposal.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackSource {
    /// File name below the pack's folder, with `/` → text.
    pub files: BTreeMap<String, String>,
}

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

/// How YAML is read: strict truth values (a country code `NO` is a text), bounded depth and size.
pub(super) fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
    }
}

/// The name of the pack's main file.
pub(super) const PACK_FILE: &str = "pack.yaml";

pub(super) struct Parsed {
    pub(super) pack: Pack,
    pub(super) lines: BTreeMap<String, Lines>,
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, PackFault> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| PackFault {
        file: file.to_owned(),
        line: error.location().map_or(1, |at| u32::try_from(at.line()).unwrap_or(1)).max(1),
        path: String::new(),
        problem: error.without_snippet().to_string(),
        advice: "Correct it as docs/packs.md describes.".to_owned(),
    })
}

fn fault(file: &str, problem: &str, advice: &str) -> PackFault {
    PackFault { file: file.to_owned(), line: 1, path: String::new(), problem: problem.to_owned(), advice: advice.to_owned() }
}

impl PackSource {
    pub(super) fn parse(&self) -> Result<Parsed, Vec<PackFault>> {
        let mut faults = Vec::new();
        let mut lines = BTreeMap::new();
        let mut forms = BTreeMap::new();
        let mut pack = None;
        for (file, text) in &self.files {
            let form_name = file.strip_prefix("forms/").and_then(|name| name.strip_suffix(".yaml")).filter(|name| !name.contains('/'));
            if file == PACK_FILE {
                match parse::<Pack>(file, text) {
                    Ok(read) => pack = Some(read),
                    Err(wrong) => faults.push(wrong),
                }
            } else if let Some(name) = form_name {
                match parse::<Form>(file, text) {
                    Ok(form) => drop(forms.insert(name.to_owned(), form)),
                    Err(wrong) => faults.push(wrong),
                }
            } else {
                faults.push(fault(file, "A pack has no such file", "Keep only pack.yaml and forms/NAME.yaml in the folder."));
                continue;
            }
            lines.insert(file.clone(), Lines::read(text));
        }
        if !self.files.contains_key(PACK_FILE) {
            faults.push(fault(PACK_FILE, "The file is missing", "Add a pack.yaml to the pack's folder."));
        }
        match pack {
            Some(mut pack) if faults.is_empty() => {
                pack.forms = forms;
                Ok(Parsed { pack, lines })
            }
            _ => Err(faults),
        }
    }
}

impl Pack {
    /// Reads a pack.
    ///
    /// # Errors
    /// Every fault of meaning; of each file that cannot be read, its first fault.
    pub fn load(source: &PackSource) -> Result<Self, Vec<PackFault>> {
        let parsed = source.parse()?;
        let faults = super::faults::find(&parsed);
        if faults.is_empty() { Ok(parsed.pack) } else { Err(faults) }
    }
}

/// Checks a pack and counts what it holds, for `vouchsafe rules check-pack`.
///
/// # Errors
/// The same faults as [`Pack::load`].
pub fn check_json(source: &PackSource) -> Result<Value, Vec<PackFault>> {
    let pack = Pack::load(source)?;
    let forms: serde_json::Map<String, Value> = pack
        .forms
        .iter()
        .map(|(name, form)| {
            let questions: usize =
                form.sections.iter().flat_map(|section| &section.questions).map(|question| 1 + question.questions.len()).sum();
            (name.clone(), json!({"sections": form.sections.len(), "questions": questions}))
        })
        .collect();
    Ok(json!({
        "pack": pack.pack,
        "edition": pack.edition,
        "status": pack.source.status,
        "obligations": pack.obligations.len(),
        "clauses": pack.clauses.len(),
        "examples": pack.examples.len(),
        "thresholds": pack.thresholds.len(),
        "risk_methods": pack.risk_methods.len(),
        "control_sets": pack.control_sets.len(),
        "review_intervals": pack.review_intervals.len(),
        "screening_standards": pack.screening_standards.len(),
        "decision_levels": pack.decision_levels.len(),
        "urgent_approval": pack.urgent_approval.is_some(),
        "incidents": pack.incidents.is_some(),
        "countries": pack.countries.len(),
        "forms": forms,
    }))
}
