//! What is said and done around a proposal: messages, internal notes, tasks.

use platform::authz::Side;
use platform::cases::tasks::{self, NewTask};
use platform::cases::{store as cases, thread};
use platform::cx::{Cx, Entry};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::json;
use uuid::Uuid;

use super::{account, desk, notices};
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::store;

/// Writes to the thread: a message for both sides, or a note that stays within the authority.
///
/// # Errors
/// [`Error::Invalid`] when it is blank or too long; or a refusal.
pub async fn write(cx: &Cx, id: Uuid, body: &str, internal: bool) -> Result<()> {
    let by = account(cx)?;
    let mut tx = cx.begin().await?;
    let case = cases::lock(&tx, &PROPOSAL, id).await?;
    cx.refuse_twin(&tx).await?;
    let on = store::load(tx.db(), case).await?;
    let action = if internal { "proposal.note" } else { "proposal.message" };
    let permit = cx.permit(action, &on)?;
    let message = thread::add(cx, &tx, &on.case, by, body, internal).await?;
    if !internal {
        notices::written(&mut tx, &on, by.side == Side::Supplier)?;
    }
    let entry = Entry::on(action, &on).about("message", message).body(json!({ "body": body.trim() }));
    let taken = desk::by_acting(cx, &tx, &on).await?;
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await
}

/// Sets a task, for whoever of the side comes first or for one person; its id.
///
/// # Errors
/// [`Error::Invalid`] without a title, or for a person who could not do it; or a refusal.
pub async fn add_task(cx: &Cx, id: Uuid, new: NewTask) -> Result<Uuid> {
    let by = account(cx)?;
    let mut tx = cx.begin().await?;
    let case = cases::lock(&tx, &PROPOSAL, id).await?;
    cx.refuse_twin(&tx).await?;
    let on = store::load(tx.db(), case).await?;
    let permit = cx.permit("proposal.task", &on)?;
    let mut errors = FieldErrors::default();
    if new.title.trim().is_empty() {
        errors.add("title", Text::new("proposal-task-title"));
    } else if new.title.chars().count() > 200 {
        errors.add("title", Text::new("error-too-long").with("max", 200));
    }
    if new.detail.as_ref().is_some_and(|d| d.chars().count() > 4_000) {
        errors.add("detail", Text::new("error-too-long").with("max", 4_000));
    }
    if let Some(owner) = new.owner
        && !desk::may_do(cx, tx.db(), &on, new.side.code(), owner).await?
    {
        errors.add("owner", Text::new("proposal-task-owner-wrong"));
    }
    errors.or(())?;
    let body = json!({ "title": new.title, "detail": new.detail });
    let (side, owner) = (new.side, new.owner);
    let task = tasks::add(cx, &tx, &on.case, by, new).await?;
    let mut entry = Entry::on("proposal.task", &on).about("task", task).about("side", side.code()).body(body);
    if let Some(owner) = owner {
        entry = entry.about("to", owner);
        notices::task(cx, &mut tx, &on.case, owner)?;
    }
    let taken = desk::by_acting(cx, &tx, &on).await?;
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await?;
    Ok(task)
}

/// Marks a task of the actor's side done; `version` is the task's.
///
/// # Errors
/// [`Error::NotFound`] for the other side's task; [`Error::Stale`]; or a refusal.
pub async fn finish_task(cx: &Cx, id: Uuid, task: Uuid, version: i32, note: Option<String>) -> Result<()> {
    let by = account(cx)?;
    let tx = cx.begin().await?;
    let case = cases::lock(&tx, &PROPOSAL, id).await?;
    cx.refuse_twin(&tx).await?;
    let on = store::load(tx.db(), case).await?;
    let permit = cx.permit("proposal.finish_task", &on)?;
    let row = tasks::get(cx, tx.db(), &on.case, task).await?;
    if row.side != by.side.code() {
        return Err(Error::NotFound);
    }
    if row.version != version {
        return Err(Error::Stale(Text::new("case-task-stale").with("title", &row.title)));
    }
    tasks::done(cx, &tx, &on.case, &row, by.account, note.as_deref()).await?;
    let entry = Entry::on("proposal.finish_task", &on).about("task", task).about("side", &row.side).body(json!({ "note": note }));
    cx.commit(tx, permit, [entry]).await
}
