//! The weaknesses that an incident showed, on a page of the incident.

use axum::extract::Path;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field, Link};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::{blank, state};
use crate::casework::at;
use crate::casework::pages as kit;
use crate::casework::typed::{Typed, form, id_of};
use crate::incident::model::{Incident, Incidents};
use crate::incident::weakness::act;
use crate::incident::weakness::store::{self, Weakness};

/// So many are offered for tying; others are tied on their own pages.
const OFFERED: u64 = 200;

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::viewed::<Incidents>(&visit, &id).await?;
    draw(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

/// A weakness in a list, with its state.
fn line(of: &Weakness) -> Markup {
    html! { li { a .govuk-link href={ "/weaknesses/" (of.row.id) } { (of.row.name) } " " (state(of)) } }
}

async fn draw(visit: &Visit, of: &Incident, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let all = store::of_incident(cx, cx.db(), of.case.id).await?;
    let keeps = cx.may("weakness.add", &blank(cx)?);
    let offered = if keeps { store::untied(cx.db(), of.case.id, OFFERED).await? } else { Vec::new() };
    let words: Vec<(String, String)> = offered.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let choices: Vec<Choice> = words.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let (ask, error) = (t!("weakness-tie-which"), typed.error("weakness"));
    let inner = html! {
        (ui::select(&|id| texts::t(id), &Field::new("weakness", &ask).error(error.as_deref()), &choices, typed.fields.some("weakness"), true))
        (ui::button(&t!("weakness-tie-it"), ButtonKind::Secondary))
    };
    let (note, to_note) = (t!("weakness-note"), format!("/weaknesses/add?incident={}", of.case.id));
    let content = html! {
        h2 .govuk-heading-m { (t!("weakness-of-incident")) }
        p .govuk-body { (t!("weakness-of-incident-about")) }
        @if all.is_empty() { (ui::empty_state(&t!("weakness-of-incident-none"), &t!("weakness-of-incident-none-text"), None)) }
        @else { ul .govuk-list .govuk-list--spaced { @for one in &all { (line(one)) } } }
        @if keeps {
            (ui::link_button(Link::new(&note, &to_note), if all.is_empty() { ButtonKind::Primary } else { ButtonKind::Secondary }))
            @if !choices.is_empty() {
                h3 .govuk-heading-s { (t!("weakness-tie-existing")) }
                (form(visit, &at::<Incidents>(&of.case, "weaknesses"), None, inner)?)
            }
        }
    };
    let body = kit::frame::<Incidents>(visit, of, "weaknesses", content).await?;
    Ok(kit::page::<Incidents>(visit, of, &t!("weakness-of-incident")).errors(typed.errors).body(&body))
}

pub(super) async fn tie(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Incidents>(visit, &id).await?;
    let done = match fields.some("weakness") {
        Some(weakness) => act::tie(&visit.cx, id_of(weakness)?, of.case.id).await,
        None => {
            visit.cx.permit("weakness.tie", &blank(&visit.cx)?)?;
            Err(Error::field("weakness", Text::new("weakness-tie-missing")))
        }
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Incidents>(&of.case, "weaknesses"))),
        Err(Error::Invalid(errors)) => draw(visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

/// What an incident's overview, and the page that closes it, say of weaknesses that are still open; nothing where none is.
pub(crate) async fn brief(visit: &Visit, of: &Incident) -> Result<Markup> {
    let all = store::of_incident(&visit.cx, visit.cx.db(), of.case.id).await?;
    let open: Vec<&Weakness> = all.iter().filter(|one| one.is_open()).collect();
    let says = if of.case.closed_at.is_some() { "weakness-brief-closed" } else { "weakness-brief" };
    Ok(html! {
        @if !open.is_empty() {
            (ui::inset(html! {
                p .govuk-body { (Text::new(says).with("count", open.len()).say()) }
                ul .govuk-list .govuk-list--bullet { @for one in &open { (line(one)) } }
            }))
        }
    })
}
