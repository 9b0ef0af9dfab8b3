//! The writes of changes: the only place that opens transactions for them.

mod together;

use std::collections::BTreeSet;
use std::sync::Arc;

use platform::authz::Side;
use platform::cases::rounds::{self, NewDecision, NewPoint};
use platform::cases::store::{self as cases, NewCase};
use platform::cases::tasks::{self, For, NewTask};
use platform::cases::{Case, Taking};
use platform::cx::{Cx, Entry, Tx};
use platform::forms::drafts;
use platform::texts::Text;
use platform::{Error, Result, t};
use rules::form::Answers;
use rules::pack::Pack;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json, to_value};
use uuid::Uuid;

pub use together::{goes_abroad, holds_up, link_proposal, open_proposal, reactions, waits};

use self::together::{open, penetration, unlinked};
use super::model::{CHANGE, Change, Changes, FORM, LONGEST, Notice, TITLE};
use super::{form_of, store};
use crate::casework::act::{contract_first, moved, open as locked};
use crate::casework::handing::act as handing;
use crate::casework::{self, account, notices};
use crate::contract::chain::place_row;
use crate::obligation::act::happened;
use crate::obligation::model::Happened;
use crate::plan::act as plans;
use crate::plan::act::{abroad, stands};
use crate::plan::model::PACK;
use crate::plan::store::prompts;
use crate::{contract, pack, party};

/// The most conditions of one agreement.
const MOST_CONDITIONS: usize = 40;

/// A change at a place, not stored yet, with its pack; with a notice it begins by being considered, else as a draft.
///
/// # Errors
/// [`Error::NotFound`] when there is no such place or it stands no more.
pub async fn blank<C: ConnectionTrait>(cx: &Cx, db: &C, place: &place_row::Model, notice: Option<&Notice>) -> Result<(Change, Arc<Pack>)> {
    if place.until.is_some() {
        return Err(Error::NotFound);
    }
    let by = account(cx)?.account;
    let on = contract::store::get(db, place.contract).await?.row;
    let pack = contract::store::pack_for(cx, db, place.contract, PACK).await?;
    let pack = pack.ok_or_else(|| Error::internal("there is no pack of security guidance"))?;
    let name = party::store::names(db, [place.party]).await?.remove(&place.party).unwrap_or_default();
    let untitled = || t!("plan-change-untitled", contract = &on.title, party = &name);
    let title = notice.map_or_else(untitled, |notice| notice.title.trim().to_owned());
    let new = NewCase {
        id: cx.id()?,
        title,
        party: (place.party, name),
        contract: Some((on.id, on.title)),
        place: Some(place.id),
        form: Some((pack.pack.clone(), pack.edition.clone(), FORM.to_owned())),
        made_by: by,
    };
    let begun = cases::begin(&CHANGE, new, cx.now())?;
    let case = match notice {
        Some(_) => begun,
        None => Case { stage: "draft".to_owned(), owner: Some(by), ..begun },
    };
    let standing = casework::sights(db, std::slice::from_ref(&case)).await?.pop().unwrap_or_default();
    Ok((Change { case, standing }, pack))
}

/// Gives notice of a change that is merely considered: it has its reference at once. The case. `prompts` are what was added elsewhere, if that is what it
/// is about.
///
/// # Errors
/// [`Error::Invalid`] for what is missing; [`Error::NotFound`] when the place stands no more, or a prompt does not wait there; or a refusal.
pub async fn notify(cx: &Cx, place: Uuid, new: &Notice, prompts: &[Uuid]) -> Result<Case> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let row = held(&tx, place).await?;
    cx.refuse_twin(&tx).await?;
    let (of, _) = blank(cx, tx.db(), &row, Some(new)).await?;
    let permit = cx.permit("plan_change.notify", &of)?;
    new.faults().or(())?;
    let days = CHANGE.stage("considered")?.days.map(|days| tx.now() + days * platform::clock::DAY);
    let case = cases::number(&tx, &cx.core().clock, &CHANGE, Case { due: days, ..of.case.clone() }).await?;
    cases::insert(&tx, &case).await?;
    store::insert(cx, &tx, &case, new).await?;
    let told = settled(&tx, place, prompts, case.id).await?;
    let noticed = NewDecision { level: "notify", choice: "considered".to_owned(), reason: Some(new.about.trim().to_owned()), about: None };
    rounds::decide(cx, &tx, &case, by, noticed).await?;
    notices::turn::<Changes>(&mut tx, &of, &case)?;
    counted(cx, &mut tx, &case, "plan_change_considered").await?;
    let added: Vec<&str> = new.added.iter().map(|kind| kind.code()).collect();
    let entry = moved::<Changes>("plan_change.notify", &of, &case).about("added", added.join("."));
    let entry = telling(entry, &told, to_value(new)?);
    cx.commit(tx, permit, [entry]).await?;
    Ok(case)
}

/// An entry with what it tells of: how much in the open, and sealed with the rest what. A hundred ids are too long for a code.
fn telling(entry: Entry, told: &[String], mut body: Value) -> Entry {
    let entry = if told.is_empty() {
        entry
    } else {
        body["prompts"] = json!(told);
        entry.about("prompts", told.len())
    };
    if body == json!({}) { entry } else { entry.body(body) }
}

/// What was added elsewhere is told of with this change: what it is, each as kind and id.
async fn settled(tx: &Tx, place: Uuid, prompts: &[Uuid], change: Uuid) -> Result<Vec<String>> {
    let mut told = Vec::new();
    for id in prompts.iter().take(prompts::MOST) {
        let row = prompts::one(tx.db(), place, *id).await?;
        prompts::settle(tx, place, *id, change).await?;
        told.push(format!("{}:{}", row.kind, row.thing));
    }
    Ok(told)
}

/// Begins a request for a change at `place` of which no notice was given; its id. `prompts` are what was added elsewhere, if that is what it is about.
///
/// # Errors
/// [`Error::NotFound`] when the place stands no more, or a prompt does not wait there; or a refusal.
pub async fn begin(cx: &Cx, place: Uuid, prompts: &[Uuid]) -> Result<Uuid> {
    let tx = cx.begin().await?;
    let row = held(&tx, place).await?;
    cx.refuse_twin(&tx).await?;
    let (of, pack) = blank(cx, tx.db(), &row, None).await?;
    let permit = cx.permit("plan_change.begin", &of)?;
    cases::insert(&tx, &of.case).await?;
    let told = settled(&tx, place, prompts, of.case.id).await?;
    let entry = Entry::on("plan_change.begin", &of)
        .about("place", place)
        .about("contract", row.contract)
        .about("pack", &pack.pack)
        .about("edition", &pack.edition);
    let entry = telling(entry, &told, json!({}));
    cx.commit(tx, permit, [entry]).await?;
    Ok(of.case.id)
}

/// A place as it stands once its contract is held.
async fn held(tx: &Tx, place: Uuid) -> Result<place_row::Model> {
    let contract = contract::store::place(tx.db(), place).await?.row.contract;
    contract::store::lock_row(tx.db(), contract).await?;
    Ok(contract::store::place(tx.db(), place).await?.row)
}

/// What happened today that duties are counted from.
async fn counted(cx: &Cx, tx: &mut Tx, case: &Case, event: &str) -> Result<()> {
    let Some(contract) = case.contract else { return Ok(()) };
    let day = cx.core().clock.date_of(tx.now());
    let of = Happened { event: event.to_owned(), place: case.place, day, reference: case.reference.clone() };
    happened(cx, tx, contract, &[of]).await
}

/// A step that says why at most.
#[derive(Clone, Copy)]
struct Plain<'a> {
    step: &'static str,
    choice: &'static str,
    reason: Option<&'a str>,
}

async fn plain(cx: &Cx, id: Uuid, version: i32, with: Plain<'_>) -> Result<()> {
    let by = account(cx)?.account;
    let action = CHANGE.step(with.step)?.action;
    let mut tx = cx.begin().await?;
    contract_first::<Changes>(&tx, id).await?;
    let (before, permit) = locked::<Changes>(cx, &tx, id, version, action).await?;
    let reason = with.reason.map(str::trim).filter(|text| !text.is_empty());
    if reason.is_some_and(|text| text.chars().count() > LONGEST) {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", LONGEST)));
    }
    if with.step == "withdraw" && !before.told() {
        return Err(Error::conflict("plan-change-discard"));
    }
    if with.step == "discard" && before.told() {
        return Err(Error::conflict("plan-change-noticed"));
    }
    let bars = if with.step == "take_effect" { waits(tx.db(), &before.case).await? } else { Vec::new() };
    let taking = Taking { reason: reason.map(str::to_owned), ..Taking::default() }.unless(bars);
    let after = CHANGE.take(&before.case, with.step, &taking, tx.now())?;
    // Whoever asks for the change goes on with it.
    let after = if with.step == "request" { Case { owner: Some(by), ..after } } else { after };
    let after = cases::update(&tx, after).await?;
    let files = if with.step == "discard" {
        // What it was about waits to be told of again.
        prompts::open_again(&tx, id).await?;
        platform::files::drop_drafts(&mut tx, CHANGE.id, id).await?
    } else {
        0
    };
    let decision = NewDecision { level: with.step, choice: with.choice.to_owned(), reason: reason.map(str::to_owned), about: None };
    rounds::decide(cx, &tx, &after, by, decision).await?;
    // Nobody waits for what is only begun, or gone.
    if !["request", "discard"].contains(&with.step) {
        notices::turn::<Changes>(&mut tx, &before, &after)?;
    }
    let entry = moved::<Changes>(action, &before, &after).about("files", files).body(json!({ "reason": reason }));
    // The version that it was to make goes with it.
    let version = match (with.step, reason) {
        ("withdraw", Some(reason)) => plans::drop_in(cx, &mut tx, id, reason).await?,
        _ => None,
    };
    cx.commit(tx, permit, [entry].into_iter().chain(version)).await
}

/// Ends a notice in a request: the supplier asks for the change that it considered.
///
/// # Errors
/// [`Error::Conflict`] at another stage; [`Error::Stale`]; or a refusal.
pub async fn request(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    plain(cx, id, version, Plain { step: "request", choice: "requested", reason: None }).await
}

/// Ends a notice in a request: the authority calls for one, and says why.
///
/// # Errors
/// [`Error::Invalid`] without a reason; else as [`request`].
pub async fn call_for(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "call_for", choice: "called_for", reason: Some(reason) }).await
}

/// Ends a notice as no change of the plan, with the reason (SEC-9).
///
/// # Errors
/// As [`call_for`].
pub async fn no_change(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "no_change", choice: "no_change", reason: Some(reason) }).await
}

/// Declines a request, with the reason.
///
/// # Errors
/// As [`call_for`].
pub async fn decline(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "decline", choice: "declined", reason: Some(reason) }).await
}

/// Withdraws a notice or a request of which the authority knows, with the reason.
///
/// # Errors
/// [`Error::Conflict`] for a draft that it knows nothing of; else as [`call_for`].
pub async fn withdraw(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "withdraw", choice: "withdrawn", reason: Some(reason) }).await
}

/// Discards a draft of which the authority knows nothing.
///
/// # Errors
/// [`Error::Conflict`] once it does; else as [`request`].
pub async fn discard(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    plain(cx, id, version, Plain { step: "discard", choice: "discarded", reason: None }).await
}

/// Lets an agreed change take effect, once nothing stands in its way any more; mostly it does so by itself.
///
/// # Errors
/// [`Error::Blocked`] by the plan's next version or the proposal for its work abroad; else as [`request`].
pub async fn take_effect(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    plain(cx, id, version, Plain { step: "take_effect", choice: "in_effect", reason: None }).await
}

/// Hands a request in: all answers are checked and frozen.
///
/// # Errors
/// [`Error::Invalid`] when answers are missing or wrong, the declaration is not made or the reply is lacking; [`Error::Stale`]; a refusal.
pub async fn submit(cx: &Cx, id: Uuid, version: i32, declared: bool, reply: Option<&str>) -> Result<Case> {
    let mut tx = cx.begin().await?;
    contract_first::<Changes>(&tx, id).await?;
    let (before, permit) = locked::<Changes>(cx, &tx, id, version, "plan_change.submit").await?;
    let done = handing::hand_in::<Changes>(cx, &tx, &before, ("submit", TITLE), declared, reply).await?;
    notices::turn::<Changes>(&mut tx, &before, &done.case)?;
    counted(cx, &mut tx, &done.case, "change_request").await?;
    let entry = moved::<Changes>("plan_change.submit", &before, &done.case).about("digest", &done.digest).about("files", done.files.len());
    let files: Vec<Uuid> = done.files.iter().map(|file| file.id).collect();
    let entry = entry.body(json!({ "title": done.case.title, "reply": reply, "files": files }));
    cx.commit(tx, permit, [entry]).await?;
    Ok(done.case)
}

/// Returns a request with points to mend.
///
/// # Errors
/// [`Error::Invalid`] without a point or for an unknown question; [`Error::Stale`]; or a refusal.
pub async fn send_back(cx: &Cx, id: Uuid, version: i32, reason: &str, points: &[NewPoint]) -> Result<()> {
    handing::send_back::<Changes>(cx, (id, version), ("return", "return"), reason, points).await
}

/// Agrees a request, with conditions if need be: each becomes a task of the supplier that is checked. The plan's next version begins with it, in which the
/// sections that change wait to be written; without a plan, and without work abroad that is still open, the change takes effect at once.
///
/// # Errors
/// [`Error::Blocked`] where work abroad has no proposal, or nobody says whether there is any; [`Error::Invalid`] without a reason;
/// [`Error::Conflict`] while another version of the plan is being written; [`Error::Stale`]; or a refusal.
pub async fn agree(cx: &Cx, id: Uuid, version: i32, reason: &str, conditions: &[String]) -> Result<()> {
    let by = account(cx)?;
    let mut tx = cx.begin().await?;
    contract_first::<Changes>(&tx, id).await?;
    let (before, permit) = locked::<Changes>(cx, &tx, id, version, "plan_change.agree").await?;
    let reason = reason.trim();
    let conditions: Vec<&str> = conditions.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    if reason.chars().count() > LONGEST {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", LONGEST)));
    }
    if conditions.len() > MOST_CONDITIONS || conditions.iter().any(|text| text.chars().count() > LONGEST) {
        return Err(Error::field("conditions", Text::new("plan-change-conditions-much").with("most", MOST_CONDITIONS)));
    }
    let (last, document) = rounds::last(cx, tx.db(), &before.case).await?;
    let answers = document.answers();
    let linked = abroad(tx.db(), id).await?;
    let place = before.case.place.ok_or_else(|| Error::internal("a change stands at no place"))?;
    if contract::chain::place(tx.db(), place).await?.row.until.is_some() {
        return Err(Error::conflict("plan-change-place-ended"));
    }
    let planned = plans::working_by(tx.db(), place).await?;
    let tested = penetration(&answers);
    let waits =
        planned.is_some() || linked.iter().any(|proposal| open(stands(proposal))) || tested.as_ref().is_some_and(|(_, before)| *before);
    let to = (!waits).then_some("in_effect");
    let taking = Taking { to, ..Taking::because(reason) }.unless(unlinked(&answers, &linked));
    let after = CHANGE.take(&before.case, "agree", &taking, tx.now())?;
    let after = cases::update(&tx, after).await?;
    let all = conditions.iter().map(|text| NewTask {
        kind: For::Condition,
        checks: true,
        detail: (text.chars().count() > 200).then(|| (*text).to_owned()),
        ..NewTask::new(text.chars().take(200).collect::<String>(), Side::Supplier)
    });
    tasks::add_all(cx, &tx, &after, by, all.chain(tested.map(|(task, _)| task)).collect()).await?;
    let about = Some(json!({ "submission": last.digest, "conditions": conditions.len() }));
    let decided = NewDecision { level: "agree", choice: "agreed".to_owned(), reason: Some(reason.to_owned()), about };
    rounds::decide(cx, &tx, &after, by.account, decided).await?;
    notices::turn::<Changes>(&mut tx, &before, &after)?;
    let mut entries = vec![
        moved::<Changes>("plan_change.agree", &before, &after)
            .about("digest", &last.digest)
            .about("conditions", conditions.len())
            .body(json!({ "reason": reason, "conditions": conditions })),
    ];
    if let Some(plan) = planned {
        entries.push(plans::next_in(cx, &tx, &plan, id, &aspects(&answers)).await?);
    }
    starting(cx, &mut tx, &after, &answers).await?;
    cx.commit(tx, permit, entries).await
}

/// The sections of the plan that a request names.
fn aspects(answers: &Answers) -> BTreeSet<String> {
    let chosen = answers.get("aspects").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    chosen.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The first day of the change is what duties are counted from.
async fn starting(cx: &Cx, tx: &mut Tx, case: &Case, answers: &Answers) -> Result<()> {
    let first = answers.get("dates").and_then(|dates| dates.get("from")).and_then(Value::as_str).and_then(|text| text.parse().ok());
    let (Some(contract), Some(day)) = (case.contract, first) else { return Ok(()) };
    let of = Happened { event: "plan_change_start".to_owned(), place: case.place, day, reference: case.reference.clone() };
    happened(cx, tx, contract, &[of]).await
}

/// The answers of a draft so far, for whoever may draft; else those handed in last.
///
/// # Errors
/// When the database fails.
pub async fn answers(cx: &Cx, of: &Change) -> Result<Answers> {
    if of.case.submitted_at.is_some() {
        return match rounds::last(cx, cx.db(), &of.case).await {
            Ok((_, document)) => Ok(document.answers()),
            Err(Error::Conflict(_)) => Ok(Answers::new()),
            Err(other) => Err(other),
        };
    }
    if !cx.may("plan_change.draft", of) {
        return Ok(Answers::new());
    }
    let kept = drafts::load(cx, of.case.id, of.case.round).await?.answers;
    let pack = pack::of_case(cx, &of.case)?;
    Ok(form_of(&pack)?.asked(&kept))
}
