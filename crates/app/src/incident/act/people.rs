//! Letting a supplier tell the people whom an incident concerns, by a task, and recording that they were told.

use platform::authz::Side;
use platform::cases::tasks::{self, NewTask};
use platform::cx::{Cx, Entry, Tx};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result, t};
use serde_json::json;
use uuid::Uuid;

use super::recorded::{Open, checked, nobody, open, said};
use crate::casework::{Process as _, account, notices, writing};
use crate::incident::model::{Incidents, LONGEST};
use crate::incident::people::{asks_supplier, asks_the_same};
use crate::incident::regulator::{Decision, Kept, Record, Said, decision};
use crate::incident::store;
use crate::incident::teller::Informed;

/// Sets the task by which a supplier tells the people concerned, where a decision asks it to, and asks no longer for that of an earlier decision. The
/// task's id goes into the decision, its entry to the case. The leave to decide covers it: of the decision itself the supplier reads nothing.
pub(super) async fn asked(cx: &Cx, tx: &mut Tx, on: &Open, with: &mut Decision) -> Result<Option<Entry>> {
    let before = decision(&on.rounds);
    if let Some(before) = before.filter(|before| asks_the_same(before, with)) {
        with.task = before.task;
        return Ok(None);
    }
    tasks::drop_open(tx, before.and_then(|before| before.task)).await?;
    if !asks_supplier(with) {
        return Ok(None);
    }
    // At these stages nothing is asked of anybody any more.
    if Incidents::OVER.contains(&on.case.stage.as_str()) {
        return Err(Error::field("people_by", Text::new("regulator-people-by-over")));
    }
    writing::free::<Incidents>("instruction", &with.instruction)?;
    let by = account(cx)?;
    let title = t!("regulator-people-task");
    let new = NewTask {
        detail: Some(with.instruction.clone()),
        due: with.people_on,
        checks: true,
        ..NewTask::new(title.clone(), Side::Supplier)
    };
    let task = tasks::add(cx, tx, &on.case, by, new).await?;
    with.task = Some(task);
    let of = store::load_all(tx.db(), vec![on.case.clone()]).await?.pop().ok_or(Error::NotFound)?;
    notices::both::<Incidents>(tx, &of, &of.case, "tell-people")?;
    let entry = Entry::on("incident.task", &of).about("task", task).about("side", Side::Supplier.code());
    Ok(Some(entry.body(json!({ "title": title, "detail": with.instruction }))))
}

/// Records that the people concerned were told, as it was decided. The task by which a supplier was to tell them is asked for no longer.
///
/// # Errors
/// [`Error::Conflict`] where nothing of it waits; [`Error::Invalid`] without words of how, with data about people in them, or on a day that is to come; [`Error::Stale`]; or a refusal.
pub async fn record_people(cx: &Cx, id: Uuid, version: i32, with: Informed) -> Result<()> {
    let tx = cx.begin().await?;
    let on = open(cx, &tx, id, version, "regulator.people").await?;
    if on.kept.people.is_none() {
        return Err(Error::conflict("regulator-people-waits-not"));
    }
    let clock = &cx.core().clock;
    let mut errors = FieldErrors::default();
    let how = checked(&mut errors, "how", &with.how, LONGEST, Some("regulator-people-how-missing"));
    if with.on > clock.date_of(tx.now()) {
        errors.add("on", Text::new("regulator-to-come"));
    } else if with.on < clock.date_of(on.kept.aware) {
        errors.add("on", Text::new("regulator-people-before-aware"));
    }
    errors.or(())?;
    nobody(cx, &[("how", &how)])?;
    tasks::drop_open(&tx, decision(&on.rounds).and_then(|decision| decision.task)).await?;
    let kept = Kept { people: None, ..on.kept.clone() };
    let entry = Entry::on("regulator.people", &Record::of(&on.case)).about("on", with.on);
    said(cx, tx, on, kept, &Said::People(Informed { how, ..with }), (entry, None)).await
}
