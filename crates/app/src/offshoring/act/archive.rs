//! Taking a whole case out, with the proofs of what was done on it.

use ledger::Id;
use ledger::archive::{Archiver, Options};
use platform::cases::store as cases;
use platform::cx::{Cx, Entry};
use platform::{Error, Result, book, export};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::offshoring::archive::Parts;
use crate::offshoring::model::{PROPOSAL, Proposal};
use crate::offshoring::store;

/// Archives being made at a time: each is held in memory until its entry is written.
static AT_WORK: Semaphore = Semaphore::const_new(2);

/// A whole case as one archive.
#[derive(Debug)]
pub struct Archive {
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Makes the archive of a case as the actor may read it. That it was taken is an entry, which the archive holds itself.
///
/// # Errors
/// When the actor may not, or something does not open; [`Error::TooLarge`] when it would be longer than an archive can be.
pub async fn archive(cx: &Cx, id: Uuid) -> Result<Archive> {
    let of = store::load(cx.db(), cases::get(cx.db(), &PROPOSAL, id).await?).await?;
    cx.permit("proposal.archive", &of)?;
    let _turn = AT_WORK.acquire().await.map_err(Error::internal)?;
    note(cx, id).await?;
    // Read after the entry, so that the history in the archive ends with it.
    let parts = Parts::read(cx, &of).await?;
    let bytes = packed(cx, &of, &parts).await?;
    let name = of.case.reference.clone().unwrap_or_else(|| of.case.id.to_string());
    Ok(Archive { name: format!("{name}.zip"), bytes })
}

async fn note(cx: &Cx, id: Uuid) -> Result<()> {
    let tx = cx.begin().await?;
    let of = store::load(tx.db(), cases::lock(&tx, &PROPOSAL, id).await?).await?;
    let permit = cx.permit("proposal.archive", &of)?;
    let sealed = if cx.may("proposal.reveal", &of) { "opened" } else { "left-out" };
    let mut entry = Entry::on("proposal.archive", &of).about("sealed", sealed).about("round", of.case.round);
    if let Some(reference) = &of.case.reference {
        entry = entry.about("reference", reference);
    }
    cx.commit(tx, permit, [entry]).await
}

async fn packed(cx: &Cx, of: &Proposal, parts: &Parts) -> Result<Vec<u8>> {
    let about = of.case.reference.clone().unwrap_or_else(|| of.case.id.to_string());
    // The details of entries say what the authority writes to itself: the supplier gets the entries without them.
    let details = cx.may("proposal.read_notes", of);
    let options = Options { made_at_ms: cx.now(), about: Id::new(about).map_err(Error::internal)?, details };
    let mut archiver = Archiver::new(Vec::new(), &cx.core().ledger_key, options);
    for part in &parts.files {
        archiver.file(&part.name, &part.bytes).map_err(export::archive_fault)?;
    }
    let (size, root) = book::head(cx.db()).await?;
    export::prove(cx, &mut archiver, size, &parts.entries, details).await?;
    archiver.finish(size, root).map_err(export::archive_fault)
}
