//! Papers about an incident for programs: the report, and the acknowledgement that it has arrived.

use platform::api::{Api, Area, Call, Op};
use platform::cases::api::{viewed, whole};
use platform::web::Answer;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::incident::act;
use crate::incident::model::Incidents;
use crate::paper::api::{Paper, papers_of};
use crate::paper::model::Kind;

/// The routes.
pub(super) fn routes() -> Api {
    let make = Op::post("incidents.make_paper", "/api/v1/incidents/{id}/papers", Area::Cases);
    Api::new().add(make.takes::<MakingIncidentPaper>().all_of::<Paper>().makes(), make_paper)
}

/// Which paper to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MakingIncidentPaper {
    /// Its kind.
    kind: IncidentPaperKind,
}

/// A kind of paper about an incident.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum IncidentPaperKind {
    /// What was reported.
    Report,
    /// That the report has arrived.
    Acknowledgement,
}

async fn make_paper(call: Call) -> Answer {
    let of = viewed::<Incidents>(&call).await?;
    call.cx.permit("incident.paper", &of)?;
    let kind = match call.body::<MakingIncidentPaper>()?.kind {
        IncidentPaperKind::Report => Kind::Report,
        IncidentPaperKind::Acknowledgement => Kind::Acknowledgement,
    };
    let made = act::make_paper(&call.cx, &of, kind).await?;
    let all = papers_of(&call.cx, &of).await?;
    call.made(&format!("/api/v1/incidents/{}/papers/{made}", of.case.id), &whole(all), None)
}
