//! The screens of the register of parties.

use axum::extract::Path;
use maud::html;
use platform::api::Area;
use platform::authz::Side;
use platform::register::{Ask, Drawn, Editing, Picks, Standing, find, history};
use platform::sheets::{self, List};
use platform::ui::{self, Link, Tab};
use platform::web::{Access, Answer, Posted, Visit};
use platform::{Cx, Result, t, texts};
use serde_json::{Value, json};
use uuid::Uuid;

use super::act;
use super::model::{Details, PARTIES};
use super::store::{self, Party};

/// The list of parties, for taking out.
pub(crate) const LIST: List = List {
    code: "parties",
    title: "party-list-title",
    path: "/parties",
    export: "/parties/export",
    access: Access::Authority,
    area: Area::Registers,
    columns: || PARTIES.columns(),
    read: |cx, address| Box::pin(PARTIES.sheet::<store::Entity, _>(cx, address, store::visible(&cx.actor), |rows| records(cx, rows))),
};

/// Those of these rows that the actor may view, as records.
async fn records(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<(Uuid, Value)>> {
    let supplier = cx.actor.account().is_some_and(|a| a.side == Side::Supplier);
    let parties = store::with_sight(cx.db(), rows).await?;
    let shown = parties.iter().filter(|party| cx.may("party.view", *party));
    shown
        .map(|party| {
            let mut record = record_of(&party.row)?;
            // Remarks are the authority's own.
            if supplier {
                record["notes"] = Value::Null;
            }
            Ok((party.row.id, record))
        })
        .collect()
}

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&PARTIES, &visit.path);
    let found = find::<store::Entity>(cx.db(), &PARTIES, &ask, store::visible(&cx.actor)).await?;
    let parties = store::with_sight(cx.db(), found.rows.clone()).await?;
    let mark = |p: &Party| (p.row.side == "authority").then(|| ui::tag(&t!("party-field-side-authority"), ui::Tone::Grey));
    let shown = parties.iter().filter(|p| cx.may("party.view", *p));
    let rows = shown.map(|p| Ok(PARTIES.row(p.row.id, &record_of(&p.row)?, mark(p)))).collect::<Result<_>>()?;
    let add = t!("party-add");
    let may_add = cx.may("party.add", &Party::new(Uuid::nil(), Side::Supplier, &Details::default(), 0));
    let drawn = Drawn {
        register: &PARTIES,
        ask: &ask,
        add: may_add.then(|| Link::new(&add, "/parties/add")),
        more: &[],
        named: &|_, _| None,
        foot: sheets::button(&visit, &LIST),
    };
    Ok(visit.page(&PARTIES.says("list-title")).active("/parties").wide().body(&drawn.draw(&found, rows)))
}

/// Remarks are the authority's own.
pub(super) fn kept(cx: &Cx) -> &'static [&'static str] {
    if cx.actor.is_authority() { &[] } else { &["notes"] }
}

pub(super) fn record_of(row: &store::Model) -> Result<Value> {
    let mut record = serde_json::to_value(row.details())?;
    record["side"] = row.side.as_str().into();
    Ok(record)
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let cx = &visit.cx;
    let party = store::get(cx.db(), id).await?;
    cx.permit("party.view", &party)?;
    let authority = cx.actor.is_authority();
    let facts = PARTIES.facts(&record_of(&party.row)?, kept(cx));
    let (facts_title, files_title, history_title) = (t!("register-facts"), t!("file-tab"), t!("register-timeline"));
    let files = platform::files::panel(&visit, "party", &id.to_string(), None).await?;
    let mut tabs = vec![Tab { id: "facts", title: &facts_title, content: facts }, Tab { id: "files", title: &files_title, content: files }];
    if authority {
        tabs.push(Tab { id: "history", title: &history_title, content: history(cx, &PARTIES, id).await? });
    }
    let page = visit.page(&party.row.name).active("/parties").wide();
    let page = if authority { page.crumb(&PARTIES.says("list-title"), "/parties") } else { page };
    Ok(page.body(&html! {
        (PARTIES.head(id, &party.row.name, cx.may("party.change", &party)))
        @if party.row.side == Side::Supplier.code() {
            p .govuk-body { a .govuk-link href={ "/sites?party=" (id) } { (t!("party-sites")) } " · " a .govuk-link href={ "/systems?party=" (id) } { (t!("party-systems")) } " · " a .govuk-link href={ "/transfer-routes?party=" (id) } { (t!("party-transfer-routes")) } " · " a .govuk-link href={ "/map?party=" (id) } { (t!("party-map")) } }
        }
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str) -> Editing<'a> {
    Editing { register: &PARTIES, visit, title, action, picks: Picks::new(), base: json!({ "name": "" }) }
}

pub(super) async fn add_form(visit: Visit) -> Answer {
    visit.cx.permit("party.add", &Party::new(visit.cx.id()?, Side::Supplier, &Details::default(), 0))?;
    editing(&visit, &t!("party-add"), "/parties/add").begun(&Value::Null)
}

pub(super) async fn add(posted: Posted) -> Answer {
    let visit = &posted.visit;
    let write = async |details: Details| act::add(&visit.cx, Side::Supplier, &details).await;
    editing(visit, &t!("party-add"), "/parties/add").add(&posted.fields, write).await
}

/// The record as it stands, for whoever may change it, with the title and address of its form.
async fn changing(visit: &Visit, id: Uuid) -> Result<(Standing, String, String)> {
    let party = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("party.change", &party)?;
    let title = t!("party-change", name = &party.row.name);
    Ok(((record_of(&party.row)?, party.row.version), title, format!("/parties/{id}/change")))
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

/// The actor's own party, where it is a supplier: what it adds is its own.
pub(crate) fn own(cx: &Cx) -> Option<Uuid> {
    cx.actor.account().filter(|a| a.side == Side::Supplier).map(|a| a.party)
}

/// Somebody at the authority picks whose a new record is.
pub(crate) async fn picks(cx: &Cx) -> Result<Picks> {
    let mut picks = Picks::new();
    if cx.actor.is_authority() {
        let all = store::suppliers(cx.db()).await?;
        picks.insert("party", all.into_iter().map(|(id, name)| (id.to_string(), name)).collect());
    }
    Ok(picks)
}
