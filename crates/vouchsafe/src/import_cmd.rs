//! `vouchsafe import …`.

use std::path::PathBuf;

use crate::{Common, Stop};

/// What can be imported.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum ImportCommand {
    /// Contracts published by the Open Contracting Data Standard 1.1: packages, releases one a line, API pages.
    #[command(after_help = "Example:
  vouchsafe import ocds releases-2026.jsonl --report report.jsonl

Parties, contracts and chains are made; importing the same file again changes nothing. The report has a line for each release, in order.
Exit codes: 0 every line was read (releases with faults are in quarantine, with reasons); 1 stopped.")]
    Ocds {
        /// Files to read, in order.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// Where to write the report, a JSON object a line.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}

/// Imports.
pub(crate) fn run(_common: &Common, command: &ImportCommand) -> Result<u8, Stop> {
    match command {
        ImportCommand::Ocds { .. } => Err(Stop::Failed("importing is not part of this build yet".to_owned())),
    }
}
