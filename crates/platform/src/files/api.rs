//! Files for programs: those of a thing, their bytes, new ones and new versions.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::{self, About, To};
use super::attach::{Attached, File, field_names, key_of, name};
use super::kind;
use super::name::plain as plain_name;
use super::pages::bytes;
use super::rows::{self, Model};
use crate::api::{Api, Area, Call, Listed, Op, Param, Takes};
use crate::clock::timestamp;
use crate::cx::Cx;
use crate::error::{Error, FieldErrors, Result};
use crate::seal::Key;
use crate::texts::Text;
use crate::web::Answer;

/// What bytes are sent and answered as, whatever they are.
const BYTES: &str = "application/octet-stream";

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let (of, one) = ("/api/v1/files/of/{kind}/{thing}", "/api/v1/files/{file}");
    let at = |rest: &str| format!("{one}/{rest}");
    let field = || Param::new("field", Takes::Text(200));
    let dates = ["covers_from", "covers_to", "expires_on"].map(|day| Param::new(day, Takes::Text(10)));
    let about = || [Param::new("name", Takes::Text(200))].into_iter().chain(dates.clone());
    let names: &[&str] = &["kind", "thing"];
    let internal = Param::new("internal", Takes::Flag);
    let add = Op::post("files.add", of, area).codes(names).queries([field(), internal]).queries(about()).takes_stream(BYTES);
    let version = Op::post("files.replace", at("versions"), area).queries(about()).takes_stream(BYTES);
    Api::new()
        .add(Op::get("files.list", of, area).codes(names).queries([field()]).all_of::<FileFacts>(), list)
        .add(add.answers::<FileFacts>().makes(), take)
        .add(Op::get("files.one", one, area).answers::<FileFacts>(), facts)
        .add(Op::get("files.bytes", at("bytes"), area).answers_bytes(&[BYTES]), content)
        .add(Op::post("files.reveal", at("reveal"), area).answers_bytes(&[BYTES]), reveal)
        .add(version.answers::<FileFacts>().makes(), replace)
        .add(Op::post("files.remove", at("remove"), area).all_of::<FileFacts>(), remove)
}

/// A file.
#[derive(Serialize, ToSchema)]
struct FileFacts {
    /// Its id.
    id: Uuid,
    /// Its name; none once its key is destroyed.
    name: Option<String>,
    /// What it is, by its content.
    media_type: String,
    /// Its size in bytes.
    size: i64,
    /// SHA-256 of its bytes, in hexadecimal.
    sha256: String,
    /// Which version, from 1.
    number: i32,
    /// The version that took its place.
    superseded_by: Option<Uuid>,
    /// What of its thing it belongs to; none for the whole.
    field: Option<String>,
    /// The same in words: which question, or which task.
    belongs_to: Option<String>,
    /// The first day that it covers.
    #[schema(format = Date)]
    covers_from: Option<String>,
    /// The last day that it covers.
    #[schema(format = Date)]
    covers_to: Option<String>,
    /// The day after which it shows nothing any more.
    #[schema(format = Date)]
    expires_on: Option<String>,
    /// Whether it stays within the authority.
    internal: bool,
    /// Whether its bytes are asked for by `reveal`, which leaves an entry.
    sensitive: bool,
    /// Why it is withheld from others, if it is: `waiting`, `found`, `unread`, `essential` or `withdrawn`. Its bytes are asked for by `reveal`.
    held: Option<String>,
    /// Whether a scanner called it clean.
    scanned: bool,
    /// When it was uploaded.
    #[schema(format = DateTime)]
    at: String,
    /// Whether it was handed in, and stays from then on.
    handed_in: bool,
}

async fn told(cx: &Cx, row: Model) -> Result<FileFacts> {
    let named = field_names(cx, &row.kind, &row.thing, std::iter::once(&row)).await?;
    let key = key_of(cx, &row.kind, &row.thing).await?;
    say(key.as_ref(), row, &named)
}

/// `key` is that of the file's thing; none once it was destroyed.
fn say(key: Option<&Key>, row: Model, named: &BTreeMap<String, String>) -> Result<FileFacts> {
    let media = kind::by_code(&row.content).map_or(BYTES, |kind| kind.mime).to_owned();
    Ok(FileFacts {
        id: row.id,
        name: name(key, &row)?,
        media_type: media,
        size: row.size,
        sha256: row.sha256,
        number: row.number,
        superseded_by: row.superseded_by,
        belongs_to: row.field.as_ref().and_then(|field| named.get(field).cloned()),
        field: row.field,
        covers_from: row.covers_from,
        covers_to: row.covers_to,
        expires_on: row.expires_on,
        internal: row.internal,
        sensitive: row.sensitive,
        held: row.held,
        scanned: row.scanned,
        at: timestamp(row.at).to_string(),
        handed_in: row.fixed_at.is_some(),
    })
}

/// The files at a thing that the actor may view.
async fn at(cx: &Cx, at: &Attached) -> Result<Vec<FileFacts>> {
    at.check_view(cx)?;
    let thing = &at.subject.thing;
    let all = rows::of_thing(cx.db(), thing.kind, &thing.id, at.field.as_deref(), at.visible(cx)).await?;
    let named = field_names(cx, thing.kind, &thing.id, all.iter()).await?;
    let key = key_of(cx, thing.kind, &thing.id).await?;
    let seen = all.into_iter().filter(|row| cx.may("file.view", &at.file(row.clone())));
    seen.map(|row| say(key.as_ref(), row, &named)).collect()
}

async fn found(call: &Call) -> Result<Attached> {
    Attached::find(&call.cx, None, call.code("kind"), call.code("thing"), call.query("field")).await
}

async fn viewed(call: &Call) -> Result<(File, Attached)> {
    let (file, at) = File::find(&call.cx, None, call.id("file")?).await?;
    call.cx.core().authz.check(&call.cx.actor, "file.view", &file)?;
    Ok((file, at))
}

async fn list(call: Call) -> Answer {
    call.listed(&Listed { items: at(&call.cx, &found(&call).await?).await?, after: None })
}

async fn facts(call: Call) -> Answer {
    let (file, _) = viewed(&call).await?;
    call.found(&told(&call.cx, file.row).await?, None)
}

async fn take(call: Call) -> Answer {
    let at = found(&call).await?;
    at.check_add(&call.cx)?;
    let (kind, thing) = (call.code("kind").to_owned(), call.code("thing").to_owned());
    let (field, internal) = (call.query("field").map(str::to_owned), call.query("internal") == Some("true"));
    added(call, &at, To::Thing(&kind, &thing, field.as_deref()), internal).await
}

async fn replace(call: Call) -> Answer {
    let (file, at) = viewed(&call).await?;
    // Before any of it is read.
    call.cx.core().authz.check(&call.cx.actor, "file.replace", &file)?;
    added(call, &at, To::Version(file.row.id), file.row.internal).await
}

/// Takes the bytes in that were sent and makes them a file.
async fn added(mut call: Call, at: &Attached, to: To<'_>, internal: bool) -> Answer {
    let thing = &at.subject.thing;
    let Some(name) = call.query("name").map(plain_name).filter(|name| !name.is_empty()) else {
        return Err(Error::field("?name", Text::new("file-missing")));
    };
    let mut errors = FieldErrors::default();
    let mut day = |name: &'static str| match call.query(name).map(str::parse) {
        Some(Ok(day)) => Some(day),
        Some(Err(_)) => {
            errors.add(format!("?{name}"), Text::new("error-date-iso"));
            None
        }
        None => None,
    };
    let (covers_from, covers_to, expires_on) = (day("covers_from"), day("covers_to"), day("expires_on"));
    errors.or(())?;
    let received = call.receive((thing.kind, &thing.id)).await?;
    let id = act::add(&call.cx, to, &About { name, covers_from, covers_to, expires_on, internal }, &received).await?;
    let (file, _) = File::find(&call.cx, None, id).await?;
    call.made(&format!("/api/v1/files/{id}"), &told(&call.cx, file.row).await?, None)
}

async fn content(call: Call) -> Answer {
    let (file, _) = viewed(&call).await?;
    // What is sensitive is asked for by `reveal`.
    if file.closed() {
        return Err(Error::NotFound);
    }
    sent(&call, &file.row).await
}

async fn reveal(call: Call) -> Answer {
    let (file, _) = viewed(&call).await?;
    if !file.closed() {
        return Err(Error::NotFound);
    }
    act::reveal(&call.cx, file.row.id).await?;
    sent(&call, &file.row).await
}

async fn sent(call: &Call, row: &Model) -> Answer {
    let mut response = bytes::save(&call.cx, row).await?;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(BYTES));
    Ok(response)
}

async fn remove(call: Call) -> Answer {
    let (file, of) = viewed(&call).await?;
    act::remove(&call.cx, file.row.id).await?;
    call.listed(&Listed { items: at(&call.cx, &of).await?, after: None })
}
