//! Handing in and returning for programs.

use platform::api::Call;
use platform::cases::api::viewed;
use platform::cases::lifecycle::StepDef;
use platform::error::FieldErrors;
use platform::forms::names;
use platform::texts::Text;
use platform::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Handed, offered, point};

/// A place for which something may be begun.
#[derive(Serialize, ToSchema)]
pub struct Beginning {
    /// The place.
    place: Uuid,
    /// Its contract and party, in words.
    title: String,
}

/// The places for which the actor may begin something.
///
/// # Errors
/// When the database fails.
pub async fn beginnings(call: &Call) -> Result<Vec<Beginning>> {
    Ok(offered(&call.cx).await?.into_iter().map(|(place, title)| Beginning { place, title }).collect())
}

/// Handing in what was drafted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submitting {
    /// That the answers are true and complete, as far as whoever hands them in knows.
    declaration: bool,
    /// After a return: what was mended.
    #[schema(max_length = 8000)]
    reply: Option<String>,
}

/// Returning, with points to mend.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Returning {
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
    /// What to mend.
    #[schema(min_items = 1, max_items = 60)]
    points: Vec<Asking>,
}

/// A point to mend.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// The question; none for the whole.
    #[schema(max_length = 80)]
    question: Option<String>,
    /// What to mend.
    #[schema(min_length = 1, max_length = 2000)]
    text: String,
}

/// Faults by the paths of the answers' JSON.
#[must_use]
pub fn pathed(error: Error) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let mut out = FieldErrors::default();
    for (name, text) in errors.iter() {
        let path = if name.starts_with("q.") { format!("answers.{}", names::path(name)) } else { name.to_owned() };
        out.add(path, text.clone());
    }
    Error::Invalid(out)
}

/// Hands a case in.
///
/// # Errors
/// As [`Handed::submit`].
pub async fn submit<P: Handed>(call: &Call, version: i32) -> Result<()> {
    let with: Submitting = call.body()?;
    let of = viewed::<P>(call).await?;
    P::submit(&call.cx, of, version, with.declaration, with.reply.as_deref()).await.map(|_| ()).map_err(pathed)
}

/// Returns a case with points.
///
/// # Errors
/// As [`Handed::send_back`].
pub async fn send_back<P: Handed>(call: &Call, step: &StepDef, version: i32) -> Result<()> {
    let with: Returning = call.body()?;
    let of = viewed::<P>(call).await?;
    let case = P::case(&of);
    if !step.from.contains(&case.stage.as_str()) {
        let text = Text::new("case-step-not-now").with("step", P::KIND.step_name(step.id));
        return Err(Error::Conflict(text.with("stage", P::KIND.stage_name(&case.stage))));
    }
    let pack = P::pack(&call.cx, case)?;
    let form = P::form(&pack)?;
    let points: Vec<_> = with.points.iter().map(|p| point(form, p.question.as_deref(), &p.text)).collect();
    P::send_back(&call.cx, case.id, version, &with.reason, &points).await
}
