//! What the agreed plan of a place answers, for whoever asks about the same elsewhere and may read that plan.

use platform::{Cx, Result};
use serde_json::Value;
use uuid::Uuid;

use super::model::{Plan, Plans};
use super::store;
use crate::casework::answering::documents;
use crate::contract::chain;

/// What the version to work by answers to one of its questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The version.
    pub plan: Plan,
    /// The answer, in words; none where it is sealed or was destroyed: then it is asked for on the page of the plan.
    pub says: Option<String>,
}

/// What the plan to work by at a place answers to a question in words, as far as the actor may read that plan; of a place without one, the nearest
/// above that has one. None where there is none, the actor may not read it, or nothing was answered.
///
/// # Errors
/// When the database fails, or a document was changed behind our back.
pub async fn says(cx: &Cx, place: Uuid, question: &str) -> Result<Option<Agreed>> {
    let mut here = Some(place);
    while let Some(at) = here {
        let Some(plan) = store::in_force(cx.db(), at).await? else {
            here = chain::place_above(cx.db(), at).await?;
            continue;
        };
        // One that the actor may not read stands in the way of those above: they are not the ones to work by there.
        return if cx.may("plan.view", &plan) { answered(cx, plan, question).await } else { Ok(None) };
    }
    Ok(None)
}

async fn answered(cx: &Cx, plan: Plan, question: &str) -> Result<Option<Agreed>> {
    let Some((_, document)) = documents::<Plans>(cx, &plan.case).await?.pop() else { return Ok(Some(Agreed { plan, says: None })) };
    let answer = document.sections.into_iter().flat_map(|section| section.answers).find(|answer| answer.id == question);
    Ok(match answer {
        Some(answer) if answer.sensitive => Some(Agreed { plan, says: None }),
        Some(answer) => match answer.value {
            Value::String(text) if !text.trim().is_empty() => Some(Agreed { plan, says: Some(text) }),
            _ => None,
        },
        None => None,
    })
}
