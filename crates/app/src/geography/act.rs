//! Writing what the authority holds of countries, and which countries proposals name.

use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result};
use rules::country::Country;
use serde_json::{json, to_value};

use super::model::Details;
use super::store::{self, Model};

/// Records what the authority holds of a country, over version `version` of it; 0 where nothing was recorded. Nothing is written when nothing
/// differs. Whatever hangs on a country answers to its entry, `country.state`.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] when a field needs mending; [`Error::Conflict`] for home, where
/// nothing is transferred; or a refusal.
pub async fn state(cx: &Cx, country: Country, version: i32, details: &Details) -> Result<()> {
    let tx = cx.begin().await?;
    let before = match store::of(tx.db(), country.code()).await? {
        Some(row) => platform::register::lock::<store::Entity>(tx.db(), row.id).await?,
        None => Model::new(cx.id()?, country, tx.now()),
    };
    let permit = cx.permit("country.state", &before)?;
    if cx.core().home()?.contains(country) {
        return Err(Error::conflict("country-home"));
    }
    details.check()?;
    if before.version != version {
        return Err(Error::Stale(Text::new("country-stale")));
    }
    let changes = differences(&to_value(before.details())?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let mut after = before.clone();
    after.set(details);
    store::save(tx.db(), after).await?;
    let entry = Entry::on("country.state", &before)
        .about("country", country.code())
        .about("version", version + 1)
        .body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}

/// What follows for the map, in the same transaction.
pub fn reactions() -> Vec<Reaction> {
    vec![Reaction { on: "proposal.submit", run: |_, tx, entry| -> Reacting<'_> { Box::pin(submitted(tx, entry)) } }]
}

/// A proposal that was handed in names its countries.
async fn submitted(tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let named = entry.body.as_ref().and_then(|body| body["countries"].as_array()).into_iter().flatten();
    let named = named.filter_map(|code| Country::from_code(code.as_str()?).ok()).collect();
    store::keep_named(tx, entry.id.parse().map_err(Error::internal)?, &named).await?;
    Ok(Vec::new())
}
