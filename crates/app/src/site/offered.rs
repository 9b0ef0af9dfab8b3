//! What a form about a place in a chain offers from the registers: parties, their sites, the files that were attached.

use platform::cases::Case;
use platform::forms::{Choices, Pick};
use platform::{Cx, Result, t};
use sea_orm::ConnectionTrait;

use super::store;
use crate::{contract, party};

/// The parties that the actor may name in a case of this kind, those of the chain that it sees, and their sites in use.
///
/// # Errors
/// When the database fails.
pub async fn choices<C: ConnectionTrait>(cx: &Cx, db: &C, kind: &'static str, case: &Case) -> Result<Choices> {
    let places = match case.contract {
        Some(on) => contract::chain::seen_rows(db, &cx.actor, on, false).await?,
        None => Vec::new(),
    };
    let names = party::store::names(db, places.iter().map(|p| p.party)).await?;
    let sites = store::in_use(db, &cx.actor, names.keys().copied()).await?;
    let of = |row: &store::Model| t!("site-choice", site = &row.name, party = names.get(&row.party).map_or("", String::as_str));
    let sites = sites.iter().map(|row| Pick::new(row.id, of(row)).within(&row.country)).collect();
    let parties = names.iter().map(|(id, name)| Pick::new(id, name)).collect();
    let settings = &cx.core().settings;
    let files = platform::files::answers(cx, db, kind, case.id).await?;
    Ok(Choices { parties, sites, files, file_mib: settings.limits.file_mib, currency: settings.authority.currency.clone() })
}
