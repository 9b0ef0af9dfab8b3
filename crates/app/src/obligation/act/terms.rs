//! Recording what contract and plan ask of a duty, and what rulings mean for the duty to give them.

use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::json;
use uuid::Uuid;

use super::{happened, put_off};
use crate::contract::store as contracts;
use crate::obligation::governing;
use crate::obligation::model::Happened;
use crate::obligation::store::Duty;
use crate::obligation::terms::{self, CLAUSE, Document, Term, Way};

/// Records what a document asks of a duty, over `version` of what is recorded: of the contract for its whole chain, of the plan for every place that works
/// by it. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Invalid`] when the clause is too long; [`Error::Conflict`] when no plan is in force there; [`Error::Stale`]; or a refusal.
pub async fn state_term(cx: &Cx, duty: &Duty, document: Document, version: i32, way: Way, clause: Option<&str>) -> Result<()> {
    let tx = cx.begin().await?;
    contracts::lock_row(tx.db(), duty.row.contract).await?;
    let permit = cx.permit("obligation.state_term", duty)?;
    let clause = clause.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    if clause.as_ref().is_some_and(|text| text.chars().count() > CLAUSE) {
        return Err(Error::field("clause", Text::new("error-too-long").with("max", CLAUSE)));
    }
    let known = governing::of(cx, tx.db(), duty).await?;
    let at = known.kept_at(duty, document).ok_or_else(|| Error::conflict("obligation-term-no-plan"))?;
    let before = known.term(document);
    if before.version != version {
        return Err(terms::stale());
    }
    let plan = known.in_force.as_ref().map(|plan| plan.id).filter(|_| document == Document::Plan);
    if before.way == way && before.clause == clause && before.plan == plan {
        return Ok(());
    }
    let term = Term { way, clause, plan, set: Some((cx.actor.reference().1, tx.now())), version };
    terms::save(tx.db(), at, duty, document, &term).await?;
    let asks = if let Way::Asks(demand) = &term.way { Some(demand) } else { None };
    let entry = Entry::on("obligation.state_term", duty)
        .about("contract", duty.row.contract)
        .about("document", document.code())
        .about("way", term.way.code())
        .body(json!({ "asks": asks, "clause": term.clause, "before": before.way.code() }));
    let entry = plan.map_or(entry.clone(), |plan| entry.about("plan", plan));
    cx.commit(tx, permit, [entry]).await
}

/// A question about a rule is what the duty to answer counts from, and the answer what shows it (SEC-36).
pub(super) fn reactions() -> Vec<Reaction> {
    ["ruling.ask", "ruling.rule", "ruling.decline", "ruling.withdraw"]
        .map(|on| Reaction { on, run: |cx, tx, entry| -> Reacting<'_> { Box::pin(asked(cx, tx, entry)) } })
        .into()
}

async fn asked(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let told = |name: &str| entry.about.get(name).map(String::as_str);
    let id = |name: &str| told(name).map(|text| text.parse::<Uuid>().map_err(Error::internal)).transpose();
    let Some(contract) = id("contract")? else { return Ok(Vec::new()) };
    let event = if ["ruling.ask", "ruling.withdraw"].contains(&entry.action) { "ruling_request" } else { "ruling_given" };
    let (place, reference) = (id("place")?, told("reference").map(str::to_owned));
    let today = cx.core().clock.date_of(tx.now());
    if entry.action == "ruling.withdraw" {
        let day = told("asked").map_or(Ok(today), |day| day.parse().map_err(Error::internal))?;
        put_off(cx, tx, contract, &Happened { event: event.to_owned(), place, day, reference }).await?;
    } else {
        happened(cx, tx, contract, &[Happened { event: event.to_owned(), place, day: today, reference }]).await?;
    }
    Ok(Vec::new())
}
