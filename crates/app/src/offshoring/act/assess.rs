//! The assessment (OFF-10): judged factor by factor, recorded as a whole, then recommended on.

use platform::cases::rounds::{self, NewDecision};
use platform::cases::{Case, Taking, store as cases};
use platform::cx::{Cx, Entry};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result};
use rules::risk::Judgement;
use serde_json::json;
use uuid::Uuid;

use super::outcome::{concluded, method, path};
use super::{account, handed_in, moved, open, pack_of, tell};
use crate::casework::desk::by_acting;
use crate::offshoring::Proposals;
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::store::{self, Assessment as Assessed, Judged};
use crate::offshoring::words;

fn stale() -> Error {
    Error::Stale(Text::new("proposal-assessment-stale"))
}

async fn under_way(cx: &Cx, tx: &platform::Tx, case: &Case, version: i32) -> Result<Assessed> {
    let row = store::assessment(cx, tx.db(), case).await?.ok_or(Error::NotFound)?;
    if row.done_at.is_some() || case.stage != "assessing" {
        return Err(Error::conflict("proposal-assessment-done"));
    }
    if row.version == version { Ok(row) } else { Err(stale()) }
}

/// Judges one factor; `version` is the assessment's.
///
/// # Errors
/// [`Error::Invalid`] for a level off the scale, a risk said to fall without a control, or no reason; [`Error::Stale`]; a refusal.
pub async fn judge(cx: &Cx, id: Uuid, version: i32, judgement: Judgement, why: &str) -> Result<()> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let case = cases::lock(&tx, &PROPOSAL, id).await?;
    cx.refuse_twin(&tx).await?;
    let before = store::load(tx.db(), case).await?;
    let permit = cx.permit("proposal.judge", &before)?;
    let mut row = under_way(cx, &tx, &before.case, version).await?;
    let pack = pack_of(cx, &before.case)?;
    let (answers, _) = handed_in(cx, tx.db(), &before.case).await?;
    let risk = method(&pack, &answers)?;
    let path = path(&risk, &row.path)?;
    if !risk.factors(path).iter().any(|f| f.id == judgement.factor) {
        return Err(Error::NotFound);
    }
    let mut errors = FieldErrors::default();
    if let Err(faults) = risk.assess(path, std::slice::from_ref(&judgement)) {
        for fault in faults.iter().filter(|f| f.message.id != "risk-not-judged") {
            let name = fault.path.strip_prefix(&format!("{}.", judgement.factor)).unwrap_or(&fault.path);
            errors.add(name.to_owned(), crate::offshoring::text(&fault.message));
        }
    }
    if why.trim().is_empty() {
        errors.add("why", Text::new("proposal-judge-why"));
    } else if why.chars().count() > 4_000 {
        errors.add("why", Text::new("error-too-long").with("max", 4_000));
    }
    errors.or(())?;
    let factor = judgement.factor.clone();
    let body = json!({ "judgement": judgement, "why": why });
    row.judged.insert(factor.clone(), Judged { judgement, why: why.trim().to_owned(), by });
    store::update_assessment(cx, &tx, &before.case, &row).await?;
    let taken = by_acting::<Proposals>(cx, &tx, &before).await?;
    let entry = Entry::on("proposal.judge", &before).about("factor", factor).about("round", before.case.round).body(body);
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await
}

/// Takes the fuller path instead of the one that the answers chose: upward only, with a reason.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] when the path is the fullest already; [`Error::Stale`]; a refusal.
pub async fn widen(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let case = cases::lock(&tx, &PROPOSAL, id).await?;
    cx.refuse_twin(&tx).await?;
    let before = store::load(tx.db(), case).await?;
    let permit = cx.permit("proposal.widen", &before)?;
    let mut row = under_way(cx, &tx, &before.case, version).await?;
    if reason.trim().is_empty() {
        return Err(Error::field("reason", Text::new("case-reason-missing")));
    }
    let pack = pack_of(cx, &before.case)?;
    let (answers, _) = handed_in(cx, tx.db(), &before.case).await?;
    let risk = method(&pack, &answers)?;
    let now = risk.factors(path(&risk, &row.path)?).len();
    let fuller = risk.method().paths.last().filter(|p| risk.factors(p).len() > now);
    let fuller = fuller.ok_or_else(|| Error::conflict("proposal-path-fullest"))?;
    let old = std::mem::replace(&mut row.path, fuller.id.clone());
    reason.trim().clone_into(&mut row.path_reason);
    store::update_assessment(cx, &tx, &before.case, &row).await?;
    let taken = by_acting::<Proposals>(cx, &tx, &before).await?;
    let entry = Entry::on("proposal.widen", &before).about("before", old).about("path", &fuller.id).body(json!({ "reason": reason }));
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await
}

/// Records the assessment as a whole and hands it on for a recommendation; `version` is the case's.
///
/// # Errors
/// [`Error::Invalid`] naming each factor not judged; [`Error::Stale`]; a refusal.
pub async fn assess(cx: &Cx, id: Uuid, version: i32, summary: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.assess").await?;
    let after = PROPOSAL.take(&before.case, "assess", &Taking::default(), tx.now())?;
    let mut row = store::assessment(cx, tx.db(), &before.case).await?.ok_or(Error::NotFound)?;
    let pack = pack_of(cx, &before.case)?;
    let (answers, _) = handed_in(cx, tx.db(), &before.case).await?;
    let outcome = concluded(&pack, &answers, &row)?.map_err(Error::Invalid)?;
    row.inherent = Some(outcome.inherent.clone());
    row.residual = Some(outcome.residual.clone());
    row.by = Some(by);
    row.done_at = Some(tx.now());
    store::update_assessment(cx, &tx, &before.case, &row).await?;
    let after = cases::update(&tx, Case { rating: Some(outcome.residual.clone()), ..after }).await?;
    let because: Vec<_> = outcome.because.iter().map(|r| json!({ "text": words(&r.message), "source": r.source })).collect();
    let about =
        json!({ "path": row.path, "inherent": outcome.inherent, "residual": outcome.residual, "control_sets": outcome.control_sets });
    let decided =
        NewDecision { level: "assess", choice: outcome.residual.clone(), reason: Some(summary.trim().to_owned()), about: Some(about) };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    tell(&mut tx, &before, &after)?;
    let entry = moved("proposal.assess", &before, &after)
        .about("path", &row.path)
        .about("inherent", &outcome.inherent)
        .about("residual", &outcome.residual)
        .body(json!({ "summary": summary, "because": because }));
    cx.commit(tx, permit, [entry]).await
}

/// Asks for another assessment before recommending.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Stale`]; a refusal.
pub async fn reassess(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.reassess").await?;
    let after = PROPOSAL.take(&before.case, "reassess", &Taking::because(reason), tx.now())?;
    let mut row = store::assessment(cx, tx.db(), &before.case).await?.ok_or(Error::NotFound)?;
    row.done_at = None;
    store::update_assessment(cx, &tx, &before.case, &row).await?;
    let decided = NewDecision { level: "reassess", choice: "reassess".to_owned(), reason: Some(reason.to_owned()), about: None };
    rounds::decide(cx, &tx, &before.case, by, decided).await?;
    let after = cases::update(&tx, after).await?;
    tell(&mut tx, &before, &after)?;
    cx.commit(tx, permit, [moved("proposal.reassess", &before, &after).body(json!({ "reason": reason }))]).await
}

/// What is recommended to management.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recommending {
    /// To approve.
    Approve,
    /// To return.
    Return,
    /// To decline.
    Decline,
}

impl Recommending {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Approve, Self::Return, Self::Decline];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Decline => "decline",
        }
    }

    /// The choice with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }
}

/// Recommends, with the reason, and hands the case to management.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Stale`]; a refusal.
pub async fn recommend(cx: &Cx, id: Uuid, version: i32, choice: Recommending, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.recommend").await?;
    let after = PROPOSAL.take(&before.case, "recommend", &Taking::because(reason), tx.now())?;
    let after = cases::update(&tx, after).await?;
    let decided = NewDecision { level: "recommend", choice: choice.code().to_owned(), reason: Some(reason.to_owned()), about: None };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    let levels = super::levels::keep(cx, &tx, &after).await?;
    tell(&mut tx, &before, &after)?;
    let entry = moved("proposal.recommend", &before, &after)
        .about("choice", choice.code())
        .about("levels", levels)
        .body(json!({ "reason": reason }));
    cx.commit(tx, permit, [entry]).await
}
