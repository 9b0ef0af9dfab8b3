//! Files of a message that could not be looked at when it became part of an incident, as the scanner or the store did not answer (SEC-24, SEC-25): once
//! they can be, they go the way of all others. Until then the message has them, and says so.

use platform::authz::Side;
use platform::cx::Tx;
use platform::files::scanner_answers;
use platform::identity::membership;
use platform::jobs::{Job, Working};
use platform::{Cx, Error, Result};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{again, bring, enclosed, of_supplier, opened, told};
use crate::incident::act as incidents;
use crate::intake::said::for_a_while;
use crate::intake::store::{self, Model};
use crate::intake::{LEFT, LEFT_AFTER};

/// Has the files of a message tried again that are left, if any are: until they are no more, with the growing pauses of a job that fails.
pub(super) fn again_later(tx: &mut Tx, of: &Model) {
    if of.files_left > 0 {
        let at = tx.now() + LEFT_AFTER;
        tx.job(Job::new(LEFT, json!({ "mail": of.id })).at(at));
    }
}

/// Does the job of trying once more what is left of a message.
pub(in crate::intake) fn look<'a>(cx: &'a Cx, _id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let malformed = || Error::bad_request("mail-malformed");
        let mail: Uuid = payload["mail"].as_str().and_then(|id| id.parse().ok()).ok_or_else(malformed)?;
        // While the scanner is away nothing is even read.
        if scanner_answers(&cx.core().settings.files).await.is_err() {
            return Err(Error::Unavailable);
        }
        if bring_left(cx, mail).await? > 0 { Err(Error::Unavailable) } else { Ok(()) }
    })
}

/// Looks once more at the files of a message that could not be looked at before, and makes those that can be files of its incident; how many are
/// still left.
///
/// # Errors
/// [`platform::Error::NotFound`]; when the store does not answer, or the message was changed behind our back; or a refusal.
async fn bring_left(cx: &Cx, id: Uuid) -> Result<i32> {
    let row = store::get(cx.db(), id).await?;
    let Some(case) = row.case.filter(|_| row.files_left > 0) else { return Ok(0) };
    let known = store::opened(cx, cx.db(), vec![row.clone()]).await?.pop().and_then(|opened| opened.said);
    // Of one whose key was destroyed there is nothing to bring.
    let known = known.ok_or_else(|| Error::bad_request("error-subject-destroyed"))?;
    let message = again(cx, &row).await?;
    // Each is known by its place; that it is the same, by its size.
    let same = |n: usize| known.files.get(n).zip(message.attachments.get(n)).filter(|(known, file)| known.size == file.size());
    let taken = enclosed(cx, &message, |n| same(n).is_some_and(|(known, _)| known.is_left())).await;
    if taken.iter().flatten().all(|one| one.as_ref().is_err_and(|refused| for_a_while(refused))) {
        return Ok(row.files_left);
    }
    let by = sent_by(cx, &row).await?;
    let mut tx = cx.begin().await?;
    let before = store::lock(&tx, id).await?;
    if before.version != row.version {
        // Somebody was faster, and what is left by now is looked at the next time.
        return Ok(row.files_left);
    }
    let permit = cx.permit("mail.bring", &before.thing())?;
    let mut said = opened(cx, &tx, &before).await?;
    let brought = bring(cx, &mut tx, case, (&mut said, &taken), by).await?;
    let came = brought.len();
    if came > 0 {
        incidents::mail_files(&mut tx, case).await?;
    }
    let after = Model { said: store::sealed(cx, &tx, id, &said).await?, files_left: said.files_left(), ..before };
    store::update(&tx, &after, row.version).await?;
    let entry = told("mail.bring", &after).about("files", came).about("left", after.files_left);
    cx.commit(tx, permit, std::iter::once(entry).chain(brought)).await?;
    Ok(after.files_left)
}

/// Who sent a message, by account, party and side: whoever decided about it where that is nobody of a supplier's.
async fn sent_by(cx: &Cx, row: &Model) -> Result<(Uuid, Uuid, Side)> {
    if let Some(supplier) = of_supplier(row) {
        return Ok(supplier);
    }
    let account = row.decided_by.unwrap_or_default();
    for member in membership::own(cx.db(), account, cx.now()).await? {
        if (cx.core().directory)(cx.db(), member.party).await?.is_some_and(|face| face.side == Side::Authority) {
            return Ok((account, member.party, Side::Authority));
        }
    }
    Ok((account, Uuid::nil(), Side::Authority))
}
