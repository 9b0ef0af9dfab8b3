//! What a party answers, by its own people or on its behalf, and the report to which that leads.

use platform::authz::Side;
use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::register::lock;
use platform::seal::Place;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::json;
use uuid::Uuid;

use crate::casework::account;
use crate::incident;
use crate::incident::model::REPORTS;
use crate::sweep::model::{Answer, Given};
use crate::sweep::notices::{self, What};
use crate::sweep::store::{self, answer};

/// Answers, in the place of what was answered before. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Invalid`] when something lacks, or data about people stands in what is said; [`Error::NotFound`] when the party is not asked or the incident
/// is none that the actor sees; [`Error::Stale`]; or a refusal, once the sweep was ended too.
pub async fn give(cx: &Cx, id: Uuid, version: i32, given: &Given) -> Result<()> {
    let by = account(cx)?.clone();
    let mut tx = cx.begin().await?;
    let before = lock::<answer::Entity>(tx.db(), id).await?;
    let people = !store::with_people(tx.db(), tx.now(), [before.party]).await?.is_empty();
    let thing = before.thing(people);
    cx.core().authz.check(&cx.actor, "sweep_answer.view", &thing)?;
    let behalf = by.side == Side::Authority;
    let action = if behalf { "sweep_answer.give_for" } else { "sweep_answer.give" };
    let permit = cx.permit(action, &thing)?;
    if before.version != version {
        return Err(Error::Stale(Text::new("sweep-answer-stale")));
    }
    let (said, until) = given.checked(cx.core().clock.date_of(tx.now()))?;
    let incident = match given.incident.filter(|_| given.answer == Answer::Affected) {
        Some(incident) => Some(own(cx, &tx, &before, incident).await?),
        // What was reported because of it stays so.
        None if given.answer == Answer::Affected => before.incident,
        None => None,
    };
    let until = until.map(|day| day.to_string());
    let known = store::said(cx, tx.db(), std::slice::from_ref(&before)).await?.remove(&id);
    if (before.stands(), &known, &before.until, before.incident) == (given.answer, &said, &until, incident) {
        return Ok(());
    }
    let text = id.to_string();
    let sealed = match &said {
        Some(said) => {
            let at = Place { table: "sweep_answer", id: &text, field: "said" };
            Some(store::sealed(cx, &tx, before.sweep, at, said).await?)
        }
        None => None,
    };
    let after = answer::Model {
        answer: given.answer.code().to_owned(),
        said: sealed,
        until,
        incident,
        on_behalf: behalf,
        given_by: Some(by.account),
        given_at: Some(tx.now()),
        ..before.clone()
    };
    store::give(&tx, &after, version).await?;
    if given.answer == Answer::Affected && before.stands() != Answer::Affected {
        notices::ask(&mut tx, before.sweep, What::Affected { answer: id })?;
    }
    let entry = told(action, &after, people).body(json!({ "said": said })).sealed_for(store::subject(after.sweep));
    cx.commit(tx, permit, [entry]).await
}

/// An entry about an answer: ids and codes.
fn told(action: &'static str, row: &answer::Model, people: bool) -> Entry {
    let entry = Entry::on(action, &row.thing(people)).about("sweep", row.sweep).about("answer", &row.answer);
    let entry = row.until.iter().fold(entry, |entry, until| entry.about("until", until));
    row.incident.iter().fold(entry, |entry, incident| entry.about("incident", incident))
}

/// An incident that the party reported, or that happened at its place, if the actor sees it.
async fn own(cx: &Cx, tx: &Tx, row: &answer::Model, incident: Uuid) -> Result<Uuid> {
    let wrong = || Error::field("incident", Text::new("sweep-incident-wrong"));
    let of = incident::store::get(tx.db(), incident).await.map_err(|_| wrong())?;
    let theirs = of.reporter == Some(row.party) || of.case.party == row.party;
    if theirs && cx.may("incident.view", &of) { Ok(incident) } else { Err(wrong()) }
}

/// A report that was made because a party was asked answers that it is affected; and who is asked learns of it where it was told to the authority.
pub fn reactions() -> Vec<Reaction> {
    REPORTS.into_iter().map(|on| Reaction { on, run: |_, tx, entry| -> Reacting<'_> { Box::pin(reported(tx, entry)) } }).collect()
}

async fn reported(tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let Some(id) = entry.about.get("asked").and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(Vec::new()) };
    // Whoever made an id up made a report all the same: it is tied to nothing.
    let before = match lock::<answer::Entity>(tx.db(), id).await {
        Ok(row) => row,
        Err(Error::NotFound) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let incident: Uuid = entry.id.parse().map_err(Error::internal)?;
    let of = incident::store::get(tx.db(), incident).await?;
    let theirs = of.reporter == Some(before.party) || of.told && of.case.party == before.party;
    if !theirs || !before.running || before.incident.is_some() {
        return Ok(Vec::new());
    }
    let first = before.stands() != Answer::Affected;
    let after = answer::Model {
        answer: Answer::Affected.code().to_owned(),
        until: None,
        incident: Some(incident),
        given_by: if first { of.case.submitted_by } else { before.given_by },
        given_at: if first { Some(tx.now()) } else { before.given_at },
        on_behalf: if first { of.told } else { before.on_behalf },
        ..before.clone()
    };
    store::give(tx, &after, before.version).await?;
    if first {
        notices::ask(tx, before.sweep, What::Affected { answer: id })?;
    }
    Ok(vec![told("sweep_answer.report", &after, true)])
}
