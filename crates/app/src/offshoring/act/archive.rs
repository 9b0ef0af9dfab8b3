//! Taking a whole case out, with the proofs of what was done on it.

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{BoxStream, StreamExt as _, try_unfold};
use ledger::archive::{Archiver, MAX_LENGTH, Options};
use ledger::{Hash, Id};
use platform::cases::store as cases;
use platform::cx::{Cx, Entry};
use platform::files::{self, Goes, Leaving};
use platform::{Error, Result, book, export};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::offshoring::archive::Parts;
use crate::offshoring::archive::uploads::{Upload, placed};
use crate::offshoring::model::{PROPOSAL, Proposal};
use crate::offshoring::store;

/// Archives being made at a time: what is read of the case but for its files lies in memory meanwhile.
static AT_WORK: Semaphore = Semaphore::const_new(2);
/// What an archive may need beside the uploaded files, in bytes.
const BESIDE: u64 = 512 << 20;

/// A whole case as one archive.
pub struct Archive {
    /// The file's name.
    pub name: String,
    /// Its bytes, made as they are taken.
    pub bytes: BoxStream<'static, Result<Bytes>>,
}

impl IntoResponse for Archive {
    /// To be saved, sent as it is made.
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "application/zip".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)),
        ];
        (headers, Body::from_stream(self.bytes)).into_response()
    }
}

/// Makes the archive of a case as the actor may read it. That it was taken is an entry, which the archive holds itself, and so is that
/// sensitive files were opened with it. Every file was read through by then: what comes after is only the sending.
///
/// # Errors
/// When the actor may not, or something does not open; [`Error::Conflict`] when its files are larger than an archive can be;
/// [`Error::Unavailable`] when the store of files or the scanner does not answer.
pub async fn archive(cx: &Cx, id: Uuid) -> Result<Archive> {
    let of = store::load(cx.db(), cases::get(cx.db(), &PROPOSAL, id).await?).await?;
    cx.permit("proposal.archive", &of)?;
    let turn = AT_WORK.acquire().await.map_err(Error::internal)?;
    let leaving = files::leaving(cx, PROPOSAL.id, &id.to_string()).await?;
    if leaving.iter().map(length).sum::<u64>() > MAX_LENGTH - BESIDE {
        return Err(Error::conflict("archive-too-large"));
    }
    note(cx, id, &leaving).await?;
    // Read after the entry, so that the history in the archive ends with it.
    let uploads = placed(leaving);
    let parts = Parts::read(cx, &of, &uploads).await?;
    let sending = Sending::begin(cx, &of, &parts, uploads).await?;
    drop(turn);
    let name = of.case.reference.clone().unwrap_or_else(|| of.case.id.to_string());
    Ok(Archive { name: format!("{name}.zip"), bytes: sending.stream() })
}

fn length(file: &Leaving) -> u64 {
    match &file.goes {
        Goes::Whole { sum, .. } => sum.length(),
        Goes::Harmful | Goes::Destroyed => 0,
    }
}

async fn note(cx: &Cx, id: Uuid, leaving: &[Leaving]) -> Result<()> {
    let tx = cx.begin().await?;
    let of = store::load(tx.db(), cases::lock(&tx, &PROPOSAL, id).await?).await?;
    let permit = cx.permit("proposal.archive", &of)?;
    let sealed = if cx.may("proposal.reveal", &of) { "opened" } else { "left-out" };
    let mut entry = Entry::on("proposal.archive", &of).about("sealed", sealed).about("round", of.case.round).about("files", leaving.len());
    if let Some(reference) = &of.case.reference {
        entry = entry.about("reference", reference);
    }
    let opened = files::opened(cx, leaving)?;
    cx.commit(tx, permit, std::iter::once(entry).chain(opened)).await
}

/// An archive on its way: what is written of it is taken out and sent on before more is read.
struct Sending {
    cx: Cx,
    archiver: Archiver<Vec<u8>>,
    /// The head that the proofs lead to.
    head: (u64, Hash),
    left: std::vec::IntoIter<Upload>,
    /// The bytes of the file that is being sent.
    open: Option<BoxStream<'static, Result<Bytes>>>,
}

impl Sending {
    /// Writes what is in memory, and proves the entries.
    async fn begin(cx: &Cx, of: &Proposal, parts: &Parts, uploads: Vec<Upload>) -> Result<Self> {
        let about = of.case.reference.clone().unwrap_or_else(|| of.case.id.to_string());
        // The details of entries say what the authority writes to itself: the supplier gets the entries without them.
        let details = cx.may("proposal.read_notes", of);
        let options = Options { made_at_ms: cx.now(), about: Id::new(about).map_err(Error::internal)?, details };
        let mut archiver = Archiver::new(Vec::new(), options);
        for part in &parts.files {
            archiver.file(&part.name, &part.bytes).map_err(export::archive_fault)?;
        }
        let head = book::head(cx.db()).await?;
        export::prove(cx, &mut archiver, head.0, &parts.entries, details).await?;
        Ok(Self { cx: cx.clone(), archiver, head, left: uploads.into_iter(), open: None })
    }

    fn stream(self) -> BoxStream<'static, Result<Bytes>> {
        let parts = try_unfold(Some(self), |sending| async move {
            match sending {
                Some(sending) => sending.next().await,
                None => Ok(None),
            }
        });
        // Too late for an answer: the connection breaks, so that nobody takes half an archive for the whole, and the verifier would tell.
        parts.map(|part| part.inspect_err(|error| tracing::error!(%error, "an archive broke off while it was sent"))).boxed()
    }

    /// What to send next, and what is left after it.
    async fn next(mut self) -> Result<Option<(Bytes, Option<Self>)>> {
        loop {
            let written = std::mem::take(self.archiver.out());
            if !written.is_empty() {
                return Ok(Some((written.into(), Some(self))));
            }
            match &mut self.open {
                Some(bytes) => match bytes.next().await {
                    Some(part) => self.archiver.part(&part?).map_err(export::archive_fault)?,
                    None => {
                        self.archiver.end().map_err(export::archive_fault)?;
                        self.open = None;
                    }
                },
                None => match self.left.next() {
                    Some(upload) => self.start(&upload).await?,
                    None => {
                        let (size, root) = self.head;
                        let rest = self.archiver.finish(&self.cx.core().ledger_key, size, root).map_err(export::archive_fault)?;
                        return Ok(Some((rest.into(), None)));
                    }
                },
            }
        }
    }

    /// Begins a file, unless it is left out.
    async fn start(&mut self, upload: &Upload) -> Result<()> {
        if let (Some(path), Goes::Whole { sum, .. }) = (&upload.path, &upload.file.goes) {
            self.open = Some(upload.file.bytes(&self.cx).await?);
            self.archiver.begin(path, *sum).map_err(export::archive_fault)?;
        }
        Ok(())
    }
}
