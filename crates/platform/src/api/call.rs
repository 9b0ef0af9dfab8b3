//! One request by a program, read whole and checked before its handler runs; and the answers to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{FromRequest, FromRequestParts as _, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use super::gate::Shared;
use super::op::{Op, Sent};
use super::query;
use crate::db::settle;
use crate::error::{Clash, Error, FieldErrors, Result};
use crate::files::{Received, Source, receive};
use crate::texts::Text;
use crate::web::{Answer, Visit, given};
use crate::{Core, Cx};

/// Rows on a page when nothing else is asked for.
const PAGE: u64 = 50;

/// The longest idempotency key.
const KEY: usize = 200;

/// A request that passed all checks.
pub struct Call {
    /// Who acts, when, on what. Its one commit answers the request's idempotency key.
    pub cx: Cx,
    /// The visit.
    pub visit: Visit,
    op: Arc<Op>,
    path: BTreeMap<String, String>,
    query: BTreeMap<&'static str, String>,
    sent: Value,
    file: Bytes,
    /// Behind a lock only because a body cannot be looked at from two threads.
    coming: Mutex<Option<Coming>>,
    version: Option<i32>,
}

/// A body that is taken in as it comes.
struct Coming {
    body: BodyDataStream,
    /// Bytes that may still come.
    room: u64,
    /// The request's idempotency key, which is claimed once it is known what was sent with it.
    key: Option<String>,
    /// What was asked for, as far as the address says.
    asked: String,
}

impl Source for Coming {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let Some(part) = self.body.next().await else { return Ok(None) };
        let part = part.map_err(|_| Error::bad_request("error-upload-malformed"))?;
        self.room = self.room.checked_sub(part.len() as u64).ok_or(Error::TooLarge)?;
        Ok(Some(part))
    }
}

/// A page of a list: rows, and where the next page begins.
pub struct Listed<T> {
    /// The rows.
    pub items: Vec<T>,
    /// What the next page's `after` is.
    pub after: Option<String>,
}

impl FromRequest<Arc<Core>> for Call {
    type Rejection = Response;

    async fn from_request(request: Request, core: &Arc<Core>) -> Result<Self, Response> {
        read(request, core).await.map_err(axum::response::IntoResponse::into_response)
    }
}

async fn read(request: Request, core: &Arc<Core>) -> Result<Call> {
    let (mut parts, body) = request.into_parts();
    let outside = || Error::internal("a handler for programs outside its gate");
    let visit = parts.extensions.get::<Visit>().cloned().ok_or_else(outside)?;
    let op = parts.extensions.get::<Arc<Op>>().cloned().ok_or_else(outside)?;
    let shared = parts.extensions.get::<Arc<Shared>>().cloned().ok_or_else(outside)?;
    let params = RawPathParams::from_request_parts(&mut parts, core).await.map_err(|_| Error::NotFound)?;
    let path: BTreeMap<String, String> = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if path.iter().any(|(name, value)| op.is_id(name) && value.parse::<Uuid>().is_err()) {
        return Err(Error::NotFound);
    }
    let query = query::read(&op.queries, parts.uri.query().unwrap_or_default())?;
    let version = if op.versioned { Some(version(&parts.headers)?) } else { None };
    let cx = visit.cx.clone();
    let mut call = Call { cx, visit, op, path, query, sent: Value::Null, file: Bytes::new(), coming: Mutex::default(), version };
    let bytes = match &call.op.sent {
        None => Bytes::new(),
        Some(Sent::Stream(kind)) => {
            call.coming = Mutex::new(Some(coming(core, &parts, body, kind)?));
            return Ok(call);
        }
        Some(Sent::Json(_) | Sent::Raw(_)) => {
            take(body, &parts.headers, &["application/json"], core.settings.limits.form_kib * 1024).await?
        }
        Some(Sent::File(kind)) => take(body, &parts.headers, &[*kind], core.settings.limits.upload_mib * 1024 * 1024).await?,
    };
    if let Some(Sent::Json(name)) = &call.op.sent {
        call.sent = unified(given::document(&bytes)?);
        plain(&call.sent)?;
        shared.checks.check(&call.op, name, &call.sent)?;
    }
    if call.op.method == Method::POST {
        let digest = [parts.uri.path().as_bytes(), b"\0", &bytes].concat();
        if let Some(key) = key(&parts.headers)? {
            call.claim(&key, &digest).await?;
        }
    }
    call.file = bytes;
    Ok(call)
}

/// A body of this kind, nothing of which is read yet. Twice the limit is read before a program is hung up on: what is a little too large gets
/// an answer that says so.
fn coming(core: &Core, parts: &Parts, body: Body, kind: &str) -> Result<Coming> {
    of_kind(&parts.headers, &[kind])?;
    let room = core.settings.limits.file_mib.saturating_mul(2 * 1024 * 1024);
    let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > room) {
        return Err(Error::TooLarge);
    }
    let key = key(&parts.headers)?;
    let asked = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    Ok(Coming { body: body.into_data_stream(), room, key, asked })
}

fn of_kind(headers: &HeaderMap, kinds: &[&str]) -> Result<()> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if kinds.contains(&kind.as_str()) { Ok(()) } else { Err(Error::MediaType) }
}

async fn take(body: Body, headers: &HeaderMap, kinds: &[&str], most: u64) -> Result<Bytes> {
    of_kind(headers, kinds)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    axum::body::to_bytes(body, most).await.map_err(|_| Error::TooLarge)
}

/// The version in `If-Match`: `"3"`.
fn version(headers: &HeaderMap) -> Result<i32> {
    let sent = headers.get(header::IF_MATCH).ok_or(Error::NoVersion)?;
    let plain =
        sent.to_str().ok().and_then(|text| text.strip_prefix('"')?.strip_suffix('"')).filter(|t| t.bytes().all(|b| b.is_ascii_digit()));
    plain.and_then(|text| text.parse().ok()).ok_or_else(|| wrong_header("If-Match"))
}

/// The idempotency key, as it is kept.
fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(sent) = headers.get("idempotency-key") else { return Ok(None) };
    let key = sent.to_str().ok().filter(|key| (1..=KEY).contains(&key.len()) && key.bytes().all(|b| (0x21..0x7f).contains(&b)));
    Ok(Some(format!("api/{}", key.ok_or_else(|| wrong_header("Idempotency-Key"))?)))
}

fn wrong_header(name: &str) -> Error {
    let mut errors = FieldErrors::default();
    errors.add(name, Text::new("error-header-wrong"));
    Error::Malformed(errors)
}

/// That no text holds the zero character, which no database stores.
fn plain(value: &Value) -> Result<()> {
    if given::has_zero(value) { Err(Error::field("$", Text::new("error-schema-pattern"))) } else { Ok(()) }
}

/// Line ends as they are stored: single.
fn unified(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains('\r') => Value::String(text.replace("\r\n", "\n").replace('\r', "\n")),
        Value::Array(all) => all.into_iter().map(unified).collect(),
        Value::Object(all) => all.into_iter().map(|(name, value)| (name, unified(value))).collect(),
        other => other,
    }
}

impl Call {
    async fn claim(&mut self, key: &str, digest: &[u8]) -> Result<()> {
        self.cx = self.cx.clone().once_for(key, digest);
        self.visit.cx = self.cx.clone();
        let _ = self.visit.key.set(key.to_owned());
        self.cx.refuse_repeat(key).await
    }

    /// Takes the sent file in for the thing `on` (kind and id), as it comes. From then on the request answers its idempotency key.
    ///
    /// # Errors
    /// As [`receive`]; [`Error::Repeated`] when the same was sent before with this key; what came then is swept.
    pub async fn receive(&mut self, on: (&'static str, &str)) -> Result<Received> {
        let coming = self.coming.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        let mut coming = coming.ok_or_else(|| Error::internal("a file that is not taken as a stream"))?;
        let received = match receive(&self.cx, on, &mut coming).await {
            Err(error @ Error::Invalid(_)) => {
                // Read to its end, so that the program hears what is wrong with it.
                while coming.next().await?.is_some() {}
                return Err(error);
            }
            other => other?,
        };
        if let Some(key) = &coming.key {
            self.claim(key, format!("{}\0{}", coming.asked, received.sha256()).as_bytes()).await?;
        }
        Ok(received)
    }

    /// An id in the path.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is none.
    pub fn id(&self, name: &str) -> Result<Uuid> {
        self.code(name).parse().map_err(|_| Error::NotFound)
    }

    /// A code in the path.
    pub fn code(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// A parameter of the query, unless it is absent or blank.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(|v| v.trim()).filter(|v| !v.is_empty())
    }

    /// An id in the query.
    pub fn query_id(&self, name: &str) -> Option<Uuid> {
        self.query(name)?.parse().ok()
    }

    /// How many rows a page shall hold.
    pub fn limit(&self) -> u64 {
        self.query("limit").and_then(|n| n.parse().ok()).unwrap_or(PAGE)
    }

    /// Where the page begins, read by `place`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when that is no place.
    pub fn after<T>(&self, place: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>> {
        let Some(text) = self.query("after") else { return Ok(None) };
        place(text).map(Some).ok_or_else(|| Error::field("?after", Text::new("error-after-wrong")))
    }

    /// The last part of the address that the document gives: the step of a route made for one.
    pub fn step(&self) -> &str {
        self.op.path.rsplit('/').next().unwrap_or_default()
    }

    /// What was sent, checked against its schema.
    pub fn sent(&self) -> &Value {
        &self.sent
    }

    /// What was sent, as a `T`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the path of what does not fit.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        serde_path_to_error::deserialize(&self.sent).map_err(|e| Error::field(e.path().to_string(), Text::new("error-schema")))
    }

    /// The file that was sent.
    pub fn file(&self) -> &Bytes {
        &self.file
    }

    /// The version that the change is made against.
    ///
    /// # Errors
    /// [`Error::NoVersion`] when none was sent.
    pub fn version(&self) -> Result<i32> {
        self.version.ok_or(Error::NoVersion)
    }

    /// What came of a change; when someone was quicker, both versions: `now` reads the other one.
    ///
    /// # Errors
    /// What the change says; [`Error::Clash`] in place of [`Error::Stale`].
    pub async fn fresh<T, N: Future<Output = Result<Value>>>(&self, done: Result<T>, now: impl FnOnce() -> N) -> Result<T> {
        match done {
            Err(Error::Stale(text)) => {
                settle().await?;
                Err(Error::Clash(Box::new(Clash { text, now: now().await?, sent: self.sent.clone() })))
            }
            other => other,
        }
    }

    /// 200 with `value`, and its version for the next change.
    ///
    /// # Errors
    /// Never, for values of ours.
    pub fn found(&self, value: &impl Serialize, version: Option<i32>) -> Answer {
        answer(StatusCode::OK, value, version, None)
    }

    /// The op's status with `value`, which stands at `at`.
    ///
    /// # Errors
    /// Never, for values of ours.
    pub fn made(&self, at: &str, value: &impl Serialize, version: Option<i32>) -> Answer {
        answer(self.op.status, value, version, Some(at))
    }

    /// A page of a list.
    ///
    /// # Errors
    /// Never, for values of ours.
    pub fn listed<T: Serialize>(&self, page: &Listed<T>) -> Answer {
        let next = page.after.as_ref().map(|after| self.next(after));
        let mut response = answer(StatusCode::OK, &json!({ "items": page.items, "next": next }), None, None)?;
        if let Some(value) = next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok()) {
            response.headers_mut().insert(header::LINK, value);
        }
        Ok(response)
    }

    /// The address of this list, from another place on.
    fn next(&self, after: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.query.iter().filter(|(name, _)| **name != "after"));
        query.append_pair("after", after);
        format!("{}?{}", self.visit.path.split('?').next().unwrap_or_default(), query.finish())
    }
}

fn answer(status: StatusCode, value: &impl Serialize, version: Option<i32>, at: Option<&str>) -> Answer {
    let body = serde_json::to_vec(value)?;
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    let headers = response.headers_mut();
    if let Some(value) = version.and_then(|v| HeaderValue::from_str(&format!("\"{v}\"")).ok()) {
        headers.insert(header::ETAG, value);
    }
    if let Some(value) = at.and_then(|at| HeaderValue::from_str(at).ok()) {
        headers.insert(header::LOCATION, value);
    }
    Ok(response)
}
