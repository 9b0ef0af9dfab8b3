//! The screens of measures: kept by the authority, read by the chain of the contract.

use std::collections::BTreeMap;

use axum::extract::Path;
use maud::{Markup, html};
use platform::api::Area;
use platform::register::{Ask, Drawn, Editing, Picks, Standing, find, history};
use platform::sheets::{self, List};
use platform::ui::{self, Link, Tab};
use platform::web::{Access, Answer, Posted, Visit};
use platform::{Cx, Result, t, texts};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use super::act;
use super::model::{Details, MEASURES};
use super::store::{self, Measure, Model};
use crate::contract;

/// The list of measures, for taking out.
pub(crate) const LIST: List = List {
    code: "measures",
    title: "measure-list-title",
    path: "/measures",
    export: "/measures/export",
    access: Access::SignedIn,
    area: Area::Registers,
    columns: || MEASURES.columns(),
    read: |cx, address| Box::pin(MEASURES.sheet::<store::Entity, _>(cx, address, store::visible(&cx.actor), |rows| records(cx, rows))),
};

/// Those of these rows that the actor may view, as records.
async fn records(cx: &Cx, rows: Vec<Model>) -> Result<Vec<(Uuid, Value)>> {
    let titles = contract::store::titles(cx.db(), rows.iter().map(|row| row.contract)).await?;
    let all = store::with_sight(cx.db(), rows).await?;
    all.iter().filter(|of| cx.may("measure.view", *of)).map(|of| Ok((of.row.id, named(of, &titles)?))).collect()
}

/// The record with its contract's title in place of the id.
fn named(of: &Measure, titles: &BTreeMap<Uuid, String>) -> Result<Value> {
    let mut record = of.record()?;
    record["contract"] = titles.get(&of.row.contract).cloned().into();
    Ok(record)
}

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&MEASURES, &visit.path);
    let found = find::<store::Entity>(cx.db(), &MEASURES, &ask, store::visible(&cx.actor)).await?;
    let all = store::with_sight(cx.db(), found.rows.clone()).await?;
    let all: Vec<&Measure> = all.iter().filter(|of| cx.may("measure.view", *of)).collect();
    let filtered = ask.filter("contract").and_then(|id| id.parse().ok());
    let ids = all.iter().map(|of| of.row.contract).chain(found.picks("contract")).chain(filtered);
    let titles = contract::store::seen_titles(cx, ids).await?;
    let rows = all.iter().map(|of| Ok(MEASURES.row(of.row.id, &named(of, &titles)?, None))).collect::<Result<_>>()?;
    let add = t!("measure-add");
    let href = filtered.map_or_else(|| "/measures/add".to_owned(), |id| format!("/measures/add?contract={id}"));
    let name_of = |_: &str, id: &str| id.parse().ok().and_then(|id: Uuid| titles.get(&id).cloned());
    let drawn = Drawn {
        register: &MEASURES,
        ask: &ask,
        add: cx.may("measure.add", &blank(cx)?).then(|| Link::new(&add, &href)),
        more: &[],
        named: &name_of,
        foot: sheets::button(&visit, &LIST),
    };
    Ok(visit.page(&MEASURES.says("list-title")).active(MEASURES.path).wide().body(&drawn.draw(&found, rows)))
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let cx = &visit.cx;
    let of = store::get(cx.db(), id).await?;
    cx.permit("measure.view", &of)?;
    let titles = contract::store::titles(cx.db(), [of.row.contract]).await?;
    let facts = html! {
        @if of.row.review_on < cx.core().clock.today().to_string() && of.row.state != "ended" {
            p .govuk-body { (ui::tag(&t!("measure-review-late"), ui::Tone::Red)) }
        }
        (MEASURES.facts(&named(&of, &titles)?, &["title"]))
    };
    let files = platform::files::panel(&visit, "measure", &id.to_string(), None).await?;
    let (facts_title, files_title, history_title) = (t!("register-facts"), t!("measure-evidence"), t!("register-timeline"));
    let mut tabs = vec![Tab { id: "facts", title: &facts_title, content: facts }, Tab { id: "files", title: &files_title, content: files }];
    if cx.actor.is_authority() {
        tabs.push(Tab { id: "history", title: &history_title, content: history(cx, &MEASURES, id).await? });
    }
    let page = visit.page(&of.row.title).active(MEASURES.path).crumb(&MEASURES.says("list-title"), MEASURES.path).wide();
    Ok(page.body(&html! {
        (MEASURES.head(id, &of.row.title, cx.may("measure.change", &of)))
        p .govuk-body { a .govuk-link href={ "/contracts/" (of.row.contract) } { (titles.get(&of.row.contract).map_or("", String::as_str)) } }
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

/// A new one as its form has it: under which contract, is settled once and for all.
#[derive(Debug, Deserialize, Serialize)]
pub struct New {
    /// The contract.
    pub contract: Uuid,
    /// What is entered.
    #[serde(flatten)]
    pub details: Details,
}

/// One that the actor might enter.
pub(super) fn blank(cx: &Cx) -> Result<Measure> {
    Measure::new(cx.id()?, Uuid::nil(), &Details::of("", cx.core().clock.today()), (String::new(), 0))
}

/// The contracts that may be picked, by title.
pub(super) async fn picks(cx: &Cx) -> Result<Picks> {
    contract::pages::picks_of_contracts(cx).await
}

async fn adding<'a>(visit: &'a Visit, title: &'a str) -> Result<Editing<'a>> {
    let picks = picks(&visit.cx).await?;
    Ok(Editing { register: &MEASURES, visit, title, action: "/measures/add", picks, base: json!({}) })
}

pub(super) async fn add_form(visit: Visit) -> Answer {
    visit.cx.permit("measure.add", &blank(&visit.cx)?)?;
    let contract = Ask::read(&MEASURES, &visit.path).filter("contract").map(str::to_owned);
    adding(&visit, &t!("measure-add")).await?.begun(&json!({ "contract": contract }))
}

pub(super) async fn add(posted: Posted) -> Answer {
    let visit = &posted.visit;
    visit.cx.permit("measure.add", &blank(&visit.cx)?)?;
    let write = async |new: New| act::add(&visit.cx, new.contract, &new.details).await;
    adding(visit, &t!("measure-add")).await?.add(&posted.fields, write).await
}

/// The record as it stands, for whoever may change it, with the title and address of its form.
async fn changing(visit: &Visit, id: Uuid) -> Result<(Standing, String, String)> {
    let of = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("measure.change", &of)?;
    let title = t!("measure-change", name = &of.row.title);
    Ok(((to_value(of.row.details()?)?, of.row.version), title, format!("/measures/{id}/change")))
}

fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str) -> Editing<'a> {
    Editing { register: &MEASURES, visit, title, action, picks: Picks::new(), base: json!({}) }
}

pub(super) async fn change_form(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let (standing, title, action) = changing(&visit, id).await?;
    editing(&visit, &title, &action).filled(&standing)
}

pub(super) async fn change(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let (_, title, action) = changing(visit, id).await?;
    let write = async |details: Details, version| act::change(&visit.cx, id, version, &details).await;
    let now = async || Ok(changing(visit, id).await?.0);
    editing(visit, &title, &action).change(&posted.fields, write, now).await
}

/// The measures under a contract, where its terms are read.
///
/// # Errors
/// When the database fails.
pub async fn panel(cx: &Cx, contract: Uuid) -> Result<Markup> {
    let all = store::on_contract(cx.db(), &cx.actor, contract).await?;
    let day = |text: &str| text.parse().map_or_else(|_| text.to_owned(), platform::clock::day_text);
    let says = |row: &Model| {
        t!(
            "measure-line",
            kind = MEASURES.code_says("kind", &row.kind),
            state = MEASURES.code_says("state", &row.state),
            date = day(&row.review_on)
        )
    };
    Ok(html! {
        @if all.is_empty() { p .govuk-body { (t!("measure-panel-none")) } }
        @else {
            ul .govuk-list .govuk-list--bullet {
                @for row in &all { li { a .govuk-link href={ "/measures/" (row.id) } { (row.title) } br; span .govuk-hint { (says(row)) } } }
            }
        }
        @if cx.may("measure.add", &blank(cx)?) {
            p .govuk-body { a .govuk-link href={ "/measures/add?contract=" (contract) } { (t!("measure-add")) } }
        }
    })
}
