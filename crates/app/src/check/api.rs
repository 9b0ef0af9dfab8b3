//! `POST /api/v1/rules/offshoring`: facts in, decision out.

use platform::api::{Api, Area, Call, Op};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::web::Answer;
use platform::{Error, Result};
use rules::offshoring::{Facts, decide, facts_schema};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// The routes.
pub(super) fn routes() -> Api {
    Api::new().add(
        Op::post("rules.offshoring", "/api/v1/rules/offshoring", Area::Public)
            .reads_itself(
                "OffshoringFacts",
                serde_json::from_value::<RefOr<Schema>>(facts_schema()).unwrap_or_else(|_| platform::api::object([], false)),
            )
            .answers::<Outcome>(),
        offshoring,
    )
}

/// A decision on offshoring, with its reasons.
#[derive(Serialize, ToSchema)]
pub(crate) struct Outcome {
    /// `offshoring`, `not_offshoring` or `undetermined`.
    outcome: String,
    /// The answer for each activity, in the order asked.
    activities: Vec<ActivityOutcome>,
}

/// A decision on one activity.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActivityOutcome {
    /// `offshoring`, `not_offshoring` or `undetermined`.
    outcome: String,
    /// The rules that fired.
    because: Vec<Because>,
    /// Facts whose knowledge could change the answer.
    missing: Vec<String>,
}

/// A rule that fired.
#[derive(Serialize, ToSchema)]
pub(crate) struct Because {
    /// Its code.
    rule: String,
    /// The paragraphs that it comes from.
    source: Vec<String>,
    /// In words.
    text: String,
}

/// Decides on the facts in the body. Bad input is answered with 422 and the path of the fault.
async fn offshoring(call: Call) -> Answer {
    let facts = read(call.file())?;
    call.found(&decide(&facts).to_json(&super::words), None)
}

fn read(body: &[u8]) -> Result<Facts> {
    let fault = |path: &str, what: Text| {
        let mut errors = FieldErrors::default();
        errors.add(path, what);
        Error::Invalid(errors)
    };
    let text = std::str::from_utf8(body).map_err(|_| fault("$", Text::new("error-not-text")))?;
    Facts::from_json(text).map_err(|bad| fault(&bad.path, Text::new("check-fault").with("problem", bad.problem)))
}
