//! What a site is. No I/O.

use platform::error::{FieldErrors, Result};
use platform::register::{Field, Kind, Register};
use platform::texts::Text;
use rules::country::Country;
use rules::form::reads_as_home;
use serde::{Deserialize, Serialize};

/// The kinds of site, by code.
pub const KINDS: [&str; 5] = ["office", "data_centre", "contact_centre", "archive", "home_hub"];

/// The states of a site, by code.
pub const STATES: [&str; 2] = ["in_use", "closed"];

/// The most people that a site is taken to have.
const MOST_PEOPLE: usize = 1_000_000;

/// The register of sites.
pub const SITES: Register = Register {
    kind: "site",
    path: "/sites",
    search: "name_key",
    fields: &[
        Field::new("name", "site-field-name", Kind::Text).list().sort("name_key").form().required().most(120),
        Field::new("party", "site-field-party", Kind::Pick).list().filter().form().required(),
        Field::new("kind", "site-field-kind", Kind::Choice(&KINDS)).list().filter().form().required(),
        Field::new("country", "site-field-country", Kind::Country).list().filter().sort("country").form().required(),
        Field::new("address", "site-field-address", Kind::LongText).form().required().most(500),
        Field::new("people", "site-field-people", Kind::Number).list().sort("people").form().required().most(MOST_PEOPLE),
        Field::new("home_workers", "site-field-home-workers", Kind::Number).form().most(MOST_PEOPLE),
        Field::new("home_managed", "site-field-home-managed", Kind::LongText).form().most(4000),
        Field::new("other_authority", "site-field-other-authority", Kind::LongText).form().most(2000),
        Field::new("other_clients", "site-field-other-clients", Kind::LongText).form().most(2000),
        Field::new("other_assurance", "site-field-other-assurance", Kind::LongText).form().most(3000),
        Field::new("clearance", "site-field-clearance", Kind::LongText).form().most(3000),
        Field::new("employment_checks", "site-field-employment-checks", Kind::LongText).form().most(3000),
        Field::new("certification", "site-field-certification", Kind::LongText).form().most(1000),
        Field::new("state", "site-field-state", Kind::Choice(&STATES)).list().filter().form().required(),
    ],
};

/// What people enter about a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What its party calls it.
    pub name: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Its business address, never anyone's home.
    pub address: String,
    /// How many people work there, those at home who belong to it included.
    pub people: u32,
    /// How many of them work from home; only counted.
    pub home_workers: Option<u32>,
    /// How home working is managed.
    pub home_managed: Option<String>,
    /// Other work for the authority that is done there.
    pub other_authority: Option<String>,
    /// Work for others that is done there.
    pub other_clients: Option<String>,
    /// The assurance that takes the place of knowing of other work.
    pub other_assurance: Option<String>,
    /// The clearance of the people there.
    pub clearance: Option<String>,
    /// The checks made before people are employed there.
    pub employment_checks: Option<String>,
    /// Certificates with scope and last day.
    pub certification: Option<String>,
    /// One of [`STATES`].
    pub state: String,
}

impl Details {
    /// A site in use, about which little is known.
    pub fn of(name: &str, kind: &str, country: &str, address: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            country: country.to_owned(),
            address: address.to_owned(),
            people: 0,
            home_workers: None,
            home_managed: None,
            other_authority: None,
            other_clients: None,
            other_assurance: None,
            clearance: None,
            employment_checks: None,
            certification: None,
            state: "in_use".to_owned(),
        }
    }

    /// Checks every field (OFF-Q3: home workers are counted, their addresses refused).
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        let says = |field: &str| SITES.field(field).map(Field::says).unwrap_or_default();
        for (field, value) in [("name", &self.name), ("address", &self.address)] {
            if value.trim().is_empty() {
                errors.add(field, Text::new("register-missing").with("label", says(field)));
            }
        }
        for (field, value) in self.texts() {
            let most = SITES.field(field).map_or(0, |f| f.most);
            if value.chars().count() > most {
                errors.add(field, Text::new("error-too-long").with("max", most));
            } else if ["name", "address", "home_managed"].contains(&field) && reads_as_home(value) {
                errors.add(field, Text::new("forms-home-address").with("label", says(field)));
            }
        }
        if Country::from_code(&self.country).is_err() {
            errors.add("country", Text::new("register-country-unknown"));
        }
        for (field, value, codes) in [("kind", &self.kind, &KINDS[..]), ("state", &self.state, &STATES[..])] {
            if !codes.contains(&value.as_str()) {
                errors.add(field, Text::new("register-choose-one"));
            }
        }
        let at_home = self.home_workers.unwrap_or(0);
        if at_home > self.people {
            errors.add("home_workers", Text::new("site-home-workers-too-many").with("people", self.people));
        }
        if at_home > 0 && self.home_managed.is_none() {
            errors.add("home_managed", Text::new("site-home-managed-missing"));
        }
        errors.or(())
    }

    fn texts(&self) -> Vec<(&'static str, &str)> {
        let optional = [
            ("home_managed", &self.home_managed),
            ("other_authority", &self.other_authority),
            ("other_clients", &self.other_clients),
            ("other_assurance", &self.other_assurance),
            ("clearance", &self.clearance),
            ("employment_checks", &self.employment_checks),
            ("certification", &self.certification),
        ];
        let given = optional.into_iter().filter_map(|(field, value)| Some((field, value.as_deref()?)));
        [("name", self.name.as_str()), ("address", self.address.as_str())].into_iter().chain(given).collect()
    }
}
