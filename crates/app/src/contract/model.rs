//! What a contract is. No I/O.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::error::{FieldErrors, Result};
use platform::register::{Field, Kind, Register};
use platform::texts::Text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The states of a contract, by code.
pub const STATES: [&str; 3] = ["planned", "active", "ended"];

/// The register of contracts.
pub const CONTRACTS: Register = Register {
    kind: "contract",
    path: "/contracts",
    search: "title_key",
    fields: &[
        Field::new("title", "contract-field-title", Kind::Text).list().sort("title_key").form().required(),
        Field::new("reference", "contract-field-reference", Kind::Code).list().form().most(60),
        Field::new("state", "contract-field-state", Kind::Choice(&STATES)).list().filter().form().required(),
        Field::new("signed_on", "contract-field-signed-on", Kind::Date).form(),
        Field::new("starts_on", "contract-field-starts-on", Kind::Date).list().sort("starts_on").form(),
        Field::new("ends_on", "contract-field-ends-on", Kind::Date).list().sort("ends_on").form(),
        Field::new("value_minor", "contract-field-value", Kind::Money("currency")).form(),
        Field::new("manager", "contract-field-manager", Kind::Pick).form(),
        Field::new("description", "contract-field-description", Kind::LongText).form().most(4000),
    ],
};

/// The deepest tier that a chain may have.
pub const DEEPEST: i32 = 20;

/// What people enter about a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The party that lets it, on the authority's side.
    pub authority: Uuid,
    /// Title.
    pub title: String,
    /// The authority's own reference, unique with it.
    pub reference: Option<String>,
    /// Open Contracting id, unique, for contracts taken over from published data.
    pub ocid: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// The day on which it was signed by both sides.
    #[serde(default)]
    pub signed_on: Option<Date>,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    pub ends_on: Option<Date>,
    /// Value in minor units of `currency`.
    pub value_minor: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// `planned`, `active` or `ended`.
    pub state: String,
    /// The account of the contract manager.
    pub manager: Option<Uuid>,
}

impl Details {
    /// A contract let by `authority`, planned, nothing else known.
    pub fn titled(authority: Uuid, title: &str) -> Self {
        Self {
            authority,
            title: title.to_owned(),
            reference: None,
            ocid: None,
            description: None,
            signed_on: None,
            starts_on: None,
            ends_on: None,
            value_minor: None,
            currency: None,
            state: "planned".to_owned(),
            manager: None,
        }
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        if self.title.trim().is_empty() {
            errors.add("title", Text::new("contract-title-missing"));
        }
        let limits = [
            ("title", Some(&self.title), 300),
            ("reference", self.reference.as_ref(), 60),
            ("ocid", self.ocid.as_ref(), 100),
            ("description", self.description.as_ref(), 8000),
        ];
        for (field, value, max) in limits {
            if value.is_some_and(|v| v.chars().count() > max) {
                errors.add(field, Text::new("error-too-long").with("max", max));
            }
        }
        if let (Some(first), Some(last)) = (self.starts_on, self.ends_on)
            && last < first
        {
            errors.add("ends_on", Text::new("contract-ends-before-start"));
        }
        if self.value_minor.is_some_and(|v| v < 0) {
            errors.add("value_minor", Text::new("contract-value-negative"));
        }
        let known = |c: &String| c.len() == 3 && c.bytes().all(|b| b.is_ascii_uppercase());
        if self.value_minor.is_some() != self.currency.is_some() || self.currency.as_ref().is_some_and(|c| !known(c)) {
            errors.add("currency", Text::new("contract-currency-wrong"));
        }
        if !STATES.contains(&self.state.as_str()) {
            errors.add("state", Text::new("register-choose-one"));
        }
        errors.or(())
    }
}

/// One pair of the closure: `ancestor` stands, and `descendant` is it or is below it, `depth` tiers down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// A standing place.
    pub ancestor: Uuid,
    /// The same place or one below, past ones included.
    pub descendant: Uuid,
    /// How many tiers lie between.
    pub depth: i32,
}

/// A place as the closure needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The place.
    pub id: Uuid,
    /// The place above it.
    pub above: Option<Uuid>,
    /// Whether it stands, that is, has no last day.
    pub stands: bool,
}

/// The closure of a whole chain, computed from nothing. The tables are kept step by step; tests hold them against this.
pub fn closure(spots: &[Spot]) -> BTreeSet<Pair> {
    let by_id: BTreeMap<Uuid, &Spot> = spots.iter().map(|s| (s.id, s)).collect();
    let mut out = BTreeSet::new();
    for spot in spots {
        let (mut at, mut depth) = (Some(spot.id), 0);
        while let Some(here) = at.and_then(|id| by_id.get(&id)) {
            if here.stands {
                out.insert(Pair { ancestor: here.id, descendant: spot.id, depth });
            }
            at = here.above;
            depth += 1;
            if depth > DEEPEST {
                break;
            }
        }
    }
    out
}
