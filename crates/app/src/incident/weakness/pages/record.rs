//! The page of a weakness: what it is, which incidents showed it, and what is being done about it.

use axum::extract::Path;
use maud::{Markup, html};
use platform::authz::Side;
use platform::cases::tasks::NewTask;
use platform::error::FieldErrors;
use platform::register::history;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Check, Field, Link, Tab};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use uuid::Uuid;

use super::{named, state, tasks_of, tells_history};
use crate::casework::at;
use crate::casework::pages::stands;
use crate::casework::typed::{Typed, form, id_of, optional_date};
use crate::incident::model::{INCIDENT, Incident, Incidents};
use crate::incident::store::duplicates;
use crate::incident::weakness::act;
use crate::incident::weakness::model::WEAKNESSES;
use crate::incident::weakness::store::{self, Weakness};

pub(super) async fn show(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    draw(&visit, id, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

/// The weakness, if the visitor may view it.
pub(super) async fn viewed(visit: &Visit, id: Uuid) -> Result<Weakness> {
    let of = store::get(&visit.cx, visit.cx.db(), id).await?;
    visit.cx.permit("weakness.view", &of)?;
    Ok(of)
}

async fn draw(visit: &Visit, id: Uuid, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let of = viewed(visit, id).await?;
    let record = named(cx, std::slice::from_ref(&of)).await?.pop().unwrap_or_default();
    let without: &[&str] = match (of.is_open(), cx.actor.is_authority()) {
        (true, true) => &["name", "state", "resolved_on", "resolution"],
        (true, false) => &["name", "state", "resolved_on", "resolution", "party", "contract"],
        (false, true) => &["name", "state"],
        (false, false) => &["name", "state", "party", "contract"],
    };
    let incidents = store::incidents_of(cx, cx.db(), id).await?;
    let (facts_title, history_title) = (t!("register-facts"), t!("register-timeline"));
    let facts = html! {
        (WEAKNESSES.facts(&record, without))
        h2 .govuk-heading-m { (t!("weakness-incidents")) }
        (incidents_of(visit, &of, &incidents, typed)?)
        h2 .govuk-heading-m { (t!("weakness-tasks")) }
        (doing(visit, &of, &incidents, typed).await?)
    };
    let mut tabs = vec![Tab { id: "facts", title: &facts_title, content: facts }];
    if tells_history(cx) {
        tabs.push(Tab { id: "history", title: &history_title, content: history(cx, &WEAKNESSES, id).await? });
    }
    let title = WEAKNESSES.says("list-title");
    let page = visit.page(&of.row.name).active("/weaknesses").crumb(&title, "/weaknesses").wide().errors(typed.errors);
    Ok(page.body(&html! {
        (WEAKNESSES.head(id, &of.row.name, cx.may("weakness.change", &of)))
        p .govuk-body { (state(&of)) }
        (next(visit, &of))
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

/// What is to be done next, with its button for whoever may.
fn next(visit: &Visit, of: &Weakness) -> Markup {
    let (resolve, reopen) = (t!("weakness-resolve"), t!("weakness-reopen"));
    let [to_resolve, to_reopen] = ["resolve", "reopen"].map(|page| format!("/weaknesses/{}/{page}", of.row.id));
    html! {
        @if of.is_open() {
            (ui::inset(html! { (t!("weakness-next-open")) }))
            @if visit.cx.may("weakness.resolve", of) { (ui::link_button(Link::new(&resolve, &to_resolve), ButtonKind::Primary)) }
        } @else if visit.cx.may("weakness.reopen", of) {
            (ui::link_button(Link::new(&reopen, &to_reopen), ButtonKind::Secondary))
        }
    }
}

fn called(on: &Incident) -> String {
    on.case.reference.clone().unwrap_or_else(|| t!("case-no-reference"))
}

/// The incidents that showed it, as far as the visitor reads them; whoever may ties and unties them.
fn incidents_of(visit: &Visit, of: &Weakness, incidents: &[Incident], typed: Typed<'_>) -> Result<Markup> {
    let ties = visit.cx.may("weakness.tie", of);
    let untie = |on: &Incident| {
        let inner = html! {
            (ui::hidden("incident", &on.case.id.to_string()))
            (ui::named_button(&t!("weakness-untie"), ButtonKind::Secondary, "do", "untie", Some(&called(on))))
        };
        form(visit, &format!("/weaknesses/{}/untie", of.row.id), None, inner)
    };
    let mut rows = Vec::new();
    for on in incidents {
        rows.push(html! {
            li {
                a .govuk-link href=(at::<Incidents>(&on.case, "")) { (called(on)) } ": " (on.case.title)
                " " (ui::tag(&INCIDENT.stage_name(&on.case.stage), INCIDENT.stage(&on.case.stage)?.tone))
                @if ties { (untie(on)?) }
            }
        });
    }
    let inner = html! {
        (typed.line("reference", "weakness-tie-reference"))
        (ui::button(&t!("weakness-tie"), ButtonKind::Secondary))
    };
    Ok(html! {
        @if rows.is_empty() { (ui::empty_state(&t!("weakness-incidents-none"), &t!("weakness-incidents-none-text"), None)) }
        @else { ul .govuk-list .govuk-list--spaced { @for row in &rows { (row) } } }
        @if ties { (form(visit, &format!("/weaknesses/{}/incidents", of.row.id), None, inner)?) }
    })
}

/// What was ordered about it, and the form that orders more with an incident that is open.
async fn doing(visit: &Visit, of: &Weakness, incidents: &[Incident], typed: Typed<'_>) -> Result<Markup> {
    let cx = &visit.cx;
    let tasks = tasks_of(cx, of).await?;
    let may = |on: &&Incident| on.case.closed_at.is_none() && cx.may("incident.task", *on);
    let with: Vec<(String, String)> =
        incidents.iter().filter(may).map(|on| (on.case.id.to_string(), format!("{}: {}", called(on), on.case.title))).collect();
    let sides = vec![("supplier".to_owned(), t!("waits-for-supplier")), ("authority".to_owned(), t!("case-the-authority"))];
    let label = t!("case-task-checks");
    let inner = html! {
        (typed.line("title", "case-task-what"))
        (typed.optional_area("detail", "case-task-detail", 3))
        @match &with[..] {
            [(only, _)] => (ui::hidden("incident", only)),
            _ => (typed.radios("incident", "weakness-order-with", &with, None)),
        }
        (typed.radios("side", "case-task-side", &sides, None))
        (typed.date("due", "case-task-due", None, true))
        (ui::single_checkbox(&|id| texts::t(id), &Field::new("checks", &label), &Check { value: "yes", checked: typed.fields.has("checks"), small: true }))
        (ui::button(&t!("case-task-add"), ButtonKind::Secondary))
    };
    let asked = form(visit, &format!("/weaknesses/{}/tasks", of.row.id), None, inner)?;
    Ok(html! {
        @if tasks.is_empty() { (ui::empty_state(&t!("weakness-tasks-none"), &t!("weakness-tasks-none-text"), None)) }
        @else {
            ul .govuk-list .govuk-list--spaced {
                @for (on, task) in &tasks {
                    @let (status, tone) = stands(task);
                    li {
                        a .govuk-link href=(at::<Incidents>(&on.case, "tasks")) { (task.title) } " " (ui::tag(&status, tone))
                        @if let Some(day) = task.due.as_ref().and_then(|day| day.parse().ok()) { " " (t!("case-task-by", date = platform::clock::day_text(day))) }
                        ". " (called(on))
                        @if let Some(note) = &task.note { p .govuk-body { (t!("case-task-note-says", note = note)) } }
                    }
                }
            }
        }
        @if !with.is_empty() {
            @if typed.fields.has("title") || typed.fields.has("side") { (asked) } @else { (ui::details(&t!("weakness-order"), asked)) }
        }
    })
}

pub(super) async fn tie(Path(id): Path<Uuid>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = viewed(visit, id).await?;
    visit.cx.permit("weakness.tie", &of)?;
    let found = match duplicates::called(visit.cx.db(), &fields.get("reference").trim().to_uppercase()).await {
        Err(Error::NotFound) => Err(Error::field("reference", Text::new("incident-merge-unknown"))),
        other => other,
    };
    let done = match found {
        Ok(on) => act::tie(&visit.cx, id, on.case.id).await,
        Err(error) => Err(error),
    };
    answered(visit, id, fields, done).await
}

pub(super) async fn untie(Path(id): Path<Uuid>, post: Posted) -> Answer {
    viewed(&post.visit, id).await?;
    act::untie(&post.visit.cx, id, id_of(post.fields.get("incident"))?).await?;
    Ok(see_other(&format!("/weaknesses/{id}")))
}

pub(super) async fn order(Path(id): Path<Uuid>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    viewed(visit, id).await?;
    let mut errors = FieldErrors::default();
    let due = optional_date(fields, "due", &mut errors);
    let side = Side::from_code(fields.get("side"));
    if side.is_none() {
        errors.add("side", Text::new("case-task-side-missing"));
    }
    if fields.get("incident").is_empty() {
        errors.add("incident", Text::new("weakness-order-with-missing"));
    }
    if fields.get("title").trim().is_empty() {
        errors.add("title", Text::new("case-task-title"));
    }
    let done = match errors.or(side.unwrap_or(Side::Authority)) {
        Ok(side) => {
            let new = NewTask {
                checks: fields.has("checks"),
                detail: fields.some("detail").map(str::to_owned),
                due,
                ..NewTask::new(fields.get("title").to_owned(), side)
            };
            act::order(&visit.cx, id, id_of(fields.get("incident"))?, new).await.map(|_| ())
        }
        Err(error) => Err(error),
    };
    answered(visit, id, fields, done).await
}

/// The page of the weakness, or the same with what to mend.
async fn answered(visit: &Visit, id: Uuid, fields: &Fields, done: Result<()>) -> Answer {
    match done {
        Ok(()) => Ok(see_other(&format!("/weaknesses/{id}"))),
        Err(Error::Invalid(errors)) => draw(visit, id, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
