//! The screens of the register of parties.

use axum::extract::Path;
use axum::http::StatusCode;
use maud::html;
use platform::authz::Side;
use platform::error::FieldErrors;
use platform::register::{Ask, Drawn, Entered, Picks, find, history};
use platform::ui::{self, Fact, Link, Row, Tab};
use platform::web::{Answer, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use serde_json::{Value, json};
use uuid::Uuid;

use super::act;
use super::model::{Details, PARTIES};
use super::store::{self, Party};

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&PARTIES, &visit.path);
    let found = find::<store::Entity>(cx.db(), &PARTIES, &ask, store::visible(&cx.actor)).await?;
    let parties = store::with_sight(cx.db(), found.rows.clone()).await?;
    let rows = parties.iter().filter(|p| cx.may("party.view", *p)).map(|p| row(&p.row)).collect::<Result<_>>()?;
    let add = t!("party-add");
    let may_add = cx.may("party.add", &Party::new(Uuid::nil(), Side::Supplier, &Details::default(), 0));
    let drawn =
        Drawn { register: &PARTIES, ask: &ask, add: may_add.then(|| Link::new(&add, "/parties/add")), more: &[], named: &|_, _| None };
    Ok(visit.page(&PARTIES.says("list-title")).active("/parties").wide().body(&drawn.draw(&found, rows)))
}

fn row(row: &store::Model) -> Result<Row> {
    let record = record_of(row)?;
    let cells = PARTIES.fields.iter().filter(|f| f.in_list).map(|f| match f.name {
        "name" => html! { a .govuk-link href={ "/parties/" (row.id) } { (row.name) } @if row.side == "authority" { " " (ui::tag(&t!("party-field-side-authority"), ui::Tone::Grey)) } },
        _ => f.draw(&record),
    });
    Ok(Row::new(cells.collect()))
}

fn record_of(row: &store::Model) -> Result<Value> {
    let mut record = serde_json::to_value(row.details())?;
    record["side"] = row.side.as_str().into();
    Ok(record)
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let cx = &visit.cx;
    let party = store::get(cx.db(), id).await?;
    cx.permit("party.view", &party)?;
    let authority = cx.actor.is_authority();
    // Remarks are the authority's own.
    let facts = PARTIES.facts(&record_of(&party.row)?, if authority { &[] } else { &["notes"] });
    let facts: Vec<Fact> = facts.iter().map(|(key, value)| Fact::new(key, value.clone())).collect();
    let list = ui::summary_list(&facts, authority);
    let (facts_title, history_title, change) = (t!("register-facts"), t!("register-timeline"), t!("register-change"));
    let content = if authority {
        let past = history(cx, &PARTIES, id).await?;
        ui::tabs(
            &|id| texts::t(id),
            &[Tab { id: "facts", title: &facts_title, content: list }, Tab { id: "history", title: &history_title, content: past }],
        )
    } else {
        list
    };
    let page = visit.page(&party.row.name).active("/parties").wide();
    let page = if authority { page.crumb(&PARTIES.says("list-title"), "/parties") } else { page };
    Ok(page.body(&html! {
        div .vs-list-head {
            h1 .govuk-heading-l { (party.row.name) }
            @if cx.may("party.change", &party) {
                (ui::link_button(Link::new(&change, &format!("/parties/{id}/change")), ui::ButtonKind::Secondary))
            }
        }
        (content)
    }))
}

fn draw(visit: &Visit, title: &str, action: &str, version: Option<i32>, entered: &Entered, errors: &FieldErrors) -> Answer {
    let currency = &visit.core().settings.authority.currency;
    let boxes = PARTIES.boxes(entered, errors, &Picks::new(), currency);
    let form = PARTIES.form(visit, action, version, boxes, &t!("register-save"))?;
    let page = visit.page(title).active("/parties").crumb(&PARTIES.says("list-title"), "/parties").errors(errors);
    Ok(page.body(&html! { h1 .govuk-heading-l { (title) } (form) }))
}

pub(super) async fn add_form(visit: Visit) -> Answer {
    visit.cx.permit("party.add", &Party::new(visit.cx.id()?, Side::Supplier, &Details::default(), 0))?;
    draw(&visit, &t!("party-add"), "/parties/add", None, &Entered::default(), &FieldErrors::default())
}

pub(super) async fn add(posted: Posted) -> Answer {
    let visit = posted.visit;
    let entered = Entered::posted(&posted.fields);
    let done = async {
        let details: Details = PARTIES.read(&entered, &json!({ "name": "" }), "")?;
        act::add(&visit.cx, Side::Supplier, &details).await
    };
    match done.await {
        Ok(id) => Ok(see_other(&format!("/parties/{id}"))),
        Err(Error::Invalid(errors)) => draw(&visit, &t!("party-add"), "/parties/add", None, &entered, &errors),
        Err(other) => Err(other),
    }
}

pub(super) async fn change_form(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let party = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("party.change", &party)?;
    let entered = Entered::record(&PARTIES, &record_of(&party.row)?);
    let title = t!("party-change", name = &party.row.name);
    draw(&visit, &title, &format!("/parties/{id}/change"), Some(party.row.version), &entered, &FieldErrors::default())
}

pub(super) async fn change(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let visit = posted.visit;
    let entered = Entered::posted(&posted.fields);
    let party = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("party.change", &party)?;
    let version = posted.fields.version()?;
    let (title, action) = (t!("party-change", name = &party.row.name), format!("/parties/{id}/change"));
    let details = PARTIES.read::<Details>(&entered, &json!({ "name": "" }), "");
    let done = match &details {
        Ok(details) => act::change(&visit.cx, id, version, details).await,
        Err(Error::Invalid(errors)) => return draw(&visit, &title, &action, Some(version), &entered, errors),
        Err(_) => Ok(()),
    };
    match (done, details) {
        (_, Err(other)) => Err(other),
        (Ok(()), Ok(_)) => Ok(see_other(&format!("/parties/{id}"))),
        (Err(Error::Invalid(errors)), Ok(_)) => draw(&visit, &title, &action, Some(version), &entered, &errors),
        (Err(Error::Stale(text)), Ok(typed)) => {
            let now = store::get(visit.cx.db(), id).await?;
            let clash = PARTIES.clash(&record_of(&now.row)?, &serde_json::to_value(typed)?);
            let boxes = PARTIES.boxes(&entered, &FieldErrors::default(), &Picks::new(), "");
            let form = PARTIES.form(&visit, &action, Some(now.row.version), boxes, &t!("register-save-over"))?;
            let page = visit.page(&t!("register-clash-title")).active("/parties").wide().status(StatusCode::CONFLICT);
            Ok(page.body(&html! {
                h1 .govuk-heading-l { (t!("register-clash-title")) }
                p .govuk-body { (text.say()) }
                (clash)
                p .govuk-body { (t!("register-clash-again")) }
                (form)
            }))
        }
        (Err(other), Ok(_)) => Err(other),
    }
}
