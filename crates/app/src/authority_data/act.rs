//! Keeping what was decided about pieces of information.

use platform::cx::{Cx, Entry};
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::{json, to_value};
use uuid::Uuid;

use super::model::Details;
use super::store::{self, Kept};
use crate::contract;

/// Decides about a piece of information under a contract, and keeps the answer; its id.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending or there is no such contract; or a refusal.
pub async fn add(cx: &Cx, contract: Uuid, details: &Details) -> Result<Uuid> {
    let tx = cx.begin().await?;
    let kept = Kept::new(cx.id()?, contract, details, (cx.actor.reference().1, tx.now(), cx.core().clock.date_of(tx.now())))?;
    let permit = cx.permit("authority_data.decide", &kept)?;
    details.check()?;
    // Locked, so that an import that is taken back does not hide it meanwhile.
    match contract::store::lock(tx.db(), contract).await {
        Ok(on) if cx.may("contract.view", &on) => {}
        Ok(_) | Err(Error::NotFound) => return Err(Error::field("contract", Text::new("authority-data-contract-missing"))),
        Err(other) => return Err(other),
    }
    store::insert(tx.db(), &kept.row).await?;
    let entry = decided("authority_data.decide", &kept, details).body(to_value(details)?);
    cx.commit(tx, permit, [entry]).await?;
    Ok(kept.row.id)
}

/// Decides anew, by facts that changed, over `version` of what was decided. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Stale`] when someone decided meanwhile; [`Error::Invalid`] when a field needs mending; or a refusal.
pub async fn change(cx: &Cx, id: Uuid, version: i32, details: &Details) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("authority_data.change", &before)?;
    details.check()?;
    if before.row.version != version {
        return Err(Error::Stale(Text::new("authority-data-stale")));
    }
    let changes = differences(&to_value(before.row.details()?)?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let mut after = before.clone();
    after.row.set(details, (cx.actor.reference().1, cx.core().clock.date_of(tx.now())))?;
    store::update(tx.db(), &after.row, version).await?;
    let entry = decided("authority_data.change", &after, details)
        .about("before", &before.row.outcome)
        .about("version", version + 1)
        .body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}

/// The entry of a decision: its outcome and the rules that spoke, in the open as codes.
fn decided(action: &'static str, kept: &Kept, details: &Details) -> Entry {
    let rules: Vec<&str> = details.decision().explained.because.iter().map(|reason| reason.rule).collect();
    Entry::on(action, kept).about("contract", kept.row.contract).about("outcome", &kept.row.outcome).about("rules", rules.join("."))
}
