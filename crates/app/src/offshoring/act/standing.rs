//! What becomes of an approval that was given (OFF-6): suspended for now, in force again, taken back for good. The case stays as it was decided.

use platform::cases::rounds::{self, NewDecision};
use platform::cases::store as cases;
use platform::cx::{Cx, Entry, Tx};
use platform::texts::Text;
use platform::{Error, Result};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{account, moved, open};
use crate::casework::notices::both;
use crate::offshoring::Proposals;
use crate::offshoring::model::{Proposal, Turn};
use crate::offshoring::store;

/// That the approval of a proposal stands so that it can be turned like this.
///
/// # Errors
/// [`Error::Conflict`] without an approval, or where it stands so already.
pub(in crate::offshoring) async fn may_turn<C: ConnectionTrait>(db: &C, id: Uuid, turn: Turn) -> Result<()> {
    let standing = store::standing_of(db, id).await?.ok_or_else(|| Error::conflict("proposal-no-approval"))?;
    if turn.from().contains(&standing) {
        return Ok(());
    }
    Err(Error::Conflict(Text::new(format!("proposal-approval-is-{}", standing.code().replace('_', "-")))))
}

/// Turns the approval of a proposal, with a reason: work under it is held against it anew.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] without an approval, or where it stands so already; [`Error::SignInAgain`];
/// [`Error::Stale`]; a refusal.
pub async fn turn(cx: &Cx, id: Uuid, version: i32, turn: Turn, reason: &str) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, turn.action()).await?;
    may_turn(tx.db(), id, turn).await?;
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
    let by = account(cx)?.account;
    store::set_standing(tx, before.case.id, turn.to()).await?;
    let after = cases::update(tx, before.case.clone()).await?;
    let decided = NewDecision { level: "standing", choice: turn.to().code().to_owned(), reason: Some(reason.to_owned()), about: None };
    rounds::decide(cx, tx, &after, by, decided).await?;
    both::<Proposals>(tx, before, &after, turn.told())?;
    Ok(moved(turn.action(), before, &after).about("standing", turn.to().code()).body(json!({ "reason": reason })))
}
