//! What every approval is given for and demands, whether the levels give it or it is urgent.

use jiff::civil::Date;
use platform::authz::Side;
use platform::cases::Case;
use platform::cases::tasks::{self, For, NewTask, Stands, Task};
use platform::cx::{Cx, Tx};
use platform::error::{Blocker, FieldErrors};
use platform::texts::Text;
use platform::{Error, Result};
use rules::country::Country;
use rules::form::Answers;
use rules::pack::Pack;
use rules::stale::Basis;

use super::account;
use crate::offshoring::model::Terms;
use crate::offshoring::scope::Scope;
use crate::offshoring::{stale, store};

/// The longest reason, and all conditions together, in characters.
pub(super) const LONGEST: usize = 8_000;

/// The most conditions of one approval: each is a task.
pub(super) const CONDITIONS: usize = 50;

/// What an approval is given for, frozen, and what it rests on.
pub(super) struct Given {
    /// Its scope, with the tier at which the work is done.
    pub(super) scope: Scope,
    /// The same as it is kept.
    pub(super) frozen: String,
    /// SHA-256 of that, in hexadecimal.
    pub(super) digest: String,
    /// None where the work has no place in a chain.
    pub(super) rests: Option<Basis>,
}

/// What an approval of these answers, with the digest of their document, is given for now.
///
/// # Errors
/// [`Error::Blocked`] when a country of the answers is none any more; when the database fails.
pub(super) async fn given(cx: &Cx, tx: &Tx, case: &Case, answers: &Answers, submission: &str) -> Result<Given> {
    let mut scope = Scope::of(answers, submission, None);
    if let Some(code) = scope.countries.iter().find(|code| Country::from_code(code).is_err()) {
        return Err(Error::Blocked(vec![Blocker::new("country-ceased").with("country", code)]));
    }
    let place = store::place_of_work(tx.db(), case, scope.party).await?;
    scope.tier = place.as_ref().and_then(|place| u32::try_from(place.tier).ok());
    let rests = match &place {
        Some(place) => Some(stale::first(cx, tx.db(), case, place.id, &scope).await?),
        None => None,
    };
    let (frozen, digest) = scope.frozen()?;
    Ok(Given { scope, frozen, digest, rests })
}

/// Notes what is wrong with conditions, one a line.
pub(super) fn conditions(text: &str, errors: &mut FieldErrors) {
    if text.chars().count() > LONGEST {
        errors.add("conditions", Text::new("error-too-long").with("max", LONGEST));
    }
    if text.lines().filter(|line| !line.trim().is_empty()).count() > CONDITIONS {
        errors.add("conditions", Text::new("proposal-conditions-many").with("max", CONDITIONS));
    }
}

/// Sets a task for each condition and each control that an approval demands: the supplier shows that it is met before the work begins, and the
/// authority checks it (OFF-10, OFF-11). A condition that an urgent approval set already has its task, and one that it set and this does not is asked for
/// no longer. How many there are.
pub(super) async fn demand(
    (cx, tx): (&Cx, &Tx),
    case: &Case,
    with: &Terms,
    pack: &Pack,
    (controls, review): (&[String], Option<Date>),
) -> Result<usize> {
    let task = |title: &str, kind| NewTask {
        kind,
        due: Some(with.from),
        checks: true,
        ..NewTask::new(title.chars().take(200).collect::<String>(), Side::Supplier)
    };
    // A review says that the work still is what was approved; it comes again once it is done.
    let review = review.map(|due| super::review::task(case, due));
    let lines: Vec<&str> = with.conditions.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let standing = tasks::list(cx, tx.db(), case, Side::Supplier).await?;
    released(tx, &standing, &lines).await?;
    let known = |line: &str| standing.iter().any(|task| task.stands() != Stands::Dropped && sets(task, line));
    let conditions = lines.iter().copied().filter(|line| !known(line));
    let conditions =
        conditions.map(|line| NewTask { detail: (line.chars().count() > 200).then(|| line.to_owned()), ..task(line, For::Condition) });
    let known = pack.control_sets.iter().flat_map(|set| &set.controls);
    let mut demanded = Vec::new();
    for control in known.filter(|control| controls.contains(&control.id)) {
        if demanded.iter().all(|one: &NewTask| one.source.as_ref() != Some(&control.id)) {
            demanded.push(NewTask {
                detail: Some(control.text.clone()),
                source: Some(control.id.clone()),
                ..task(&control.title, For::Control)
            });
        }
    }
    let all: Vec<NewTask> = conditions.chain(demanded).chain(review).collect();
    Ok(tasks::add_all(cx, tx, case, account(cx)?, all).await?.len())
}

/// Whether a task is for this condition.
fn sets(task: &Task, condition: &str) -> bool {
    // A long one stands whole in the detail, of which the title is the beginning.
    task.kind == For::Condition && task.detail.as_deref().unwrap_or(&task.title) == condition
}

/// Asks no longer for what an approval demanded that covers nothing any more: how many tasks.
pub(super) async fn release(cx: &Cx, tx: &Tx, case: &Case) -> Result<u64> {
    released(tx, &tasks::list(cx, tx.db(), case, Side::Supplier).await?, &[]).await
}

/// The same of these tasks, but for those of some conditions.
async fn released(tx: &Tx, all: &[Task], but: &[&str]) -> Result<u64> {
    let demanded = all.iter().filter(|task| task.kind != For::Task && !but.iter().any(|line| sets(task, line)));
    tasks::drop_open(tx, demanded.map(|task| task.id)).await
}
