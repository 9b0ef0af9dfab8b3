//! Incidents that others recorded, for programs.

use axum::response::IntoResponse as _;
use platform::api::{Api, Area, Call, Listed, Op, Param, Takes};
use platform::authz::Actor;
use platform::register::{self, Picks, Records, Register};
use platform::texts::Text;
use platform::web::Answer;
use platform::{Cx, Error, Result};
use sea_orm::Condition;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::Told;
use super::model::{Details, INCIDENT_RECORDS};
use super::store::{self, Model};
use super::{act, pages};
use crate::party;

/// The register of incidents that others recorded.
pub struct IncidentRecords;

impl Records for IncidentRecords {
    const REGISTER: &'static Register = &INCIDENT_RECORDS;
    const NAME: &'static str = "RecordedIncident";
    const ACTIONS: [&'static str; 2] = ["incident_record.view", "incident_record.change"];
    type Entity = store::Entity;
    type Thing = Model;
    type Details = Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn things(_: &Cx, rows: Vec<Model>) -> Result<Vec<Model>> {
        Ok(rows)
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<Model> {
        store::get(cx.db(), id).await
    }

    fn stamp(of: &Model) -> (Uuid, i32) {
        (of.id, of.version)
    }

    fn record(of: &Model) -> Result<Value> {
        Ok(pages::record_of(of))
    }

    fn kept(_: &Cx, _: &Model) -> &'static [&'static str] {
        &[]
    }

    fn tells_history(cx: &Cx, _: &Model) -> bool {
        cx.actor.is_authority()
    }

    async fn picks(cx: &Cx, _: &Model) -> Result<Picks> {
        party::pages::picks(cx).await
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: Details) -> Result<()> {
        act::change(cx, id, version, &details).await
    }
}

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Registers;
    let at = |what: &str| format!("/api/v1/incident-records/{what}");
    register::kept::<IncidentRecords>()
        .add(
            Op::post("incident-records.import", at("import"), area)
                .authority()
                .queries([Param::new("name", Takes::Text(200))])
                .takes_file("application/json")
                .all_of::<Told>(),
            import,
        )
        .add(Op::post("incident-records.veris", at("{id}/veris"), area).authority().reads().answers_bytes(&["application/json"]), veris)
        .add(
            Op::post("incident-records.remove", at("{id}/remove"), area).authority().versioned().takes::<Removing>().all_of::<Removed>(),
            remove,
        )
}

/// Incidents are taken in one by one: one with a fault keeps no other out. The file may be packed with gzip.
async fn import(call: Call) -> Answer {
    let cx = &call.cx;
    let name = call.query("name").unwrap_or("incidents.json");
    let items = act::import(cx, &[(name, call.file())]).await.map_err(|error| match error {
        Error::Invalid(_) => Error::field("file", Text::new("incident-record-file-broken")),
        other => other,
    })?;
    call.listed(&Listed { items, after: None })
}

async fn veris(call: Call) -> Answer {
    Ok(act::take_out(&call.cx, call.id("id")?).await?.into_response())
}

/// Removing a record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Removing {
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// A record that was removed.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = RemovedIncident)]
struct Removed {
    /// Its reference, which is not given again.
    reference: String,
}

async fn remove(call: Call) -> Answer {
    let with: Removing = call.body()?;
    let row = store::get(call.cx.db(), call.id("id")?).await?;
    call.cx.permit("incident_record.view", &row)?;
    act::remove(&call.cx, row.id, call.version()?, &with.reason).await?;
    call.listed(&Listed { items: vec![Removed { reference: row.reference }], after: None })
}
