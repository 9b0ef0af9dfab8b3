//! Who knows a version: the supplier's list with how many have read it, and the page of whoever was asked.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::forms::review;
use platform::ui::{self, ButtonKind, Column, Row, Table, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::{form, kit};
use crate::casework::answering;
use crate::casework::at;
use crate::casework::typed::{Typed, id_of};
use crate::party;
use crate::plan::act::readers::{self as reading, Held};
use crate::plan::model::{Plan, Plans};
use crate::plan::store::readers;

/// How many have read it, of how many that were asked, in words; nothing before anybody was.
pub(super) fn share((asked, read): (i64, i64)) -> Option<String> {
    (asked > 0).then(|| t!("plan-readers-share", read = read, asked = asked, percent = read * 100 / asked))
}

pub(super) async fn list(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::viewed::<Plans>(&visit, &id).await?;
    draw(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, of: &Plan, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    if of.number.is_none() {
        return Err(Error::NotFound);
    }
    let all = readers::of(cx, cx.db(), &of.case).await?;
    let read = all.iter().filter(|one| one.row.read_at.is_some()).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let told = share((count(all.len()), count(read)));
    let may = of.in_force() && cx.may("plan.ask_readers", of);
    let rounds = answering::documents::<Plans>(cx, &of.case).await?;
    let known_to = rounds.last().and_then(|(_, document)| document.answers().get("known_to").and_then(serde_json::Value::as_u64));
    let content = html! {
        h2 .govuk-heading-m { (t!("plan-readers")) }
        p .govuk-body { (t!("plan-readers-about")) }
        @if let Some(number) = known_to { p .govuk-body { (t!("plan-readers-known-to", number = number)) } }
        @match told {
            Some(told) => { p .govuk-body { strong { (told) } } (table(visit, of, &all, may)?) },
            None => (ui::empty_state(&t!("plan-readers-none"), &t!("plan-readers-none-text"), None)),
        }
        @if may {
            @if read < all.len() {
                (form(visit, &at::<Plans>(&of.case, "readers/remind"), None, ui::button(&t!("plan-readers-remind"), ButtonKind::Secondary))?)
            }
            h2 .govuk-heading-m { (t!("plan-readers-ask")) }
            (form(visit, &at::<Plans>(&of.case, "readers"), None, html! {
                (typed.area("people", "plan-readers-people", 8))
                (ui::button(&t!("plan-readers-send"), ButtonKind::Primary))
            })?)
        }
    };
    Ok(kit::page::<Plans>(visit, of, &t!("plan-readers"))
        .errors(typed.errors)
        .body(&kit::frame::<Plans>(visit, of, "readers", content).await?))
}

fn table(visit: &Visit, of: &Plan, all: &[readers::Reader], may: bool) -> Result<Markup> {
    let clock = &visit.core().clock;
    let mut words = ["plan-readers-name", "plan-readers-asked", "plan-readers-read"].map(texts::t).to_vec();
    words.extend(may.then(|| t!("plan-readers-do")));
    let columns: Vec<Column> = words.iter().map(|name| Column::new(name)).collect();
    let read = |one: &readers::Reader| match one.row.read_at {
        Some(at) => html! { (clock.day_text(at)) },
        None => ui::tag(&t!("plan-readers-not-yet"), Tone::Yellow),
    };
    let mut rows = Vec::new();
    for one in all {
        let mut cells = vec![html! { (one.name) }, html! { (clock.day_text(one.row.asked_at)) }, read(one)];
        if may {
            let end = html! {
                (ui::hidden("reader", &one.row.id.to_string()))
                (ui::named_button(&t!("plan-readers-end"), ButtonKind::Quiet, "end", "yes", Some(&one.name)))
            };
            cells.push(form(visit, &at::<Plans>(&of.case, "readers/end"), None, end)?);
        }
        rows.push(Row::new(cells));
    }
    Ok(ui::table(&Table { caption: &t!("plan-readers"), caption_shown: false, columns: &columns, stack: true }, &rows))
}

pub(super) async fn ask(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Plans>(visit, &id).await?;
    let done = match reading::people(fields.get("people")) {
        Ok(people) => reading::ask(&visit.cx, of.case.id, &people).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(see_other(&at::<Plans>(&of.case, "readers"))),
        Err(Error::Invalid(errors)) => {
            let mut response = draw(visit, &of, Typed { fields, errors: &errors }).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response.into_response())
        }
        Err(other) => Err(other),
    }
}

pub(super) async fn remind(Path(id): Path<String>, post: Posted) -> Answer {
    let of = kit::viewed::<Plans>(&post.visit, &id).await?;
    reading::remind(&post.visit.cx, of.case.id).await?;
    Ok(see_other(&at::<Plans>(&of.case, "readers")))
}

pub(super) async fn end(Path(id): Path<String>, post: Posted) -> Answer {
    let of = kit::viewed::<Plans>(&post.visit, &id).await?;
    reading::end(&post.visit.cx, of.case.id, id_of(post.fields.get("reader"))?).await?;
    Ok(see_other(&at::<Plans>(&of.case, "readers")))
}

/// A visit that goes on as the holder of a link.
async fn holding(mut visit: Visit, token: &str) -> Result<(Visit, Held)> {
    let held = reading::open(&visit, token).await?;
    visit.cx.actor = held.cx.actor.clone();
    Ok((visit, held))
}

/// The plan, for whoever was asked to read it.
pub(super) async fn read(visit: Visit, Path(token): Path<String>) -> Answer {
    let (visit, held) = holding(visit, &token).await?;
    let cx = &visit.cx;
    let number = held.of.number.unwrap_or(1);
    if !held.of.in_force() {
        let body = html! { h1 .govuk-heading-l { (t!("plan-reader-later")) } p .govuk-body { (t!("plan-reader-later-text")) } };
        return Ok(visit.page(&t!("plan-reader-later")).body(&body));
    }
    cx.core().authz.check(&cx.actor, "plan.view", &held.of.through(held.reader.id))?;
    let (_, document) = answering::documents::<Plans>(cx, &held.of.case).await?.pop().ok_or(Error::NotFound)?;
    let names = party::store::names(cx.db(), [held.of.case.party]).await?;
    let inner = html! { p .govuk-body { (t!("plan-reader-declare")) } (ui::button(&t!("plan-reader-do"), ButtonKind::Primary)) };
    let body = html! {
        h1 .govuk-heading-l { (held.of.case.title) }
        p .govuk-body { (t!("plan-reader-lead", party = names.get(&held.of.case.party).map_or("", String::as_str), number = number)) }
        (review::read(&document))
        @match held.reader.read_at {
            Some(at) => (ui::inset(html! { (t!("plan-reader-done-on", date = visit.core().clock.day_text(at))) })),
            None => (form(&visit, &format!("/plan-readers/{token}"), None, inner)?),
        }
    };
    Ok(visit.page(&held.of.case.title).body(&body))
}

pub(super) async fn acknowledge(Path(token): Path<String>, post: Posted) -> Answer {
    let (visit, held) = holding(post.visit, &token).await?;
    reading::acknowledge(&held).await?;
    let title = t!("plan-reader-done");
    Ok(visit.page(&title).body(&html! { h1 .govuk-heading-l { (title) } p .govuk-body { (t!("plan-reader-done-text")) } }))
}
