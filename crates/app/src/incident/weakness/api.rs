//! Weaknesses for programs: the register, which incidents showed one, how it was resolved, and what is being done.

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Listed, Op};
use platform::authz::{Actor, Side};
use platform::cases::api::{CaseTask, viewed, whole};
use platform::cases::tasks::NewTask;
use platform::register::{Enters, Picks, Records, Register, shown};
use platform::web::Answer;
use platform::{Cx, Result};
use sea_orm::Condition;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act;
use super::model::{Details, WEAKNESSES};
use super::pages::{blank, keeps_whose, picks, record_of, tasks_of, tells_history};
use super::store::{self, Weakness};
use crate::incident::model::Incidents;

/// The register of weaknesses.
pub struct Weaknesses;

impl Records for Weaknesses {
    const REGISTER: &'static Register = &WEAKNESSES;
    const NAME: &'static str = "Weakness";
    const ACTIONS: [&'static str; 2] = ["weakness.view", "weakness.change"];
    type Entity = store::Entity;
    type Thing = Weakness;
    type Details = Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn things(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<Weakness>> {
        store::opened(cx, cx.db(), rows).await
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<Weakness> {
        store::get(cx, cx.db(), id).await
    }

    fn stamp(of: &Weakness) -> (Uuid, i32) {
        (of.row.id, of.row.version)
    }

    fn record(of: &Weakness) -> Result<Value> {
        record_of(of)
    }

    fn kept(cx: &Cx, of: &Weakness) -> &'static [&'static str] {
        if keeps_whose(cx, of) { &["party", "contract"] } else { &[] }
    }

    fn tells_history(cx: &Cx, _: &Weakness) -> bool {
        tells_history(cx)
    }

    async fn picks(cx: &Cx, _: &Weakness) -> Result<Picks> {
        picks(cx).await
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: Details) -> Result<()> {
        act::change(cx, id, version, &details).await
    }
}

impl Enters for Weaknesses {
    const ADD: &'static str = "weakness.add";
    type New = Details;

    fn blank(cx: &Cx) -> Result<(Weakness, Value)> {
        Ok((blank(cx)?, json!({})))
    }

    async fn picks_of_new(cx: &Cx) -> Result<Picks> {
        picks(cx).await
    }

    async fn add(cx: &Cx, new: Details) -> Result<Uuid> {
        act::add(cx, &new, None).await
    }
}

/// The routes.
pub fn routes() -> Api {
    let area = Area::Registers;
    let at = |what: &str| format!("/api/v1/weaknesses/{{id}}/{what}");
    platform::register::api::<Weaknesses>()
        .add(Op::get("weaknesses.incidents", at("incidents"), area).all_of::<ShowingIncident>(), incidents)
        .add(Op::post("weaknesses.tie", at("incidents"), area).authority().takes::<TyingWeakness>().all_of::<ShowingIncident>(), tie)
        .add(
            Op::post("weaknesses.untie", at("incidents/untie"), area).authority().takes::<TyingWeakness>().all_of::<ShowingIncident>(),
            untie,
        )
        .add(
            Op::post("weaknesses.resolve", at("resolve"), area)
                .authority()
                .versioned()
                .takes::<ResolvingWeakness>()
                .answers_schema("Weakness", || platform::register::shape(&WEAKNESSES)),
            resolve,
        )
        .add(
            Op::post("weaknesses.reopen", at("reopen"), area)
                .authority()
                .versioned()
                .takes::<ReopeningWeakness>()
                .answers_schema("Weakness", || platform::register::shape(&WEAKNESSES)),
            reopen,
        )
        .add(Op::get("weaknesses.tasks", at("tasks"), area).all_of::<CaseTask>(), tasks)
        .add(Op::post("weaknesses.order", at("tasks"), area).authority().takes::<OrderingRemedy>().all_of::<CaseTask>().makes(), order)
        .add(Op::get("incidents.weaknesses", "/api/v1/incidents/{id}/weaknesses", Area::Cases).all_of::<ShownWeakness>(), of_incident)
}

/// An incident that showed a weakness.
#[derive(Serialize, ToSchema)]
struct ShowingIncident {
    /// Its id.
    id: Uuid,
    /// Its reference.
    reference: Option<String>,
    /// Where it stands.
    stage: String,
}

/// A weakness that an incident showed.
#[derive(Serialize, ToSchema)]
struct ShownWeakness {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: String,
    /// `open` or `resolved`.
    state: String,
}

async fn seen(call: &Call) -> Result<Weakness> {
    let of = store::get(&call.cx, call.cx.db(), call.id("id")?).await?;
    call.cx.permit("weakness.view", &of)?;
    Ok(of)
}

async fn incidents(call: Call) -> Answer {
    let of = seen(&call).await?;
    let all = store::incidents_of(&call.cx, call.cx.db(), of.row.id).await?;
    let of = |of: crate::incident::model::Incident| ShowingIncident { id: of.case.id, reference: of.case.reference, stage: of.case.stage };
    call.listed(&Listed { items: all.into_iter().map(of).collect(), after: None })
}

async fn of_incident(call: Call) -> Answer {
    let of = viewed::<Incidents>(&call).await?;
    let all = store::of_incident(&call.cx, call.cx.db(), of.case.id).await?;
    let of = |of: Weakness| ShownWeakness { id: of.row.id, name: of.row.name, state: of.row.state };
    call.listed(&Listed { items: all.into_iter().map(of).collect(), after: None })
}

/// Tying an incident to a weakness, or untying it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TyingWeakness {
    /// The incident.
    incident: Uuid,
}

async fn tie(call: Call) -> Answer {
    let (of, with) = (seen(&call).await?, call.body::<TyingWeakness>()?);
    act::tie(&call.cx, of.row.id, with.incident).await?;
    incidents(call).await
}

async fn untie(call: Call) -> Answer {
    let (of, with) = (seen(&call).await?, call.body::<TyingWeakness>()?);
    act::untie(&call.cx, of.row.id, with.incident).await?;
    incidents(call).await
}

/// How a weakness was resolved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResolvingWeakness {
    /// In words.
    #[schema(min_length = 1, max_length = 4000)]
    how: String,
    /// The day.
    on: Date,
}

/// Why a weakness is open again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReopeningWeakness {
    /// In words.
    #[schema(min_length = 1, max_length = 4000)]
    why: String,
}

/// The answer to a step: the weakness as it stands then, or both versions when someone was quicker.
async fn stepped(call: &Call, id: Uuid, done: Result<()>) -> Answer {
    let (cx, now) = (&call.cx, || async { shown::<Weaknesses>(&call.cx, &store::get(&call.cx, call.cx.db(), id).await?) });
    call.fresh(done, now).await?;
    let of = store::get(cx, cx.db(), id).await?;
    call.found(&shown::<Weaknesses>(cx, &of)?, Some(of.row.version))
}

async fn resolve(call: Call) -> Answer {
    let (of, with) = (seen(&call).await?, call.body::<ResolvingWeakness>()?);
    let done = act::resolve(&call.cx, of.row.id, call.version()?, &with.how, Some(with.on)).await;
    stepped(&call, of.row.id, done).await
}

async fn reopen(call: Call) -> Answer {
    let (of, with) = (seen(&call).await?, call.body::<ReopeningWeakness>()?);
    let done = act::reopen(&call.cx, of.row.id, call.version()?, &with.why).await;
    stepped(&call, of.row.id, done).await
}

async fn tasks(call: Call) -> Answer {
    let of = seen(&call).await?;
    let all = tasks_of(&call.cx, &of).await?;
    call.listed(&Listed { items: all.into_iter().map(|(_, task)| CaseTask::of(task)).collect(), after: None })
}

/// A task by which a weakness is to be resolved, with an incident that showed it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderingRemedy {
    /// The incident.
    incident: Uuid,
    /// What to do.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// More about it.
    #[schema(max_length = 4000)]
    detail: Option<String>,
    /// Whether the supplier does it; else the authority.
    supplier: bool,
    /// By when.
    due: Option<Date>,
    /// Whether the authority checks that it was done; of the supplier's only.
    #[serde(default)]
    checks: bool,
}

async fn order(call: Call) -> Answer {
    let (of, with) = (seen(&call).await?, call.body::<OrderingRemedy>()?);
    let side = if with.supplier { Side::Supplier } else { Side::Authority };
    let new = NewTask { checks: with.checks, detail: with.detail, due: with.due, ..NewTask::new(with.title, side) };
    act::order(&call.cx, of.row.id, with.incident, new).await?;
    let all = tasks_of(&call.cx, &of).await?.into_iter().map(|(_, task)| CaseTask::of(task)).collect();
    call.made(&format!("/api/v1/weaknesses/{}/tasks", of.row.id), &whole::<CaseTask>(all), None)
}
