//! Data about people in what was written, shown in place to whoever completes the report: removed, masked, or declared essential (SEC-25).

use axum::extract::Path;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Link};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::{form, kit};
use crate::casework::at;
use crate::casework::typed::Typed;
use crate::incident::model::{Incident, Incidents};
use crate::incident::screened::Passage;
use crate::incident::{act, store};

/// That something is withheld, with the way to what can be done about it; nothing where nothing is.
pub(super) async fn notice(visit: &Visit, of: &Incident) -> Result<Markup> {
    let cx = &visit.cx;
    let found = match act::found(cx, cx.db(), &of.case).await {
        // Nothing of it can be read any more.
        Err(Error::Conflict(_)) => Vec::new(),
        other => other?,
    };
    let essential = store::essential(cx, cx.db(), &of.case).await?;
    let open = found.iter().filter(|passage| essential.get(&passage.path) != Some(&passage.digest())).count();
    if found.is_empty() {
        return Ok(html! {});
    }
    let writes = cx.may("incident.declare", of);
    Ok(html! {
        @if open > 0 {
            (ui::inset(html! {
                p .govuk-body { strong { (t!("incident-withheld", count = open)) } }
                p .govuk-body { (if writes { t!("incident-withheld-yours") } else { t!("incident-withheld-theirs") }) }
                @if writes { (ui::link_button(Link::new(&t!("incident-screening"), &at::<Incidents>(&of.case, "screening")), ButtonKind::Secondary)) }
            }))
        } @else if writes {
            p .govuk-body { a .govuk-link href=(at::<Incidents>(&of.case, "screening")) { (t!("incident-screening")) } }
        }
    })
}

/// A text with what was found in it marked, each with what it is.
fn marked(passage: &Passage) -> Markup {
    html! {
        p .govuk-body .vs-found {
            @for (text, kind) in passage.parts() {
                @match kind {
                    Some(kind) => mark { (text) span .govuk-visually-hidden { " (" (texts::t(&kind.message_id())) ")" } },
                    None => (text),
                }
            }
        }
    }
}

fn kinds(passage: &Passage) -> String {
    let mut all: Vec<String> = passage.found.iter().map(|finding| texts::t(&finding.kind.message_id())).collect();
    all.sort_unstable();
    all.dedup();
    all.join(", ")
}

pub(super) async fn ask(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::allowed::<Incidents>(&visit, &id, "incident.declare").await?;
    draw(&visit, &of, None, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, of: &Incident, at_path: Option<&str>, typed: Typed<'_>) -> Answer {
    let (cx, case) = (&visit.cx, &of.case);
    let found = act::found(cx, cx.db(), case).await?;
    let (essential, reasons) = (store::essential(cx, cx.db(), case).await?, store::reasons(cx, cx.db(), case).await?);
    let is_essential = |passage: &Passage| essential.get(&passage.path) == Some(&passage.digest());
    let open: Vec<&Passage> = found.iter().filter(|passage| !is_essential(passage)).collect();
    let (mask, declare) = (at::<Incidents>(case, "screening/mask"), at::<Incidents>(case, "screening/declare"));
    let empty = (Fields::default(), FieldErrors::default());
    let title = t!("incident-screening");
    let body = html! {
        h1 .govuk-heading-l { (title) }
        (kit::marked::<Incidents>(visit, case))
        p .govuk-body { (t!("incident-screening-about")) }
        @if found.is_empty() { (ui::inset(html! { (t!("incident-screening-none")) })) }
        @if open.len() > 1 {
            (form(visit, &mask, Some(case.version), html! {
                @for passage in &open { (ui::hidden("path", &passage.path)) }
                (ui::button(&t!("incident-mask-all"), ButtonKind::Primary))
            })?)
        }
        @for (n, passage) in found.iter().enumerate() {
            @let typed = if at_path == Some(passage.path.as_str()) { typed } else { Typed { fields: &empty.0, errors: &empty.1 } };
            section .vs-task aria-labelledby={ "found-" (n) } {
                h2 .govuk-heading-m id={ "found-" (n) } { (passage.label) }
                p .govuk-hint { (kinds(passage)) }
                (marked(passage))
                @if is_essential(passage) {
                    p .govuk-body { strong { (t!("incident-essential")) } " " (reasons.get(&passage.path).map_or("", String::as_str)) }
                } @else {
                    (form(visit, &mask, Some(case.version), html! {
                        (ui::hidden("path", &passage.path))
                        (ui::named_button(&t!("incident-mask"), if open.len() > 1 { ButtonKind::Secondary } else { ButtonKind::Primary }, "one", "yes", Some(&passage.label)))
                    })?)
                    p .govuk-body { a .govuk-link href=(at::<Incidents>(case, &format!("answers/{}", passage.section))) { (t!("incident-remove")) } }
                    (ui::details(&t!("incident-declare-ask"), form(visit, &declare, Some(case.version), html! {
                        (ui::hidden("path", &passage.path))
                        (typed.area("reason", "incident-essential-reason", 3))
                        (ui::button(&t!("incident-declare"), ButtonKind::Secondary))
                    })?))
                }
            }
        }
        p .govuk-body { a .govuk-link href=(at::<Incidents>(case, "")) { (t!("incident-follow")) } }
    };
    Ok(kit::page::<Incidents>(visit, of, &title).errors(typed.errors).body(&body))
}

pub(super) async fn mask(Path(id): Path<String>, post: Posted) -> Answer {
    let of = kit::viewed::<Incidents>(&post.visit, &id).await?;
    let paths: Vec<String> = post.fields.all("path").into_iter().map(str::to_owned).collect();
    act::mask(&post.visit.cx, of.case.id, post.fields.version()?, &paths).await?;
    Ok(see_other(&at::<Incidents>(&of.case, "screening")))
}

pub(super) async fn declare(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Incidents>(visit, &id).await?;
    let path = fields.get("path");
    match act::declare(&visit.cx, of.case.id, fields.version()?, path, fields.get("reason")).await {
        Ok(()) => Ok(see_other(&at::<Incidents>(&of.case, "screening"))),
        Err(Error::Invalid(errors)) => draw(visit, &of, Some(path), Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
