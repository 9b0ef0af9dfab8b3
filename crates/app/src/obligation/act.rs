//! What people record about duties, and what happens that duties are counted from.

mod terms;

use jiff::civil::Date;
use platform::cx::{Cx, Entry, Reacting, Reaction, Tx};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::keeping;
use super::model::{Happened, Which};
use super::statement::Statement;
use super::store::{self, Duty, Model};
use crate::contract::{chain, store as contracts};
use crate::paper;

pub use terms::state_term;

/// What shows that a duty is met: a dated note, where it can be found, and what it covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The day on which it was met.
    pub met_on: Date,
    /// What shows it.
    pub evidence: String,
    /// Where that can be found.
    pub found_at: Option<String>,
    /// The first day that it covers.
    pub covers_from: Option<Date>,
    /// The last day that it covers.
    pub covers_to: Option<Date>,
}

impl Evidence {
    fn check(&self, today: Date) -> Result<()> {
        let mut errors = FieldErrors::default();
        if self.met_on > today {
            errors.add("met_on", Text::new("obligation-met-in-future"));
        }
        let most = [("evidence", Some(&self.evidence), 2000), ("found_at", self.found_at.as_ref(), 300)];
        for (field, text, max) in most {
            if text.is_some_and(|t| t.chars().count() > max) {
                errors.add(field, Text::new("error-too-long").with("max", max));
            }
        }
        if self.evidence.trim().is_empty() {
            errors.add("evidence", Text::new("obligation-evidence-missing"));
        }
        if self.covers_to.is_some_and(|to| to < self.covers_from.unwrap_or(self.met_on)) {
            errors.add("covers_to", Text::new("obligation-covers-before"));
        }
        errors.or(())
    }
}

/// Records that a duty was met, with its evidence, over `version` of what stands.
///
/// # Errors
/// [`Error::Invalid`] for what needs mending, [`Error::Stale`], [`Error::Conflict`] when it is owed no more, or a refusal.
pub async fn meet(cx: &Cx, duty: &Duty, version: i32, shown: &Evidence) -> Result<()> {
    shown.check(cx.core().clock.today())?;
    let row = Model {
        state: "met".to_owned(),
        met_on: Some(shown.met_on.to_string()),
        evidence: Some(shown.evidence.trim().to_owned()),
        found_at: shown.found_at.clone(),
        covers_from: shown.covers_from.map(|d| d.to_string()),
        covers_to: shown.covers_to.map(|d| d.to_string()),
        reason: None,
        ..duty.row.clone()
    };
    keep(cx, duty, version, row, "obligation.meet", serde_json::to_value(shown)?).await
}

/// Sets a duty aside where it is owed, with the reason.
///
/// # Errors
/// As [`meet`].
pub async fn set_aside(cx: &Cx, duty: &Duty, version: i32, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", Text::new("obligation-reason-missing")));
    }
    if reason.chars().count() > 2000 {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", 2000)));
    }
    let row = Model { state: "not_applicable".to_owned(), reason: Some(reason.to_owned()), ..duty.row.clone() };
    keep(cx, duty, version, row, "obligation.set_aside", json!({ "reason": reason })).await
}

/// Takes a duty up again that was set aside; evidence recorded before counts again.
///
/// # Errors
/// [`Error::Conflict`] when it was not set aside; else as [`meet`].
pub async fn take_up(cx: &Cx, duty: &Duty, version: i32) -> Result<()> {
    if duty.row.version == version && duty.row.state != "not_applicable" {
        return Err(Error::conflict("obligation-not-aside"));
    }
    let state = if duty.row.met_on.is_some() { "met" } else { "none" };
    let row = Model { state: state.to_owned(), reason: None, ..duty.row.clone() };
    keep(cx, duty, version, row, "obligation.take_up", json!({ "reason_before": duty.row.reason })).await
}

async fn keep(cx: &Cx, duty: &Duty, version: i32, row: Model, action: &'static str, body: serde_json::Value) -> Result<()> {
    let tx = cx.begin().await?;
    // Whoever computes duties anew holds the contract: what they read of this one stays as they read it.
    let on = contracts::lock_row(tx.db(), row.contract).await?;
    let permit = cx.permit(action, duty)?;
    if !duty.row.owed {
        return Err(Error::conflict("obligation-past"));
    }
    let row = Model {
        set_by: Some(cx.actor.reference().1),
        set_party: cx.actor.account().map(|account| account.party),
        set_at: Some(tx.now()),
        version,
        ..row
    };
    store::save(tx.db(), &row).await?;
    keeping::refresh_locked(cx, &tx, &on, Which::One(&store::key(&row))).await?;
    let entry = Entry::on(action, duty).about("contract", row.contract).about("edition", &row.edition).body(body);
    cx.commit(tx, permit, [entry]).await
}

/// Keeps that something happened under a contract, within the transaction in which it did; the duties that count from it change at once.
/// What is known to have happened on that day already changes none.
///
/// # Errors
/// When the database fails.
pub(crate) async fn happened(cx: &Cx, tx: &Tx, contract: Uuid, what: &[Happened]) -> Result<()> {
    let mut new = Vec::new();
    for one in what {
        if !store::is_kept(tx.db(), contract, one).await? {
            new.push(one);
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let on = contracts::lock_row(tx.db(), contract).await?;
    for one in &new {
        store::keep_event(tx.db(), contract, one).await?;
    }
    keeping::refresh_locked(cx, tx, &on, Which::From(&new.iter().map(|one| one.event.as_str()).collect())).await
}

/// Keeps no longer that something happens on a day that was still to come, within the transaction which puts it off; the duties that count from it
/// change at once.
///
/// # Errors
/// When the database fails.
pub(crate) async fn put_off(cx: &Cx, tx: &Tx, contract: Uuid, what: &Happened) -> Result<()> {
    let on = contracts::lock_row(tx.db(), contract).await?;
    if !store::forget_event(tx.db(), contract, what).await? {
        return Ok(());
    }
    keeping::refresh_locked(cx, tx, &on, Which::From(&std::iter::once(what.event.as_str()).collect())).await
}

/// What changes duties at once: the contract, its packs, what is known of it, its chain (SEC-2, SEC-4, SEC-6a).
pub fn reactions() -> Vec<Reaction> {
    let on = ["contract.change", "contract.put_pack", "contract.state_facts", "chain.add", "chain.change", "chain.end"];
    on.map(|on| Reaction { on, run: changed }).into_iter().chain(terms::reactions()).collect()
}

fn changed<'a>(cx: &'a Cx, tx: &'a mut Tx, entry: &'a Entry) -> Reacting<'a> {
    Box::pin(async move {
        let id = |text: &String| text.parse::<Uuid>().map_err(|_| Error::internal("an entry about a contract without its id"));
        if let Some(above) = entry.about.get("above").filter(|_| entry.action == "chain.end") {
            // A place that ends with the one above it: that one's entry stands beside this one, and is answered for all.
            if chain::place(tx.db(), id(above)?).await?.row.until.is_some() {
                return Ok(Vec::new());
            }
        }
        keeping::refresh(cx, tx, id(&entry.id)?).await?;
        Ok(Vec::new())
    })
}

/// Makes the statement of what is owed at a place, as of now; the paper's id.
///
/// # Errors
/// [`Error::NotFound`] when nothing is owed there; a refusal.
pub async fn make_statement(cx: &Cx, of: &Statement) -> Result<Uuid> {
    paper::act::make(cx, "statement.make", of, of.draft(cx).await?).await
}
