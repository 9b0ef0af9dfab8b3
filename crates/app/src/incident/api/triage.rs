//! Triage for programs: what is taken to be known, what the tests make of it, and the kept answers on which it may rest.

use platform::Error;
use platform::api::{Api, Area, Call, Listed, Op};
use platform::cases::api::{self as kit, CaseFile, viewed};
use platform::texts::Text;
use platform::web::Answer;
use rules::incident::{Facts, decide as judge};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::check;
use crate::incident::act;
use crate::incident::known::Known;
use crate::incident::model::Incidents;
use crate::incident::relied;

/// The routes.
pub(super) fn routes() -> Api {
    let (area, at) = (Area::Cases, |what: &str| format!("/api/v1/incidents/{{id}}/{what}"));
    Api::new()
        .add(Op::get("incidents.facts", at("triage"), area).answers::<check::api::IncidentAdvice>(), triaged)
        .add(Op::put("incidents.triage", at("triage"), area).versioned().takes::<Triaging>().answers::<CaseFile>(), triage)
        .add(Op::get("incidents.authority_data", at("authority-data"), area).all_of::<AuthorityDataKept>(), kept)
}

/// What the tests make of what is taken to be known: of what whoever triaged it said, else of what the report says.
async fn triaged(call: Call) -> Answer {
    let of = viewed::<Incidents>(&call).await?;
    call.cx.permit("incident.read_notes", &of)?;
    let known = Known::read(&call.cx, &of.case).await?;
    call.found(&judge(&known.facts).to_json(&check::words), Some(of.case.version))
}

/// What is taken to be known of a report, as `vouchsafe rules incident` reads it; what is left out is not known.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Triaging {
    /// The facts, by name.
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
    /// The kept answer whether information is authority data on which `asset_involved` rests, if it rests on one; see `authority-data`.
    relies_on: Option<Uuid>,
}

async fn triage(call: Call) -> Answer {
    let id = viewed::<Incidents>(&call).await?.case.id;
    let with: Triaging = call.body()?;
    let sent = Value::Object(with.facts).to_string();
    let facts = Facts::from_json(&sent).map_err(|bad| {
        let path = bad.path.replacen('$', "facts", 1);
        Error::field(path, Text::new("check-fault").with("problem", &bad.problem))
    })?;
    let done = act::triage(&call.cx, id, call.version()?, &facts, with.relies_on).await;
    kit::moved::<Incidents>(&call, id, done).await
}

/// What was decided about information under a contract of an incident.
#[derive(Serialize, ToSchema)]
struct AuthorityDataKept {
    /// The answer.
    id: Uuid,
    /// The contract.
    contract: Uuid,
    /// What the information is.
    information: String,
    /// What was decided: `authority_data`, `not_authority_data` or `undetermined`.
    outcome: String,
    /// What it said when triage was last rested on it; none where triage does not rest on it.
    relied_on: Option<String>,
}

/// The answers that were kept for the contracts of an incident, for whoever triages it.
async fn kept(call: Call) -> Answer {
    let of = viewed::<Incidents>(&call).await?;
    let cx = &call.cx;
    cx.permit("incident.read_notes", &of)?;
    let last = relied::last(cx, cx.db(), &of.case).await?;
    let offered = relied::offered(cx, &of.case).await?;
    let items = offered.into_iter().map(|row| AuthorityDataKept {
        relied_on: last.as_ref().filter(|last| last.authority_data == row.id).map(|last| last.outcome.clone()),
        id: row.id,
        contract: row.contract,
        information: row.information,
        outcome: row.outcome,
    });
    call.listed(&Listed { items: items.collect(), after: None })
}
