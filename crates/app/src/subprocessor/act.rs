//! Writing sub-processors.

mod import;

use platform::cx::{Cx, Entry, Tx};
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::{json, to_value};
use uuid::Uuid;

pub use import::{Figures, Told, import, refuse};

use super::model::Details;
use super::store::{self, Model, Subprocessor};
use crate::{offshoring, party};

/// What is said when the party is no supplier.
const PARTY_MISSING: &str = "subprocessor-party-missing";

/// Enters a sub-processor; its id. That classifies its use, too.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending; or a refusal.
pub async fn add(cx: &Cx, details: &Details) -> Result<Uuid> {
    let tx = cx.begin().await?;
    let mut new = Subprocessor::new(cx.id()?, details, &cx.core().home()?, tx.now());
    let permit = cx.permit("subprocessor.add", &new)?;
    check(cx, &tx, details, None).await?;
    new.row.added_on = Some(cx.core().clock.date_of(tx.now()).to_string());
    store::insert(tx.db(), &new.row).await?;
    let entry = about("subprocessor.add", &new).body(to_value(details)?);
    let id = new.row.id;
    cx.commit(tx, permit, [entry]).await?;
    Ok(id)
}

/// Changes what is known of one, as it stood at `version`: its use is classified anew. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] when a field needs mending; or a refusal.
pub async fn change(cx: &Cx, id: Uuid, version: i32, details: &Details) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("subprocessor.change", &before)?;
    let old = before.row.details();
    // What was written before settled the country; something else settles it anew.
    let moved = details.location != old.location && details.country == old.country;
    let details = &Details { country: details.country.clone().filter(|_| !moved), ..details.clone() };
    check(cx, &tx, details, Some(&before.row)).await?;
    if before.row.version != version {
        return Err(Error::Stale(Text::new("subprocessor-stale")));
    }
    let changes = differences(&to_value(&old)?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let mut after = before.clone();
    after.row.set(details, &cx.core().home()?);
    if before.row.state != after.row.state {
        let today = cx.core().clock.date_of(tx.now()).to_string();
        (after.row.added_on, after.row.removed_on) =
            if after.row.state == "removed" { (after.row.added_on, Some(today)) } else { (Some(today), None) };
        after.row.changed_at = tx.now();
    }
    store::update(tx.db(), &after.row, version).await?;
    let entry = about("subprocessor.change", &after).about("version", version + 1).body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}

/// Checks what was entered, over what stood before: the supplier is one, nobody is named twice for a product, the proposal is one that the actor
/// sees and that has not come to nothing.
async fn check(cx: &Cx, tx: &Tx, details: &Details, before: Option<&Model>) -> Result<()> {
    details.check()?;
    if store::named_twice(tx.db(), details, before.map(|row| row.id)).await? {
        return Err(Error::field("name", Text::new("subprocessor-named-twice")));
    }
    if let Some(party) = details.party {
        party::store::as_supplier(party::store::get(tx.db(), party).await, PARTY_MISSING)?;
    }
    if let Some(reference) = details.proposal.as_ref().filter(|new| before.and_then(|row| row.proposal.as_ref()) != Some(*new)) {
        let unknown = || Error::field("proposal", Text::new("subprocessor-proposal-missing"));
        let case = match offshoring::store::by_reference(tx.db(), reference).await {
            Ok(case) => case,
            Err(Error::NotFound) => return Err(unknown()),
            Err(other) => return Err(other),
        };
        let ended = ["declined", "withdrawn", "not_offshoring"].contains(&case.stage.as_str());
        if !cx.may("proposal.view", &offshoring::store::load(tx.db(), case).await?) {
            return Err(unknown());
        }
        if ended {
            return Err(Error::field("proposal", Text::new("subprocessor-proposal-ended")));
        }
    }
    Ok(())
}

/// The entry of an act on `of`, as it stands after it.
fn about(action: &'static str, of: &Subprocessor) -> Entry {
    let row: &Model = &of.row;
    let entry = Entry::on(action, of).about("state", &row.state).about("outcome", &row.outcome).about("needs", &row.needs);
    row.party.map_or(entry.clone(), |party| entry.about("party", party))
}
