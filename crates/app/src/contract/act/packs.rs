//! Putting packs on contracts, and moving contracts to another edition.

use std::collections::BTreeSet;

use platform::cx::{Cx, Entry, Permit, Tx};
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::json;
use uuid::Uuid;

use crate::contract::store;
use crate::pack::{self, Use};

/// Puts an edition of a pack on a contract, or another edition in its place. A draft or withdrawn pack asks for a reason, which stays
/// with it (OUT-0), and so does an edition that another has taken the place of. One that nobody has put in use is for no contract.
///
/// # Errors
/// [`Error::Invalid`] for an unknown pack or a missing reason; [`Error::Conflict`] when it is on already; or a refusal.
pub async fn put_pack(cx: &Cx, contract: Uuid, pack: &str, edition: &str, reason: Option<&str>) -> Result<()> {
    let tx = cx.begin().await?;
    let (permit, entry) = put_pack_in(cx, &tx, contract, (pack, edition), reason).await?;
    cx.commit(tx, permit, [entry]).await
}

/// The most contracts that are moved at once.
pub const MOST_MOVED: usize = 50;

/// Moves contracts to an edition of a pack that another edition is on: all of them, or none.
///
/// # Errors
/// As [`put_pack`]; [`Error::Invalid`] at `contracts` when none or too many are named, or the pack is on one of them in no edition.
pub async fn move_packs(cx: &Cx, contracts: &[Uuid], pack: &str, edition: &str, reason: Option<&str>) -> Result<()> {
    // One order for all, so that two who move at once do not wait for each other.
    let those: BTreeSet<Uuid> = contracts.iter().copied().collect();
    if those.is_empty() {
        return Err(Error::field("contracts", Text::new("edition-move-none")));
    }
    if those.len() > MOST_MOVED {
        return Err(Error::field("contracts", Text::new("edition-move-many").with("most", MOST_MOVED)));
    }
    let tx = cx.begin().await?;
    let (mut first, mut entries) = (None, Vec::new());
    for contract in those {
        store::lock_row(tx.db(), contract).await?;
        if store::packs_on(tx.db(), contract).await?.iter().all(|on| on.pack != pack) {
            return Err(Error::field("contracts", Text::new("edition-move-not-on")));
        }
        let (permit, entry) = put_pack_in(cx, &tx, contract, (pack, edition), reason).await?;
        first.get_or_insert(permit);
        entries.push(entry);
    }
    let permit = first.ok_or(Error::NotFound)?;
    cx.commit(tx, permit, entries).await
}

async fn put_pack_in(cx: &Cx, tx: &Tx, contract: Uuid, (pack, edition): (&str, &str), reason: Option<&str>) -> Result<(Permit, Entry)> {
    let on = store::lock(tx.db(), contract).await?;
    let permit = cx.permit("contract.put_pack", &on)?;
    let known = pack::packs(cx.core());
    let Some(found) = known.get(pack, edition).cloned() else {
        return Err(Error::field("pack", Text::new("contract-pack-unknown")));
    };
    let before = store::packs_on(tx.db(), contract).await?.into_iter().find(|p| p.pack == pack);
    if before.as_ref().is_some_and(|p| p.edition == edition) {
        return Err(Error::Conflict(Text::new("contract-pack-on-already").with("pack", &found.title)));
    }
    let stands = known.use_of(&found);
    if matches!(stands, Use::Waiting | Use::Withdrawn) {
        let text = if stands == Use::Waiting { "contract-pack-not-in-use" } else { "contract-pack-taken-out" };
        return Err(Error::field("pack", Text::new(text).with("pack", &found.title).with("edition", edition)));
    }
    let reason = reason.map(str::trim).filter(|r| !r.is_empty());
    if reason.is_none() && stands == Use::Earlier {
        return Err(Error::field("reason", Text::new("contract-pack-earlier").with("pack", &found.title)));
    }
    if reason.is_none() && found.needs_reason_for_new_contract() {
        return Err(Error::field("reason", Text::new("contract-pack-reason-missing").with("pack", &found.title)));
    }
    if reason.is_some_and(|r| r.chars().count() > 2000) {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", 2000)));
    }
    let row = store::pack::Model {
        contract,
        pack: pack.to_owned(),
        edition: edition.to_owned(),
        put_at: cx.now(),
        put_by: cx.actor.reference().1,
        reason: reason.map(str::to_owned),
    };
    store::put_pack(tx.db(), row).await?;
    let mut entry = Entry::on("contract.put_pack", &on).about("pack", pack).about("edition", edition);
    if let Some(before) = before {
        entry = entry.about("before", before.edition);
    }
    if let Some(reason) = reason {
        entry = entry.body(json!({ "reason": reason }));
    }
    Ok((permit, entry))
}
