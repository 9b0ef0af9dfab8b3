//! Management's decision (OFF-10, OFF-11): approve with conditions and demanded controls, or decline for assessed risks.

use std::collections::BTreeSet;

use jiff::civil::Date;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::{Case, Taking, store as cases};
use platform::cx::{Cx, Tx};
use platform::error::{Blocker, FieldErrors};
use platform::texts::Text;
use platform::{Error, Result};
use rules::pack::Pack;
use rules::urgent::End;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::given::{CONDITIONS, Given, conditions, demand, given};
use super::levels::{agreed, anew};
use super::outcome::concluded;
use super::{account, handed_in, moved, open, pack_of, tell, urgent};
use crate::offshoring::Proposals;
use crate::offshoring::model::{PROPOSAL, Proposal, Standing, Terms};
use crate::offshoring::scope::{Scope, asked_days};
use crate::offshoring::store::{self, Approval};

/// What an approval says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approving {
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    pub reason: String,
    /// Conditions, one a line; may be empty.
    #[serde(default)]
    #[schema(max_length = 8000)]
    pub conditions: String,
    /// Ids of controls demanded beyond those that the assessment demands.
    #[serde(default)]
    pub more_controls: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// The ids of the controls of these sets, in the pack's order.
pub(in crate::offshoring) fn controls_of(pack: &Pack, sets: &[String]) -> Vec<String> {
    pack.control_sets.iter().filter(|s| sets.contains(&s.id)).flat_map(|s| s.controls.iter().map(|c| c.id.clone())).collect()
}

/// Approves within the scope that was asked for, at the first level that the actor's role may decide at and that lacks somebody. With the last one
/// that lacks the approval is given: on the days that all agree on, with every condition that any of them set. The controls that the assessment's
/// outcome demands are always demanded. Whether it is given now.
///
/// # Errors
/// [`Error::Blocked`] without an assessment; [`Error::Invalid`] for dates outside those asked for, an unknown control, no reason;
/// [`Error::SignInAgain`]; [`Error::Stale`]; a refusal for whoever assessed, recommended, submitted or approved at a level already.
pub async fn approve(cx: &Cx, id: Uuid, version: i32, with: &Approving) -> Result<bool> {
    let actor = account(cx)?;
    let by = actor.account;
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.approve").await?;
    let row = store::assessment(cx, tx.db(), &before.case).await?.filter(|row| row.done_at.is_some());
    let blockers = if row.is_some() { Vec::new() } else { vec![Blocker::new("no-assessment")] };
    let after = PROPOSAL.take(&before.case, "approve", &Taking::because(&with.reason).unless(blockers), tx.now())?;
    let row = row.ok_or(Error::NotFound)?;
    let pack = pack_of(cx, &before.case)?;
    let (answers, digest) = handed_in(cx, tx.db(), &before.case).await?;
    let outcome = concluded(&pack, &answers, &row)?.map_err(Error::Invalid)?;
    let demanded = controls_of(&pack, &outcome.control_sets);
    check(&pack, with, asked_days(&answers))?;
    let more: BTreeSet<String> = with.more_controls.iter().filter(|c| !demanded.contains(c)).cloned().collect();
    let own = Terms { from: with.from, to: with.to, conditions: with.conditions.trim().to_owned(), controls: more.into_iter().collect() };
    let terms = agreed(&store::terms(cx, tx.db(), &before.case).await?, &own)?;
    if terms.conditions.lines().count() > CONDITIONS {
        return Err(Error::field("conditions", Text::new("proposal-conditions-many").with("max", CONDITIONS)));
    }
    let deciding = &anew(cx, &tx, &before.case, &before.deciding).await?;
    let level = deciding.ask(None, |levels, votes| rules::levels::next(levels, votes, &actor.role).map(|level| level.id.clone()));
    let level = level.ok_or_else(|| Error::conflict("proposal-level-decided"))?;
    let voter = (by, actor.stands_for());
    if !deciding.ask(Some((&level, voter)), rules::levels::complete) {
        consent((cx, tx), &before, (&level, &own), &with.reason).await?;
        return Ok(false);
    }
    let mut controls = demanded;
    controls.extend(terms.controls.iter().cloned());
    let Given { scope, frozen, digest: scope_digest, rests } = given(cx, &tx, &before.case, &answers, &digest).await?;
    let review_due = super::review::due(&pack, outcome.review, (terms.from, terms.to), None)?;
    let approval = Approval {
        round: before.case.round,
        scope_digest: scope_digest.clone(),
        scope: Some(scope),
        conditions: terms.conditions.clone(),
        controls: controls.clone(),
        from: terms.from.to_string(),
        to: terms.to.to_string(),
        by,
        at: tx.now(),
        standing: Standing::InForce,
        review: store::Review { every: Some(outcome.review.to_string()), last: None, due: review_due.map(|day| day.to_string()) },
        urgent: None,
    };
    // Work under a suspended urgent approval may go on under this one: the entry says so.
    let lifted = store::standing_of(tx.db(), before.case.id).await? == Some(Standing::Suspended);
    let replaced = match &approval.scope {
        Some(scope) => urgent::decided(cx, &tx, &before, scope, true).await?,
        None => None,
    };
    store::insert_approval(cx, &tx, &before.case, &approval, &frozen).await?;
    if let Some(rests) = &rests {
        store::add_basis(cx, &tx, &before.case, by, rests, None).await?;
    }
    let after = cases::update(&tx, after).await?;
    let about = json!({
        "level": level, "scope": scope_digest, "controls": controls, "from": terms.from.to_string(), "to": terms.to.to_string(),
    });
    let decided =
        NewDecision { level: "decide", choice: "approved".to_owned(), reason: Some(with.reason.trim().to_owned()), about: Some(about) };
    let decision = rounds::decide(cx, &tx, &after, by, decided).await?;
    store::add_vote(cx, &tx, &after, (decision, &level, voter), &own).await?;
    tell(&mut tx, &before, &after)?;
    let set = demand((cx, &tx), &after, &terms, &pack, (&controls, review_due)).await?;
    let entry = moved("proposal.approve", &before, &after)
        .about("level", level)
        .about("tasks", set)
        .about("scope", scope_digest)
        .about("valid_from", terms.from)
        .about("valid_to", terms.to)
        .about("review", review_due.map_or_else(|| "none".to_owned(), |day| day.to_string()))
        .body(json!({ "reason": with.reason, "conditions": terms.conditions, "controls": controls }));
    // Work that an urgent approval brought along goes on under this one.
    let entry = replaced.map_or(entry.clone(), |urgent| entry.about("replaces", urgent));
    let entry = if lifted { entry.about("lifts", Standing::Suspended.code()) } else { entry };
    cx.commit(tx, permit, [entry]).await?;
    Ok(true)
}

/// Keeps an approval at one level, while others are still to decide: they are told.
async fn consent((cx, mut tx): (&Cx, Tx), before: &Proposal, (level, own): (&str, &Terms), reason: &str) -> Result<()> {
    let actor = account(cx)?;
    let (by, voter) = (actor.account, (actor.account, actor.stands_for()));
    let permit = cx.permit("proposal.consent", before)?;
    // Whoever had it is done with it.
    let after = cases::update(&tx, Case { owner: None, ..before.case.clone() }).await?;
    let about = json!({ "level": level, "controls": own.controls, "from": own.from.to_string(), "to": own.to.to_string() });
    let decided =
        NewDecision { level: "consent", choice: "consented".to_owned(), reason: Some(reason.trim().to_owned()), about: Some(about) };
    let decision = rounds::decide(cx, &tx, &after, by, decided).await?;
    store::add_vote(cx, &tx, &after, (decision, level, voter), own).await?;
    let rest = before.deciding.ask(Some((level, voter)), |levels, votes| {
        let open = levels.iter().filter(|level| rules::levels::lacking(level, votes) > 0);
        open.flat_map(|level| level.roles.clone()).collect::<BTreeSet<_>>()
    });
    crate::casework::notices::roles::<Proposals>(&mut tx, before, &after, "level", rest.into_iter().collect())?;
    let entry = moved("proposal.consent", before, &after)
        .about("level", level)
        .about("valid_from", own.from)
        .about("valid_to", own.to)
        .body(json!({ "reason": reason, "conditions": own.conditions, "controls": own.controls }));
    cx.commit(tx, permit, [entry]).await
}

fn check(pack: &Pack, with: &Approving, asked: Option<(Date, Date)>) -> Result<()> {
    let mut errors = FieldErrors::default();
    if with.to < with.from {
        errors.add("to", Text::new("proposal-days-order"));
    }
    if let Some((first, last)) = asked {
        let days =
            |id: &'static str| Text::new(id).with("from", platform::clock::day_text(first)).with("to", platform::clock::day_text(last));
        if with.from < first {
            errors.add("from", days("proposal-days-outside"));
        }
        if with.to > last {
            errors.add("to", days("proposal-days-outside"));
        }
    }
    let known: Vec<&String> = pack.control_sets.iter().flat_map(|s| s.controls.iter().map(|c| &c.id)).collect();
    if with.more_controls.iter().any(|c| !known.contains(&c)) {
        errors.add("controls", Text::new("proposal-control-unknown"));
    }
    conditions(&with.conditions, &mut errors);
    errors.or(())
}

/// Declines, for at least one assessed risk (OFF-11).
///
/// # Errors
/// [`Error::Invalid`] without a reason or without a factor that this round's assessment judged; [`Error::Blocked`] without an assessment;
/// [`Error::SignInAgain`]; [`Error::Stale`]; a refusal.
pub async fn decline(cx: &Cx, id: Uuid, version: i32, factors: &[String], reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.decline").await?;
    let row = store::assessment(cx, tx.db(), &before.case).await?.filter(|row| row.done_at.is_some());
    let blockers = if row.is_some() { Vec::new() } else { vec![Blocker::new("no-assessment")] };
    let judged = match &row {
        Some(row) => row.judged.clone(),
        None => std::collections::BTreeMap::new(),
    };
    let mut errors = FieldErrors::default();
    if reason.trim().is_empty() {
        errors.add("reason", Text::new("case-reason-missing"));
    }
    if blockers.is_empty() && (factors.is_empty() || factors.iter().any(|f| !judged.contains_key(f))) {
        errors.add("factors", Text::new("proposal-decline-factors"));
    }
    errors.or(())?;
    let actor = account(cx)?;
    // Whoever may decide at a level may decline at it, also after it approved.
    let level = before.deciding.rules().into_iter().find(|level| level.roles.contains(&actor.role)).map(|level| level.id);
    let after = PROPOSAL.take(&before.case, "decline", &Taking::because(reason).unless(blockers), tx.now())?;
    let after = cases::update(&tx, after).await?;
    let decided = NewDecision {
        level: "decide",
        choice: "declined".to_owned(),
        reason: Some(reason.trim().to_owned()),
        about: Some(json!({ "factors": factors, "level": level })),
    };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    tell(&mut tx, &before, &after)?;
    let (answers, digest) = handed_in(cx, tx.db(), &before.case).await?;
    urgent::decided(cx, &tx, &before, &Scope::of(&answers, &digest, None), false).await?;
    let ended = urgent::end(cx, &mut tx, &before, End::Declined).await?;
    let entry =
        moved("proposal.decline", &before, &after).about("factors", factors.len()).body(json!({ "reason": reason, "factors": factors }));
    cx.commit(tx, permit, [entry].into_iter().chain(ended)).await
}
