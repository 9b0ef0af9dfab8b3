//! An approval ahead of the decision, for some days, that somebody else ratifies soon (OFF-6, OFF-11). It is kept as the approval of the case, which
//! everything that asks for one reads: until it is ratified its last day is the one by which it must be, so that it lapses by itself. The case stays
//! where it is and goes its way; what is decided then takes its place or ends it.

use jiff::civil::Date;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::{Case, store as cases};
use platform::clock::day_text;
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result};
use rules::pack::UrgentApproval;
use rules::urgent::{self, Bar, End, Fault, Situation, Stands};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::given::{Given, LONGEST, conditions, demand, given, release};
use super::{account, contract_first, handed_in, moved, pack_of};
use crate::casework;
use crate::contract;
use crate::offshoring::Proposals;
use crate::offshoring::model::{PROPOSAL, Proposal, Standing, Terms, Urgent};
use crate::offshoring::scope::{Scope, asked_days};
use crate::offshoring::store::{self, Approval, Review, URGENT};
use crate::offshoring::urgent::{Told, ask};

/// What an urgent approval says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UrgentApproving {
    /// Why it cannot wait for the decision. The authority alone reads it.
    #[schema(min_length = 1, max_length = 8000)]
    pub reason: String,
    /// Conditions, one a line; may be empty. The supplier reads them.
    #[serde(default)]
    #[schema(max_length = 8000)]
    pub conditions: String,
    /// First day.
    pub from: Date,
    /// Last day, once it is ratified.
    pub until: Date,
}

/// What the pack of a case says of urgent approvals; none where it knows none, or is here no more.
pub(in crate::offshoring) fn terms(cx: &Cx, case: &Case) -> Option<UrgentApproval> {
    pack_of(cx, case).ok()?.urgent_approval.clone()
}

/// A proposal with what policies read of urgent approvals: whom its pack lets give one, and who manages its contract.
///
/// # Errors
/// When the database fails.
pub(in crate::offshoring) async fn asked<C: ConnectionTrait>(cx: &Cx, db: &C, mut of: Proposal) -> Result<Proposal> {
    of.urgent_roles = terms(cx, &of.case).map(|terms| terms.roles.iter().map(|role| role.code().to_owned()).collect()).unwrap_or_default();
    if let (None, Some(on)) = (of.manager, of.case.contract) {
        of.manager = contract::store::manager(db, on).await?;
    }
    Ok(of)
}

/// Why no urgent approval may be given for a proposal now; none where one may.
///
/// # Errors
/// When the database fails or its answers do not open.
pub(in crate::offshoring) async fn bar<C: ConnectionTrait>(cx: &Cx, db: &C, of: &Proposal) -> Result<Option<Bar>> {
    let case = match of.case.stage.as_str() {
        "checking" | "assessing" | "recommending" | "deciding" => urgent::Case::UnderWay,
        "draft" | "bidding" | "returned" => urgent::Case::WithSupplier,
        _ => urgent::Case::Closed,
    };
    let terms = terms(cx, &of.case);
    let mut so = Situation {
        case,
        approved: of.case.stage == "approved",
        running: false,
        failed: 0,
        refusals: terms.as_ref().map(|terms| terms.refusals),
        opens: None,
    };
    let found = urgent::bar(so);
    if found.is_some() {
        return Ok(found);
    }
    let (answers, digest) = handed_in(cx, db, &of.case).await?;
    let work = store::work_of(&of.case, &Scope::of(&answers, &digest, None))?;
    let (today, all) = (cx.core().clock.today(), store::urgents_of_work(db, &work).await?);
    so.running = of.urgent_now().is_some_and(|urgent| urgent.stands(today).runs());
    so.failed = urgent::failed_in_a_row(&all, today);
    so.opens = asked_days(&answers).zip(terms).and_then(|((first, _), terms)| urgent::opens(first, terms.ratify.days, today));
    Ok(urgent::bar(so))
}

/// Why none may be given, in words.
pub(in crate::offshoring) fn bar_says(bar: Bar, of: &Proposal) -> Text {
    let text = Text::new(format!("proposal-urgent-bar-{}", bar.code().replace('_', "-")));
    match bar {
        Bar::Failed(count) => text.with("count", count),
        Bar::Early(day) => text.with("day", day_text(day)),
        _ => text.with("stage", PROPOSAL.stage_name(&of.case.stage)),
    }
}

/// A locked proposal at the version that the form was filled in against, with leave for `action`; its contract is held before it, since its work is
/// looked at anew.
async fn open(cx: &Cx, tx: &Tx, id: Uuid, version: i32, action: &'static str) -> Result<(Proposal, Permit)> {
    contract_first::<Proposals>(tx, id).await?;
    let before = casework::lock::<Proposals>(tx, id).await?;
    cx.refuse_twin(tx).await?;
    let before = asked(cx, tx.db(), before).await?;
    let permit = cx.permit(action, &before)?;
    cases::expect(&before.case, version)?;
    Ok((before, permit))
}

fn check(with: &UrgentApproving, terms: &UrgentApproval, today: Date, asked: Option<(Date, Date)>) -> Result<()> {
    let mut errors = FieldErrors::default();
    reasoned(&with.reason, &mut errors);
    conditions(&with.conditions, &mut errors);
    let (first, last) = asked.unwrap_or((with.from, with.until));
    let outside = || Text::new("proposal-days-outside").with("from", day_text(first)).with("to", day_text(last));
    for fault in urgent::faults((with.from, with.until), today, (terms.days, terms.ratify.days), asked) {
        let (field, text) = match fault {
            Fault::Past => ("from", Text::new("proposal-urgent-past")),
            Fault::Reversed => ("until", Text::new("proposal-days-order")),
            Fault::Late(by) => ("from", Text::new("proposal-urgent-late").with("day", day_text(by))),
            Fault::TooLong(days) => ("until", Text::new("proposal-urgent-long").with("days", days)),
            Fault::FromOutside => ("from", outside()),
            Fault::UntilOutside => ("until", outside()),
        };
        if errors.get(field).is_none() {
            errors.add(field, text);
        }
    }
    errors.or(())
}

fn reasoned(reason: &str, errors: &mut FieldErrors) {
    if reason.trim().is_empty() {
        errors.add("reason", Text::new("case-reason-missing"));
    } else if reason.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
}

/// Gives an urgent approval of what was handed in: it covers work at once.
///
/// # Errors
/// [`Error::Conflict`] where none may be given; [`Error::Invalid`] without a reason or for days that do not do; [`Error::Blocked`] when a country of the
/// answers is none any more; [`Error::SignInAgain`]; [`Error::Stale`]; a refusal.
pub async fn approve_urgently(cx: &Cx, id: Uuid, version: i32, with: &UrgentApproving) -> Result<()> {
    let (by, given_for) = (account(cx)?.account, account(cx)?.stands_for());
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.approve_urgently").await?;
    if let Some(bar) = bar(cx, tx.db(), &before).await? {
        return Err(Error::Conflict(bar_says(bar, &before)));
    }
    let case = &before.case;
    let pack = pack_of(cx, case)?;
    let terms = pack.urgent_approval.as_ref().ok_or(Error::NotFound)?;
    let (answers, digest) = handed_in(cx, tx.db(), case).await?;
    let today = cx.core().clock.date_of(tx.now());
    check(with, terms, today, asked_days(&answers))?;
    let Given { scope, frozen, digest: scope_digest, rests } = given(cx, &tx, case, &answers, &digest).await?;
    let given = Urgent {
        id: cx.id()?,
        case: case.id,
        by,
        given_for,
        at: tx.now(),
        from: with.from,
        until: with.until,
        ratify_by: urgent::ratify_by(today, terms.ratify.days, with.until),
        ratifiers: terms.ratify.roles.iter().map(|role| role.code().to_owned()).collect(),
        ratified: None,
        ratified_for: None,
        ended: None,
    };
    let work = store::work_of(case, &scope)?;
    let conditions = with.conditions.trim();
    let approval = Approval {
        round: case.round,
        scope_digest: scope_digest.clone(),
        scope: Some(scope),
        conditions: conditions.to_owned(),
        controls: Vec::new(),
        from: with.from.to_string(),
        to: given.last_day().to_string(),
        by,
        at: tx.now(),
        standing: Standing::InForce,
        review: Review::default(),
        urgent: Some(given.id),
    };
    store::insert_urgent(cx, &tx, case, &given, (&work, &frozen, with.reason.trim(), conditions)).await?;
    store::insert_approval(cx, &tx, case, &approval, &frozen).await?;
    if let Some(rests) = &rests {
        store::add_basis(cx, &tx, case, by, rests, None).await?;
    }
    let after = cases::update(&tx, case.clone()).await?;
    let about = json!({ "from": given.from.to_string(), "until": given.until.to_string(), "ratify_by": given.ratify_by.to_string() });
    let decided =
        NewDecision { level: URGENT, choice: "given".to_owned(), reason: Some(with.reason.trim().to_owned()), about: Some(about) };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    let set = Terms { from: with.from, to: with.until, conditions: conditions.to_owned(), controls: Vec::new() };
    let tasks = demand((cx, &tx), &after, &set, &pack, (&[], None)).await?;
    ask(&mut tx, &given, Told::Given)?;
    let earlier = before.urgent.as_ref().map(|urgent| urgent.id);
    let entry = moved("proposal.approve_urgently", &before, &after)
        .about("urgent", given.id)
        .about("tasks", tasks)
        .about("scope", scope_digest)
        .about("valid_from", given.from)
        .about("valid_to", given.until)
        .about("ratify_by", given.ratify_by)
        .body(json!({ "reason": with.reason.trim(), "conditions": conditions }));
    let entry = earlier.map_or(entry.clone(), |urgent| entry.about("replaces", urgent));
    cx.commit(tx, permit, [entry]).await
}

/// The urgent approval of a proposal, if it still waits to be ratified.
///
/// # Errors
/// [`Error::Conflict`] with how it stands otherwise.
pub(in crate::offshoring) fn waiting(of: &Proposal, today: Date) -> Result<&Urgent> {
    let urgent = of.urgent.as_ref().ok_or_else(|| Error::conflict("proposal-urgent-none"))?;
    match urgent.stands(today) {
        Stands::ToRatify => Ok(urgent),
        _ => Err(Error::Conflict(Text::new("proposal-urgent-not-waiting").with("stands", store::urgent_says(urgent, today)))),
    }
}

/// The locked proposal whose urgent approval somebody answers to with a reason, with leave for that.
async fn answered(cx: &Cx, tx: &Tx, (id, version): (Uuid, i32), action: &'static str, reason: &str) -> Result<(Proposal, Permit, Urgent)> {
    let (before, permit) = open(cx, tx, id, version, action).await?;
    let given = waiting(&before, cx.core().clock.date_of(tx.now()))?.clone();
    let mut errors = FieldErrors::default();
    reasoned(reason, &mut errors);
    errors.or(())?;
    Ok((before, permit, given))
}

/// Ratifies the urgent approval of a proposal: it holds until its agreed last day.
///
/// # Errors
/// [`Error::Conflict`] where none waits to be; [`Error::Invalid`] without a reason; [`Error::SignInAgain`]; [`Error::Stale`]; a refusal, of whoever gave
/// it above all.
pub async fn ratify(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let (before, permit, given) = answered(cx, &tx, (id, version), "proposal.ratify", reason).await?;
    store::set_ratified(cx, &tx, &before.case, given.id, ((by, account(cx)?.stands_for()), reason.trim())).await?;
    store::set_last_day(&tx, before.case.id, given.until).await?;
    let after = cases::update(&tx, before.case.clone()).await?;
    let decided = NewDecision { level: URGENT, choice: "ratified".to_owned(), reason: Some(reason.trim().to_owned()), about: None };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    ask(&mut tx, &given, Told::Ratified)?;
    let entry = moved("proposal.ratify", &before, &after).about("urgent", given.id).about("valid_to", given.until);
    cx.commit(tx, permit, [entry.body(json!({ "reason": reason.trim() }))]).await
}

/// Refuses to ratify the urgent approval of a proposal: it ends at once.
///
/// # Errors
/// As [`ratify`].
pub async fn refuse_urgent(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let (before, permit, given) = answered(cx, &tx, (id, version), "proposal.refuse_urgent", reason).await?;
    store::set_ended(cx, &tx, &before.case, given.id, (End::Refused, by, Some(reason.trim()))).await?;
    store::set_standing(&tx, before.case.id, Standing::Revoked).await?;
    release(cx, &tx, &before.case).await?;
    let after = cases::update(&tx, before.case.clone()).await?;
    let decided = NewDecision { level: "refuse_urgent", choice: "refused".to_owned(), reason: Some(reason.trim().to_owned()), about: None };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    ask(&mut tx, &given, Told::Refused)?;
    let entry = moved("proposal.refuse_urgent", &before, &after).about("urgent", given.id);
    cx.commit(tx, permit, [entry.body(json!({ "reason": reason.trim() }))]).await
}

/// Ends the urgent approval of a locked proposal that is closed without one: the entry, where there was one that something still could end.
pub(super) async fn end(cx: &Cx, tx: &mut Tx, before: &Proposal, how: End) -> Result<Option<Entry>> {
    let today = cx.core().clock.date_of(tx.now());
    let Some(given) = before.urgent_now().filter(|urgent| urgent.stands(today).runs()) else { return Ok(None) };
    store::set_ended(cx, tx, &before.case, given.id, (how, account(cx)?.account, None)).await?;
    store::set_standing(tx, before.case.id, Standing::Revoked).await?;
    release(cx, tx, &before.case).await?;
    ask(tx, given, Told::Ended)?;
    Ok(Some(moved("proposal.end_urgent", before, &before.case).about("urgent", given.id).about("how", how.code())))
}

/// Notes that the levels decided on this work: urgent approvals of it that failed before count no more. Where they approved, theirs takes the place of the
/// last one of this proposal, over or not: which one that is.
pub(super) async fn decided(cx: &Cx, tx: &Tx, before: &Proposal, scope: &Scope, approved: bool) -> Result<Option<Uuid>> {
    store::set_decided(tx, &store::work_of(&before.case, scope)?).await?;
    let Some(given) = before.urgent.as_ref().filter(|_| approved) else { return Ok(None) };
    store::set_ended(cx, tx, &before.case, given.id, (End::Replaced, account(cx)?.account, None)).await?;
    Ok(Some(given.id))
}

/// Notes of urgent approvals whose days are over that they are: with an entry each, and what they demanded is asked for no longer. How they stand is
/// known from their days alone, whether this was done yet or not.
///
/// # Errors
/// When the database fails; of several that fail, the first, once the others are done.
pub(in crate::offshoring) async fn note_over(cx: &Cx) -> Result<()> {
    let mut failed = None;
    for id in store::urgents_over(cx.db(), cx.core().clock.today()).await? {
        if let Err(error) = noted(cx, id).await {
            tracing::error!(urgent = %id, %error, "an urgent approval whose days are over has no entry of it yet");
            failed = failed.or(Some(error));
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn noted(cx: &Cx, id: Uuid) -> Result<()> {
    let tx = cx.begin().await?;
    let case = store::one_urgent(tx.db(), id).await?.case;
    contract_first::<Proposals>(&tx, case).await?;
    let before = casework::lock::<Proposals>(&tx, case).await?;
    let urgent = store::one_urgent(tx.db(), id).await?;
    let stands = urgent.stands(cx.core().clock.date_of(tx.now()));
    if urgent.ended.is_some() || stands.runs() || !store::set_noted(&tx, id).await? {
        return Ok(());
    }
    let permit = cx.permit("proposal.end_urgent", &before)?;
    // What a later one demands is asked for.
    let last = before.urgent.as_ref().is_some_and(|last| last.id == id);
    let dropped = if last { release(cx, &tx, &before.case).await? } else { 0 };
    let entry = moved("proposal.end_urgent", &before, &before.case).about("urgent", id).about("how", stands.code());
    cx.commit(tx, permit, [entry.about("dropped", dropped)]).await
}
