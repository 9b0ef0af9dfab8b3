//! Opening one sealed answer, which the ledger tells of.

use platform::cases::{rounds, store as cases};
use platform::cx::{Cx, Entry};
use platform::forms::reveal;
use platform::{Error, Result};
use rules::form::FrozenDocument;
use serde_json::json;
use uuid::Uuid;

use crate::offshoring::model::PROPOSAL;
use crate::offshoring::store;

/// Records that the actor has the sealed answer at `path`, of the round handed in last, shown to them.
///
/// # Errors
/// [`Error::NotFound`] when there is no such answer; or a refusal.
pub async fn reveal(cx: &Cx, id: Uuid, path: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let case = cases::lock(&tx, &PROPOSAL, id).await?;
    let on = store::load(tx.db(), case).await?;
    let permit = cx.permit("proposal.reveal", &on)?;
    let last = rounds::submissions(cx, tx.db(), &on.case).await?.pop().ok_or(Error::NotFound)?;
    let document = FrozenDocument::from_bytes(&last.document.ok_or_else(|| Error::conflict("error-subject-destroyed"))?)?;
    let answer = reveal::find(&document, path).ok_or(Error::NotFound)?;
    // Which question, in the open as its id and sealed in words; never what was answered.
    let entry = Entry::on("proposal.reveal", &on).about("question", path).about("round", last.round).body(json!({ "title": answer.label }));
    cx.commit(tx, permit, [entry]).await
}
