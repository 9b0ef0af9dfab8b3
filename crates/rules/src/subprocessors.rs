//! Lists of sub-processors, as suppliers publish them, and what a change of one comes to (OFF-2b, OFF-3, OFF-12).
//!
//! Two shapes are read. A *list* says who is used now: name, purpose, location, product; whoever stood there before and does no more was
//! removed. *Events* say what changed when: added, removed, or the names of a first list. A file of either may be CSV with a heading, a JSON
//! document, or JSON line by line.
//!
//! Where a sub-processor works is written as people write it. "EU" names no country, and still is abroad for a home outside it.

use serde_json::{Map, Value};

pub use crate::entries::BadFile;

use crate::country::{Country, Home};
use crate::decision::{Explained, Outcome as _};
use crate::entries::{self, Entries, text};
use crate::offshoring::{Activity, Kind, Outcome, decide_activity};

#[cfg(test)]
mod tests;

/// The longest text of a field that is taken.
const LONGEST: usize = 300;
/// The most names of one file: it is taken in whole or not at all.
const MOST: usize = 5_000;

/// One line of a file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it stands: its number in the file, from 1; in a JSON document the number of the entry.
    pub number: usize,
    /// What it says, or why it cannot be taken: a message's id without `subprocessors-fault-`.
    pub said: Result<Said, &'static str>,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Who is used now for a product.
    Listed(Named),
    /// The names of a first list.
    Initial {
        /// The product.
        product: String,
        /// When, as written.
        at: String,
        /// The names.
        names: Vec<String>,
    },
    /// Somebody was added.
    Added(Named, String),
    /// Somebody was removed.
    Removed(Named, String),
}

/// A sub-processor as a line names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The product or service that it is used for; empty where the file names none.
    pub product: String,
    /// Its name.
    pub name: String,
    /// What for.
    pub purpose: Option<String>,
    /// Where, as written.
    pub location: Option<String>,
}

/// Reads a file: what a [`BadFile`] says ends a message's id that begins with `subprocessors-file-`.
///
/// # Errors
/// [`BadFile`] when it is no text, holds nothing, or is none of the three forms.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, BadFile> {
    let lines = match entries::read(bytes, &NAME)? {
        Entries::Document(all) => within(&all),
        Entries::Lines(all) => {
            all.into_iter().map(|(number, value)| value.map_or(Line { number, said: Err("broken") }, |value| one(number, &value))).collect()
        }
    };
    let names = lines.iter().map(|line| if let Ok(Said::Initial { names, .. }) = &line.said { names.len() } else { 1 });
    match names.sum::<usize>() {
        0 => Err(BadFile::whole("empty")),
        n if n > MOST => Err(BadFile::whole("too-many")),
        _ => Ok(lines),
    }
}

/// The entries of a document: sub-processors, events, or products that each hold a list.
fn within(document: &[Value]) -> Vec<Line> {
    let mut lines = Vec::new();
    for entry in document {
        let within = ["subprocessors", "sub_processors", "processors"].iter().find_map(|name| entry.get(*name)?.as_array());
        match within {
            None => lines.push(one(lines.len() + 1, entry)),
            Some(all) => {
                let product = entry.as_object().and_then(|fields| text(fields, &["product", "service"]));
                for inner in all {
                    let mut line = one(lines.len() + 1, inner);
                    if let Ok(Said::Listed(named)) = &mut line.said
                        && named.product.is_empty()
                    {
                        named.product = product.clone().unwrap_or_default();
                    }
                    lines.push(line);
                }
            }
        }
    }
    lines
}

/// What a name may be headed.
const NAME: [&str; 4] = ["name", "sub_processor", "subprocessor", "names"];

fn one(number: usize, value: &Value) -> Line {
    Line { number, said: said(value) }
}

fn said(value: &Value) -> Result<Said, &'static str> {
    let fields = value.as_object().ok_or("no-entry")?;
    let of = |names: &[&str]| text(fields, names);
    let named = Named {
        product: of(&["product", "service"]).unwrap_or_default(),
        name: of(&NAME[..3]).unwrap_or_default(),
        purpose: of(&["purpose", "activity", "what_for"]),
        location: of(&["location", "country", "where"]),
    };
    let texts = [Some(&named.product), Some(&named.name), named.purpose.as_ref(), named.location.as_ref()];
    if texts.into_iter().flatten().any(|text| text.chars().count() > LONGEST) {
        return Err("too-long");
    }
    let product = || if named.product.is_empty() { Err("no-product") } else { Ok(named.product.clone()) };
    let at = || of(&["date", "at", "on"]).filter(|at| at.len() >= 10).ok_or("no-date");
    match of(&["event", "change"]).map(|event| event.to_lowercase()).as_deref() {
        None => {
            if named.name.is_empty() {
                Err("no-name")
            } else {
                Ok(Said::Listed(named.clone()))
            }
        }
        Some("initial") => {
            let names = names(fields);
            if names.iter().any(|name| name.chars().count() > LONGEST) {
                return Err("too-long");
            }
            if names.is_empty() { Err("no-name") } else { Ok(Said::Initial { product: product()?, at: at()?, names }) }
        }
        Some("added" | "removed") if named.name.is_empty() => Err("no-name"),
        Some("added") => product().and_then(|_| Ok(Said::Added(named.clone(), at()?))),
        Some("removed") => product().and_then(|_| Ok(Said::Removed(named.clone(), at()?))),
        Some(_) => Err("unknown-event"),
    }
}

fn names(fields: &Map<String, Value>) -> Vec<String> {
    let listed = match fields.get("names") {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(all)) => all.split(';').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let one = text(fields, &NAME[..3]);
    let all = listed.into_iter().chain(one).map(|name: String| name.trim().to_owned());
    all.filter(|name| !name.is_empty()).collect()
}

/// Where a location lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A country.
    In(Country),
    /// Somewhere in a union of countries: abroad, if home is none of them.
    Union,
    /// Nobody can say.
    Unknown,
}

/// How a union of countries is written in place of a country, in small letters.
const UNIONS: [&str; 5] = ["eu", "european union", "eea", "european economic area", "eu/eea"];

/// The place that a text names.
pub fn place(location: Option<&str>) -> Place {
    let Some(text) = location.map(str::trim).filter(|text| !text.is_empty()) else { return Place::Unknown };
    if UNIONS.contains(&text.to_lowercase().as_str()) {
        return Place::Union;
    }
    Country::resolve(text).map_or(Place::Unknown, Place::In)
}

/// The members of the European Economic Area, by code.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IS", "IE", "IT", "LV", "LI", "LT", "LU", "MT", "NL",
    "NO", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
];

/// What using a sub-processor comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// The decision on what it does: information of the authority's is held or reached where it works, unless somebody shows otherwise.
    pub decision: Explained<Outcome>,
    /// The country is still to be asked for.
    pub asks_country: bool,
}

impl Classified {
    /// Whether a proposal must be made: for all that is abroad, and for what may be.
    pub fn calls_for_proposal(&self) -> bool {
        self.decision.outcome != Outcome::NotOffshoring
    }

    /// The outcome, by code.
    pub fn code(&self) -> &'static str {
        self.decision.outcome.code()
    }
}

/// Classifies using a sub-processor at this place, seen from `home`.
pub fn classify(place: Place, home: &Home) -> Classified {
    let at = |country: Option<Country>| {
        let activity = Activity { authority_information: Some(true), ..Activity { country, ..Activity::new(Kind::Hosting) } };
        decide_activity(home, &activity)
    };
    let union: Vec<Country> = EEA.iter().filter_map(|code| Country::from_code(code).ok()).collect();
    let (mut decision, asks_country) = match place {
        Place::In(country) => (at(Some(country)), false),
        // Whichever of its countries it is, the answer is the same; the reasons name none.
        Place::Union if union.iter().all(|country| !home.contains(*country)) => (at(union.first().copied()), true),
        Place::Union | Place::Unknown => (at(None), true),
    };
    if asks_country {
        for reason in &mut decision.because {
            reason.args.remove("country");
        }
    }
    Classified { decision, asks_country }
}
