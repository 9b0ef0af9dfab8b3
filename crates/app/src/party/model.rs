//! What a party is, and which roles its people have.

use platform::error::{FieldErrors, Result};
use platform::register::{Field, Kind, Register};
use platform::texts::Text;
use rules::country::Country;
use serde::{Deserialize, Serialize};

/// The roles at the authority, by code, in the order shown.
pub const AUTHORITY_ROLES: [&str; 10] = [
    "administrator",
    "security",
    "contract_manager",
    "assessor",
    "procurement_lead",
    "owner",
    "management",
    "legal",
    "data_controller",
    "internal_audit",
];

/// The roles at a supplier, sub-contractor or bidder; the party's place in the chain limits them.
pub const SUPPLIER_ROLES: [&str; 2] = ["supplier_lead", "supplier_member"];

/// The classes of supplier (OUT-S), by code.
pub const CLASSES: [&str; 4] = ["maintenance", "consultants", "it_process", "temporary_staff"];

/// The sides, by code.
pub const SIDES: [&str; 2] = ["authority", "supplier"];

/// The register of parties.
pub const PARTIES: Register = Register {
    kind: "party",
    path: "/parties",
    search: "name_key",
    fields: &[
        Field::new("name", "party-field-name", Kind::Text).list().sort("name_key").form().required(),
        Field::new("side", "party-field-side", Kind::Choice(&SIDES)).filter(),
        Field::new("class", "party-field-class", Kind::Choice(&CLASSES)).list().filter().form(),
        Field::new("country", "party-field-country", Kind::Country).list().filter().sort("country").form(),
        Field::new("company_number", "party-field-company-number", Kind::Code).list().form().most(40),
        Field::new("address", "party-field-address", Kind::LongText).form().most(500),
        Field::new("owner", "party-field-owner", Kind::Text).form(),
        Field::new("owner_country", "party-field-owner-country", Kind::Country).filter().form(),
        Field::new("notes", "party-field-notes", Kind::LongText).form().most(4000),
    ],
};

/// What people enter about a party.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Its name as it writes it.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The number under which its register of companies knows it.
    pub company_number: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// The class of supplier (OUT-S).
    pub class: Option<String>,
    /// Who owns or controls it in the end.
    #[serde(default)]
    pub owner: Option<String>,
    /// Where that owner is, ISO 3166-1 alpha-2.
    #[serde(default)]
    pub owner_country: Option<String>,
    /// Remarks of the authority, never shown to the party.
    pub notes: Option<String>,
}

impl Details {
    /// A party of this name, nothing else known.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        if self.name.trim().is_empty() {
            errors.add("name", Text::new("party-name-missing"));
        }
        let limits = [
            ("name", Some(&self.name), 200),
            ("company_number", self.company_number.as_ref(), 40),
            ("address", self.address.as_ref(), 500),
            ("owner", self.owner.as_ref(), 200),
            ("notes", self.notes.as_ref(), 4000),
        ];
        for (field, value, max) in limits {
            if value.is_some_and(|v| v.chars().count() > max) {
                errors.add(field, Text::new("error-too-long").with("max", max));
            }
        }
        for (field, code) in [("country", &self.country), ("owner_country", &self.owner_country)] {
            if code.as_ref().is_some_and(|c| Country::from_code(c).is_err()) {
                errors.add(field, Text::new("register-country-unknown"));
            }
        }
        if self.class.as_ref().is_some_and(|c| !CLASSES.contains(&c.as_str())) {
            errors.add("class", Text::new("register-choose-one"));
        }
        errors.or(())
    }
}
