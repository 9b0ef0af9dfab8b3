//! Incidents that others recorded, through acts, pages and files.

mod importing;
mod out;
mod pages;
mod twin;

use platform::Cx;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::act::{self, Told};
use super::store::{self, Model};
use crate::offshoring::tests::world::World;

/// An incident of VERIS 1.4 that happened to `victim`.
pub(crate) fn incident(id: &str, victim: &str) -> Value {
    json!({
        "schema_version": "1.4.1",
        "incident_id": id,
        "source_id": "Harbour watch",
        "security_incident": "Confirmed",
        "summary": "A disk with payslips was taken from a car.",
        "victim": { "victim_id": victim, "country": ["GB"], "industry": "92", "employee_count": "101 to 1000", "government": ["Unknown"] },
        "timeline": { "incident": { "year": 2024, "month": 5, "day": 8 } },
        "discovery_method": { "internal": { "variety": ["Reported by employee"] } },
        "actor": { "partner": { "country": ["GB"], "motive": ["Unknown"], "name": ["Gannet Couriers"] } },
        "action": { "physical": { "variety": ["Theft"], "vector": ["Personal vehicle"] } },
        "asset": { "assets": [{ "variety": "M - Disk drive" }], "cloud": ["Unknown"] },
        "attribute": { "confidentiality": { "data_disclosure": "Potentially", "data": [{ "variety": "Personal" }], "data_total": 250 } },
        "plus": {}
    })
}

/// Brings these in as one file, an incident a line.
pub(crate) async fn take(cx: &Cx, incidents: &[Value]) -> Vec<Told> {
    let lines: Vec<String> = incidents.iter().map(Value::to_string).collect();
    act::import(cx, &[("incidents.jsonl", lines.join("\n").as_bytes())]).await.unwrap()
}

/// One record of this victim's.
pub(crate) async fn entered(cx: &Cx, victim: &str) -> Uuid {
    let told = take(cx, &[incident(&format!("of {victim}"), victim)]).await;
    let reference = told[0].reference.clone().unwrap();
    let found = store::Entity::find().filter(store::Column::Reference.eq(reference));
    found.one(cx.db()).await.unwrap().unwrap().id
}

async fn everything(world: &World) -> Vec<Model> {
    let mut all = store::Entity::find().all(world.app.core.db.reader()).await.unwrap();
    all.sort_by(|a, b| a.reference.cmp(&b.reference));
    all
}
