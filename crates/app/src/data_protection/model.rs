//! What the data-protection and freedom-of-information terms of a contract are. No I/O.

use jiff::civil::Date;
use platform::error::{FieldErrors, Result};
use platform::register::{Field, Kind, Register};
use platform::texts::Text;
use serde::{Deserialize, Serialize};

/// Who may be controller, by code: `joint` of both sides together, `each` of each by itself for its own, `nobody` where no personal data is handled.
pub const CONTROLLERS: [&str; 5] = ["authority", "supplier", "joint", "each", "nobody"];

/// Who may be processor for the controller, by code.
pub const PROCESSORS: [&str; 3] = ["supplier", "authority", "nobody"];

/// The register of terms: one set a contract.
pub const DATA_PROTECTION: Register = Register {
    kind: "data_protection",
    path: "/data-protection",
    search: "terms_at_key",
    fields: &[
        Field::new("terms_at", "data-protection-field-terms-at", Kind::Text).list().sort("terms_at_key").form().required().most(200),
        Field::new("contract", "data-protection-field-contract", Kind::Pick).list().filter().form().required(),
        Field::new("controller", "data-protection-field-controller", Kind::Choice(&CONTROLLERS)).list().filter().form().required(),
        Field::new("processor", "data-protection-field-processor", Kind::Choice(&PROCESSORS)).list().filter().form().required(),
        Field::new("joint", "data-protection-field-joint", Kind::LongText).form().most(4000),
        Field::new("processing", "data-protection-field-processing", Kind::LongText).form().most(4000),
        Field::new("data_and_people", "data-protection-field-data-and-people", Kind::LongText).form().most(4000),
        Field::new("terms", "data-protection-field-terms", Kind::LongText).form().required().most(8000),
        Field::new("foi_at", "data-protection-field-foi-at", Kind::Text).form().most(200),
        Field::new("foi", "data-protection-field-foi", Kind::LongText).form().required().most(8000),
        Field::new("review_on", "data-protection-field-review-on", Kind::Date).list().sort("review_on").form().required(),
    ],
};

/// What people enter about the terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Where the data-protection terms stand in the contract.
    pub terms_at: String,
    /// One of [`CONTROLLERS`].
    pub controller: String,
    /// One of [`PROCESSORS`].
    pub processor: String,
    /// Who answers for what, where they are controllers together.
    pub joint: Option<String>,
    /// What is processed, why and how long.
    pub processing: Option<String>,
    /// Which personal data, about whom.
    pub data_and_people: Option<String>,
    /// What the data-protection terms say.
    pub terms: String,
    /// Where the freedom-of-information terms stand.
    pub foi_at: Option<String>,
    /// What they say.
    pub foi: String,
    /// The day of their next review.
    pub review_on: Date,
}

impl Details {
    /// Of which little is known.
    pub fn of(terms_at: &str, review_on: Date) -> Self {
        Self {
            terms_at: terms_at.to_owned(),
            controller: "authority".to_owned(),
            processor: "supplier".to_owned(),
            joint: None,
            processing: None,
            data_and_people: None,
            terms: String::new(),
            foi_at: None,
            foi: String::new(),
            review_on,
        }
    }

    /// Checks every field, and that the two roles go together.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        let says = |field: &str| DATA_PROTECTION.field(field).map(Field::says).unwrap_or_default();
        let texts = [
            ("terms_at", Some(&self.terms_at)),
            ("joint", self.joint.as_ref()),
            ("processing", self.processing.as_ref()),
            ("data_and_people", self.data_and_people.as_ref()),
            ("terms", Some(&self.terms)),
            ("foi_at", self.foi_at.as_ref()),
            ("foi", Some(&self.foi)),
        ];
        let handles = self.controller != "nobody";
        for (field, value) in texts {
            let most = DATA_PROTECTION.field(field).map_or(0, |f| f.most);
            let asked = match field {
                "terms_at" | "terms" | "foi" => true,
                "joint" => self.controller == "joint",
                "processing" | "data_and_people" => handles,
                _ => false,
            };
            if asked && value.is_none_or(|text| text.trim().is_empty()) {
                errors.add(field, Text::new("register-missing").with("label", says(field)));
            }
            if value.is_some_and(|text| text.chars().count() > most) {
                errors.add(field, Text::new("error-too-long").with("max", most));
            }
        }
        for (field, value, codes) in [("controller", &self.controller, &CONTROLLERS[..]), ("processor", &self.processor, &PROCESSORS[..])] {
            if !codes.contains(&value.as_str()) {
                errors.add(field, Text::new("register-choose-one"));
            }
        }
        // Nobody processes for themselves, or where there is nothing to process.
        if self.processor != "nobody" && (self.processor == self.controller || !handles) {
            errors.add("processor", Text::new(if handles { "data-protection-same" } else { "data-protection-nothing" }));
        }
        errors.or(())
    }
}
