//! Proposals for programs: what the case engine gives to every kind, and beside it the assessment, the letter, papers and who has one.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::api::{Api, Area, Call, Listed, Op};
use platform::authz::{Actor, Side};
use platform::cases::api::{self as kit, CaseFile, CaseTask, Cases, Message, Plain, Reasoned, moved, stands, viewed, whole};
use platform::cases::lifecycle::StepDef;
use platform::cases::tasks::NewTask;
use platform::cases::{Case, Kind as Lifecycle};
use platform::clock::timestamp;
use platform::error::FieldErrors;
use platform::forms::{Choices, names};
use platform::register::Moment;
use platform::texts::Text;
use platform::web::Answer;
use platform::{Cx, Error, Result};
use rules::form::{Form, FrozenDocument};
use rules::pack::Pack;
use rules::risk::{Judgement, Point};
use sea_orm::Condition;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::{self, Approving, Recommending};
use super::classify::classify;
use super::letter::Letter;
use super::model::{PROPOSAL, Proposal};
use super::{pages, store};
use crate::paper::api::{Paper, papers_of};
use crate::paper::model::Kind;
use crate::{check, paper};

/// Proposals.
pub(super) struct Proposals;

impl Cases for Proposals {
    const KIND: &'static Lifecycle = &PROPOSAL;
    const PATH: &'static str = "/api/v1/proposals";
    const ID: &'static str = "proposals";
    const VIEW: &'static str = "proposal.view";
    const DRAFT: &'static str = "proposal.draft";
    const NOTES: &'static str = "proposal.read_notes";
    const RATING: &'static str = "proposal.read_risk";
    type Thing = Proposal;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn load(cx: &Cx, case: Case) -> Result<Proposal> {
        store::load(cx.db(), case).await
    }

    fn case(of: &Proposal) -> &Case {
        &of.case
    }

    async fn titles(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
        store::draft_titles(cx, cases).await
    }

    async fn called(cx: &Cx, words: &str) -> Result<Vec<Uuid>> {
        store::drafts_called(cx, words).await
    }

    fn pack(cx: &Cx, case: &Case) -> Result<Arc<Pack>> {
        act::pack_of(cx, case)
    }

    fn form(pack: &Pack) -> Result<&Form> {
        act::form_of(pack)
    }

    async fn choices(cx: &Cx, case: &Case) -> Result<Choices> {
        act::choices(cx, cx.db(), case).await
    }

    fn takes(step: &StepDef, op: Op) -> Op {
        match step.id {
            "submit" => op.takes::<Submitting>(),
            "pass_on" => op.takes::<Remarking>(),
            "assess" => op.takes::<Concluding>(),
            "recommend" => op.takes::<RecommendingWith>(),
            "approve" => op.takes::<Approving>(),
            "decline" => op.takes::<Declining>(),
            "return" | "send_back" => op.takes::<Returning>(),
            _ if step.needs_reason => op.takes::<Reasoned>(),
            _ => op.takes::<Plain>(),
        }
    }

    async fn take(call: &Call, step: &'static StepDef, id: Uuid, version: i32) -> Result<()> {
        let cx = &call.cx;
        let reason = || Ok::<_, Error>(call.body::<Reasoned>()?.reason);
        match step.id {
            "submit" => {
                let with: Submitting = call.body()?;
                act::submit(cx, id, version, with.declaration, with.reply.as_deref()).await.map(|_| ()).map_err(pathed)
            }
            "pass_on" => act::pass_on(cx, id, version, call.body::<Remarking>()?.reason.as_deref()).await,
            "not_offshoring" => act::not_offshoring(cx, id, version, &reason()?).await,
            "reassess" => act::reassess(cx, id, version, &reason()?).await,
            "withdraw" => act::withdraw(cx, id, version, &reason()?).await,
            "discard" => act::discard(cx, id, version).await,
            "assess" => act::assess(cx, id, version, &call.body::<Concluding>()?.summary).await,
            "recommend" => {
                let with: RecommendingWith = call.body()?;
                act::recommend(cx, id, version, with.choice.code(), &with.reason).await
            }
            "approve" => act::approve(cx, id, version, &call.body::<Approving>()?).await,
            "decline" => {
                let with: Declining = call.body()?;
                act::decline(cx, id, version, &with.factors, &with.reason).await
            }
            "return" | "send_back" => give_back(call, step, id, version).await,
            other => Err(Error::internal(format!("the step {other} has no act"))),
        }
    }
}

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let at = |what: &str| format!("/api/v1/proposals/{{id}}/{what}");
    kit::api::<Proposals>()
        .add(Op::get("proposals.places", "/api/v1/proposals/places", area).all_of::<Beginning>(), places)
        .add(Op::post("proposals.begin", "/api/v1/proposals", area).takes::<AtPlace>().answers::<CaseFile>().makes(), begin)
        .add(Op::get("proposals.history", at("history"), area).all_of::<Moment>(), history)
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
        .add(Op::get("proposals.classification", at("classification"), area).answers::<check::api::Outcome>(), classification)
        .add(Op::get("proposals.changes", at("changes"), area).all_of::<Change>(), changes)
        .add(Op::post("proposals.reveal", at("reveal"), area).takes::<Revealing>().answers::<Revealed>(), reveal)
        .add(Op::get("proposals.risk", at("risk"), area).answers::<RiskSheet>(), risk)
        .add(Op::put("proposals.judge", at("risk/{factor}"), area).codes(&["factor"]).takes::<Judging>().answers::<RiskSheet>(), judge)
        .add(Op::post("proposals.widen", at("widen"), area).versioned().takes::<Reasoned>().answers::<RiskSheet>(), widen)
        .add(Op::get("proposals.letter", at("letter"), area).answers::<LetterText>(), letter)
        .add(Op::get("proposals.papers", at("papers"), area).all_of::<Paper>(), papers)
        .add(Op::post("proposals.make_paper", at("papers"), area).takes::<Making>().all_of::<Paper>().makes(), make_paper)
        .add(Op::get("proposals.paper", at("papers/{paper}"), area).answers_bytes("application/pdf"), paper_file)
}

/// Faults by the paths of the answers' JSON.
fn pathed(error: Error) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let mut out = FieldErrors::default();
    for (name, text) in errors.iter() {
        let path = if name.starts_with("q.") { format!("answers.{}", names::path(name)) } else { name.to_owned() };
        out.add(path, text.clone());
    }
    Error::Invalid(out)
}

/// Handing in what was drafted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Submitting {
    /// That the answers are true and complete, as far as whoever hands them in knows.
    declaration: bool,
    /// After a return: what was mended.
    #[schema(max_length = 8000)]
    reply: Option<String>,
}

/// Passing on, with a remark if there is one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Remarking {
    /// A remark for the assessor.
    #[schema(max_length = 8000)]
    reason: Option<String>,
}

/// Recording the assessment as a whole.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Concluding {
    /// What it comes to.
    #[schema(max_length = 8000)]
    summary: String,
}

/// A recommendation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecommendingWith {
    /// What is recommended.
    choice: Recommended,
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
}

/// What may be recommended.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Recommended {
    /// To approve.
    Approve,
    /// To return.
    Return,
    /// To decline.
    Decline,
}

impl Recommended {
    fn code(&self) -> Recommending {
        match self {
            Self::Approve => Recommending::Approve,
            Self::Return => Recommending::Return,
            Self::Decline => Recommending::Decline,
        }
    }
}

/// Declining, for assessed risks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Declining {
    /// The factors whose risks are too high.
    factors: Vec<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
}

/// Returning, with points to mend.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Returning {
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
    /// What to mend.
    #[schema(min_items = 1, max_items = 60)]
    points: Vec<Asking>,
}

/// A point to mend.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Asking {
    /// The question; none for the whole.
    #[schema(max_length = 80)]
    question: Option<String>,
    /// What to mend.
    #[schema(min_length = 1, max_length = 2000)]
    text: String,
}

async fn give_back(call: &Call, step: &StepDef, id: Uuid, version: i32) -> Result<()> {
    let with: Returning = call.body()?;
    let of = viewed::<Proposals>(call).await?;
    if !step.from.contains(&of.case.stage.as_str()) {
        let text = Text::new("case-step-not-now").with("step", PROPOSAL.step_name(step.id));
        return Err(Error::Conflict(text.with("stage", PROPOSAL.stage_name(&of.case.stage))));
    }
    let pack = act::pack_of(&call.cx, &of.case)?;
    let form = act::form_of(&pack)?;
    let points: Vec<_> = with.points.iter().map(|p| act::point(form, p.question.as_deref(), &p.text)).collect();
    act::send_back(&call.cx, id, version, &with.reason, &points).await
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

async fn history(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let told = pages::told(&call.cx, &of).await?;
    let items = told.into_iter().map(|line| Moment {
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

async fn classification(call: Call) -> Answer {
    let cx = &call.cx;
    let of = viewed::<Proposals>(&call).await?;
    let answers = pages::answers(cx, &of).await?.ok_or_else(|| Error::conflict("error-subject-destroyed"))?;
    match classify(&answers, &cx.core().settings.authority.home)? {
        Some((_, decision)) => call.found(&decision.to_json(&check::words), None),
        None => call.found(&json!({ "outcome": "undetermined", "activities": [] }), None),
    }
}

/// What differs between the last two rounds at one question.
#[derive(Serialize, ToSchema)]
struct Change {
    /// Where.
    path: String,
    /// The question.
    label: String,
    /// Whether both answers are sealed, and so not told.
    sealed: bool,
    /// The answer before.
    #[schema(value_type = Option<Value>)]
    old: Option<Value>,
    /// The answer after.
    #[schema(value_type = Option<Value>)]
    new: Option<Value>,
}

async fn changes(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let rounds = pages::documents(&call.cx, &of.case).await?;
    let [.., (_, old), (_, new)] = rounds.as_slice() else { return Err(Error::NotFound) };
    let sealed: Vec<String> = [old, new].into_iter().flat_map(sealed_ids).collect();
    let items = FrozenDocument::diff(old, new).into_iter().map(|c| {
        let hidden = c.path.split('.').any(|part| sealed.iter().any(|id| id == part));
        let told = |value: Option<Value>| if hidden { None } else { value };
        Change { path: c.path, label: c.label, sealed: hidden, old: told(c.old), new: told(c.new) }
    });
    call.listed(&Listed { items: items.collect(), after: None })
}

/// The ids of the questions whose answers are sealed.
fn sealed_ids(document: &FrozenDocument) -> Vec<String> {
    let answers = document.sections.iter().flat_map(|s| &s.answers);
    answers.flat_map(|a| std::iter::once(a).chain(a.entries.iter().flatten())).filter(|a| a.sensitive).map(|a| a.id.clone()).collect()
}

/// Which sealed answer is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Revealing {
    /// Its path: `contact`, `sites.0.protection`.
    #[schema(max_length = 200)]
    answer: String,
}

/// A sealed answer that was asked for. Asking left an entry.
#[derive(Serialize, ToSchema)]
struct Revealed {
    /// Its path.
    answer: String,
    /// The question.
    label: String,
    /// What was answered.
    #[schema(value_type = Value)]
    value: Value,
}

async fn reveal(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let path = call.body::<Revealing>()?.answer;
    act::reveal(&call.cx, of.case.id, &path).await?;
    let rounds = pages::documents(&call.cx, &of.case).await?;
    let (_, document) = rounds.last().ok_or(Error::NotFound)?;
    let answer = platform::forms::reveal::find(document, &path).ok_or(Error::NotFound)?;
    let found = Revealed { answer: path, label: answer.label.clone(), value: answer.value.clone() };
    call.found(&found, None)
}

/// An assessment.
#[derive(Serialize, ToSchema)]
struct RiskSheet {
    /// For the next judgement.
    version: i32,
    /// The round.
    round: i32,
    /// The path, by code.
    path: String,
    /// Why that one.
    path_reason: String,
    /// The factors that the path asks for.
    factors: Vec<FactorSheet>,
    /// The worst rating before controls, once recorded.
    inherent: Option<String>,
    /// The worst rating with controls, once recorded.
    residual: Option<String>,
    /// When it was recorded.
    #[schema(format = DateTime)]
    done_at: Option<String>,
}

/// A factor, and what was judged.
#[derive(Serialize, ToSchema)]
struct FactorSheet {
    /// Its id.
    factor: String,
    /// Its title.
    title: String,
    /// What is asked.
    text: String,
    /// Before controls.
    inherent: Option<LevelPair>,
    /// With controls.
    residual: Option<LevelPair>,
    /// The pack's controls that make the difference.
    controls: Vec<String>,
    /// Other controls.
    other_controls: Vec<String>,
    /// Why.
    why: Option<String>,
}

/// A likelihood and an impact.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LevelPair {
    /// The level of likelihood, from 1.
    #[schema(minimum = 1, maximum = 10)]
    likelihood: u32,
    /// The level of impact, from 1.
    #[schema(minimum = 1, maximum = 10)]
    impact: u32,
}

impl LevelPair {
    fn of(point: Point) -> Self {
        Self { likelihood: point.likelihood, impact: point.impact }
    }

    fn point(&self) -> Point {
        Point { likelihood: self.likelihood, impact: self.impact }
    }
}

async fn sheet(cx: &Cx, of: &Proposal) -> Result<RiskSheet> {
    let row = store::assessments(cx, cx.db(), &of.case).await?.pop().ok_or(Error::NotFound)?;
    let pack = act::pack_of(cx, &of.case)?;
    let answers = pages::documents(cx, &of.case).await?.last().map(|(_, document)| act::thawed(document)).unwrap_or_default();
    let method = act::method(&pack, &answers)?;
    let factors = method.factors(act::path(&method, &row.path)?).into_iter().map(|factor| {
        let judged = row.judged.get(&factor.id);
        let said = judged.map(|j| &j.judgement);
        FactorSheet {
            factor: factor.id.clone(),
            title: factor.title.clone(),
            text: factor.text.clone(),
            inherent: said.map(|j| LevelPair::of(j.inherent)),
            residual: said.map(|j| LevelPair::of(j.residual)),
            controls: said.map(|j| j.controls.clone()).unwrap_or_default(),
            other_controls: said.map(|j| j.other_controls.clone()).unwrap_or_default(),
            why: judged.map(|j| j.why.clone()),
        }
    });
    Ok(RiskSheet {
        version: row.version,
        round: row.round,
        factors: factors.collect(),
        path: row.path,
        path_reason: row.path_reason,
        inherent: row.inherent,
        residual: row.residual,
        done_at: row.done_at.map(|at| timestamp(at).to_string()),
    })
}

async fn risk(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    call.cx.permit("proposal.read_risk", &of)?;
    let found = sheet(&call.cx, &of).await?;
    call.found(&found, Some(found.version))
}

/// What is judged of a factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Judging {
    /// Before controls.
    inherent: LevelPair,
    /// With controls.
    residual: LevelPair,
    /// The pack's controls that make the difference.
    #[serde(default)]
    controls: Vec<String>,
    /// Other controls.
    #[serde(default)]
    other_controls: Vec<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 4000)]
    why: String,
}

async fn judge(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    call.cx.permit("proposal.judge", &of)?;
    let with: Judging = call.body()?;
    let judgement = Judgement {
        factor: call.code("factor").to_owned(),
        inherent: with.inherent.point(),
        residual: with.residual.point(),
        controls: with.controls,
        other_controls: with.other_controls,
    };
    let done = act::judge(&call.cx, of.case.id, call.version()?, judgement, &with.why).await;
    assessed(&call, &of, done).await
}

async fn assessed(call: &Call, of: &Proposal, done: Result<()>) -> Answer {
    call.fresh(done, || async { Ok(to_value(sheet(&call.cx, of).await?)?) }).await?;
    let found = sheet(&call.cx, of).await?;
    call.made(&format!("/api/v1/proposals/{}/risk", of.case.id), &found, Some(found.version))
}

async fn widen(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let done = act::widen(&call.cx, of.case.id, call.version()?, &call.body::<Reasoned>()?.reason).await;
    assessed(&call, &of, done).await
}

/// The letter about what was decided.
#[derive(Serialize, ToSchema)]
struct LetterText {
    /// To whom it goes.
    to: String,
    /// When it was decided.
    #[schema(format = DateTime)]
    at: String,
    /// The reference.
    reference: String,
    /// Its heading.
    subject: String,
    /// What it is about.
    about: String,
    /// What was decided.
    decision: String,
    /// What that means.
    meaning: String,
    /// Why.
    reasons: Option<String>,
    /// The assessed risks that it rests on.
    risks: Vec<Titled>,
    /// What was approved: label and value.
    scope: Vec<Titled>,
    /// Its conditions.
    conditions: Vec<String>,
    /// The controls that it demands.
    controls: Vec<Titled>,
    /// The digest of what was approved.
    digest: Option<String>,
}

/// A title and a text.
#[derive(Serialize, ToSchema)]
struct Titled {
    /// The title.
    title: String,
    /// The text.
    text: String,
}

fn titled(all: Vec<(String, String)>) -> Vec<Titled> {
    all.into_iter().map(|(title, text)| Titled { title, text }).collect()
}

async fn letter(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let letter = Letter::read(&call.cx, &of).await?;
    let digest = letter.approved.as_ref().map(|a| a.digest.clone());
    let (scope, conditions, controls) = letter.approved.map(|a| (a.scope, a.conditions, a.controls)).unwrap_or_default();
    let found = LetterText {
        to: letter.to,
        at: timestamp(letter.at).to_string(),
        reference: letter.reference,
        subject: letter.subject,
        about: letter.about,
        decision: letter.decision.0,
        meaning: letter.decision.1,
        reasons: letter.reasons,
        risks: titled(letter.risks),
        scope: titled(scope),
        conditions,
        controls: titled(controls),
        digest,
    };
    call.found(&found, None)
}

async fn papers(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    call.listed(&Listed { items: papers_of(&call.cx, &of).await?, after: None })
}

/// Which paper to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Making {
    /// Its kind.
    kind: MakingKind,
}

/// A kind of paper about a proposal.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MakingKind {
    /// The letter about what was decided.
    Letter,
    /// What was handed in.
    Proposal,
}

async fn make_paper(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    call.cx.permit("proposal.paper", &of)?;
    let kind = if matches!(call.body::<Making>()?.kind, MakingKind::Letter) { Kind::Letter } else { Kind::Proposal };
    let made = act::make_paper(&call.cx, &of, kind).await?;
    let all = papers_of(&call.cx, &of).await?;
    call.made(&format!("/api/v1/proposals/{}/papers/{made}", of.case.id), &whole(all), None)
}

async fn paper_file(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    paper::download(&call.cx, &of, call.code("paper")).await
}
