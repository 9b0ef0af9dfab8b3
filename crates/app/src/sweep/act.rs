//! Writing sweeps and what is answered: the only place that opens transactions for them.

mod answering;

use std::collections::BTreeSet;

use platform::clock::DAY;
use platform::cx::{Cx, Entry, Tx};
use platform::error::FieldErrors;
use platform::register::lock;
use platform::seal::Place;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::json;
use uuid::Uuid;

pub use answering::{give, reactions};

use super::model::{LONGEST, MOST, New, OUT, Sweep, any};
use super::notices::{self, What};
use super::store::{self, answer, sweep};
use crate::casework::account;
use crate::casework::offices::Offices;
use crate::incident;

/// Nobody is reminded by hand more often than once in a day.
const AGAIN: i64 = DAY;

/// Whom a sweep would ask, in the order of their names; whoever may not open one is refused.
///
/// # Errors
/// When the database fails; or a refusal.
pub async fn asked(cx: &Cx, new: &New) -> Result<Vec<crate::party::store::Model>> {
    cx.permit("sweep.open", &any())?;
    store::among(cx.db(), &new.among).await
}

/// Opens a sweep and asks everybody; its id. One by whom nobody is asked is none.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending, nobody would be asked, or too many; [`Error::NotFound`] when the incident is none that the actor
/// sees; or a refusal.
pub async fn open(cx: &Cx, new: &New) -> Result<Uuid> {
    let by = account(cx)?.account;
    let id = cx.id()?;
    let mut tx = cx.begin().await?;
    cx.refuse_twin(&tx).await?;
    let permit = cx.permit("sweep.open", &Sweep { id, running: true })?;
    new.check(cx.core().clock.date_of(tx.now()), &Offices::of(&cx.core().settings))?;
    if let Some(incident) = new.incident {
        cx.core().authz.check(&cx.actor, "incident.view", &incident::store::get(tx.db(), incident).await?)?;
    }
    let parties = store::among(tx.db(), &new.among).await?;
    if parties.is_empty() {
        return Err(Error::field("contract", Text::new("sweep-nobody")));
    }
    if parties.len() > MOST {
        return Err(Error::field("contract", Text::new("sweep-many").with("most", MOST)));
    }
    let due = new.due.to_string();
    let mut answers = Vec::with_capacity(parties.len());
    for party in &parties {
        answers.push(answer::Model {
            id: cx.id()?,
            sweep: id,
            party: party.id,
            name_key: party.name_key.clone(),
            due: due.clone(),
            running: true,
            answer: super::model::Answer::Awaited.code().to_owned(),
            said: None,
            until: None,
            incident: None,
            on_behalf: false,
            given_by: None,
            given_at: None,
            reminded: 0,
            reminded_at: None,
            version: 1,
        });
    }
    let (text, number) = (id.to_string(), i32::try_from(parties.len()).map_err(Error::internal)?);
    let at = |field| Place { table: "sweep", id: &text, field };
    let row = sweep::Model {
        id,
        incident: new.incident,
        title: store::sealed(cx, &tx, id, at("title"), new.title.trim()).await?,
        question: store::sealed(cx, &tx, id, at("question"), new.question.trim()).await?,
        contract: new.among.contract,
        country: new.among.country.clone(),
        tier: new.among.tier,
        due: due.clone(),
        asked: number,
        made_by: by,
        made_at: tx.now(),
        ended_by: None,
        ended_at: None,
        reason: None,
        version: 1,
    };
    store::insert(&tx, row.clone(), answers).await?;
    notices::ask(&mut tx, id, What::Asked)?;
    let entry = told("sweep.open", &row).about("due", &due).about("asked", number).about("without", new.among.without.len());
    let entry = row.incident.iter().fold(entry, |entry, incident| entry.about("incident", incident));
    cx.commit(tx, permit, [entry.body(json!({ "title": new.title.trim(), "question": new.question.trim() }))]).await?;
    Ok(id)
}

/// An entry about a sweep.
fn told(action: &'static str, row: &sweep::Model) -> Entry {
    Entry::on(action, &row.thing())
}

/// A sweep, its row locked, as it stood at `version`; asked first whether the actor may view it.
async fn held(cx: &Cx, tx: &Tx, id: Uuid, version: i32) -> Result<sweep::Model> {
    let row = lock::<sweep::Entity>(tx.db(), id).await?;
    cx.core().authz.check(&cx.actor, "sweep.view", &row.thing())?;
    if row.version == version { Ok(row) } else { Err(Error::Stale(Text::new("sweep-stale"))) }
}

/// Reminds everybody who has not answered or does not know yet, but for whom was reminded within a day. How many.
///
/// # Errors
/// [`Error::Conflict`] when nobody is left to be reminded; [`Error::NotFound`]; [`Error::Stale`]; or a refusal.
pub async fn remind(cx: &Cx, id: Uuid, version: i32) -> Result<u64> {
    let mut tx = cx.begin().await?;
    let row = held(cx, &tx, id, version).await?;
    let permit = cx.permit("sweep.remind", &row.thing())?;
    let number = store::remind(&tx, id, tx.now() - AGAIN).await?;
    if number == 0 {
        return Err(Error::conflict("sweep-reminded-all"));
    }
    let at = tx.now();
    notices::ask(&mut tx, id, What::Reminded { at })?;
    cx.commit(tx, permit, [told("sweep.remind", &row).about("reminded", number)]).await?;
    Ok(number)
}

/// Ends a sweep, with a reason: no more answers are taken, and who has given none is told that none is awaited.
///
/// # Errors
/// [`Error::Invalid`] without a reason, or with data about people in it; [`Error::NotFound`]; [`Error::Stale`]; or a refusal, of one that was ended too.
pub async fn end(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let row = held(cx, &tx, id, version).await?;
    let permit = cx.permit("sweep.end", &row.thing())?;
    let reason = reason.trim();
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", Text::new("sweep-reason-missing"));
    } else if reason.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    Offices::of(&cx.core().settings).refuse(&mut errors, ("reason", reason), OUT);
    errors.or(())?;
    let text = id.to_string();
    let sealed = store::sealed(cx, &tx, id, Place { table: "sweep", id: &text, field: "reason" }, reason).await?;
    let row = sweep::Model { ended_by: Some(by), ended_at: Some(tx.now()), reason: Some(sealed), ..row };
    store::end(&tx, &row, version).await?;
    notices::ask(&mut tx, id, What::Ended)?;
    cx.commit(tx, permit, [told("sweep.end", &row).body(json!({ "reason": reason }))]).await
}

/// The parties of an incident that need not be asked about it: at whose place it happened, and who reported it.
///
/// # Errors
/// [`Error::NotFound`] when it is none that the actor sees.
pub async fn known(cx: &Cx, incident: Uuid) -> Result<BTreeSet<Uuid>> {
    let of = incident::store::get(cx.db(), incident).await?;
    cx.core().authz.check(&cx.actor, "incident.view", &of)?;
    Ok(of.reporter.into_iter().chain([of.case.party]).collect())
}
