//! What is said and done around a case: messages, internal notes, tasks. And how a step opens one.

use std::borrow::Cow;

use platform::authz::{Guarded as _, Side};
use platform::cases::api::{Asks, reads};
use platform::cases::tasks::{self, NewTask};
use platform::cases::thread::{self, NewMessage};
use platform::cases::{Case, rounds, store as cases};
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::error::FieldErrors;
use platform::texts::{self, Text};
use platform::{Error, Result, forms};
use serde_json::json;
use uuid::Uuid;

use super::writing::{self, Writing};
use super::{Process, able, account, desk, lock, notices};
use crate::contract;

/// A case, locked, with leave for `action`; refused to the second half of a double click.
async fn around<P: Process>(cx: &Cx, tx: &Tx, id: Uuid, action: &'static str) -> Result<(P::Thing, Permit)> {
    // First of all: was this very form answered a moment ago? Otherwise the second half of a double click looks like a stale page.
    let case = cases::lock(tx, P::KIND, id).await?;
    cx.refuse_twin(tx).await?;
    let of = P::load(tx.db(), vec![case]).await?.pop().ok_or(Error::NotFound)?;
    let permit = cx.permit(action, &of)?;
    Ok((of, permit))
}

/// Holds the contract of a case, as everybody does who changes what belongs to it, before the case itself: two that hold both do not wait for each
/// other.
///
/// # Errors
/// [`Error::NotFound`] when there is no such case; when the database fails.
pub async fn contract_first<P: Process>(tx: &Tx, id: Uuid) -> Result<()> {
    if let Some(contract) = cases::get(tx.db(), P::KIND, id).await?.contract {
        contract::store::lock_row(tx.db(), contract).await?;
    }
    Ok(())
}

/// A case, locked, at the version that the form was filled in against, with leave for `action`.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Stale`], or a refusal.
pub async fn open<P: Process>(cx: &Cx, tx: &Tx, id: Uuid, version: i32, action: &'static str) -> Result<(P::Thing, Permit)> {
    let (before, permit) = around::<P>(cx, tx, id, action).await?;
    cases::expect(P::case(&before), version)?;
    Ok((before, permit))
}

/// The entry of a step.
pub fn moved<P: Process>(action: &'static str, before: &P::Thing, after: &Case) -> Entry {
    let was = P::case(before);
    let mut entry =
        Entry::new(action, P::KIND.id, before.resource().id).about("from", &was.stage).about("to", &after.stage).about("round", was.round);
    if let Some(reference) = &after.reference {
        entry = entry.about("reference", reference);
    }
    for (name, id) in [("contract", after.contract), ("place", after.place)] {
        entry = id.map_or(entry.clone(), |id| entry.about(name, id));
    }
    entry
}

/// Writes to the thread: a message for both sides, or a note that stays within the party that writes it. Of a supplier's note the entry tells that it was
/// written and not what it says: the authority reads the ledger. Nor does it tell data about people.
///
/// # Errors
/// [`Error::Invalid`] when it is blank or too long, or holds data about people of which nothing is said; or a refusal.
pub async fn write<P: Process>(cx: &Cx, id: Uuid, writing: &Writing<'_>) -> Result<()> {
    let (by, internal) = (account(cx)?, writing.internal);
    let mut tx = cx.begin().await?;
    let own = P::OWN_NOTE.filter(|_| by.side == Side::Supplier);
    let action = if internal { own.unwrap_or(P::ACTS.note) } else { P::ACTS.message };
    let (on, permit) = around::<P>(cx, &tx, id, action).await?;
    let (body, essential) = writing::stored::<P>(writing.body, &writing.people, internal && own.is_some())?;
    let new = NewMessage { body: &body, internal, essential: essential.as_deref() };
    let message = thread::add(cx, &tx, P::case(&on), by, new).await?;
    if !internal {
        notices::written::<P>(&mut tx, &on, by.side == Side::Supplier)?;
    }
    let entry = Entry::on(action, &on).about("message", message);
    let entry = match own.filter(|_| internal) {
        Some(_) => entry.about("side", by.side.code()).about("party", by.party),
        None => entry.body(json!({ "body": writing::open::<P>(body.trim()), "essential": essential })),
    };
    let taken = desk::by_acting::<P>(cx, &tx, &on).await?;
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await
}

/// A message with all that it says, for whoever may ask for data about people; that they did is recorded.
///
/// # Errors
/// [`Error::NotFound`] unless the actor reads it masked; or a refusal.
pub async fn reveal_message<P: Process>(cx: &Cx, id: Uuid, message: Uuid) -> Result<thread::Message> {
    let tx = cx.begin().await?;
    let on = lock::<P>(&tx, id).await?;
    let permit = cx.permit(P::ACTS.reveal, &on)?;
    let whole = thread::one(cx, tx.db(), P::case(&on), reads::<P>(cx, &on), message).await?;
    if matches!(writing::open::<P>(&whole.body), Cow::Borrowed(_)) {
        return Err(Error::NotFound);
    }
    let entry = Entry::on(P::ACTS.reveal, &on).about("message", message).body(json!({ "title": texts::t("case-tab-thread") }));
    cx.commit(tx, permit, [entry]).await?;
    Ok(whole)
}

/// Sets a task, for whoever of the side comes first or for one person; its id.
///
/// # Errors
/// [`Error::Invalid`] without a title, or for a person who could not do it; or a refusal.
pub async fn add_task<P: Process>(cx: &Cx, id: Uuid, new: NewTask) -> Result<Uuid> {
    let by = account(cx)?;
    let mut tx = cx.begin().await?;
    let (on, permit) = around::<P>(cx, &tx, id, P::ACTS.task).await?;
    let mut errors = FieldErrors::default();
    if new.title.trim().is_empty() {
        errors.add("title", Text::new("case-task-title"));
    } else if new.title.chars().count() > 200 {
        errors.add("title", Text::new("error-too-long").with("max", 200));
    }
    if new.detail.as_ref().is_some_and(|d| d.chars().count() > 4_000) {
        errors.add("detail", Text::new("error-too-long").with("max", 4_000));
    }
    writing::refuse::<P>(&mut errors, "title", &new.title);
    writing::refuse::<P>(&mut errors, "detail", new.detail.as_deref().unwrap_or_default());
    if let Some(owner) = new.owner
        && !able::may_do::<P>(cx, tx.db(), &on, new.side.code(), owner).await?
    {
        errors.add("owner", Text::new("case-task-owner-wrong"));
    }
    errors.or(())?;
    let body = json!({ "title": new.title, "detail": new.detail });
    // The authority checks what suppliers do, not itself.
    let new = NewTask { checks: new.checks && new.side == Side::Supplier, ..new };
    let (side, owner) = (new.side, new.owner);
    let task = tasks::add(cx, &tx, P::case(&on), by, new).await?;
    let mut entry = Entry::on(P::ACTS.task, &on).about("task", task).about("side", side.code()).body(body);
    if let Some(owner) = owner {
        entry = entry.about("to", owner);
        notices::task::<P>(cx, &mut tx, P::case(&on), owner)?;
    }
    let taken = desk::by_acting::<P>(cx, &tx, &on).await?;
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await?;
    Ok(task)
}

/// Marks a task of the actor's side done; `version` is the task's.
///
/// # Errors
/// [`Error::NotFound`] for the other side's task; [`Error::Stale`]; or a refusal.
pub async fn finish_task<P: Process>(cx: &Cx, id: Uuid, task: Uuid, version: i32, note: Option<String>) -> Result<()> {
    let by = account(cx)?;
    let tx = cx.begin().await?;
    let (on, permit) = around::<P>(cx, &tx, id, P::ACTS.finish_task).await?;
    let row = tasks::get(cx, tx.db(), P::case(&on), task).await?;
    if row.side != by.side.code() {
        return Err(Error::NotFound);
    }
    if row.version != version {
        return Err(Error::Stale(Text::new("case-task-stale").with("title", &row.title)));
    }
    writing::free::<P>("note", note.as_deref().unwrap_or_default())?;
    tasks::done(cx, &tx, P::case(&on), &row, by.account, note.as_deref()).await?;
    let entry = Entry::on(P::ACTS.finish_task, &on).about("task", task).about("side", &row.side).body(json!({ "note": note }));
    cx.commit(tx, permit, [entry]).await
}

/// Checks that a task was done: found done, or open again with what `lacks`; `version` is the task's. Nobody checks what they did themselves.
///
/// # Errors
/// [`Error::Invalid`] when what is lacking is too long; [`Error::Conflict`] for one's own; [`Error::Stale`]; or a refusal.
pub async fn check_task<P: Process>(cx: &Cx, id: Uuid, task: Uuid, version: i32, lacks: Option<&str>) -> Result<()> {
    let by = account(cx)?;
    let mut tx = cx.begin().await?;
    // What follows from a task that was found done may be kept of the contract.
    contract_first::<P>(&tx, id).await?;
    let (on, permit) = around::<P>(cx, &tx, id, P::ACTS.check_task).await?;
    let row = tasks::get(cx, tx.db(), P::case(&on), task).await?;
    let lacks = lacks.map(str::trim);
    if lacks.is_some_and(str::is_empty) {
        return Err(Error::field("lacks", Text::new("case-task-lacks-missing")));
    }
    if lacks.is_some_and(|text| text.chars().count() > 2_000) {
        return Err(Error::field("lacks", Text::new("error-too-long").with("max", 2_000)));
    }
    writing::free::<P>("lacks", lacks.unwrap_or_default())?;
    if row.done_by == Some(by.account) {
        return Err(Error::conflict("case-task-own"));
    }
    if row.version != version {
        return Err(Error::Stale(Text::new("case-task-stale").with("title", &row.title)));
    }
    tasks::check(cx, &tx, P::case(&on), &row, by.account, lacks).await?;
    if lacks.is_some() {
        notices::lacking::<P>(&mut tx, &on, row.owner.or(row.done_by))?;
    }
    let found = if lacks.is_some() { "lacking" } else { "done" };
    let follows = if lacks.is_none() { P::found_done(cx, &tx, &on, &row).await? } else { Vec::new() };
    let entry = Entry::on(P::ACTS.check_task, &on).about("task", task).about("side", &row.side).about("found", found);
    let entry = follows.into_iter().fold(entry, |entry, (name, value)| entry.about(name, value));
    cx.commit(tx, permit, [entry.body(json!({ "note": lacks }))]).await
}

/// Records that the actor has the sealed answer at `path`, of the round handed in last, shown to them.
///
/// # Errors
/// [`Error::NotFound`] when there is no such answer; or a refusal.
pub async fn reveal<P: Process + Asks>(cx: &Cx, id: Uuid, path: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let on = lock::<P>(&tx, id).await?;
    let permit = cx.permit(P::ACTS.reveal, &on)?;
    let (last, document) = rounds::last(cx, tx.db(), P::case(&on)).await?;
    let document = P::shown(cx, tx.db(), P::case(&on), vec![document]).await?.pop().ok_or(Error::NotFound)?;
    let answer = forms::reveal::find(&document, path).ok_or(Error::NotFound)?;
    // Which question, in the open as its id and sealed in words; never what was answered.
    let entry = Entry::on(P::ACTS.reveal, &on).about("question", path).about("round", last.round).body(json!({ "title": answer.label }));
    cx.commit(tx, permit, [entry]).await
}

/// Takes a case on, from whoever of the same role has it. Its due date and its stage stay.
///
/// # Errors
/// A refusal, unless its stage waits for the actor's role; [`Error::Stale`].
pub async fn take_on<P: Process>(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let (before, permit) = open::<P>(cx, &tx, id, version, P::ACTS.take_on).await?;
    let entry = desk::given::<P>(P::ACTS.take_on, &before, Some(by));
    cases::update(&tx, Case { owner: Some(by), ..P::case(&before).clone() }).await?;
    cx.commit(tx, permit, [entry]).await
}

/// Puts one's own case back, so that whoever of the role comes next takes it on.
///
/// # Errors
/// A refusal, when somebody else has it; [`Error::Stale`].
pub async fn put_back<P: Process>(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let tx = cx.begin().await?;
    let (before, permit) = open::<P>(cx, &tx, id, version, P::ACTS.put_back).await?;
    let entry = desk::given::<P>(P::ACTS.put_back, &before, None);
    cases::update(&tx, Case { owner: None, ..P::case(&before).clone() }).await?;
    cx.commit(tx, permit, [entry]).await
}

/// Passes a case to a colleague for whom its stage waits too, and tells them.
///
/// # Errors
/// [`Error::Invalid`] when that person may not have it; a refusal; [`Error::Stale`].
pub async fn pass_to<P: Process>(cx: &Cx, id: Uuid, version: i32, to: Uuid) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (before, permit) = open::<P>(cx, &tx, id, version, P::ACTS.pass_to).await?;
    if !able::may_have::<P>(cx, tx.db(), &before, to).await? {
        return Err(Error::field("to", Text::new("case-pass-to-wrong")));
    }
    let entry = desk::given::<P>(P::ACTS.pass_to, &before, Some(to));
    let after = cases::update(&tx, Case { owner: Some(to), ..P::case(&before).clone() }).await?;
    notices::passed::<P>(cx, &mut tx, &after, to)?;
    cx.commit(tx, permit, [entry]).await
}
