//! Taking a file in: one pass over its bytes, a few hundred KiB in memory however large it is.

use aws_lc_rs::digest;
use axum::body::Bytes;
use uuid::Uuid;

use super::kind::{FileKind, Sniffer, by_code};
use super::scan::{Scan, Verdict};
use super::segments::Sealer;
use crate::cx::Cx;
use crate::error::{Error, Refusal, Result};
use crate::seal::Key;
use crate::texts::Text;

/// What stands in the place of a policy in the refusal of a file that the scanner found something in.
pub const INFECTED: &str = "infected-file";

/// Bytes at hand are sealed in portions of so many.
const PART: usize = 256 * 1024;

/// Where bytes come from, portion by portion.
pub trait Source: Send {
    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// When they were cut off or are malformed; nothing is kept then.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>>> + Send;
}

/// Bytes that are at hand already: of what no browser uploads.
pub struct AtHand(Option<Bytes>);

impl AtHand {
    /// These bytes.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self(Some(bytes.into()))
    }
}

impl Source for AtHand {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        Ok(self.0.take())
    }
}

/// Bytes that lie in the store, sealed, and are no file yet: [`super::add`] makes them one. Left alone, they are swept.
pub struct Received {
    pub(super) id: Uuid,
    pub(super) key: Key,
    pub(super) size: u64,
    pub(super) sha256: String,
    pub(super) kind: &'static FileKind,
    pub(super) scanned: bool,
}

impl Received {
    /// The id under which they lie, and which the file will have.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// SHA-256 of the bytes as they were sent, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What the file is, by its content.
    pub fn kind(&self) -> &'static FileKind {
        self.kind
    }
}

/// Takes a file in for the thing `on` (kind and id): measured, hashed, typed, scanned, sealed, stored. Nothing of it stays when it is
/// refused or cut off.
///
/// # Errors
/// [`Error::Invalid`] at `file` when it is too large, empty, of a kind that is not taken, or cannot be scanned or stored now; [`Error::Refused`] when the
/// scanner found something; what `source` fails with.
pub async fn receive(cx: &Cx, on: (&'static str, &str), source: &mut impl Source) -> Result<Received> {
    let (core, id, key) = (cx.core(), cx.id()?, Key::fresh()?);
    let most = core.settings.limits.file_mib.saturating_mul(1024 * 1024);
    let mut scan = Scan::begin(&core.settings.files).await?;
    let mut writing = core.files.store().write(id).await.map_err(down)?;
    let (mut sealer, mut sniffer) = (Sealer::new(&key, id)?, Sniffer::default());
    let mut digest = digest::Context::new(&digest::SHA256);
    let mut sealed = Vec::new();
    let mut size = 0u64;
    while let Some(bytes) = source.next().await? {
        size += bytes.len() as u64;
        if size > most {
            return Err(Error::field("file", Text::new("file-too-large").with("mib", core.settings.limits.file_mib)));
        }
        sniffer.push(&bytes)?;
        digest.update(&bytes);
        if let Some(scan) = &mut scan {
            scan.push(&bytes).await?;
        }
        sealer.push(&bytes, &mut sealed)?;
        if !sealed.is_empty() {
            writing.push(&sealed).await.map_err(down)?;
            sealed.clear();
        }
    }
    let kind = sniffer.finish()?;
    let scanned = scan.is_some();
    if let Some(scan) = scan
        && let Verdict::Found(found) = scan.finish().await?
    {
        tracing::warn!(found, kind = on.0, id = on.1, "the virus scanner found something in an upload");
        metrics::counter!("vouchsafe_scanner_found_total").increment(1);
        return Err(infected(on));
    }
    sealer.finish(&mut sealed)?;
    writing.push(&sealed).await.map_err(down)?;
    writing.finish().await.map_err(down)?;
    Ok(Received { id, key, size, sha256: hex::encode(digest.finish()), kind, scanned })
}

/// Seals and stores bytes as they are, as content of the kind with this code: what nobody may lose, whatever it holds. No scanner looks at it and
/// nothing of it is refused, so it is for files alone that few open, one at a time, to look at what could not be read otherwise.
///
/// # Errors
/// [`Error::Unavailable`] when the store does not answer.
pub async fn keep(cx: &Cx, bytes: &[u8], code: &str) -> Result<Received> {
    let (core, id, key) = (cx.core(), cx.id()?, Key::fresh()?);
    let kind = by_code(code).ok_or_else(|| Error::internal(format!("there is no kind of file {code}")))?;
    let mut writing = core.files.store().write(id).await?;
    let mut sealer = Sealer::new(&key, id)?;
    let mut sealed = Vec::new();
    for part in bytes.chunks(PART) {
        sealer.push(part, &mut sealed)?;
        writing.push(&sealed).await?;
        sealed.clear();
    }
    sealer.finish(&mut sealed)?;
    writing.push(&sealed).await?;
    writing.finish().await?;
    let sha256 = hex::encode(digest::digest(&digest::SHA256, bytes));
    Ok(Received { id, key, size: bytes.len() as u64, sha256, kind, scanned: false })
}

/// The store is out of reach: said beside the file, so that what else was typed is not lost.
fn down(error: Error) -> Error {
    match error {
        Error::Unavailable => Error::field("file", Text::new("file-store-down")),
        other => other,
    }
}

/// Recorded as a refusal: who sends such files again and again is told to the security role.
fn infected((kind, id): (&'static str, &str)) -> Error {
    let policy = INFECTED.to_owned();
    Error::Refused(Box::new(Refusal { action: "file.add", kind, id: id.to_owned(), policy, hidden: false }))
}
