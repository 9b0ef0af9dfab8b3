//! The screens of the register of incidents that others recorded. They are the authority's alone.

pub(super) mod importing;

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use platform::api::Area;
use platform::error::FieldErrors;
use platform::register::{Ask, Drawn, Editing, Kind, Standing, find, history};
use platform::sheets::{self, List};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Field, Form, Link, Tab};
use platform::web::{Access, Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use super::act;
use super::model::{Details, INCIDENT_RECORDS, LONGEST, Run};
use super::store::{self, Model};
use crate::party;

/// The list of records, for taking out.
pub(crate) const LIST: List = List {
    code: "incident-records",
    title: "incident-record-list-title",
    path: "/incident-records",
    export: "/incident-records/export",
    access: Access::Authority,
    area: Area::Registers,
    columns: || INCIDENT_RECORDS.columns(),
    read: |cx, address| {
        Box::pin(INCIDENT_RECORDS.sheet::<store::Entity, _>(cx, address, store::visible(&cx.actor), |rows| records(cx, rows)))
    },
};

/// Those of these rows that the actor may view, as records.
async fn records(cx: &Cx, rows: Vec<Model>) -> Result<Vec<(Uuid, Value)>> {
    let names = party::store::seen_names(cx.db(), &cx.actor, rows.iter().filter_map(|row| row.party)).await?;
    let seen = rows.iter().filter(|row| cx.may("incident_record.view", *row));
    Ok(seen.map(|row| (row.id, named(row, &names))).collect())
}

/// The record as it is stored.
pub(super) fn record_of(row: &Model) -> Value {
    let codes = |stored: &str| Kind::codes(stored).map(str::to_owned).collect::<Vec<_>>();
    json!({
        "reference": row.reference,
        "victim": row.victim,
        "partners": row.partners,
        "happened": row.happened,
        "year": row.year,
        "categories": codes(&row.categories),
        "party": row.party,
        "signs": codes(&row.signs),
        "country": row.country,
        "certainty": row.certainty,
        "notified": row.notified,
        "regulator_type": row.regulator_type,
        "regulator_category": row.regulator_category,
        "records_band": row.records_band,
        "summary": row.summary,
        "published": row.published,
        "source": row.source,
        "source_id": row.source_id,
        "imported_on": row.imported_on,
    })
}

/// The record with its supplier's name in place of the id.
fn named(row: &Model, names: &BTreeMap<Uuid, String>) -> Value {
    let mut record = record_of(row);
    record["party"] = row.party.and_then(|id| names.get(&id).cloned()).into();
    record
}

/// An import that might begin.
fn blank(cx: &Cx) -> Result<Run> {
    Ok(Run { id: cx.id()? })
}

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&INCIDENT_RECORDS, &visit.path);
    let found = find::<store::Entity>(cx.db(), &INCIDENT_RECORDS, &ask, store::visible(&cx.actor)).await?;
    let all: Vec<&Model> = found.rows.iter().filter(|row| cx.may("incident_record.view", *row)).collect();
    let filtered = ask.filter("party").and_then(|id| id.parse().ok());
    let named_ids = all.iter().filter_map(|row| row.party).chain(found.picks("party")).chain(filtered);
    let names = party::store::seen_names(cx.db(), &cx.actor, named_ids).await?;
    let rows = all.iter().map(|row| INCIDENT_RECORDS.row(row.id, &named(row, &names), None)).collect();
    let import = t!("incident-record-import");
    let name_of = |_: &str, id: &str| id.parse().ok().and_then(|id: Uuid| names.get(&id).cloned());
    let drawn = Drawn {
        register: &INCIDENT_RECORDS,
        ask: &ask,
        add: cx.may("incident_import.take", &blank(cx)?).then(|| Link::new(&import, "/incident-records/import")),
        more: &[],
        named: &name_of,
        foot: sheets::button(&visit, &LIST),
    };
    Ok(visit.page(&INCIDENT_RECORDS.says("list-title")).active(INCIDENT_RECORDS.path).wide().body(&drawn.draw(&found, rows)))
}

/// The record `id`, for whoever may view it.
async fn viewed(visit: &Visit, id: Uuid) -> Result<Model> {
    let row = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("incident_record.view", &row)?;
    Ok(row)
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let cx = &visit.cx;
    let row = viewed(&visit, id).await?;
    let names = party::store::seen_names(cx.db(), &cx.actor, row.party).await?;
    let facts = INCIDENT_RECORDS.facts(&named(&row, &names), &["reference", "victim", "year", "summary"]);
    let told = html! {
        p .govuk-body { (t!("incident-record-history")) }
        (history(cx, &INCIDENT_RECORDS, id).await?)
    };
    let (facts_title, history_title) = (t!("register-facts"), t!("register-timeline"));
    let tabs = [Tab { id: "facts", title: &facts_title, content: facts }, Tab { id: "history", title: &history_title, content: told }];
    let title = INCIDENT_RECORDS.says("list-title");
    let name = heading(&row);
    let remove = t!("incident-record-remove");
    Ok(visit.page(&name).active(INCIDENT_RECORDS.path).crumb(&title, INCIDENT_RECORDS.path).wide().body(&html! {
        (INCIDENT_RECORDS.head(id, &name, cx.may("incident_record.change", &row)))
        p .govuk-body { strong { (row.reference) } ". " (t!("incident-record-about")) }
        @match &row.summary {
            Some(summary) => p .govuk-body .vs-lines { (summary) },
            None => (ui::inset(html! { (t!("incident-record-no-summary")) })),
        }
        (ui::tabs(&|id| texts::t(id), &tabs))
        (out(&visit, &row))
        @if cx.may("incident_record.remove", &row) {
            p .govuk-body { a .govuk-link href={ (INCIDENT_RECORDS.path) "/" (id) "/remove" } { (remove) } }
        }
    }))
}

/// What its page is called: whom it happened to.
fn heading(row: &Model) -> String {
    row.victim.clone().unwrap_or_else(|| t!("incident-record-unnamed", reference = &row.reference))
}

/// The form that gives it in VERIS.
fn out(visit: &Visit, row: &Model) -> Markup {
    if !visit.cx.may("incident_record.take_out", row) {
        return html! {};
    }
    let action = format!("{}/{}/veris", INCIDENT_RECORDS.path, row.id);
    let form = Form { action: &action, csrf: &visit.csrf, ..Form::default() };
    ui::details(
        &t!("incident-veris"),
        html! {
            p .govuk-body { (t!("incident-record-veris-about")) }
            (ui::form(&|id| texts::t(id), &form, ui::button(&t!("incident-veris-go"), ButtonKind::Secondary)))
        },
    )
}

pub(super) async fn veris(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    Ok(act::take_out(&posted.visit.cx, id).await?.into_response())
}

async fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str) -> Result<Editing<'a>> {
    let picks = party::pages::picks(&visit.cx).await?;
    Ok(Editing { register: &INCIDENT_RECORDS, visit, title, action, picks, base: json!({}) })
}

/// The record as it stands, for whoever may change it, with the title and address of its form.
async fn changing(visit: &Visit, id: Uuid) -> Result<(Standing, String, String)> {
    let row = viewed(visit, id).await?;
    visit.cx.permit("incident_record.change", &row)?;
    let title = t!("incident-record-change", name = heading(&row));
    Ok(((to_value(row.details())?, row.version), title, format!("{}/{id}/change", INCIDENT_RECORDS.path)))
}

pub(super) async fn change_form(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let (standing, title, action) = changing(&visit, id).await?;
    editing(&visit, &title, &action).await?.filled(&standing)
}

pub(super) async fn change(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let (_, title, action) = changing(visit, id).await?;
    let write = async |details: Details, version| act::change(&visit.cx, id, version, &details).await;
    let now = async || Ok(changing(visit, id).await?.0);
    editing(visit, &title, &action).await?.change(&posted.fields, write, now).await
}

pub(super) async fn remove_form(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let row = removable(&visit, id).await?;
    removing(&visit, &row, &Fields::default(), &FieldErrors::default())
}

async fn removable(visit: &Visit, id: Uuid) -> Result<Model> {
    let row = viewed(visit, id).await?;
    visit.cx.permit("incident_record.remove", &row)?;
    Ok(row)
}

fn removing(visit: &Visit, row: &Model, typed: &Fields, errors: &FieldErrors) -> Answer {
    let title = t!("incident-record-remove-title", name = heading(row));
    let (once, version) = (visit.once()?, row.version.to_string());
    let here = format!("{}/{}", INCIDENT_RECORDS.path, row.id);
    let action = format!("{here}/remove");
    let form = Form { action: &action, csrf: &visit.csrf, once: Some(&once), version: Some(&version), ..Form::default() };
    let words: ui::Words = &|id| texts::t(id);
    let (label, error, cancel) = (t!("incident-record-remove-why"), errors.get("reason").map(Text::say), t!("register-cancel"));
    let field = Field::new("reason", &label).error(error.as_deref());
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("incident-record-remove-about")) }
        (ui::form(words, &form, html! {
            (ui::textarea(words, &field, typed.get("reason"), 3, u32::try_from(LONGEST).ok()))
            (ui::button_group(html! {
                (ui::button(&t!("incident-record-remove"), ButtonKind::Warning))
                a .govuk-link href=(here) { (cancel) }
            }))
        }))
    };
    let list = INCIDENT_RECORDS.says("list-title");
    Ok(visit.page(&title).active(INCIDENT_RECORDS.path).crumb(&list, INCIDENT_RECORDS.path).errors(errors).body(&body))
}

pub(super) async fn remove(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let (visit, fields) = (&posted.visit, &posted.fields);
    let row = removable(visit, id).await?;
    match act::remove(&visit.cx, id, fields.version()?, fields.get("reason")).await {
        Ok(()) => Ok(see_other(INCIDENT_RECORDS.path)),
        Err(Error::Invalid(errors)) => removing(visit, &row, fields, &errors),
        Err(other) => Err(other),
    }
}
