//! How a weakness was resolved, and why it is open again.

use axum::extract::Path;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, t};
use uuid::Uuid;

use super::record::viewed;
use super::tasks_of;
use crate::casework::typed::{Typed, form, optional_date};
use crate::incident::weakness::act;
use crate::incident::weakness::model::WEAKNESSES;
use crate::incident::weakness::store::Weakness;

/// The page of one step.
fn page(visit: &Visit, of: &Weakness, title: &str, typed: Typed<'_>, version: i32, (at, inner): (&str, Markup)) -> Answer {
    let (list, here) = (WEAKNESSES.says("list-title"), format!("/weaknesses/{}", of.row.id));
    let page = visit.page(title).active("/weaknesses").crumb(&list, "/weaknesses").crumb(&of.row.name, &here).errors(typed.errors);
    Ok(page.body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { strong { (of.row.name) } }
        (form(visit, &format!("{here}/{at}"), Some(version), inner)?)
    }))
}

pub(super) async fn ask_resolve(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let of = viewed(&visit, id).await?;
    visit.cx.permit("weakness.resolve", &of)?;
    if !of.is_open() {
        return Err(Error::conflict("weakness-resolved-already"));
    }
    let version = of.row.version;
    draw_resolve(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }, version).await
}

async fn draw_resolve(visit: &Visit, of: &Weakness, typed: Typed<'_>, version: i32) -> Answer {
    let open: Vec<String> =
        tasks_of(&visit.cx, of).await?.into_iter().filter(|(_, task)| !task.stands().over()).map(|(_, task)| task.title).collect();
    let inner = html! {
        @if !open.is_empty() {
            (ui::inset(html! {
                p .govuk-body { (t!("weakness-resolve-tasks")) }
                ul .govuk-list .govuk-list--bullet { @for title in &open { li { (title) } } }
            }))
        }
        (typed.area("how", "weakness-how", 5))
        (typed.date("on", "weakness-on", None, false))
        (ui::button(&t!("weakness-resolve"), ButtonKind::Primary))
    };
    page(visit, of, &t!("weakness-resolve"), typed, version, ("resolve", inner))
}

pub(super) async fn resolve(Path(id): Path<Uuid>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = viewed(visit, id).await?;
    let (version, mut errors) = (fields.version()?, FieldErrors::default());
    let on = optional_date(fields, "on", &mut errors);
    let done = match errors.or(on) {
        Ok(on) => act::resolve(&visit.cx, id, version, fields.get("how"), on).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/weaknesses/{id}"))),
        Err(Error::Invalid(errors)) => draw_resolve(visit, &of, Typed { fields, errors: &errors }, version).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn ask_reopen(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let of = viewed(&visit, id).await?;
    visit.cx.permit("weakness.reopen", &of)?;
    if of.is_open() {
        return Err(Error::conflict("weakness-open-already"));
    }
    let version = of.row.version;
    draw_reopen(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }, version)
}

fn draw_reopen(visit: &Visit, of: &Weakness, typed: Typed<'_>, version: i32) -> Answer {
    let inner = html! {
        (typed.area("why", "weakness-why", 4))
        (ui::button(&t!("weakness-reopen"), ButtonKind::Primary))
    };
    page(visit, of, &t!("weakness-reopen"), typed, version, ("reopen", inner))
}

pub(super) async fn reopen(Path(id): Path<Uuid>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = viewed(visit, id).await?;
    let version = fields.version()?;
    match act::reopen(&visit.cx, id, version, fields.get("why")).await {
        Ok(()) => Ok(see_other(&format!("/weaknesses/{id}"))),
        Err(Error::Invalid(errors)) => draw_reopen(visit, &of, Typed { fields, errors: &errors }, version),
        Err(other) => Err(other),
    }
}
