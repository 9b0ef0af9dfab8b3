//! The screens of weaknesses: the register and its records, and the page of an incident that lists those which it showed.

mod of_incident;
mod record;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use maud::Markup;
use platform::api::Area;
use platform::authz::Side;
use platform::cases::tasks::{self, Task};
use platform::register::{Ask, Drawn, Editing, Picks, Standing, find};
use platform::sheets::{self, List};
use platform::ui::{self, Link, Tone};
use platform::web::{Access, Answer, Posted, Routes, Visit};
use platform::{Cx, Result, t};
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use super::act;
use super::model::{Details, WEAKNESSES};
use super::store::{self, Weakness};
use crate::casework::typed::id_of;
use crate::incident::model::Incident;
use crate::{contract, party};

pub(crate) use of_incident::brief;

/// So many contracts are offered.
const CONTRACTS: u64 = 200;

/// The routes.
pub(in crate::incident) fn routes() -> Routes {
    Routes::new()
        .get("/weaknesses", Access::SignedIn, list)
        .get("/weaknesses/add", Access::Authority, add_form)
        .post("/weaknesses/add", Access::Authority, add)
        .get("/weaknesses/{id}", Access::SignedIn, record::show)
        .get("/weaknesses/{id}/change", Access::Authority, change_form)
        .post("/weaknesses/{id}/change", Access::Authority, change)
        .post("/weaknesses/{id}/incidents", Access::Authority, record::tie)
        .post("/weaknesses/{id}/untie", Access::Authority, record::untie)
        .post("/weaknesses/{id}/tasks", Access::Authority, record::order)
        .get("/weaknesses/{id}/resolve", Access::Authority, steps::ask_resolve)
        .post("/weaknesses/{id}/resolve", Access::Authority, steps::resolve)
        .get("/weaknesses/{id}/reopen", Access::Authority, steps::ask_reopen)
        .post("/weaknesses/{id}/reopen", Access::Authority, steps::reopen)
        .get("/incidents/{id}/weaknesses", Access::SignedIn, of_incident::show)
        .post("/incidents/{id}/weaknesses", Access::Authority, of_incident::tie)
}

/// The list of weaknesses, for taking out.
pub(crate) const LIST: List = List {
    code: "weaknesses",
    title: "weakness-list-title",
    path: "/weaknesses",
    export: "/weaknesses/export",
    access: Access::SignedIn,
    area: Area::Registers,
    columns: || WEAKNESSES.columns(),
    read: |cx, address| Box::pin(WEAKNESSES.sheet::<store::Entity, _>(cx, address, store::visible(&cx.actor), |rows| records(cx, rows))),
};

/// Those of these rows that the actor may view, as records.
async fn records(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<(Uuid, Value)>> {
    let all = store::opened(cx, cx.db(), rows).await?;
    let all: Vec<Weakness> = all.into_iter().filter(|of| cx.may("weakness.view", of)).collect();
    let named = named(cx, &all).await?;
    Ok(all.iter().map(|of| of.row.id).zip(named).collect())
}

/// A weakness as it is stored.
pub(super) fn record_of(of: &Weakness) -> Result<Value> {
    let mut record = to_value(of.details())?;
    for (name, value) in [
        ("state", json!(of.row.state)),
        ("noted_on", json!(of.row.noted_on)),
        ("resolved_on", json!(of.row.resolved_on)),
        ("resolution", json!(of.said.resolution)),
    ] {
        record[name] = value;
    }
    Ok(record)
}

/// Whether whose a weakness is, and under which contract it lies, is kept from the actor: another supplier's.
pub(super) fn keeps_whose(cx: &Cx, of: &Weakness) -> bool {
    !cx.actor.is_authority() && cx.actor.account().is_none_or(|by| of.row.party != Some(by.party))
}

/// The records with the names of supplier and contract in place of their ids, as far as the actor may know them.
async fn named(cx: &Cx, all: &[Weakness]) -> Result<Vec<Value>> {
    let shown = || all.iter().filter(|of| !keeps_whose(cx, of));
    let names = party::store::seen_names(cx.db(), &cx.actor, shown().filter_map(|of| of.row.party)).await?;
    let contracts: BTreeSet<Uuid> = shown().filter_map(|of| of.row.contract).collect();
    let mut titles: BTreeMap<Uuid, String> = contract::store::titles(cx.db(), contracts).await?;
    if !cx.actor.is_authority() {
        let seen = contract::store::seen(cx.db(), &cx.actor, None, CONTRACTS).await?;
        titles.retain(|id, _| seen.iter().any(|contract| contract.row.id == *id));
    }
    let one = |of: &Weakness| {
        let mut record = record_of(of)?;
        let kept = keeps_whose(cx, of);
        let (party, contract) = (of.row.party.filter(|_| !kept), of.row.contract.filter(|_| !kept));
        record["party"] = party.and_then(|id| names.get(&id).cloned()).into();
        record["contract"] = contract.and_then(|id| titles.get(&id).cloned()).into();
        Ok(record)
    };
    all.iter().map(one).collect()
}

/// Who did what is for the authority: which incidents of others showed it stands there.
pub(super) fn tells_history(cx: &Cx) -> bool {
    cx.actor.is_authority()
}

/// One that the actor might note.
pub(super) fn blank(cx: &Cx) -> Result<Weakness> {
    Ok(Weakness::new(cx.id()?, &Details::default(), cx.core().clock.today(), 0))
}

/// The supplier and the contract are picked.
pub(super) async fn picks(cx: &Cx) -> Result<Picks> {
    let mut picks = party::pages::picks(cx).await?;
    let contracts = contract::store::seen(cx.db(), &cx.actor, None, CONTRACTS).await?;
    picks.insert("contract", contracts.into_iter().map(|contract| (contract.row.id.to_string(), contract.row.title)).collect());
    Ok(picks)
}

/// The tasks by which a weakness is to be resolved, each with the incident that it was set with, as far as the actor reads them; open ones first.
pub(super) async fn tasks_of(cx: &Cx, of: &Weakness) -> Result<Vec<(Incident, Task)>> {
    let side = cx.actor.account().map_or(Side::Supplier, |by| by.side);
    let (mut all, source) = (Vec::new(), of.row.id.to_string());
    for on in store::incidents_of(cx, cx.db(), of.row.id).await? {
        let tasks = tasks::list(cx, cx.db(), &on.case, side).await?;
        all.extend(tasks.into_iter().filter(|task| task.source.as_deref() == Some(source.as_str())).map(|task| (on.clone(), task)));
    }
    all.sort_by_key(|(_, task)| (task.stands().over(), task.due.clone().unwrap_or_else(|| "9999".to_owned())));
    Ok(all)
}

/// The state of a weakness.
fn state(of: &Weakness) -> Markup {
    ui::tag(&WEAKNESSES.code_says("state", &of.row.state), if of.is_open() { Tone::Orange } else { Tone::Green })
}

async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&WEAKNESSES, &visit.path);
    let found = find::<store::Entity>(cx.db(), &WEAKNESSES, &ask, store::visible(&cx.actor)).await?;
    let all = store::opened(cx, cx.db(), found.rows.clone()).await?;
    let all: Vec<Weakness> = all.into_iter().filter(|of| cx.may("weakness.view", of)).collect();
    let records = named(cx, &all).await?;
    let rows = all.iter().zip(&records).map(|(of, record)| WEAKNESSES.row(of.row.id, record, None)).collect();
    let add = t!("weakness-add");
    let may_add = cx.may("weakness.add", &blank(cx)?);
    let drawn = Drawn {
        register: &WEAKNESSES,
        ask: &ask,
        add: may_add.then(|| Link::new(&add, "/weaknesses/add")),
        more: &[],
        named: &|_, _| None,
        foot: sheets::button(&visit, &LIST),
    };
    Ok(visit.page(&WEAKNESSES.says("list-title")).active("/weaknesses").wide().body(&drawn.draw(&found, rows)))
}

async fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str) -> Result<Editing<'a>> {
    Ok(Editing { register: &WEAKNESSES, visit, title, action, picks: picks(&visit.cx).await?, base: json!({}) })
}

/// The incident that showed a new weakness, if the address names one that the visitor reads.
async fn shown_by(visit: &Visit) -> Result<Option<Incident>> {
    let named = visit.path.split_once('?').and_then(|(_, query)| query.split('&').find_map(|pair| pair.strip_prefix("incident=")));
    let Some(id) = named else { return Ok(None) };
    let of = crate::incident::store::get(visit.cx.db(), id_of(id)?).await?;
    visit.cx.core().authz.check(&visit.cx.actor, "incident.view", &of)?;
    Ok(Some(of))
}

/// Where a new one is posted to.
fn adding_at(on: Option<&Incident>) -> String {
    on.map_or_else(|| "/weaknesses/add".to_owned(), |on| format!("/weaknesses/add?incident={}", on.case.id))
}

async fn add_form(visit: Visit) -> Answer {
    visit.cx.permit("weakness.add", &blank(&visit.cx)?)?;
    let on = shown_by(&visit).await?;
    let begun = on.as_ref().map_or_else(|| json!({}), |on| json!({ "party": on.case.party, "contract": on.case.contract }));
    editing(&visit, &t!("weakness-add"), &adding_at(on.as_ref())).await?.begun(&begun)
}

async fn add(posted: Posted) -> Answer {
    let visit = &posted.visit;
    visit.cx.permit("weakness.add", &blank(&visit.cx)?)?;
    let on = shown_by(visit).await?;
    let write = async |details: Details| act::add(&visit.cx, &details, on.as_ref().map(|on| on.case.id)).await;
    editing(visit, &t!("weakness-add"), &adding_at(on.as_ref())).await?.add(&posted.fields, write).await
}

/// The record as it stands, for whoever may change it, with the title and address of its form.
async fn changing(visit: &Visit, id: Uuid) -> Result<(Standing, String, String)> {
    let of = store::get(&visit.cx, visit.cx.db(), id).await?;
    visit.cx.permit("weakness.view", &of)?;
    visit.cx.permit("weakness.change", &of)?;
    Ok(((to_value(of.details())?, of.row.version), t!("weakness-change", name = &of.row.name), format!("/weaknesses/{id}/change")))
}

async fn change_form(visit: Visit, axum::extract::Path(id): axum::extract::Path<Uuid>) -> Answer {
    let (standing, title, action) = changing(&visit, id).await?;
    editing(&visit, &title, &action).await?.filled(&standing)
}

async fn change(axum::extract::Path(id): axum::extract::Path<Uuid>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let (_, title, action) = changing(visit, id).await?;
    let write = async |details: Details, version| act::change(&visit.cx, id, version, &details).await;
    let now = async || Ok(changing(visit, id).await?.0);
    editing(visit, &title, &action).await?.change(&posted.fields, write, now).await
}
