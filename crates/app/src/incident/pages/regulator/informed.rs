//! Recording that the people concerned were told.

use axum::extract::Path;
use maud::html;
use platform::cases::tasks;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, t};

use super::asked::{Asking, none};
use crate::casework::at;
use crate::casework::pages::stands;
use crate::casework::typed::{Typed, read_date};
use crate::incident::act;
use crate::incident::model::Incidents;
use crate::incident::regulator::decision;
use crate::incident::teller::Informed;

pub(in crate::incident::pages) async fn ask_people(visit: Visit, Path(id): Path<String>) -> Answer {
    let asking = Asking::read(&visit, &id, "regulator.people").await?;
    if asking.kept.people.is_none() {
        return Err(Error::conflict("regulator-people-waits-not"));
    }
    let (fields, errors) = none();
    draw(&visit, &asking, Typed { fields: &fields, errors: &errors }).await
}

async fn draw(visit: &Visit, asking: &Asking<'_>, typed: Typed<'_>) -> Answer {
    let (cx, case) = (&visit.cx, &asking.of.case);
    let decided = decision(&asking.rounds);
    let task = match decided.and_then(|decided| decided.task) {
        Some(task) => Some(tasks::get(cx, cx.db(), case, task).await?),
        None => None,
    };
    // What the supplier said it did, else what was decided, is filled in.
    let said = task.as_ref().and_then(|task| task.note.clone()).or_else(|| decided.map(|decided| decided.people_how.clone()));
    let fields = match said {
        Some(said) if typed.fields.pairs().is_empty() => Fields::new(vec![("how".to_owned(), said)]),
        _ => typed.fields.clone(),
    };
    let typed = Typed { fields: &fields, errors: typed.errors };
    let over = html! {
        @if let Some(task) = &task {
            @let (status, tone) = stands(task);
            p .govuk-body {
                (t!("regulator-people-task-stands")) " " a .govuk-link href=(at::<Incidents>(case, "tasks")) { (task.title) } " " (ui::tag(&status, tone))
            }
        }
    };
    let inner = html! {
        (typed.date("on", "regulator-people-told-on", None, false))
        (typed.area("how", "regulator-people-told-how", 4))
        (ui::button(&t!("regulator-people-record"), ButtonKind::Primary))
    };
    asking.page(&t!("regulator-people-record"), typed.errors, &over, inner, "regulator/people")
}

pub(in crate::incident::pages) async fn tell_people(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let mut asking = Asking::read(visit, &id, "regulator.people").await?;
    asking.version = fields.version()?;
    let mut errors = FieldErrors::default();
    let on = read_date(fields, "on", &mut errors);
    let done = match errors.or(on) {
        Ok(Some(on)) => {
            let with = Informed { on, how: fields.get("how").to_owned() };
            act::record_people(&visit.cx, asking.of.case.id, asking.version, with).await
        }
        Ok(None) => Err(Error::NotFound),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Incidents>(&asking.of.case, "regulator"))),
        Err(Error::Invalid(errors)) => draw(visit, &asking, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
