//! An incident with what VERIS can hold of it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use sha2::{Digest as _, Sha256};

use crate::category::Category;

/// The years that VERIS takes a date from.
pub(super) const YEARS: std::ops::RangeInclusive<i64> = 1950..=2050;

/// An incident. Names, dates and words of VERIS stand as they were written; a list without entries says that nothing was said. No text holds U+0000.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The id by which whoever recorded it knows it.
    pub id: String,
    /// Our own reference, such as `INC-2026-000001`, where the record was written by us.
    pub reference: Option<String>,
    /// Who recorded it, by their own word for themselves.
    pub source: Option<String>,
    /// Whether it is one: `Confirmed`, `Suspected`, `Near miss`, `False positive`.
    pub certainty: Option<String>,
    /// What happened.
    pub summary: Option<String>,
    /// What else is said of it.
    pub notes: Option<String>,
    /// Where it is told of, usually addresses: see [`Record::published`].
    pub published: Option<String>,
    /// Our categories as the authority decided; none where nobody did: see [`super::categories`].
    pub categories: Option<Vec<Category>>,
    /// The name of the organisation that it happened to.
    pub victim: Option<String>,
    /// The names of others that it happened to as well. In a flattened row several may stand in one text, as they were written.
    pub further_victims: Vec<String>,
    /// Where the victim is: codes of countries, or `Unknown`.
    pub countries: Vec<String>,
    /// The victim's industry, by NAICS.
    pub industry: Option<String>,
    /// How many people the victim employs, as a word of VERIS.
    pub size: Option<String>,
    /// When it happened.
    pub happened: Option<When>,
    /// How it came to be known.
    pub discovered: Vec<Discovered>,
    /// How long after it happened it came to be known.
    pub discovery_lag: Option<Span>,
    /// When those concerned, or a regulator, were told.
    pub notified: Option<When>,
    /// Who did it.
    pub actors: Vec<Actor>,
    /// What they did.
    pub actions: Vec<Action>,
    /// What it was done to.
    pub assets: Vec<Counted>,
    /// Where those are hosted.
    pub hosting: Vec<String>,
    /// Who looks after those.
    pub management: Vec<String>,
    /// Whose those are.
    pub ownership: Vec<String>,
    /// Whether those are in a cloud.
    pub cloud: Vec<String>,
    /// What became known to others.
    pub confidentiality: Option<Confidentiality>,
    /// What was changed.
    pub integrity: Vec<String>,
    /// What was out of reach.
    pub availability: Vec<String>,
}

/// A date as far as it is known, as it was written: it need not be one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The year.
    pub year: Option<i64>,
    /// The month, from 1.
    pub month: Option<i64>,
    /// The day of the month, from 1.
    pub day: Option<i64>,
    /// The time of day, as text.
    pub time: Option<String>,
}

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The year.
    Year(i16),
    /// Year and month.
    Month(i16, i8),
    /// The day.
    Day(Date),
}

impl When {
    /// How much of it makes a date: none of it where the year is none of the years that VERIS knows, no day where the month has no such day.
    pub fn known(&self) -> Option<Known> {
        let year = i16::try_from(self.year.filter(|year| YEARS.contains(year))?).ok()?;
        let Some(month) = self.month.filter(|month| (1..=12).contains(month)).and_then(|month| i8::try_from(month).ok()) else {
            return Some(Known::Year(year));
        };
        let day = self.day.and_then(|day| i8::try_from(day).ok()).and_then(|day| Date::new(year, month, day).ok());
        Some(day.map_or(Known::Month(year, month), Known::Day))
    }

    /// Whether all that is written makes a date.
    pub fn is_whole(&self) -> bool {
        let said = usize::from(self.year.is_some()) + usize::from(self.month.is_some()) + usize::from(self.day.is_some());
        let known = match self.known() {
            None => 0,
            Some(Known::Year(_)) => 1,
            Some(Known::Month(..)) => 2,
            Some(Known::Day(_)) => 3,
        };
        known == said
    }
}

/// A length of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Of what: `Hours`, `Days` and so on, or `Never`, `NA`, `Unknown`.
    pub unit: String,
    /// How many, in at most 15 digits where it is no whole number; none where only the unit is known.
    pub value: Option<Number>,
}

/// Who discovered an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Somebody outside.
    External,
    /// The victim.
    Internal,
    /// Somebody who works for the victim.
    Partner,
    /// Somebody else.
    Other,
    /// Nobody knows.
    Unknown,
}

/// How an incident came to be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discovered {
    /// By whom.
    pub by: By,
    /// How.
    pub how: Vec<String>,
}

/// A kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Somebody outside.
    External,
    /// Somebody of the victim's own.
    Internal,
    /// Somebody who works for the victim: a supplier.
    Partner,
    /// Nobody knows.
    Unknown,
}

/// Who did it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// What they are. A flattened row tells of several in one, and does not say what is said of which.
    pub who: Vec<Who>,
    /// What they are more closely.
    pub varieties: Vec<String>,
    /// Why they did it.
    pub motives: Vec<String>,
    /// What they are called; in a row of several, the partner.
    pub names: Vec<String>,
    /// Where they are; in a row of several, the partner.
    pub countries: Vec<String>,
}

/// A kind of action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Software that does harm.
    Malware,
    /// Breaking in by technical means.
    Hacking,
    /// Deceiving people.
    Social,
    /// Using what was entrusted for something else.
    Misuse,
    /// Acting on things in reach.
    Physical,
    /// Getting it wrong.
    Error,
    /// Nature, and what fails by itself.
    Environmental,
    /// Nobody knows.
    Unknown,
}

impl Kind {
    /// Every one, in the order of VERIS.
    pub const ALL: [Self; 8] =
        [Self::Malware, Self::Hacking, Self::Social, Self::Misuse, Self::Physical, Self::Error, Self::Environmental, Self::Unknown];

    /// What VERIS calls it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malware => "malware",
            Self::Hacking => "hacking",
            Self::Social => "social",
            Self::Misuse => "misuse",
            Self::Physical => "physical",
            Self::Error => "error",
            Self::Environmental => "environmental",
            Self::Unknown => "unknown",
        }
    }
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The kind.
    pub kind: Kind,
    /// What more closely.
    pub varieties: Vec<String>,
    /// By which way.
    pub vectors: Vec<String>,
    /// Who was deceived.
    pub targets: Vec<String>,
}

impl Action {
    /// An action of this kind, of which nothing more is said.
    pub fn new(kind: Kind) -> Self {
        Self { kind, varieties: Vec::new(), vectors: Vec::new(), targets: Vec::new() }
    }
}

/// How many of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Of what.
    pub variety: String,
    /// How many; none where nobody said.
    pub amount: Option<u64>,
}

/// What became known to others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confidentiality {
    /// Whether it did: `Yes`, `Potentially`, `No`, `Unknown`.
    pub disclosure: Option<String>,
    /// The types of data, each with how many records.
    pub data: Vec<Counted>,
    /// How many records in all.
    pub total: Option<u64>,
    /// Whom the data is about.
    pub subjects: Vec<String>,
    /// How the data was kept.
    pub states: Vec<String>,
}

/// A way in which something of the authority's may be lost (SEC-X1c).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Others know of it.
    Confidentiality,
    /// It is out of reach.
    Availability,
    /// It is not what it was.
    Integrity,
}

impl Loss {
    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Confidentiality => "confidentiality",
            Self::Availability => "availability",
            Self::Integrity => "integrity",
        }
    }
}

impl Record {
    /// What was lost, and how. Confidentiality is where data is said to have become known to others, or may have; not where that is denied or open.
    pub fn losses(&self) -> Vec<Loss> {
        let known = self.disclosure().is_some_and(|said| ["yes", "potentially"].contains(&said.to_lowercase().as_str()));
        let lost = [
            (Loss::Confidentiality, known),
            (Loss::Availability, !self.availability.is_empty()),
            (Loss::Integrity, !self.integrity.is_empty()),
        ];
        lost.into_iter().filter(|(_, so)| *so).map(|(loss, _)| loss).collect()
    }

    /// Whether data became known to others, as written.
    pub fn disclosure(&self) -> Option<&str> {
        self.confidentiality.as_ref()?.disclosure.as_deref()
    }

    /// The names of those who worked for the victim and did it.
    pub fn third_parties(&self) -> impl Iterator<Item = &str> {
        let partners = self.actors.iter().filter(|actor| actor.who.contains(&Who::Partner));
        partners.flat_map(|actor| actor.names.iter().map(String::as_str))
    }

    /// Where it is told of, one by one: an address begins after a semicolon where `http` follows, since addresses hold semicolons too.
    pub fn published(&self) -> Vec<&str> {
        let mut rest = self.published.as_deref().unwrap_or_default();
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(at) = rest.get(from..).and_then(|text| text.find(';')).map(|at| at + from) {
            let after = rest.get(at + 1..).unwrap_or_default();
            if after.trim_start().starts_with("http") {
                found.push(rest.get(..at).unwrap_or_default().trim());
                rest = after;
                from = 0;
            } else {
                from = at + 1;
            }
        }
        found.push(rest.trim().trim_end_matches(';'));
        found.retain(|one| !one.is_empty());
        found
    }

    /// SHA-256 of all that it says but for our own reference: the same however it was written.
    pub fn digest(&self) -> [u8; 32] {
        let said = Self { reference: None, ..self.clone() };
        // Only texts, numbers and lists: writing them to memory cannot fail.
        Sha256::digest(serde_json::to_vec(&said).unwrap_or_default()).into()
    }
}
