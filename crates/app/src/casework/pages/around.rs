//! Thread, tasks and files of a case.

use axum::extract::Path;
use maud::{Markup, html};
use platform::authz::Side;
use platform::cases::api::reads;
use platform::cases::people;
use platform::cases::tasks::{self as rows, For, NewTask, Stands, Task};
use platform::cases::thread as messages;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Check, Choice, Field, Message, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};

use super::{frame, page, viewed};
use crate::casework::nearness;
use crate::casework::typed::{Typed, form, id_of, optional_date};
use crate::casework::writing::{People, Writing};
use crate::casework::{Process, act, at, desk, evidence};
use crate::party;

pub(super) async fn thread<P: Process>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed::<P>(&visit, &id).await?;
    thread_page::<P>(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }, None).await
}

/// Shows one message with all that it says, which is recorded.
pub(super) async fn reveal<P: Process>(Path((id, message)): Path<(String, String)>, post: Posted) -> Answer {
    let of = viewed::<P>(&post.visit, &id).await?;
    let whole = act::reveal_message::<P>(&post.visit.cx, P::case(&of).id, id_of(&message)?).await?;
    thread_page::<P>(&post.visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }, Some(whole)).await
}

/// What it says; of what is withheld the way to it, for whoever may ask.
fn said<P: Process>(visit: &Visit, of: &P::Thing, message: &messages::Message) -> Result<Markup> {
    let show = at::<P>(P::case(of), &format!("thread/{}/reveal", message.id));
    let shown = visit.cx.may(P::ACTS.reveal, of);
    Ok(html! {
        @for part in message.body.split("\n\n") { p .govuk-body { (part) } }
        @if let Some(reason) = &message.essential { p .govuk-hint { (t!("case-message-essential", reason = reason)) } }
        @if message.withheld {
            p .govuk-hint { (t!("case-message-withheld")) }
            @if shown { (form(visit, &show, None, ui::button(&t!("case-message-show"), ButtonKind::Secondary))?) }
        }
    })
}

/// The choice that whoever writes of people has, once it is known that they do.
fn people(typed: Typed<'_>) -> Markup {
    let asked = typed.error("people").is_some() || typed.fields.has("people");
    let choices = [("mask".to_owned(), t!("case-people-mask")), ("essential".to_owned(), t!("case-people-essential"))];
    html! {
        @if asked {
            (typed.radios("people", "case-people", &choices, None))
            (typed.optional_area("people_reason", "case-people-reason", 2))
        }
    }
}

async fn thread_page<P: Process>(visit: &Visit, of: &P::Thing, typed: Typed<'_>, whole: Option<messages::Message>) -> Answer {
    let cx = &visit.cx;
    let own_notes = P::OWN_NOTE.is_some_and(|note| cx.may(note, of));
    let mut all = messages::read(cx, cx.db(), P::case(of), reads::<P>(cx, of), P::SCREENED).await?;
    if let Some(whole) = whole {
        all.iter_mut().filter(|message| message.id == whole.id).for_each(|message| message.clone_from(&whole));
    }
    let names = people::names(cx, all.iter().map(|m| m.account)).await?;
    let parties = party::store::names(cx.db(), all.iter().map(|m| m.party)).await?;
    let own_side = |party: &uuid::Uuid| cx.actor.is_authority() != P::sight(of).above.contains(party);
    let drawn: Vec<(String, String)> =
        all.iter().map(|m| (cx.core().clock.moment_text(m.at), platform::clock::timestamp(m.at).to_string())).collect();
    let nobody = t!("case-somebody");
    let bodies = all.iter().map(|message| said::<P>(visit, of, message)).collect::<Result<Vec<_>>>()?;
    let lines: Vec<Message> = all
        .iter()
        .zip(&drawn)
        .zip(bodies)
        .map(|((m, (when, iso)), body)| Message {
            by: names.get(&m.account).unwrap_or(&nobody),
            party: parties.get(&m.party).map_or("", String::as_str),
            when,
            iso,
            body,
            own: own_side(&m.party),
            internal: m.internal,
        })
        .collect();
    let label = if own_notes { t!("case-internal-own") } else { t!("case-internal") };
    let inner = html! {
        (typed.area("body", "case-your-message", 5))
        (people(typed))
        @if own_notes || cx.may(P::ACTS.note, of) {
            (ui::single_checkbox(&|id| texts::t(id), &Field::new("internal", &label), &Check { value: "yes", checked: typed.fields.has("internal"), small: true }))
        }
        (ui::button(&t!("case-send"), ButtonKind::Primary))
    };
    let content = html! {
        h2 .govuk-heading-m { (t!("case-tab-thread")) }
        @if lines.is_empty() { (ui::empty_state(&t!("case-thread-empty"), &t!("case-thread-empty-text"), None)) }
        @else { (ui::messages(&|id| texts::t(id), &lines)) }
        @if cx.may(P::ACTS.message, of) { (form(visit, &at::<P>(P::case(of), "thread"), None, inner)?) }
    };
    Ok(page::<P>(visit, of, &t!("case-tab-thread")).errors(typed.errors).body(&frame::<P>(visit, of, "thread", content).await?))
}

pub(super) async fn write<P: Process>(Path(id): Path<String>, post: Posted) -> Answer {
    let of = viewed::<P>(&post.visit, &id).await?;
    let fields = &post.fields;
    let people = match fields.get("people") {
        "mask" => People::Masked,
        "essential" => People::Essential(fields.get("people_reason").to_owned()),
        _ => People::Unasked,
    };
    let writing = Writing { body: fields.get("body"), internal: fields.get("internal") == "yes", people };
    match act::write::<P>(&post.visit.cx, P::case(&of).id, &writing).await {
        Ok(()) => Ok(see_other(&at::<P>(P::case(&of), "thread"))),
        Err(Error::Invalid(errors)) => thread_page::<P>(&post.visit, &of, Typed { fields, errors: &errors }, None).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn files<P: Process>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed::<P>(&visit, &id).await?;
    let list = platform::files::panel(&visit, P::KIND.id, &P::case(&of).id.to_string(), None).await?;
    let content = html! {
        h2 .govuk-heading-m { (t!("case-tab-files")) }
        (list)
    };
    Ok(page::<P>(&visit, &of, &t!("case-tab-files")).body(&frame::<P>(&visit, &of, "files", content).await?))
}

pub(super) async fn tasks<P: Process>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed::<P>(&visit, &id).await?;
    tasks_page::<P>(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

/// With more tasks than these on a page, the form of each is folded.
const FOLDED: usize = 3;

async fn tasks_page<P: Process>(visit: &Visit, of: &P::Thing, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let side = cx.actor.signed_in()?.side;
    let all = rows::list(cx, cx.db(), P::case(of), side).await?;
    let names = people::names(cx, all.iter().filter_map(|task| task.owner)).await?;
    let mut lines = Vec::new();
    for task in &all {
        let owner = task.owner.and_then(|owner| names.get(&owner));
        lines.push(one::<P>(visit, of, (task, all.len() > FOLDED), side, owner, typed).await?);
    }
    let may = cx.may(P::ACTS.task, of);
    let doers = if may { desk::doers::<P>(cx, of).await? } else { Vec::new() };
    let doers: Vec<(String, String)> = doers
        .iter()
        .map(|(person, party)| (person.account.to_string(), t!("case-task-person", name = &person.name, party = party)))
        .collect();
    let people: Vec<Choice> = doers.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let (person, person_hint, person_error) = (t!("case-task-owner"), t!("case-task-owner-hint"), typed.error("owner"));
    let person = Field::new("owner", &person).hint(Some(&person_hint)).error(person_error.as_deref()).optional(true);
    let sides = ["supplier", "authority"];
    let (for_supplier, for_authority) = (t!("waits-for-supplier"), t!("case-the-authority"));
    let (label, error) = (t!("case-task-side"), typed.error("side"));
    let chosen = typed.fields.some("side").or(Some(sides[1]));
    let choices = [Choice::new(sides[0], &for_supplier), Choice::new(sides[1], &for_authority)];
    let inner = html! {
        h2 .govuk-heading-m { (t!("case-task-new")) }
        (typed.line("title", "case-task-what"))
        (typed.optional_area("detail", "case-task-detail", 3))
        (ui::radios(&|id| texts::t(id), &Field::new("side", &label).error(error.as_deref()), &choices, chosen, true))
        @if !people.is_empty() { (ui::select(&|id| texts::t(id), &person, &people, typed.fields.some("owner"), true)) }
        (typed.date("due", "case-task-due", None, true))
        (ui::single_checkbox(&|id| texts::t(id), &Field::new("checks", &t!("case-task-checks")), &Check { value: "yes", checked: typed.fields.has("checks"), small: true }))
        (ui::button(&t!("case-task-add"), ButtonKind::Secondary))
    };
    let content = html! {
        h2 .govuk-heading-m { (t!("case-tab-tasks")) }
        @if lines.is_empty() { (ui::empty_state(&t!("case-tasks-empty"), &t!("case-tasks-empty-text"), None)) }
        @for line in &lines { (line) }
        @if may { (form(visit, &at::<P>(P::case(of), "tasks"), None, inner)?) }
    };
    Ok(page::<P>(visit, of, &t!("case-tab-tasks")).errors(typed.errors).body(&frame::<P>(visit, of, "tasks", content).await?))
}

/// How a task stands, in words and colour.
pub fn stands(task: &Task) -> (String, Tone) {
    match task.stands() {
        Stands::Open if task.lacks.is_some() => (t!("case-task-lacking"), Tone::Orange),
        Stands::Open => (t!("case-task-open"), Tone::Blue),
        Stands::Said => (t!("case-task-said"), Tone::Yellow),
        Stands::Done if task.checks => (t!("case-task-checked"), Tone::Green),
        Stands::Done => (t!("case-task-is-done"), Tone::Green),
        Stands::Dropped => (t!("case-task-dropped"), Tone::Grey),
    }
}

async fn one<P: Process>(
    visit: &Visit,
    of: &P::Thing,
    (task, folded): (&Task, bool),
    side: Side,
    owner: Option<&String>,
    typed: Typed<'_>,
) -> Result<Markup> {
    let day: Option<jiff::civil::Date> = task.due.as_ref().and_then(|d| d.parse().ok());
    let due = day.map(platform::clock::day_text);
    let today = visit.core().clock.today();
    let waits = matches!(task.stands(), Stands::Open);
    let near = day.filter(|_| waits).and_then(|day| Some((nearness(day, today)?, day < today)));
    let refused = typed.error(&of_task("note", task.id)).is_some();
    let finishing = html! {
        @if task.checks { p .govuk-hint { (t!("case-task-will-be-checked")) } }
        (typed_in(typed, "note", task, &t!("case-task-note")))
        (ui::named_button(&t!("case-task-done"), ButtonKind::Secondary, "done", "yes", Some(&task.title)))
    };
    let open = waits && task.side == side.code() && visit.cx.may(P::ACTS.finish_task, of);
    let status = stands(task);
    let checking = task.stands() == Stands::Said && visit.cx.may(P::ACTS.check_task, of);
    let kind = texts::t(&format!("case-task-for-{}", task.kind.code()));
    let whose = if task.side == "supplier" { t!("waits-for-supplier") } else { t!("case-the-authority") };
    let files = platform::files::brief(visit, P::KIND.id, &P::case(of).id.to_string(), &evidence::of_task(task.id)).await?;
    Ok(html! {
        section .vs-task {
            h3 .govuk-heading-s {
                (task.title) " " (ui::tag(&status.0, status.1))
                @if let Some((text, late)) = &near { " " (ui::tag(text, if *late { Tone::Red } else { Tone::Yellow })) }
            }
            p .govuk-body {
                @if task.kind != For::Task { (kind) ". " }
                @if let Some(owner) = owner { (t!("case-holder", name = owner, role = whose)) } @else { (whose) } @if let Some(due) = due { ", " (t!("case-task-by", date = due)) } }
            @if let Some(detail) = &task.detail { p .govuk-body { (detail) } }
            @if let Some(note) = &task.note { p .govuk-body { (t!("case-task-note-says", note = note)) } }
            @if let Some(lacks) = &task.lacks { p .govuk-body { strong { (t!("case-task-lacks-says", lacks = lacks)) } } }
            (files)
            @if open {
                @let form = form(visit, &at::<P>(P::case(of), &format!("tasks/{}", task.id)), Some(task.version), finishing)?;
                @if folded { (ui::details_shown(&t!("case-task-say-done", title = &task.title), refused, form)) } @else { (form) }
            }
            @if checking { (form(visit, &at::<P>(P::case(of), &format!("tasks/{}/check", task.id)), Some(task.version), checks(task, typed))?) }
        }
    })
}

/// The id of a field of one task among those of the others.
fn of_task(field: &str, task: uuid::Uuid) -> String {
    format!("{field}-{}", task.simple())
}

/// A line about one task, with what was typed into it and what is wrong with that.
fn typed_in(typed: Typed<'_>, name: &str, task: &Task, label: &str) -> Markup {
    let id = of_task(name, task.id);
    let wrong = typed.error(&id);
    let field = Field::new(name, label).known_as(&id).error(wrong.as_deref());
    let value = if wrong.is_some() { typed.fields.get(name) } else { "" };
    ui::input(&|id| texts::t(id), &field, &ui::Input { value, ..ui::Input::default() })
}

/// Whether it was done, for whoever checks it.
fn checks(task: &Task, typed: Typed<'_>) -> Markup {
    html! {
        (typed_in(typed, "lacks", task, &t!("case-task-lacks")))
        (ui::button_group(html! {
            (ui::named_button(&t!("case-task-found-done"), ButtonKind::Secondary, "found", "done", Some(&task.title)))
            (ui::named_button(&t!("case-task-found-lacking"), ButtonKind::Secondary, "found", "lacking", Some(&task.title)))
        }))
    }
}

pub(super) async fn check_task<P: Process>(Path((id, task)): Path<(String, String)>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = viewed::<P>(visit, &id).await?;
    let (task, version) = (id_of(&task)?, fields.version()?);
    let lacks = match (fields.get("found"), fields.some("lacks")) {
        ("done", _) => Ok(None),
        (_, Some(lacks)) => Ok(Some(lacks)),
        (_, None) => Err(Error::field(format!("lacks-{}", task.simple()), texts::Text::new("case-task-lacks-missing"))),
    };
    let done = match lacks {
        Ok(lacks) => act::check_task::<P>(&visit.cx, P::case(&of).id, task, version, lacks).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<P>(P::case(&of), "tasks"))),
        Err(Error::Invalid(errors)) => {
            let errors = errors.renamed("lacks", &of_task("lacks", task));
            tasks_page::<P>(visit, &of, Typed { fields, errors: &errors }).await
        }
        Err(other) => Err(other),
    }
}

pub(super) async fn add_task<P: Process>(Path(id): Path<String>, post: Posted) -> Answer {
    let of = viewed::<P>(&post.visit, &id).await?;
    let fields = &post.fields;
    let mut errors = FieldErrors::default();
    let due = optional_date(fields, "due", &mut errors);
    let side = Side::from_code(fields.get("side"));
    if side.is_none() {
        errors.add("side", texts::Text::new("case-task-side-missing"));
    }
    let result = match errors.or(side.unwrap_or(Side::Authority)) {
        Err(error) => Err(error),
        Ok(side) => {
            let new = NewTask {
                checks: fields.has("checks"),
                detail: fields.some("detail").map(str::to_owned),
                owner: fields.some("owner").map(id_of).transpose()?,
                due,
                ..NewTask::new(fields.get("title").to_owned(), side)
            };
            act::add_task::<P>(&post.visit.cx, P::case(&of).id, new).await
        }
    };
    match result {
        Ok(_) => Ok(see_other(&at::<P>(P::case(&of), "tasks"))),
        Err(Error::Invalid(errors)) => tasks_page::<P>(&post.visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn finish_task<P: Process>(Path((id, task)): Path<(String, String)>, post: Posted) -> Answer {
    let of = viewed::<P>(&post.visit, &id).await?;
    let note = post.fields.some("note").map(|n| n.chars().take(2_000).collect());
    let (task, fields) = (id_of(&task)?, &post.fields);
    match act::finish_task::<P>(&post.visit.cx, P::case(&of).id, task, fields.version()?, note).await {
        Ok(()) => Ok(see_other(&at::<P>(P::case(&of), "tasks"))),
        Err(Error::Invalid(errors)) => {
            let errors = errors.renamed("note", &of_task("note", task));
            tasks_page::<P>(&post.visit, &of, Typed { fields, errors: &errors }).await
        }
        Err(other) => Err(other),
    }
}
