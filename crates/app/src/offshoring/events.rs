//! What of a proposal duties are counted from: the days on which it was handed in, checked, assessed, returned and decided, and the first
//! day of what was approved. The events' ids are those that packs name.

use jiff::civil::Date;
use platform::cases::store as cases;
use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::{Error, Result};
use uuid::Uuid;

use super::model::PROPOSAL;
use super::store;
use crate::obligation::act::{happened, put_off};
use crate::obligation::model::Happened;

/// The events of each action. An approval has one more: the first day of the work; one that ends before that day puts it off. An urgent one decides
/// nothing yet.
const EVENTS: [(&str, &[&str]); 13] = [
    ("proposal.submit", &["offshore_proposal"]),
    ("proposal.hand_over", &["offshore_proposal"]),
    ("proposal.pass_on", &["proposal_checked"]),
    ("proposal.not_offshoring", &["proposal_checked"]),
    ("proposal.return", &["proposal_checked", "proposal_returned"]),
    ("proposal.send_back", &["proposal_returned"]),
    ("proposal.assess", &["proposal_assessed"]),
    ("proposal.approve", &["decision"]),
    ("proposal.approve_urgently", &[]),
    ("proposal.decline", &["decision"]),
    ("proposal.revoke", &[]),
    ("proposal.refuse_urgent", &[]),
    ("proposal.end_urgent", &[]),
];

/// What follows for duties from the steps of proposals, in the same transaction.
pub fn reactions() -> Vec<Reaction> {
    EVENTS.map(|(on, _)| Reaction { on, run: |cx, tx, entry| -> Reacting<'_> { Box::pin(stepped(cx, tx, entry)) } }).into()
}

async fn stepped(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let id = |name: &str| entry.about.get(name).map(|text| text.parse::<Uuid>().map_err(Error::internal)).transpose();
    let Some(contract) = id("contract")? else { return Ok(Vec::new()) };
    let (place, reference) = (id("place")?, entry.about.get("reference").cloned());
    let today = cx.core().clock.date_of(tx.now());
    let event = |event: &str, day| Happened { event: event.to_owned(), place, day, reference: reference.clone() };
    let events = EVENTS.iter().find(|(on, _)| *on == entry.action).map_or(&[][..], |(_, events)| *events);
    // With a bid the contract manager has nothing to check yet (OFF-7): that begins when it is handed over.
    let at = |name: &str| entry.about.get(name).map(String::as_str);
    let events = match (entry.action, at("from"), at("to")) {
        ("proposal.submit", _, Some("bidding")) => &[][..],
        ("proposal.return", Some("bidding"), _) => &["proposal_returned"][..],
        _ => events,
    };
    let mut all: Vec<Happened> = events.iter().map(|id| event(id, today)).collect();
    let start = |day| event("offshore_start", day);
    let first = async || -> Result<Option<Date>> {
        let case = cases::get(tx.db(), &PROPOSAL, entry.id.parse().map_err(Error::internal)?).await?;
        Ok(store::approval(cx, tx.db(), &case).await?.and_then(|approved| approved.from.parse().ok()))
    };
    let urgent = async |name| -> Result<Option<Date>> {
        let Some(id) = id(name)? else { return Ok(None) };
        Ok(Some(store::one_urgent(tx.db(), id).await?.from))
    };
    let over = match entry.action {
        "proposal.approve" => urgent("replaces").await?,
        "proposal.revoke" => first().await?,
        "proposal.refuse_urgent" | "proposal.end_urgent" => urgent("urgent").await?,
        _ => None,
    };
    if let Some(day) = over.filter(|day| *day > today) {
        put_off(cx, tx, contract, &start(day)).await?;
        // Another approval may begin the same work on that day.
        for case in store::beginning(tx.db(), contract, day).await? {
            if case.place == place && case.id.to_string() != entry.id {
                all.push(Happened { reference: case.reference, ..start(day) });
            }
        }
    }
    if ["proposal.approve", "proposal.approve_urgently"].contains(&entry.action) {
        all.extend(first().await?.map(start));
    }
    happened(cx, tx, contract, &all).await?;
    Ok(Vec::new())
}
