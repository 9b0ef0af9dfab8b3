//! The screens of both registers. Both sides use them: a supplier for what it has itself, and sees what those below it in a chain have.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use axum::extract::Path;
use maud::html;
use platform::api::Area;
use platform::register::{Ask, Drawn, Editing, Picks, Standing, find, history};
use platform::sheets::{self, List};
use platform::texts::Text;
use platform::ui::{self, Link, Tab};
use platform::web::{Access, Answer, Posted, Visit};
use platform::{Cx, Result, t, texts};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::act;
use super::model::Holding;
use super::store::{self, Entity, Held, Model};
use crate::party;

/// The list of a register, for taking out.
pub(crate) struct Lists<H>(PhantomData<H>);

impl<H: Holding> Lists<H> {
    /// It.
    pub(crate) const LIST: List = List {
        code: H::LIST,
        title: H::TITLE,
        path: H::REGISTER.path,
        export: H::EXPORT,
        access: Access::SignedIn,
        area: Area::Registers,
        columns: || H::REGISTER.columns(),
        read: |cx, address| {
            Box::pin(H::REGISTER.sheet::<Entity, _>(cx, address, store::visible::<H>(&cx.actor), |rows| records::<H>(cx, rows)))
        },
    };
}

/// Those of these rows that the actor may view, as records.
async fn records<H: Holding>(cx: &Cx, rows: Vec<Model>) -> Result<Vec<(Uuid, Value)>> {
    let names = party::store::seen_names(cx.db(), &cx.actor, rows.iter().map(|row| row.party)).await?;
    let all = store::with_sight::<H>(cx.db(), rows).await?;
    let shown = all.iter().filter(|held| cx.may(H::VIEW, *held));
    shown.map(|held| Ok((held.row.id, named(held, &names)?))).collect()
}

pub(super) async fn list<H: Holding>(visit: Visit) -> Answer {
    let (cx, of) = (&visit.cx, H::REGISTER);
    let ask = Ask::read(of, &visit.path);
    let found = find::<Entity>(cx.db(), of, &ask, store::visible::<H>(&cx.actor)).await?;
    let all = store::with_sight::<H>(cx.db(), found.rows.clone()).await?;
    let all: Vec<&Held> = all.iter().filter(|held| cx.may(H::VIEW, *held)).collect();
    let filtered = ask.filter("party").and_then(|id| id.parse().ok());
    let parties = all.iter().map(|held| held.row.party).chain(found.picks("party")).chain(filtered);
    let names = party::store::seen_names(cx.db(), &cx.actor, parties).await?;
    let rows = all.iter().map(|held| Ok(of.row(held.row.id, &named(held, &names)?, None))).collect::<Result<_>>()?;
    let (add, at) = (of.says("add"), adds_at::<H>());
    let href = filtered.map_or_else(|| at.clone(), |id| format!("{at}?party={id}"));
    let may_add = cx.may(H::ADD, &blank::<H>(cx)?);
    let name_of = |_: &str, id: &str| id.parse().ok().and_then(|id: Uuid| names.get(&id).cloned());
    let drawn = Drawn {
        register: of,
        ask: &ask,
        add: may_add.then(|| Link::new(&add, &href)),
        more: &[],
        named: &name_of,
        foot: sheets::button(&visit, &Lists::<H>::LIST),
    };
    Ok(visit.page(&of.says("list-title")).active(of.path).wide().body(&drawn.draw(&found, rows)))
}

fn adds_at<H: Holding>() -> String {
    format!("{}/add", H::REGISTER.path)
}

/// A record with its party's name in place of its id.
fn named(held: &Held, names: &BTreeMap<Uuid, String>) -> Result<Value> {
    let mut record = held.record()?;
    record["party"] = names.get(&held.row.party).cloned().into();
    Ok(record)
}

pub(super) async fn record<H: Holding>(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let (cx, of) = (&visit.cx, H::REGISTER);
    let held = store::get::<H>(cx.db(), id).await?;
    cx.permit(H::VIEW, &held)?;
    let names = party::store::seen_names(cx.db(), &cx.actor, [held.row.party]).await?;
    let facts = of.facts(&named(&held, &names)?, &[]);
    let (facts_title, files_title, history_title) = (t!("register-facts"), t!("file-tab"), t!("register-timeline"));
    let files = platform::files::panel(&visit, of.kind, &id.to_string(), None).await?;
    let mut tabs = vec![Tab { id: "facts", title: &facts_title, content: facts }, Tab { id: "files", title: &files_title, content: files }];
    if tells_history(cx, &held) {
        tabs.push(Tab { id: "history", title: &history_title, content: history(cx, of, id).await? });
    }
    let page = visit.page(&held.row.name).active(of.path).crumb(&of.says("list-title"), of.path).wide();
    Ok(page.body(&html! {
        (of.head(id, &held.row.name, cx.may(H::CHANGE, &held)))
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

/// Who of a party did what is for the authority and the party itself, not for those above it.
pub(super) fn tells_history(cx: &Cx, held: &Held) -> bool {
    cx.actor.is_authority() || cx.actor.account().is_some_and(|a| a.party == held.row.party)
}

/// A new one as its form has it: whose it is, is settled once and for all.
#[derive(Debug, Deserialize, Serialize)]
pub struct New<D> {
    /// Whose it is.
    pub party: Uuid,
    /// What is entered about it.
    #[serde(flatten)]
    pub details: D,
}

/// One that the actor might add: for a supplier, one of its own.
pub(super) fn blank<H: Holding>(cx: &Cx) -> Result<Held> {
    Ok(Held::blank::<H>(cx.id()?, party::pages::own(cx).unwrap_or_default(), 0))
}

/// The form of a new one.
async fn adding<'a, H: Holding>(visit: &'a Visit, title: &'a str, action: &'a str) -> Result<Editing<'a>> {
    let cx = &visit.cx;
    let picks = party::pages::picks(cx).await?;
    Ok(Editing { register: H::REGISTER, visit, title, action, picks, base: json!({ "party": party::pages::own(cx) }) })
}

pub(super) async fn add_form<H: Holding>(visit: Visit) -> Answer {
    visit.cx.permit(H::ADD, &blank::<H>(&visit.cx)?)?;
    let party = Ask::read(H::REGISTER, &visit.path).filter("party").map(str::to_owned);
    let (title, action) = (H::REGISTER.says("add"), adds_at::<H>());
    adding::<H>(&visit, &title, &action).await?.begun(&json!({ "party": party, "state": "in_use" }))
}

pub(super) async fn add<H: Holding>(posted: Posted) -> Answer {
    let visit = &posted.visit;
    let write = async |new: New<H::Details>| act::add::<H>(&visit.cx, new.party, &new.details).await;
    visit.cx.permit(H::ADD, &blank::<H>(&visit.cx)?)?;
    let (title, action) = (H::REGISTER.says("add"), adds_at::<H>());
    adding::<H>(visit, &title, &action).await?.add(&posted.fields, write).await
}

/// The record as it stands, for whoever may change it, with the title and address of its form.
async fn changing<H: Holding>(visit: &Visit, id: Uuid) -> Result<(Standing, String, String)> {
    let held = store::get::<H>(visit.cx.db(), id).await?;
    visit.cx.permit(H::CHANGE, &held)?;
    let title = Text::new(H::REGISTER.message_id("change")).with("name", &held.row.name).say();
    let standing = (serde_json::to_value(held.row.details::<H>()?)?, held.row.version);
    Ok((standing, title, format!("{}/{id}/change", H::REGISTER.path)))
}

fn editing<'a, H: Holding>(visit: &'a Visit, title: &'a str, action: &'a str) -> Editing<'a> {
    Editing { register: H::REGISTER, visit, title, action, picks: Picks::new(), base: json!({}) }
}

pub(super) async fn change_form<H: Holding>(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let (standing, title, action) = changing::<H>(&visit, id).await?;
    editing::<H>(&visit, &title, &action).filled(&standing)
}

pub(super) async fn change<H: Holding>(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let (_, title, action) = changing::<H>(visit, id).await?;
    let write = async |details: H::Details, version| act::change::<H>(&visit.cx, id, version, &details).await;
    let now = async || Ok(changing::<H>(visit, id).await?.0);
    editing::<H>(visit, &title, &action).change(&posted.fields, write, now).await
}
