//! Handing in and returning, within a transaction of the kind's own acts or by themselves.

use platform::cases::rounds::{self, NewDecision, NewPoint};
use platform::cases::store as cases;
use platform::cases::{Case, Taking};
use platform::cx::{Cx, Tx};
use platform::error::{Blocker, FieldErrors};
use platform::forms::drafts;
use platform::forms::{review, submit as freezing};
use platform::texts::Text;
use platform::{Error, Result};
use rules::form::{Answers, Form};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Handed;
use crate::casework::act::{contract_first, moved, open};
use crate::casework::{account, notices};

/// The longest point of a return, in characters.
const LONGEST_POINT: usize = 2_000;
/// The longest reply to the points of a return, in characters.
const LONGEST_REPLY: usize = 8_000;

/// What is wrong with how a form is handed in: undeclared, or without a reply where one is owed.
///
/// # Errors
/// [`Error::Invalid`].
pub fn declared<P: Handed>(before: &P::Thing, declared: bool, reply: Option<&str>) -> Result<()> {
    let mut errors = FieldErrors::default();
    if !declared {
        errors.add("declaration", Text::new("handing-declaration-missing"));
    }
    if P::case(before).submitted_at.is_some() && reply.is_none() {
        errors.add("reply", Text::new("handing-reply-missing"));
    }
    if reply.is_some_and(|text| text.chars().count() > LONGEST_REPLY) {
        errors.add("reply", Text::new("error-too-long").with("max", LONGEST_REPLY));
    }
    errors.or(())
}

/// What keeps a form from being handed in while these sections, whose answers were carried forward, are not confirmed.
///
/// # Errors
/// [`Error::Blocked`].
pub fn confirmed(unconfirmed: &[String]) -> Result<()> {
    if unconfirmed.is_empty() {
        return Ok(());
    }
    Err(Error::Blocked(unconfirmed.iter().map(|title| Blocker::new("unconfirmed").with("section", title)).collect()))
}

/// What was handed in.
#[derive(Debug, Clone)]
pub struct HandedIn {
    /// The case, with its reference, at its next stage.
    pub case: Case,
    /// Its answers.
    pub answers: Answers,
    /// SHA-256 of the document, in hexadecimal.
    pub digest: String,
    /// The files that go with it.
    pub files: Vec<platform::files::Handed>,
}

/// Hands a locked draft in by `step`, checked and frozen; the reference is given at the first time. `title` names the answer by which it is called.
/// Whoever calls tells people, writes the entry and commits.
///
/// # Errors
/// [`Error::Invalid`] when answers are missing or wrong, the declaration is not made or the reply is lacking; [`Error::Blocked`] while a section is
/// not confirmed.
pub async fn hand_in<P: Handed>(
    cx: &Cx,
    tx: &Tx,
    before: &P::Thing,
    (step, title): (&'static str, &str),
    declares: bool,
    reply: Option<&str>,
) -> Result<HandedIn> {
    let by = account(cx)?.account;
    let of = P::case(before);
    let reply = reply.map(str::trim).filter(|text| !text.is_empty());
    let mut after = P::KIND.take(of, step, &Taking::default(), tx.now())?;
    declared::<P>(before, declares, reply)?;
    let pack = P::pack(cx, of)?;
    let form = P::form(&pack)?;
    let kept = drafts::load_in(cx, tx, of.id, of.round).await?;
    confirmed(&review::unconfirmed(form, &kept))?;
    let choices = P::choices(cx, of).await?;
    let frozen =
        freezing::freeze(form, &kept.answers, &pack.pack, &pack.edition, &choices).map_err(|faults| Error::Invalid(faults.all()))?;
    if let Some(called) = kept.answers.get(title).and_then(Value::as_str) {
        if !of.search_key.starts_with(&cases::search_key(&[called])) {
            after.search_key = format!("{} {}", cases::search_key(&[called]), after.search_key);
        }
        called.clone_into(&mut after.title);
    }
    let after = cases::number(tx, &cx.core().clock, P::KIND, after).await?;
    let after = cases::update(tx, cases::submitted(after, tx.now(), by)).await?;
    cases::refind(tx, of, &after).await?;
    let digest = rounds::submit(cx, tx, &after, frozen.text.as_bytes(), by).await?;
    let files = platform::files::hand_in(tx, P::KIND.id, of.id).await?;
    let decided = NewDecision { level: step, choice: "submitted".to_owned(), reason: reply.map(str::to_owned), about: None };
    rounds::decide(cx, tx, &after, by, decided).await?;
    Ok(HandedIn { case: after, answers: frozen.document.answers(), digest, files })
}

/// Everything that is wrong with the points of a return.
fn faults(form: &Form, points: &[NewPoint]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if points.is_empty() {
        errors.add("points", Text::new("handing-points-missing"));
    }
    for point in points {
        if point.question.as_deref().is_some_and(|q| form.question(q).is_none()) {
            errors.add("points", Text::new("handing-point-unknown"));
        }
        if point.text.chars().count() > LONGEST_POINT {
            errors.add("points", Text::new("error-too-long").with("max", LONGEST_POINT));
        }
    }
    errors
}

/// Returns a case by `step` to whoever handed it in with points, each tied to a question or about the whole; another round begins. `level` is under
/// what the decision is kept.
///
/// # Errors
/// [`Error::Invalid`] without a point or for an unknown question; [`Error::Stale`]; or a refusal.
pub async fn send_back<P: Handed>(
    cx: &Cx,
    (id, version): (Uuid, i32),
    (step, level): (&'static str, &'static str),
    reason: &str,
    points: &[NewPoint],
) -> Result<()> {
    let by = account(cx)?.account;
    let action = P::KIND.step(step)?.action;
    let mut tx = cx.begin().await?;
    contract_first::<P>(&tx, id).await?;
    let (before, permit) = open::<P>(cx, &tx, id, version, action).await?;
    let of = P::case(&before);
    let pack = P::pack(cx, of)?;
    faults(P::form(&pack)?, points).or(())?;
    let after = P::KIND.take(of, step, &Taking::because(reason), tx.now())?;
    rounds::ask(cx, &tx, of, by, points).await?;
    let decided = NewDecision { level, choice: "returned".to_owned(), reason: Some(reason.to_owned()), about: None };
    rounds::decide(cx, &tx, of, by, decided).await?;
    let after = cases::update(&tx, Case { round: of.round + 1, ..after }).await?;
    notices::turn::<P>(&mut tx, &before, &after)?;
    let said: Vec<Value> = points.iter().map(|p| json!({ "question": p.question, "text": p.text })).collect();
    let entry = moved::<P>(action, &before, &after).about("points", points.len()).body(json!({ "reason": reason, "points": said }));
    cx.commit(tx, permit, [entry]).await
}
