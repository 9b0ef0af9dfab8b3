//! Taking an import back.

use platform::cx::{Cx, Entry};
use platform::{Error, Result};
use serde_json::{Value, json};
use uuid::Uuid;

use super::act::BATCH;
use super::model::State;
use super::store::{self, key};
use crate::{contract, holding, party, site};

/// Takes back what a run made, as long as nobody has worked on it: contracts as they were brought in, without packs, and then parties
/// that stand in no chain any more. The rest stays, and is counted. Changes that the run made to earlier contracts stay too.
///
/// # Errors
/// [`Error::Conflict`] when the run is not brought in; or a refusal.
pub async fn undo(cx: &Cx, id: Uuid) -> Result<store::Model> {
    let mut run = store::get(cx.db(), id).await?;
    cx.permit("import_run.undo", &run)?;
    if run.stands()? != State::Applied {
        return Err(Error::conflict("import-not-applied"));
    }
    let mut once = cx.clone();
    let mut left = 0;
    for keys in store::made_by(cx.db(), id, "contract").await?.chunks(BATCH) {
        left += contracts(&once, &mut run, keys).await?;
        once = once.once(None);
    }
    for keys in store::made_by(cx.db(), id, "party").await?.chunks(BATCH) {
        parties(&once, &mut run, keys).await?;
        once = once.once(None);
    }
    let tx = once.begin().await?;
    let permit = once.permit("import_run.undo", &run)?;
    store::forget(tx.db(), &store::made_by(tx.db(), id, "release").await?).await?;
    let mut figures = run.figures()?;
    figures.left = left;
    store::update(tx.db(), &mut run, State::Undone, &figures).await?;
    let entry = Entry::on("import_run.undo", &run).about("state", State::Undone.code()).about("left", left);
    once.commit(tx, permit, [entry]).await?;
    Ok(run)
}

fn facts(key: &key::Model) -> Value {
    key.facts.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Hides a batch of contracts; how many stay.
async fn contracts(cx: &Cx, run: &mut store::Model, keys: &[key::Model]) -> Result<u64> {
    let tx = cx.begin().await?;
    let permit = cx.permit("import_run.undo", run)?;
    let (mut gone, mut forgotten, mut left) = (Vec::new(), Vec::new(), 0);
    for key in keys {
        let Some(id) = key.record else { continue };
        let facts = facts(key);
        let standing = contract::store::lock(tx.db(), id).await?;
        let mut is = serde_json::to_value(standing.row.details())?;
        is["ocid"] = facts["details"]["ocid"].clone();
        let suppliers: std::collections::BTreeSet<Uuid> = serde_json::from_value(facts["suppliers"].clone()).unwrap_or_default();
        let untouched = is == facts["details"] && standing.parties.is_subset(&suppliers);
        if facts.get("superseded").is_some() {
            forgotten.push(key.clone());
        } else if untouched && contract::store::packs_on(tx.db(), id).await?.is_empty() && !store::has_cases(tx.db(), id).await? {
            contract::act::take_back_chain(cx, &tx, id).await?;
            gone.push(id);
            forgotten.push(key.clone());
        } else {
            left += 1;
        }
    }
    contract::act::show(&tx, &gone, None).await?;
    store::forget(tx.db(), &forgotten).await?;
    let figures = run.figures()?;
    store::update(tx.db(), run, State::Applied, &figures).await?;
    let entry = Entry::on("import_run.undo", run).about("contracts", gone.len()).about("left", left).body(json!({ "contracts": gone }));
    cx.commit(tx, permit, [entry]).await?;
    Ok(left)
}

/// Hides a batch of parties that the run made, that stand in no chain and have neither people nor sites.
async fn parties(cx: &Cx, run: &mut store::Model, keys: &[key::Model]) -> Result<()> {
    let tx = cx.begin().await?;
    let permit = cx.permit("import_run.undo", run)?;
    let (mut gone, mut forgotten) = (Vec::new(), Vec::new());
    for key in keys {
        let Some(id) = key.record else { continue };
        if facts(key)["made"] != json!(true) {
            forgotten.push(key.clone());
            continue;
        }
        // Locked, so that nobody gives it a site or a system meanwhile.
        party::store::lock(tx.db(), id).await?;
        let used = store::has_people(tx.db(), id).await?
            || site::store::has_any(tx.db(), id).await?
            || holding::store::has_any(tx.db(), id).await?;
        if !used && contract::store::places_of(tx.db(), id).await?.is_empty() {
            gone.push(id);
            forgotten.push(key.clone());
        }
    }
    party::act::show(&tx, &gone, false).await?;
    store::forget(tx.db(), &forgotten).await?;
    let figures = run.figures()?;
    store::update(tx.db(), run, State::Applied, &figures).await?;
    let entry = Entry::on("import_run.undo", run).about("parties", gone.len()).body(json!({ "parties": gone }));
    cx.commit(tx, permit, [entry]).await
}
