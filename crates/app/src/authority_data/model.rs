//! What is asked about a piece of information, and what follows. No I/O.

use platform::error::{FieldErrors, Result};
use platform::register::{Field, Kind, Register};
use platform::texts::Text;
use rules::authority_data::{Decision, Facts, Medium, decide};
use serde::{Deserialize, Serialize};

/// What a fact may be. What is not known is said to be, so that nobody takes a box that was passed over for a no.
pub const ANSWERS: [&str; 3] = ["yes", "no", "not_known"];

/// In which form information may be.
pub const MEDIA: [&str; 5] = ["electronic", "paper", "spoken", "other", "not_known"];

/// The outcomes of [`rules::authority_data`], by code.
pub const OUTCOMES: [&str; 3] = ["authority_data", "not_authority_data", "undetermined"];

const fn fact(name: &'static str, label: &'static str) -> Field {
    Field::new(name, label, Kind::Choice(&ANSWERS)).form().required()
}

/// The register of what was decided.
pub const AUTHORITY_DATA: Register = Register {
    kind: "authority_data",
    path: "/authority-data",
    search: "information_key",
    fields: &[
        Field::new("information", "authority-data-field-information", Kind::Text)
            .list()
            .sort("information_key")
            .form()
            .required()
            .most(200),
        Field::new("contract", "authority-data-field-contract", Kind::Pick).list().filter().form().required(),
        Field::new("outcome", "authority-data-field-outcome", Kind::Choice(&OUTCOMES)).list().filter(),
        Field::new("decided_on", "authority-data-field-decided-on", Kind::Date).list().sort("decided_on"),
        fact("received_from_authority", "authority-data-field-received-from"),
        fact("received_for_authority", "authority-data-field-received-for"),
        fact("made_because_of_contract", "authority-data-field-made"),
        fact("processed_because_of_contract", "authority-data-field-processed"),
        fact("held_because_of_contract", "authority-data-field-held"),
        fact("passed_on_because_of_contract", "authority-data-field-passed-on"),
        fact("personal_data", "authority-data-field-personal"),
        fact("authority_controls", "authority-data-field-controls"),
        Field::new("medium", "authority-data-field-medium", Kind::Choice(&MEDIA)).form().required(),
        Field::new("remark", "authority-data-field-remark", Kind::LongText).form().most(4000),
    ],
};

/// What people enter about a piece of information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What it is, in a few words.
    pub information: String,
    /// One of [`ANSWERS`], as are those that follow: whether the supplier received it from the authority.
    pub received_from_authority: String,
    /// Received it from others on the authority's behalf.
    pub received_for_authority: String,
    /// Made it because of the contract.
    pub made_because_of_contract: String,
    /// Processes it because of the contract.
    pub processed_because_of_contract: String,
    /// Holds it because of the contract.
    pub held_because_of_contract: String,
    /// Passes it on because of the contract.
    pub passed_on_because_of_contract: String,
    /// Whether it is data about people.
    pub personal_data: String,
    /// Whether the authority is the controller of it.
    pub authority_controls: String,
    /// One of [`MEDIA`].
    pub medium: String,
    /// What else is to be known.
    pub remark: Option<String>,
}

impl Details {
    /// Of which nothing is known yet.
    pub fn of(information: &str) -> Self {
        let open = || "not_known".to_owned();
        Self {
            information: information.to_owned(),
            received_from_authority: open(),
            received_for_authority: open(),
            made_because_of_contract: open(),
            processed_because_of_contract: open(),
            held_because_of_contract: open(),
            passed_on_because_of_contract: open(),
            personal_data: open(),
            authority_controls: open(),
            medium: open(),
            remark: None,
        }
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        let says = |field: &str| AUTHORITY_DATA.field(field).map(Field::says).unwrap_or_default();
        if self.information.trim().is_empty() {
            errors.add("information", Text::new("register-missing").with("label", says("information")));
        }
        for (field, value) in [("information", Some(&self.information)), ("remark", self.remark.as_ref())] {
            let most = AUTHORITY_DATA.field(field).map_or(0, |f| f.most);
            if value.is_some_and(|text| text.chars().count() > most) {
                errors.add(field, Text::new("error-too-long").with("max", most));
            }
        }
        for (field, value) in self.answers() {
            if !ANSWERS.contains(&value) {
                errors.add(field, Text::new("register-choose-one"));
            }
        }
        if !MEDIA.contains(&self.medium.as_str()) {
            errors.add("medium", Text::new("register-choose-one"));
        }
        errors.or(())
    }

    fn answers(&self) -> [(&'static str, &str); 8] {
        [
            ("received_from_authority", &self.received_from_authority),
            ("received_for_authority", &self.received_for_authority),
            ("made_because_of_contract", &self.made_because_of_contract),
            ("processed_because_of_contract", &self.processed_because_of_contract),
            ("held_because_of_contract", &self.held_because_of_contract),
            ("passed_on_because_of_contract", &self.passed_on_because_of_contract),
            ("personal_data", &self.personal_data),
            ("authority_controls", &self.authority_controls),
        ]
    }

    /// The facts as the decision reads them.
    pub fn facts(&self) -> Facts {
        Facts {
            received_from_authority: known(&self.received_from_authority),
            received_for_authority: known(&self.received_for_authority),
            made_because_of_contract: known(&self.made_because_of_contract),
            processed_because_of_contract: known(&self.processed_because_of_contract),
            held_because_of_contract: known(&self.held_because_of_contract),
            passed_on_because_of_contract: known(&self.passed_on_because_of_contract),
            personal_data: known(&self.personal_data),
            authority_controls: known(&self.authority_controls),
            medium: Medium::from_code(&self.medium),
        }
    }

    /// What follows from them.
    pub fn decision(&self) -> Decision {
        decide(&self.facts())
    }
}

fn known(answer: &str) -> Option<bool> {
    match answer {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
