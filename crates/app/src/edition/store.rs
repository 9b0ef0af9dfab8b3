//! What rests on a pack: read from the tables of those whose it is, by their own stores.

use std::collections::{BTreeMap, BTreeSet};

use platform::cases::store as cases;
use platform::forms::drafts;
use platform::{Cx, Error, Result};
use rules::form::Answers;
use rules::pack::Difference;
use serde_json::Value;

use super::model::{Dropped, Touched};
use crate::contract;

/// What rests on a pack, and what of it an edition with this difference leaves behind.
///
/// # Errors
/// When the database fails.
pub async fn touched(cx: &Cx, pack: &str, difference: &Difference) -> Result<Touched> {
    Ok(Touched {
        contracts: contract::store::naming(cx.db(), pack).await?,
        cases: cases::running_by_edition(cx.db(), pack).await?,
        dropped: dropped(cx, pack, difference).await?,
    })
}

/// The questions that are no longer asked, each with the number of cases that hold an answer to it. Only where there are any is anything
/// opened.
///
/// # Errors
/// When the database fails.
pub async fn dropped(cx: &Cx, pack: &str, difference: &Difference) -> Result<Vec<Dropped>> {
    let mut found: Vec<Dropped> = difference
        .dropped()
        .map(|gone| Dropped { form: gone.form.clone().unwrap_or_default(), id: gone.id.clone(), label: gone.title.clone(), answers: 0 })
        .collect();
    let forms: BTreeSet<String> = found.iter().map(|question| question.form.clone()).collect();
    for form in forms {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (case, round) in cases::answering(cx.db(), pack, &form).await? {
            match drafts::load(cx, case, round).await {
                Ok(kept) => {
                    for id in answered(&kept.answers) {
                        *counts.entry(id).or_default() += 1;
                    }
                }
                // Its key was destroyed: there is no answer left.
                Err(Error::Conflict(_)) => {}
                Err(other) => return Err(other),
            }
        }
        for question in found.iter_mut().filter(|question| question.form == form) {
            question.answers = counts.get(&question.id).copied().unwrap_or(0);
        }
    }
    Ok(found)
}

/// The questions that are answered, those within groups included.
fn answered(answers: &Answers) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (id, value) in answers.iter() {
        if value.is_null() {
            continue;
        }
        found.insert(id.to_owned());
        let entries = value.as_array().into_iter().flatten().filter_map(Value::as_object);
        for entry in entries {
            found.extend(entry.iter().filter(|(_, value)| !value.is_null()).map(|(id, _)| id.clone()));
        }
    }
    found
}
