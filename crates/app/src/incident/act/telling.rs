//! Giving an incident out in VERIS (SEC-24): recorded before a byte of it is given.

use platform::Result;
use platform::cx::{Cx, Entry};
use uuid::Uuid;

use crate::incident::store;
use crate::incident::veris::{self, Given};

/// The incident as a document of VERIS, for whoever may read it at the authority.
///
/// # Errors
/// [`platform::Error::NotFound`]; or a refusal.
pub async fn take_out(cx: &Cx, id: Uuid) -> Result<Given> {
    let tx = cx.begin().await?;
    let of = store::get(tx.db(), id).await?;
    let permit = cx.permit("incident.take_out", &of)?;
    let reference = of.case.reference.clone().unwrap_or_else(|| id.to_string());
    let given = Given::of(&reference, &veris::document(cx, &of).await?)?;
    let entry = Entry::on("incident.take_out", &of).about("format", "veris").about("digest", given.digest());
    cx.commit(tx, permit, [entry]).await?;
    Ok(given)
}
