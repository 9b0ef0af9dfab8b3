//! Writing incidents that others recorded.

mod import;

use platform::cx::{Cx, Entry};
use platform::error::FieldErrors;
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::{json, to_value};
use uuid::Uuid;

pub use import::{Figures, Importing, Outcome, Told, import};

use super::model::{Details, LONGEST};
use super::store::{self, Model};
use crate::incident::veris::Given;
use crate::party;

/// What is said when the party is no supplier.
const PARTY_MISSING: &str = "incident-record-party-missing";

/// Ties a record, as it stood at `version`, to the supplier that it is about, or to none. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] when the party is no supplier; or a refusal.
pub async fn change(cx: &Cx, id: Uuid, version: i32, details: &Details) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("incident_record.change", &before)?;
    if let Some(party) = details.party {
        party::store::as_supplier(party::store::get(tx.db(), party).await, PARTY_MISSING)?;
    }
    current(&before, version)?;
    let changes = differences(&to_value(before.details())?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let after = Model { party: details.party, ..before };
    store::update(tx.db(), &after, version).await?;
    let entry = Entry::on("incident_record.change", &after).about("version", version + 1).body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}

/// Removes a record, as it stood at `version`, with a reason: its number is not given again, and the same may be brought in anew, as another one.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] without a reason; or a refusal.
pub async fn remove(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("incident_record.remove", &before)?;
    let reason = reason.trim();
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", Text::new("incident-record-reason-missing"));
    } else if reason.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    errors.or(())?;
    current(&before, version)?;
    store::remove(tx.db(), id, version).await?;
    let entry = Entry::on("incident_record.remove", &before).about("reference", &before.reference).about("digest", &before.digest);
    let body = json!({ "reason": reason, "victim": before.victim, "source": before.source, "source_id": before.source_id });
    cx.commit(tx, permit, [entry.body(body)]).await
}

fn current(row: &Model, version: i32) -> Result<()> {
    if row.version == version { Ok(()) } else { Err(Error::Stale(Text::new("incident-record-stale"))) }
}

/// A record as a document of VERIS: recorded before a byte of it is given.
///
/// # Errors
/// [`Error::NotFound`]; or a refusal.
pub async fn take_out(cx: &Cx, id: Uuid) -> Result<Given> {
    let tx = cx.begin().await?;
    let row = store::get(tx.db(), id).await?;
    let permit = cx.permit("incident_record.take_out", &row)?;
    let given = Given::of(&row.reference, &serde_json::from_str(&row.document)?)?;
    let entry = Entry::on("incident_record.take_out", &row).about("format", "veris").about("digest", given.digest());
    cx.commit(tx, permit, [entry]).await?;
    Ok(given)
}
