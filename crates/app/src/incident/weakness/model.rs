//! What a weakness is. No I/O.

use platform::error::{FieldErrors, Result};
use platform::register::{Field, Kind, Register};
use platform::texts::Text;
use rules::screen;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::casework::writing::refuse_but;

/// The states of a weakness, by code.
pub const STATES: [&str; 2] = [OPEN, RESOLVED];
/// Nothing has taken it away yet.
pub const OPEN: &str = "open";
/// Something has.
pub const RESOLVED: &str = "resolved";

/// What is said of data about people in what is written of one: everybody who reads an incident that showed it reads that (SEC-25).
const OUT: &str = "weakness-people-out";

/// The longest words on how it was resolved, or why it is open again, in characters.
pub const LONGEST: usize = 4_000;

/// The register of weaknesses.
pub const WEAKNESSES: Register = Register {
    kind: "weakness",
    path: "/weaknesses",
    search: "name_key",
    fields: &[
        Field::new("name", "weakness-field-name", Kind::Text).list().sort("name_key").form().required().most(120),
        Field::new("state", "weakness-field-state", Kind::Choice(&STATES)).list().filter(),
        Field::new("party", "weakness-field-party", Kind::Pick).list().form(),
        Field::new("contract", "weakness-field-contract", Kind::Pick).form(),
        Field::new("found_in", "weakness-field-found-in", Kind::Text).form().sealed().most(300),
        Field::new("about", "weakness-field-about", Kind::LongText).form().required().sealed().most(LONGEST),
        Field::new("noted_on", "weakness-field-noted-on", Kind::Date).list().sort("noted_on"),
        Field::new("resolved_on", "weakness-field-resolved-on", Kind::Date),
        Field::new("resolution", "weakness-field-resolution", Kind::LongText).sealed(),
    ],
};

/// What people enter about a weakness.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What it is called.
    pub name: String,
    /// The supplier whose it is; none where it is the authority's own, or many share it.
    pub party: Option<Uuid>,
    /// The contract under which it lies, if it lies under one alone.
    pub contract: Option<Uuid>,
    /// Where it was found: a system, a place, a way of working.
    pub found_in: Option<String>,
    /// What is weak.
    pub about: String,
}

impl Details {
    /// Checks every field.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        for (field, value) in [("name", &self.name), ("about", &self.about)] {
            if value.trim().is_empty() {
                errors
                    .add(field, Text::new("register-missing").with("label", WEAKNESSES.field(field).map(Field::says).unwrap_or_default()));
            }
        }
        let found_in = self.found_in.as_ref().map(|text| ("found_in", text));
        for (field, value) in [("name", &self.name), ("about", &self.about)].into_iter().chain(found_in) {
            let most = WEAKNESSES.field(field).map_or(0, |field| field.most);
            if value.chars().count() > most {
                errors.add(field, Text::new("error-too-long").with("max", most));
            }
            // Where it was found may be a place.
            refuse_but(&mut errors, (field, value), OUT, |finding| field == "found_in" && finding.kind == screen::Kind::UkPostcode);
        }
        errors.or(())
    }
}

/// The words of a step that needs some.
///
/// # Errors
/// [`platform::Error::Invalid`] at `field` without any, with too many, or with data about people.
pub fn words(field: &'static str, text: &str, lacks: &'static str) -> Result<String> {
    let text = text.trim();
    let mut errors = FieldErrors::default();
    if text.is_empty() {
        errors.add(field, Text::new(lacks));
    } else if text.chars().count() > LONGEST {
        errors.add(field, Text::new("error-too-long").with("max", LONGEST));
    }
    refuse_but(&mut errors, (field, text), OUT, |_| false);
    errors.or(text.to_owned())
}

#[cfg(test)]
mod tests {
    use platform::Error;

    use super::*;

    #[test]
    fn what_is_lacking_or_too_long_is_told_whole() {
        let whole = Details { name: "Doors".to_owned(), about: "They stand open.".to_owned(), ..Details::default() };
        let mail = "Ask sam.bell@customers.example.";
        let cases: [(Details, &[&str]); 9] = [
            (whole.clone(), &[]),
            (Details::default(), &["name", "about"]),
            (Details { name: " ".to_owned(), ..whole.clone() }, &["name"]),
            (Details { name: "n".repeat(121), about: "a".repeat(4_001), ..whole.clone() }, &["name", "about"]),
            (Details { found_in: Some("f".repeat(301)), ..whole.clone() }, &["found_in"]),
            (
                Details { name: mail.to_owned(), about: mail.to_owned(), found_in: Some(mail.to_owned()), ..whole.clone() },
                &["name", "about", "found_in"],
            ),
            (Details { about: "The desk answers at 10.0.0.1.".to_owned(), ..whole.clone() }, &[]),
            (Details { found_in: Some("The office at SW1A 2AA".to_owned()), ..whole.clone() }, &[]),
            (Details { about: "They live at SW1A 2AA.".to_owned(), ..whole }, &["about"]),
        ];
        for (n, (details, wrong)) in cases.into_iter().enumerate() {
            let found: Vec<String> = match details.check() {
                Ok(()) => Vec::new(),
                Err(Error::Invalid(errors)) => errors.iter().map(|(field, _)| field.to_owned()).collect(),
                Err(other) => panic!("{other:?}"),
            };
            assert_eq!(found, wrong, "{n}");
        }
    }
}
