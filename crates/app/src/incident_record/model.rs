//! What is kept of an incident that somebody else recorded. No I/O.

use platform::authz::{Guarded, Resource};
use platform::db::dialect;
use platform::register::{Field, Kind, Register};
use rules::regulator::{self, SizeBand};
use rules::screen::{self, Finding};
use rules::veris::{Known, Record, When, categories, facts, involved};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Our categories, by code.
pub const CATEGORIES: [&str; 7] = ["disclosure", "unauthorised_access", "fraud", "theft", "loss", "process_failure", "damage"];

/// Signs of somebody else's part, by code.
pub const SIGNS: [&str; 6] = ["actor", "managed", "owned", "discovered", "hosted", "further_victims"];

/// The register of incidents that others recorded.
pub const INCIDENT_RECORDS: Register = Register {
    kind: "incident_record",
    path: "/incident-records",
    search: "name_key",
    fields: &[
        Field::new("reference", "incident-record-field-reference", Kind::Code).list().sort("reference"),
        Field::new("victim", "incident-record-field-victim", Kind::Text).list().sort("name_key"),
        Field::new("partners", "incident-record-field-partners", Kind::Text),
        Field::new("happened", "incident-record-field-happened", Kind::Code).list().sort("happened"),
        Field::new("year", "incident-record-field-year", Kind::Code).filter().most(4),
        Field::new("categories", "incident-record-field-categories", Kind::Choices(&CATEGORIES)).list().filter(),
        Field::new("party", "incident-record-field-party", Kind::Pick).list().filter().form(),
        Field::new("signs", "incident-record-field-signs", Kind::Choices(&SIGNS)).filter(),
        Field::new("country", "incident-record-field-country", Kind::Country).filter(),
        Field::new("certainty", "incident-record-field-certainty", Kind::Text),
        Field::new("notified", "incident-record-field-notified", Kind::Code),
        Field::new("regulator_type", "incident-record-field-regulator-type", Kind::Text).filter(),
        Field::new("regulator_category", "incident-record-field-regulator-category", Kind::Text),
        Field::new("records_band", "incident-record-field-records-band", Kind::Text),
        Field::new("summary", "incident-record-field-summary", Kind::LongText),
        Field::new("published", "incident-record-field-published", Kind::LongText),
        Field::new("source", "incident-record-field-source", Kind::Text),
        Field::new("source_id", "incident-record-field-source-id", Kind::Code),
        Field::new("imported_on", "incident-record-field-imported-on", Kind::Date),
    ],
};

/// The longest reason for removing one, in characters.
pub const LONGEST: usize = 2_000;

/// What of a record people settle: the supplier that it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The supplier.
    pub party: Option<Uuid>,
}

/// An import under way or about to begin: what policies are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: Uuid,
}

impl Guarded for Run {
    fn resource(&self) -> Resource {
        Resource::new("incident_import", self.id)
    }
}

/// What a record is known by: who recorded it, and their id.
pub fn key(source: Option<&str>, id: &str) -> String {
    // Neither holds this character.
    hex::encode(platform::random::digest(format!("{}\0{id}", source.unwrap_or_default()).as_bytes()))
}

/// A text of a record in which data about people was found, and is masked now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The path of the text.
    pub path: &'static str,
    /// The kinds of what was found, each once.
    pub kinds: Vec<screen::Kind>,
}

/// Masks data about people in what was written of an incident, so that nothing of it is stored (SEC-25).
pub fn mask(record: &mut Record) -> Vec<Masked> {
    let mut all = Vec::new();
    for (path, text) in [("$.summary", &mut record.summary), ("$.notes", &mut record.notes)] {
        let Some(text) = text else { continue };
        let mut kinds = Vec::new();
        // What stands beside a mask may be found only then.
        loop {
            let found = screen::screen(text);
            if found.is_empty() || kinds.len() > 1_000 {
                break;
            }
            kinds.extend(found.iter().map(|finding| finding.kind));
            *text = screen::mask(text, found.iter().map(Finding::span));
        }
        if !kinds.is_empty() {
            kinds.sort_unstable();
            kinds.dedup();
            all.push(Masked { path, kinds });
        }
    }
    all
}

/// What lists, filters and finding need of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The names of those who worked for the victim and did it, joined.
    pub partners: Option<String>,
    /// All names folded, for finding and sorting.
    pub name_key: String,
    /// When it happened, as far as that makes a date: `2013`, `2013-05`, `2013-05-08`.
    pub happened: Option<String>,
    /// The year of that.
    pub year: Option<String>,
    /// When people were told, as far as that makes a date.
    pub notified: Option<String>,
    /// Our categories, by code.
    pub categories: Vec<&'static str>,
    /// Signs of somebody else's part, by code.
    pub signs: Vec<&'static str>,
    /// The victim's country, where it is one.
    pub country: Option<String>,
    /// The regulator's type.
    pub regulator_type: &'static str,
    /// Whether the regulator counts it as a cyber incident, in its words.
    pub regulator_category: &'static str,
    /// The regulator's band of the number of records, by which the number of people is not said.
    pub records_band: &'static str,
}

/// The longest key by which a record is found, in bytes: an index holds it whole.
const KEY: usize = 1_500;

impl Kept {
    /// Of a record that has this reference.
    pub fn of(record: &Record, reference: &str) -> Self {
        let partners: Vec<&str> = record.third_parties().collect();
        let further = record.further_victims.iter().map(String::as_str);
        let names = record.victim.as_deref().into_iter().chain(partners.iter().copied()).chain(further).chain([reference]);
        let folded: Vec<String> = names.map(dialect::fold).filter(|name| !name.is_empty()).collect();
        let happened = record.happened.as_ref().and_then(known);
        let facts = facts(record);
        let total = record.confidentiality.as_ref().and_then(|of| of.total);
        let country = match record.countries.as_slice() {
            [one] if rules::country::Country::from_code(one).is_ok() => Some(one.clone()),
            _ => None,
        };
        Self {
            partners: (!partners.is_empty()).then(|| partners.join("; ")),
            name_key: cut(folded.join(" ")),
            year: happened.as_ref().map(|date| date.chars().take(4).collect()),
            happened,
            notified: record.notified.as_ref().and_then(known),
            categories: categories(record).into_iter().map(rules::incident::Category::code).collect(),
            signs: involved(record).into_iter().map(rules::veris::Sign::code).collect(),
            country,
            regulator_type: regulator::incident_type(&facts).label(),
            regulator_category: regulator::incident_category(&facts).label(),
            records_band: SizeBand::of(total).label(),
        }
    }
}

/// A folded text cut so that an index holds it.
fn cut(mut text: String) -> String {
    if text.len() > KEY {
        let end = (0..=KEY).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.truncate(text.trim_end().len());
    }
    text
}

/// As much of a date as is known, as it sorts.
fn known(when: &When) -> Option<String> {
    Some(match when.known()? {
        Known::Year(year) => format!("{year:04}"),
        Known::Month(year, month) => format!("{year:04}-{month:02}"),
        Known::Day(date) => date.to_string(),
    })
}

/// The folded names by which the party of a record may be known: of the victim, and of those who worked for it.
pub fn names(record: &Record) -> Vec<String> {
    let names = record.victim.as_deref().into_iter().chain(record.third_parties());
    names.map(dialect::fold).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use rules::incident::Category;
    use rules::veris::Sign;

    use super::*;

    #[test]
    fn the_codes_are_those_of_the_rules() {
        assert_eq!(Category::ALL.iter().map(|one| one.code()).collect::<Vec<_>>(), CATEGORIES);
        assert_eq!(Sign::ALL.iter().map(|one| one.code()).collect::<Vec<_>>(), SIGNS);
    }

    #[test]
    fn what_was_masked_is_found_no_more() {
        let mut record = Record {
            summary: Some("Write to sam.bell@customers.example, NI QQ 12 34 56 C, or ring 020 7946 0000.".to_owned()),
            notes: Some("Nothing of the kind.".to_owned()),
            ..Record::default()
        };
        let masked = mask(&mut record);
        assert_eq!(masked.len(), 1);
        assert!(masked[0].path == "$.summary" && masked[0].kinds.contains(&screen::Kind::Email), "{masked:?}");
        assert!(!record.summary.as_ref().unwrap().contains("sam.bell"));
        assert_eq!(mask(&mut record), []);
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        let record = Record { victim: Some("ß".repeat(1_000)), further_victims: vec!["ö ".repeat(900)], ..Record::default() };
        assert!(Kept::of(&record, "INC-2026-000001").name_key.len() <= KEY);
    }

    #[test]
    fn a_source_and_an_id_are_told_apart() {
        assert_ne!(key(Some("a"), "b"), key(None, "ab"));
        assert_eq!(key(None, "b"), key(None, "b"));
    }
}
