//! Merging a report into another one of the same incident (SEC-24), and separating the two again: what was reported stays with each.

use std::collections::BTreeSet;

use platform::authz::Side;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::{Taking, store as cases, tasks};
use platform::cx::{Cx, Entry, Tx};
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::json;
use uuid::Uuid;

use super::{regulator, sayable, until};
use crate::casework::act::{contract_first, moved, open as locked};
use crate::casework::{account, desk, lock, notices};
use crate::incident::merging::{Unfit, fits};
use crate::incident::model::{INCIDENT, Incident, Incidents};
use crate::incident::store;
use crate::incident::store::duplicates::{self, DUPLICATE};
use crate::{contract, party};

/// Merges a report into the incident that has the reference `into`, of which everybody reads who reads the report. It is over by that, its open tasks are
/// asked of nobody any more, and its clock before the regulator goes on with that one. What the data controller decided of it goes on as it was.
///
/// # Errors
/// [`Error::Invalid`] without a reason, or where the two cannot be merged, which says why; [`Error::Conflict`] at another stage; [`Error::Stale`]; or a
/// refusal.
pub async fn merge(cx: &Cx, id: Uuid, version: i32, into: &str, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    // Whoever may not merge is not told which references there are.
    cx.permit("incident.merge", &store::get(tx.db(), id).await?)?;
    let into = into.trim();
    if into.is_empty() {
        return Err(Error::field("into", Text::new("incident-merge-missing")));
    }
    let found = match duplicates::called(tx.db(), &into.to_uppercase()).await {
        Err(Error::NotFound) => return Err(Error::field("into", Text::new("incident-merge-unknown"))),
        other => other?,
    };
    hold(&tx, [id, found.case.id]).await?;
    let (before, permit) = locked::<Incidents>(cx, &tx, id, version, "incident.merge").await?;
    let into = lock::<Incidents>(&tx, found.case.id).await?;
    let reason = reason.trim();
    sayable(Some(reason))?;
    let after = INCIDENT.take(&before.case, "merge", &Taking::because(reason), tx.now())?;
    let links = duplicates::chain(tx.db(), into.case.id).await?;
    if let Err(why) = fits(&before, &into, &links) {
        return Err(Error::field("into", unfit(&tx, why).await?));
    }
    let open = tasks::list(cx, tx.db(), &before.case, Side::Authority).await?.into_iter().filter(|task| !task.stands().over());
    let dropped = tasks::drop_open(&tx, open.map(|task| task.id).collect::<Vec<_>>()).await?;
    let after = cases::update(&tx, after).await?;
    cases::link(&tx, id, into.case.id, DUPLICATE).await?;
    // Somebody has read it now, if nobody had.
    if before.case.stage == "reported" {
        store::taken_up(&tx, &after).await?;
    }
    let clock = regulator::merged(&mut tx, &after, &into).await?;
    let decision = NewDecision { level: "merge", choice: "merged".to_owned(), reason: Some(reason.to_owned()), ..NewDecision::default() };
    rounds::decide(cx, &tx, &after, by, decision).await?;
    notices::turn::<Incidents>(&mut tx, &before, &after)?;
    let entry = moved::<Incidents>("incident.merge", &before, &after).about("into", into.case.id).about("tasks", dropped);
    let entry = entry.body(json!({ "reason": reason }));
    let there = Entry::on("incident.merged_in", &into).about("duplicate", id);
    cx.commit(tx, permit, [entry, there].into_iter().chain(clock)).await
}

/// Separates a report again from the incident that it was merged into: it was no duplicate after all, and is looked at as before. That incident's clock
/// before the regulator stays as it is; its data controller puts it right.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] at another stage; [`Error::Stale`]; or a refusal.
pub async fn separate(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    contract_first::<Incidents>(&tx, id).await?;
    let (before, permit) = locked::<Incidents>(cx, &tx, id, version, "incident.separate").await?;
    let reason = reason.trim();
    sayable(Some(reason))?;
    let due = until(cx, &tx, &before.case, "triage").await?;
    let after = INCIDENT.take(&before.case, "separate", &Taking { due, ..Taking::because(reason) }, tx.now())?;
    let after = cases::update(&tx, after).await?;
    let into = duplicates::into(tx.db(), id).await?.ok_or_else(|| Error::internal("what was merged leads nowhere"))?;
    cases::unlink(&tx, id, into, DUPLICATE).await?;
    regulator::separated(&mut tx, &before, &after).await?;
    let decision =
        NewDecision { level: "separate", choice: "separated".to_owned(), reason: Some(reason.to_owned()), ..NewDecision::default() };
    rounds::decide(cx, &tx, &after, by, decision).await?;
    notices::both::<Incidents>(&mut tx, &before, &after, "separated")?;
    let entry = moved::<Incidents>("incident.separate", &before, &after).about("out_of", into).body(json!({ "reason": reason }));
    let there = Entry::on("incident.separated_out", &store::get(tx.db(), into).await?).about("duplicate", id);
    // Whoever separates it looks at it.
    let taken = desk::by_acting::<Incidents>(cx, &tx, &Incident { case: after, ..before }).await?;
    cx.commit(tx, permit, [entry, there].into_iter().chain(taken)).await
}

/// Holds two incidents and their contracts, always in the same order: two who merge them the one and the other way round do not wait for each other.
async fn hold(tx: &Tx, both: [Uuid; 2]) -> Result<()> {
    let all = cases::all(tx.db(), &INCIDENT, both).await?;
    for contract in all.iter().filter_map(|case| case.contract).collect::<BTreeSet<Uuid>>() {
        contract::store::lock_row(tx.db(), contract).await?;
    }
    for case in all.iter().map(|case| case.id).collect::<BTreeSet<Uuid>>() {
        cases::lock(tx, &INCIDENT, case).await?;
    }
    Ok(())
}

/// Why two cannot be merged, in words.
async fn unfit(tx: &Tx, why: Unfit) -> Result<Text> {
    Ok(match why {
        Unfit::Itself => Text::new("incident-merge-itself"),
        Unfit::ComesBack => Text::new("incident-merge-comes-back"),
        Unfit::MergedInto(last) => {
            let last = cases::get(tx.db(), &INCIDENT, last).await?;
            Text::new("incident-merge-merged").with("reference", last.reference.as_deref().unwrap_or_default())
        }
        Unfit::Unseen(parties) => {
            let names = party::store::names(tx.db(), parties).await?;
            Text::new("incident-merge-unseen").with("parties", names.into_values().collect::<Vec<_>>().join(", "))
        }
    })
}
