//! Writing weaknesses: noting them, tying incidents to them, resolving them.

use jiff::civil::Date;
use platform::cases::tasks::NewTask;
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::error::FieldErrors;
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::{json, to_value};
use uuid::Uuid;

use super::model::{Details, OPEN, RESOLVED, WEAKNESSES, words};
use super::store::{self, Weakness};
use crate::casework::act::{add_task, contract_first};
use crate::casework::{account, lock};
use crate::incident::model::{Incident, Incidents};
use crate::{contract, party};

/// Notes a weakness, and that an incident showed it, if one did; its id.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending; [`Error::NotFound`] when there is no such incident; or a refusal.
pub async fn add(cx: &Cx, details: &Details, incident: Option<Uuid>) -> Result<Uuid> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let today = cx.core().clock.date_of(tx.now());
    let new = Weakness::new(cx.id()?, details, today, tx.now());
    cx.refuse_twin(&tx).await?;
    let permit = cx.permit("weakness.add", &new)?;
    details.check()?;
    whose(&tx, details).await?;
    let on = match incident {
        Some(id) => Some(held(cx, &tx, id).await?),
        None => None,
    };
    store::insert(cx, &tx, &new).await?;
    let mut entries = vec![Entry::on("weakness.add", &new).about("state", &new.row.state).body(to_value(details)?)];
    if let Some(on) = &on {
        store::tie(&tx, new.row.id, on.case.id, by).await?;
        entries.extend(tied(&new, on));
    }
    cx.commit(tx, permit, entries).await?;
    Ok(new.row.id)
}

/// Changes what is known of a weakness, as it stood at `version`. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile; [`Error::Invalid`] when a field needs mending; or a refusal.
pub async fn change(cx: &Cx, id: Uuid, version: i32, details: &Details) -> Result<()> {
    let tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "weakness.change").await?;
    details.check()?;
    whose(&tx, details).await?;
    let changes = differences(&to_value(before.details())?, &to_value(details)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let mut after = before.clone();
    after.set(details);
    store::update(cx, &tx, &after, version).await?;
    let entry = Entry::on("weakness.change", &before).about("version", version + 1).body(json!({ "changes": changes }));
    cx.commit(tx, permit, [entry]).await
}

/// Notes that an incident showed a weakness. Nothing is written where that is noted already.
///
/// # Errors
/// [`Error::NotFound`], or a refusal.
pub async fn tie(cx: &Cx, id: Uuid, incident: Uuid) -> Result<()> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let on = held(cx, &tx, incident).await?;
    let of = store::lock(cx, &tx, id).await?;
    let permit = cx.permit("weakness.tie", &of)?;
    if store::is_tied(tx.db(), id, incident).await? {
        return Ok(());
    }
    store::tie(&tx, id, incident, by).await?;
    cx.commit(tx, permit, tied(&of, &on)).await
}

/// Takes back that an incident showed a weakness.
///
/// # Errors
/// [`Error::NotFound`] where that was not noted; or a refusal.
pub async fn untie(cx: &Cx, id: Uuid, incident: Uuid) -> Result<()> {
    let tx = cx.begin().await?;
    let on = held(cx, &tx, incident).await?;
    let of = store::lock(cx, &tx, id).await?;
    let permit = cx.permit("weakness.untie", &of)?;
    if !store::is_tied(tx.db(), id, incident).await? {
        return Err(Error::NotFound);
    }
    store::untie(&tx, id, incident).await?;
    let entry = Entry::on("weakness.untie", &of).about("incident", incident).about("reference", reference(&on));
    let there = Entry::on("incident.weakness_untied", &on).about("weakness", id);
    cx.commit(tx, permit, [entry, there]).await
}

/// Notes how and when a weakness was resolved, as it stood at `version`.
///
/// # Errors
/// [`Error::Invalid`] without words of how, or on a day that is to come; [`Error::Conflict`] when it is resolved already; [`Error::Stale`]; or a refusal.
pub async fn resolve(cx: &Cx, id: Uuid, version: i32, how: &str, on: Option<Date>) -> Result<()> {
    let tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "weakness.resolve").await?;
    if !before.is_open() {
        return Err(Error::conflict("weakness-resolved-already"));
    }
    let mut errors = FieldErrors::default();
    let how = match words("how", how, "weakness-how-missing") {
        Err(Error::Invalid(wrong)) => {
            wrong.iter().for_each(|(field, text)| errors.add(field, text.clone()));
            String::new()
        }
        other => other?,
    };
    match on {
        None => errors.add("on", Text::new("weakness-on-missing")),
        Some(day) if day > cx.core().clock.date_of(tx.now()) => errors.add("on", Text::new("weakness-on-to-come")),
        Some(_) => {}
    }
    errors.or(())?;
    let mut after = before.clone();
    (after.row.state, after.row.resolved_on) = (RESOLVED.to_owned(), on.map(|day| day.to_string()));
    after.said.resolution = Some(how.clone());
    store::update(cx, &tx, &after, version).await?;
    let entry = Entry::on("weakness.resolve", &before).about("on", on.map(|day| day.to_string()).unwrap_or_default());
    cx.commit(tx, permit, [entry.body(json!({ "how": how }))]).await
}

/// Notes that a weakness that was resolved is open again, as it stood at `version`. How it had been resolved stays in its history.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] when it is open; [`Error::Stale`]; or a refusal.
pub async fn reopen(cx: &Cx, id: Uuid, version: i32, why: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "weakness.reopen").await?;
    if before.is_open() {
        return Err(Error::conflict("weakness-open-already"));
    }
    let why = words("why", why, "weakness-why-missing")?;
    let mut after = before.clone();
    (after.row.state, after.row.resolved_on, after.said.resolution) = (OPEN.to_owned(), None, None);
    store::update(cx, &tx, &after, version).await?;
    let entry = Entry::on("weakness.reopen", &before).about("version", version + 1).body(json!({ "why": why }));
    cx.commit(tx, permit, [entry]).await
}

/// Sets a task by which a weakness is to be resolved, with one of the incidents that showed it; the task's id.
///
/// # Errors
/// [`Error::NotFound`] where that incident did not show it; else as [`add_task`].
pub async fn order(cx: &Cx, id: Uuid, incident: Uuid, new: NewTask) -> Result<Uuid> {
    let of = store::get(cx, cx.db(), id).await?;
    cx.permit("weakness.view", &of)?;
    if !store::is_tied(cx.db(), id, incident).await? {
        return Err(Error::NotFound);
    }
    add_task::<Incidents>(cx, incident, NewTask { source: Some(id.to_string()), ..new }).await
}

/// A weakness, locked, at the version that the form was filled in against, with leave for `action`.
async fn open(cx: &Cx, tx: &Tx, id: Uuid, version: i32, action: &'static str) -> Result<(Weakness, Permit)> {
    let before = store::lock(cx, tx, id).await?;
    cx.refuse_twin(tx).await?;
    let permit = cx.permit(action, &before)?;
    if before.row.version != version {
        return Err(Error::Stale(Text::new("weakness-stale")));
    }
    Ok((before, permit))
}

/// An incident that the actor reads, its row held.
async fn held(cx: &Cx, tx: &Tx, id: Uuid) -> Result<Incident> {
    contract_first::<Incidents>(tx, id).await?;
    let on = lock::<Incidents>(tx, id).await?;
    cx.permit("incident.view", &on)?;
    Ok(on)
}

fn reference(on: &Incident) -> String {
    on.case.reference.clone().unwrap_or_else(|| on.case.id.to_string())
}

/// The entries that an incident showed a weakness, for both.
fn tied(of: &Weakness, on: &Incident) -> [Entry; 2] {
    let there = Entry::on("incident.weakness_tied", on).about(WEAKNESSES.kind, of.row.id);
    [Entry::on("weakness.tie", of).about("incident", on.case.id).about("reference", reference(on)), there]
}

/// That the party is a supplier, and stands in the contract's chain where both are named.
async fn whose(tx: &Tx, details: &Details) -> Result<()> {
    if let Some(id) = details.party {
        party::store::as_supplier(party::store::get(tx.db(), id).await, "weakness-party-wrong")?;
    }
    let Some(id) = details.contract else { return Ok(()) };
    let contract = match contract::store::get(tx.db(), id).await {
        Err(Error::NotFound) => return Err(Error::field("contract", Text::new("register-choose-one"))),
        other => other?,
    };
    match details.party {
        Some(party) if !contract.parties.contains(&party) => Err(Error::field("contract", Text::new("weakness-contract-wrong"))),
        _ => Ok(()),
    }
}
