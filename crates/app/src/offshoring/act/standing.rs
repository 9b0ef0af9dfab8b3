//! What becomes of an approval that was given (OFF-6): suspended for now, in force again, taken back for good. The case stays as it was decided.

use platform::cases::rounds::{self, NewDecision};
use platform::cases::store as cases;
use platform::cx::{Cx, Entry};
use platform::texts::Text;
use platform::{Error, Result};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{account, moved, open};
use crate::casework::notices::both;
use crate::offshoring::Proposals;
use crate::offshoring::model::Turn;
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
    let by = account(cx)?.account;
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
    store::set_standing(&tx, id, turn.to()).await?;
    let after = cases::update(&tx, before.case.clone()).await?;
    let decided = NewDecision { level: "standing", choice: turn.to().code().to_owned(), reason: Some(reason.to_owned()), about: None };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    both::<Proposals>(&mut tx, &before, &after, turn.told())?;
    let entry: Entry = moved(turn.action(), &before, &after).about("standing", turn.to().code()).body(json!({ "reason": reason }));
    cx.commit(tx, permit, [entry]).await
}
