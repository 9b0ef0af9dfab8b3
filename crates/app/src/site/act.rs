//! Writing sites.

use platform::cx::{Cx, Entry, Permit, Tx};
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::{json, to_value};
use uuid::Uuid;

use super::model::Details;
use super::store::{self, Site};
use crate::party;

/// Enters a site of `party`; its id.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending or the party is no supplier; or a refusal.
pub async fn add(cx: &Cx, party: Uuid, details: &Details) -> Result<Uuid> {
    let tx = cx.begin().await?;
    let (id, permit, entry) = add_in(cx, &tx, party, details).await?;
    cx.commit(tx, permit, [entry]).await?;
    Ok(id)
}

/// As [`add`], in a transaction that holds more: what is to be committed with it.
///
/// # Errors
/// As [`add`].
pub(crate) async fn add_in(cx: &Cx, tx: &Tx, party: Uuid, details: &Details) -> Result<(Uuid, Permit, Entry)> {
    let site = Site::new(cx.id()?, party, details, tx.now());
    let permit = cx.permit("site.add", &site)?;
    details.check()?;
    // Locked, so that an import that is taken back does not hide it meanwhile.
    party::store::as_supplier(party::store::lock(tx.db(), party).await, "site-party-missing")?;
    store::insert(tx.db(), &site.row).await?;
    let entry = Entry::on("site.add", &site).about("party", party).about("state", &site.row.state).body(to_value(details)?);
    Ok((site.row.id, permit, entry))
}

/// Changes what is known of a site, as it stood at `version`. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] when a field needs mending; or a refusal.
pub async fn change(cx: &Cx, id: Uuid, version: i32, details: &Details) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("site.change", &before)?;
    details.check()?;
    if before.row.version != version {
        return Err(Error::Stale(Text::new("site-stale")));
    }
    let changes = differences(&to_value(before.row.details())?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let mut after = before.row.clone();
    after.set(details);
    store::update(tx.db(), &after, version).await?;
    let entry = Entry::on("site.change", &before)
        .about("party", before.row.party)
        .about("version", version + 1)
        .about("state", &after.state)
        .body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}
