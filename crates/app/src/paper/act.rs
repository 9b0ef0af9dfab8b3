//! Making papers.

use platform::authz::Guarded;
use platform::cx::{Cx, Entry};
use platform::{Error, Result, random};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::model::{Code, Draft, paper};
use super::store::{self, Model};

/// Papers set in type at a time: each takes a core while it lasts.
static AT_WORK: Semaphore = Semaphore::const_new(2);

/// Makes the paper `draft` about `on`, permitted and recorded as `action`; its id. The paper of an entry is made once: asked for again,
/// the first one is given.
///
/// # Errors
/// A refusal; [`Error::Internal`] when it cannot be set in type.
pub async fn make(cx: &Cx, action: &'static str, on: &impl Guarded, draft: Draft) -> Result<Uuid> {
    make_with(cx, action, on, draft, &Code::new(random::bytes()?)).await
}

/// As [`make`], under this code.
pub(super) async fn make_with(cx: &Cx, action: &'static str, on: &impl Guarded, draft: Draft, code: &Code) -> Result<Uuid> {
    // Asked before anything is set in type, and again for the write.
    cx.permit(action, on)?;
    if let Some(reads) = draft.kind.asks() {
        cx.permit(reads, on)?;
    }
    let id = cx.id()?;
    let once = store::once(draft.kind, on, draft.ledger_index, id);
    if let Some(before) = store::made(cx.db(), &once).await? {
        return Ok(before);
    }
    let row = Model {
        id,
        kind: draft.kind.code().to_owned(),
        subject_kind: on.resource().kind.to_owned(),
        subject_id: on.resource().id,
        reference: draft.reference.clone(),
        edition: draft.edition.clone(),
        entry: i64::try_from(draft.ledger_index).map_err(Error::internal)?,
        once: once.clone(),
        code: code.digest(),
        sha256: String::new(),
        size: 0,
        pdf: Vec::new(),
        made_at: cx.now(),
        made_by: cx.actor.reference().1,
    };
    let pdf = set_in_type(cx, draft, code).await?;
    let size = i64::try_from(pdf.len()).map_err(Error::internal)?;
    let row = Model { sha256: hex::encode(random::digest(&pdf)), size, ..row };
    let tx = cx.begin().await?;
    let permit = cx.permit(action, on)?;
    let entry = Entry::on(action, on).about("paper", id).about("kind", &row.kind).about("sha256", &row.sha256);
    if !store::insert(cx, &tx, row, &pdf).await? {
        return store::made(tx.db(), &once).await?.ok_or_else(|| Error::internal("a paper was made and is gone"));
    }
    cx.commit(tx, permit, [entry]).await?;
    Ok(id)
}

async fn set_in_type(cx: &Cx, draft: Draft, code: &Code) -> Result<Vec<u8>> {
    let settings = &cx.core().settings;
    let paper = paper(draft, code, &settings.authority, &settings.public_url, &cx.core().clock, cx.now());
    let _turn = AT_WORK.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || papers::render(&paper)).await.map_err(Error::internal)?.map_err(Error::internal)
}
