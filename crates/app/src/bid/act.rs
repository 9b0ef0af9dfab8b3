//! Writing bids: the only place that opens transactions for them.

mod choosing;

use jiff::civil::Date;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::store::{self as cases, NewCase};
use platform::cases::{Case, Taking};
use platform::cx::{Cx, Entry, Tx};
use platform::error::{Blocker, FieldErrors};
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result, files, t};
use serde_json::{json, to_value};
use uuid::Uuid;

pub use choosing::{choose, refuse, withdraw};

use super::Bids;
use super::model::{BID, Bid, LONGEST, Plans, lacking};
use super::store;
use crate::casework::act::{moved, open as locked};
use crate::casework::{account, desk, notices};
use crate::contract;
use crate::obligation::act::happened;
use crate::obligation::model::Happened;
use crate::party;

/// A bid about to be asked for, for asking whether that may be.
///
/// # Errors
/// When the engine has no first stage.
pub fn blank(cx: &Cx) -> Result<Bid> {
    begun(cx, cx.now(), (Uuid::nil(), String::new()), None)
}

fn begun(cx: &Cx, now: i64, party: (Uuid, String), at: Option<(&contract::store::Model, Uuid)>) -> Result<Bid> {
    let new = NewCase {
        id: cx.id()?,
        title: at.map_or_else(String::new, |(on, _)| t!("bid-titled", contract = &on.title, party = &party.1)),
        party,
        contract: at.map(|(on, _)| (on.id, on.title.clone())),
        place: at.map(|(_, place)| place),
        form: None,
        made_by: cx.actor.account().map(|by| by.account).unwrap_or_default(),
    };
    Ok(Bid::of(cases::begin(&BID, new, now)?))
}

/// Asks a party to bid for a contract that is not let yet, by a day (OFF-7): it stands in the contract's chain as a bidder from now on, and the
/// bid is its to write. The bid's id.
///
/// # Errors
/// [`Error::Invalid`] for a party that is no supplier or bids already, or for a day that is not to come; [`Error::Conflict`] once the contract
/// is let; [`Error::NotFound`] when there is no such contract; or a refusal.
pub async fn invite(cx: &Cx, contract: Uuid, party: Uuid, due: Date) -> Result<Uuid> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let on = contract::store::lock(tx.db(), contract).await?;
    cx.refuse_twin(&tx).await?;
    cx.permit("contract.view", &on)?;
    // Whoever may not invite is told so before anything else.
    cx.permit("bid.invite", &blank(cx)?)?;
    let name = party::store::names(tx.db(), [party]).await?.remove(&party).unwrap_or_default();
    let (place, joined) = contract::act::invite_in(cx, &tx, &on, party).await?;
    let due_at = to_come(cx, &tx, due)?;
    let of = begun(cx, tx.now(), (party, name), Some((&on.row, place.id)))?;
    let permit = cx.permit("bid.invite", &of)?;
    let case = cases::number(&tx, &cx.core().clock, &BID, Case { due: Some(due_at), ..of.case.clone() }).await?;
    cases::insert(&tx, &case).await?;
    store::insert(&tx, &case).await?;
    rounds::decide(cx, &tx, &case, by, NewDecision { level: "invite", choice: "invited".to_owned(), ..NewDecision::default() }).await?;
    notices::turn::<Bids>(&mut tx, &of, &case)?;
    let submission = Happened { event: "bid_submission".to_owned(), place: Some(place.id), day: due, reference: case.reference.clone() };
    happened(cx, &tx, contract, &[submission]).await?;
    let entry = Entry::on("bid.invite", &of).about("contract", contract).about("place", place.id).about("party", party).about("due", due);
    let entry = case.reference.iter().fold(entry, |entry, reference| entry.about("reference", reference));
    cx.commit(tx, permit, [entry, joined]).await?;
    Ok(case.id)
}

/// The end of a day that is to come.
fn to_come(cx: &Cx, tx: &Tx, due: Date) -> Result<i64> {
    let clock = &cx.core().clock;
    if due <= clock.date_of(tx.now()) {
        return Err(Error::field("due", Text::new("bid-due-not-to-come")));
    }
    Ok(clock.end_of(due))
}

/// Writes what the bid says of work abroad. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending; [`Error::Stale`]; or a refusal, once it was handed in.
pub async fn state(cx: &Cx, id: Uuid, version: i32, plans: &Plans) -> Result<()> {
    let tx = cx.begin().await?;
    let (before, permit) = locked::<Bids>(cx, &tx, id, version, "bid.state").await?;
    plans.faults().or(())?;
    let known = store::plans(cx, tx.db(), &before.case).await?;
    let changes = differences(&to_value(&known)?, &to_value(plans)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let after = cases::update(&tx, before.case.clone()).await?;
    store::state(cx, &tx, &after, plans).await?;
    let said = if plans.abroad == Some(true) { "yes" } else { "no" };
    let entry = moved::<Bids>("bid.state", &before, &after).about("abroad", said).body(json!({ "changes": changes }));
    let taken = desk::by_acting::<Bids>(cx, &tx, &Bid::of(after)).await?;
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await
}

/// Hands the bid in.
///
/// # Errors
/// [`Error::Blocked`] with everything that it lacks; [`Error::Conflict`] at another stage; [`Error::Stale`]; or a refusal.
pub async fn submit(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    plain(cx, id, version, Plain { step: "submit", choice: "submitted", reason: None, due: None }).await
}

/// Answers what the authority asked for.
///
/// # Errors
/// As [`submit`]; [`Error::Invalid`] without an answer.
pub async fn answer(cx: &Cx, id: Uuid, version: i32, answer: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "answer", choice: "answered", reason: Some(answer), due: None }).await
}

/// Finds a bid complete.
///
/// # Errors
/// As [`submit`].
pub async fn accept(cx: &Cx, id: Uuid, version: i32, remark: Option<&str>) -> Result<()> {
    plain(cx, id, version, Plain { step: "accept", choice: "complete", reason: remark, due: None }).await
}

/// Asks the bidder for more, by a day (OFF-7).
///
/// # Errors
/// [`Error::Invalid`] without a question or for a day that is not to come; [`Error::Conflict`] at another stage; [`Error::Stale`]; or a refusal.
pub async fn ask(cx: &Cx, id: Uuid, version: i32, question: &str, due: Date) -> Result<()> {
    plain(cx, id, version, Plain { step: "ask", choice: "asked", reason: Some(question), due: Some(due) }).await
}

/// A step that says why at most, and until when.
struct Plain<'a> {
    step: &'static str,
    choice: &'static str,
    reason: Option<&'a str>,
    due: Option<Date>,
}

async fn plain(cx: &Cx, id: Uuid, version: i32, with: Plain<'_>) -> Result<()> {
    let by = account(cx)?.account;
    let action = BID.step(with.step)?.action;
    let mut tx = cx.begin().await?;
    let contract = store::get(tx.db(), id).await?.case.contract;
    if let Some(contract) = contract {
        // First the contract, as everybody does who changes what belongs to it.
        contract::store::lock_row(tx.db(), contract).await?;
    }
    let (before, permit) = locked::<Bids>(cx, &tx, id, version, action).await?;
    let reason = with.reason.map(str::trim).filter(|text| !text.is_empty());
    let mut errors = FieldErrors::default();
    if reason.is_some_and(|text| text.chars().count() > LONGEST) {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    let due = match with.due.map(|due| to_come(cx, &tx, due)).transpose() {
        Err(Error::Invalid(found)) => {
            found.iter().for_each(|(name, text)| errors.add(name, text.clone()));
            None
        }
        other => other?,
    };
    errors.or(())?;
    let blockers = match with.step {
        "ask" => Vec::new(),
        // What the bidder writes meanwhile is its own affair.
        "accept" => lacks(cx, &tx, &before.case, false).await?,
        _ => lacks(cx, &tx, &before.case, true).await?,
    };
    let taking = Taking { reason: reason.map(str::to_owned), blockers, due, to: None };
    let mut after = BID.take(&before.case, with.step, &taking, tx.now())?;
    if ["submit", "answer"].contains(&with.step) {
        after = cases::submitted(after, tx.now(), by);
    }
    let after = cases::update(&tx, after).await?;
    let files = if ["submit", "answer"].contains(&with.step) { handed_in(&mut tx, &after).await? } else { Vec::new() };
    let reason = reason.map(str::to_owned);
    rounds::decide(cx, &tx, &after, by, NewDecision { level: with.step, choice: with.choice.to_owned(), reason, about: None }).await?;
    if let (Some(contract), Some(day)) = (contract, with.due) {
        let asked = Happened { event: "request_due".to_owned(), place: after.place, day, reference: after.reference.clone() };
        happened(cx, &tx, contract, &[asked]).await?;
    }
    notices::turn::<Bids>(&mut tx, &before, &after)?;
    let entry = moved::<Bids>(action, &before, &after).about("files", files.len());
    let entry = entry.body(json!({ "reason": with.reason.map(str::trim), "files": files }));
    let entry = with.due.map_or(entry.clone(), |due| entry.about("due", due));
    cx.commit(tx, permit, [entry]).await
}

/// What is handed in with a bid stays with it: its files, and the questionnaires that came with it. The files, as their entry tells of them.
async fn handed_in(tx: &mut Tx, case: &Case) -> Result<Vec<files::Handed>> {
    for one in store::questionnaires(tx.db(), case).await?.into_iter().filter(|one| one.submitted_at.is_some()) {
        cases::link(tx, case.id, one.id, store::CAME_WITH).await?;
    }
    files::hand_in(tx, BID.id, case.id).await
}

/// What a bid lacks to be complete; with `drafts`, also by what its bidder has begun and not handed in.
async fn lacks(cx: &Cx, tx: &Tx, case: &Case, drafts: bool) -> Result<Vec<Blocker>> {
    let mut came = store::questionnaires(tx.db(), case).await?;
    came.retain(|one| drafts || one.submitted_at.is_some());
    Ok(lacking(&store::plans(cx, tx.db(), case).await?, came.iter().map(|one| one.stage.as_str())))
}
