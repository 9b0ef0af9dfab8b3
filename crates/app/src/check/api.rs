//! `POST /api/v1/rules/offshoring`: facts in, decision out.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use platform::web::{Visit, problem};
use platform::{Core, Error};
use rules::offshoring::{Facts, decide};
use serde_json::json;
use std::sync::Arc;

/// Decides on the facts in the body. Bad input is answered with 422 and the path of the fault.
pub(super) async fn offshoring(visit: Visit, State(core): State<Arc<Core>>, request: Request) -> Response {
    let limit = usize::try_from(core.settings.limits.form_kib * 1024).unwrap_or(usize::MAX);
    let id = visit.cx.request.to_string();
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, limit).await else { return problem(&Error::TooLarge, &id) };
    let Ok(bytes) = Bytes::from_request(Request::from_parts(parts, body.into()), &core).await else {
        return problem(&Error::bad_request("error-not-text"), &id);
    };
    let Ok(text) = std::str::from_utf8(&bytes) else { return fault("$", &platform::t!("error-not-text"), &id) };
    match Facts::from_json(text) {
        Err(bad) => fault(&bad.path, &bad.problem, &id),
        Ok(facts) => {
            let answer = decide(&facts).to_json(&super::words);
            ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
        }
    }
}

fn fault(path: &str, what: &str, request: &str) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": platform::t!("error-invalid-title"),
        "status": 422,
        "detail": format!("{path}: {what}"),
        "errors": [{ "path": path, "message": what }],
        "request": request,
    });
    (StatusCode::UNPROCESSABLE_ENTITY, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
