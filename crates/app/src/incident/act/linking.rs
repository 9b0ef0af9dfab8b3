//! Reporting links: made, called back, and reported by.

use platform::cases::Case;
use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::identity::throttle;
use platform::web::Visit;
use platform::{Error, Result};
use uuid::Uuid;

use super::reporting::{Report, bare, report};
use crate::casework::account;
use crate::contract;
use crate::incident::store::links::{self, Model};

/// The most links of a place that work at a time.
const MOST: usize = 5;

/// Makes a link by which anybody who holds it reports incidents at a place; its id and its token, which is shown once.
///
/// # Errors
/// [`Error::Conflict`] when so many work already; [`Error::NotFound`] when the place stands no more; or a refusal.
pub async fn make_link(cx: &Cx, place: Uuid) -> Result<(Uuid, String)> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let row = contract::store::place(tx.db(), place).await?.row;
    // First the contract, so that two who make one at a time see each other's.
    contract::store::lock_row(tx.db(), row.contract).await?;
    cx.refuse_twin(&tx).await?;
    if row.until.is_some() {
        return Err(Error::NotFound);
    }
    let of = bare(cx, tx.db(), tx.now(), &row, false).await?;
    let permit = cx.permit("incident.make_link", &of)?;
    if links::of_place(tx.db(), place).await?.len() >= MOST {
        return Err(Error::conflict("incident-links-most"));
    }
    let (id, token) = links::make(cx, &tx, place, by).await?;
    let entry = Entry::on("incident.make_link", &of).about("link", id).about("place", place).about("contract", row.contract);
    cx.commit(tx, permit, [entry]).await?;
    Ok((id, token))
}

/// Calls a link back: nobody reports by it from now on. What came by it stays.
///
/// # Errors
/// [`Error::NotFound`] when it is none of that place's, or was called back before; or a refusal.
pub async fn end_link(cx: &Cx, place: Uuid, id: Uuid) -> Result<()> {
    let tx = cx.begin().await?;
    let row = contract::store::place(tx.db(), place).await?.row;
    let of = bare(cx, tx.db(), tx.now(), &row, false).await?;
    let permit = cx.permit("incident.end_link", &of)?;
    if links::get(tx.db(), id).await?.place != place || !links::revoke(&tx, id).await? {
        return Err(Error::NotFound);
    }
    let entry = Entry::on("incident.end_link", &of).about("link", id).about("place", place).about("contract", row.contract);
    cx.commit(tx, permit, [entry]).await
}

/// After a restore all links are called back: some may have been since the backup was made.
pub fn reactions() -> Vec<Reaction> {
    platform::backup::RESTORED.map(|on| Reaction { on, run: |_, tx, _| -> Reacting<'_> { Box::pin(restored(tx)) } }).into()
}

async fn restored(tx: &Tx) -> Result<Vec<Entry>> {
    links::revoke_all(tx).await?;
    Ok(Vec::new())
}

/// The link with this token, for a visit that goes on as its holder.
///
/// # Errors
/// [`Error::NotFound`] when there is none or it was called back, [`Error::TooMany`] for whoever asks too often.
pub async fn held(visit: &Visit, token: &str) -> Result<(Cx, Model)> {
    let core = visit.core();
    let Some(link) = links::find(visit.cx.db(), token).await?.filter(|link| link.revoked_at.is_none()) else {
        return Err(throttle::missed(&visit.cx, "incident-link", &visit.address).await);
    };
    core.links.take(&link.id.to_string())?;
    let mut cx = visit.cx.clone();
    cx.actor = link.actor();
    Ok((cx, link))
}

/// Takes in a report by a link.
///
/// # Errors
/// [`Error::NotFound`] at another place than the link's; [`Error::Conflict`] when so many came by it within a day; else as [`report`].
pub async fn report_by(cx: &Cx, link: &Model, new: &Report) -> Result<Case> {
    if link.place != new.place {
        return Err(Error::NotFound);
    }
    report(cx, new).await
}
