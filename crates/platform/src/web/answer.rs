//! The one place that turns an error into an answer: a page for people, a problem document (RFC 9457) for programs.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::json;

use super::Visit;
use crate::db::settled;
use crate::error::{Error, FieldErrors, Refusal};
use crate::{Core, t, ui};

/// An error on its way from a handler to the guard, which knows the visitor.
#[derive(Clone)]
pub(crate) struct Failed(Arc<Mutex<Option<Error>>>);

impl Failed {
    pub(crate) fn take(&self) -> Option<Error> {
        self.0.lock().ok().and_then(|mut slot| slot.take())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = status(&self).into_response();
        response.extensions_mut().insert(Failed(Arc::new(Mutex::new(Some(self)))));
        response
    }
}

/// The status of an error.
fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::SignedOut => StatusCode::UNAUTHORIZED,
        Error::Refused(refusal) if refusal.hidden => StatusCode::NOT_FOUND,
        Error::SignInAgain | Error::Refused(_) | Error::Scope(_) => StatusCode::FORBIDDEN,
        Error::Conflict(_) | Error::Stale(_) | Error::Clash(_) | Error::Blocked(_) | Error::Repeated(_) => StatusCode::CONFLICT,
        Error::NoVersion => StatusCode::PRECONDITION_REQUIRED,
        Error::Method => StatusCode::METHOD_NOT_ALLOWED,
        Error::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::BadRequest(_) | Error::Malformed(_) => StatusCode::BAD_REQUEST,
        Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The answer to a visitor. Refusals are recorded here, on every way out; faults of ours are logged here, once.
pub(crate) async fn error(visit: &Visit, error: Error) -> Response {
    match &error {
        Error::Refused(refusal) => record(visit, refusal).await,
        Error::Internal(cause) => {
            tracing::error!(cause = %format!("{cause:#}"), request = %visit.cx.request, "a fault");
        }
        _ => {}
    }
    if visit.json {
        return problem(&error, &visit.cx.request.to_string());
    }
    match &error {
        Error::SignedOut => return away("/sign-in", &visit.back),
        Error::SignInAgain => return away("/sign-in/again", &visit.back),
        Error::Repeated(Some(location)) => return super::see_other(&super::twin::leads(location, &visit.path)),
        _ => {}
    }
    let (title, body) = words(&error);
    let page = visit.page(&title).body(&html! {
        h1 .govuk-heading-l { (title) }
        (body)
        @if matches!(error, Error::Internal(_) | Error::Unavailable) {
            p .govuk-body { (t!("error-request-id", id = visit.cx.request)) }
        }
        p .govuk-body { a .govuk-link href="/" { (t!("error-go-home")) } }
    });
    let mut response = page;
    *response.status_mut() = status(&error);
    if let Error::TooMany(seconds) = &error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// Sees to it that a refusal is recorded. One that is told is on disk before it is told. One that looks like a page that does not exist is
/// answered just as soon as that, and recorded beside.
pub(crate) async fn record(visit: &Visit, refusal: &Refusal) {
    let (cx, refusal) = (visit.cx.clone(), refusal.clone());
    let hidden = refusal.hidden;
    // A task of its own: it is recorded even when the visitor hangs up, which drops the request.
    let taken = tokio::spawn(async move {
        let written = cx.core().refusals.take(cx.clone(), refusal).await;
        (!hidden).then_some(written)
    });
    match taken.await {
        // An error is a writer that stopped, which has told the log.
        Ok(Some(written)) => drop(written.await),
        Ok(None) => {}
        Err(fault) => tracing::error!(%fault, request = %visit.cx.request, "a refusal could not be recorded"),
    }
}

fn away(to: &str, back: &str) -> Response {
    let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
    super::see_other(&format!("{to}?next={back}"))
}

/// `path` when it leads to a page of ours, else `/`: what a visitor brings along must not lead them elsewhere.
pub fn safe_next(path: &str) -> &str {
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.chars().any(|c| c == '\\' || c.is_control());
    if ours { path } else { "/" }
}

/// Title and body for people.
fn words(error: &Error) -> (String, Markup) {
    let paragraph = |text: &str| html! { p .govuk-body { (text) } };
    match error {
        Error::NotFound => (t!("error-not-found-title"), paragraph(&t!("error-not-found"))),
        Error::Refused(refusal) if refusal.hidden => (t!("error-not-found-title"), paragraph(&t!("error-not-found"))),
        Error::Refused(refusal) => (t!("error-refused-title"), paragraph(&refusal.text().say())),
        Error::SignedOut | Error::SignInAgain => (t!("error-signed-out-title"), paragraph(&t!("error-signed-out"))),
        Error::Conflict(text) => (t!("error-conflict-title"), paragraph(&text.say())),
        Error::Stale(text) => (t!("error-stale-title"), paragraph(&text.say())),
        Error::Clash(clash) => (t!("error-stale-title"), paragraph(&clash.text.say())),
        Error::Blocked(blockers) => {
            (t!("error-blocked-title"), html! { ul .govuk-list .govuk-list--bullet { @for blocker in blockers { li { (blocker.text) } } } })
        }
        Error::NoVersion => (t!("error-no-version-title"), paragraph(&t!("error-no-version"))),
        Error::Scope(scope) => (t!("error-refused-title"), paragraph(&t!("error-scope", scope = scope))),
        Error::Method => (t!("error-method-title"), paragraph(&t!("error-method"))),
        Error::MediaType => (t!("error-media-type-title"), paragraph(&t!("error-media-type"))),
        Error::Malformed(errors) => (t!("error-bad-request-title"), listed(errors)),
        Error::Invalid(errors) => (t!("error-invalid-title"), listed(errors)),
        Error::BadRequest(text) => (t!("error-bad-request-title"), paragraph(&text.say())),
        Error::TooLarge => (t!("error-too-large-title"), paragraph(&t!("error-too-large"))),
        Error::TooMany(seconds) => (t!("error-too-many-title"), paragraph(&t!("error-too-many", minutes = seconds.div_ceil(60)))),
        Error::Repeated(_) => (t!("error-repeated-title"), paragraph(&t!("error-repeated"))),
        Error::Unavailable => (t!("error-unavailable-title"), paragraph(&t!("error-unavailable"))),
        Error::Internal(_) => (t!("error-internal-title"), paragraph(&t!("error-internal"))),
    }
}

fn listed(errors: &FieldErrors) -> Markup {
    let list: Vec<_> = errors.iter().map(|(path, text)| ui::FieldError::new(path, text.say())).collect();
    html! { ul .govuk-list .govuk-list--bullet { @for error in &list { li { (error.message) } } } }
}

/// What programs tell errors apart by.
fn code(error: &Error) -> &'static str {
    match error {
        Error::NotFound => "not-found",
        Error::Refused(refusal) if refusal.hidden => "not-found",
        Error::SignedOut => "signed-out",
        Error::SignInAgain => "confirm-first",
        Error::Refused(_) => "refused",
        Error::Conflict(_) => "conflict",
        Error::Stale(_) | Error::Clash(_) => "stale",
        Error::Blocked(_) => "blocked",
        Error::Invalid(_) => "invalid",
        Error::BadRequest(_) | Error::Malformed(_) => "malformed",
        Error::TooLarge => "too-large",
        Error::TooMany(_) => "too-many",
        Error::Repeated(_) => "repeated",
        Error::NoVersion => "no-version",
        Error::Scope(_) => "scope",
        Error::Method => "method",
        Error::MediaType => "media-type",
        Error::Unavailable => "unavailable",
        Error::Internal(_) => "internal",
    }
}

/// Every code that a problem may carry.
pub(crate) const CODES: [&str; 18] = [
    "not-found",
    "signed-out",
    "confirm-first",
    "refused",
    "conflict",
    "stale",
    "blocked",
    "invalid",
    "malformed",
    "too-large",
    "too-many",
    "repeated",
    "no-version",
    "scope",
    "method",
    "media-type",
    "unavailable",
    "internal",
];

/// What happened, in words for whoever reads a program's log.
fn detail(error: &Error) -> String {
    match error {
        Error::Internal(_) => t!("error-internal"),
        Error::NotFound => t!("error-nothing-here"),
        Error::Refused(refusal) if refusal.hidden => t!("error-nothing-here"),
        Error::Refused(refusal) => refusal.text().say(),
        Error::SignedOut => t!("error-no-token"),
        Error::SignInAgain => t!("error-confirm-first"),
        Error::NoVersion => t!("error-no-version"),
        Error::Scope(scope) => t!("error-scope", scope = scope),
        Error::Method => t!("error-method"),
        Error::MediaType => t!("error-media-type"),
        Error::TooLarge => t!("error-too-large"),
        Error::TooMany(seconds) => t!("error-too-many", minutes = seconds.div_ceil(60)),
        Error::Repeated(_) => t!("error-repeated"),
        Error::Unavailable => t!("error-unavailable"),
        other => other.to_string(),
    }
}

/// The error as problem+json.
pub fn problem(error: &Error, request: &str) -> Response {
    let (title, _) = words(error);
    let status = status(error);
    let mut body = json!({
        "type": "about:blank", "title": title, "status": status.as_u16(), "code": code(error), "detail": detail(error), "request": request,
    });
    match error {
        Error::Invalid(errors) | Error::Malformed(errors) => {
            body["errors"] = errors.iter().map(|(path, text)| json!({ "path": path, "message": text.say() })).collect();
        }
        Error::Blocked(blockers) => {
            body["blockers"] = blockers.iter().map(|b| json!({ "code": b.code, "message": b.text.say() })).collect();
        }
        Error::Clash(clash) => {
            body["now"] = clash.now.clone();
            body["sent"] = clash.sent.clone();
        }
        _ => {}
    }
    let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response();
    let headers = response.headers_mut();
    match error {
        Error::TooMany(seconds) => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds))),
        Error::SignedOut => drop(headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
        Error::Scope(scope) => {
            if let Ok(value) = HeaderValue::from_str(&format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"")) {
                headers.insert(header::WWW_AUTHENTICATE, value);
            }
        }
        _ => {}
    }
    response
}

/// An answer when not even the visitor is known: the database is out of reach.
pub(crate) fn bare(error: &Error) -> Response {
    tracing::error!(%error, "a visit could not begin");
    let (title, text) = match error {
        Error::Unavailable => (t!("error-unavailable-title"), t!("error-unavailable")),
        _ => (t!("error-internal-title"), t!("error-internal")),
    };
    let page =
        html! { (maud::DOCTYPE) html lang="en" { head { meta charset="utf-8"; title { (title) } } body { h1 { (title) } p { (text) } } } };
    (status(error), [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.into_string()).into_response()
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every answer passes: security headers, timing, figures, caught panics.
pub(super) fn layers(core: &Arc<Core>, router: Router<Arc<Core>>) -> Router<Arc<Core>> {
    router
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            bare(&Error::internal("a handler panicked"))
        }))
        .layer(axum::middleware::from_fn_with_state(core.clone(), dress))
        .layer(tower_http::compression::CompressionLayer::new())
}

/// The answer without the list of methods, unless it tells a program that its method was the wrong one.
pub(super) async fn without_methods(mut response: Response) -> Response {
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().remove(header::ALLOW);
    }
    response
}

async fn dress(State(core): State<Arc<Core>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let path = request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |p| p.as_str().to_owned());
    // A closed list: what anybody may write into a request is no name for a figure.
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS" | "PATCH") => known.to_owned(),
        _ => "OTHER".to_owned(),
    };
    let mut response = settled(next.run(request)).await.unwrap_or_else(|error| bare(&error));
    let took = began.elapsed();
    let headers = response.headers_mut();
    // What someone uploaded is sent under a stricter policy of its own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // A page behind a link that lets somebody in asks for less still.
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    if core.settings.secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // Pages hold what only this visitor may see.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("app;dur={:.1}", took.as_secs_f64() * 1000.0)) {
        headers.insert("server-timing", value);
    }
    // The route, never the path: paths and queries hold tokens and what people searched for.
    let request = response.headers().get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or("");
    tracing::info!(%method, %path, status = response.status().as_u16(), ms = took.as_secs_f64() * 1000.0, request, "answered");
    let status = response.status().as_u16().to_string();
    metrics::histogram!("vouchsafe_request_seconds", "method" => method, "path" => path, "status" => status).record(took.as_secs_f64());
    response
}
