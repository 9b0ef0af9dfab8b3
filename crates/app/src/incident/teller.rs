//! Who tells the people whom an incident concerns, and that they were told: as it stands in what is recorded ([`super::regulator`]).

use jiff::civil::Date;
use platform::texts;
use serde::{Deserialize, Serialize};

/// Who tells the people concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Teller {
    /// The authority.
    Authority,
    /// The supplier, as the authority instructs it.
    Supplier,
}

impl Teller {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Authority, Self::Supplier];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Supplier => "supplier",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|teller| teller.code() == code)
    }

    /// In words.
    pub fn says(self) -> String {
        texts::t(&format!("regulator-people-by-{}", self.code()))
    }
}

/// That they were told, as it was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Informed {
    /// The day.
    pub on: Date,
    /// How it was done.
    pub how: String,
}
