//! The end of a bid: it is chosen, it is not, or the bidder takes it back. What came with it goes where it belongs in the same transaction.

use platform::cases::rounds::{self, NewDecision};
use platform::cases::{Taking, store as cases};
use platform::cx::{Cx, Entry, Tx};
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::json;
use uuid::Uuid;

use super::{lacks, moved};
use crate::bid::Bids;
use crate::bid::model::{BID, Bid, LONGEST};
use crate::bid::store;
use crate::casework::act::open as locked;
use crate::casework::{account, lock, notices};
use crate::contract::store::Contract;
use crate::obligation::act::happened;
use crate::obligation::model::Happened;
use crate::{contract, offshoring};

/// How a bid ends.
#[derive(Clone, Copy)]
struct End {
    step: &'static str,
    choice: &'static str,
}

const CHOSEN: End = End { step: "choose", choice: "chosen" };
const REFUSED: End = End { step: "refuse", choice: "refused" };
const WITHDRAWN: End = End { step: "withdraw", choice: "withdrawn" };

/// Chooses a bid: its bidder works under the contract from today, and the questionnaires that came with it go to the contract manager as they
/// are. With `others` told, the other open bids for the contract end as not chosen.
///
/// # Errors
/// [`Error::Blocked`] when something it needs to be complete went missing since; [`Error::Invalid`] without a reason; [`Error::Conflict`] at
/// another stage; [`Error::SignInAgain`]; [`Error::Stale`]; or a refusal.
pub async fn choose(cx: &Cx, id: Uuid, version: i32, reason: &str, others: bool) -> Result<()> {
    finish(cx, (id, version), CHOSEN, reason, others).await
}

/// Does not choose a bid: its bidder stands in the contract's chain no more, and what came with the bid ends with it.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] once it is closed; [`Error::Stale`]; or a refusal.
pub async fn refuse(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    finish(cx, (id, version), REFUSED, reason, false).await
}

/// Takes a bid back, for its bidder.
///
/// # Errors
/// As [`refuse`].
pub async fn withdraw(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    finish(cx, (id, version), WITHDRAWN, reason, false).await
}

async fn finish(cx: &Cx, (id, version): (Uuid, i32), end: End, reason: &str, others: bool) -> Result<()> {
    let action = BID.step(end.step)?.action;
    let mut tx = cx.begin().await?;
    let contract = store::get(tx.db(), id).await?.case.contract.ok_or(Error::NotFound)?;
    // First the contract, as everybody does who changes what belongs to it.
    let on = contract::store::lock(tx.db(), contract).await?;
    let (before, permit) = locked::<Bids>(cx, &tx, id, version, action).await?;
    if reason.chars().count() > LONGEST {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", LONGEST)));
    }
    let mut entries = over(cx, &mut tx, &on, &before, end, reason.trim()).await?;
    if others {
        let why = Text::new("bid-another-chosen").say();
        for other in store::open_for(tx.db(), contract).await?.into_iter().filter(|other| other.id != id) {
            let other = lock::<Bids>(&tx, other.id).await?;
            entries.extend(over(cx, &mut tx, &on, &other, REFUSED, &why).await?);
        }
    }
    cx.commit(tx, permit, entries).await
}

/// Ends one bid, with its place and what came with it: the entries, its own first.
async fn over(cx: &Cx, tx: &mut Tx, on: &Contract, before: &Bid, end: End, reason: &str) -> Result<Vec<Entry>> {
    let by = account(cx)?.account;
    let chosen = end.step == CHOSEN.step;
    let blockers = if chosen { lacks(cx, tx, &before.case, false).await? } else { Vec::new() };
    if chosen && on.row.state == "ended" {
        return Err(Error::Conflict(Text::new("contract-bids-over").with("title", &on.row.title)));
    }
    let after = BID.take(&before.case, end.step, &Taking::because(reason).unless(blockers), tx.now())?;
    let after = cases::update(tx, after).await?;
    let reasoned = Some(reason.to_owned());
    rounds::decide(cx, tx, &after, by, NewDecision { level: end.step, choice: end.choice.to_owned(), reason: reasoned, about: None })
        .await?;
    notices::turn::<Bids>(tx, before, &after)?;
    // What the bidder had attached and not handed in goes.
    let files = platform::files::drop_drafts(tx, BID.id, after.id).await?;
    let entry = moved::<Bids>(BID.step(end.step)?.action, before, &after).about("files", files);
    let mut entries = vec![entry.body(json!({ "reason": reason }))];
    if let Some(place) = after.place {
        if chosen {
            entries.extend(contract::act::bid_over_in(cx, tx, on, place, true).await?);
            entries.extend(offshoring::act::bid_chosen_in(cx, tx, place).await?);
            let day = cx.core().clock.date_of(tx.now());
            let event = |event: &str| Happened { event: event.to_owned(), place: None, day, reference: after.reference.clone() };
            happened(cx, tx, on.row.id, &[event("contract_award"), event("supplier_selection")]).await?;
        } else {
            // While the place stands, what came with the bid is found below it.
            entries.extend(offshoring::act::bid_over_in(cx, tx, place).await?);
            entries.extend(contract::act::bid_over_in(cx, tx, on, place, false).await?);
        }
    }
    Ok(entries)
}
