//! Reporting work abroad that has started: at which place of which chain, then what it is.

use axum::extract::Path;
use maud::html;
use platform::register::{Ask, Editing, Picks};
use platform::web::{Answer, Posted, Visit};
use platform::{Cx, Error, Result, t, texts};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::act;
use super::super::model::{ARRANGEMENTS, Details};
use super::{blank, picks};
use crate::contract;

/// Whether the actor may report work at some place.
pub(super) fn may(cx: &Cx) -> bool {
    cx.actor.account().is_some_and(|a| ["contract_manager", "security", "supplier_lead", "supplier_member"].contains(&a.role.as_str()))
}

/// Whose work it is: contract by contract, or those of the one that the address names.
pub(in crate::arrangement) async fn choose(visit: Visit) -> Answer {
    let cx = &visit.cx;
    if !may(cx) {
        return Err(Error::NotFound);
    }
    let only = Ask::read(&ARRANGEMENTS, &visit.path).filter("contract").and_then(|id| id.parse().ok());
    let title = t!("arrangement-report");
    Ok(page(&visit, &title).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("arrangement-report-about")) }
        p .govuk-body { a .govuk-link href="/proposals/new" { (t!("arrangement-report-propose")) } }
        (contract::pages::choose(cx, only, "/arrangements/report").await?)
    }))
}

fn page<'a>(visit: &'a Visit, title: &str) -> platform::web::PageBuilder<'a> {
    visit.page(title).active("/arrangements").crumb(&texts::t("arrangement-list-title"), "/arrangements")
}

/// What may be picked of work at a place, for whoever may report some there.
pub(in crate::arrangement) async fn reportable(cx: &Cx, place: Uuid) -> Result<Picks> {
    let place = contract::chain::place(cx.db(), place).await?;
    let blank = blank(cx, &place.row).await?;
    cx.permit("arrangement.view", &blank)?;
    cx.permit("arrangement.report", &blank)?;
    picks(cx, place.row.party, None).await
}

/// The form for a place, for whoever may report work there.
async fn editing<'a>(visit: &'a Visit, place: Uuid, title: &'a str, action: &'a str) -> Result<Editing<'a>> {
    Ok(Editing { register: &ARRANGEMENTS, visit, title, action, picks: reportable(&visit.cx, place).await?, base: json!({}) })
}

pub(in crate::arrangement) async fn form(visit: Visit, Path(place): Path<Uuid>) -> Answer {
    let (title, action) = (t!("arrangement-report"), format!("/arrangements/report/{place}"));
    editing(&visit, place, &title, &action).await?.begun(&Value::Null)
}

pub(in crate::arrangement) async fn report(Path(place): Path<Uuid>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let (title, action) = (t!("arrangement-report"), format!("/arrangements/report/{place}"));
    let write = async |details: Details| act::report(&visit.cx, place, &details).await;
    editing(visit, place, &title, &action).await?.add(&posted.fields, write).await
}
