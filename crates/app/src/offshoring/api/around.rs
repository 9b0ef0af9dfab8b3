//! Beginning a proposal, and what is said and done around it: history, thread, tasks, who has it.

use platform::api::{Api, Area, Call, Listed, Op};
use platform::authz::Side;
use platform::cases::api::{self as kit, CaseFile, CaseTask, Message, moved, stands, viewed, whole};
use platform::cases::tasks::NewTask;
use platform::clock::timestamp;
use platform::register::Moment;
use platform::web::Answer;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Proposals, at};
use crate::offshoring::model::Proposal;
use crate::offshoring::{act, history, pages};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    Api::new()
        .add(Op::get("proposals.places", "/api/v1/proposals/places", area).all_of::<Beginning>(), places)
        .add(Op::post("proposals.begin", "/api/v1/proposals", area).takes::<AtPlace>().answers::<CaseFile>().makes(), begin)
        .add(Op::get("proposals.history", at("history"), area).all_of::<Moment>(), timeline)
        .add(Op::post("proposals.write", at("thread"), area).takes::<Writing>().all_of::<Message>().makes(), write)
        .add(Op::post("proposals.add_task", at("tasks"), area).takes::<Tasking>().all_of::<CaseTask>().makes(), add_task)
        .add(
            Op::post("proposals.finish_task", at("tasks/{task}/finish"), area).versioned().takes::<Finishing>().all_of::<CaseTask>(),
            finish_task,
        )
        .add(Op::get("proposals.colleagues", at("colleagues"), area).all_of::<Colleague>(), colleagues)
        .add(Op::post("proposals.take_on", at("take-on"), area).versioned().answers::<CaseFile>(), take_on)
        .add(Op::post("proposals.put_back", at("put-back"), area).versioned().answers::<CaseFile>(), put_back)
        .add(Op::post("proposals.pass_to", at("pass-to"), area).versioned().takes::<Passing>().answers::<CaseFile>(), pass_to)
}

/// A place for which a proposal may be begun.
#[derive(Serialize, ToSchema)]
struct Beginning {
    /// The place.
    place: Uuid,
    /// Its contract and party, in words.
    title: String,
}

async fn places(call: Call) -> Answer {
    let items = pages::places(&call.cx).await?.into_iter().map(|(place, title)| Beginning { place, title }).collect();
    call.listed(&Listed { items, after: None })
}

/// Where a proposal begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AtPlace {
    /// The place of the party that would do the work.
    place: Uuid,
}

async fn begin(call: Call) -> Answer {
    let id = act::begin(&call.cx, call.body::<AtPlace>()?.place).await?;
    stands::<Proposals>(&call, id).await
}

async fn timeline(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let done = history::read(&call.cx, &of, history::SHOWN).await?;
    let items = done.into_iter().rev().map(|line| Moment {
        at: timestamp(line.at).to_string(),
        action: line.action,
        by: line.by,
        title: line.title,
        about: json!({ "said": line.said }),
    });
    call.listed(&Listed { items: items.collect(), after: None })
}

/// A message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Writing {
    /// What it says.
    #[schema(min_length = 1, max_length = 10000)]
    body: String,
    /// A note that the supplier never sees.
    #[serde(default)]
    internal: bool,
}

async fn write(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let with: Writing = call.body()?;
    act::write(&call.cx, of.case.id, &with.body, with.internal).await?;
    let all = kit::messages_of::<Proposals>(&call.cx, &of).await?;
    call.made(&format!("/api/v1/proposals/{}/thread", of.case.id), &whole(all), None)
}

/// A side.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Whose {
    /// The supplier's.
    Supplier,
    /// The authority's.
    Authority,
}

/// A task to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Tasking {
    /// What to do.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// More about it.
    #[schema(max_length = 4000)]
    detail: Option<String>,
    /// Which side must do it.
    side: Whose,
    /// The account that must; none while anybody of its side may.
    owner: Option<Uuid>,
    /// By when.
    due: Option<jiff::civil::Date>,
}

async fn add_task(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let with: Tasking = call.body()?;
    let side = if matches!(with.side, Whose::Supplier) { Side::Supplier } else { Side::Authority };
    let new = NewTask { title: with.title, detail: with.detail, side, role: None, owner: with.owner, due: with.due };
    act::add_task(&call.cx, of.case.id, new).await?;
    tasks(&call, &of).await
}

async fn tasks(call: &Call, of: &Proposal) -> Answer {
    let all = kit::tasks_of(&call.cx, &of.case).await?;
    call.made(&format!("/api/v1/proposals/{}/tasks", of.case.id), &whole(all), None)
}

/// What was done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Finishing {
    /// In words.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

async fn finish_task(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let note = call.body::<Finishing>()?.note;
    let done = act::finish_task(&call.cx, of.case.id, call.id("task")?, call.version()?, note).await;
    call.fresh(done, || async { Ok(whole(kit::tasks_of(&call.cx, &of.case).await?)) }).await?;
    tasks(&call, &of).await
}

/// Somebody who may have a proposal.
#[derive(Serialize, ToSchema)]
struct Colleague {
    /// The account.
    account: Uuid,
    /// The name.
    name: String,
}

async fn colleagues(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    call.cx.permit("proposal.pass_to", &of)?;
    let found = act::colleagues(&call.cx, &of).await?;
    let items = found.into_iter().map(|p| Colleague { account: p.account, name: p.name }).collect();
    call.listed(&Listed { items, after: None })
}

async fn take_on(call: Call) -> Answer {
    let id = viewed::<Proposals>(&call).await?.case.id;
    let done = act::take_on(&call.cx, id, call.version()?).await;
    moved::<Proposals>(&call, id, done).await
}

async fn put_back(call: Call) -> Answer {
    let id = viewed::<Proposals>(&call).await?.case.id;
    let done = act::put_back(&call.cx, id, call.version()?).await;
    moved::<Proposals>(&call, id, done).await
}

/// To whom it goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Passing {
    /// The account.
    to: Uuid,
}

async fn pass_to(call: Call) -> Answer {
    let id = viewed::<Proposals>(&call).await?.case.id;
    let done = act::pass_to(&call.cx, id, call.version()?, call.body::<Passing>()?.to).await;
    moved::<Proposals>(&call, id, done).await
}
