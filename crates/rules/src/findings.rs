//! Lists of findings, as an auditor hands them over: work abroad that nobody was informed of, or that began unapproved (OFF-9b).
//!
//! A row says under which contract who did what, in which country, since when, when it was noticed, and which failing it is; where it leaves the
//! failing open, [`crate::breach`] judges it by the days that it gives. A file may be CSV with a heading, a JSON document, or JSON line by line.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::breach::{self, Facts};
use crate::country::Country;
use crate::decision::Outcome as _;
use crate::entries::{self, BadFile, Entries, text};

#[cfg(test)]
mod tests;

/// The most rows of one file.
const MOST: usize = 5_000;
/// The longest number of a row, and the longest name of a contract or a party.
const NAME: usize = 300;
/// The longest name of the work.
const WORK: usize = 200;
/// The longest text of what happened, or of what was done about it.
const LONGEST: usize = 7_000;

/// What a contract may be headed: a heading must have it.
const CONTRACT: [&str; 3] = ["contract", "contract_reference", "ocid"];

/// One row of a file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands: the number of its line, from 1; in a JSON document the number of the entry.
    pub line: usize,
    /// The row's own id, where it has one.
    pub id: Option<String>,
    /// What it says, or everything that must be mended first.
    pub said: Result<Reported, Vec<Fault>>,
}

/// Something wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, by code: a message's id without `findings-fault-`.
    pub code: &'static str,
    /// The column that it is about.
    pub column: &'static str,
}

/// A finding as a row reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The contract: the authority's reference of it, or its Open Contracting id.
    pub contract: String,
    /// The party that did it, by name or id.
    pub party: String,
    /// Its tier, which tells places of one party apart.
    pub tier: Option<u32>,
    /// What the work is.
    pub work: String,
    /// Where.
    pub country: Option<Country>,
    /// The failing, as said or as judged by the days.
    pub finding: breach::Finding,
    /// Whether the days decided which failing it is.
    pub judged: bool,
    /// Since when the work is done.
    pub began: Date,
    /// When the authority was informed of it.
    pub informed: Option<Date>,
    /// The first day on which an approval covered it.
    pub approved: Option<Date>,
    /// When it was noticed.
    pub noticed: Option<Date>,
    /// What happened.
    pub facts: Option<String>,
    /// What was done so that it does no more harm.
    pub containment: Option<String>,
}

impl Reported {
    /// A digest of all that the row says, in hexadecimal: the same for the same row however it is ordered or written.
    pub fn digest(&self) -> String {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let fields = [
            folded(&self.contract),
            folded(&self.party),
            self.tier.map(|tier| tier.to_string()).unwrap_or_default(),
            folded(&self.work),
            self.country.map(|country| country.code().to_owned()).unwrap_or_default(),
            self.finding.code().to_owned(),
            self.began.to_string(),
            day(self.informed),
            day(self.approved),
            day(self.noticed),
            self.facts.clone().unwrap_or_default(),
            self.containment.clone().unwrap_or_default(),
        ];
        digest(&fields.join("\u{1f}"))
    }
}

/// What a finding is known by when it comes again: its own id within the list `source`, else all that it says.
pub fn key(source: &str, id: Option<&str>, reported: &Reported) -> String {
    match id {
        Some(id) => digest(&format!("id\u{1f}{}\u{1f}{}", folded(source), folded(id))),
        None => digest(&format!("row\u{1f}{}", reported.digest())),
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Reads a file: what a [`BadFile`] says ends a message's id that begins with `findings-file-`.
///
/// # Errors
/// [`BadFile`] when it is no text, holds nothing or too much, or is none of the three forms.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, BadFile> {
    let mut rows: Vec<Row> = match entries::read(bytes, &CONTRACT)? {
        // A document may wrap its list.
        Entries::Document(all) => {
            let wrapped = match all.as_slice() {
                [one] => ["findings", "breaches"].iter().find_map(|name| one.get(*name)?.as_array().cloned()),
                _ => None,
            };
            wrapped.unwrap_or(all).iter().enumerate().map(|(at, value)| row(at + 1, Some(value))).collect()
        }
        Entries::Lines(all) => all.iter().map(|(number, value)| row(*number, value.as_ref())).collect(),
    };
    match rows.len() {
        0 => return Err(BadFile::whole("empty")),
        n if n > MOST => return Err(BadFile::whole("too-many")),
        _ => {}
    }
    twice(&mut rows);
    Ok(rows)
}

/// Two rows that differ under one id: nobody can say which of them holds. The same row again is one.
fn twice(rows: &mut [Row]) {
    let ids: Vec<Option<String>> = rows.iter().map(|row| row.id.as_deref().map(folded)).collect();
    let said: Vec<Option<String>> = rows.iter().map(|row| row.said.as_ref().ok().map(Reported::digest)).collect();
    let mut first = std::collections::BTreeMap::new();
    for (at, id) in ids.iter().enumerate() {
        let Some(id) = id else { continue };
        let known = *first.entry(id.as_str()).or_insert(at);
        if known != at && said[known] != said[at] && rows[at].said.is_ok() {
            rows[at].said = Err(vec![Fault { code: "id-twice", column: "id" }]);
        }
    }
}

fn row(line: usize, value: Option<&Value>) -> Row {
    let whole = |code| Row { line, id: None, said: Err(vec![Fault { code, column: "row" }]) };
    let Some(value) = value else { return whole("broken") };
    let Some(fields) = value.as_object() else { return whole("no-entry") };
    let id = text(fields, &["id", "finding_id", "number", "ref"]);
    let mut faults = Vec::new();
    let said = said(fields, id.as_deref(), &mut faults);
    Row { line, id, said: said.filter(|_| faults.is_empty()).ok_or(faults) }
}

/// What a row says, its faults beside it; none where something is lacking without which it says nothing.
fn said(fields: &Map<String, Value>, id: Option<&str>, faults: &mut Vec<Fault>) -> Option<Reported> {
    let of = |names: &[&str]| text(fields, names);
    let mut fault = |code, column| faults.push(Fault { code, column });
    let contract = of(&CONTRACT);
    let party = of(&["party", "supplier", "done_by", "organisation"]);
    let work = of(&["work", "what", "title", "what_work"]);
    for (found, column) in [(&contract, "contract"), (&party, "party"), (&work, "work")] {
        if found.is_none() {
            fault("missing", column);
        }
    }
    let facts = of(&["facts", "what_happened", "description"]);
    let containment = of(&["containment", "what_was_done"]);
    let id = id.map(str::to_owned);
    let lengths = [(&id, NAME, "id"), (&contract, NAME, "contract"), (&party, NAME, "party"), (&work, WORK, "work")];
    for (found, most, column) in lengths.into_iter().chain([(&facts, LONGEST, "facts"), (&containment, LONGEST, "containment")]) {
        if found.as_ref().is_some_and(|text| text.chars().count() > most) {
            fault("too-long", column);
        }
    }
    let tier = of(&["tier"]);
    let read_tier = tier.as_ref().and_then(|tier| tier.parse().ok()).filter(|tier| (1..=20).contains(tier));
    if tier.is_some() && read_tier.is_none() {
        fault("tier", "tier");
    }
    let named = of(&["country", "where"]);
    let country = named.as_ref().and_then(|name| Country::resolve(name).ok());
    if named.is_some() && country.is_none() {
        fault("country", "country");
    }
    let mut day = |names: &[&str], column: &'static str| {
        let written = of(names)?;
        let read = written.get(..10).filter(|_| written.len() == 10 || written.as_bytes().get(10) == Some(&b'T'));
        let read = read.and_then(|day| day.parse::<Date>().ok());
        if read.is_none() {
            faults.push(Fault { code: "date", column });
        }
        read
    };
    let began = day(&["began", "since", "started", "started_on"], "began");
    let informed = day(&["informed", "informed_on"], "informed");
    let approved = day(&["approved", "approved_on"], "approved");
    let noticed = day(&["noticed", "noticed_on", "found_on"], "noticed");
    if began.is_none() && faults.iter().all(|fault| fault.column != "began") {
        faults.push(Fault { code: "missing", column: "began" });
    }
    let finding = of(&["finding", "kind", "kind_of_finding"]).map(|said| said.to_lowercase().replace([' ', '-'], "_"));
    let began = began?;
    let judged = || breach::judge(&Facts { began, informed, approved }).outcome;
    let (finding, by_days) = match finding.as_deref() {
        None | Some("judge" | "to_be_judged" | "unknown" | "not_known" | "?") => (judged(), true),
        Some("not_informed") => (breach::Finding::NotInformed, false),
        Some("started_unapproved" | "unapproved") => (breach::Finding::StartedUnapproved, false),
        Some(_) => {
            faults.push(Fault { code: "finding", column: "finding" });
            return None;
        }
    };
    if finding == breach::Finding::Nothing {
        faults.push(Fault { code: "approved", column: "approved" });
    }
    Some(Reported {
        contract: contract?,
        party: party?,
        tier: read_tier,
        work: work?,
        country,
        finding,
        judged: by_days,
        began,
        informed,
        approved,
        noticed,
        facts,
        containment,
    })
}
