//! Plans for programs: what the case engine gives to every kind, and beside it beginning one, and what is known of a version.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::api::{Api, Area, Call, Listed, Op};
use platform::authz::Actor;
use platform::cases::api::{self as kit, Asks, CaseFile, Cases, Plain, Reasoned, stands, viewed};
use platform::cases::lifecycle::StepDef;
use platform::cases::queue::Visible;
use platform::cases::{Case, Kind as Lifecycle};
use platform::clock::timestamp;
use platform::forms::Choices;
use platform::web::Answer;
use platform::{Cx, Error, Result, t};
use rules::form::Form;
use rules::pack::Pack;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{PLAN, Plan, Plans};
use super::{act, form_of, pages, store};
use crate::casework;
use crate::casework::handing::api::{self as handing, Beginning, Returning, Submitting, beginnings};
use crate::{pack, site};

impl Cases for Plans {
    const KIND: &'static Lifecycle = &PLAN;
    const PATH: &'static str = "/api/v1/plans";
    const ID: &'static str = "plans";
    const VIEW: &'static str = "plan.view";
    const NOTES: &'static str = "plan.read_notes";
    const RATING: &'static str = "plan.read_notes";
    const LEVELS: &'static [&'static str] = &["submit", "return", "agree", "withdraw"];
    type Thing = Plan;

    fn visible(actor: &Actor) -> Visible {
        store::visible(actor)
    }

    async fn load<D: ConnectionTrait>(db: &D, cases: Vec<Case>) -> Result<Vec<Plan>> {
        store::load_all(db, cases).await
    }

    fn case(of: &Plan) -> &Case {
        &of.case
    }

    /// Which version it is, and whether a later one took its place.
    async fn marks(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
        let rows = store::rows(cx.db(), cases.iter().filter(|case| case.closed_at.is_some()).map(|case| case.id)).await?;
        let says = |row: &store::Version| {
            let number = row.number?;
            Some(if row.superseded_by.is_some() { t!("plan-mark-superseded", number = number) } else { t!("plan-mark", number = number) })
        };
        Ok(rows.iter().filter_map(|(id, row)| Some((*id, says(row)?))).collect())
    }

    fn takes(step: &StepDef, op: Op) -> Op {
        match step.id {
            "submit" => op.takes::<Submitting>(),
            "return" => op.takes::<Returning>(),
            _ if step.needs_reason => op.takes::<Reasoned>(),
            _ => op.takes::<Plain>(),
        }
    }

    async fn take(call: &Call, step: &'static StepDef, id: Uuid, version: i32) -> Result<()> {
        let cx = &call.cx;
        match step.id {
            "submit" => handing::submit::<Self>(call, version).await,
            "return" => handing::send_back::<Self>(call, step, version).await,
            "agree" => act::agree(cx, id, version, &call.body::<Reasoned>()?.reason).await,
            "withdraw" => act::withdraw(cx, id, version, &call.body::<Reasoned>()?.reason).await,
            "discard" => act::discard(cx, id, version).await,
            other => Err(Error::internal(format!("the step {other} has no act"))),
        }
    }
}

impl Asks for Plans {
    const DRAFT: &'static str = "plan.draft";

    fn pack(cx: &Cx, case: &Case) -> Result<Arc<Pack>> {
        pack::of_case(cx, case)
    }

    fn form(pack: &Pack) -> Result<&Form> {
        form_of(pack)
    }

    async fn choices(cx: &Cx, case: &Case) -> Result<Choices> {
        site::offered::choices(cx, cx.db(), PLAN.id, case).await
    }
}

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    kit::api::<Plans>()
        .and(casework::answering::api::routes::<Plans>())
        .and(casework::api::routes::<Plans>())
        .and(casework::papers::api::<Plans>())
        .add(Op::get("plans.places", "/api/v1/plans/places", area).all_of::<Beginning>(), places)
        .add(Op::post("plans.begin", "/api/v1/plans", area).takes::<PlanPlace>().answers::<CaseFile>().makes(), begin)
        .add(Op::get("plans.readers", "/api/v1/plans/{id}/readers", area).all_of::<PlanReader>(), readers)
        .add(Op::post("plans.ask_readers", "/api/v1/plans/{id}/readers", area).takes::<AskingReaders>().all_of::<PlanReader>(), ask_readers)
        .add(
            Op::post("plans.remind_readers", "/api/v1/plans/{id}/readers/remind", area).takes::<Plain>().all_of::<PlanReader>(),
            remind_readers,
        )
        .add(
            Op::post("plans.end_reader", "/api/v1/plans/{id}/readers/end", area).takes::<EndingReader>().all_of::<PlanReader>(),
            end_reader,
        )
        .add(Op::get("plans.prompts", "/api/v1/plans/{id}/prompts", area).all_of::<PlanPrompt>(), prompts)
        .add(Op::get("plans.version", "/api/v1/plans/{id}/version", area).answers::<PlanVersion>(), version)
}

async fn places(call: Call) -> Answer {
    call.listed(&Listed { items: beginnings(&call).await?, after: None })
}

/// Where a plan begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanPlace {
    /// The place of the party whose plan it is.
    place: Uuid,
}

async fn begin(call: Call) -> Answer {
    let with: PlanPlace = call.body()?;
    let id = act::begin(&call.cx, with.place).await?;
    stands::<Plans>(&call, id).await
}

/// Which version of a plan it is.
#[derive(Serialize, ToSchema)]
struct PlanVersion {
    /// Its number; none before it is agreed.
    number: Option<i32>,
    /// Whether it is the version to work by.
    in_force: bool,
    /// When it was agreed.
    #[schema(format = DateTime)]
    agreed_at: Option<String>,
    /// The version before it.
    follows: Option<Uuid>,
    /// The version that took its place.
    superseded_by: Option<Uuid>,
    /// The change that it came of.
    change: Option<Uuid>,
}

async fn version(call: Call) -> Answer {
    let of = viewed::<Plans>(&call).await?;
    let follows = pages::before(&call.cx, &of).await?.map(|plan| plan.case.id);
    let found = PlanVersion {
        number: of.number,
        in_force: of.in_force(),
        agreed_at: of.agreed_at.map(|at| timestamp(at).to_string()),
        follows,
        superseded_by: of.superseded_by,
        change: of.change,
    };
    call.found(&found, None)
}

/// Somebody who was asked to read a version.
#[derive(Serialize, ToSchema)]
struct PlanReader {
    /// Their id.
    id: Uuid,
    /// By name.
    name: String,
    /// When they were asked.
    #[schema(format = DateTime)]
    asked_at: String,
    /// When they said that they have read it.
    #[schema(format = DateTime)]
    read_at: Option<String>,
}

async fn readers_of(call: &Call) -> Result<Vec<PlanReader>> {
    let of = viewed::<Plans>(call).await?;
    let all = store::readers::of(&call.cx, call.cx.db(), &of.case).await?;
    let of = |one: store::readers::Reader| PlanReader {
        id: one.row.id,
        name: one.name,
        asked_at: timestamp(one.row.asked_at).to_string(),
        read_at: one.row.read_at.map(|at| timestamp(at).to_string()),
    };
    Ok(all.into_iter().map(of).collect())
}

async fn readers(call: Call) -> Answer {
    call.listed(&Listed { items: readers_of(&call).await?, after: None })
}

/// Asking people to read the version in force.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskingReaders {
    /// The people.
    #[schema(min_items = 1, max_items = 2000)]
    people: Vec<ReaderAsked>,
}

/// Somebody who is to read it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReaderAsked {
    /// By name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Where the link goes.
    #[schema(min_length = 3, max_length = 254)]
    email: String,
}

async fn ask_readers(call: Call) -> Answer {
    let id = viewed::<Plans>(&call).await?.case.id;
    let with: AskingReaders = call.body()?;
    let lines: Vec<String> = with.people.iter().map(|one| format!("{}, {}", one.name.replace(['\n', '\r'], " "), one.email)).collect();
    act::readers::ask(&call.cx, id, &act::readers::people(&lines.join("\n"))?).await?;
    call.listed(&Listed { items: readers_of(&call).await?, after: None })
}

/// Somebody is no longer to know a version.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndingReader {
    /// Their id.
    reader: Uuid,
}

async fn end_reader(call: Call) -> Answer {
    let id = viewed::<Plans>(&call).await?.case.id;
    act::readers::end(&call.cx, id, call.body::<EndingReader>()?.reader).await?;
    call.listed(&Listed { items: readers_of(&call).await?, after: None })
}

async fn remind_readers(call: Call) -> Answer {
    let id = viewed::<Plans>(&call).await?.case.id;
    call.body::<Plain>()?;
    act::readers::remind(&call.cx, id).await?;
    call.listed(&Listed { items: readers_of(&call).await?, after: None })
}

/// Something that was added elsewhere, may change the plan, and was not told of yet.
#[derive(Serialize, ToSchema)]
struct PlanPrompt {
    /// Its id, which a notice or request names.
    id: Uuid,
    /// What it is to a plan: `site`, `system`, `transfer_route`, `sub_contractor`, `offshore_element`.
    added: String,
    /// The kind of what was added: `site`, `information_system`, `transfer_route`, `place`, `arrangement`, `subprocessor`.
    kind: String,
    /// What was added.
    thing: Uuid,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

async fn prompts(call: Call) -> Answer {
    let of = viewed::<Plans>(&call).await?;
    let waiting = match of.case.place {
        Some(place) if of.in_force() => store::prompts::waiting(call.cx.db(), place).await?,
        _ => Vec::new(),
    };
    let of = |one: store::prompts::Model| PlanPrompt {
        id: one.id,
        added: one.added,
        kind: one.kind,
        thing: one.thing,
        at: timestamp(one.at).to_string(),
    };
    call.listed(&Listed { items: waiting.into_iter().map(of).collect(), after: None })
}
