//! The screens of files, the same for everything that has some: the list with its form, one file with its versions, its bytes.

pub(super) mod bytes;
mod draw;

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use maud::{Markup, html};
use uuid::Uuid;

use super::act::{self, About, To};
use super::attach::{Attached, File, field_names, key_of, name};
use super::held::Held;
use super::out::whose;
use super::rows::{self, Model};
use super::{held, kind, receive};
use crate::book::{self, Line};
use crate::cases::people;
use crate::cx::Cx;
use crate::error::{Error, FieldErrors, Result};
use crate::texts::Text;
use crate::ui::{self, ButtonKind, Link};
use crate::web::{Access, Answer, Fields, Path, Posted, Routes, Streamed, Upload, Visit, see_other};
use crate::{t, texts};
use draw::Drawn;
pub use draw::size_text;

/// The routes of files.
pub fn routes() -> Routes {
    Routes::new()
        .get("/files/of/{kind}/{thing}", Access::SignedIn, list)
        .post("/files/of/{kind}/{thing}", Access::SignedIn, add)
        .get("/files/{file}", Access::SignedIn, show)
        .get("/files/{file}/bytes", Access::SignedIn, bytes::download)
        .post("/files/{file}/reveal", Access::SignedIn, bytes::reveal)
        .get("/files/{file}/picture", Access::SignedIn, bytes::picture)
        .post("/files/{file}/replace", Access::SignedIn, replace)
        .post("/files/{file}/remove", Access::SignedIn, remove)
        .api(super::api::routes())
}

/// The files of a thing with a form that adds one, for its page: those at `field`, or all. Nothing when there are none and the visitor may
/// add none.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn panel(visit: &Visit, kind: &str, thing: &str, field: Option<&str>) -> Result<Markup> {
    let at = Attached::find(&visit.cx, None, kind, thing, field).await?;
    section(visit, &at, &Fields::default(), &FieldErrors::default()).await
}

/// The files at one field of a thing as a short list, with a link to the page that adds one.
///
/// # Errors
/// As [`panel`].
pub async fn brief(visit: &Visit, kind: &str, thing: &str, field: &str) -> Result<Markup> {
    let cx = &visit.cx;
    let at = Attached::find(cx, None, kind, thing, Some(field)).await?;
    let drawn = drawn(cx, &at).await?;
    Ok(html! {
        @if !drawn.is_empty() {
            ul .govuk-list { @for one in &drawn { li { (one.link()) " " span .govuk-hint .vs-inline { (one.size()) } } } }
        }
        @if at.may_add(cx) {
            p .govuk-body { a .govuk-link href=(address(&at)) { (t!("file-add-link")) span .govuk-visually-hidden { " " (at.subject.title) } } }
        }
    })
}

/// The ledger's lines about a thing's files that the actor may view, for the thing's history; at most `most`, oldest first.
///
/// # Errors
/// When the database fails or a detail does not open.
pub async fn entries(cx: &Cx, kind: &str, thing: &str, most: u64) -> Result<Vec<Line>> {
    let at = Attached::find(cx, None, kind, thing, None).await?;
    let all = rows::every(cx.db(), kind, thing, None, at.visible(cx)).await?;
    let seen = all.into_iter().filter(|row| cx.may("file.view", &at.file(row.clone())));
    book::timelines(cx, "file", seen.map(|row| row.id), most).await
}

/// The address of the files at this field.
fn address(at: &Attached) -> String {
    let of = format!("/files/of/{}/{}", at.subject.thing.kind, at.subject.thing.id);
    match &at.field {
        Some(field) => format!("{of}?field={field}"),
        None => of,
    }
}

/// The files here that the actor may view, ready to be drawn.
async fn drawn(cx: &Cx, at: &Attached) -> Result<Vec<Drawn>> {
    let thing = &at.subject.thing;
    let all = rows::of_thing(cx.db(), thing.kind, &thing.id, at.field.as_deref(), at.visible(cx)).await?;
    draw_all(cx, at, all).await
}

async fn draw_all(cx: &Cx, at: &Attached, all: Vec<Model>) -> Result<Vec<Drawn>> {
    let thing = &at.subject.thing;
    let key = if all.is_empty() { None } else { key_of(cx, thing.kind, &thing.id).await? };
    let names = people::names(cx, all.iter().map(|row| row.account)).await?;
    let newest: BTreeMap<Uuid, i32> = all.iter().rev().map(|row| (row.chain, row.number)).collect();
    let mut out = Vec::new();
    for row in all {
        // Each row shown is asked for once more.
        if !cx.may("file.view", &at.file(row.clone())) {
            continue;
        }
        let by = whose(cx, &row, &names);
        let name = name(key.as_ref(), &row)?.unwrap_or_else(|| t!("file-name-destroyed"));
        let stands = newest.get(&row.chain) == Some(&row.number);
        out.push(Drawn::new(cx, row, name, by, stands));
    }
    Ok(out)
}

/// Says of each which question or task it belongs to.
async fn say_fields(cx: &Cx, at: &Attached, drawn: &mut [Drawn]) -> Result<()> {
    let thing = &at.subject.thing;
    let named = field_names(cx, thing.kind, &thing.id, drawn.iter().map(|one| &one.row)).await?;
    for one in drawn {
        one.belongs = one.row.field.as_ref().and_then(|field| named.get(field).cloned());
    }
    Ok(())
}

async fn section(visit: &Visit, at: &Attached, typed: &Fields, errors: &FieldErrors) -> Result<Markup> {
    let cx = &visit.cx;
    let mut drawn = drawn(cx, at).await?;
    if at.field.is_none() {
        say_fields(cx, at, &mut drawn).await?;
    }
    let adds = at.may_add(cx);
    let hidden = held::hidden(cx, at).await?;
    Ok(html! {
        @if hidden > 0 { (ui::inset(html! { (t!("file-held-hidden", count = hidden)) })) }
        @if drawn.is_empty() && hidden > 0 {} @else if drawn.is_empty() { (ui::empty_state(&t!("file-none"), &t!("file-none-text"), None)) }
        @else { (draw::table(&t!("file-list"), &drawn)) }
        @if adds {
            h2 .govuk-heading-m { (t!("file-add-title")) }
            @if !at.subject.settled && !cx.actor.is_authority() { p .govuk-body { (t!("file-draft-lead")) } }
            (draw::form(visit, &address(at), at.may_note(), "file-add", typed, errors)?)
        }
    })
}

fn field_of(query: Option<String>) -> Result<Option<String>> {
    Ok(Fields::read(query.unwrap_or_default().as_bytes())?.some("field").map(str::to_owned))
}

async fn list(visit: Visit, Path((kind, thing)): Path<(String, String)>, RawQuery(query): RawQuery) -> Answer {
    let at = Attached::find(&visit.cx, None, &kind, &thing, field_of(query)?.as_deref()).await?;
    at.check_view(&visit.cx)?;
    list_page(&visit, &at, &Fields::default(), &FieldErrors::default()).await
}

async fn list_page(visit: &Visit, at: &Attached, typed: &Fields, errors: &FieldErrors) -> Answer {
    let title = t!("file-title", title = &at.subject.title);
    let content = section(visit, at, typed, errors).await?;
    Ok(visit.page(&title).crumb(&at.subject.title, &at.subject.href).errors(errors).body(&html! {
        h1 .govuk-heading-l { (title) }
        (content)
    }))
}

async fn add(Path((kind, thing)): Path<(String, String)>, RawQuery(query): RawQuery, streamed: Streamed) -> Answer {
    let Streamed { visit, upload } = streamed;
    let field = field_of(query)?;
    let at = Attached::find(&visit.cx, None, &kind, &thing, field.as_deref()).await?;
    at.check_add(&visit.cx)?;
    match take(&visit, &at, To::Thing(&kind, &thing, field.as_deref()), upload).await? {
        Ok(()) => Ok(see_other(&at.subject.href)),
        Err((typed, errors)) => list_page(&visit, &at, &typed, &errors).await,
    }
}

/// Takes a file in and makes it one; what was typed and what is wrong with it, where that can be mended.
async fn take(visit: &Visit, at: &Attached, to: To<'_>, mut upload: Upload) -> Result<Result<(), (Fields, FieldErrors)>> {
    let (cx, thing) = (&visit.cx, &at.subject.thing);
    let name = upload.name().map(str::to_owned);
    if upload.field().is_some_and(|field| field != "file") {
        return Err(Error::bad_request("error-upload-malformed"));
    }
    let received = match &name {
        Some(_) => receive(cx, (thing.kind, &thing.id), &mut upload).await,
        None => Err(Error::field("file", Text::new("file-missing"))),
    };
    let received = match received {
        Ok(received) => received,
        Err(Error::Invalid(errors)) => return Ok(Err((upload.finish().await?, errors))),
        Err(other) => return Err(other),
    };
    let fields = upload.finish().await?;
    let mut errors = FieldErrors::default();
    let about = About {
        name: name.unwrap_or_default(),
        covers_from: draw::date(&fields, "file_from", &mut errors),
        covers_to: draw::date(&fields, "file_to", &mut errors),
        expires_on: draw::date(&fields, "file_expires", &mut errors),
        internal: fields.get("internal") == "yes",
    };
    let done = match errors.or(()) {
        Ok(()) => act::add(cx, to, &about, &received).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(Ok(())),
        Err(Error::Invalid(errors)) => Ok(Err((fields, errors))),
        Err(other) => Err(other),
    }
}

/// The file, if the visitor may view it, with its thing.
async fn viewed(visit: &Visit, id: &str) -> Result<(File, Attached)> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let (file, at) = File::find(&visit.cx, None, id).await?;
    visit.cx.core().authz.check(&visit.cx.actor, "file.view", &file)?;
    Ok((file, at))
}

async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let (file, at) = viewed(&visit, &id).await?;
    page(&visit, &file, &at, &Fields::default(), &FieldErrors::default()).await
}

async fn page(visit: &Visit, file: &File, at: &Attached, typed: &Fields, errors: &FieldErrors) -> Answer {
    let cx = &visit.cx;
    let own = format!("/files/{}", file.row.id);
    let mut all = draw_all(cx, at, rows::versions(cx.db(), file.row.chain, at.visible(cx)).await?).await?;
    say_fields(cx, at, &mut all).await?;
    let this = all.iter().find(|one| one.row.id == file.row.id).ok_or(Error::NotFound)?;
    let newest = all.first().filter(|newest| newest.row.id != file.row.id);
    let gone = key_of(cx, &file.row.kind, &file.row.thing).await?.is_none();
    let replaces = !gone && file.row.superseded_by.is_none() && cx.may("file.replace", file);
    let removes = cx.may("file.remove", file);
    let preview = if file.closed() || gone {
        html! {}
    } else {
        bytes::preview(visit, &file.row).await?
    };
    let (once, download, reveal) = (visit.once()?, format!("{own}/bytes"), format!("{own}/reveal"));
    let removing = format!("{own}/remove");
    let frame = ui::Form { action: &removing, csrf: &visit.csrf, once: Some(&once), ..ui::Form::default() };
    let words: ui::Words = &|id| texts::t(id);
    let content = html! {
        h1 .govuk-heading-l .vs-break { (this.name) }
        @if let Some(newest) = newest {
            (ui::inset(html! { (t!("file-replaced")) " " (newest.link()) }))
        }
        (draw::facts(this))
        (draw::held(file, at, cx.may("file.settle", file)))
        @if gone || file.row.held() == Some(Held::Withdrawn) {}
        @else if file.closed() {
            (bytes::closed(file))
            (ui::form(words, &ui::Form { action: &reveal, csrf: &visit.csrf, ..ui::Form::default() }, ui::button(&t!("file-download"), ButtonKind::Primary)))
        } @else {
            p { (ui::link_button(Link::new(&t!("file-download"), &download), ButtonKind::Primary)) }
        }
        (preview)
        @if all.len() > 1 {
            h2 .govuk-heading-m { (t!("file-versions")) }
            (draw::table(&t!("file-versions"), &all))
        }
        @if replaces {
            h2 .govuk-heading-m { (t!("file-replace-title")) }
            p .govuk-body { (t!(if file.row.fixed_at.is_some() { "file-replace-lead" } else { "file-replace-draft-lead" })) }
            (draw::form(visit, &format!("{own}/replace"), false, "file-replace", typed, errors)?)
        }
        @if removes { (ui::form(words, &frame, ui::button(&t!("file-remove"), ButtonKind::Warning))) }
    };
    let page = visit.page(&this.name).crumb(&at.subject.title, &at.subject.href).errors(errors);
    Ok(page.body(&content))
}

async fn replace(Path(id): Path<String>, streamed: Streamed) -> Answer {
    let Streamed { visit, upload } = streamed;
    let (file, at) = viewed(&visit, &id).await?;
    visit.cx.core().authz.check(&visit.cx.actor, "file.replace", &file)?;
    match take(&visit, &at, To::Version(file.row.id), upload).await? {
        Ok(()) => Ok(see_other(&at.subject.href)),
        Err((typed, errors)) => page(&visit, &file, &at, &typed, &errors).await,
    }
}

async fn remove(Path(id): Path<String>, posted: Posted) -> Answer {
    let (file, at) = viewed(&posted.visit, &id).await?;
    act::remove(&posted.visit.cx, file.row.id).await?;
    Ok(see_other(&at.subject.href))
}

/// "PDF document, 1.4 MB".
pub(super) fn size(row: &Model) -> String {
    t!("file-size", kind = kind_name(&row.content), size = draw::size_text(row.size))
}

/// The name of a kind of content.
fn kind_name(code: &str) -> String {
    kind::by_code(code).map_or_else(|| code.to_owned(), |kind| texts::t(&format!("file-kind-{}", kind.code)))
}
