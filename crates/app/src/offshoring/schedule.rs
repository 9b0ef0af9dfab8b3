//! The schedule of an approval: its conditions, the controls that it demands and its reviews, each with its day and how it stands, as an annex
//! to a contract or an auditor's list (OFF-10, OFF-11).

use jiff::civil::Date;
use papers::Block;
use platform::authz::Side;
use platform::cases::tasks::{self, For, Stands, Task};
use platform::{Cx, Error, Result, t};

use super::letter::{held, scope_facts, urgently};
use super::model::{Proposal, Standing};
use super::store;
use crate::casework::pages::stands;

/// The schedule as the blocks of a paper: as it stands today.
///
/// # Errors
/// [`Error::NotFound`] before anything was approved; [`Error::Conflict`] once an urgent approval covers nothing any more, or the case's key was
/// destroyed.
pub(crate) async fn blocks(cx: &Cx, of: &Proposal) -> Result<Vec<Block>> {
    let approval = store::approval(cx, cx.db(), &of.case).await?.ok_or(Error::NotFound)?;
    let scope = approval.scope.as_ref().ok_or_else(|| Error::conflict("error-subject-destroyed"))?;
    let urgent = of.urgent.as_ref().filter(|urgent| approval.urgent == Some(urgent.id));
    let stands = urgent.map(|urgent| urgent.stands(cx.core().clock.today()));
    if stands.is_some_and(|stands| !stands.runs()) {
        return Err(Error::conflict("proposal-schedule-over"));
    }
    let day = |text: &str| text.parse::<Date>().map_err(Error::internal);
    // Both sides read the same of these: they are the supplier's to do.
    let all = tasks::list(cx, cx.db(), &of.case, Side::Supplier).await?;
    // What an approval before this one demanded and this one does not stands in no schedule; of one that was taken back, it tells what became of it.
    let told = |task: &&Task| task.stands() != Stands::Dropped || approval.standing == Standing::Revoked;
    let of_kind = |kind: For| all.iter().filter(|task| task.kind == kind).filter(told).collect::<Vec<_>>();
    let mut blocks = vec![
        Block::Paragraph(t!("proposal-schedule-about", date = cx.core().clock.day_text(cx.now()))),
        Block::Facts(scope_facts(cx, scope, Some((day(&approval.from)?, day(&approval.to)?))).await?),
    ];
    if let Some(urgent) = urgent {
        let (what, means) = urgently(urgent, held(cx, of).await?);
        blocks.insert(1, Block::Paragraph(format!("{what}. {means}")));
    }
    let parts = [
        (For::Condition, "proposal-letter-conditions", "proposal-schedule-no-conditions"),
        (For::Control, "proposal-demanded", "proposal-schedule-no-controls"),
        (For::Review, "proposal-schedule-reviews", "proposal-review-none-left"),
    ];
    for (kind, title, none) in parts {
        blocks.push(Block::Heading { level: 1, text: t!(title) });
        let tasks = of_kind(kind);
        blocks.push(if tasks.is_empty() { Block::Paragraph(t!(none)) } else { table(cx, &tasks)? });
    }
    blocks.push(Block::Paragraph(t!("proposal-letter-digest", digest = &approval.scope_digest)));
    Ok(blocks)
}

fn table(cx: &Cx, tasks: &[&Task]) -> Result<Block> {
    let row = |(n, task): (usize, &&Task)| {
        let due = task.due.as_ref().map(|day| day.parse::<Date>().map_err(Error::internal)).transpose()?;
        // A long condition stands whole in its detail, of which the title is the beginning.
        let what = match &task.detail {
            Some(detail) if task.kind == For::Condition => detail.clone(),
            Some(detail) => format!("{}: {detail}", task.title),
            None => task.title.clone(),
        };
        let day = |at| cx.core().clock.day_text(at);
        let state = match (task.stands(), task.checked_at, task.done_at) {
            (Stands::Done, Some(at), _) => t!("proposal-schedule-checked", date = day(at)),
            (Stands::Said | Stands::Done, _, Some(at)) => t!("proposal-schedule-done", date = day(at)),
            _ => stands(task).0,
        };
        let said: Vec<&str> = task.note.iter().chain(&task.lacks).map(String::as_str).collect();
        Ok(vec![(n + 1).to_string(), what, due.map(platform::clock::day_text).unwrap_or_default(), state, said.join("\n")])
    };
    Ok(Block::Table {
        caption: String::new(),
        head: [
            "proposal-schedule-number",
            "proposal-schedule-what",
            "proposal-schedule-due",
            "proposal-schedule-state",
            "proposal-schedule-said",
        ]
        .map(platform::texts::t)
        .to_vec(),
        rows: tasks.iter().enumerate().map(row).collect::<Result<_>>()?,
    })
}
