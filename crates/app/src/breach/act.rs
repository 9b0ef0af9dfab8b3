//! Writing breaches: the only place that opens transactions for them.

mod importing;
mod opening;

use platform::cases::rounds::{self, NewDecision};
use platform::cases::{Case, Taking, store as cases, tasks};
use platform::cx::Cx;
use platform::error::{Blocker, FieldErrors};
use platform::register::differences;
use platform::texts::Text;
use platform::{Error, Result, book, t};
use serde_json::{json, to_value};
use uuid::Uuid;

pub use importing::{Figures, Outcome, Told, import, refuse};
pub(in crate::breach) use opening::anywhere;
pub use opening::{NewBreach, blank, open, reactions};

use super::Breaches;
use super::letter::Letter;
use super::model::{Action, BREACH, Breach, Facts, LONGEST};
use super::store;
use crate::casework::act::{moved, open as locked};
use crate::casework::{account, desk, notices};
use crate::paper::act::make;
use crate::paper::model::{Draft, Kind};

/// Writes what is established: what failed, since when, what happened, what was done about it. Nothing is written when nothing differs.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending; [`Error::Conflict`] at another stage; [`Error::Stale`]; or a refusal.
pub async fn establish(cx: &Cx, id: Uuid, version: i32, facts: &Facts) -> Result<()> {
    let tx = cx.begin().await?;
    let (before, permit) = locked::<Breaches>(cx, &tx, id, version, "breach.establish").await?;
    if before.case.stage != "establishing" {
        return Err(Error::Conflict(Text::new("breach-established").with("stage", BREACH.stage_name(&before.case.stage))));
    }
    facts.faults(cx.core().clock.date_of(tx.now())).or(())?;
    let known = store::about(cx, tx.db(), &before.case).await?.facts;
    let changes = differences(&to_value(&known)?, &to_value(facts)?);
    if changes.as_object().is_none_or(serde_json::Map::is_empty) {
        return Ok(());
    }
    let after = cases::update(&tx, before.case.clone()).await?;
    store::establish(cx, &tx, &after, facts).await?;
    let by = account(cx)?.account;
    rounds::decide(cx, &tx, &after, by, NewDecision { level: "establish", choice: facts.finding.clone(), ..NewDecision::default() })
        .await?;
    let entry = moved::<Breaches>("breach.establish", &before, &after).about("finding", &facts.finding).body(json!({ "changes": changes }));
    // Whoever writes takes it on, unless somebody has it.
    let taken = desk::by_acting::<Breaches>(cx, &tx, &Breach { case: after, ..before.clone() }).await?;
    cx.commit(tx, permit, [entry].into_iter().chain(taken)).await
}

/// Asks the supplier what happened and what it did about it.
///
/// # Errors
/// [`Error::Invalid`] without a question; [`Error::Conflict`] at another stage; [`Error::Stale`]; or a refusal.
pub async fn ask(cx: &Cx, id: Uuid, version: i32, question: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "ask", choice: "asked", reason: question }).await
}

/// The lead contractor's answer.
///
/// # Errors
/// As [`ask`].
pub async fn answer(cx: &Cx, id: Uuid, version: i32, answer: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "answer", choice: "answered", reason: answer }).await
}

/// Goes on without the supplier's answer, which has not come or cannot.
///
/// # Errors
/// As [`ask`].
pub async fn go_on(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "go_on", choice: "gone_on", reason }).await
}

/// Puts it before management, with what is recommended.
///
/// # Errors
/// [`Error::Blocked`] until facts and containment are said; else as [`ask`].
pub async fn propose(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "propose", choice: "proposed", reason }).await
}

/// Gives it back to be established further.
///
/// # Errors
/// As [`ask`].
pub async fn send_back(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "send_back", choice: "sent_back", reason }).await
}

/// Dismisses it: there was no breach, or none that calls for anything.
///
/// # Errors
/// [`Error::SignInAgain`]; else as [`ask`].
pub async fn dismiss(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "dismiss", choice: "dismissed", reason }).await
}

/// Closes it once everything that was decided is done.
///
/// # Errors
/// [`Error::Blocked`] while tasks are open; else as [`ask`].
pub async fn close(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    plain(cx, id, version, Plain { step: "close", choice: "closed", reason }).await
}

/// A step that says why, and no more.
#[derive(Clone, Copy)]
struct Plain<'a> {
    step: &'static str,
    choice: &'static str,
    reason: &'a str,
}

async fn plain(cx: &Cx, id: Uuid, version: i32, with: Plain<'_>) -> Result<()> {
    let by = account(cx)?.account;
    let action = BREACH.step(with.step)?.action;
    let mut tx = cx.begin().await?;
    let (before, permit) = locked::<Breaches>(cx, &tx, id, version, action).await?;
    if with.reason.chars().count() > LONGEST {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", LONGEST)));
    }
    let blockers = match with.step {
        "propose" => unsaid(&store::about(cx, tx.db(), &before.case).await?.facts),
        "close" => undone(cx, &tx, &before.case).await?,
        _ => Vec::new(),
    };
    let after = BREACH.take(&before.case, with.step, &Taking::because(with.reason.trim()).unless(blockers), tx.now())?;
    let after = cases::update(&tx, after).await?;
    let reason = Some(with.reason.trim().to_owned());
    rounds::decide(cx, &tx, &after, by, NewDecision { level: with.step, choice: with.choice.to_owned(), reason, about: None }).await?;
    notices::turn::<Breaches>(&mut tx, &before, &after)?;
    let entry = moved::<Breaches>(action, &before, &after).body(json!({ "reason": with.reason.trim() }));
    cx.commit(tx, permit, [entry]).await
}

/// What management must know before it decides.
pub(super) fn unsaid(facts: &Facts) -> Vec<Blocker> {
    let lacks = |text: &Option<String>, blocker| text.as_ref().is_none_or(|text| text.trim().is_empty()).then(|| Blocker::new(blocker));
    [lacks(&facts.facts, "breach-facts"), lacks(&facts.containment, "breach-containment")].into_iter().flatten().collect()
}

async fn undone(cx: &Cx, tx: &platform::cx::Tx, case: &Case) -> Result<Vec<Blocker>> {
    let open =
        tasks::list(cx, tx.db(), case, platform::authz::Side::Authority).await?.into_iter().filter(|task| !task.stands().over()).count();
    Ok(if open == 0 { Vec::new() } else { vec![Blocker::new("breach-tasks").with("count", open)] })
}

/// Decides what follows, by the facts of this breach alone (OFF-9b).
///
/// # Errors
/// [`Error::Invalid`] without an action, with "nothing" beside another, or without a reason; [`Error::Conflict`] at another stage;
/// [`Error::SignInAgain`]; [`Error::Stale`]; or a refusal.
pub async fn decide(cx: &Cx, id: Uuid, version: i32, actions: &[Action], reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let (before, permit) = locked::<Breaches>(cx, &tx, id, version, "breach.decide").await?;
    let actions: Vec<Action> = Action::ALL.into_iter().filter(|action| actions.contains(action)).collect();
    let mut errors = FieldErrors::default();
    if actions.is_empty() {
        errors.add("actions", Text::new("breach-actions-missing"));
    } else if actions.len() > 1 && actions.contains(&Action::Nothing) {
        errors.add("actions", Text::new("breach-actions-nothing"));
    }
    if reason.trim().is_empty() {
        errors.add("reason", Text::new("case-reason-missing"));
    } else if reason.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    errors.or(())?;
    let after = BREACH.take(&before.case, "decide", &Taking::because(reason), tx.now())?;
    let after = cases::update(&tx, after).await?;
    store::decide(&tx, &after, &actions).await?;
    let codes: Vec<&str> = actions.iter().map(|action| action.code()).collect();
    let decided = NewDecision {
        level: "decide",
        choice: "decided".to_owned(),
        reason: Some(reason.trim().to_owned()),
        about: Some(json!({ "actions": codes })),
    };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    notices::turn::<Breaches>(&mut tx, &before, &after)?;
    let entry = moved::<Breaches>("breach.decide", &before, &after)
        .about("actions", Action::join(&actions))
        .body(json!({ "reason": reason.trim() }));
    cx.commit(tx, permit, [entry]).await
}

/// The entries that a letter bears witness to.
const DECISIONS: [&str; 2] = ["breach.decide", "breach.dismiss"];

/// Makes the letter about what was decided; its id. The same again gives the same letter.
///
/// # Errors
/// [`Error::NotFound`] before it was decided; or a refusal.
pub async fn make_letter(cx: &Cx, of: &Breach) -> Result<Uuid> {
    let letter = Letter::read(cx, of).await?;
    let index = book::last_index(cx.db(), BREACH.id, &of.case.id.to_string(), &DECISIONS).await?.ok_or(Error::NotFound)?;
    let draft = Draft {
        kind: Kind::Letter,
        title: letter.subject.clone(),
        reference: letter.reference.clone(),
        edition: t!("breach-letter-edition"),
        marking: None,
        ledger_index: index,
        blocks: letter.blocks(&cx.core().settings.authority.name),
    };
    make(cx, "breach.paper", of, draft).await
}
