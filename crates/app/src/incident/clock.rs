//! The statutory clock (SEC-27): every hour the data controller is reminded of what is about to run out, or has. The law counts hours, so this goes on
//! over nights, weekends and holidays. What is over is told again each week. And the times that the pack gives the authority itself.

use std::collections::BTreeMap;

use platform::cases::people::{self, Recipient};
use platform::cases::{Case, store as cases};
use platform::clock::{DAY, HOUR, MINUTE, Millis};
use platform::jobs::Working;
use platform::notices::{self, Notice, Sort, Telling};
use platform::texts::Text;
use platform::{Cx, Result, mail, t};
use serde_json::Value;
use uuid::Uuid;

use super::model::{INCIDENT, Incidents};
use super::regulator::{KIND, Waits, left};
use super::store::regulator as store;
use crate::casework::notices::clocks;
use crate::casework::{Process as _, at};

/// How often it looks.
pub(super) const EVERY: Millis = HOUR;
/// How long before the end it first reminds, and once more.
const FIRST: Millis = 24 * HOUR;
const AGAIN: Millis = 6 * HOUR;
/// So many incidents are looked at at once.
const PART: u64 = 500;

/// What somebody is told of a clock: the nearest of these, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Soon,
    VerySoon,
    /// In this week of being so.
    Over(i64),
}

impl Says {
    fn of(due: Millis, now: Millis) -> Option<Self> {
        match due - now {
            ..0 => Some(Self::Over((now - due) / (7 * DAY))),
            0..=AGAIN => Some(Self::VerySoon),
            _ if due - now <= FIRST => Some(Self::Soon),
            _ => None,
        }
    }

    fn code(self) -> String {
        match self {
            Self::Soon => "soon".to_owned(),
            Self::VerySoon => "very-soon".to_owned(),
            Self::Over(week) => format!("over-{week}"),
        }
    }
}

/// How often it looks at the times that the pack gives: a critical report is to be acknowledged within the hour.
pub(super) const LEVELS_EVERY: Millis = 15 * MINUTE;

/// Looks at every incident whose time at its stage is about to run out, or has.
pub(super) fn levels<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let mut telling = Telling::new(cx);
        clocks::<Incidents>(cx, &mut telling).await?;
        telling.done().await
    })
}

/// Looks at every clock that is about to run out.
pub(super) fn watch<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let now = cx.now();
        let (mut telling, mut to) = (Telling::new(cx), None);
        for of in store::Of::ALL {
            let mut after = None;
            loop {
                let due = store::due_until(cx.db(), of, after, now + FIRST, PART).await?;
                let Some(last) = due.last().map(|(case, _, until)| (*until, *case)) else { break };
                after = Some(last);
                tell(cx, &mut telling, &mut to, due).await?;
            }
        }
        telling.done().await
    })
}

/// Tells of those of these clocks of which that was not told yet.
async fn tell(cx: &Cx, telling: &mut Telling<'_>, to: &mut Option<Vec<Recipient>>, due: Vec<(Uuid, Waits, Millis)>) -> Result<()> {
    let ids: Vec<Uuid> = due.iter().map(|(case, ..)| *case).collect();
    let known = notices::told(cx.db(), KIND, &ids).await?;
    let all: BTreeMap<Uuid, Case> = cases::all(cx.db(), &INCIDENT, ids).await?.into_iter().map(|case| (case.id, case)).collect();
    for (id, waits, until) in due {
        let Some(says) = Says::of(until, cx.now()) else { continue };
        let key = format!("{KIND}:{id}:{}:{until}:{}", waits.code(), says.code());
        // What was told ends with whom.
        let told = notices::was_told(&known, &format!("{key}:"));
        let Some(case) = all.get(&id).filter(|_| !told) else { continue };
        if to.is_none() {
            *to = Some(who(cx).await?);
        }
        let people = to.iter().flatten();
        telling.add(people.map(|person| notice(cx, person, (case, waits, until), says, &key)).collect()).await?;
    }
    Ok(())
}

/// The data controllers; where there is none, those who may read of it: somebody must see to it.
async fn who(cx: &Cx) -> Result<Vec<Recipient>> {
    let found = people::holders(cx, cx.db(), &["data_controller"], None).await?;
    if found.is_empty() { people::holders(cx, cx.db(), &["legal", "security"], None).await } else { Ok(found) }
}

fn notice(cx: &Cx, to: &Recipient, (case, waits, until): (&Case, Waits, Millis), says: Says, key: &str) -> Notice {
    let none = t!("case-no-reference");
    let words = |part: &str| {
        Text::new(format!("regulator-clock-{}{part}", waits.code().replace('_', "-")))
            .with("reference", case.reference.as_deref().unwrap_or(&none))
            .with("left", left(until, cx.now()))
            .with("until", cx.core().clock.moment_text(until))
            .say()
    };
    let (subject, text) = mail::marked(Incidents::marking(cx, case).as_deref(), &words("-subject"), &words(""));
    Notice {
        to: to.clone(),
        sort: if matches!(says, Says::Over(_)) { Sort::Late } else { Sort::HandOver },
        key: key.to_owned(),
        about: (KIND, case.id),
        subject,
        text,
        path: at::<Incidents>(case, "regulator"),
        gathered: false,
    }
}
