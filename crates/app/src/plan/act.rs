//! The writes of plans: the only place that opens transactions for them.

mod prompting;
pub mod readers;

use std::collections::BTreeSet;
use std::sync::Arc;

use platform::authz::{Actor, Side};
use platform::cases::rounds::{self, NewDecision, NewPoint};
use platform::cases::store::{self as cases, NewCase};
use platform::cases::tasks::{self, For, Stands, Task};
use platform::cases::{Case, Taking};
use platform::cx::{Cx, Entry, Permit, Reaction, Tx};
use platform::error::Blocker;
use platform::forms::drafts;
use platform::texts::Text;
use platform::{Error, Result, t};
use rules::form::{Answers, Question, QuestionType, Section};
use rules::pack::Pack;
use rules::plan_change::complete::{self, States};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{ABROAD, FORM, LONGEST, PACK, PLAN, Plan, Plans, TITLE};
use super::{form_of, store, tested};
use crate::casework::act::{contract_first, moved, open as locked};
use crate::casework::handing::act as handing;
use crate::casework::{self, account, notices};
use crate::contract::chain::place_row;
use crate::obligation::act::happened;
use crate::obligation::model::Happened;
use crate::offshoring::model::PROPOSAL;
use crate::{contract, pack, party};

/// What follows for plans from entries of other features, in the same transaction.
pub fn reactions() -> Vec<Reaction> {
    prompting::reactions().into_iter().chain(readers::reactions()).collect()
}

/// A version at a place, not stored yet, with its pack.
///
/// # Errors
/// [`Error::NotFound`] when there is no such place or it stands no more.
pub async fn blank<C: ConnectionTrait>(cx: &Cx, db: &C, place: &place_row::Model, by: Uuid) -> Result<(Plan, Arc<Pack>)> {
    if place.until.is_some() {
        return Err(Error::NotFound);
    }
    let on = contract::store::get(db, place.contract).await?.row;
    let pack = contract::store::pack_for(cx, db, place.contract, PACK).await?;
    let pack = pack.ok_or_else(|| Error::internal("there is no pack of security guidance"))?;
    let name = party::store::names(db, [place.party]).await?.remove(&place.party).unwrap_or_default();
    let new = NewCase {
        id: cx.id()?,
        title: t!("plan-untitled", contract = &on.title, party = &name),
        party: (place.party, name),
        contract: Some((on.id, on.title)),
        place: Some(place.id),
        form: Some((pack.pack.clone(), pack.edition.clone(), FORM.to_owned())),
        made_by: by,
    };
    let case = cases::begin(&PLAN, new, cx.now())?;
    let standing = casework::sights(db, std::slice::from_ref(&case)).await?.pop().unwrap_or_default();
    Ok((Plan { case, standing, number: None, agreed_at: None, superseded_by: None, change: None }, pack))
}

/// Begins the first version of a plan for the party at `place`; its id.
///
/// # Errors
/// [`Error::Conflict`] when one is being written there already, or one was agreed, which only a change follows; [`Error::NotFound`] when the place
/// stands no more; or a refusal.
pub async fn begin(cx: &Cx, place: Uuid) -> Result<Uuid> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let contract = contract::store::place(tx.db(), place).await?.row.contract;
    // So that two who begin at a time see each other's.
    contract::store::lock_row(tx.db(), contract).await?;
    let row = contract::store::place(tx.db(), place).await?.row;
    cx.refuse_twin(&tx).await?;
    let (of, pack) = blank(cx, tx.db(), &row, by).await?;
    let of = Plan { case: Case { owner: Some(by), ..of.case }, ..of };
    let permit = cx.permit("plan.begin", &of)?;
    let standing = store::of_place(tx.db(), place).await?;
    if let Some(open) = standing.iter().find(|plan| plan.case.closed_at.is_none()) {
        return Err(Error::Conflict(Text::new("plan-open-already").with("title", &open.case.title)));
    }
    if let Some(agreed) = standing.iter().find(|plan| plan.in_force()) {
        return Err(Error::Conflict(Text::new("plan-change-first").with("number", agreed.number.unwrap_or(1))));
    }
    let entry = begun(&tx, ("plan.begin", &of), &row, &pack, None).await?;
    cx.commit(tx, permit, [entry]).await?;
    Ok(of.case.id)
}

async fn begun(tx: &Tx, (action, of): (&'static str, &Plan), place: &place_row::Model, pack: &Pack, change: Option<Uuid>) -> Result<Entry> {
    cases::insert(tx, &of.case).await?;
    store::insert(tx, of.case.id, change).await?;
    let entry = Entry::on(action, of)
        .about("place", place.id)
        .about("contract", place.contract)
        .about("pack", &pack.pack)
        .about("edition", &pack.edition);
    Ok(change.map_or(entry.clone(), |change| entry.about("change", change)))
}

/// Begins the version that an agreed change makes of a plan, within the transaction that agrees it: the answers of the version in force, of which the
/// sections that change, or that have files, are to be gone through again, and the others stand as they are. Its entry.
///
/// # Errors
/// [`Error::Conflict`] while another version is being written there, or when the plan's place has ended.
pub(crate) async fn next_in(cx: &Cx, tx: &Tx, before: &Plan, change: Uuid, sections: &BTreeSet<String>) -> Result<Entry> {
    let place = before.case.place.ok_or_else(|| Error::internal("a plan stands at no place"))?;
    let row = contract::store::place(tx.db(), place).await?.row;
    if row.until.is_some() {
        return Err(Error::conflict("plan-change-place-ended"));
    }
    if let Some(open) = store::of_place(tx.db(), place).await?.iter().find(|plan| plan.case.closed_at.is_none()) {
        return Err(Error::Conflict(Text::new("plan-open-meanwhile").with("title", &open.case.title)));
    }
    // Nobody of the authority's writes in it: it is the supplier's, begun by the service.
    let mut service = cx.clone();
    service.actor = Actor::Job("plan");
    let (of, pack) = blank(cx, tx.db(), &row, Uuid::nil()).await?;
    let title = before.case.title.clone();
    let search_key = cases::search_key(&[&title, &of.case.search_key]);
    let of = Plan { case: Case { search_key, title, ..of.case }, change: Some(change), ..of };
    let entry = begun(tx, ("plan.follow", &of), &row, &pack, Some(change)).await?;
    let form = form_of(&pack)?;
    let last = rounds::last(cx, tx.db(), &before.case).await?.1.answers();
    let answers = form.carry_sealed(&last);
    let again =
        |section: &Section| sections.contains(&section.id) || section.questions.iter().any(|asked| has_file(asked, last.get(&asked.id)));
    let of_sections = |named: bool| -> Answers {
        let chosen = form.sections.iter().filter(|section| again(section) == named);
        let ids: BTreeSet<&str> = chosen.flat_map(|section| &section.questions).map(|question| question.id.as_str()).collect();
        answers.iter().filter(|(id, _)| ids.contains(id)).map(|(id, value)| (id.to_owned(), value.clone())).collect()
    };
    drafts::keep_whole(&service, tx, of.case.id, form, &of_sections(false)).await?;
    drafts::carry(&service, tx, of.case.id, form, &of_sections(true)).await?;
    Ok(entry)
}

/// Whether an answer holds a file: it stays with the version with which it was handed in.
fn has_file(question: &Question, answer: Option<&Value>) -> bool {
    let Some(answer) = answer.filter(|answer| !answer.is_null()) else { return false };
    let inner = |entry: &Value| question.questions.iter().any(|inner| has_file(inner, entry.get(&inner.id)));
    question.kind == QuestionType::File || answer.as_array().is_some_and(|all| all.iter().any(inner))
}

/// The plan by which a place works: its own, else the nearest above it.
///
/// # Errors
/// When the database fails.
pub async fn working_by<C: ConnectionTrait>(db: &C, place: Uuid) -> Result<Option<Plan>> {
    let mut at = Some(place);
    while let Some(place) = at {
        if let Some(plan) = store::in_force(db, place).await? {
            return Ok(Some(plan));
        }
        at = contract::chain::place_above(db, place).await?;
    }
    Ok(None)
}

/// Hands a version in: all answers are checked and frozen, the reference is given at the first time. After a return, `reply` says what was mended.
///
/// # Errors
/// [`Error::Invalid`] when answers are missing or wrong, the declaration is not made or the reply is lacking; [`Error::Stale`]; a refusal.
pub async fn submit(cx: &Cx, id: Uuid, version: i32, declared: bool, reply: Option<&str>) -> Result<Case> {
    let mut tx = cx.begin().await?;
    contract_first::<Plans>(&tx, id).await?;
    let (before, permit) = locked::<Plans>(cx, &tx, id, version, "plan.submit").await?;
    let done = handing::hand_in::<Plans>(cx, &tx, &before, ("submit", TITLE), declared, reply).await?;
    notices::turn::<Plans>(&mut tx, &before, &done.case)?;
    let entry = moved::<Plans>("plan.submit", &before, &done.case).about("digest", &done.digest).about("files", done.files.len());
    let files: Vec<Uuid> = done.files.iter().map(|file| file.id).collect();
    let entry = entry.body(json!({ "title": done.case.title, "reply": reply, "files": files }));
    cx.commit(tx, permit, [entry]).await?;
    Ok(done.case)
}

/// Returns a version with points to mend.
///
/// # Errors
/// [`Error::Invalid`] without a point or for an unknown question; [`Error::Stale`]; or a refusal.
pub async fn send_back(cx: &Cx, id: Uuid, version: i32, reason: &str, points: &[NewPoint]) -> Result<()> {
    handing::send_back::<Plans>(cx, (id, version), ("return", "return"), reason, points).await
}

/// Agrees a version: from now on it is the one to work by, and the one before is superseded. Its audits and tests become tasks of the supplier.
///
/// # Errors
/// [`Error::Blocked`] by what the change that it came of still lacks; [`Error::Invalid`] without a reason; [`Error::Stale`]; or a refusal.
pub async fn agree(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let by = account(cx)?;
    let mut tx = cx.begin().await?;
    contract_first::<Plans>(&tx, id).await?;
    let (before, permit) = locked::<Plans>(cx, &tx, id, version, "plan.agree").await?;
    let reason = reason.trim();
    short(reason)?;
    let bars = bars(tx.db(), before.change).await?;
    let after = PLAN.take(&before.case, "agree", &Taking::because(reason).unless(bars), tx.now())?;
    let place = after.place.ok_or_else(|| Error::internal("a plan stands at no place"))?;
    let earlier = store::in_force(tx.db(), place).await?;
    let number = earlier.as_ref().and_then(|plan| plan.number).unwrap_or(0) + 1;
    let after = cases::update(&tx, after).await?;
    store::agree(&tx, id, number).await?;
    let (last, document) = rounds::last(cx, tx.db(), &after).await?;
    let pack = pack::of_case(cx, &after)?;
    let known = match &earlier {
        Some(plan) => tasks::list(cx, tx.db(), &plan.case, Side::Authority).await?,
        None => Vec::new(),
    };
    let today = cx.core().clock.date_of(tx.now());
    let planned = tested::planned(form_of(&pack)?, &document.answers(), (today, &tested::known(&known, &cx.core().clock)))?;
    tasks::add_all(cx, &tx, &after, by, planned).await?;
    let about = Some(json!({ "number": number, "submission": last.digest }));
    let decided = NewDecision { level: "agree", choice: "agreed".to_owned(), reason: Some(reason.to_owned()), about };
    rounds::decide(cx, &tx, &after, by.account, decided).await?;
    notices::turn::<Plans>(&mut tx, &before, &after)?;
    let mut entries = vec![
        moved::<Plans>("plan.agree", &before, &after)
            .about("number", number)
            .about("digest", &last.digest)
            .body(json!({ "reason": reason, "title": after.title })),
    ];
    if let Some(change) = before.change {
        entries[0] = entries[0].clone().about("change", change);
    }
    if let Some(earlier) = earlier {
        let now = Plan { case: after.clone(), number: Some(number), ..before.clone() };
        let asked = readers::carried(cx, &mut tx, &earlier, &now).await?;
        entries[0] = entries[0].clone().about("readers", asked);
        entries.push(superseded(cx, &tx, &earlier, id, number).await?);
    }
    let contract = after.contract.ok_or_else(|| Error::internal("a plan is of no contract"))?;
    let day = cx.core().clock.date_of(tx.now());
    let agreed = Happened { event: "plan_agreed".to_owned(), place: Some(place), day, reference: after.reference.clone() };
    happened(cx, &tx, contract, &[agreed]).await?;
    cx.commit(tx, permit, entries).await
}

/// What stands in the way of agreeing a version that came of a change: its work abroad is not approved (SEC-9, OFF-6). Neither takes effect without the
/// other.
///
/// # Errors
/// When the database fails.
pub async fn bars<C: ConnectionTrait>(db: &C, change: Option<Uuid>) -> Result<Vec<Blocker>> {
    let Some(change) = change else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for proposal in counting(abroad(db, change).await?, |case| given_up(stands(case))) {
        let states =
            States { offshore: Some(true), linked: Some(true), change: Some(complete::Change::Agreed), proposal: Some(stands(&proposal)) };
        let reference = proposal.reference.clone().unwrap_or_else(|| t!("plan-proposal-unsubmitted"));
        found.extend(states.blockers().into_iter().map(|bar| Blocker::new(bar_id(bar)).with("reference", &reference)));
    }
    Ok(found)
}

/// Of what belongs together, what counts: another one takes the place of those that were given up; alone, they stand in the way.
pub fn counting(all: Vec<Case>, given_up: impl Fn(&Case) -> bool) -> Vec<Case> {
    let (over, rest): (Vec<Case>, Vec<Case>) = all.into_iter().partition(given_up);
    if rest.is_empty() { over } else { rest }
}

/// Whether nothing comes of a proposal any more.
pub fn given_up(proposal: complete::Proposal) -> bool {
    matches!(proposal, complete::Proposal::Declined | complete::Proposal::Withdrawn)
}

/// The proposals for work abroad that belong to a change.
///
/// # Errors
/// When the database fails.
pub async fn abroad<C: ConnectionTrait>(db: &C, change: Uuid) -> Result<Vec<Case>> {
    let linked = cases::linked(db, change, ABROAD).await?;
    cases::all(db, &PROPOSAL, linked).await
}

/// Where a proposal stands, as completing looks at it.
pub fn stands(proposal: &Case) -> complete::Proposal {
    match proposal.stage.as_str() {
        "approved" => complete::Proposal::Approved,
        "not_offshoring" => complete::Proposal::NotOffshoring,
        "declined" => complete::Proposal::Declined,
        "withdrawn" => complete::Proposal::Withdrawn,
        _ => complete::Proposal::Open,
    }
}

/// The blocker that names what stands in the way.
fn bar_id(bar: complete::Blocker) -> &'static str {
    match bar {
        complete::Blocker::ProposalDeclined => "plan-proposal-declined",
        complete::Blocker::ProposalWithdrawn => "plan-proposal-withdrawn",
        _ => "plan-proposal-open",
    }
}

/// Lets `by` take the place of a version: the audits and tests that it still asks for are asked for by the other. What was said to be done is still to be
/// checked.
async fn superseded(cx: &Cx, tx: &Tx, earlier: &Plan, by: Uuid, number: i32) -> Result<Entry> {
    store::supersede(tx, earlier.case.id, by).await?;
    let all = tasks::list(cx, tx.db(), &earlier.case, Side::Authority).await?;
    let again = all.iter().filter(|task| task.kind == For::Review && task.stands() == Stands::Open).map(|task| task.id);
    let dropped = tasks::drop_open(tx, again).await?;
    let entry = Entry::on("plan.supersede", earlier).about("by", by).about("number", number).about("dropped", dropped);
    Ok(earlier.case.reference.iter().fold(entry, |entry, reference| entry.about("reference", reference)))
}

/// Withdraws a version that was handed in, with a reason.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] once it is decided on; [`Error::Stale`]; or a refusal.
pub async fn withdraw(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let (before, permit) = opened(cx, &tx, id, version, "plan.withdraw").await?;
    short(reason)?;
    let after = cases::update(&tx, PLAN.take(&before.case, "withdraw", &Taking::because(reason), tx.now())?).await?;
    let decided = NewDecision { level: "withdraw", choice: "withdrawn".to_owned(), reason: Some(reason.to_owned()), about: None };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    notices::turn::<Plans>(&mut tx, &before, &after)?;
    let entry = moved::<Plans>("plan.withdraw", &before, &after).body(json!({ "reason": reason }));
    cx.commit(tx, permit, [entry]).await
}

/// Discards a draft that was never handed in.
///
/// # Errors
/// [`Error::Conflict`] once it was; [`Error::Stale`]; or a refusal.
pub async fn discard(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (before, permit) = opened(cx, &tx, id, version, "plan.discard").await?;
    let after = cases::update(&tx, PLAN.take(&before.case, "discard", &Taking::default(), tx.now())?).await?;
    let files = platform::files::drop_drafts(&mut tx, PLAN.id, id).await?;
    let entry = moved::<Plans>("plan.discard", &before, &after).about("files", files);
    cx.commit(tx, permit, [entry]).await
}

/// Gives up the version that a change makes, within the transaction that withdraws the change: its entry, if there is such a version.
///
/// # Errors
/// When the database fails.
pub(crate) async fn drop_in(cx: &Cx, tx: &mut Tx, change: Uuid, reason: &str) -> Result<Option<Entry>> {
    let Some(found) = store::of_change(tx.db(), change).await?.filter(|plan| plan.case.closed_at.is_none()) else { return Ok(None) };
    let before = casework::lock::<Plans>(tx, found.case.id).await?;
    let (step, action) = if before.case.stage == "draft" { ("discard", "plan.discard") } else { ("withdraw", "plan.withdraw") };
    let after = cases::update(tx, PLAN.take(&before.case, step, &Taking::because(reason), tx.now())?).await?;
    let files = platform::files::drop_drafts(tx, PLAN.id, after.id).await?;
    let decided = NewDecision { level: step, choice: "withdrawn".to_owned(), reason: Some(reason.to_owned()), about: None };
    rounds::decide(cx, tx, &after, account(cx)?.account, decided).await?;
    Ok(Some(moved::<Plans>(action, &before, &after).about("change", change).about("files", files).body(json!({ "reason": reason }))))
}

/// A version that is given up, locked; refused where an agreed change waits for it.
async fn opened(cx: &Cx, tx: &Tx, id: Uuid, version: i32, action: &'static str) -> Result<(Plan, Permit)> {
    contract_first::<Plans>(tx, id).await?;
    let (before, permit) = locked::<Plans>(cx, tx, id, version, action).await?;
    if before.change.is_some() {
        return Err(Error::conflict("plan-waited-for"));
    }
    Ok((before, permit))
}

fn short(reason: &str) -> Result<()> {
    if reason.chars().count() > LONGEST {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", LONGEST)));
    }
    Ok(())
}

/// What follows when an audit or test was found done: the next one, so long after this one was done as the plan says. What the entry says of it.
pub(super) async fn found_done(cx: &Cx, tx: &Tx, of: &Plan, task: &Task) -> Result<Vec<(&'static str, String)>> {
    if !of.in_force() {
        return Ok(Vec::new());
    }
    let pack = pack::of_case(cx, &of.case)?;
    let (_, document) = rounds::last(cx, tx.db(), &of.case).await?;
    let done = cx.core().clock.date_of(task.done_at.unwrap_or_else(|| tx.now()));
    let Some(next) = tested::again(form_of(&pack)?, &document.answers(), &task.title, done)? else { return Ok(Vec::new()) };
    let due = next.due.map(|day| day.to_string()).unwrap_or_default();
    tasks::add(cx, tx, &of.case, account(cx)?, next).await?;
    Ok(vec![("next", due)])
}
