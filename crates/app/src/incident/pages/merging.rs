//! Duplicates: into which incident a report is merged, what each page says of the other, and how the two are separated again.

use axum::extract::Path;
use maud::{Markup, html};
use platform::authz::Side;
use platform::cases::{store as cases, tasks};
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t};

use super::{form, kit};
use crate::casework::at;
use crate::casework::typed::Typed;
use crate::incident::act;
use crate::incident::model::{INCIDENT, Incident, Incidents};
use crate::incident::store::{self, duplicates};

/// So many are offered.
const OFFERED: usize = 10;
/// The choice of one that is not offered.
const OTHER: &str = "other";

pub(super) async fn ask(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::allowed::<Incidents>(&visit, &id, "incident.merge").await?;
    draw(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, of: &Incident, typed: Typed<'_>) -> Answer {
    let (cx, case) = (&visit.cx, &of.case);
    // Also says that it is too late, where it is.
    INCIDENT.take(case, "merge", &platform::cases::Taking::because("-"), cx.now())?;
    let offered = duplicates::offered(cx.db(), of, OFFERED).await?;
    let clock = &cx.core().clock;
    let mut choices: Vec<(String, String)> = Vec::new();
    for one in &offered {
        let reference = one.case.reference.clone().unwrap_or_default();
        let when = one.case.submitted_at.map(|at| clock.moment_text(at)).unwrap_or_default();
        let stage = INCIDENT.stage_name(&one.case.stage);
        choices.push((
            reference.clone(),
            t!("incident-merge-one", reference = reference, title = &one.case.title, when = when, stage = stage),
        ));
    }
    let open = tasks::list(cx, cx.db(), case, Side::Authority).await?.into_iter().filter(|task| !task.stands().over());
    let open: Vec<String> = open.map(|task| task.title).collect();
    let inner = html! {
        @if choices.is_empty() { (typed.line("reference", "incident-merge-reference")) }
        @else {
            @let all: Vec<(String, String)> = choices.into_iter().chain([(OTHER.to_owned(), t!("incident-merge-other"))]).collect();
            (typed.radios("into", "incident-merge-into", &all, None))
            (typed.optional_line("reference", "incident-merge-reference-other"))
        }
        (typed.area("reason", "incident-merge-why", 4))
        (ui::button(&INCIDENT.step_name("merge"), ButtonKind::Primary))
    };
    let title = INCIDENT.step_name("merge");
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("incident-merge-about")) }
        p .govuk-body { (t!("incident-merge-readers")) }
        @if !open.is_empty() {
            (ui::inset(html! {
                p .govuk-body { (t!("incident-merge-tasks")) }
                ul .govuk-list .govuk-list--bullet { @for title in &open { li { (title) } } }
            }))
        }
        (form(visit, &at::<Incidents>(case, "merge"), Some(case.version), inner)?)
    };
    Ok(kit::page::<Incidents>(visit, of, &title).errors(typed.errors).body(&body))
}

pub(super) async fn merge(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Incidents>(visit, &id).await?;
    let chosen = fields.some("into").filter(|chosen| *chosen != OTHER);
    let into = chosen.unwrap_or_else(|| fields.get("reference"));
    match act::merge(&visit.cx, of.case.id, fields.version()?, into, fields.get("reason")).await {
        Ok(()) => Ok(see_other(&at::<Incidents>(&of.case, ""))),
        Err(Error::Invalid(errors)) => {
            let of = kit::allowed::<Incidents>(visit, &id, "incident.merge").await?;
            // What is wrong stands where it was typed: in the box where none is offered, or another one was meant.
            let another = chosen.is_none() && (fields.get("into") == OTHER || !fields.get("reference").is_empty());
            let boxed = another || duplicates::offered(visit.cx.db(), &of, 1).await?.is_empty();
            let mut there = FieldErrors::default();
            for (name, text) in errors.iter() {
                there.add(if boxed && name == "into" { "reference" } else { name }, text.clone());
            }
            draw(visit, &of, Typed { fields, errors: &there }).await
        }
        Err(other) => Err(other),
    }
}

/// The incident that a report was merged into, if it was and the actor may read that one.
pub(in crate::incident) async fn into(cx: &Cx, of: &Incident) -> Result<Option<Incident>> {
    let Some(into) = duplicates::into(cx.db(), of.case.id).await? else { return Ok(None) };
    Ok(Some(store::get(cx.db(), into).await?).filter(|into| cx.may("incident.view", into)))
}

/// The reports that were merged into an incident and that the actor may read, first to last.
pub(in crate::incident) async fn merged_in(cx: &Cx, of: &Incident) -> Result<Vec<Incident>> {
    let all = duplicates::of(cx.db(), of.case.id).await?;
    let all = if all.is_empty() { Vec::new() } else { cases::all(cx.db(), &INCIDENT, all).await? };
    let mut all: Vec<Incident> = store::load_all(cx.db(), all).await?.into_iter().filter(|one| cx.may("incident.view", one)).collect();
    all.sort_by_key(|one| (one.case.submitted_at, one.case.id));
    Ok(all)
}

/// What an incident's page says of duplicates: what it was merged into, and what was merged into it.
pub(super) async fn beside(visit: &Visit, of: &Incident) -> Result<Markup> {
    let cx = &visit.cx;
    let reference = |one: &Incident| one.case.reference.clone().unwrap_or_else(|| t!("case-no-reference"));
    let merged = of.case.stage == crate::incident::model::MERGED;
    let (into, duplicates) = (into(cx, of).await?, merged_in(cx, of).await?);
    Ok(html! {
        @if let Some(into) = &into {
            (ui::inset(html! { (t!("incident-merged-into")) " " a .govuk-link href=(at::<Incidents>(&into.case, "")) { (reference(into)) } }))
        } @else if merged {
            (ui::inset(html! { (t!("incident-merged-elsewhere")) }))
        }
        @if !duplicates.is_empty() {
            h2 .govuk-heading-m { (t!("incident-duplicates")) }
            p .govuk-body { (t!("incident-duplicates-about")) }
            ul .govuk-list .govuk-list--bullet {
                @for one in &duplicates {
                    li {
                        a .govuk-link href=(at::<Incidents>(&one.case, "")) { (reference(one)) }
                        @if let Some(at) = one.case.submitted_at { ", " (t!("incident-duplicate-reported", when = cx.core().clock.moment_text(at))) }
                    }
                }
            }
        }
    })
}
