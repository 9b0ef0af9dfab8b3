//! What is said and done around a case, for programs: history, thread, tasks, who has it. Beside what `platform::cases::api` gives every kind.

use platform::Error;
use platform::api::{Api, Area, Call, Listed, Op};
use platform::authz::Side;
use platform::cases::api::{self as kit, CaseFile, CaseTask, Message, moved, viewed, whole};
use platform::cases::tasks::NewTask;
use platform::clock::timestamp;
use platform::register::Moment;
use platform::web::Answer;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::writing::{People, Writing};
use super::{Process, act, desk, history};
use crate::paper;
use crate::paper::api::{Paper, papers_of};

/// The routes.
pub fn routes<P: Process>() -> Api {
    let area = Area::Cases;
    let id = |what: &str| format!("{}.{what}", P::ID);
    let at = |what: &str| format!("{}/{{id}}/{what}", P::PATH);
    let routes = Api::new()
        .add(Op::get(id("history"), at("history"), area).all_of::<Moment>(), timeline::<P>)
        .add(Op::post(id("write"), at("thread"), area).takes::<NewMessage>().all_of::<Message>().makes(), write::<P>)
        .add(Op::post(id("add_task"), at("tasks"), area).takes::<Tasking>().all_of::<CaseTask>().makes(), add_task::<P>)
        .add(
            Op::post(id("finish_task"), at("tasks/{task}/finish"), area).versioned().takes::<Finishing>().all_of::<CaseTask>(),
            finish_task::<P>,
        )
        .add(
            Op::post(id("check_task"), at("tasks/{task}/check"), area).versioned().takes::<CheckingTask>().all_of::<CaseTask>(),
            check_task::<P>,
        )
        .add(Op::get(id("papers"), at("papers"), area).all_of::<Paper>(), papers::<P>)
        .add(Op::get(id("paper"), at("papers/{paper}"), area).answers_bytes(&["application/pdf"]), paper_file::<P>)
        .add(Op::get(id("colleagues"), at("colleagues"), area).all_of::<Colleague>(), colleagues::<P>)
        .add(Op::post(id("take_on"), at("take-on"), area).versioned().answers::<CaseFile>(), take_on::<P>)
        .add(Op::post(id("put_back"), at("put-back"), area).versioned().answers::<CaseFile>(), put_back::<P>)
        .add(Op::post(id("pass_to"), at("pass-to"), area).versioned().takes::<Passing>().answers::<CaseFile>(), pass_to::<P>);
    if P::SCREENED {
        let reveal = Op::post(id("reveal_message"), at("thread/{message}/reveal"), area).answers::<Message>();
        routes.add(reveal, reveal_message::<P>)
    } else {
        routes
    }
}

async fn timeline<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let done = history::read::<P>(&call.cx, &of, history::SHOWN).await?;
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
struct NewMessage {
    /// What it says.
    #[schema(min_length = 1, max_length = 10000)]
    body: String,
    /// A note that stays within the party that writes it; on kinds of case where a supplier writes none, the authority's.
    #[serde(default)]
    internal: bool,
    /// What is to become of data about people in it, where the kind of case is looked through for that: without it, a message that holds some is not
    /// taken.
    people: Option<AboutPeople>,
    /// Why it must tell data about people; with `essential`.
    #[schema(max_length = 2000)]
    people_reason: Option<String>,
}

/// What is to become of data about people.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AboutPeople {
    /// It is masked before anything is stored.
    Mask,
    /// It has to stand there, with a reason: it is shown to whoever may ask for it.
    Essential,
}

async fn reveal_message<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let whole = act::reveal_message::<P>(&call.cx, P::case(&of).id, call.id("message")?).await?;
    let told = kit::told(&call.cx, vec![whole]).await?.pop().ok_or(Error::NotFound)?;
    call.found(&told, None)
}

async fn write<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let with: NewMessage = call.body()?;
    let people = match with.people {
        None => People::Unasked,
        Some(AboutPeople::Mask) => People::Masked,
        Some(AboutPeople::Essential) => People::Essential(with.people_reason.unwrap_or_default()),
    };
    let writing = Writing { body: &with.body, internal: with.internal, people };
    act::write::<P>(&call.cx, P::case(&of).id, &writing).await?;
    let all = kit::messages_of::<P>(&call.cx, &of).await?;
    call.made(&format!("{}/{}/thread", P::PATH, P::case(&of).id), &whole(all), None)
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
    /// Whether the authority checks that it was done; of the supplier's only.
    #[serde(default)]
    checks: bool,
}

async fn add_task<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let with: Tasking = call.body()?;
    let side = if matches!(with.side, Whose::Supplier) { Side::Supplier } else { Side::Authority };
    let new = NewTask { checks: with.checks, detail: with.detail, owner: with.owner, due: with.due, ..NewTask::new(with.title, side) };
    act::add_task::<P>(&call.cx, P::case(&of).id, new).await?;
    tasks::<P>(&call, &of).await
}

async fn tasks<P: Process>(call: &Call, of: &P::Thing) -> Answer {
    let all = kit::tasks_of(&call.cx, P::case(of)).await?;
    call.made(&format!("{}/{}/tasks", P::PATH, P::case(of).id), &whole(all), None)
}

/// What was done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Finishing {
    /// In words.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

async fn finish_task<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let note = call.body::<Finishing>()?.note;
    let done = act::finish_task::<P>(&call.cx, P::case(&of).id, call.id("task")?, call.version()?, note).await;
    call.fresh(done, || async { Ok(whole(kit::tasks_of(&call.cx, P::case(&of)).await?)) }).await?;
    tasks::<P>(&call, &of).await
}

/// Whether a task was done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckingTask {
    /// What is lacking; none where it is done.
    #[schema(min_length = 1, max_length = 2000)]
    lacks: Option<String>,
}

async fn check_task<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let lacks = call.body::<CheckingTask>()?.lacks;
    let done = act::check_task::<P>(&call.cx, P::case(&of).id, call.id("task")?, call.version()?, lacks.as_deref()).await;
    call.fresh(done, || async { Ok(whole(kit::tasks_of(&call.cx, P::case(&of)).await?)) }).await?;
    tasks::<P>(&call, &of).await
}

async fn papers<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    call.listed(&Listed { items: papers_of(&call.cx, &of).await?, after: None })
}

async fn paper_file<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    paper::download(&call.cx, &of, call.code("paper")).await
}

/// Somebody who may have a case.
#[derive(Serialize, ToSchema)]
struct Colleague {
    /// The account.
    account: Uuid,
    /// The name.
    name: String,
}

async fn colleagues<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    call.cx.permit(P::ACTS.pass_to, &of)?;
    let found = desk::colleagues::<P>(&call.cx, &of).await?;
    let items = found.into_iter().map(|p| Colleague { account: p.account, name: p.name }).collect();
    call.listed(&Listed { items, after: None })
}

async fn take_on<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let done = act::take_on::<P>(&call.cx, P::case(&of).id, call.version()?).await;
    moved::<P>(&call, P::case(&of).id, done).await
}

async fn put_back<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let done = act::put_back::<P>(&call.cx, P::case(&of).id, call.version()?).await;
    moved::<P>(&call, P::case(&of).id, done).await
}

/// To whom it goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Passing {
    /// The account.
    to: Uuid,
}

async fn pass_to<P: Process>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let done = act::pass_to::<P>(&call.cx, P::case(&of).id, call.version()?, call.body::<Passing>()?.to).await;
    moved::<P>(&call, P::case(&of).id, done).await
}
