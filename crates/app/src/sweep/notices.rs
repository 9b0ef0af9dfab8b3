//! Telling those who are asked, and whoever asked: at the beginning, before the day, once it is over and each week after, when somebody reminds, when
//! somebody is affected, and at the end. Mail travels in the open: it says that something is asked and by when, never what.

use jiff::ToSpan as _;
use platform::cases::people::{self, Recipient};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::jobs::{Job, Working};
use platform::notices::{Notice, Sort, Telling};
use platform::texts::Text;
use platform::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::model::{ANSWER, Answer, SWEEP, answer_at, at};
use super::store::{self, answer, sweep};
use crate::party::model::SUPPLIER_ROLES;

/// The kind of the job.
pub const JOB: &str = "sweep.notice";
/// Who has not answered is told again so many days before the day.
const BEFORE: i64 = 2;
/// And after it, once in so many days.
const EVERY: i32 = 7;
/// Answers read at once.
const PART: u64 = 500;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// Everybody is asked.
    Asked,
    /// Those are reminded that were noted so at this instant.
    Reminded {
        /// The instant.
        at: Millis,
    },
    /// Somebody is affected.
    Affected {
        /// Its answer.
        answer: Uuid,
    },
    /// Nothing more is asked.
    Ended,
}

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    sweep: Uuid,
    what: What,
}

/// Has it told once this is on disk.
pub(super) fn ask(tx: &mut Tx, sweep: Uuid, what: What) -> Result<()> {
    tx.job(Job::new(JOB, serde_json::to_value(Payload { sweep, what })?));
    Ok(())
}

/// Does a [`JOB`]: each person is told once, however often it is done.
pub(super) fn tell<'a>(cx: &'a Cx, _id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let payload: Payload = serde_json::from_value(payload.clone()).map_err(|_| Error::bad_request("mail-malformed"))?;
        let row = store::get(cx.db(), payload.sweep).await?;
        let mut telling = Telling::new(cx);
        match payload.what {
            What::Affected { answer } => telling.add(affected(cx, &row, answer).await?).await?,
            What::Ended => each(cx, &mut telling, &row, ("ended", Sort::Other, String::new()), |_| true).await?,
            // Who has answered by now is told nothing.
            What::Asked => each(cx, &mut telling, &row, ("asked", Sort::HandOver, String::new()), |of| of.running).await?,
            What::Reminded { at } => {
                let now = |of: &answer::Model| of.running && of.reminded_at == Some(at);
                each(cx, &mut telling, &row, ("reminded", Sort::HandOver, format!(":{at}")), now).await?;
            }
        }
        telling.done().await
    })
}

/// Tells the people of each party that has settled nothing, of those that `which` says.
async fn each(
    cx: &Cx,
    telling: &mut Telling<'_>,
    row: &sweep::Model,
    (code, sort, more): (&str, Sort, String),
    which: impl Fn(&answer::Model) -> bool,
) -> Result<()> {
    let mut after = None;
    loop {
        let part = store::unsettled(cx.db(), row.id, after, PART).await?;
        for of in part.iter().filter(|of| which(of)) {
            telling.add(tells(cx, of, (code, sort), &format!("{code}{more}")).await?).await?;
        }
        if (part.len() as u64) < PART {
            return Ok(());
        }
        after = part.last().map(|of| of.id);
    }
}

/// What the people of a party are told of what it is asked.
async fn tells(cx: &Cx, of: &answer::Model, (code, sort): (&str, Sort), key: &str) -> Result<Vec<Notice>> {
    let people = people::holders(cx, cx.db(), &SUPPLIER_ROLES, Some(&[of.party])).await?;
    let authority = &cx.core().settings.authority.name;
    let day = if of.stands() == Answer::NotKnown { of.until().unwrap_or_else(|| of.due()) } else { of.due() };
    let words = |id: String| Text::new(id).with("authority", authority).with("day", platform::clock::day_text(day)).say();
    let notice = |to: Recipient| Notice {
        to,
        sort,
        key: format!("{ANSWER}:{}:{key}", of.id),
        about: (ANSWER, of.id),
        subject: words(format!("sweep-mail-{code}-subject")),
        text: words(format!("sweep-mail-{code}")),
        path: answer_at(of.id),
        gathered: false,
    };
    Ok(people.into_iter().map(notice).collect())
}

/// What whoever opened the sweep is told.
async fn opener(cx: &Cx, row: &sweep::Model, (code, sort): (&str, Sort), (key, path): (String, String)) -> Result<Vec<Notice>> {
    let Some(to) = people::account(cx, cx.db(), row.made_by).await? else { return Ok(Vec::new()) };
    Ok(vec![Notice {
        to,
        sort,
        key,
        about: (SWEEP, row.id),
        subject: platform::texts::t(&format!("sweep-mail-{code}-subject")),
        text: platform::texts::t(&format!("sweep-mail-{code}")),
        path,
        gathered: false,
    }])
}

async fn affected(cx: &Cx, row: &sweep::Model, answer: Uuid) -> Result<Vec<Notice>> {
    opener(cx, row, ("affected", Sort::HandOver), (format!("{ANSWER}:{answer}:affected"), answer_at(answer))).await
}

/// Looks several times a day at what is due and late, and tells each once: who is asked before the day, once it is over and each week after; whoever asked,
/// once anybody is late.
pub(super) fn watch<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let today = cx.core().clock.today();
        let soon = today.saturating_add(BEFORE.days());
        let (mut telling, mut after, mut late) = (Telling::new(cx), None, std::collections::BTreeSet::new());
        loop {
            let part = store::pressing(cx.db(), (today, soon), after, PART).await?;
            for of in &part {
                if of.is_late(today) {
                    late.insert(of.sweep);
                    let since = if of.stands() == Answer::NotKnown { of.until().unwrap_or_else(|| of.due()) } else { of.due() };
                    let week = ((today - since).get_days() - 1) / EVERY;
                    telling.add(tells(cx, of, ("late", Sort::Late), &format!("late:{since}:{week}")).await?).await?;
                } else {
                    telling.add(tells(cx, of, ("soon", Sort::BeforeDue), "soon").await?).await?;
                }
            }
            if (part.len() as u64) < PART {
                break;
            }
            after = part.last().map(|of| of.id);
        }
        for id in late {
            let row = store::get(cx.db(), id).await?;
            let to = (format!("{SWEEP}:{id}:late"), at(id));
            telling.add(opener(cx, &row, ("overdue", Sort::Late), to).await?).await?;
        }
        telling.done().await
    })
}
