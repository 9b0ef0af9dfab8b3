//! The ledger's pages and the list of failed jobs.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use maud::{Markup, html};
use platform::api::Area;
use platform::book::entry;
use platform::checkpoint;
use platform::jobs::{self, row as job};
use platform::sheets::{self, Cell, Column as Of, Kind, List, Page};
use platform::ui::{self, Column, FilterGroup, FilterLink, Form, Link, Pager, Row, Table};
use platform::web::{Access, Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t};

use super::store::{self, Filter, PAGE};
use super::{act, system};

const WORDS: ui::Words = &|id| platform::texts::t(id);
/// Checkpoints shown.
const CHECKPOINTS: u64 = 5;

/// The ledger's open part, for taking out: entries and refusals.
pub(crate) const LIST: List = List {
    code: "ledger",
    title: "ledger-title",
    path: "/ledger",
    export: "/ledger/export",
    access: Access::Authority,
    area: Area::Administration,
    columns,
    read: |cx, address| Box::pin(sheet(cx, address)),
};

fn columns() -> Vec<Of> {
    let of = Of::of;
    vec![
        of("entry", "ledger-entry", Kind::Number),
        of("at", "ledger-when", Kind::Moment),
        of("name", "ledger-actor", Kind::Text),
        of("actor", "list-id", Kind::Text),
        of("membership", "list-membership", Kind::Text),
        of("action", "ledger-action", Kind::Text),
        of("thing", "ledger-thing", Kind::Text),
        of("about", "ledger-about", Kind::Text),
    ]
}

async fn sheet(cx: &Cx, address: &str) -> Result<Page> {
    cx.permit("system.ledger", &system())?;
    let filter = read_filter(&Fields::of_address(address)?)?;
    let mut rows = store::entries(cx.db(), &filter).await?;
    let more = u64::try_from(rows.len()).unwrap_or(0) > PAGE;
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let names = store::names(cx, &rows).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let open = ledger::Entry::from_bytes(&row.bytes).map_err(Error::internal)?;
        let about: Vec<String> = open.about.iter().map(|(k, v)| format!("{}: {}", k.as_str(), v.as_str())).collect();
        lines.push(vec![
            Cell::Number(row.idx),
            Cell::Moment(open.at_ms),
            Cell::text(names.get(open.actor.id.as_str()).cloned()),
            Cell::Text(format!("{}:{}", open.actor.kind.as_str(), open.actor.id.as_str())),
            Cell::text(open.actor.membership.as_ref().map(ledger::Id::as_str)),
            Cell::Text(open.action.as_str().to_owned()),
            Cell::Text(format!("{}:{}", open.subject.kind.as_str(), open.subject.id.as_str())),
            Cell::Text(about.join(", ")),
        ]);
    }
    let next = rows.last().filter(|_| more).map(|last| address_of(&filter, last.idx));
    Ok(Page { rows: lines, next })
}

fn address_of(filter: &Filter, before: i64) -> String {
    address(&Filter { before: Some(before), ..filter.clone() })
}

/// The latest entries, narrowed as the address says, and the latest checkpoints.
pub(super) async fn ledger(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    visit.cx.permit("system.ledger", &system())?;
    let filter = read_filter(&Fields::read(query.unwrap_or_default().as_bytes())?)?;
    let mut rows = store::entries(visit.cx.db(), &filter).await?;
    let more = u64::try_from(rows.len()).unwrap_or(0) > PAGE;
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let names = store::names(&visit.cx, &rows).await?;
    let checkpoints = checkpoint::list(visit.cx.db(), CHECKPOINTS).await?;
    let next = rows.last().filter(|_| more).map(|last| address_of(&filter, last.idx));
    let first = filter.before.map(|_| address(&Filter { before: None, ..filter.clone() }));
    let pager = Pager { first: first.as_deref(), previous: None, next: next.as_deref() };
    Ok(visit.page(&t!("ledger-title")).active("/ledger").wide().body(&html! {
        h1 .govuk-heading-l { (t!("ledger-title")) }
        (ui::lead(&t!("ledger-lead")))
        (filters(&filter))
        @if rows.is_empty() { p .govuk-body { (t!("ledger-none")) } } @else { (entries(&visit, &rows, &names, &filter)?) }
        (ui::pager(WORDS, &pager))
        @if !rows.is_empty() { (sheets::button(&visit, &LIST)) }
        (signed(&visit, &checkpoints))
    }))
}

fn read_filter(fields: &Fields) -> Result<Filter> {
    let before = match fields.some("before") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| Error::bad_request("ledger-bad-filter"))?),
    };
    Ok(Filter { action: fields.some("action").map(str::to_owned), actor: actor(fields.some("actor"))?, before, ..Filter::default() })
}

/// An actor as a filter names it: kind and id.
pub(super) fn actor(text: Option<&str>) -> Result<Option<(String, String)>> {
    let Some(text) = text else { return Ok(None) };
    let (kind, id) = text.split_once(':').ok_or_else(|| Error::bad_request("ledger-bad-filter"))?;
    Ok(Some((kind.to_owned(), id.to_owned())))
}

fn address(filter: &Filter) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(action) = &filter.action {
        query.append_pair("action", action);
    }
    if let Some((kind, id)) = &filter.actor {
        query.append_pair("actor", &format!("{kind}:{id}"));
    }
    if let Some(before) = filter.before {
        query.append_pair("before", &before.to_string());
    }
    let query = query.finish();
    if query.is_empty() { "/ledger".to_owned() } else { format!("/ledger?{query}") }
}

fn filters(filter: &Filter) -> Markup {
    let all = Filter::default();
    let refused = Filter { action: Some("refused".to_owned()), ..Filter::default() };
    let exports = Filter { action: Some("system.export".to_owned()), ..Filter::default() };
    let places = [(t!("ledger-all"), all), (t!("ledger-refusals"), refused), (t!("ledger-exports"), exports)];
    let mut links: Vec<(String, String, bool)> = places
        .into_iter()
        .map(|(text, place)| {
            let on = place.action == filter.action && place.actor == filter.actor;
            (text, address(&place), on)
        })
        .collect();
    if !links.iter().any(|(_, _, on)| *on) {
        let what = [filter.action.clone(), filter.actor.as_ref().map(|(kind, id)| format!("{kind} {id}"))];
        let what = what.into_iter().flatten().collect::<Vec<_>>().join(", ");
        links.push((t!("ledger-only", what = what), address(&Filter { before: None, ..filter.clone() }), true));
    }
    let links: Vec<FilterLink> =
        links.iter().map(|(text, href, on)| FilterLink { link: Link::new(text, href), count: None, on: *on }).collect();
    ui::filters(WORDS, &[FilterGroup { title: &t!("ledger-show"), links: &links }])
}

fn entries(visit: &Visit, rows: &[entry::Model], names: &BTreeMap<String, String>, filter: &Filter) -> Result<Markup> {
    let texts = ["ledger-entry", "ledger-when", "ledger-actor", "ledger-action", "ledger-thing", "ledger-about"].map(|id| t!(id));
    let [entry, when, actor, action, thing, about] = &texts;
    let columns =
        [Column::number(entry), Column::new(when), Column::new(actor), Column::new(action), Column::new(thing), Column::new(about)];
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        // What is shown is what was hashed, not the columns beside it.
        let open = ledger::Entry::from_bytes(&row.bytes).map_err(Error::internal)?;
        let (who, done) = (open.actor.id.as_str(), open.action.as_str());
        let actor = (open.actor.kind.as_str().to_owned(), who.to_owned());
        let actor = Filter { actor: Some(actor), before: None, ..filter.clone() };
        let action = Filter { action: Some(done.to_owned()), before: None, ..filter.clone() };
        let name = names.get(who).map_or(who, String::as_str);
        let about: Vec<String> = open.about.iter().map(|(k, v)| format!("{}: {}", k.as_str(), v.as_str())).collect();
        lines.push(Row::new(vec![
            html! { (row.idx) },
            html! { (visit.core().clock.moment_text(open.at_ms)) },
            html! { a .govuk-link href=(address(&actor)) { (name) } },
            html! { a .govuk-link href=(address(&action)) { (done) } },
            html! { (open.subject.kind.as_str()) " " (open.subject.id.as_str()) },
            html! { (about.join(", ")) },
        ]));
    }
    let caption = t!("ledger-caption");
    Ok(ui::table(&Table { caption: &caption, caption_shown: false, columns: &columns, stack: true }, &lines))
}

/// The latest checkpoints, the key, and how to verify.
fn signed(visit: &Visit, checkpoints: &[checkpoint::row::Model]) -> Markup {
    let core = visit.core();
    let key = core.ledger_key.public();
    let (size, when, sent) = (t!("ledger-size"), t!("ledger-signed"), t!("ledger-sent"));
    let columns = [Column::number(&size), Column::new(&when), Column::new(&sent)];
    let lines: Vec<Row> = checkpoints
        .iter()
        .map(|c| {
            let sent = c.sent_at.map_or_else(|| t!("ledger-not-sent"), |at| core.clock.moment_text(at));
            Row::new(vec![html! { (c.size) }, html! { (core.clock.moment_text(c.at)) }, html! { (sent) }])
        })
        .collect();
    let caption = t!("ledger-checkpoints");
    html! {
        h2 .govuk-heading-m { (caption) }
        @if lines.is_empty() { p .govuk-body { (t!("ledger-no-checkpoints")) } }
        @else { (ui::table(&Table { caption: &caption, caption_shown: false, columns: &columns, stack: true }, &lines)) }
        h2 .govuk-heading-m { (t!("ledger-verify")) }
        p .govuk-body { (t!("ledger-verify-how")) }
        (ui::summary_list(&[
            ui::Fact::text(&t!("ledger-fingerprint"), &key.fingerprint()),
            ui::Fact::text(&t!("ledger-key"), key.as_str()),
        ], true))
        (ui::inset(html! { code { "vouchsafe ledger export DIR" } br; code { "ledger-verify DIR --key KEY --after CHECKPOINT" } }))
    }
}

/// Jobs that failed for good.
pub(super) async fn jobs(visit: Visit) -> Answer {
    visit.cx.permit("system.jobs", &system())?;
    let dead = store::dead_jobs(visit.cx.db()).await?;
    let may = visit.cx.may("system.retry", &system());
    let texts = ["jobs-kind", "jobs-for", "jobs-failed", "jobs-error", "jobs-retry"].map(|id| t!(id));
    let [kind, to, failed, error, retry] = &texts;
    let columns =
        [Column::new(kind), Column::new(to), Column::new(failed), Column::new(error), Column { quiet: true, ..Column::new(retry) }];
    let carried = jobs::payloads(visit.core(), &dead).await?;
    let mut lines = Vec::with_capacity(dead.len());
    for (job, payload) in dead.iter().zip(&carried) {
        let to = payload["to"].as_str().unwrap_or_default();
        let when = job.ended_at.map(|at| visit.core().clock.moment_text(at)).unwrap_or_default();
        lines.push(Row::new(vec![
            html! { (job.kind) },
            html! { (to) },
            html! { (when) " " (t!("jobs-tries", count = job.tries)) },
            html! { (job.error.as_deref().unwrap_or_default()) },
            html! { @if may { (retry_form(&visit, job, to)?) } },
        ]));
    }
    let caption = t!("jobs-title");
    Ok(visit.page(&caption).active("/admin/jobs").wide().body(&html! {
        h1 .govuk-heading-l { (caption) }
        (ui::lead(&t!("jobs-lead")))
        @if lines.is_empty() { p .govuk-body { (t!("jobs-none")) } }
        @else { (ui::table(&Table { caption: &caption, caption_shown: false, columns: &columns, stack: true }, &lines)) }
    }))
}

fn retry_form(visit: &Visit, job: &job::Model, to: &str) -> Result<Markup> {
    let (once, id) = (visit.once()?, job.id.to_string());
    let form = Form { action: "/admin/jobs/retry", csrf: &visit.csrf, once: Some(&once), ..Form::default() };
    let button = ui::named_button(&t!("jobs-retry"), ui::ButtonKind::Secondary, "job", &id, Some(to));
    Ok(ui::form(WORDS, &form, button))
}

/// Tries a job again.
pub(super) async fn retry(Posted { visit, fields }: Posted) -> Answer {
    let id = fields.get("job").parse().map_err(|_| Error::NotFound)?;
    act::retry(&visit.cx, id).await?;
    Ok(see_other("/admin/jobs"))
}
