//! What a measure is. No I/O.

use jiff::civil::Date;
use platform::error::{FieldErrors, Result};
use platform::register::{Field, Kind, Register};
use platform::texts::Text;
use serde::{Deserialize, Serialize};

/// The kinds of measure, by code.
pub const KINDS: [&str; 2] = ["technical", "organisational"];

/// The states of a measure, by code.
pub const STATES: [&str; 3] = ["planned", "in_place", "ended"];

/// The register of measures.
pub const MEASURES: Register = Register {
    kind: "measure",
    path: "/measures",
    search: "title_key",
    fields: &[
        Field::new("title", "measure-field-title", Kind::Text).list().sort("title_key").form().required().most(200),
        Field::new("contract", "measure-field-contract", Kind::Pick).list().filter().form().required(),
        Field::new("kind", "measure-field-kind", Kind::Choice(&KINDS)).list().filter().form().required(),
        Field::new("state", "measure-field-state", Kind::Choice(&STATES)).list().filter().form().required(),
        Field::new("description", "measure-field-description", Kind::LongText).form().required().most(4000),
        Field::new("review_on", "measure-field-review-on", Kind::Date).list().sort("review_on").form().required(),
        Field::new("reviewed_on", "measure-field-reviewed-on", Kind::Date).form(),
        Field::new("found", "measure-field-found", Kind::LongText).form().most(4000),
    ],
};

/// What people enter about a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What it is called.
    pub title: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// One of [`STATES`].
    pub state: String,
    /// What is done.
    pub description: String,
    /// The day of its next review.
    pub review_on: Date,
    /// When it was last reviewed.
    pub reviewed_on: Option<Date>,
    /// What was found then.
    pub found: Option<String>,
}

impl Details {
    /// A planned technical measure of which little is known.
    pub fn of(title: &str, review_on: Date) -> Self {
        Self {
            title: title.to_owned(),
            kind: "technical".to_owned(),
            state: "planned".to_owned(),
            description: String::new(),
            review_on,
            reviewed_on: None,
            found: None,
        }
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        let says = |field: &str| MEASURES.field(field).map(Field::says).unwrap_or_default();
        for (field, value) in [("title", &self.title), ("description", &self.description)] {
            if value.trim().is_empty() {
                errors.add(field, Text::new("register-missing").with("label", says(field)));
            }
        }
        for (field, value) in [("title", Some(&self.title)), ("description", Some(&self.description)), ("found", self.found.as_ref())] {
            let most = MEASURES.field(field).map_or(0, |f| f.most);
            if value.is_some_and(|text| text.chars().count() > most) {
                errors.add(field, Text::new("error-too-long").with("max", most));
            }
        }
        for (field, value, codes) in [("kind", &self.kind, &KINDS[..]), ("state", &self.state, &STATES[..])] {
            if !codes.contains(&value.as_str()) {
                errors.add(field, Text::new("register-choose-one"));
            }
        }
        if self.reviewed_on.is_some_and(|day| day >= self.review_on) {
            errors.add("review_on", Text::new("measure-review-before"));
        }
        errors.or(())
    }
}
