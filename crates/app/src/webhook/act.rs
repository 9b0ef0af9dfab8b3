//! Writing webhooks.

use platform::cx::{Cx, Entry};
use platform::hooks::deliver::{self, JOB, TEST};
use platform::hooks::rows::{self, delivery};
use platform::hooks::signing::Secret;
use platform::jobs::Job;
use platform::register::differences;
use platform::seal::Place;
use platform::texts::Text;
use platform::{Error, Result, book};
use serde_json::{json, to_value};
use uuid::Uuid;

use super::model::{Details, Hook};
use super::store;

/// Makes a hook, which is told of what is committed from now on; its id. Its secret is fresh.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending; [`Error::Conflict`] when there are too many; or a refusal.
pub async fn add(cx: &Cx, details: &Details) -> Result<Uuid> {
    let id = cx.id()?;
    let tx = cx.begin().await?;
    let (next, _) = book::head(tx.db()).await?;
    let row = rows::Model {
        id,
        name: details.name.trim().to_owned(),
        url: details.url.trim().to_owned(),
        actions: details.actions.join(" "),
        secret: Vec::new(),
        state: details.state.clone(),
        next_entry: i64::try_from(next).map_err(Error::internal)?,
        made_at: tx.now(),
        version: 1,
    };
    let permit = cx.permit("webhook.add", &Hook(row.clone()))?;
    details.check(cx.core().settings.webhooks.allow_private)?;
    if u64::try_from(store::all(tx.db()).await?.len()).unwrap_or(u64::MAX) >= store::MOST {
        return Err(Error::Conflict(Text::new("webhook-too-many").with("max", store::MOST)));
    }
    let key = tx.key(cx, &rows::Model::subject(id)).await?;
    let secret = key.seal(&Place { table: "webhook", id: &id.to_string(), field: "secret" }, Secret::fresh()?.text().as_bytes())?;
    store::insert(tx.db(), &rows::Model { secret, ..row.clone() }).await?;
    let entry = Entry::on("webhook.add", &Hook(row)).about("state", &details.state).body(to_value(details)?);
    cx.commit(tx, permit, [entry]).await?;
    Ok(id)
}

/// Changes a hook, as it stood at `version`. One that is taken up again is told of what is committed from then on.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] when a field needs mending; or a refusal.
pub async fn change(cx: &Cx, id: Uuid, version: i32, details: &Details) -> Result<()> {
    let tx = cx.begin().await?;
    let before = store::get(tx.db(), id).await?;
    let permit = cx.permit("webhook.change", &Hook(before.clone()))?;
    details.check(cx.core().settings.webhooks.allow_private)?;
    if before.version != version {
        return Err(Error::Stale(Text::new("webhook-stale")));
    }
    let changes = differences(&to_value(Details::of(&before))?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let after = rows::Model {
        name: details.name.trim().to_owned(),
        url: details.url.trim().to_owned(),
        actions: details.actions.join(" "),
        state: details.state.clone(),
        ..before.clone()
    };
    store::update(tx.db(), &after, version).await?;
    if before.state == "paused" && after.state == "active" {
        let (next, _) = book::head(tx.db()).await?;
        store::skip_to(tx.db(), id, i64::try_from(next).map_err(Error::internal)?).await?;
    }
    let entry = Entry::on("webhook.change", &Hook(before))
        .about("version", version + 1)
        .about("state", &after.state)
        .body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}

/// Sends a message that only tries the address; the delivery's id.
///
/// # Errors
/// [`Error::Conflict`] while the hook is paused; or a refusal.
pub async fn test(cx: &Cx, id: Uuid) -> Result<Uuid> {
    let mut tx = cx.begin().await?;
    let hook = store::get(tx.db(), id).await?;
    let permit = cx.permit("webhook.test", &Hook(hook.clone()))?;
    if hook.state != "active" {
        return Err(Error::conflict("webhook-is-paused"));
    }
    let delivery = cx.id()?;
    store::begin(tx.db(), id, delivery, TEST, tx.now()).await?;
    tx.job(Job::new(JOB, json!({ "delivery": delivery })));
    let entry = Entry::on("webhook.test", &Hook(hook)).about("delivery", delivery);
    cx.commit(tx, permit, [entry]).await?;
    Ok(delivery)
}

/// Sends a message again, under the id that it had, so that a receiver that has it knows it. One whose last try failed need not wait for its
/// next: whichever sends it first, the other finds it delivered.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] while it waits for its first try, or the hook is paused; or a refusal.
pub async fn replay(cx: &Cx, id: Uuid, delivery: Uuid) -> Result<()> {
    let mut tx = cx.begin().await?;
    let hook = store::get(tx.db(), id).await?;
    let permit = cx.permit("webhook.replay", &Hook(hook.clone()))?;
    let of = store::delivery(tx.db(), id, delivery).await?;
    if hook.state != "active" {
        return Err(Error::conflict("webhook-is-paused"));
    }
    if !sends_again(&of) {
        return Err(Error::conflict("webhook-is-waiting"));
    }
    store::again(tx.db(), delivery).await?;
    tx.job(Job::new(JOB, json!({ "delivery": delivery })));
    let entry = Entry::on("webhook.replay", &Hook(hook)).about("delivery", delivery).about("action", &of.action);
    cx.commit(tx, permit, [entry]).await
}

/// Whether a message can be sent again: it was sent before, however that ended.
pub(super) fn sends_again(of: &delivery::Model) -> bool {
    of.state != "waiting" || of.tries > 0
}

/// The hook's secret, with an entry that it was shown.
///
/// # Errors
/// [`Error::NotFound`], or a refusal: it asks for signing in again.
pub async fn reveal(cx: &Cx, id: Uuid) -> Result<Secret> {
    let tx = cx.begin().await?;
    let hook = store::get(tx.db(), id).await?;
    let permit = cx.permit("webhook.reveal", &Hook(hook.clone()))?;
    cx.commit(tx, permit, [Entry::on("webhook.reveal", &Hook(hook.clone()))]).await?;
    deliver::secret(cx, &hook).await
}
