//! The screens of the register of sites. Both sides use them: a supplier for its own sites and those below it in a chain.

use std::collections::BTreeMap;

use axum::extract::Path;
use maud::html;
use platform::api::Area;
use platform::register::{Ask, Drawn, Editing, Picks, Standing, find, history};
use platform::sheets::{self, List};
use platform::ui::{self, Link, Tab};
use platform::web::{Access, Answer, Posted, Visit};
use platform::{Cx, Result, t, texts};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::act;
use super::model::{Details, SITES};
use super::store::{self, Site};
use crate::party;

/// The list of sites, for taking out.
pub(crate) const LIST: List = List {
    code: "sites",
    title: "site-list-title",
    path: "/sites",
    export: "/sites/export",
    access: Access::SignedIn,
    area: Area::Registers,
    columns: || SITES.columns(),
    read: |cx, address| Box::pin(SITES.sheet::<store::Entity, _>(cx, address, store::visible(&cx.actor), |rows| records(cx, rows))),
};

/// Those of these rows that the actor may view, as records.
async fn records(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<(Uuid, Value)>> {
    let names = party::store::seen_names(cx.db(), &cx.actor, rows.iter().map(|row| row.party)).await?;
    let sites = store::with_sight(cx.db(), rows).await?;
    let shown = sites.iter().filter(|site| cx.may("site.view", *site));
    shown.map(|site| Ok((site.row.id, record_of(&site.row, &names)?))).collect()
}

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&SITES, &visit.path);
    let found = find::<store::Entity>(cx.db(), &SITES, &ask, store::visible(&cx.actor)).await?;
    let sites = store::with_sight(cx.db(), found.rows.clone()).await?;
    let sites: Vec<&Site> = sites.iter().filter(|s| cx.may("site.view", *s)).collect();
    let filtered = ask.filter("party").and_then(|id| id.parse().ok());
    let named = sites.iter().map(|s| s.row.party).chain(found.picks("party")).chain(filtered);
    let names = party::store::seen_names(cx.db(), &cx.actor, named).await?;
    let rows = sites.iter().map(|s| Ok(SITES.row(s.row.id, &record_of(&s.row, &names)?, None))).collect::<Result<_>>()?;
    let (add, href) = (t!("site-add"), filtered.map_or_else(|| "/sites/add".to_owned(), |id| format!("/sites/add?party={id}")));
    let may_add = cx.may("site.add", &blank(cx)?);
    let name_of = |_: &str, id: &str| id.parse().ok().and_then(|id: Uuid| names.get(&id).cloned());
    let drawn = Drawn {
        register: &SITES,
        ask: &ask,
        add: may_add.then(|| Link::new(&add, &href)),
        more: &[],
        named: &name_of,
        foot: sheets::button(&visit, &LIST),
    };
    Ok(visit.page(&SITES.says("list-title")).active("/sites").wide().body(&drawn.draw(&found, rows)))
}

/// The record with its party's name in place of its id.
fn record_of(row: &store::Model, names: &BTreeMap<Uuid, String>) -> Result<Value> {
    let mut record = serde_json::to_value(row.details())?;
    record["party"] = names.get(&row.party).cloned().into();
    Ok(record)
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let cx = &visit.cx;
    let site = store::get(cx.db(), id).await?;
    cx.permit("site.view", &site)?;
    let names = party::store::seen_names(cx.db(), &cx.actor, [site.row.party]).await?;
    let facts = SITES.facts(&record_of(&site.row, &names)?, &[]);
    let (facts_title, files_title, history_title) = (t!("register-facts"), t!("file-tab"), t!("register-timeline"));
    let files = platform::files::panel(&visit, "site", &id.to_string(), None).await?;
    let mut tabs = vec![Tab { id: "facts", title: &facts_title, content: facts }, Tab { id: "files", title: &files_title, content: files }];
    if tells_history(cx, &site) {
        tabs.push(Tab { id: "history", title: &history_title, content: history(cx, &SITES, id).await? });
    }
    let page = visit.page(&site.row.name).active("/sites").crumb(&SITES.says("list-title"), "/sites").wide();
    Ok(page.body(&html! {
        (SITES.head(id, &site.row.name, cx.may("site.change", &site)))
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

/// Who of a party did what is for the authority and the party itself, not for those above it.
pub(super) fn tells_history(cx: &Cx, site: &Site) -> bool {
    cx.actor.is_authority() || cx.actor.account().is_some_and(|a| a.party == site.row.party)
}

/// A new site as its form has it: whose it is, is settled once and for all.
#[derive(Debug, Deserialize, Serialize)]
pub struct New {
    /// Whose it is.
    pub party: Uuid,
    /// What is entered about it.
    #[serde(flatten)]
    pub details: Details,
}

/// A site that the actor might add: for a supplier, one of its own.
pub(super) fn blank(cx: &Cx) -> Result<Site> {
    let party = party::pages::own(cx).unwrap_or_default();
    Ok(Site::new(cx.id()?, party, &Details::of("", "", "", ""), 0))
}

/// The form of a new site.
async fn adding<'a>(visit: &'a Visit, title: &'a str) -> Result<Editing<'a>> {
    let cx = &visit.cx;
    let picks = party::pages::picks(cx).await?;
    Ok(Editing { register: &SITES, visit, title, action: "/sites/add", picks, base: json!({ "party": party::pages::own(cx) }) })
}

pub(super) async fn add_form(visit: Visit) -> Answer {
    visit.cx.permit("site.add", &blank(&visit.cx)?)?;
    let party = Ask::read(&SITES, &visit.path).filter("party").map(str::to_owned);
    adding(&visit, &t!("site-add")).await?.begun(&json!({ "party": party, "state": "in_use" }))
}

pub(super) async fn add(posted: Posted) -> Answer {
    let visit = &posted.visit;
    let write = async |new: New| act::add(&visit.cx, new.party, &new.details).await;
    visit.cx.permit("site.add", &blank(&visit.cx)?)?;
    adding(visit, &t!("site-add")).await?.add(&posted.fields, write).await
}

/// The record as it stands, for whoever may change it, with the title and address of its form.
async fn changing(visit: &Visit, id: Uuid) -> Result<(Standing, String, String)> {
    let site = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("site.change", &site)?;
    let title = t!("site-change", name = &site.row.name);
    Ok(((serde_json::to_value(site.row.details())?, site.row.version), title, format!("/sites/{id}/change")))
}

fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str) -> Editing<'a> {
    Editing { register: &SITES, visit, title, action, picks: Picks::new(), base: json!({}) }
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
