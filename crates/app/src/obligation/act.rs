//! What people record about duties.

use jiff::civil::Date;
use platform::cx::{Cx, Entry};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::json;

use super::model::Duty;
use super::store::{self, Model};

/// What shows that a duty is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The day on which it was met.
    pub met_on: Date,
    /// What shows it, and where it can be found.
    pub evidence: String,
    /// The last day that this covers.
    pub covers_to: Option<Date>,
}

/// Records that a duty was met, with its evidence, over `version` of what stands.
///
/// # Errors
/// [`Error::Invalid`] for what needs mending, [`Error::Stale`], or a refusal.
pub async fn meet(cx: &Cx, duty: &Duty, version: i32, shown: &Shown) -> Result<()> {
    let mut errors = FieldErrors::default();
    let evidence = shown.evidence.trim();
    if evidence.is_empty() {
        errors.add("evidence", Text::new("obligation-evidence-missing"));
    } else if evidence.chars().count() > 2000 {
        errors.add("evidence", Text::new("error-too-long").with("max", 2000));
    }
    if shown.met_on > cx.core().clock.today() {
        errors.add("met_on", Text::new("obligation-met-in-future"));
    }
    if shown.covers_to.is_some_and(|to| to < shown.met_on) {
        errors.add("covers_to", Text::new("obligation-covers-before"));
    }
    errors.or(())?;
    let row = Model {
        met_on: Some(shown.met_on.to_string()),
        evidence: Some(evidence.to_owned()),
        covers_to: shown.covers_to.map(|d| d.to_string()),
        ..blank(cx, duty, "met")
    };
    let body = json!({ "met_on": row.met_on, "evidence": row.evidence, "covers_to": row.covers_to });
    keep(cx, duty, version, row, "obligation.meet", body).await
}

/// Sets a duty aside at a place, with the reason.
///
/// # Errors
/// [`Error::Invalid`] without a reason, [`Error::Stale`], or a refusal.
pub async fn set_aside(cx: &Cx, duty: &Duty, version: i32, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", Text::new("obligation-reason-missing")));
    }
    if reason.chars().count() > 2000 {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", 2000)));
    }
    let row = Model { reason: Some(reason.to_owned()), ..blank(cx, duty, "not_applicable") };
    keep(cx, duty, version, row, "obligation.set_aside", json!({ "reason": reason })).await
}

fn blank(cx: &Cx, duty: &Duty, state: &str) -> Model {
    Model {
        place: duty.place,
        pack: duty.pack.pack.clone(),
        obligation: duty.id.clone(),
        contract: duty.contract,
        state: state.to_owned(),
        met_on: None,
        evidence: None,
        covers_to: None,
        reason: None,
        set_by: cx.actor.reference().1,
        set_at: cx.now(),
        version: 0,
    }
}

async fn keep(cx: &Cx, duty: &Duty, version: i32, row: Model, action: &'static str, body: serde_json::Value) -> Result<()> {
    let tx = cx.begin().await?;
    let permit = cx.permit(action, duty)?;
    store::save(tx.db(), row, version).await?;
    let entry = Entry::on(action, duty).about("contract", duty.contract).about("edition", &duty.pack.edition).body(body);
    cx.commit(tx, permit, [entry]).await
}
