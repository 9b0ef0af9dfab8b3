//! The contracts that a release awards.

use serde::Serialize;

use super::model::{Award, Money, Organisation, Period, Release};

/// Where a contract stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not in force yet.
    Planned,
    /// In force.
    Active,
    /// No longer in force.
    Ended,
    /// It never came about, or was called off: there is nothing to keep.
    Void,
}

/// One contract: a contract of the release, or an award that has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// The same in every release that tells of it: process, award and, where there is one, contract.
    pub key: String,
    /// Whether only an award is known: a contract of the same award takes its place later.
    pub award_only: bool,
    /// The contracting process.
    pub ocid: String,
    /// The contract's title, else the award's, else the tender's, else the process.
    pub title: String,
    /// The description, taken the same way.
    pub description: Option<String>,
    /// Who gets it.
    pub suppliers: Vec<Organisation>,
    /// The value.
    pub value: Option<Money>,
    /// When it runs.
    pub period: Option<Period>,
    /// Where it stands.
    pub state: State,
    /// The buyer's name.
    pub buyer: Option<String>,
}

/// The contracts of a release, in order: one for each contract, and one for each award that no contract names.
#[must_use]
pub fn agreements(release: &Release) -> Vec<Agreement> {
    let mut all = Vec::new();
    for contract in &release.contracts {
        let award = release.awards.iter().find(|award| award.id == contract.award);
        let state = match contract.status.as_deref() {
            Some("pending") => State::Planned,
            Some("terminated") => State::Ended,
            Some("cancelled") => State::Void,
            _ => State::Active,
        };
        let key = format!("{}/{}/{}", release.ocid, contract.award, contract.id);
        let mut agreement = base(release, award, key, state);
        agreement.title = contract.title.clone().unwrap_or(agreement.title);
        agreement.description = contract.description.clone().or(agreement.description);
        agreement.value = contract.value.clone().or(agreement.value);
        agreement.period = contract.period.clone().or(agreement.period);
        all.push(agreement);
    }
    for award in &release.awards {
        if release.contracts.iter().any(|contract| contract.award == award.id) {
            continue;
        }
        let state = match award.status.as_deref() {
            Some("pending") => State::Planned,
            Some("cancelled" | "unsuccessful") => State::Void,
            _ => State::Active,
        };
        let mut agreement = base(release, Some(award), format!("{}/{}", release.ocid, award.id), state);
        agreement.award_only = true;
        all.push(agreement);
    }
    all
}

fn base(release: &Release, award: Option<&Award>, key: String, state: State) -> Agreement {
    let of = |pick: fn(&Award) -> Option<String>| award.and_then(pick);
    Agreement {
        key,
        award_only: false,
        ocid: release.ocid.clone(),
        title: of(|a| a.title.clone()).or_else(|| release.title.clone()).unwrap_or_else(|| release.ocid.clone()),
        description: of(|a| a.description.clone()).or_else(|| release.description.clone()),
        suppliers: award.map(|a| a.suppliers.clone()).unwrap_or_default(),
        value: award.and_then(|a| a.value.clone()),
        period: award.and_then(|a| a.period.clone()).or_else(|| release.period.clone()),
        state,
        buyer: release.buyer.as_ref().and_then(|buyer| buyer.name.clone()),
    }
}
