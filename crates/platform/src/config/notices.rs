//! `[notices]`: when people are reminded of what is due.

use serde::{Deserialize, Serialize};

use crate::error::Result;

/// `[notices]`: when people are reminded of tasks and cases that wait for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notices {
    /// How many days before the day it is due somebody is first reminded.
    pub first_days: i64,
    /// How many days before that day somebody is reminded again.
    pub again_days: i64,
    /// After how many days of being late whoever is responsible for the contract, and the lead of its supplier, are told too.
    pub ignored_days: i64,
}

impl Default for Notices {
    fn default() -> Self {
        Self { first_days: 7, again_days: 1, ignored_days: 7 }
    }
}

impl Notices {
    pub(super) fn check(&self, wrong: &dyn Fn(&str, String) -> Result<()>) -> Result<()> {
        for (key, days) in
            [("notices.first_days", self.first_days), ("notices.again_days", self.again_days), ("notices.ignored_days", self.ignored_days)]
        {
            if !(0..=365).contains(&days) {
                return wrong(key, format!("{days} must be between 0 and 365 days"));
            }
        }
        Ok(())
    }
}
