//! Twins: the same form sent twice, by a double click or a browser that asks again. The second is led where the first was.

use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::Response;

use super::{Access, Visit};
use crate::error::Error;

/// How often to look where a twin that has just committed was led, and how long to wait between.
const LOOKS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// In the place of an address that lets its holder in, and is stored nowhere: that of the page on which the form stood, which its twin has too.
const OWN: &str = ".";

/// Where the answer to a form that was sent to `path` leads. Where an address lets its holder in, only what follows it is told: the page below that
/// of the form, or else that page itself.
pub(super) fn location(response: &Response, access: Access, path: &str) -> Option<String> {
    let to =
        response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).filter(|_| response.status() == StatusCode::SEE_OTHER)?;
    if access != Access::Holder {
        return Some(to.to_owned());
    }
    let below = to.strip_prefix(page(path)).filter(|rest| rest.starts_with('/')).unwrap_or_default();
    Some(format!("{OWN}{below}"))
}

/// Where a form that was sent before leads its twin, which was sent to `path`.
pub(super) fn leads(location: &str, path: &str) -> String {
    location.strip_prefix(OWN).map_or_else(|| location.to_owned(), |below| format!("{}{below}", page(path)))
}

/// A path without its query.
fn page(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}

/// Remembers where an answered form led, for its repetitions. Done even when the visitor hangs up; a failure is no reason to fail the answer.
pub(crate) async fn remember(visit: &Visit, location: Option<String>) {
    let (Some(key), Some(location)) = (visit.key.get(), location) else { return };
    if visit.leads_to.get() == Some(&location) {
        // The act's own transaction did.
        return;
    }
    let cx = visit.cx.clone().once(Some(key.clone()));
    let done = tokio::spawn(async move { cx.remember_answer(&location).await });
    match done.await {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => tracing::warn!(%fault, request = %visit.cx.request, "where a form led is not remembered"),
        Err(fault) => tracing::warn!(%fault, request = %visit.cx.request, "where a form led is not remembered"),
    }
}

/// The error, with where its twin led: known an instant after the twin's commit.
pub(crate) async fn led_to(visit: &Visit, error: Error) -> Error {
    let (Error::Repeated(None), Some(key)) = (&error, visit.key.get()) else { return error };
    for _ in 0..LOOKS {
        match visit.cx.refuse_repeat(key).await {
            Err(found @ Error::Repeated(Some(_))) => return found,
            Err(Error::Repeated(None)) => tokio::time::sleep(PAUSE).await,
            _ => break,
        }
    }
    error
}
