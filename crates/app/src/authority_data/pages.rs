//! The screens of what was decided about pieces of information: the authority decides, the chain of the contract reads.

use std::collections::BTreeMap;

use axum::extract::Path;
use maud::{Markup, html};
use platform::api::Area;
use platform::cases::people;
use platform::register::{Ask, Drawn, Editing, Picks, Standing, find, history};
use platform::sheets::{self, List};
use platform::ui::{self, Link, Tab};
use platform::web::{Access, Answer, Posted, Visit};
use platform::{Cx, Result, t, texts};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use super::act;
use super::model::{AUTHORITY_DATA, Details};
use super::store::{self, Kept, Model};
use crate::casework::pages as kit;
use crate::check::information::tag;
use crate::contract;

/// The list of decisions, for taking out.
pub(crate) const LIST: List = List {
    code: "authority-data",
    title: "authority-data-list-title",
    path: "/authority-data",
    export: "/authority-data/export",
    access: Access::SignedIn,
    area: Area::Registers,
    columns: || AUTHORITY_DATA.columns(),
    read: |cx, address| {
        Box::pin(AUTHORITY_DATA.sheet::<store::Entity, _>(cx, address, store::visible(&cx.actor), |rows| records(cx, rows)))
    },
};

/// Those of these rows that the actor may view, as records.
async fn records(cx: &Cx, rows: Vec<Model>) -> Result<Vec<(Uuid, Value)>> {
    let titles = contract::store::titles(cx.db(), rows.iter().map(|row| row.contract)).await?;
    let all = store::with_sight(cx.db(), rows).await?;
    all.iter().filter(|kept| cx.may("authority_data.view", *kept)).map(|kept| Ok((kept.row.id, named(kept, &titles)?))).collect()
}

/// The record with its contract's title in place of the id.
fn named(kept: &Kept, titles: &BTreeMap<Uuid, String>) -> Result<Value> {
    let mut record = kept.record()?;
    record["contract"] = titles.get(&kept.row.contract).cloned().into();
    Ok(record)
}

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&AUTHORITY_DATA, &visit.path);
    let found = find::<store::Entity>(cx.db(), &AUTHORITY_DATA, &ask, store::visible(&cx.actor)).await?;
    let all = store::with_sight(cx.db(), found.rows.clone()).await?;
    let all: Vec<&Kept> = all.iter().filter(|kept| cx.may("authority_data.view", *kept)).collect();
    let filtered = ask.filter("contract").and_then(|id| id.parse().ok());
    let named_ids = all.iter().map(|kept| kept.row.contract).chain(found.picks("contract")).chain(filtered);
    let titles = contract::store::seen_titles(cx, named_ids).await?;
    let rows = all.iter().map(|kept| Ok(AUTHORITY_DATA.row(kept.row.id, &named(kept, &titles)?, None))).collect::<Result<_>>()?;
    let add = t!("authority-data-add");
    let href = filtered.map_or_else(|| "/authority-data/add".to_owned(), |id| format!("/authority-data/add?contract={id}"));
    let name_of = |_: &str, id: &str| id.parse().ok().and_then(|id: Uuid| titles.get(&id).cloned());
    let drawn = Drawn {
        register: &AUTHORITY_DATA,
        ask: &ask,
        add: cx.may("authority_data.decide", &blank(cx)?).then(|| Link::new(&add, &href)),
        more: &[],
        named: &name_of,
        foot: sheets::button(&visit, &LIST),
    };
    let body =
        html! { (drawn.draw(&found, rows)) p .govuk-body { a .govuk-link href="/check/authority-data" { (t!("authority-data-try")) } } };
    Ok(visit.page(&AUTHORITY_DATA.says("list-title")).active(AUTHORITY_DATA.path).wide().body(&body))
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let cx = &visit.cx;
    let kept = store::get(cx.db(), id).await?;
    cx.permit("authority_data.view", &kept)?;
    let titles = contract::store::titles(cx.db(), [kept.row.contract]).await?;
    let decision = kept.row.details()?.decision();
    let outcome = kept.row.outcome()?;
    let by: Option<Uuid> = kept.row.decided_by.parse().ok().filter(|_| cx.actor.is_authority());
    let person = match by {
        Some(id) => people::names(cx, [id]).await?.remove(&id),
        None => None,
    };
    let by = person.unwrap_or_else(|| cx.core().settings.authority.name.clone());
    let day = kept.row.decided_on.parse().map_or_else(|_| kept.row.decided_on.clone(), platform::clock::day_text);
    let answer = html! {
        p .govuk-body { (tag(outcome)) " " (texts::t(&rules::decision::Outcome::message_id(outcome))) }
        p .govuk-body { (t!("authority-data-decided", by = by, date = day)) }
        (kit::reasons(&decision.explained, &t!("authority-data-missing")))
    };
    let facts = AUTHORITY_DATA.facts(&named(&kept, &titles)?, &["outcome", "decided_on", "information"]);
    let (answer_title, facts_title, history_title) = (t!("authority-data-answer"), t!("authority-data-facts"), t!("register-timeline"));
    let mut tabs =
        vec![Tab { id: "answer", title: &answer_title, content: answer }, Tab { id: "facts", title: &facts_title, content: facts }];
    if cx.actor.is_authority() {
        tabs.push(Tab { id: "history", title: &history_title, content: history(cx, &AUTHORITY_DATA, id).await? });
    }
    let list = AUTHORITY_DATA.says("list-title");
    let page = visit.page(&kept.row.information).active(AUTHORITY_DATA.path).crumb(&list, AUTHORITY_DATA.path).wide();
    Ok(page.body(&html! {
        (AUTHORITY_DATA.head(id, &kept.row.information, cx.may("authority_data.change", &kept)))
        p .govuk-body { a .govuk-link href={ "/contracts/" (kept.row.contract) } { (titles.get(&kept.row.contract).map_or("", String::as_str)) } }
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

/// A new decision as its form has it: under which contract, is settled once and for all.
#[derive(Debug, Deserialize, Serialize)]
pub struct New {
    /// The contract.
    pub contract: Uuid,
    /// What is entered about the information.
    #[serde(flatten)]
    pub details: Details,
}

/// A decision that the actor might make.
pub(super) fn blank(cx: &Cx) -> Result<Kept> {
    Kept::new(cx.id()?, Uuid::nil(), &Details::of(""), (String::new(), 0, cx.core().clock.today()))
}

/// The contracts that may be picked, by title.
pub(super) async fn picks(cx: &Cx) -> Result<Picks> {
    contract::pages::picks_of_contracts(cx).await
}

async fn adding<'a>(visit: &'a Visit, title: &'a str) -> Result<Editing<'a>> {
    let picks = picks(&visit.cx).await?;
    Ok(Editing { register: &AUTHORITY_DATA, visit, title, action: "/authority-data/add", picks, base: json!({}) })
}

pub(super) async fn add_form(visit: Visit) -> Answer {
    visit.cx.permit("authority_data.decide", &blank(&visit.cx)?)?;
    let contract = Ask::read(&AUTHORITY_DATA, &visit.path).filter("contract").map(str::to_owned);
    adding(&visit, &t!("authority-data-add")).await?.begun(&json!({ "contract": contract }))
}

pub(super) async fn add(posted: Posted) -> Answer {
    let visit = &posted.visit;
    visit.cx.permit("authority_data.decide", &blank(&visit.cx)?)?;
    let write = async |new: New| act::add(&visit.cx, new.contract, &new.details).await;
    adding(visit, &t!("authority-data-add")).await?.add(&posted.fields, write).await
}

/// The record as it stands, for whoever may decide anew, with the title and address of its form.
async fn changing(visit: &Visit, id: Uuid) -> Result<(Standing, String, String)> {
    let kept = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("authority_data.change", &kept)?;
    let title = t!("authority-data-change", information = &kept.row.information);
    Ok(((to_value(kept.row.details()?)?, kept.row.version), title, format!("/authority-data/{id}/change")))
}

fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str) -> Editing<'a> {
    Editing { register: &AUTHORITY_DATA, visit, title, action, picks: Picks::new(), base: json!({}) }
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

/// What was decided about information under a contract, where another decision needs it: each with its outcome, and where it is decided.
///
/// # Errors
/// When the database fails.
pub async fn panel(cx: &Cx, contract: Uuid) -> Result<Markup> {
    let kept = store::on_contract(cx.db(), &cx.actor, contract).await?;
    let lines = kept.iter().map(|row| Ok((row, row.outcome()?))).collect::<Result<Vec<_>>>()?;
    let may = cx.may("authority_data.decide", &blank(cx)?);
    Ok(html! {
        @if lines.is_empty() { p .govuk-body { (t!("authority-data-panel-none")) } }
        @else {
            ul .govuk-list .govuk-list--bullet {
                @for (row, outcome) in &lines {
                    li { a .govuk-link href={ "/authority-data/" (row.id) } { (row.information) } " " (tag(*outcome)) }
                }
            }
        }
        @if may {
            p .govuk-body { a .govuk-link href={ "/authority-data/add?contract=" (contract) } { (t!("authority-data-add")) } }
        }
    })
}
