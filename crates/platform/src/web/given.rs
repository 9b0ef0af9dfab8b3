//! What a request brings along: JSON bodies and ids in the path, read strictly, with our own answers to what is malformed.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Core;
use crate::error::{Error, FieldErrors, Result};
use crate::texts::Text;

/// A JSON body: at most as large as a form, UTF-8, without the zero character, which no database stores.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Core>> for Json<T> {
    type Rejection = Response;

    async fn from_request(request: Request, core: &Arc<Core>) -> Result<Self, Response> {
        let limit = usize::try_from(core.settings.limits.form_kib * 1024).unwrap_or(usize::MAX);
        let body = axum::body::to_bytes(request.into_body(), limit).await.map_err(|_| Error::TooLarge.into_response())?;
        parse(&body).map(Self).map_err(axum::response::IntoResponse::into_response)
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_value(value(body)?).map_err(|_| Error::bad_request("error-not-json"))
}

/// A JSON document without the zero character.
fn value(body: &[u8]) -> Result<Value> {
    let value = document(body)?;
    if has_zero(&value) { Err(Error::bad_request("error-not-text")) } else { Ok(value) }
}

/// A JSON document; a malformed one is answered with the path at which it breaks.
pub(crate) fn document(body: &[u8]) -> Result<Value> {
    let text = std::str::from_utf8(body).map_err(|_| Error::bad_request("error-not-text"))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let read: Result<Value, _> = serde_path_to_error::deserialize(&mut reader);
    let value = read.map_err(|e| broken(&e.path().to_string(), e.inner()))?;
    reader.end().map_err(|e| broken(".", &e))?;
    Ok(value)
}

fn broken(path: &str, error: &serde_json::Error) -> Error {
    let path = if path == "." { "$".to_owned() } else { format!("$.{path}") };
    let mut errors = FieldErrors::default();
    errors.add(path, Text::new("error-json-broken").with("line", error.line()).with("column", error.column()));
    Error::Malformed(errors)
}

/// Whether a text in it holds the zero character.
pub(crate) fn has_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(all) => all.iter().any(has_zero),
        Value::Object(all) => all.iter().any(|(name, value)| name.contains('\0') || has_zero(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The ids and codes of the path. What is none leads to no page of ours: not found.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found.map(|axum::extract::Path(inner)| Self(inner)).map_err(|_| Error::NotFound.into_response())
    }
}

#[cfg(test)]
mod tests;
