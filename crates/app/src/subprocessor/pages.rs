//! The screens of the register of sub-processors. Both sides use them: a supplier for its own and those of the parties below it.

use std::collections::BTreeMap;

use axum::extract::Path;
use maud::{Markup, html};
use platform::api::Area;
use platform::register::{Ask, Drawn, Editing, Standing, find, history};
use platform::sheets::{self, List};
use platform::ui::{self, ButtonKind, Link, Tab, Tone};
use platform::web::{Access, Answer, Posted, Visit};
use platform::{Cx, Result, t, texts};
use rules::subprocessors::Place;
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use super::act;
use super::model::{Details, SUBPROCESSORS};
use super::store::{self, Model, Subprocessor};
use crate::party;

/// The list of sub-processors, for taking out.
pub(crate) const LIST: List = List {
    code: "subprocessors",
    title: "subprocessor-list-title",
    path: "/subprocessors",
    export: "/subprocessors/export",
    access: Access::SignedIn,
    area: Area::Registers,
    columns: || SUBPROCESSORS.columns(),
    read: |cx, address| Box::pin(SUBPROCESSORS.sheet::<store::Entity, _>(cx, address, store::visible(&cx.actor), |rows| records(cx, rows))),
};

/// Those of these rows that the actor may view, as records.
async fn records(cx: &Cx, rows: Vec<Model>) -> Result<Vec<(Uuid, Value)>> {
    let names = party::store::seen_names(cx.db(), &cx.actor, rows.iter().filter_map(|row| row.party)).await?;
    let all = store::with_sight(cx.db(), rows).await?;
    all.iter().filter(|of| cx.may("subprocessor.view", *of)).map(|of| Ok((of.row.id, named(&of.row, &names)?))).collect()
}

/// The record as it is stored.
pub(super) fn record_of(row: &Model) -> Result<Value> {
    let mut record = to_value(row.details())?;
    for (name, value) in [
        ("outcome", json!(row.outcome)),
        ("needs", json!(row.needs)),
        ("added_on", json!(row.added_on)),
        ("removed_on", json!(row.removed_on)),
    ] {
        record[name] = value;
    }
    Ok(record)
}

/// The record with its supplier's name in place of the id.
fn named(row: &Model, names: &BTreeMap<Uuid, String>) -> Result<Value> {
    let mut record = record_of(row)?;
    record["party"] = row.party.and_then(|id| names.get(&id).cloned()).into();
    Ok(record)
}

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&SUBPROCESSORS, &visit.path);
    let found = find::<store::Entity>(cx.db(), &SUBPROCESSORS, &ask, store::visible(&cx.actor)).await?;
    let all = store::with_sight(cx.db(), found.rows.clone()).await?;
    let all: Vec<&Subprocessor> = all.iter().filter(|of| cx.may("subprocessor.view", *of)).collect();
    let filtered = ask.filter("party").and_then(|id| id.parse().ok());
    let named_ids = all.iter().filter_map(|of| of.row.party).chain(found.picks("party")).chain(filtered);
    let names = party::store::seen_names(cx.db(), &cx.actor, named_ids).await?;
    let rows = all.iter().map(|of| Ok(SUBPROCESSORS.row(of.row.id, &named(&of.row, &names)?, None))).collect::<Result<_>>()?;
    let add = t!("subprocessor-add");
    let may_add = cx.may("subprocessor.add", &blank(cx)?);
    let name_of = |_: &str, id: &str| id.parse().ok().and_then(|id: Uuid| names.get(&id).cloned());
    let drawn = Drawn {
        register: &SUBPROCESSORS,
        ask: &ask,
        add: may_add.then(|| Link::new(&add, "/subprocessors/add")),
        more: &[],
        named: &name_of,
        foot: sheets::button(&visit, &LIST),
    };
    Ok(visit.page(&SUBPROCESSORS.says("list-title")).active("/subprocessors").wide().body(&drawn.draw(&found, rows)))
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let cx = &visit.cx;
    let of = store::get(cx.db(), id).await?;
    cx.permit("subprocessor.view", &of)?;
    let names = party::store::seen_names(cx.db(), &cx.actor, of.row.party).await?;
    let facts = SUBPROCESSORS.facts(&named(&of.row, &names)?, &[]);
    let (facts_title, history_title) = (t!("register-facts"), t!("register-timeline"));
    let mut tabs = vec![Tab { id: "facts", title: &facts_title, content: facts }];
    if tells_history(cx, &of) {
        tabs.push(Tab { id: "history", title: &history_title, content: history(cx, &SUBPROCESSORS, id).await? });
    }
    let title = SUBPROCESSORS.says("list-title");
    Ok(visit.page(&of.row.name).active("/subprocessors").crumb(&title, "/subprocessors").wide().body(&html! {
        (SUBPROCESSORS.head(id, &of.row.name, cx.may("subprocessor.change", &of)))
        (standing(&visit, &of)?)
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

/// What using it comes to, why, and what is to be done about that.
fn standing(visit: &Visit, of: &Subprocessor) -> Result<Markup> {
    let (row, cx) = (&of.row, &visit.cx);
    let details = row.details();
    let classified = details.classified(&cx.core().home()?);
    let tone = match (row.needs.as_str(), row.outcome.as_str()) {
        ("propose" | "ask_country", _) => Tone::Orange,
        ("proposed", _) => Tone::Yellow,
        (_, "not_offshoring") => Tone::Green,
        _ => Tone::Grey,
    };
    let code = row.needs.replace('_', "-");
    let propose = row.needs == "propose" && !cx.actor.is_authority();
    let (text, enter) = (t!("subprocessor-next-propose-do"), row.needs == "propose" && cx.may("subprocessor.change", of));
    let gone = row.state == "removed";
    Ok(html! {
        p .govuk-body {
            @if gone { (ui::tag(&SUBPROCESSORS.code_says("state", &row.state), Tone::Grey)) }
            @else { (ui::tag(&SUBPROCESSORS.code_says("outcome", &row.outcome), tone)) }
        }
        (ui::inset(html! { (texts::t(&format!("subprocessor-next-{code}"))) @if enter { " " (t!("subprocessor-next-enter")) } }))
        @if propose { (ui::link_button(Link::new(&text, "/proposals/new"), ButtonKind::Primary)) }
        @if !gone {
            h2 .govuk-heading-m { (t!("subprocessor-why")) }
            @match details.place() {
                Place::In(_) => ul .govuk-list .govuk-list--bullet {
                    @for reason in &classified.decision.because {
                        li { (texts::say(&reason.message_id("offshoring"), &reason.args)) " " (crate::casework::pages::source(reason.source)) }
                    }
                },
                Place::Union if row.outcome != "offshoring" => p .govuk-body { (t!("subprocessor-union-home")) },
                Place::Union => p .govuk-body { (t!("subprocessor-union")) },
                Place::Unknown => p .govuk-body { (t!("subprocessor-nowhere")) },
            }
        }
    })
}

/// Who did what is for the authority and the supplier itself, not for those above it.
pub(super) fn tells_history(cx: &Cx, of: &Subprocessor) -> bool {
    cx.actor.is_authority() || cx.actor.account().is_some_and(|a| Some(a.party) == of.row.party)
}

/// One that the actor might add: for a supplier, one of its own.
pub(super) fn blank(cx: &Cx) -> Result<Subprocessor> {
    let details = Details { party: party::pages::own(cx), ..Details::named("") };
    Ok(Subprocessor::new(cx.id()?, &details, &cx.core().home()?, 0))
}

async fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str, base: Value) -> Result<Editing<'a>> {
    Ok(Editing { register: &SUBPROCESSORS, visit, title, action, picks: party::pages::picks(&visit.cx).await?, base })
}

pub(super) async fn add_form(visit: Visit) -> Answer {
    visit.cx.permit("subprocessor.add", &blank(&visit.cx)?)?;
    let (title, base) = (t!("subprocessor-add"), json!({ "party": party::pages::own(&visit.cx) }));
    editing(&visit, &title, "/subprocessors/add", base).await?.begun(&json!({ "state": "listed" }))
}

pub(super) async fn add(posted: Posted) -> Answer {
    let visit = &posted.visit;
    visit.cx.permit("subprocessor.add", &blank(&visit.cx)?)?;
    let (title, base) = (t!("subprocessor-add"), json!({ "party": party::pages::own(&visit.cx) }));
    let write = async |details: Details| act::add(&visit.cx, &details).await;
    editing(visit, &title, "/subprocessors/add", base).await?.add(&posted.fields, write).await
}

/// The record as it stands, for whoever may change it, with the title and address of its form.
async fn changing(visit: &Visit, id: Uuid) -> Result<(Standing, String, String)> {
    let of = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("subprocessor.view", &of)?;
    visit.cx.permit("subprocessor.change", &of)?;
    let title = t!("subprocessor-change", name = &of.row.name);
    Ok(((to_value(of.row.details())?, of.row.version), title, format!("/subprocessors/{id}/change")))
}

pub(super) async fn change_form(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let (standing, title, action) = changing(&visit, id).await?;
    editing(&visit, &title, &action, json!({ "party": standing.0["party"] })).await?.filled(&standing)
}

pub(super) async fn change(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let (standing, title, action) = changing(visit, id).await?;
    let write = async |details: Details, version| act::change(&visit.cx, id, version, &details).await;
    let now = async || Ok(changing(visit, id).await?.0);
    editing(visit, &title, &action, json!({ "party": standing.0["party"] })).await?.change(&posted.fields, write, now).await
}
