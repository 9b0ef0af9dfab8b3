//! Writing parties.

use platform::authz::Side;
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::register::differences;
use platform::{Error, Result};
use serde_json::{json, to_value};
use uuid::Uuid;

use super::model::Details;
use super::store::{self, Party};

/// Enters a party; its id.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending, or a refusal.
pub async fn add(cx: &Cx, side: Side, details: &Details) -> Result<Uuid> {
    let tx = cx.begin().await?;
    let (id, permit, entry) = add_in(cx, &tx, side, details).await?;
    cx.commit(tx, permit, [entry]).await?;
    Ok(id)
}

/// As [`add`], in a transaction that holds more: what is to be committed with it.
///
/// # Errors
/// As [`add`].
pub(crate) async fn add_in(cx: &Cx, tx: &Tx, side: Side, details: &Details) -> Result<(Uuid, Permit, Entry)> {
    details.check()?;
    let party = Party::new(cx.id()?, side, details, tx.now());
    let permit = cx.permit("party.add", &party)?;
    store::insert(tx.db(), &party.row).await?;
    let entry = Entry::on("party.add", &party).about("side", side.code()).body(to_value(details)?);
    Ok((party.row.id, permit, entry))
}

/// Enters the authority within the transaction that lets its first administrator in; its id and entry.
///
/// # Errors
/// When the database fails.
pub(crate) async fn found(cx: &Cx, tx: &Tx) -> Result<(Uuid, Entry)> {
    let details = Details::named(&cx.core().settings.authority.name);
    let party = Party::new(cx.id()?, Side::Authority, &details, tx.now());
    store::insert(tx.db(), &party.row).await?;
    let entry = Entry::on("party.add", &party).about("side", Side::Authority.code()).body(to_value(&details)?);
    Ok((party.row.id, entry))
}

/// Changes what is known of a party, as it stood at `version`. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] when a field needs mending; or a refusal.
pub async fn change(cx: &Cx, id: Uuid, version: i32, details: &Details) -> Result<()> {
    let tx = cx.begin().await?;
    let party = store::lock(tx.db(), id).await?;
    let permit = cx.permit("party.change", &party)?;
    details.check()?;
    if party.row.version != version {
        return Err(Error::Stale(platform::texts::Text::new("party-stale")));
    }
    let changes = differences(&to_value(party.row.details())?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let mut row = party.row.clone();
    row.set(details);
    store::update(tx.db(), &row, version).await?;
    let entry = Entry::on("party.change", &party).about("version", version + 1).body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}

/// Enters a supplier within the transaction of an import, which permits and records it; hidden until [`show`].
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending.
pub(crate) async fn take_in(cx: &Cx, tx: &Tx, details: &Details) -> Result<Uuid> {
    details.check()?;
    let mut party = Party::new(cx.id()?, Side::Supplier, details, tx.now());
    party.row.side = store::HIDDEN.to_owned();
    store::insert(tx.db(), &party.row).await?;
    Ok(party.row.id)
}

/// Shows parties that an import took in, or hides them again.
///
/// # Errors
/// When the database fails.
pub(crate) async fn show(tx: &Tx, ids: &[Uuid], shown: bool) -> Result<()> {
    store::set_side(tx.db(), ids, if shown { Side::Supplier.code() } else { store::HIDDEN }).await
}
