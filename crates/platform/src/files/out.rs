//! Files on their way out: opened as a stream, alone for who downloads one, or all of a thing's for an archive. Those are read twice: before
//! anything is given, to sum them up, to see that every one of them opens, and to have the scanner look again, which may have learned since
//! they came in; then to be given.

use std::collections::BTreeMap;

use axum::body::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _, try_unfold};
use ledger::archive::{Sum, Summing};
use uuid::Uuid;

use super::act::entry;
use super::attach::{Attached, File, field_names, key_of, name, place};
use super::held::Held;
use super::kind;
use super::name::to_save;
use super::rows::{self, Model};
use super::scan::{Scan, Verdict, too_large};
use super::segments::Opener;
use crate::cases::people;
use crate::cx::{Cx, Entry};
use crate::error::{Error, Result};
use crate::seal::{self, KEY_LEN, Key};
use crate::t;

/// One version of a file of a thing, as somebody takes it out.
#[derive(Debug, Clone)]
pub struct Leaving {
    file: File,
    /// Its name, as it is saved: with an ending that fits its content. None once its key was destroyed.
    pub name: Option<String>,
    /// What of its thing it belongs to, in words.
    pub belongs: Option<String>,
    /// Who uploaded it, as far as the reader may know.
    pub by: String,
    /// What of it goes out.
    pub goes: Goes,
}

/// What of a file goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goes {
    /// All of it.
    Whole {
        /// What its bytes sum up to.
        sum: Sum,
        /// Whether a scanner looked at it now and found nothing.
        scanned: bool,
    },
    /// Nothing: the scanner found something in it.
    Harmful,
    /// Nothing: its key was destroyed.
    Destroyed,
}

impl Leaving {
    /// The file's row.
    pub fn row(&self) -> &Model {
        &self.file.row
    }

    /// Its bytes, where they go out.
    ///
    /// # Errors
    /// When the store does not answer, or its key was destroyed meanwhile.
    pub async fn bytes(&self, cx: &Cx) -> Result<BoxStream<'static, Result<Bytes>>> {
        open(cx, self.row()).await
    }
}

/// Every version of the files of a thing that the actor may view, the oldest file first, each read through once.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] when the store or the scanner does not answer; [`Error::Internal`] when bytes are not those that were
/// uploaded.
pub async fn leaving(cx: &Cx, kind: &str, thing: &str) -> Result<Vec<Leaving>> {
    let at = Attached::find(cx, None, kind, thing, None).await?;
    at.check_view(cx)?;
    let mut all = rows::every(cx.db(), kind, thing, None, at.visible(cx)).await?;
    // As they came: ids of files sort by time, and a file's versions stand together.
    all.sort_by_key(|row| (row.chain, row.number));
    let key = key_of(cx, kind, thing).await?;
    let names = people::names(cx, all.iter().map(|row| row.account)).await?;
    let fields = field_names(cx, kind, thing, all.iter()).await?;
    let mut out = Vec::new();
    for row in all {
        let file = at.file(row);
        // What was withdrawn, nobody opens any more.
        if !cx.may("file.view", &file) || file.row.held() == Some(Held::Withdrawn) {
            continue;
        }
        let row = &file.row;
        let ending = kind::by_code(&row.content);
        let name = name(key.as_ref(), row)?.map(|name| ending.map_or(name.clone(), |kind| to_save(&name, kind)));
        let goes = if key.is_some() { look(cx, row).await? } else { Goes::Destroyed };
        let belongs = row.field.as_ref().and_then(|field| fields.get(field).cloned());
        let by = whose(cx, row, &names);
        out.push(Leaving { file, name, belongs, by, goes });
    }
    Ok(out)
}

/// Who uploaded a file, in words: a supplier reads which side acted, not which of the authority's people.
pub(super) fn whose(cx: &Cx, row: &Model, names: &BTreeMap<Uuid, String>) -> String {
    match cx.actor.account() {
        Some(reader) if reader.side.code() != row.side && row.side == "authority" => t!("file-by-authority"),
        _ => names.get(&row.account).cloned().unwrap_or_else(|| t!("timeline-somebody")),
    }
}

/// The entries that say, beside the one of whoever takes `files` out, which sensitive ones were opened with them.
///
/// # Errors
/// A refusal.
pub fn opened(cx: &Cx, files: &[Leaving]) -> Result<Vec<Entry>> {
    let closed = files.iter().filter(|one| one.file.closed() && matches!(one.goes, Goes::Whole { .. }));
    closed
        .map(|one| {
            cx.permit("file.reveal", &one.file)?;
            Ok(entry("file.reveal", one.row()))
        })
        .collect()
}

/// Reads a file through.
async fn look(cx: &Cx, row: &Model) -> Result<Goes> {
    let mut scan = Scan::begin(&cx.core().settings.files).await.map_err(away)?;
    let (mut bytes, mut summing) = (open(cx, row).await?, Summing::default());
    while let Some(part) = bytes.next().await {
        let part = part?;
        summing.add(&part);
        if let Some(looking) = &mut scan {
            match looking.push(&part).await {
                // It was uploaded while no scanner was set, or while that one took more.
                Err(error) if too_large(&error) => scan = None,
                other => other.map_err(away)?,
            }
        }
    }
    let sum = summing.sum();
    if hex::encode(sum.sha256()) != row.sha256 {
        return Err(Error::internal(format!("the bytes of the file {} are not those that were uploaded", row.id)));
    }
    let verdict = match scan {
        None => None,
        Some(scan) => match scan.finish().await {
            Err(error) if too_large(&error) => None,
            other => Some(other.map_err(away)?),
        },
    };
    if let Some(Verdict::Found(found)) = &verdict {
        tracing::warn!(found, file = %row.id, "the virus scanner found something in a stored file: it is left out");
        metrics::counter!("vouchsafe_scanner_found_total").increment(1);
        return Ok(Goes::Harmful);
    }
    Ok(Goes::Whole { sum, scanned: verdict.is_some() })
}

/// A scanner that does not answer: said where a file was to come in, here it holds up the whole.
fn away(error: Error) -> Error {
    match error {
        Error::Invalid(_) => Error::Unavailable,
        other => other,
    }
}

pub(super) fn destroyed() -> Error {
    Error::conflict("error-subject-destroyed")
}

/// All bytes of a file, for an act of the service that reads what came with something. Whoever calls it asks first whether its actor may.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] when the store does not answer; [`Error::Conflict`] when its key was destroyed; [`Error::Internal`] when
/// they are not those that came in.
pub async fn whole(cx: &Cx, id: Uuid) -> Result<Vec<u8>> {
    let row = rows::get(cx.db(), id).await?;
    let (mut parts, mut all) = (open(cx, &row).await?, Vec::new());
    while let Some(part) = parts.next().await {
        all.extend_from_slice(&part?);
    }
    if hex::encode(crate::random::digest(&all)) != row.sha256 {
        return Err(Error::internal(format!("the bytes of the file {id} are not those that came in")));
    }
    Ok(all)
}

/// The opened bytes of a file.
pub(super) async fn open(cx: &Cx, row: &Model) -> Result<BoxStream<'static, Result<Bytes>>> {
    let key: seal::Key = key_of(cx, &row.kind, &row.thing).await?.ok_or_else(destroyed)?;
    let own = key.open(&place(&row.id.to_string(), "key"), &row.wrapped)?;
    let own: [u8; KEY_LEN] = own.as_slice().try_into().map_err(|_| Error::internal("a file's key has the wrong length"))?;
    let opener = Opener::new(&Key::new(own), row.id)?;
    let sealed = cx.core().files.store().read(row.id).await?;
    let parts = try_unfold((sealed, Some(opener)), |(mut sealed, opener)| async move {
        let Some(mut opener) = opener else { return Ok(None) };
        let mut out = Vec::new();
        while out.is_empty() {
            match sealed.next().await {
                Some(part) => opener.push(&part?, &mut out)?,
                None => {
                    opener.finish(&mut out)?;
                    return Ok(Some((Bytes::from(out), (sealed, None))));
                }
            }
        }
        Ok(Some((Bytes::from(out), (sealed, Some(opener)))))
    });
    Ok(parts.boxed())
}
