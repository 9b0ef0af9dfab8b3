//! Writing incidents: the only place that opens transactions for them.

mod files;
mod linking;
mod mailing;
mod merging;
mod papers;
mod people;
mod recorded;
mod regulator;
mod reporting;
mod screening;
mod telling;

use platform::cases::rounds::{self, NewDecision};
use platform::cases::{Case, Taking, store as cases, tasks};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::error::{Blocker, FieldErrors};
use platform::texts::Text;
use platform::{Error, Result};
use rules::form::Answers;
use rules::incident::severity::Severity;
use rules::incident::{Facts, decide as judge};
use serde_json::{json, to_value};
use uuid::Uuid;

pub use files::{Choice, screen_file, settle_file, show_file};
pub use linking::{end_link, held, make_link, reactions, report_by};
pub use mailing::{Mailed, add_mail, mail_files, mailed};
pub use merging::{merge, separate};
pub use people::record_people;
pub use regulator::{Sending, decide_regulator, put_aware, record_sent};
pub use reporting::{Report, add, bare, blank, entering, may_report, report};
pub use screening::{declare, found, mask, rewrite};
pub use telling::take_out;

use super::model::{INCIDENT, Incident, Incidents, LONGEST, Verdict};
use super::{judged, relied, store, weakness};
use crate::casework::act::{contract_first, moved, open as locked};
use crate::casework::{account, desk, notices, writing};
use crate::pack;

/// Takes a report up: from now on its reporter knows that somebody has read it.
///
/// # Errors
/// [`Error::Conflict`] at another stage; [`Error::Stale`]; or a refusal.
pub async fn take_up(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    plain(cx, id, version, Plain { step: "take_up", choice: "taken_up", reason: None }).await
}

/// Asks the supplier for what is not known yet.
///
/// # Errors
/// [`Error::Invalid`] without a question; [`Error::Conflict`] at another stage; [`Error::Stale`]; or a refusal.
pub async fn ask(cx: &Cx, id: Uuid, version: i32, question: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "ask", choice: "asked", reason: Some(question) }).await
}

/// The supplier's answer.
///
/// # Errors
/// As [`ask`].
pub async fn answer(cx: &Cx, id: Uuid, version: i32, answer: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "reply", choice: "answered", reason: Some(answer) }).await
}

/// Goes on without the supplier's answer, which has not come or cannot.
///
/// # Errors
/// As [`ask`].
pub async fn go_on(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "go_on", choice: "gone_on", reason: Some(reason) }).await
}

/// Closes an incident once everything that was ordered is done, with what was learnt from it.
///
/// # Errors
/// [`Error::Blocked`] while tasks are open; else as [`ask`].
pub async fn close(cx: &Cx, id: Uuid, version: i32, lessons: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "close", choice: "closed", reason: Some(lessons) }).await
}

/// A step that says why at most.
#[derive(Clone, Copy)]
struct Plain<'a> {
    step: &'static str,
    choice: &'static str,
    reason: Option<&'a str>,
}

async fn plain(cx: &Cx, id: Uuid, version: i32, with: Plain<'_>) -> Result<()> {
    let by = account(cx)?.account;
    let action = INCIDENT.step(with.step)?.action;
    let mut tx = cx.begin().await?;
    contract_first::<Incidents>(&tx, id).await?;
    let (before, permit) = locked::<Incidents>(cx, &tx, id, version, action).await?;
    let reason = with.reason.map(str::trim).filter(|text| !text.is_empty());
    sayable(reason)?;
    let blockers = if with.step == "close" { undone(cx, &tx, &before.case).await? } else { Vec::new() };
    let due = if INCIDENT.step(with.step)?.to == "triage" { until(cx, &tx, &before.case, "triage").await? } else { None };
    let taking = Taking { reason: reason.map(str::to_owned), due, ..Taking::default() }.unless(blockers);
    let after = INCIDENT.take(&before.case, with.step, &taking, tx.now())?;
    let after = cases::update(&tx, after).await?;
    if with.step == "take_up" {
        store::taken_up(&tx, &after).await?;
    }
    let decision = NewDecision { level: with.step, choice: with.choice.to_owned(), reason: reason.map(str::to_owned), about: None };
    rounds::decide(cx, &tx, &after, by, decision).await?;
    notices::turn::<Incidents>(&mut tx, &before, &after)?;
    let mut entry = moved::<Incidents>(action, &before, &after).body(json!({ "reason": reason }));
    if with.step == "close" {
        entry = entry.about("open_weaknesses", weakness::store::open_of(tx.db(), after.id).await?);
    }
    // Whoever takes a report up has it from then on.
    let taken = if with.step == "take_up" {
        desk::by_acting::<Incidents>(cx, &tx, &Incident { case: after, ..before.clone() }).await?
    } else {
        None
    };
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await
}

/// What is said with a step is short enough, and tells no data about people: everybody who reads the case reads it (SEC-25).
fn sayable(reason: Option<&str>) -> Result<()> {
    let (text, mut errors) = (reason.unwrap_or_default(), FieldErrors::default());
    if text.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    writing::refuse::<Incidents>(&mut errors, "reason", text);
    errors.or(())
}

async fn undone(cx: &Cx, tx: &Tx, case: &Case) -> Result<Vec<Blocker>> {
    let all = tasks::list(cx, tx.db(), case, platform::authz::Side::Authority).await?;
    let open = all.into_iter().filter(|task| !task.stands().over()).count();
    Ok(if open > 0 { vec![Blocker::new("incident-tasks").with("count", open)] } else { Vec::new() })
}

/// The answers that were sent last.
async fn answers(cx: &Cx, tx: &Tx, case: &Case) -> Result<Answers> {
    Ok(rounds::last(cx, tx.db(), case).await?.1.answers())
}

/// Until when what a stage waits for is to be done, by how severe it is taken to be.
async fn until(cx: &Cx, tx: &Tx, case: &Case, stage: &str) -> Result<Option<Millis>> {
    let pack = pack::of_case(cx, case)?;
    let severity = match case.rating.as_deref().and_then(Severity::from_code) {
        Some(severity) => severity,
        None => judged::before_triage(&pack, &answers(cx, tx, case).await?),
    };
    Ok(case.submitted_at.and_then(|reported| judged::due(&pack, severity, stage, reported)))
}

/// Writes what is taken to be known, which the tests are put to (SEC-10, SEC-X1a to SEC-X1i), and on which kept answer it rests that something of the
/// authority's was involved, or not, if on one. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Invalid`] where that answer is none of the incident's contracts, or says otherwise; [`Error::Conflict`] at another stage; [`Error::Stale`]; or
/// a refusal.
pub async fn triage(cx: &Cx, id: Uuid, version: i32, facts: &Facts, relies_on: Option<Uuid>) -> Result<()> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let (before, permit) = locked::<Incidents>(cx, &tx, id, version, "incident.triage").await?;
    if before.case.stage != "triage" {
        return Err(Error::Conflict(Text::new("incident-triaged").with("stage", INCIDENT.stage_name(&before.case.stage))));
    }
    let relied = match relies_on {
        Some(kept) => Some(relied::chosen(cx, tx.db(), &before.case, kept, facts.asset_involved).await?),
        None => None,
    };
    let known = store::about(cx, tx.db(), &before.case).await?.found.and_then(|found| found.facts);
    let before_this = relied::last(cx, tx.db(), &before.case).await?;
    let decision = judge(facts);
    let pack = pack::of_case(cx, &before.case)?;
    let severity = judged::severity(&pack, &answers(cx, &tx, &before.case).await?, facts).outcome;
    let rated = Case { rating: Some(severity.code().to_owned()), ..before.case.clone() };
    let due = until(cx, &tx, &rated, "triage").await?;
    // The same facts may weigh more by now: answers may say more.
    if (known.as_ref(), &before_this) == (Some(facts), &relied) && (&rated.rating, due) == (&before.case.rating, before.case.due) {
        return Ok(());
    }
    let after = cases::update(&tx, Case { due, ..rated }).await?;
    store::found(cx, &tx, &after, facts, &decision).await?;
    let outcome = decision.explained.outcome.code();
    let about = relied.as_ref().map(to_value).transpose()?;
    let noted = NewDecision { level: "triage", choice: outcome.to_owned(), about, ..NewDecision::default() };
    rounds::decide(cx, &tx, &after, by, noted).await?;
    let entry = moved::<Incidents>("incident.triage", &before, &after).about("outcome", outcome).about("severity", severity.code());
    let entry = relied.iter().fold(entry, |entry, relied| entry.about("authority_data", relied.authority_data)).body(to_value(facts)?);
    let taken = desk::by_acting::<Incidents>(cx, &tx, &Incident { case: after, ..before.clone() }).await?;
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await
}

/// Decides whether what was reported is an incident (SEC-X1h): the tests advise, the authority decides, with a reason.
///
/// # Errors
/// [`Error::Blocked`] before the tests were put to anything; [`Error::Invalid`] without a reason; [`Error::Conflict`] at another stage;
/// [`Error::Stale`]; or a refusal.
pub async fn decide(cx: &Cx, id: Uuid, version: i32, verdict: Verdict, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    contract_first::<Incidents>(&tx, id).await?;
    let (before, permit) = locked::<Incidents>(cx, &tx, id, version, "incident.decide").await?;
    let reason = reason.trim();
    sayable(Some(reason))?;
    let found = store::about(cx, tx.db(), &before.case).await?.found;
    let advised = found.as_ref().and_then(|found| found.facts.as_ref()).map(judge);
    let blockers = if advised.is_none() { vec![Blocker::new("incident-triage")] } else { Vec::new() };
    let to = (verdict == Verdict::NotIncident).then_some("no_incident");
    let due = if to.is_none() { until(cx, &tx, &before.case, "acting").await? } else { None };
    let after = INCIDENT.take(&before.case, "decide", &Taking { to, due, ..Taking::because(reason) }.unless(blockers), tx.now())?;
    let after = cases::update(&tx, after).await?;
    store::decided(&tx, &after, verdict).await?;
    regulator::settled(&tx, &after).await?;
    let outcome = advised.map_or("undetermined", |advised| advised.explained.outcome.code());
    let decided = NewDecision {
        level: "decide",
        choice: verdict.code().to_owned(),
        reason: Some(reason.to_owned()),
        about: Some(json!({ "advised": outcome })),
    };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    notices::turn::<Incidents>(&mut tx, &before, &after)?;
    let entry = moved::<Incidents>("incident.decide", &before, &after).about("verdict", verdict.code()).about("advised", outcome);
    let entry = entry.body(json!({ "reason": reason }));
    // Whoever decides goes on with it.
    let taken =
        if after.closed_at.is_none() { desk::by_acting::<Incidents>(cx, &tx, &Incident { case: after, ..before }).await? } else { None };
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await
}
