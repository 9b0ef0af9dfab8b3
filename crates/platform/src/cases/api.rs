//! The API that all kinds of case share: list, one, its timeline of decisions, thread, tasks and points, its answers section by section, what
//! was handed in, and every step of its table. A feature says in [`Cases`] what differs; a new step is a new route.

mod around;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use rules::form::{Form, FrozenDocument};
use rules::pack::Pack;
use sea_orm::{Condition, ConnectionTrait};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};
use utoipa::ToSchema;
use uuid::Uuid;

pub use around::{CaseTask, Message, messages_of, reads, tasks_of, told};
use around::{case_tasks, messages};

use super::lifecycle::{Kind, SUPPLIER, StepDef};
use super::queue::{self, Desk, Filter, Visible};
use super::rounds;
use super::store::{self, Case};
use crate::api::{Api, Area, Call, Listed, Op, Param, Takes};
use crate::authz::{AccountActor, Actor, Guarded};
use crate::clock::timestamp;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::forms::Choices;
use crate::texts::Text;
use crate::web::Answer;

/// A kind of case as its feature keeps it.
pub trait Cases: Sized + Send + Sync + 'static {
    /// Stages and steps.
    const KIND: &'static Kind;
    /// The address of its list: `/api/v1/proposals`.
    const PATH: &'static str;
    /// What the ids of its routes begin with: `proposals`.
    const ID: &'static str;
    /// The action that views one.
    const VIEW: &'static str;
    /// The action that reads internal notes.
    const NOTES: &'static str;
    /// The action that reads ratings.
    const RATING: &'static str;
    /// The levels of decisions that both sides read, with their reasons.
    const LEVELS: &'static [&'static str];
    /// The action by which a supplier writes notes of its own, where it may: they stay within its party, and the authority never reads
    /// them.
    const OWN_NOTE: Option<&'static str> = None;
    /// Whether data about people is looked for in what is written around it, and withheld (SEC-25).
    const SCREENED: bool = false;
    /// A case as policies are asked about it.
    type Thing: Guarded + Send + Sync;

    /// The rows that the actor may view.
    fn visible(actor: &Actor) -> Visible;
    /// The condition of what waits for a role, or for [`SUPPLIER`], and can be gone on with by `account`, if one is given; none where nothing ever
    /// waits for it. A stage tells, unless a feature knows more.
    fn waiting(who: &str, account: Option<&AccountActor>) -> Option<Condition> {
        let _ = account;
        queue::waiting(Self::KIND, who)
    }
    /// The same of what waits for an actor.
    fn waiting_for(actor: &Actor) -> Option<Condition> {
        Self::waiting(queue::awaited_as(actor)?, actor.account())
    }
    /// For whom a case waits: role codes, or [`SUPPLIER`]. Its stage tells, unless a feature knows more.
    fn awaited(thing: &Self::Thing) -> Vec<String> {
        let stage = Self::KIND.stage(&Self::case(thing).stage);
        stage.map_or_else(|_| Vec::new(), |stage| stage.waits_for.iter().map(|who| (*who).to_owned()).collect())
    }
    /// Cases with what policies read of them, in the same order.
    fn load<D: ConnectionTrait>(db: &D, cases: Vec<Case>) -> impl Future<Output = Result<Vec<Self::Thing>>> + Send;
    /// The case of a thing.
    fn case(thing: &Self::Thing) -> &Case;
    /// What cases are called by something that is sealed in them, where that differs from their title.
    fn titles(cx: &Cx, cases: &[Case]) -> impl Future<Output = Result<BTreeMap<Uuid, String>>> + Send {
        let _ = (cx, cases);
        async { Ok(BTreeMap::new()) }
    }
    /// What is to be known of cases wherever they are named, in one line each; nothing of most.
    fn marks(cx: &Cx, cases: &[Case]) -> impl Future<Output = Result<BTreeMap<Uuid, String>>> + Send {
        let _ = (cx, cases);
        async { Ok(BTreeMap::new()) }
    }
    /// Cases that these words fit by what is sealed in them.
    fn called(cx: &Cx, words: &str) -> impl Future<Output = Result<Vec<Uuid>>> + Send {
        let _ = (cx, words);
        async { Ok(Vec::new()) }
    }
    /// What a step is taken with: [`Reasoned`] where its table asks for a reason, unless a feature says more.
    fn takes(step: &StepDef, op: Op) -> Op {
        if step.needs_reason { op.takes::<Reasoned>() } else { op.takes::<Plain>() }
    }
    /// Takes a step.
    fn take(call: &Call, step: &'static StepDef, id: Uuid, version: i32) -> impl Future<Output = Result<()>> + Send;
}

/// A kind of case that answers a form of a pack.
pub trait Asks: Cases {
    /// The action that drafts the answers.
    const DRAFT: &'static str;
    /// The pack that a case answers to.
    ///
    /// # Errors
    /// When this service no longer has it.
    fn pack(cx: &Cx, case: &Case) -> Result<Arc<Pack>>;
    /// The form of a pack.
    ///
    /// # Errors
    /// When it has none.
    fn form(pack: &Pack) -> Result<&Form>;
    /// What the form offers from the registers.
    fn choices(cx: &Cx, case: &Case) -> impl Future<Output = Result<Choices>> + Send;
    /// Documents of a case that were handed in, in their order, as they may be shown: the same, unless a feature withholds something of them.
    fn shown<C: ConnectionTrait>(
        cx: &Cx,
        db: &C,
        case: &Case,
        documents: Vec<FrozenDocument>,
    ) -> impl Future<Output = Result<Vec<FrozenDocument>>> + Send {
        let _ = (cx, db, case);
        async { Ok(documents) }
    }
}

/// A step that asks for a reason.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reasoned {
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    pub reason: String,
}

/// A step that asks for nothing.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Plain {}

/// The routes of a kind of case for programs; those of its form are [`crate::forms::api::routes`].
pub fn api<C: Cases>() -> Api {
    let (area, one) = (Area::Cases, format!("{}/{{id}}", C::PATH));
    let id = |what: &str| format!("{}.{what}", C::ID);
    let under = |what: &str| format!("{one}/{what}");
    let stages = C::KIND.stages.iter().map(|s| s.id);
    let queries = [
        Param::new("q", Takes::Text(200)),
        Param::code("stage", stages),
        Param::code("whose", Desk::ALL.map(Desk::code)),
        Param::new("late", Takes::Flag),
        Param::new("contract", Takes::Id),
        Param::new("party", Takes::Id),
    ];
    let mut api = Api::new()
        .add(Op::get(id("list"), C::PATH, area).queries(queries).lists_of::<CaseFile>(), list::<C>)
        .add(Op::get(id("counts"), format!("{}/counts", C::PATH), area).answers::<Counts>(), counts::<C>)
        .add(Op::get(id("one"), one.as_str(), area).answers::<CaseFile>(), read::<C>)
        .add(Op::get(id("decisions"), under("decisions"), area).all_of::<Decision>(), decisions::<C>)
        .add(Op::get(id("thread"), under("thread"), area).all_of::<Message>(), messages::<C>)
        .add(Op::get(id("tasks"), under("tasks"), area).all_of::<CaseTask>(), case_tasks::<C>);
    for step in C::KIND.steps {
        let op =
            Op::post(id(step.id), under(&format!("steps/{}", step.id)), area).says(step_text::<C>(step)).versioned().answers::<CaseFile>();
        let op = if step.fresh { op.confirmed() } else { op };
        api = api.add(C::takes(step, op), take::<C>);
    }
    api
}

fn step_text<C: Cases>(step: &StepDef) -> Text {
    Text::new("api-case-step").with("step", C::KIND.step_name(step.id))
}

/// A case.
#[derive(Serialize, ToSchema)]
pub struct CaseFile {
    /// Its id.
    id: Uuid,
    /// For the next change.
    version: i32,
    /// The number that people quote; none before it is handed in.
    reference: Option<String>,
    /// What it is about.
    title: String,
    /// What is to be known of it wherever it is named, such as on whose behalf it was entered.
    mark: Option<String>,
    /// Where it stands, by code.
    stage: String,
    /// Where it stands, in words.
    stage_name: String,
    /// What happens next, in words.
    next: String,
    /// Whom it waits for: roles, or `supplier`.
    waits_for: Vec<String>,
    /// The account that has it; none while nobody does, or where you may not know.
    owner: Option<Uuid>,
    /// The party that it is about.
    party: Uuid,
    /// The contract.
    contract: Option<Uuid>,
    /// The party's place in the contract's chain.
    place: Option<Uuid>,
    /// The rating, by code, once assessed, for those who may read it.
    rating: Option<String>,
    /// When the stage should be left.
    #[schema(format = DateTime)]
    due: Option<String>,
    /// The round, from 1.
    round: i32,
    /// The pack whose form it answers; none for a kind that answers none.
    pack: Option<String>,
    /// Its edition.
    edition: Option<String>,
    /// The form.
    form: Option<String>,
    /// When it was begun.
    #[schema(format = DateTime)]
    made_at: String,
    /// When it came to its stage.
    #[schema(format = DateTime)]
    moved_at: String,
    /// When it was first handed in.
    #[schema(format = DateTime)]
    submitted_at: Option<String>,
    /// When it was closed.
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// The steps that you may take now.
    steps: Vec<PossibleStep>,
}

/// A step that may be taken.
#[derive(Serialize, ToSchema)]
pub struct PossibleStep {
    /// Its code: `POST …/steps/<step>`.
    step: String,
    /// Its name.
    name: String,
    /// Whether it asks for a reason.
    needs_reason: bool,
    /// Whether it asks for a recent confirmation.
    confirmed: bool,
}

fn instant(at: i64) -> String {
    timestamp(at).to_string()
}

/// The case as this reader reads it.
///
/// # Errors
/// When its stage is none of its kind.
pub fn shown<C: Cases>(cx: &Cx, thing: &C::Thing, title: Option<&String>, mark: Option<&String>) -> Result<CaseFile> {
    let case = C::case(thing);
    let stage = C::KIND.stage(&case.stage)?;
    // A supplier reads for which of the authority's roles a case waits, not who has it there.
    let named = cx.actor.is_authority() || stage.waits_for.contains(&SUPPLIER);
    let may = cx.which(C::KIND.steps(&case.stage).map(|step| step.action).chain([C::RATING]), thing);
    let steps = C::KIND.steps(&case.stage).filter(|step| may.contains(&step.action));
    let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let step = |s: &StepDef| PossibleStep {
        step: s.id.to_owned(),
        name: C::KIND.step_name(s.id),
        needs_reason: s.needs_reason,
        confirmed: s.fresh,
    };
    Ok(CaseFile {
        id: case.id,
        version: case.version,
        reference: case.reference.clone(),
        title: title.unwrap_or(&case.title).clone(),
        mark: mark.cloned(),
        stage: case.stage.clone(),
        stage_name: C::KIND.stage_name(&case.stage),
        next: C::KIND.stage_next(&case.stage),
        waits_for: C::awaited(thing),
        owner: case.owner.filter(|_| named),
        party: case.party,
        contract: case.contract,
        place: case.place,
        rating: case.rating.clone().filter(|_| may.contains(&C::RATING)),
        due: case.due.map(instant),
        round: case.round,
        pack: said(&case.pack),
        edition: said(&case.edition),
        form: said(&case.form),
        made_at: instant(case.made_at),
        moved_at: instant(case.moved_at),
        submitted_at: case.submitted_at.map(instant),
        closed_at: case.closed_at.map(instant),
        steps: steps.map(step).collect(),
    })
}

/// The case in the address, if the actor may view it.
///
/// # Errors
/// [`Error::NotFound`] or a refusal.
pub async fn viewed<C: Cases>(call: &Call) -> Result<C::Thing> {
    at::<C>(&call.cx, call.id("id")?).await
}

async fn at<C: Cases>(cx: &Cx, id: Uuid) -> Result<C::Thing> {
    let case = store::get(cx.db(), C::KIND, id).await?;
    let thing = C::load(cx.db(), vec![case]).await?.pop().ok_or(Error::NotFound)?;
    cx.permit(C::VIEW, &thing)?;
    Ok(thing)
}

async fn file<C: Cases>(cx: &Cx, thing: &C::Thing) -> Result<CaseFile> {
    let case = std::slice::from_ref(C::case(thing));
    let (titles, marks) = (C::titles(cx, case).await?, C::marks(cx, case).await?);
    shown::<C>(cx, thing, titles.get(&C::case(thing).id), marks.get(&C::case(thing).id))
}

/// The answer to a change of a case: the case as it stands then.
///
/// # Errors
/// When it may not be read.
pub async fn stands<C: Cases>(call: &Call, id: Uuid) -> Answer {
    let file = file::<C>(&call.cx, &at::<C>(&call.cx, id).await?).await?;
    call.made(&format!("{}/{id}", C::PATH), &file, Some(file.version))
}

/// As [`stands`], after `done`, with both versions when someone was quicker.
///
/// # Errors
/// What `done` says.
pub async fn moved<C: Cases>(call: &Call, id: Uuid, done: Result<()>) -> Answer {
    let cx = &call.cx;
    call.fresh(done, || async { Ok(to_value(file::<C>(cx, &at::<C>(cx, id).await?).await?)?) }).await?;
    stands::<C>(call, id).await
}

async fn list<C: Cases>(call: Call) -> Answer {
    let cx = &call.cx;
    let whose = call.query("whose").and_then(Desk::from_code);
    let words = call.query("q").unwrap_or_default().to_owned();
    let filter = Filter {
        stages: call.query("stage").map(str::to_owned).into_iter().collect(),
        contract: call.query_id("contract"),
        party: call.query_id("party"),
        found: C::called(cx, &words).await?,
        words,
        overdue_at: (call.query("late") == Some("true")).then(|| cx.now()),
        queue: whose.map(|desk| queue::desk(C::waiting_for(&cx.actor), &cx.actor, desk)),
        oldest_first: whose.is_some(),
        most: call.limit(),
        ..Filter::default()
    };
    let after = call.after(|text| {
        let (at, id) = text.split_once('.')?;
        Some((at.parse().ok()?, id.parse().ok()?))
    })?;
    let (rows, next) = queue::list(cx.db(), C::KIND, C::visible(&cx.actor), &filter, after).await?;
    let (titles, marks) = (C::titles(cx, &rows).await?, C::marks(cx, &rows).await?);
    let mut items = Vec::new();
    for thing in C::load(cx.db(), rows).await? {
        if cx.may(C::VIEW, &thing) {
            items.push(shown::<C>(cx, &thing, titles.get(&C::case(&thing).id), marks.get(&C::case(&thing).id))?);
        }
    }
    call.listed(&Listed { items, after: next.map(|(at, id)| format!("{at}.{id}")) })
}

/// How many there are; counting stops at 1,001.
#[derive(Serialize, ToSchema)]
struct Counts {
    /// At each stage, by its code.
    stages: BTreeMap<String, u64>,
    /// Of what waits for your role: yours, nobody's yet, all.
    waiting: BTreeMap<String, u64>,
}

async fn counts<C: Cases>(call: Call) -> Answer {
    let cx = &call.cx;
    let stages = queue::by_stage(cx.db(), C::KIND, C::visible(&cx.actor)).await?;
    let mut waiting = BTreeMap::new();
    for desk in Desk::ALL {
        let n = queue::count(cx.db(), C::KIND, C::visible(&cx.actor), queue::desk(C::waiting_for(&cx.actor), &cx.actor, desk)).await?;
        waiting.insert(desk.code().to_owned(), n);
    }
    call.found(&Counts { stages: stages.into_iter().map(|(stage, n)| (stage.to_owned(), n)).collect(), waiting }, None)
}

async fn read<C: Cases>(call: Call) -> Answer {
    let file = file::<C>(&call.cx, &viewed::<C>(&call).await?).await?;
    call.found(&file, Some(file.version))
}

/// One person's choice at one level of one round.
#[derive(Serialize, ToSchema)]
struct Decision {
    /// The round.
    round: i32,
    /// The step that it belongs to.
    level: String,
    /// The choice, by code.
    choice: String,
    /// Why.
    reason: Option<String>,
    /// By which account; none for suppliers, who read which side decided.
    by: Option<Uuid>,
    /// In whose place that account decided, if not as itself.
    acts_for: Option<Uuid>,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

async fn decisions<C: Cases>(call: Call) -> Answer {
    let cx = &call.cx;
    let thing = viewed::<C>(&call).await?;
    let all = cx.may(C::NOTES, &thing);
    let rows = rounds::decisions(cx, cx.db(), C::case(&thing)).await?;
    let items = rows.into_iter().filter(|d| all || C::LEVELS.contains(&d.level.as_str())).map(|d| Decision {
        round: d.round,
        level: d.level,
        choice: d.choice,
        reason: d.reason,
        by: all.then_some(d.actor),
        acts_for: d.acts_for.filter(|_| all),
        at: instant(d.at),
    });
    call.listed(&Listed { items: items.collect(), after: None })
}

/// A point of a return.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReturnPoint {
    /// The round that was returned.
    round: i32,
    /// The section of the question.
    section: Option<String>,
    /// The question; none for a point about the whole.
    question: Option<String>,
    /// What to mend.
    text: String,
}

pub(crate) async fn points<C: Cases>(call: Call) -> Answer {
    let thing = viewed::<C>(&call).await?;
    let rows = rounds::points(&call.cx, call.cx.db(), C::case(&thing)).await?;
    let items = rows.into_iter().map(|p| ReturnPoint { round: p.round, section: p.section, question: p.question, text: p.text });
    call.listed(&Listed { items: items.collect(), after: None })
}

async fn take<C: Cases>(call: Call) -> Answer {
    let (id, version) = (call.id("id")?, call.version()?);
    let step = C::KIND.steps.iter().find(|s| s.id == call.step()).ok_or(Error::NotFound)?;
    viewed::<C>(&call).await?;
    let done = C::take(&call, step, id, version).await;
    moved::<C>(&call, id, done).await
}

/// All of a list in one answer, for what changes it.
pub fn whole<T: Serialize>(items: Vec<T>) -> Value {
    json!({ "items": items, "next": null })
}
