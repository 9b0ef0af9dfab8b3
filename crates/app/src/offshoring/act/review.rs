//! Reviews of an approval (OFF-10): the first an interval after the approval's first day, each one after it an interval after the day on which the
//! last was done. The interval is that of the assessment's outcome, as the pack says.

use jiff::civil::Date;
use platform::authz::Side;
use platform::cases::Case;
use platform::cases::tasks::{self, For, NewTask, Task};
use platform::cx::{Cx, Tx};
use platform::{Error, Result, t};
use rules::pack::{Interval, Pack, When};
use rules::schedule;

use super::{account, pack_of};
use crate::offshoring::model::{Proposal, Standing};
use crate::offshoring::store;

/// By when an approval of these days is next reviewed, having last been reviewed on `last`; none where it ends before.
///
/// # Errors
/// When the day lies outside the calendar.
pub(super) fn due(pack: &Pack, every: Interval, (from, to): (Date, Date), last: Option<Date>) -> Result<Option<Date>> {
    let when = When::Every { interval: every, from: "approval_begins".to_owned() };
    let due = schedule::due(&when, Some(from), last, &pack.calendar).map_err(Error::internal)?.date();
    Ok(due.filter(|day| *day < to))
}

/// The task of a review: the supplier's side does it, and the authority checks it.
pub(super) fn task(case: &Case, due: Date) -> NewTask {
    NewTask {
        kind: For::Review,
        due: Some(due),
        checks: true,
        detail: Some(t!("proposal-review-what")),
        ..NewTask::new(t!("proposal-review-title", reference = case.reference.clone().unwrap_or_default()), Side::Supplier)
    }
}

/// Keeps that a review was found done, and sets the next one: an interval after the day on which this one was done, whenever it was to be. What the
/// entry says of it.
pub(in crate::offshoring) async fn reviewed(cx: &Cx, tx: &Tx, of: &Proposal, task: &Task) -> Result<Vec<(&'static str, String)>> {
    let Some(approval) = store::approval(cx, tx.db(), &of.case).await? else { return Ok(Vec::new()) };
    let every: Option<Interval> = approval.review.every.as_deref().map(|text| text.parse().map_err(Error::internal)).transpose()?;
    let day = |text: &str| text.parse::<Date>().map_err(Error::internal);
    let days = (day(&approval.from)?, day(&approval.to)?);
    let done = cx.core().clock.date_of(task.done_at.unwrap_or_else(|| tx.now()));
    let next = match every {
        // One that was taken back is reviewed no more.
        _ if approval.standing == Standing::Revoked => None,
        Some(every) => due(pack_of(cx, &of.case)?.as_ref(), every, days, Some(done))?,
        None => None,
    };
    store::set_reviewed(tx, of.case.id, done, next).await?;
    let mut said = vec![("reviewed", done.to_string())];
    said.extend(of.case.contract.map(|contract| ("contract", contract.to_string())));
    if let Some(next) = next {
        tasks::add(cx, tx, &of.case, account(cx)?, self::task(&of.case, next)).await?;
        said.push(("next", next.to_string()));
    }
    Ok(said)
}
