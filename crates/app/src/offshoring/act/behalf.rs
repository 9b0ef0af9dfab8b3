//! Entry on behalf: a questionnaire came on paper or by e-mail from a supplier without people here, and a contract manager enters it. Whoever
//! enters it checks, assesses and decides nothing of it.

use jiff::civil::Date;
use platform::cases::people;
use platform::cases::store::{self as cases, NewCase};
use platform::cases::thread::{self, NewMessage};
use platform::cx::{Cx, Entry};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result, t};
use serde_json::json;
use uuid::Uuid;

use super::account;
use super::route::fresh;
use crate::casework::{self, Sight, notices};
use crate::contract;
use crate::offshoring::Proposals;
use crate::offshoring::model::{Deciding, Hands, PROPOSAL, Proposal, SUPPLIER_ROLES};
use crate::offshoring::store::{self, Said, Way};

/// The longest reason, in characters.
const LONGEST: usize = 2_000;

/// What is said of a questionnaire that is entered on behalf of a supplier.
#[derive(Debug, Clone)]
pub struct Entering {
    /// How it came.
    pub way: Way,
    /// On which day.
    pub came_on: Date,
    /// Why it is entered here.
    pub reason: String,
}

/// Whether the actor enters proposals on behalf of suppliers.
///
/// # Errors
/// When the system gives no randomness.
pub fn may_enter(cx: &Cx) -> Result<bool> {
    let Some(by) = cx.actor.account().map(|by| by.account) else { return Ok(false) };
    let new = NewCase {
        id: cx.id()?,
        title: String::new(),
        party: (Uuid::nil(), String::new()),
        contract: None,
        place: None,
        form: None,
        made_by: by,
    };
    let case = cases::begin(&PROPOSAL, new, cx.now())?;
    let blank = Proposal {
        case,
        standing: Sight::default(),
        hands: Hands::default(),
        deciding: Deciding::default(),
        manager: None,
        entered_by: Some(by),
        urgent: None,
        urgent_roles: Vec::new(),
    };
    Ok(cx.may("proposal.begin_on_behalf", &blank))
}

/// Begins a proposal on behalf of the party at `place`, whose side has nobody here; its id.
///
/// # Errors
/// [`Error::Invalid`] without a reason, or for a day to come; [`Error::Conflict`] when the supplier has people who do it themselves; or a
/// refusal.
pub async fn begin_on_behalf(cx: &Cx, place: Uuid, new: &Entering) -> Result<Uuid> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let (mut of, place, pack) = fresh(cx, &tx, place).await?;
    of.case.owner = None;
    of.entered_by = Some(by);
    let permit = cx.permit("proposal.begin_on_behalf", &of)?;
    let mut errors = FieldErrors::default();
    let reason = new.reason.trim();
    if reason.is_empty() {
        errors.add("reason", Text::new("proposal-behalf-reason-missing"));
    } else if reason.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    if new.came_on > cx.core().clock.today() {
        errors.add("came_on", Text::new("proposal-behalf-day-to-come"));
    }
    errors.or(())?;
    let parties: Vec<Uuid> = std::iter::once(of.case.party).chain(of.standing.lead).collect();
    if !people::holders(cx, tx.db(), &SUPPLIER_ROLES, Some(&parties)).await?.is_empty() {
        return Err(Error::conflict("proposal-behalf-people"));
    }
    cases::insert(&tx, &of.case).await?;
    store::insert_entered(cx, &tx, &of.case, by, (new.way, new.came_on, reason)).await?;
    let entry = Entry::on("proposal.begin_on_behalf", &of)
        .about("place", place.id)
        .about("contract", place.contract)
        .about("pack", &pack.pack)
        .about("edition", &pack.edition)
        .about("way", new.way.code())
        .about("came_on", new.came_on)
        .body(json!({ "reason": reason }));
    cx.commit(tx, permit, [entry]).await?;
    Ok(of.case.id)
}

/// Says for the supplier that an entry on its behalf is what it answered, or that it is not, in the thread.
///
/// # Errors
/// [`Error::Invalid`] for a contest without a word; [`Error::Conflict`] when something was said before; or a refusal.
pub async fn say(cx: &Cx, id: Uuid, said: Said, text: &str) -> Result<()> {
    let by = account(cx)?;
    let mut tx = cx.begin().await?;
    let of = casework::lock::<Proposals>(&tx, id).await?;
    cx.refuse_twin(&tx).await?;
    let action = if said == Said::Confirmed { "proposal.confirm_entry" } else { "proposal.contest_entry" };
    let permit = cx.permit(action, &of)?;
    let text = text.trim();
    let mut errors = FieldErrors::default();
    if said == Said::Contested && text.is_empty() {
        errors.add("text", Text::new("proposal-behalf-text-missing"));
    }
    if text.chars().count() > LONGEST {
        errors.add("text", Text::new("error-too-long").with("max", LONGEST));
    }
    errors.or(())?;
    if !store::say(&tx, id, by.account, said).await? {
        return Err(Error::conflict("proposal-behalf-said"));
    }
    let lead = if said == Said::Confirmed { t!("proposal-behalf-confirmed") } else { t!("proposal-behalf-contested") };
    let body = if text.is_empty() { lead } else { format!("{lead}\n\n{text}") };
    let message = thread::add(cx, &tx, &of.case, by, NewMessage { body: &body, internal: false, essential: None }).await?;
    notices::written::<Proposals>(&mut tx, &of, true)?;
    let entry = Entry::on(action, &of).about("message", message).body(json!({ "body": body }));
    cx.commit(tx, permit, [entry]).await
}

/// The place of a proposal to be entered on behalf of its party, with leave to do so, for the page that asks.
///
/// # Errors
/// [`Error::NotFound`] when there is no such place; or a refusal.
pub async fn place_for(cx: &Cx, place: Uuid) -> Result<contract::chain::place_row::Model> {
    let found = contract::chain::place(cx.db(), place).await?.row;
    if found.until.is_some() || !may_enter(cx)? {
        return Err(Error::NotFound);
    }
    Ok(found)
}
