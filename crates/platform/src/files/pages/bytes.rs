//! A file's bytes: downloaded, or looked at safely. They are never sent as a page: a picture comes with its content's own type into a
//! sandbox, a text as words of ours, everything else to be saved.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::StreamExt as _;
use maud::{Markup, html};

use super::viewed;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::files::act;
use crate::files::attach::{File, key_of, name};
use crate::files::kind::{self, FileKind, Shows};
use crate::files::name::{disposition, to_save};
use crate::files::out::{destroyed, open};
use crate::files::rows::Model;
use crate::t;
use crate::web::{Answer, Path, Posted, Visit};

/// As much of a text as is shown, in bytes.
const TEXT_SHOWN: usize = 64 * 1024;
/// Nothing in it runs, loads or leads anywhere, wherever it is opened.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

pub(super) async fn download(visit: Visit, Path(id): Path<String>) -> Answer {
    let (file, _) = viewed(&visit, &id).await?;
    // What is sensitive is asked for by a form.
    if file.closed() {
        return Err(Error::NotFound);
    }
    save(&visit.cx, &file.row).await
}

/// The bytes of a sensitive file, once the entry that tells of it is written.
pub(super) async fn reveal(Path(id): Path<String>, posted: Posted) -> Answer {
    let (file, _) = viewed(&posted.visit, &id).await?;
    // Every other file is simply downloaded.
    if !file.closed() {
        return Err(Error::NotFound);
    }
    act::reveal(&posted.visit.cx, file.row.id).await?;
    save(&posted.visit.cx, &file.row).await
}

/// A file's bytes, to be saved.
pub(in crate::files) async fn save(cx: &Cx, row: &Model) -> Answer {
    let kind = kind_of(row)?;
    let key = key_of(cx, &row.kind, &row.thing).await?;
    let name = name(key.as_ref(), row)?.ok_or_else(destroyed)?;
    send(cx, row, kind, &disposition(&to_save(&name, kind))).await
}

pub(super) async fn picture(visit: Visit, Path(id): Path<String>) -> Answer {
    let (file, _) = viewed(&visit, &id).await?;
    let kind = kind_of(&file.row)?;
    if kind.shows != Shows::Picture || file.closed() {
        return Err(Error::NotFound);
    }
    send(&visit.cx, &file.row, kind, "inline").await
}

/// What can be seen of a file on its own page.
pub(super) async fn preview(visit: &Visit, row: &Model) -> Result<Markup> {
    Ok(match kind_of(row)?.shows {
        Shows::Nothing => html! {},
        Shows::Picture => html! {
            figure .vs-preview { img src={ "/files/" (row.id) "/picture" } alt=(t!("file-picture")) loading="lazy"; }
        },
        Shows::Text => {
            let (text, cut) = beginning(&visit.cx, row).await?;
            html! {
                h2 .govuk-heading-m { (t!("file-preview")) }
                @if cut { p .govuk-hint { (t!("file-preview-cut")) } }
                pre .vs-preview tabindex="0" role="region" aria-label=(t!("file-preview")) { (text) }
            }
        }
    })
}

/// In place of a preview, of a sensitive file.
pub(super) fn closed(file: &File) -> Markup {
    let text = if file.row.held.is_some() { t!("file-held-text") } else { t!("file-closed-text") };
    html! { p .govuk-body { (text) } }
}

fn kind_of(row: &Model) -> Result<&'static FileKind> {
    kind::by_code(&row.content).ok_or_else(|| Error::internal(format!("the file {} is of an unknown kind", row.id)))
}

async fn send(cx: &Cx, row: &Model, kind: &FileKind, disposition: &str) -> Answer {
    let stream = open(cx, row).await?.map(|part| {
        // Too late for an answer: the connection breaks, so that nobody takes half a file for the whole.
        part.inspect_err(|error| tracing::error!(%error, "a file broke off while it was sent"))
    });
    let mut response: Response = Body::from_stream(stream).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind.mime),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_str(value).map_err(Error::internal)?);
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(u64::try_from(row.size).map_err(Error::internal)?));
    Ok(response)
}

/// The beginning of a text, and whether there is more. What turns the reading direction is shown as a mark.
async fn beginning(cx: &Cx, row: &Model) -> Result<(String, bool)> {
    let mut stream = open(cx, row).await?;
    let mut bytes = Vec::new();
    while bytes.len() <= TEXT_SHOWN
        && let Some(part) = stream.next().await
    {
        bytes.extend_from_slice(&part?);
    }
    let cut = bytes.len() > TEXT_SHOWN;
    bytes.truncate(TEXT_SHOWN);
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text = String::from_utf8_lossy(&bytes).chars().map(|c| if turns(c) { '\u{fffd}' } else { c }).collect();
    Ok((text, cut))
}
