//! The audits and tests that a plan promises (SEC-8b, SEC-8e), as tasks of the supplier; pure.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::authz::Side;
use platform::cases::tasks::{For, NewTask, Stands, Task};
use platform::clock::Clock;
use platform::{Error, Result, t};
use rules::form::{Answers, Form};
use serde_json::Value;

/// The longest title of a task, in characters.
const LONGEST: usize = 200;

/// One audit or test of the plan's answers.
struct Test<'a> {
    kind: &'a str,
    scope: &'a str,
    every: &'a str,
    next: Option<Date>,
    by: &'a str,
}

impl<'a> Test<'a> {
    fn all(answers: &'a Answers) -> Vec<Self> {
        let listed = answers.get("tests").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let text = |entry: &'a Value, id: &str| entry.get(id).and_then(Value::as_str).unwrap_or_default();
        let of = |entry: &'a Value| Self {
            kind: text(entry, "test_kind"),
            scope: text(entry, "test_scope"),
            every: text(entry, "test_every"),
            next: text(entry, "test_next").parse().ok(),
            by: text(entry, "test_by"),
        };
        listed.iter().map(of).collect()
    }

    /// By this name its task is known again.
    fn title(&self, form: &Form) -> String {
        t!("plan-test-title", kind = chosen(form, "test_kind", self.kind), scope = self.scope).chars().take(LONGEST).collect()
    }

    /// When it comes again after it was done; never, where it is done once or at no said interval.
    fn after(&self, done: Date) -> Result<Option<Date>> {
        let months = match self.every {
            "quarterly" => 3,
            "half_yearly" => 6,
            "yearly" => 12,
            _ => return Ok(None),
        };
        Ok(Some(done.checked_add(months.months()).map_err(Error::internal)?))
    }

    fn task(&self, form: &Form, due: Option<Date>) -> NewTask {
        let every = chosen(form, "test_every", self.every);
        let detail = t!("plan-test-detail", by = self.by, every = every);
        NewTask { kind: For::Review, due, checks: true, detail: Some(detail), ..NewTask::new(self.title(form), Side::Supplier) }
    }
}

/// A choice in the form's words.
fn chosen(form: &Form, question: &str, code: &str) -> String {
    let option = form.question(question).and_then(|asked| asked.options.iter().find(|option| option.id == code));
    option.map_or_else(|| code.to_owned(), |option| option.label.clone())
}

/// How an audit or test of an earlier version stands, by its name: until when it is still to be done, or when it last was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stood {
    /// Until when it is to be done, where it is.
    pub due: Option<Date>,
    /// When it was last done, or said to be.
    pub done: Option<Date>,
}

/// How those of an earlier version stand, from its tasks.
pub fn known(tasks: &[Task], clock: &Clock) -> BTreeMap<String, Stood> {
    let mut all: BTreeMap<String, Stood> = BTreeMap::new();
    for task in tasks.iter().filter(|task| task.kind == For::Review) {
        let stood = all.entry(task.title.clone()).or_insert(Stood { due: None, done: None });
        if task.stands() == Stands::Open {
            stood.due = task.due.as_ref().and_then(|day| day.parse().ok());
        }
        stood.done = stood.done.max(task.done_at.map(|at| clock.date_of(at)));
    }
    all
}

/// A task for each audit and test that a plan promises, due on the day that it names. A day that is over by `today` was that of an earlier version: what
/// is still to be done keeps its day, what was done comes again after its interval, and what is done once and was is asked for no more.
///
/// # Errors
/// When a day lies outside the calendar.
pub fn planned(form: &Form, answers: &Answers, (today, known): (Date, &BTreeMap<String, Stood>)) -> Result<Vec<NewTask>> {
    let mut all = Vec::new();
    for test in Test::all(answers) {
        let stood = known.get(&test.title(form));
        if test.every == "once" && stood.is_some_and(|stood| stood.done.is_some()) {
            continue;
        }
        let due = match (test.next.filter(|day| *day >= today), stood) {
            (Some(day), _) => Some(day),
            (None, Some(Stood { due: Some(day), .. })) => Some(*day),
            (None, Some(Stood { done: Some(done), .. })) => test.after(*done)?.or(test.next),
            (None, _) => test.next,
        };
        all.push(test.task(form, due));
    }
    Ok(all)
}

/// The next one after an audit or test of this name was done on `done`; none where it is done once, or at no said interval.
///
/// # Errors
/// When the day lies outside the calendar.
pub fn again(form: &Form, answers: &Answers, title: &str, done: Date) -> Result<Option<NewTask>> {
    let all = Test::all(answers);
    let Some(test) = all.iter().find(|test| test.title(form) == title) else { return Ok(None) };
    Ok(test.after(done)?.map(|due| test.task(form, Some(due))))
}
