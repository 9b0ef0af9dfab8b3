//! `vouchsafe rules …`: decisions without a database. One JSON document on standard output and exit code 0; on bad input exit code 2 and a
//! message on standard error that names the place of the fault.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use rules::decision::Render;
use rules::offshoring::{BadInput, Facts, decide};

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
}

/// Runs the command: reads from the file named or from `input`, prints to `out` and `err`, and returns the exit code. `render` puts the
/// reasons into words.
pub(crate) fn run(command: &RulesCommand, input: &mut dyn Read, out: &mut dyn Write, err: &mut dyn Write, render: &Render<'_>) -> u8 {
    let document = match command {
        RulesCommand::Offshoring { facts } => offshoring(facts, input, render),
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

fn offshoring(path: &Path, input: &mut dyn Read, render: &Render<'_>) -> Result<serde_json::Value, String> {
    let text = read(path, input)?;
    let facts = Facts::from_json(&text).map_err(|fault| format!("{}: {fault}", path.display()))?;
    Ok(decide(&facts).to_json(render))
}

fn read(path: &Path, input: &mut dyn Read) -> Result<String, String> {
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
    String::from_utf8(bytes).map_err(|error| at(&BadInput::new("$", &error.to_string())))
}
