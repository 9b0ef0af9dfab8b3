//! What the authority holds of a country. No I/O.

use jiff::civil::Date;
use platform::error::{FieldErrors, Result};
use platform::register::{Field, Kind, Register};
use platform::texts::Text;
use rules::transfer::{Adequacy, Held, Mechanism};
use serde::{Deserialize, Serialize};

/// How well a country protects personal data, by code.
pub const ADEQUACIES: [&str; Adequacy::ALL.len()] = {
    let mut codes = [""; Adequacy::ALL.len()];
    let mut at = 0;
    while at < codes.len() {
        codes[at] = Adequacy::ALL[at].code();
        at += 1;
    }
    codes
};

/// What carries transfers, by code.
pub const MECHANISMS: [&str; Mechanism::ALL.len()] = {
    let mut codes = [""; Mechanism::ALL.len()];
    let mut at = 0;
    while at < codes.len() {
        codes[at] = Mechanism::ALL[at].code();
        at += 1;
    }
    codes
};

/// What is held of a country. Its pages stand under its code.
pub const COUNTRIES: Register = Register {
    kind: "country",
    path: "/map",
    search: "country",
    fields: &[
        Field::new("adequacy", "country-field-adequacy", Kind::Choice(&ADEQUACIES)).form(),
        Field::new("condition", "country-field-condition", Kind::LongText).form().most(2000),
        Field::new("mechanism", "country-field-mechanism", Kind::Choice(&MECHANISMS)).form(),
        Field::new("assessment", "country-field-assessment", Kind::LongText).form().most(4000),
        Field::new("assessed_on", "country-field-assessed-on", Kind::Date).form(),
        Field::new("review_on", "country-field-review-on", Kind::Date).form(),
        Field::new("onward", "country-field-onward", Kind::LongText).form().most(4000),
        Field::new("law", "country-field-law", Kind::LongText).form().most(8000),
    ],
};

/// What the authority holds of a country.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// How well it protects personal data, as the authority established it: one of [`ADEQUACIES`]. None leaves that to the law's list.
    pub adequacy: Option<String>,
    /// On which condition, or for whom.
    pub condition: Option<String>,
    /// What carries transfers: one of [`MECHANISMS`].
    pub mechanism: Option<String>,
    /// The assessment of their risk: what it found, where it is.
    pub assessment: Option<String>,
    /// When that was made.
    pub assessed_on: Option<Date>,
    /// When it is to be looked at again.
    pub review_on: Option<Date>,
    /// What is said of passing data on from there.
    pub onward: Option<String>,
    /// What its law means for the information: misuse, encryption, confidentiality, access by the state.
    pub law: Option<String>,
}

impl Details {
    /// Checks every field.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        let texts = [("condition", &self.condition), ("assessment", &self.assessment), ("onward", &self.onward), ("law", &self.law)];
        for (field, value) in texts {
            let most = COUNTRIES.field(field).map_or(0, |f| f.most);
            if value.as_ref().is_some_and(|value| value.chars().count() > most) {
                errors.add(field, Text::new("error-too-long").with("max", most));
            }
        }
        for (field, value, codes) in [("adequacy", &self.adequacy, &ADEQUACIES[..]), ("mechanism", &self.mechanism, &MECHANISMS[..])] {
            if value.as_ref().is_some_and(|value| !codes.contains(&value.as_str())) {
                errors.add(field, Text::new("register-choose-one"));
            }
        }
        if self.assessed_on.is_none() && self.review_on.is_some() {
            errors.add("assessed_on", Text::new("country-assessed-missing"));
        }
        if self.assessed_on.zip(self.review_on).is_some_and(|(on, again)| again < on) {
            errors.add("review_on", Text::new("country-review-before"));
        }
        errors.or(())
    }

    /// What the rule reads of it.
    pub fn held(&self) -> Held {
        let mechanism = self.mechanism.as_deref().and_then(Mechanism::from_code);
        Held { mechanism, assessed_on: self.assessed_on, review_on: self.review_on }
    }
}
