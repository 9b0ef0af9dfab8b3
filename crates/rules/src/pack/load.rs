//! Reads a pack from the texts of its files and names the file and line of anything wrong.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::{
    lines::{Lines, options},
    model::Pack,
    report::PackFault,
};
use crate::form::Form;

/// The texts of a pack's files by name: `pack.yaml`, `forms/proposal.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackSource {
    /// File name below the pack's folder, with `/` → text.
    pub files: BTreeMap<String, String>,
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
