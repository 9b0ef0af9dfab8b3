//! What becomes of an approval that was given (OFF-6): suspended for now, in force again, taken back for good; confirmed anew where it is stale, or a new
//! proposal is asked for. The case stays as it was decided.

use platform::authz::Side;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::tasks::{self, NewTask};
use platform::cases::{Case, store as cases};
use platform::cx::{Cx, Entry, Tx};
use platform::texts::Text;
use platform::{Error, Result, t};
use rules::urgent::End;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::given::release;
use super::{account, moved, open};
use crate::casework::notices::both;
use crate::offshoring::Proposals;
use crate::offshoring::model::{Proposal, Turn};
use crate::offshoring::{stale, store};

/// That the approval of a proposal stands so that it can be turned like this.
///
/// # Errors
/// [`Error::Conflict`] without an approval, where it stands so already, or where it is not stale.
pub(in crate::offshoring) async fn may_turn<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, turn: Turn) -> Result<()> {
    let standing = store::standing_of(db, case.id).await?.ok_or_else(|| Error::conflict("proposal-no-approval"))?;
    let urgent = store::urgent_of(db, [case.id]).await?.remove(&case.id).filter(|urgent| urgent.ended.is_none());
    let today = cx.core().clock.today();
    if let Some(urgent) = urgent.filter(|urgent| !urgent.stands(today).runs()) {
        let stands = store::urgent_says(&urgent, today);
        return Err(Error::Conflict(Text::new("proposal-urgent-not-waiting").with("stands", stands)));
    }
    if turn.from().contains(&standing) {
        if turn.of_stale() && stale::of(cx, db, case).await?.is_empty() {
            return Err(Error::conflict("proposal-approval-not-stale"));
        }
        return Ok(());
    }
    Err(Error::Conflict(Text::new(format!("proposal-approval-is-{}", standing.code().replace('_', "-")))))
}

/// Turns the approval of a proposal, with a reason: work under it is held against it anew. Whoever confirms a stale one gives the mark of what it
/// would rest on that they `read` ([`stale::mark_of`]); nothing else needs one.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] without an approval, or where it stands so already; [`Error::SignInAgain`];
/// [`Error::Stale`], also where what it would rest on changed after it was read; a refusal.
pub async fn turn(cx: &Cx, id: Uuid, version: i32, turn: Turn, reason: &str, read: &str) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, turn.action()).await?;
    may_turn(cx, tx.db(), &before.case, turn).await?;
    if turn == Turn::Confirm && stale::mark_of(cx, tx.db(), &before.case).await?.is_some_and(|now| now != read) {
        return Err(Error::Stale(Text::new("proposal-basis-moved")));
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", Text::new("case-reason-missing")));
    }
    if reason.chars().count() > 8_000 {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", 8_000)));
    }
    let entry = turned(cx, &mut tx, &before, turn, reason).await?;
    cx.commit(tx, permit, [entry]).await
}

/// Turns the approval of a locked proposal, which may be turned so: the entry.
pub(super) async fn turned(cx: &Cx, tx: &mut Tx, before: &Proposal, turn: Turn, reason: &str) -> Result<Entry> {
    let actor = account(cx)?;
    let by = actor.account;
    if let Some(to) = turn.to() {
        store::set_standing(tx, before.case.id, to).await?;
    }
    if turn == Turn::Revoke {
        release(cx, tx, &before.case).await?;
    }
    if let (Turn::Revoke, Some(urgent)) = (turn, before.urgent_now()) {
        store::set_ended(cx, tx, &before.case, urgent.id, (End::TakenBack, by, Some(reason))).await?;
    }
    let after = cases::update(tx, before.case.clone()).await?;
    // What is done about a stale one is told apart from how it stands.
    let (level, choice) = turn.to().map_or(("basis", turn.code()), |to| ("standing", to.code()));
    let decided = NewDecision { level, choice: choice.to_owned(), reason: Some(reason.to_owned()), about: None };
    rounds::decide(cx, tx, &after, by, decided).await?;
    both::<Proposals>(tx, before, &after, turn.told())?;
    let mut entry = moved(turn.action(), before, &after);
    if let Some(to) = turn.to() {
        entry = entry.about("standing", to.code());
    } else if let Some(then) = store::basis_of(tx.db(), before.case.id).await? {
        let now = stale::again(cx, tx.db(), &before.case, &then).await?;
        entry = entry.about("reasons", stale::open_codes(&rules::stale::reasons(&then, &now)));
        if turn == Turn::Confirm {
            store::add_basis(cx, tx, &before.case, by, &now, Some(reason)).await?;
            store::set_stale(tx, before.case.id, None).await?;
        } else {
            let reference = before.case.reference.clone().unwrap_or_default();
            let task = NewTask {
                detail: Some(reason.chars().take(4_000).collect()),
                checks: true,
                ..NewTask::new(t!("proposal-renew-task", reference = reference), Side::Supplier)
            };
            tasks::add(cx, tx, &before.case, actor, task).await?;
        }
    }
    Ok(entry.body(json!({ "reason": reason })))
}
