//! Thread and tasks.

use axum::extract::Path;
use maud::{Markup, html};
use platform::authz::Side;
use platform::cases::people;
use platform::cases::tasks::{self as rows, NewTask, Task};
use platform::cases::thread::{self as messages, Reads};
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Check, Choice, Field, Message, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::{Typed, at, form, frame, id_of, page, read_date, viewed};
use crate::offshoring::act;
use crate::offshoring::evidence;
use crate::offshoring::model::{PROPOSAL, Proposal};
use crate::party;

pub(super) async fn thread(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed(&visit, &id).await?;
    thread_page(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn thread_page(visit: &Visit, of: &Proposal, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let reads = if cx.may("proposal.read_notes", of) { Reads::Everything } else { Reads::Shared };
    let all = messages::read(cx, cx.db(), &of.case, reads).await?;
    let names = people::names(cx, all.iter().map(|m| m.account)).await?;
    let parties = party::store::names(cx.db(), all.iter().map(|m| m.party)).await?;
    let own_side = |party: &uuid::Uuid| cx.actor.is_authority() != of.standing.above.contains(party);
    let drawn: Vec<(String, String)> =
        all.iter().map(|m| (cx.core().clock.moment_text(m.at), platform::clock::timestamp(m.at).to_string())).collect();
    let nobody = t!("proposal-somebody");
    let lines: Vec<Message> = all
        .iter()
        .zip(&drawn)
        .map(|(m, (when, iso))| Message {
            by: names.get(&m.account).unwrap_or(&nobody),
            party: parties.get(&m.party).map_or("", String::as_str),
            when,
            iso,
            body: html! { @for part in m.body.split("\n\n") { p .govuk-body { (part) } } },
            own: own_side(&m.party),
            internal: m.internal,
        })
        .collect();
    let label = t!("proposal-internal");
    let inner = html! {
        (typed.area("body", "proposal-message", 5))
        @if cx.may("proposal.note", of) {
            (ui::single_checkbox(&|id| texts::t(id), &Field::new("internal", &label), &Check { value: "yes", checked: typed.fields.has("internal"), small: true }))
        }
        (ui::button(&t!("proposal-send"), ButtonKind::Primary))
    };
    let content = html! {
        h2 .govuk-heading-m { (t!("proposal-tab-thread")) }
        @if lines.is_empty() { (ui::empty_state(&t!("proposal-thread-empty"), &t!("proposal-thread-empty-text"), None)) }
        @else { (ui::messages(&|id| texts::t(id), &lines)) }
        @if cx.may("proposal.message", of) { (form(visit, &at(&of.case, "thread"), None, inner)?) }
    };
    Ok(page(visit, of, &t!("proposal-tab-thread")).errors(typed.errors).body(&frame(visit, of, "thread", content).await?))
}

pub(super) async fn write(Path(id): Path<String>, post: Posted) -> Answer {
    let of = viewed(&post.visit, &id).await?;
    match act::write(&post.visit.cx, of.case.id, post.fields.get("body"), post.fields.get("internal") == "yes").await {
        Ok(()) => Ok(see_other(&at(&of.case, "thread"))),
        Err(Error::Invalid(errors)) => thread_page(&post.visit, &of, Typed { fields: &post.fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn files(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed(&visit, &id).await?;
    let list = platform::files::panel(&visit, PROPOSAL.id, &of.case.id.to_string(), None).await?;
    let content = html! {
        h2 .govuk-heading-m { (t!("proposal-tab-files")) }
        (list)
    };
    Ok(page(&visit, &of, &t!("proposal-tab-files")).body(&frame(&visit, &of, "files", content).await?))
}

pub(super) async fn tasks(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed(&visit, &id).await?;
    tasks_page(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn tasks_page(visit: &Visit, of: &Proposal, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let side = cx.actor.signed_in()?.side;
    let all = rows::list(cx, cx.db(), &of.case, side).await?;
    let names = people::names(cx, all.iter().filter_map(|task| task.owner)).await?;
    let mut lines = Vec::new();
    for task in &all {
        let owner = task.owner.and_then(|owner| names.get(&owner));
        lines.push(one(visit, of, task, side, owner).await?);
    }
    let may = cx.may("proposal.task", of);
    let doers = if may { act::doers(cx, of).await? } else { Vec::new() };
    let doers: Vec<(String, String)> = doers
        .iter()
        .map(|(person, party)| (person.account.to_string(), t!("proposal-task-person", name = &person.name, party = party)))
        .collect();
    let people: Vec<Choice> = doers.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let (person, person_hint, person_error) = (t!("proposal-task-owner"), t!("proposal-task-owner-hint"), typed.error("owner"));
    let person = Field::new("owner", &person).hint(Some(&person_hint)).error(person_error.as_deref()).optional(true);
    let sides = ["supplier", "authority"];
    let (for_supplier, for_authority) = (t!("waits-for-supplier"), t!("proposal-the-authority"));
    let (label, error) = (t!("proposal-task-side"), typed.error("side"));
    let chosen = typed.fields.some("side").or(Some(sides[1]));
    let choices = [Choice::new(sides[0], &for_supplier), Choice::new(sides[1], &for_authority)];
    let inner = html! {
        h2 .govuk-heading-m { (t!("proposal-task-new")) }
        (typed.line("title", "proposal-task-what"))
        (typed.optional_area("detail", "proposal-task-detail", 3))
        (ui::radios(&|id| texts::t(id), &Field::new("side", &label).error(error.as_deref()), &choices, chosen, true))
        @if !people.is_empty() { (ui::select(&|id| texts::t(id), &person, &people, typed.fields.some("owner"), true)) }
        (typed.date("due", "proposal-task-due", None, true))
        (ui::button(&t!("proposal-task-add"), ButtonKind::Secondary))
    };
    let content = html! {
        h2 .govuk-heading-m { (t!("proposal-tab-tasks")) }
        @if lines.is_empty() { (ui::empty_state(&t!("proposal-tasks-empty"), &t!("proposal-tasks-empty-text"), None)) }
        @for line in &lines { (line) }
        @if may { (form(visit, &at(&of.case, "tasks"), None, inner)?) }
    };
    Ok(page(visit, of, &t!("proposal-tab-tasks")).errors(typed.errors).body(&frame(visit, of, "tasks", content).await?))
}

async fn one(visit: &Visit, of: &Proposal, task: &Task, side: Side, owner: Option<&String>) -> Result<Markup> {
    let due = task.due.as_ref().and_then(|d| d.parse().ok()).map(platform::clock::day_text);
    let id = task.id.simple();
    let label = t!("proposal-task-note");
    let name = "note";
    let finishing = html! {
        label .govuk-label for={ "note-" (id) } { (label) }
        input .govuk-input id={ "note-" (id) } name=(name) type="text" value="";
        (ui::named_button(&t!("proposal-task-done"), ButtonKind::Secondary, "done", "yes", Some(&task.title)))
    };
    let open = task.done_at.is_none() && task.side == side.code() && visit.cx.may("proposal.finish_task", of);
    let status = if task.done_at.is_some() { (t!("proposal-task-is-done"), Tone::Green) } else { (t!("proposal-task-open"), Tone::Blue) };
    let whose = if task.side == "supplier" { t!("waits-for-supplier") } else { t!("proposal-the-authority") };
    let files = platform::files::brief(visit, PROPOSAL.id, &of.case.id.to_string(), &evidence::of_task(task.id)).await?;
    Ok(html! {
        section .vs-task {
            h3 .govuk-heading-s { (task.title) " " (ui::tag(&status.0, status.1)) }
            p .govuk-body { @if let Some(owner) = owner { (t!("proposal-holder", name = owner, role = whose)) } @else { (whose) } @if let Some(due) = due { ", " (t!("proposal-task-by", date = due)) } }
            @if let Some(detail) = &task.detail { p .govuk-body { (detail) } }
            @if let Some(note) = &task.note { p .govuk-body { (note) } }
            (files)
            @if open { (form(visit, &at(&of.case, &format!("tasks/{}", task.id)), Some(task.version), finishing)?) }
        }
    })
}

pub(super) async fn add_task(Path(id): Path<String>, post: Posted) -> Answer {
    let of = viewed(&post.visit, &id).await?;
    let fields = &post.fields;
    let mut errors = FieldErrors::default();
    let given = ["day", "month", "year"].iter().any(|part| fields.some(&format!("due.{part}")).is_some());
    let due = if given { read_date(fields, "due", &mut errors) } else { None };
    let side = Side::from_code(fields.get("side"));
    if side.is_none() {
        errors.add("side", texts::Text::new("proposal-task-side-missing"));
    }
    let result = match errors.or(side.unwrap_or(Side::Authority)) {
        Err(error) => Err(error),
        Ok(side) => {
            let new = NewTask {
                title: fields.get("title").to_owned(),
                detail: fields.some("detail").map(str::to_owned),
                side,
                role: None,
                owner: fields.some("owner").map(id_of).transpose()?,
                due,
            };
            act::add_task(&post.visit.cx, of.case.id, new).await
        }
    };
    match result {
        Ok(_) => Ok(see_other(&at(&of.case, "tasks"))),
        Err(Error::Invalid(errors)) => tasks_page(&post.visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn finish_task(Path((id, task)): Path<(String, String)>, post: Posted) -> Answer {
    let of = viewed(&post.visit, &id).await?;
    let note = post.fields.some("note").map(|n| n.chars().take(2_000).collect());
    act::finish_task(&post.visit.cx, of.case.id, id_of(&task)?, post.fields.version()?, note).await?;
    Ok(see_other(&at(&of.case, "tasks")))
}
