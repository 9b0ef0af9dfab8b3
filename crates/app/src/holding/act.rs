//! Writing systems and transfer routes.

use platform::Result;
use platform::cx::{Cx, Entry};
use platform::register::differences;
use serde_json::{json, to_value};
use uuid::Uuid;

use super::model::{Holding, check};
use super::store::{self, Held};
use crate::party;

/// Enters one that `party` has; its id.
///
/// # Errors
/// [`platform::Error::Invalid`] when a field needs mending or the party is no supplier; or a refusal.
pub async fn add<H: Holding>(cx: &Cx, party: Uuid, details: &H::Details) -> Result<Uuid> {
    let tx = cx.begin().await?;
    let held = Held::new::<H>(cx.id()?, party, details, tx.now())?;
    let permit = cx.permit(H::ADD, &held)?;
    check::<H>(details)?;
    // Locked, so that an import that is taken back does not hide it meanwhile.
    party::store::as_supplier(party::store::lock(tx.db(), party).await, "holding-party-missing")?;
    store::insert::<H>(tx.db(), &held.row).await?;
    let entry = Entry::on(H::ADD, &held).about("party", party).about("state", &held.row.state).body(to_value(details)?);
    let id = held.row.id;
    cx.commit(tx, permit, [entry]).await?;
    Ok(id)
}

/// Changes what is known of one, as it stood at `version`. Nothing is written when nothing differs.
///
/// # Errors
/// [`platform::Error::Stale`] when someone changed it meanwhile; [`platform::Error::Invalid`] when a field needs mending; or a refusal.
pub async fn change<H: Holding>(cx: &Cx, id: Uuid, version: i32, details: &H::Details) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::lock::<H>(tx.db(), id).await?;
    let permit = cx.permit(H::CHANGE, &before)?;
    check::<H>(details)?;
    let changes = differences(&to_value(before.row.details::<H>()?)?, &to_value(details)?);
    if before.row.version == version && changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let mut after = before.row.clone();
    after.set::<H>(details)?;
    store::update::<H>(tx.db(), &after, version).await?;
    let entry = Entry::on(H::CHANGE, &before)
        .about("party", before.row.party)
        .about("version", version + 1)
        .about("state", &after.state)
        .body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}
