//! What a sub-processor is. No I/O.

use platform::error::{FieldErrors, Result};
use platform::register::{Field, Kind, Register};
use platform::texts::Text;
use rules::country::{Country, Home};
use rules::offshoring::Outcome;
use rules::subprocessors::{Classified, Place, classify, place};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The states, by code.
pub const STATES: [&str; 2] = ["listed", "removed"];

/// What using one comes to, by code.
pub const OUTCOMES: [&str; 3] = ["offshoring", "undetermined", "not_offshoring"];

/// What is still to be done, by code.
pub const NEEDS: [&str; 4] = ["propose", "ask_country", "proposed", "nothing"];

/// The register of sub-processors.
pub const SUBPROCESSORS: Register = Register {
    kind: "subprocessor",
    path: "/subprocessors",
    search: "name_key",
    fields: &[
        Field::new("name", "subprocessor-field-name", Kind::Text).list().sort("name_key").form().required().most(300),
        Field::new("product", "subprocessor-field-product", Kind::Text).list().sort("product").form().most(300),
        Field::new("party", "subprocessor-field-party", Kind::Pick).list().filter().form(),
        Field::new("purpose", "subprocessor-field-purpose", Kind::Text).list().form().most(300),
        Field::new("location", "subprocessor-field-location", Kind::Text).form().most(300),
        Field::new("country", "subprocessor-field-country", Kind::Country).list().filter().form(),
        Field::new("state", "subprocessor-field-state", Kind::Choice(&STATES)).list().filter().form().required(),
        Field::new("outcome", "subprocessor-field-outcome", Kind::Choice(&OUTCOMES)),
        Field::new("needs", "subprocessor-field-needs", Kind::Choice(&NEEDS)).list().filter(),
        Field::new("proposal", "subprocessor-field-proposal", Kind::Code).form().most(40),
        Field::new("added_on", "subprocessor-field-added-on", Kind::Date),
        Field::new("removed_on", "subprocessor-field-removed-on", Kind::Date),
    ],
};

/// What people enter about a sub-processor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Its name.
    pub name: String,
    /// The product or service that it is used for; empty where nobody says.
    #[serde(default, deserialize_with = "some_text")]
    pub product: String,
    /// The supplier that uses it.
    pub party: Option<Uuid>,
    /// What for.
    pub purpose: Option<String>,
    /// Where, as it was written.
    pub location: Option<String>,
    /// Where, by code; what was written settles it where nobody says otherwise.
    pub country: Option<String>,
    /// One of [`STATES`].
    pub state: String,
    /// The reference of the proposal that covers its use.
    pub proposal: Option<String>,
}

/// A text that may be lacking.
fn some_text<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<String, D::Error> {
    Ok(Option::<String>::deserialize(from)?.unwrap_or_default())
}

impl Details {
    /// One in use, of which only the name is known.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            product: String::new(),
            party: None,
            purpose: None,
            location: None,
            country: None,
            state: "listed".to_owned(),
            proposal: None,
        }
    }

    /// Checks every field that can be checked without asking anybody.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        let says = |field: &str| SUBPROCESSORS.field(field).map(Field::says).unwrap_or_default();
        if self.name.trim().is_empty() {
            errors.add("name", Text::new("register-missing").with("label", says("name")));
        }
        let texts = [
            ("name", Some(&self.name)),
            ("product", Some(&self.product)),
            ("purpose", self.purpose.as_ref()),
            ("location", self.location.as_ref()),
        ];
        for (field, value) in texts {
            let most = SUBPROCESSORS.field(field).map_or(0, |f| f.most);
            if value.is_some_and(|value| value.chars().count() > most) {
                errors.add(field, Text::new("error-too-long").with("max", most));
            }
        }
        if self.country.as_ref().is_some_and(|code| Country::from_code(code).is_err()) {
            errors.add("country", Text::new("register-country-unknown"));
        }
        if !STATES.contains(&self.state.as_str()) {
            errors.add("state", Text::new("register-choose-one"));
        }
        errors.or(())
    }

    /// Where it works: the country that somebody chose, else the place that was written.
    pub fn place(&self) -> Place {
        match self.country.as_ref().and_then(|code| Country::from_code(code).ok()) {
            Some(country) => Place::In(country),
            None => place(self.location.as_deref()),
        }
    }

    /// What using it comes to, seen from `home`.
    pub fn classified(&self, home: &Home) -> Classified {
        classify(self.place(), home)
    }

    /// What is still to be done about it, by code of [`NEEDS`].
    pub fn needs(&self, classified: &Classified) -> &'static str {
        match classified.decision.outcome {
            _ if self.state == "removed" => "nothing",
            Outcome::NotOffshoring => "nothing",
            _ if classified.asks_country => "ask_country",
            _ if self.proposal.is_some() => "proposed",
            Outcome::Offshoring | Outcome::Undetermined => "propose",
        }
    }
}
