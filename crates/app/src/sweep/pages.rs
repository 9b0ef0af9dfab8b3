//! The screens of sweeps: for the authority all sweeps, one with its counts, and the form that opens one; for a supplier what it is asked; for both one
//! answer.

pub(crate) mod answers;
pub(super) mod history;
mod opening;

use axum::extract::{Path, RawQuery};
use jiff::civil::Date;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Column, Fact, Link, Pager, Row, Table, Tile, Tone};
use platform::web::{Access, Answer as Page, Fields, PageBuilder, Posted, Routes, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use uuid::Uuid;

use super::act;
use super::model::{ANSWERS, Answer, LIST, SWEEP, among_says, any, at};
use super::store::{self, Opened, sweep};
use crate::casework::typed::{Typed, form};
use crate::{contract, incident};

/// Sweeps on a page.
const PAGE: u64 = 50;
const WORDS: ui::Words = &|id| texts::t(id);

pub(super) fn routes() -> Routes {
    Routes::new()
        .get(LIST, Access::Authority, list)
        .get("/sweeps/new", Access::Authority, opening::ask)
        .post("/sweeps/new", Access::Authority, opening::open)
        .get(ANSWERS, Access::SignedIn, answers::list)
        .get("/sweeps/answers/{answer}", Access::SignedIn, answers::one)
        .post("/sweeps/answers/{answer}", Access::SignedIn, answers::give)
        .get("/sweeps/{id}", Access::Authority, one)
        .post("/sweeps/{id}/remind", Access::Authority, remind)
        .post("/sweeps/{id}/end", Access::Authority, end)
}

fn page<'a>(visit: &'a Visit, title: &str) -> PageBuilder<'a> {
    visit.page(title).active(LIST)
}

/// The colour of an answer.
fn tone(answer: Answer, late: bool) -> Tone {
    match answer {
        _ if late => Tone::Red,
        Answer::Awaited => Tone::Yellow,
        Answer::Affected => Tone::Orange,
        Answer::NotKnown => Tone::Blue,
        Answer::NotAffected => Tone::Green,
    }
}

fn day(iso: &str) -> String {
    iso.parse::<Date>().map_or_else(|_| iso.to_owned(), platform::clock::day_text)
}

/// A sweep that the visitor may view, opened.
pub(super) async fn seen(cx: &Cx, id: Uuid) -> Result<Opened> {
    let row = store::get(cx.db(), id).await?;
    cx.core().authz.check(&cx.actor, "sweep.view", &row.thing())?;
    store::open_all(cx, cx.db(), vec![row]).await?.pop().ok_or(Error::NotFound)
}

fn state_tag(row: &sweep::Model) -> Markup {
    if row.ended_at.is_some() { ui::tag(&t!("sweep-ended"), Tone::Grey) } else { ui::tag(&t!("sweep-running"), Tone::Blue) }
}

/// Of whom a sweep asks, in words.
async fn among(cx: &Cx, row: &sweep::Model) -> Result<String> {
    let titles = contract::store::titles(cx.db(), row.contract).await?;
    Ok(among_says(titles.values().next().map(String::as_str), row.country.as_deref(), row.tier))
}

/// The reference of an incident.
async fn reference(cx: &Cx, incident: Uuid) -> Result<String> {
    Ok(incident::store::get(cx.db(), incident).await?.case.reference.unwrap_or_default())
}

async fn list(visit: Visit, RawQuery(query): RawQuery) -> Page {
    let cx = &visit.cx;
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let id = |name: &str| fields.some(name).and_then(|id| id.parse::<Uuid>().ok());
    let (about, before) = (id("incident"), id("before"));
    let reference = match about {
        Some(incident) => {
            let of = incident::store::get(cx.db(), incident).await?;
            cx.permit("incident.view", &of)?;
            Some((incident, of.case.reference.unwrap_or_default()))
        }
        None => None,
    };
    let mut found = store::list(cx, about, before, PAGE).await?;
    let more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let kept = about.map(|incident| format!("incident={incident}&")).unwrap_or_default();
    let next = found.last().filter(|_| more).map(|last| format!("{LIST}?{kept}before={}", last.id));
    let first = before.map(|_| format!("{LIST}?{}", kept.trim_end_matches('&')));
    let heads = ["sweep-title", "sweep-due", "sweep-head-answered", "sweep-head-affected", "sweep-head-late", "sweep-state"].map(texts::t);
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let today = cx.core().clock.today();
    let mut rows = Vec::new();
    for Opened { row, title, .. } in store::open_all(cx, cx.db(), found).await? {
        let (counts, late) = store::counted(cx, row.id, today).await?;
        let of = |answer| counts.get(&answer).copied().unwrap_or(0);
        let answered = i64::from(row.asked) - of(Answer::Awaited);
        rows.push(Row::new(vec![
            html! { a .govuk-link .vs-break href=(at(row.id)) { (title) } },
            html! { (day(&row.due)) },
            html! { (t!("sweep-answered-of", number = answered, asked = row.asked)) },
            html! { (of(Answer::Affected)) },
            html! { (late) },
            state_tag(&row),
        ]));
    }
    let title = t!("sweep-list");
    let new = about.map_or_else(|| "/sweeps/new".to_owned(), |incident| format!("/sweeps/new?incident={incident}"));
    let may = cx.may("sweep.open", &any());
    let begin = t!("sweep-new");
    Ok(page(&visit, &title).wide().body(&html! {
        div .vs-list-head {
            h1 .govuk-heading-l { (title) }
            @if may && !rows.is_empty() { (ui::link_button(Link::new(&begin, &new), ButtonKind::Primary)) }
        }
        (ui::lead(&t!("sweep-list-lead")))
        @if let Some((incident, reference)) = &reference {
            p .govuk-body {
                (t!("sweep-list-about", reference = reference)) " "
                a .govuk-link href={ "/incidents/" (incident) } { (t!("sweep-incident-see")) } " "
                a .govuk-link href=(LIST) { (t!("sweep-list-all")) }
            }
        }
        @if rows.is_empty() { (ui::empty_state(&t!("sweep-none"), &t!("sweep-none-text"), may.then_some(Link::new(&begin, &new)))) }
        @else { (ui::table(&Table { caption: &title, caption_shown: false, columns: &columns, stack: true }, &rows)) }
        (ui::pager(WORDS, &Pager { first: first.as_deref(), previous: None, next: next.as_deref() }))
    }))
}

async fn one(visit: Visit, Path(id): Path<Uuid>) -> Page {
    draw(&visit, id, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, id: Uuid, typed: Typed<'_>) -> Page {
    let cx = &visit.cx;
    let of = seen(cx, id).await?;
    let row = &of.row;
    let thing = row.thing();
    let (counts, late) = store::counted(cx, id, cx.core().clock.today()).await?;
    let number = |answer| counts.get(&answer).copied().unwrap_or(0);
    let open = number(Answer::Awaited) + number(Answer::NotKnown);
    let list = format!("{ANSWERS}?sweep={id}");
    let body = html! {
        h1 .govuk-heading-l .vs-break { (of.title) }
        p .govuk-body { (state_tag(row)) " " (t!("sweep-due-by", day = day(&row.due))) }
        (tiles(&list, &counts, late))
        p .govuk-body { (ui::link_button(Link::new(&t!("sweep-answers-see"), &list), ButtonKind::Primary)) }
        @if cx.may("sweep.remind", &thing) && open > 0 {
            p .govuk-body { (t!("sweep-remind-text", count = open)) }
            (form(visit, &format!("{}/remind", at(id)), Some(row.version), ui::button(&t!("sweep-remind"), ButtonKind::Secondary))?)
        }
        h2 .govuk-heading-m { (t!("sweep-question")) }
        (crate::casework::pages::paragraphs(&of.question))
        (facts(cx, &of).await?)
        @if let Some(reason) = &of.reason { h2 .govuk-heading-m { (t!("sweep-ended-why")) } (crate::casework::pages::paragraphs(reason)) }
        @if cx.may("sweep.end", &thing) {
            @let inner = html! { (typed.area("reason", "sweep-end-reason", 3)) (ui::button(&t!("sweep-end"), ButtonKind::Secondary)) };
            @let inner = html! { p .govuk-body { (t!("sweep-end-text")) } (form(visit, &format!("{}/end", at(id)), Some(row.version), inner)?) };
            @if typed.errors.is_empty() { (ui::details(&t!("sweep-end"), inner)) } @else { h2 .govuk-heading-m { (t!("sweep-end")) } (inner) }
        }
        (history::drawn(cx, SWEEP, id).await?)
    };
    Ok(page(visit, &of.title).crumb(&t!("sweep-list"), LIST).errors(typed.errors).body(&body))
}

/// How many gave which answer, each leading to them.
fn tiles(list: &str, counts: &std::collections::BTreeMap<Answer, i64>, late: i64) -> Markup {
    let tile = |answer: Answer| {
        let number = counts.get(&answer).copied().unwrap_or(0);
        (number.to_string(), answer.says(), format!("{list}&answer={}", answer.code()), tone(answer, false))
    };
    let mut all: Vec<(String, String, String, Tone)> = Answer::ALL.into_iter().map(tile).collect();
    all.push((late.to_string(), t!("sweep-late"), format!("{list}&late=yes"), if late > 0 { Tone::Red } else { Tone::Grey }));
    let drawn: Vec<Tile> =
        all.iter().map(|(figure, text, href, tone)| Tile { figure, text, note: None, href: Some(href), tone: *tone }).collect();
    ui::tiles(&drawn)
}

async fn facts(cx: &Cx, of: &Opened) -> Result<Markup> {
    let (row, clock) = (&of.row, &cx.core().clock);
    let people = platform::cases::people::names(cx, [Some(row.made_by), row.ended_by].into_iter().flatten()).await?;
    let name = |id: Uuid| people.get(&id).cloned().unwrap_or_else(|| t!("timeline-somebody"));
    let mut all = vec![
        (t!("sweep-among"), html! { (among(cx, row).await?) }),
        (t!("sweep-asked"), html! { (t!("sweep-asked-number", asked = row.asked)) }),
        (t!("sweep-opened"), html! { (t!("sweep-by", name = name(row.made_by), when = clock.moment_text(row.made_at))) }),
    ];
    if let Some(incident) = row.incident {
        let reference = reference(cx, incident).await?;
        all.push((t!("sweep-because"), html! { a .govuk-link href={ "/incidents/" (incident) } { (reference) } }));
    }
    if let (Some(by), Some(when)) = (row.ended_by, row.ended_at) {
        all.push((t!("sweep-ended"), html! { (t!("sweep-by", name = name(by), when = clock.moment_text(when))) }));
    }
    let facts: Vec<Fact> = all.iter().map(|(key, value)| Fact::new(key, value.clone())).collect();
    Ok(ui::summary_list(&facts, true))
}

async fn remind(Path(id): Path<Uuid>, post: Posted) -> Page {
    seen(&post.visit.cx, id).await?;
    act::remind(&post.visit.cx, id, post.fields.version()?).await?;
    Ok(see_other(&at(id)))
}

async fn end(Path(id): Path<Uuid>, post: Posted) -> Page {
    seen(&post.visit.cx, id).await?;
    match act::end(&post.visit.cx, id, post.fields.version()?, post.fields.get("reason")).await {
        Ok(()) => Ok(see_other(&at(id))),
        Err(Error::Invalid(errors)) => draw(&post.visit, id, Typed { fields: &post.fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
