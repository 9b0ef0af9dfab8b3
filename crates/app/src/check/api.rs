//! `POST /api/v1/rules/offshoring` and `/api/v1/rules/incident`: facts in, decision out.

use platform::api::{Api, Area, Call, Op};
use platform::texts::Text;
use platform::web::Answer;
use platform::{Error, Result};
use rules::authority_data;
use rules::incident as incidents;
use rules::offshoring::{Facts, decide, facts_schema};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// The routes.
pub(super) fn routes() -> Api {
    let op = |what: &'static str| Op::post(format!("rules.{what}"), format!("/api/v1/rules/{what}"), Area::Public);
    Api::new()
        .add(op("offshoring").reads_itself("OffshoringFacts", || schema(facts_schema())).answers::<Outcome>(), offshoring)
        .add(
            op("authority-data")
                .reads_itself("AuthorityDataFacts", || schema(authority_data::facts_schema()))
                .answers::<AuthorityDataAnswer>(),
            authority,
        )
        .add(op("incident").reads_itself("IncidentFacts", || schema(incidents::facts_schema())).answers::<IncidentAdvice>(), incident)
}

/// The schema of facts as the document holds it.
fn schema(facts: Value) -> RefOr<Schema> {
    serde_json::from_value(facts).unwrap_or_else(|_| platform::api::object([], false))
}

/// What the tests make of a report of an incident (SEC-10, SEC-X1), with their reasons. They advise: the authority decides.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentAdvice {
    /// `incident`, `not_incident` or `undetermined`.
    outcome: String,
    /// The limbs that hold: `attempt`, `loss`, `process_breakdown`.
    limbs: Vec<String>,
    /// The categories.
    categories: Vec<String>,
    /// Whether an item is `lost` or `misplaced`.
    lost_or_misplaced: Option<String>,
    /// Whether it must be reported.
    must_report: bool,
    /// The rules that fired.
    because: Vec<Because>,
    /// Facts whose knowledge could change the outcome.
    missing: Vec<String>,
}

/// Whether a piece of information is authority data (SEC-9b, OFF-2b), with the reasons.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuthorityDataAnswer {
    /// `authority_data`, `not_authority_data` or `undetermined`.
    outcome: String,
    /// The limbs that hold: `received`, `because_of_contract`, `personal_data`.
    limbs: Vec<String>,
    /// The rules that fired.
    because: Vec<Because>,
    /// Facts whose knowledge could change the outcome.
    missing: Vec<String>,
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

impl Because {
    /// The reasons of a decision, in words.
    pub(crate) fn all<O: rules::decision::Outcome>(explained: &rules::decision::Explained<O>) -> Vec<Self> {
        let of = |reason: &rules::decision::Reason| Self {
            rule: reason.rule.to_owned(),
            source: reason.source.iter().map(|paragraph| (*paragraph).to_owned()).collect(),
            text: super::words(&reason.message_id(O::DECISION), &reason.args),
        };
        explained.because.iter().map(of).collect()
    }
}

/// Decides on the facts in the body. Bad input is answered with 422 and the path of the fault.
async fn offshoring(call: Call) -> Answer {
    let facts = read(call.file())?;
    call.found(&decide(&facts).to_json(&super::words), None)
}

/// Puts the tests to the facts in the body.
async fn incident(call: Call) -> Answer {
    let facts = said(incidents::Facts::from_json(text(call.file())?).map_err(|bad| (bad.path, bad.problem)))?;
    call.found(&incidents::decide(&facts).to_json(&super::words), None)
}

/// Decides whether the information of the facts in the body is authority data.
async fn authority(call: Call) -> Answer {
    let facts = said(authority_data::Facts::from_json(text(call.file())?).map_err(|bad| (bad.path, bad.problem)))?;
    call.found(&authority_data::decide(&facts).to_json(&super::words), None)
}

fn read(body: &[u8]) -> Result<Facts> {
    said(Facts::from_json(text(body)?).map_err(|bad| (bad.path, bad.problem)))
}

fn text(body: &[u8]) -> Result<&str> {
    std::str::from_utf8(body).map_err(|_| Error::field("$", Text::new("error-not-text")))
}

/// What was read; where something is wrong with it, its path and what that is.
fn said<T>(read: std::result::Result<T, (String, String)>) -> Result<T> {
    read.map_err(|(path, problem)| Error::field(path, Text::new("check-fault").with("problem", problem)))
}
