//! Thread and tasks of a case, for programs.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Cases, instant, viewed};
use crate::api::{Call, Listed};
use crate::authz::Side;
use crate::cases::tasks;
use crate::cases::thread::{self, Reads};
use crate::cases::{Case, people};
use crate::cx::Cx;
use crate::error::Result;
use crate::web::Answer;

/// A message of the thread.
#[derive(Serialize, ToSchema)]
pub struct Message {
    /// Its id.
    id: Uuid,
    /// A note that stays within the party for which it was written.
    internal: bool,
    /// What it says.
    body: String,
    /// Whether data about people in it is masked; whoever may asks for it.
    withheld: bool,
    /// Why it must tell data about people, if it does.
    essential: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// Who wrote it.
    by: String,
    /// For which party.
    party: Uuid,
}

pub(super) async fn messages<C: Cases>(call: Call) -> Answer {
    let thing = viewed::<C>(&call).await?;
    call.listed(&Listed { items: messages_of::<C>(&call.cx, &thing).await?, after: None })
}

/// Which messages of a case's thread the actor gets: whoever reads it on a supplier's side gets the notes of its own party.
pub fn reads<C: Cases>(cx: &Cx, thing: &C::Thing) -> Reads {
    let own = C::OWN_NOTE.is_some() && cx.actor.account().is_some_and(|by| by.side == Side::Supplier);
    Reads::of(cx, own || cx.may(C::NOTES, thing))
}

/// The thread as the actor reads it, oldest first.
///
/// # Errors
/// When a message does not open.
pub async fn messages_of<C: Cases>(cx: &Cx, thing: &C::Thing) -> Result<Vec<Message>> {
    told(cx, thread::read(cx, cx.db(), C::case(thing), reads::<C>(cx, thing), C::SCREENED).await?).await
}

/// Messages as programs read them.
///
/// # Errors
/// When the database fails.
pub async fn told(cx: &Cx, rows: Vec<thread::Message>) -> Result<Vec<Message>> {
    let names = people::names(cx, rows.iter().map(|m| m.account)).await?;
    let items = rows.into_iter().map(|m| Message {
        id: m.id,
        internal: m.internal,
        body: m.body,
        withheld: m.withheld,
        essential: m.essential,
        at: instant(m.at),
        by: names.get(&m.account).cloned().unwrap_or_default(),
        party: m.party,
    });
    Ok(items.collect())
}

/// A task.
#[derive(Serialize, ToSchema)]
pub struct CaseTask {
    /// Its id.
    id: Uuid,
    /// For the next change.
    version: i32,
    /// What to do.
    title: String,
    /// More about it.
    detail: Option<String>,
    /// Which side must do it: `authority` or `supplier`.
    side: String,
    /// The account that must; none while anybody of its side may.
    owner: Option<Uuid>,
    /// By when.
    #[schema(format = Date)]
    due: Option<String>,
    /// When it was done.
    #[schema(format = DateTime)]
    done_at: Option<String>,
    /// What was done.
    note: Option<String>,
    /// What it is for: `task`, `condition` of an approval, or `control` that one demands.
    kind: &'static str,
    /// The control, or the weakness, by its id.
    source: Option<String>,
    /// Whether the authority checks that it was done.
    checks: bool,
    /// When it was checked and found done.
    #[schema(format = DateTime)]
    checked_at: Option<String>,
    /// What was lacking when it was last checked.
    lacks: Option<String>,
    /// When it was no longer asked for, since what it was set for is over.
    #[schema(format = DateTime)]
    dropped_at: Option<String>,
}

/// The tasks of a case that the actor sees.
///
/// # Errors
/// When the database fails.
pub async fn tasks_of(cx: &Cx, case: &Case) -> Result<Vec<CaseTask>> {
    let side = cx.actor.account().map_or(Side::Supplier, |a| a.side);
    let rows = tasks::list(cx, cx.db(), case, side).await?;
    Ok(rows.into_iter().map(CaseTask::of).collect())
}

impl CaseTask {
    /// A task as programs read it.
    pub fn of(t: tasks::Task) -> Self {
        Self {
            id: t.id,
            version: t.version,
            title: t.title,
            detail: t.detail,
            side: t.side,
            owner: t.owner,
            due: t.due,
            done_at: t.done_at.map(instant),
            note: t.note,
            kind: t.kind.code(),
            source: t.source,
            checks: t.checks,
            checked_at: t.checked_at.map(instant),
            lacks: t.lacks,
            dropped_at: t.dropped_at.map(instant),
        }
    }
}

pub(super) async fn case_tasks<C: Cases>(call: Call) -> Answer {
    let thing = viewed::<C>(&call).await?;
    call.listed(&Listed { items: tasks_of(&call.cx, C::case(&thing)).await?, after: None })
}
