//! Writing measures.

use platform::cx::{Cx, Entry};
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::{json, to_value};
use uuid::Uuid;

use super::model::Details;
use super::store::{self, Measure};
use crate::contract;

/// Enters a measure under a contract; its id.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending or there is no such contract; or a refusal.
pub async fn add(cx: &Cx, contract: Uuid, details: &Details) -> Result<Uuid> {
    let tx = cx.begin().await?;
    let mut new = Measure::new(cx.id()?, contract, details, (cx.actor.reference().1, tx.now()))?;
    let on = match contract::store::lock(tx.db(), contract).await {
        Ok(on) if cx.may("contract.view", &on) => Some(on),
        Ok(_) | Err(Error::NotFound) => None,
        Err(other) => return Err(other),
    };
    new.manager = on.as_ref().and_then(|on| on.row.manager);
    let permit = cx.permit("measure.add", &new)?;
    details.check()?;
    if on.is_none() {
        return Err(Error::field("contract", Text::new("measure-contract-missing")));
    }
    store::insert(tx.db(), &new.row).await?;
    let entry = Entry::on("measure.add", &new).about("contract", contract).body(to_value(details)?);
    cx.commit(tx, permit, [entry]).await?;
    Ok(new.row.id)
}

/// Changes a measure, as it stood at `version`. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] when a field needs mending; or a refusal.
pub async fn change(cx: &Cx, id: Uuid, version: i32, details: &Details) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("measure.change", &before)?;
    details.check()?;
    if before.row.version != version {
        return Err(Error::Stale(Text::new("measure-stale")));
    }
    let changes = differences(&to_value(before.row.details()?)?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let mut after = before.row.clone();
    after.set(details, (cx.actor.reference().1, tx.now()))?;
    store::update(tx.db(), &after, version).await?;
    let entry = Entry::on("measure.change", &before)
        .about("contract", before.row.contract)
        .about("version", version + 1)
        .body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}
