//! What an import is. No I/O.

use rules::ocds::{Counts, Line, Reason};
use serde::{Deserialize, Serialize};

/// The kind of runs that read releases of contracting data, and the source under which their keys are kept.
pub const OCDS: &str = "ocds";

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Read; nothing brought in.
    Staged,
    /// Being brought in: hidden so far. A run that was cut short stands here and can be applied again.
    Applying,
    /// Brought in.
    Applied,
    /// Taken back.
    Undone,
}

impl State {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Undone => "undone",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Staged, Self::Applying, Self::Applied, Self::Undone].into_iter().find(|state| state.code() == code)
    }
}

/// What became, or will become, of the lines of a run, and what it made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Lines in all.
    pub lines: u64,
    /// Releases not known before.
    pub new: u64,
    /// Releases known with other content.
    pub changed: u64,
    /// Releases known as they are.
    pub unchanged: u64,
    /// Lines kept out.
    pub quarantined: u64,
    /// Releases taken with a warning.
    pub warned: u64,
    /// Contracts entered.
    pub contracts_made: u64,
    /// Contracts changed.
    pub contracts_changed: u64,
    /// Parties entered.
    pub parties_made: u64,
    /// Contracts that an undoing left in place, because they were worked on meanwhile.
    pub left: u64,
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The contracting process, where the line names one.
    pub ocid: Option<String>,
    /// The release's id, given or derived.
    pub id: Option<String>,
    /// `imported`, `unchanged` or `quarantined`.
    pub outcome: String,
    /// Entries of its parties.
    pub parties: usize,
    /// Its suppliers.
    pub suppliers: usize,
    /// Its awards.
    pub awards: usize,
    /// Why it is kept out, and warnings: a code, a colon, a sentence.
    pub reasons: Vec<String>,
}

impl Report {
    /// The report of a line; `known` says that the same release was imported before.
    pub fn of(line: &Line, known: bool) -> Self {
        let outcome = match () {
            () if line.quarantined() => "quarantined",
            () if line.repeated || known => "unchanged",
            () => "imported",
        };
        let Counts { parties, suppliers, awards } = line.counts;
        Self {
            ocid: line.ocid.clone(),
            id: line.id.clone(),
            outcome: outcome.to_owned(),
            parties,
            suppliers,
            awards,
            reasons: line.reasons.iter().map(said).collect(),
        }
    }
}

fn said(reason: &Reason) -> String {
    let args = reason.message.args.iter().map(|(name, value)| ((*name).clone(), value.clone())).collect();
    format!("{}: {}", reason.code(), platform::texts::say(reason.message.id, &args))
}
