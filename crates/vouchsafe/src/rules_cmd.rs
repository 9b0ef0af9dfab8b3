//! `vouchsafe rules …`: decisions without a database. One JSON document on standard output and exit code 0; on bad input exit code 2 and a
//! message on standard error that names the place of the fault. `screen` alone prints a line a finding, and goes on with the next file.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use rules::decision::Render;
use rules::input::BadInput;
use rules::pack::{PackFault, PackSource};
use rules::{authority_data, incident, offshoring};

mod screen;

#[cfg(test)]
mod tests;

/// The document was printed.
pub(crate) const DONE: u8 = 0;
/// Standard output could not be written.
pub(crate) const STOPPED: u8 = 1;
/// The input is at fault, or cannot be read.
pub(crate) const BAD_INPUT: u8 = 2;

/// Most bytes of facts that are read.
const LIMIT: u64 = 16 * 1024 * 1024;

const OFFSHORING_HELP: &str = r#"The facts are a JSON document:
  {"home": "GB", "activities": [{"kind": "hosting", "country": "IN", "authority_information": true}]}

home      the home country, or a list of home territories: ISO 3166-1 codes or names
kind      hosting, access, development, support, diagnostics, service or landed_staff
also      personal_data, and staff with foreign_nationals, brought_to_home,
          resident_at_home_already and access_to_information

A fact that is absent or null is not known.
Exit codes: 0 decided; 1 output could not be written; 2 bad input, with its JSON path on standard error."#;

const INCIDENT_HELP: &str = r#"The facts are a JSON document:
  {"asset_involved": true, "actions": ["lost"], "whereabouts": "unknown"}

asset_involved     whether something of the authority's was involved: true or false
asset_kind         physical, information or other
attempt            none, failed or succeeded: whether somebody tried on purpose
loss               a list of confidentiality, availability and integrity
process_breakdown  whether systems or processes broke down
exposed            whether data became, or could have become, exposed outside
whereabouts        in_secure_facility, unknown or outside: where the item is that was lost
backup_usable      whether what is gone can be restored from a usable back-up
actions            a list of disclosed, accessed_without_reason, modified, stolen, lost, process_failure,
                   damaged, dishonesty_suspected, malware and fault
systemic           whether the cause lies in the system; if not, in awareness

A fact that is absent or null is not known. An empty list is known to be empty. The answer's outcome is incident, not_incident or
undetermined; missing names the facts that could change it. The tests advise; the authority decides.
Exit codes: 0 decided; 1 output could not be written; 2 bad input, with its JSON path on standard error."#;

const AUTHORITY_DATA_HELP: &str = r#"The facts are a JSON document about one piece of information:
  {"received_from_authority": false, "held_because_of_contract": true, "medium": "paper"}

received_from_authority        whether you received it from the authority: true or false
received_for_authority         whether you received it from others on the authority's behalf
made_because_of_contract       whether you made it because of the contract
processed_because_of_contract  whether you process it because of the contract
held_because_of_contract       whether you hold it because of the contract
passed_on_because_of_contract  whether you pass it on because of the contract
personal_data                  whether it is data about people
authority_controls             whether the authority is the controller of it
medium                         electronic, paper, spoken or other: never changes the answer

A fact that is absent or null is not known. The answer's outcome is authority_data, not_authority_data or undetermined; missing names
the facts that could change it. Until the answer is known, treat the information as authority data.
Exit codes: 0 decided; 1 output could not be written; 2 bad input, with its JSON path on standard error."#;

const PACK_HELP: &str = "Examples:
  vouchsafe rules check-pack packs/offshoring
  vouchsafe rules check-pack packs/offshoring/pack.yaml

Faults are unknown keys, dangling ids, cycles of conditions, missing sources. Each is one line on standard error: file, line, what is wrong, what
to do. Exit codes: 0 no fault; 1 output could not be written; 2 faults, or the pack cannot be read.";

/// Decide from facts, with reasons. Needs no database.
#[derive(Debug, Clone, PartialEq, Eq, clap::Subcommand)]
pub(crate) enum RulesCommand {
    /// Say whether activities are offshoring, why, and which missing facts could change the answer.
    #[command(after_help = OFFSHORING_HELP)]
    Offshoring {
        /// File with the facts, or - for standard input.
        #[arg(value_name = "FACTS.json")]
        facts: PathBuf,
    },
    /// Say whether something is a security incident, of which kinds, why, and which missing facts could change the answer.
    #[command(after_help = INCIDENT_HELP)]
    Incident {
        /// File with the facts, or - for standard input.
        #[arg(value_name = "FACTS.json")]
        facts: PathBuf,
    },
    /// Say whether a piece of information is authority data, why, and which missing facts could change the answer.
    #[command(after_help = AUTHORITY_DATA_HELP)]
    AuthorityData {
        /// File with the facts, or - for standard input.
        #[arg(value_name = "FACTS.json")]
        facts: PathBuf,
    },
    /// Check a policy pack, and count what it holds.
    #[command(after_help = PACK_HELP)]
    CheckPack {
        /// The pack's folder, its pack.yaml, or one of its forms.
        #[arg(value_name = "PATH")]
        path: PathBuf,
    },
    /// Find data about people in files: what it is and where it stands, never the value.
    #[command(after_help = screen::HELP)]
    Screen {
        /// Files, or - for standard input.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

/// Runs the command: reads from the file named or from `input`, prints to `out` and `err`, and returns the exit code. `render` puts the
/// reasons into words.
pub(crate) fn run(command: &RulesCommand, input: &mut dyn Read, out: &mut dyn Write, err: &mut dyn Write, render: &Render<'_>) -> u8 {
    let document = match command {
        RulesCommand::Offshoring { facts } => {
            read(facts, input, offshoring::Facts::from_json).map(|facts| offshoring::decide(&facts).to_json(render))
        }
        RulesCommand::Incident { facts } => {
            read(facts, input, incident::Facts::from_json).map(|facts| incident::decide(&facts).to_json(render))
        }
        RulesCommand::AuthorityData { facts } => {
            read(facts, input, authority_data::Facts::from_json).map(|facts| authority_data::decide(&facts).to_json(render))
        }
        RulesCommand::CheckPack { path } => check_pack(path),
        RulesCommand::Screen { files } => return screen::run(files, input, out, err),
    };
    match document {
        Ok(document) => match writeln!(out, "{document:#}").and_then(|()| out.flush()) {
            Ok(()) => DONE,
            Err(_) => STOPPED,
        },
        Err(message) => {
            // Where standard error is closed as well, the exit code still tells.
            let _ = writeln!(err, "{message}");
            BAD_INPUT
        }
    }
}

/// Checks the pack at `path`: its folder, its main file by whatever name, or one of its forms.
fn check_pack(path: &Path) -> Result<serde_json::Value, String> {
    let beside = |path: &Path| path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    let folder = if path.is_dir() { path.to_owned() } else { beside(path) };
    if !path.is_dir() && folder.file_name() == Some("forms".as_ref()) && beside(&folder).join(MAIN).is_file() {
        return faults_of(&beside(&folder), MAIN, &pack_source(&beside(&folder))?);
    }
    match path.file_name().and_then(|name| name.to_str()).filter(|name| !path.is_dir() && *name != MAIN) {
        None => faults_of(&folder, MAIN, &pack_source(&folder)?),
        Some(name) => {
            let mut source = PackSource::default();
            source.files.insert(MAIN.to_owned(), text_of(path)?);
            texts_in(&folder.join("forms"), "forms/", &mut source)?;
            faults_of(&folder, name, &source)
        }
    }
}

/// The name of a pack's main file.
const MAIN: &str = "pack.yaml";

/// The count of what a pack holds, or its faults, a line each. `main` is the name that its main file has in `folder`.
fn faults_of(folder: &Path, main: &str, source: &PackSource) -> Result<serde_json::Value, String> {
    rules::pack::check_json(source).map_err(|faults| {
        let lines = faults.into_iter().map(|fault| {
            let file = if fault.file == MAIN { main.to_owned() } else { fault.file.clone() };
            folder.join(PackFault { file, ..fault }.to_string()).display().to_string()
        });
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// The texts of a pack's files.
pub(crate) fn pack_source(folder: &Path) -> Result<PackSource, String> {
    let mut source = PackSource::default();
    // A folder that is not there is told of; a pack may have no forms.
    std::fs::read_dir(folder).map_err(|error| format!("{}:1: {error}", folder.display()))?;
    texts_in(folder, "", &mut source)?;
    texts_in(&folder.join("forms"), "forms/", &mut source)?;
    Ok(source)
}

/// Adds the texts of the files in `folder`, if there is one.
fn texts_in(folder: &Path, prefix: &str, source: &mut PackSource) -> Result<(), String> {
    if !folder.is_dir() {
        return Ok(());
    }
    let cannot = |error: std::io::Error| format!("{}:1: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let path = entry.path();
        let Ok(name) = entry.file_name().into_string() else {
            return Err(format!("{}:1: the file's name is not valid UTF-8. Rename it", path.display()));
        };
        if path.is_file() {
            source.files.insert(format!("{prefix}{name}"), text_of(&path)?);
        }
    }
    Ok(())
}

/// The text of one file of a pack.
pub(crate) fn text_of(path: &Path) -> Result<String, String> {
    let at = |line: usize, problem: &dyn std::fmt::Display| format!("{}:{line}: {problem}", path.display());
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes));
    file.map_err(|error| at(1, &error))?;
    if bytes.len() as u64 > LIMIT {
        return Err(at(1, &format!("the file is larger than {LIMIT} bytes. Split the pack")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(good).filter(|b| **b == b'\n').count() + 1;
        at(line, &"not valid UTF-8. Save the file as UTF-8")
    })
}

/// The facts of a document, from the file named or from `input`; what is wrong with it, with its JSON path.
fn read<T>(path: &Path, input: &mut dyn Read, from_json: fn(&str) -> Result<T, BadInput>) -> Result<T, String> {
    let at = |problem: &dyn std::fmt::Display| format!("{}: {problem}", path.display());
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        input.take(LIMIT + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| at(&error))?;
    if bytes.len() as u64 > LIMIT {
        return Err(at(&BadInput::new("$", &format!("the document is larger than {LIMIT} bytes"))));
    }
    let text = String::from_utf8(bytes).map_err(|error| at(&BadInput::new("$", &error.to_string())))?;
    from_json(&text).map_err(|fault| at(&fault))
}
