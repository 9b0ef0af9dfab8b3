//! The screens of data-protection terms: kept by the authority, read by the chain of the contract.

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
use super::model::{DATA_PROTECTION, Details};
use super::store::{self, Model, Terms};
use crate::contract;
use crate::measure;

/// The list of data-protection terms, for taking out.
pub(crate) const LIST: List = List {
    code: "data-protection",
    title: "data-protection-list-title",
    path: "/data-protection",
    export: "/data-protection/export",
    access: Access::SignedIn,
    area: Area::Registers,
    columns: || DATA_PROTECTION.columns(),
    read: |cx, address| {
        Box::pin(DATA_PROTECTION.sheet::<store::Entity, _>(cx, address, store::visible(&cx.actor), |rows| records(cx, rows)))
    },
};

/// Those of these rows that the actor may view, as records.
async fn records(cx: &Cx, rows: Vec<Model>) -> Result<Vec<(Uuid, Value)>> {
    let titles = contract::store::titles(cx.db(), rows.iter().map(|row| row.contract)).await?;
    let all = store::with_sight(cx.db(), rows).await?;
    all.iter().filter(|of| cx.may("data_protection.view", *of)).map(|of| Ok((of.row.id, named(of, &titles)?))).collect()
}

/// The record with its contract's title in place of the id.
fn named(of: &Terms, titles: &BTreeMap<Uuid, String>) -> Result<Value> {
    let mut record = of.record()?;
    record["contract"] = titles.get(&of.row.contract).cloned().into();
    Ok(record)
}

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&DATA_PROTECTION, &visit.path);
    let found = find::<store::Entity>(cx.db(), &DATA_PROTECTION, &ask, store::visible(&cx.actor)).await?;
    let all = store::with_sight(cx.db(), found.rows.clone()).await?;
    let all: Vec<&Terms> = all.iter().filter(|of| cx.may("data_protection.view", *of)).collect();
    let filtered = ask.filter("contract").and_then(|id| id.parse().ok());
    let ids = all.iter().map(|of| of.row.contract).chain(found.picks("contract")).chain(filtered);
    let titles = contract::store::seen_titles(cx, ids).await?;
    let rows = all.iter().map(|of| Ok(DATA_PROTECTION.row(of.row.id, &named(of, &titles)?, None))).collect::<Result<_>>()?;
    let add = t!("data-protection-add");
    let href = filtered.map_or_else(|| "/data-protection/add".to_owned(), |id| format!("/data-protection/add?contract={id}"));
    let name_of = |_: &str, id: &str| id.parse().ok().and_then(|id: Uuid| titles.get(&id).cloned());
    let drawn = Drawn {
        register: &DATA_PROTECTION,
        ask: &ask,
        add: cx.may("data_protection.add", &blank(cx)?).then(|| Link::new(&add, &href)),
        more: &[],
        named: &name_of,
        foot: sheets::button(&visit, &LIST),
    };
    Ok(visit.page(&DATA_PROTECTION.says("list-title")).active(DATA_PROTECTION.path).wide().body(&drawn.draw(&found, rows)))
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let cx = &visit.cx;
    let of = store::get(cx.db(), id).await?;
    cx.permit("data_protection.view", &of)?;
    let titles = contract::store::titles(cx.db(), [of.row.contract]).await?;
    let facts = html! {
        @if of.row.review_on < cx.core().clock.today().to_string() { p .govuk-body { (ui::tag(&t!("data-protection-review-late"), ui::Tone::Red)) } }
        p .govuk-body { (t!("data-protection-version", version = of.row.version, date = cx.core().clock.day_text(of.row.set_at))) }
        (DATA_PROTECTION.facts(&named(&of, &titles)?, &[]))
    };
    let titles_of = ["register-facts", "measure-list-title", "data-protection-versions", "register-timeline"].map(texts::t);
    let mut tabs = vec![
        Tab { id: "facts", title: &titles_of[0], content: facts },
        Tab { id: "measures", title: &titles_of[1], content: measure::pages::panel(cx, of.row.contract).await? },
        Tab { id: "versions", title: &titles_of[2], content: earlier(cx, &of).await? },
    ];
    if cx.actor.is_authority() {
        tabs.push(Tab { id: "history", title: &titles_of[3], content: history(cx, &DATA_PROTECTION, id).await? });
    }
    let title = titles.get(&of.row.contract).cloned().unwrap_or_default();
    let heading = t!("data-protection-of", contract = &title);
    let page = visit.page(&heading).active(DATA_PROTECTION.path).crumb(&DATA_PROTECTION.says("list-title"), DATA_PROTECTION.path).wide();
    Ok(page.body(&html! {
        (DATA_PROTECTION.head(id, &heading, cx.may("data_protection.change", &of)))
        p .govuk-body { a .govuk-link href={ "/contracts/" (of.row.contract) } { (title) } " · " a .govuk-link href={ "/subprocessors?contract=" (of.row.contract) } { (t!("nav-subprocessors")) } }
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

/// The earlier versions, each to be opened.
async fn earlier(cx: &Cx, of: &Terms) -> Result<Markup> {
    let all = store::versions(cx.db(), of.row.id).await?;
    let all: Vec<_> = all.into_iter().filter(|one| one.version != of.row.version).collect();
    let mut drawn = Vec::new();
    for one in &all {
        let title = t!("data-protection-version", version = one.version, date = cx.core().clock.day_text(one.set_at));
        let record: Value = serde_json::from_str(&one.details)?;
        drawn.push(ui::details(&title, DATA_PROTECTION.facts(&record, &["contract"])));
    }
    Ok(html! {
        @if drawn.is_empty() { p .govuk-body { (t!("data-protection-versions-none")) } }
        @for one in &drawn { (one) }
    })
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
pub(super) fn blank(cx: &Cx) -> Result<Terms> {
    Terms::new(cx.id()?, Uuid::nil(), &Details::of("", cx.core().clock.today()), (String::new(), 0))
}

/// The contracts that may be picked, by title.
pub(super) async fn picks(cx: &Cx) -> Result<Picks> {
    contract::pages::picks_of_contracts(cx).await
}

async fn adding<'a>(visit: &'a Visit, title: &'a str) -> Result<Editing<'a>> {
    let picks = picks(&visit.cx).await?;
    Ok(Editing { register: &DATA_PROTECTION, visit, title, action: "/data-protection/add", picks, base: json!({}) })
}

pub(super) async fn add_form(visit: Visit) -> Answer {
    visit.cx.permit("data_protection.add", &blank(&visit.cx)?)?;
    let contract = Ask::read(&DATA_PROTECTION, &visit.path).filter("contract").map(str::to_owned);
    adding(&visit, &t!("data-protection-add")).await?.begun(&json!({ "contract": contract }))
}

pub(super) async fn add(posted: Posted) -> Answer {
    let visit = &posted.visit;
    visit.cx.permit("data_protection.add", &blank(&visit.cx)?)?;
    let write = async |new: New| act::add(&visit.cx, new.contract, &new.details).await;
    adding(visit, &t!("data-protection-add")).await?.add(&posted.fields, write).await
}

/// The record as it stands, for whoever may change it, with the title and address of its form.
async fn changing(visit: &Visit, id: Uuid) -> Result<(Standing, String, String)> {
    let of = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("data_protection.change", &of)?;
    let title = t!("data-protection-change", name = &of.row.terms_at);
    Ok(((to_value(of.row.details()?)?, of.row.version), title, format!("/data-protection/{id}/change")))
}

fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str) -> Editing<'a> {
    Editing { register: &DATA_PROTECTION, visit, title, action, picks: Picks::new(), base: json!({}) }
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
