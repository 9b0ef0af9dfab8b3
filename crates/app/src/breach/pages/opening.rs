//! Opening a breach by hand: at which place of which chain, then what is known of it.

use axum::extract::{Path, RawQuery};
use maud::html;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind};
use platform::web::{Answer, Fields, PageBuilder, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use uuid::Uuid;

use super::{fields as questions, read};
use crate::arrangement::store as arrangements;
use crate::breach::Breaches;
use crate::breach::act::{self, NewBreach};
use crate::casework::Process as _;
use crate::casework::typed::{Typed, form};
use crate::contract;

pub(super) fn page<'a>(visit: &'a Visit, title: &str) -> PageBuilder<'a> {
    visit.page(title).active(Breaches::PAGES).crumb(&texts::t(Breaches::NAME), Breaches::PAGES)
}

/// Whose breach it is: contract by contract.
pub(super) async fn choose(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    if Breaches::begins(&visit).await?.is_none() {
        return Err(Error::NotFound);
    }
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let only = fields.some("contract").and_then(|id| id.parse().ok());
    let title = t!("breach-open");
    let chosen = contract::pages::choose(&visit.cx, only, "/breaches/new").await?;
    Ok(page(&visit, &title).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("breach-open-about")) }
        @if visit.cx.actor.is_authority() { p .govuk-body { a .govuk-link href="/breaches/import" { (t!("breach-import-several")) } } }
        (chosen)
    }))
}

/// The work that is named, if it is at this place.
async fn named(visit: &Visit, place: Uuid, work: Option<&str>) -> Result<Option<arrangements::Model>> {
    let Some(id) = work.and_then(|id| id.parse().ok()) else { return Ok(None) };
    let of = arrangements::get(visit.cx.db(), id).await?;
    visit.cx.permit("arrangement.view", &of)?;
    if of.row.place == place { Ok(Some(of.row)) } else { Err(Error::NotFound) }
}

/// The form, for whoever may open one there.
async fn draw(visit: &Visit, place: Uuid, work: Option<&arrangements::Model>, typed: Typed<'_>) -> Answer {
    let at = contract::chain::place(visit.cx.db(), place).await?.row;
    let of = act::blank(&visit.cx, &at).await?;
    visit.cx.permit("breach.view", &of)?;
    visit.cx.permit("breach.open", &of)?;
    let title = t!("breach-open");
    let name = contract::pages::place_name(&visit.cx, &at).await?;
    let inner = html! {
        @if let Some(work) = work { (ui::hidden("arrangement", &work.id.to_string())) }
        (typed.line("title", "breach-title-ask"))
        (questions(typed))
        (ui::button(&t!("breach-open-do"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (name) }
        @if let Some(work) = work { p .govuk-body { (t!("breach-about-work", work = &work.name)) } }
        (form(visit, &format!("/breaches/new/{place}"), None, inner)?)
    };
    Ok(page(visit, &title).errors(typed.errors).body(&body))
}

pub(super) async fn ask(visit: Visit, Path(place): Path<Uuid>, RawQuery(query): RawQuery) -> Answer {
    let asked = Fields::read(query.unwrap_or_default().as_bytes())?;
    let work = named(&visit, place, asked.some("arrangement")).await?;
    let mut pairs: Vec<(String, String)> = asked.pairs().to_vec();
    pairs.extend(work.as_ref().map(|work| ("title".to_owned(), t!("breach-titled", work = &work.name))));
    draw(&visit, place, work.as_ref(), Typed { fields: &Fields::new(pairs), errors: &FieldErrors::default() }).await
}

pub(super) async fn open(Path(place): Path<Uuid>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let work = named(visit, place, fields.some("arrangement")).await?;
    let done = match read(fields) {
        Ok(facts) => {
            let arrangement = work.as_ref().map(|work| work.id);
            act::open(&visit.cx, place, &NewBreach { title: fields.get("title").to_owned(), arrangement, facts }).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(see_other(&format!("/breaches/{id}"))),
        Err(Error::Invalid(errors)) => draw(visit, place, work.as_ref(), Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
