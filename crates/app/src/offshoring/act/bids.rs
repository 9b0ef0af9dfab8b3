//! Proposals that come with a bid (OFF-7): whoever reads the bid has them until it is chosen, then the contract manager.

use platform::Result;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::{Case, Taking, store as cases};
use platform::cx::{Cx, Entry, Tx};
use platform::texts::Text;
use uuid::Uuid;

use super::route::{discarded, withdrawn};
use super::standing::turned;
use super::{account, moved, open, tell};
use crate::casework;
use crate::offshoring::Proposals;
use crate::offshoring::model::{PROPOSAL, Proposal, Turn};
use crate::offshoring::store;

/// Hands a proposal that came with a bid over to the contract manager before the bid is chosen, so that it can be assessed already.
///
/// # Errors
/// [`Error::Conflict`] at another stage; [`Error::Stale`]; or a refusal.
pub async fn hand_over(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.hand_over").await?;
    let entry = given_over(cx, &mut tx, &before).await?;
    cx.commit(tx, permit, [entry]).await
}

async fn given_over(cx: &Cx, tx: &mut Tx, before: &Proposal) -> Result<Entry> {
    let by = account(cx)?.account;
    let after = PROPOSAL.take(&before.case, "hand_over", &Taking::default(), tx.now())?;
    let after = cases::update(tx, after).await?;
    let decided = NewDecision { level: "hand_over", choice: "handed_over".to_owned(), ..NewDecision::default() };
    rounds::decide(cx, tx, &after, by, decided).await?;
    tell(tx, before, &after)?;
    Ok(moved("proposal.hand_over", before, &after))
}

/// The bid at `place` was chosen: what came with it goes to the contract manager (OFF-8). The entries are to be committed under the caller's permit.
///
/// # Errors
/// When the database fails.
pub(crate) async fn bid_chosen_in(cx: &Cx, tx: &mut Tx, place: Uuid) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for case in store::at_or_below(tx.db(), place).await?.into_iter().filter(|case| case.stage == "bidding") {
        let before = casework::lock::<Proposals>(tx, case.id).await?;
        entries.push(given_over(cx, tx, &before).await?);
    }
    Ok(entries)
}

/// The bid at `place` is over and was not chosen: what came with it and is not decided is withdrawn, drafts are discarded, approvals are taken
/// back. The entries are to be committed under the caller's permit.
///
/// # Errors
/// When the database fails.
pub(crate) async fn bid_over_in(cx: &Cx, tx: &mut Tx, place: Uuid) -> Result<Vec<Entry>> {
    let reason = Text::new("proposal-bid-over").say();
    let mut entries = Vec::new();
    for Case { id, .. } in store::at_or_below(tx.db(), place).await? {
        let before = casework::lock::<Proposals>(tx, id).await?;
        if before.case.closed_at.is_none() {
            let draft = before.case.stage == "draft";
            entries.extend(if draft { vec![discarded(tx, &before).await?] } else { withdrawn(cx, tx, &before, &reason).await? });
            continue;
        }
        // An approval that was given ahead covers nothing any more.
        let given = store::standing_of(tx.db(), id).await?;
        if given.is_some_and(|standing| Turn::Revoke.from().contains(&standing)) {
            entries.push(turned(cx, tx, &before, Turn::Revoke, &reason).await?);
        }
    }
    Ok(entries)
}
