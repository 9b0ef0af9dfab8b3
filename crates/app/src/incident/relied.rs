//! On which kept answer it rests that something of the authority's was involved, or not (SEC-9b, SEC-X1b): whoever triages may name one that was kept
//! for a contract of the incident. Nothing is answered by it alone, and what it said then stays beside what it says now.

use std::collections::BTreeSet;

use platform::cases::{Case, rounds};
use platform::texts::Text;
use platform::{Cx, Error, Result};
use rules::authority_data::Outcome;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store;
use crate::authority_data::store::{self as kept, Model};

/// A kept answer on which triage rests, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relied {
    /// The answer.
    pub authority_data: Uuid,
    /// What it said, by code.
    pub outcome: String,
    /// Its version then.
    #[serde(default)]
    pub version: i32,
}

/// Whether an answer bears out what is said of something of the authority's being involved. One that is open bears out nothing.
pub fn bears_out(outcome: Outcome, involved: Option<bool>) -> bool {
    match outcome {
        Outcome::AuthorityData => involved == Some(true),
        Outcome::NotAuthorityData => involved == Some(false),
        Outcome::Undetermined => false,
    }
}

/// The contracts of an incident: that of its place first.
///
/// # Errors
/// When the database fails.
pub async fn contracts<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Uuid>> {
    let also: BTreeSet<Uuid> = store::about(cx, db, case).await?.also.into_iter().map(|(_, contract)| contract).collect();
    Ok(case.contract.into_iter().chain(also.into_iter().filter(|other| Some(*other) != case.contract)).collect())
}

/// What was kept for the contracts of an incident, as far as the actor may read it.
///
/// # Errors
/// When the database fails.
pub async fn offered(cx: &Cx, case: &Case) -> Result<Vec<Model>> {
    let mut all = Vec::new();
    for contract in contracts(cx, cx.db(), case).await? {
        all.extend(kept::on_contract(cx.db(), &cx.actor, contract).await?);
    }
    Ok(all)
}

/// The answer on which the last triage of an incident rests, if it named one.
///
/// # Errors
/// When the database fails.
pub async fn last<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Option<Relied>> {
    let all = rounds::decisions(cx, db, case).await?;
    let about = all.into_iter().rfind(|decided| decided.level == "triage").and_then(|decided| decided.about);
    Ok(about.map(|about| serde_json::from_str(&about)).transpose()?)
}

/// The answer that somebody chose to rest on, where it is one of the incident's contracts and bears out what was said.
///
/// # Errors
/// [`Error::Invalid`] at `relies_on` where it is none that the actor may read there, or says otherwise.
pub async fn chosen<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, id: Uuid, involved: Option<bool>) -> Result<Relied> {
    let wrong = |text: &'static str| Error::field("relies_on", Text::new(text));
    let of = match kept::get(db, id).await {
        Err(Error::NotFound) => return Err(wrong("incident-relies-on-wrong")),
        other => other?,
    };
    if !cx.may("authority_data.view", &of) || !contracts(cx, db, case).await?.contains(&of.row.contract) {
        return Err(wrong("incident-relies-on-wrong"));
    }
    if !bears_out(of.row.outcome()?, involved) {
        return Err(wrong("incident-relies-on-otherwise"));
    }
    Ok(Relied { authority_data: id, outcome: of.row.outcome, version: of.row.version })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SEC-9b, SEC-X1b: an answer is a source for what it says alone, and an open one for nothing.
    #[test]
    fn sec_9b_an_answer_bears_out_what_it_says() {
        let cases = [
            (Outcome::AuthorityData, Some(true), true),
            (Outcome::AuthorityData, Some(false), false),
            (Outcome::AuthorityData, None, false),
            (Outcome::NotAuthorityData, Some(false), true),
            (Outcome::NotAuthorityData, Some(true), false),
            (Outcome::NotAuthorityData, None, false),
            (Outcome::Undetermined, Some(true), false),
            (Outcome::Undetermined, Some(false), false),
            (Outcome::Undetermined, None, false),
        ];
        for (outcome, involved, fits) in cases {
            assert_eq!(bears_out(outcome, involved), fits, "{outcome:?} {involved:?}");
        }
    }
}
