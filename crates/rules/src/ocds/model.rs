//! What is read of a release.

use serde::{Deserialize, Serialize};

use crate::country::Country;
pub use crate::split::Reason;

/// Longest name, title, code or id that is taken, in characters: they are indexed.
pub(super) const LONGEST: usize = 500;

/// How many parties, suppliers and awards a release names, whether it is taken or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Entries of `parties`.
    pub parties: usize,
    /// Organisations that supply: parties in that role, and suppliers of awards that are no party of the release. Each counts once.
    pub suppliers: usize,
    /// Entries of `awards`.
    pub awards: usize,
}

/// One release of the input, or what stands where one should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The line of its file on which it begins, from 1.
    pub line: u64,
    /// Its contracting process, where it names one.
    pub ocid: Option<String>,
    /// Its own id, or the one derived for it.
    pub id: Option<String>,
    /// What it counts.
    pub counts: Counts,
    /// Warnings, and what keeps it out.
    pub reasons: Vec<Reason>,
    /// SHA-256 of its content, whatever the order of its fields.
    pub digest: [u8; 32],
    /// The release, unless it is kept out.
    pub release: Option<Release>,
    /// Whether the same release with the same content came before in this input. `release` is empty then.
    pub repeated: bool,
}

impl Line {
    /// Whether it is kept out.
    #[must_use]
    pub fn quarantined(&self) -> bool {
        self.release.is_none() && !self.repeated
    }
}

/// A release that can be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// Its contracting process.
    pub ocid: String,
    /// Its id, unique within the process.
    pub id: String,
    /// Its instant, in milliseconds UTC.
    pub at_ms: i64,
    /// What it tells of: `tender`, `award`, `awardUpdate` and so on.
    pub tags: Vec<String>,
    /// Title of the tender.
    pub title: Option<String>,
    /// Description of the tender.
    pub description: Option<String>,
    /// The period that the tender foresees for the contract.
    pub period: Option<Period>,
    /// The value that the tender foresees.
    pub value: Option<Money>,
    /// Who buys.
    pub buyer: Option<Organisation>,
    /// Every organisation that takes part.
    pub parties: Vec<Organisation>,
    /// The awards.
    pub awards: Vec<Award>,
    /// The contracts.
    pub contracts: Vec<Contract>,
}

/// An organisation, as far as the release describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// What the publisher calls it within its data.
    pub local_id: Option<String>,
    /// Its name; the legal name where there is no other.
    pub name: Option<String>,
    /// The register that knows it, such as `GB-COH`.
    pub scheme: Option<String>,
    /// Its number in that register.
    pub number: Option<String>,
    /// What it does here: `buyer`, `supplier` and so on.
    pub roles: Vec<String>,
    /// Its country, where what is written means one.
    pub country: Option<Country>,
    /// The country as written.
    pub country_stated: Option<String>,
    /// Its address in lines.
    pub address: Option<String>,
}

impl Organisation {
    /// Register and number, where both are given.
    #[must_use]
    pub fn identifier(&self) -> Option<(&str, &str)> {
        Some((self.scheme.as_deref()?, self.number.as_deref()?))
    }
}

/// An amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// In the currency's smallest unit.
    pub minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// From a day to a day, both ISO 8601 as written in the release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub starts_on: Option<String>,
    /// The last day.
    pub ends_on: Option<String>,
}

/// An award: who gets it, for what, at which price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Award {
    /// Its id within the process.
    pub id: String,
    /// Title.
    pub title: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// `pending`, `active`, `cancelled` or `unsuccessful`; others as written.
    pub status: Option<String>,
    /// Value.
    pub value: Option<Money>,
    /// When the contract runs.
    pub period: Option<Period>,
    /// Who gets it, each with all that the release says of it.
    pub suppliers: Vec<Organisation>,
}

/// A contract signed for an award.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    /// Its id within the process.
    pub id: String,
    /// The award that it is for.
    pub award: String,
    /// Title.
    pub title: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// `pending`, `active`, `cancelled` or `terminated`; others as written.
    pub status: Option<String>,
    /// Value.
    pub value: Option<Money>,
    /// When it runs.
    pub period: Option<Period>,
}
