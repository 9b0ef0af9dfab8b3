//! What systems and transfer routes are. No I/O.

use platform::Result;
use platform::error::FieldErrors;
use platform::register::{Entered, Field, Kind, Picks, Register};
use platform::texts::Text;
use rules::form::reads_as_home;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};

/// The kinds of system, by code.
pub const SYSTEM_KINDS: [&str; 7] = ["application", "cloud_service", "hosting", "network", "storage", "backup", "devices"];

/// The ways in which information travels, by code.
pub const MEANS: [&str; 8] = ["network_link", "api", "file_transfer", "portal", "email", "portable_media", "courier", "post"];

/// Between whom it travels, by code.
pub const DIRECTIONS: [&str; 4] = ["from_authority", "to_authority", "both_ways", "onward"];

/// The states of either, by code.
pub const STATES: [&str; 3] = ["planned", "in_use", ENDED];

/// The state of what is no longer in use.
pub const ENDED: &str = "ended";

/// One of the registers: what a supplier has that keeps or moves the authority's information.
pub trait Holding: Sized + Send + Sync + 'static {
    /// Its fields.
    const REGISTER: &'static Register;
    /// The name of a record's schema.
    const NAME: &'static str;
    /// The code of its list.
    const LIST: &'static str;
    /// The message of its list's title.
    const TITLE: &'static str;
    /// The address at which it is taken out.
    const EXPORT: &'static str;
    /// The action that views one.
    const VIEW: &'static str;
    /// The action that enters one.
    const ADD: &'static str;
    /// The action that changes one.
    const CHANGE: &'static str;
    /// The action that brings a file to one.
    const ATTACH: &'static str;
    /// The fields in which somebody might name where people live.
    const PLACES: &'static [&'static str];
    /// What people enter.
    type Details: Serialize + DeserializeOwned + Clone + Send + Sync + 'static;
}

/// The register of systems.
#[derive(Debug, Clone, Copy)]
pub struct Systems;

/// The register of transfer routes.
#[derive(Debug, Clone, Copy)]
pub struct TransferRoutes;

impl Holding for Systems {
    const REGISTER: &'static Register = &Register {
        kind: "information_system",
        path: "/systems",
        search: "name_key",
        fields: &[
            Field::new("name", "information-system-field-name", Kind::Text).list().sort("name_key").form().required().most(120),
            Field::new("party", "information-system-field-party", Kind::Pick).list().filter().form().required(),
            Field::new("kind", "information-system-field-kind", Kind::Choice(&SYSTEM_KINDS)).list().filter().form().required(),
            Field::new("country", "information-system-field-country", Kind::Country).list().filter().sort("country").form().required(),
            Field::new("where_kept", "information-system-field-where-kept", Kind::LongText).form().most(2000),
            Field::new("holds", "information-system-field-holds", Kind::LongText).form().required().most(3000),
            Field::new("run_by", "information-system-field-run-by", Kind::Text).form().most(300),
            Field::new("users", "information-system-field-users", Kind::LongText).form().most(2000),
            Field::new("protection", "information-system-field-protection", Kind::LongText).form().required().most(3000),
            Field::new("assurance", "information-system-field-assurance", Kind::LongText).form().most(2000),
            Field::new("state", "information-system-field-state", Kind::Choice(&STATES)).list().filter().form().required(),
        ],
    };
    const NAME: &'static str = "InformationSystem";
    const LIST: &'static str = "systems";
    const TITLE: &'static str = "information-system-list-title";
    const EXPORT: &'static str = "/systems/export";
    const VIEW: &'static str = "information_system.view";
    const ADD: &'static str = "information_system.add";
    const CHANGE: &'static str = "information_system.change";
    const ATTACH: &'static str = "information_system.attach";
    const PLACES: &'static [&'static str] = &["name", "where_kept"];
    type Details = System;
}

impl Holding for TransferRoutes {
    const REGISTER: &'static Register = &Register {
        kind: "transfer_route",
        path: "/transfer-routes",
        search: "name_key",
        fields: &[
            Field::new("name", "transfer-route-field-name", Kind::Text).list().sort("name_key").form().required().most(120),
            Field::new("party", "transfer-route-field-party", Kind::Pick).list().filter().form().required(),
            Field::new("kind", "transfer-route-field-kind", Kind::Choice(&MEANS)).list().filter().form().required(),
            Field::new("direction", "transfer-route-field-direction", Kind::Choice(&DIRECTIONS)).list().filter().form().required(),
            Field::new("from_end", "transfer-route-field-from-end", Kind::Text).form().required().most(300),
            Field::new("to_end", "transfer-route-field-to-end", Kind::Text).form().required().most(300),
            Field::new("country", "transfer-route-field-country", Kind::Country).list().filter().sort("country").form().required(),
            Field::new("carries", "transfer-route-field-carries", Kind::LongText).form().required().most(3000),
            Field::new("volume", "transfer-route-field-volume", Kind::Text).form().most(300),
            Field::new("encryption", "transfer-route-field-encryption", Kind::LongText).form().required().most(2000),
            Field::new("controls", "transfer-route-field-controls", Kind::LongText).form().most(2000),
            Field::new("state", "transfer-route-field-state", Kind::Choice(&STATES)).list().filter().form().required(),
        ],
    };
    const NAME: &'static str = "TransferRoute";
    const LIST: &'static str = "transfer-routes";
    const TITLE: &'static str = "transfer-route-list-title";
    const EXPORT: &'static str = "/transfer-routes/export";
    const VIEW: &'static str = "transfer_route.view";
    const ADD: &'static str = "transfer_route.add";
    const CHANGE: &'static str = "transfer_route.change";
    const ATTACH: &'static str = "transfer_route.attach";
    const PLACES: &'static [&'static str] = &["name", "from_end", "to_end"];
    type Details = TransferRoute;
}

/// What people enter about a system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// What its party calls it.
    pub name: String,
    /// One of [`SYSTEM_KINDS`].
    pub kind: String,
    /// Where it stands, ISO 3166-1 alpha-2.
    pub country: String,
    /// The sites, regions and further countries in which it stands or from which it is run.
    pub where_kept: Option<String>,
    /// What of the authority's information it holds or reaches.
    pub holds: String,
    /// Who runs it, if its party does not.
    pub run_by: Option<String>,
    /// Who can use it.
    pub users: Option<String>,
    /// How it is protected.
    pub protection: String,
    /// Certificates and tests, with their days.
    pub assurance: Option<String>,
    /// One of [`STATES`].
    pub state: String,
}

/// What people enter about a transfer route.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferRoute {
    /// What its party calls it.
    pub name: String,
    /// One of [`MEANS`].
    pub kind: String,
    /// One of [`DIRECTIONS`].
    pub direction: String,
    /// Where it begins: who, and in which system or at which site.
    pub from_end: String,
    /// Where it ends.
    pub to_end: String,
    /// The country at the end that is farther from the authority, ISO 3166-1 alpha-2.
    pub country: String,
    /// What of the authority's information it carries.
    pub carries: String,
    /// How often, and how much at a time.
    pub volume: Option<String>,
    /// How what travels is encrypted, and who holds the keys.
    pub encryption: String,
    /// How it is watched, and what happens to what goes astray.
    pub controls: Option<String>,
    /// One of [`STATES`].
    pub state: String,
}

/// Checks every field as the form does, and that no place is somebody's home.
///
/// # Errors
/// [`platform::Error::Invalid`] with every field that needs mending.
pub fn check<H: Holding>(details: &H::Details) -> Result<()> {
    let record = to_value(details)?;
    let _: Value = H::REGISTER.read(&Entered::sent(H::REGISTER, &record), &Value::Null, &Picks::new(), "")?;
    let mut errors = FieldErrors::default();
    for field in H::PLACES.iter().filter_map(|name| H::REGISTER.field(name)) {
        if record[field.name].as_str().is_some_and(reads_as_home) {
            errors.add(field.name, Text::new("forms-home-address").with("label", field.says()));
        }
    }
    errors.or(())
}
