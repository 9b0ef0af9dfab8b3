//! What becomes of data about people in what was written (SEC-25): masked, or declared essential with a reason. That it is removed by hand is an
//! addition like any other.

use platform::cases::Case;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::store as cases;
use platform::cx::{Cx, Entry};
use platform::error::FieldErrors;
use platform::forms::drafts;
use platform::texts::Text;
use platform::{Error, Result};
use rules::form::Answers;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::reporting::side;
use crate::casework::account;
use crate::casework::act::{moved, open as locked};
use crate::incident::model::Incidents;
use crate::incident::screened::{self, Passage, passages};
use crate::incident::{form_of, store};
use crate::pack;

/// The longest reason, in characters.
const LONGEST: usize = 2_000;

/// What was found in the texts that were sent last, for whoever completes the report.
///
/// # Errors
/// When the database fails or the document was destroyed.
pub async fn found<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Passage>> {
    Ok(passages(&rounds::last(cx, db, case).await?.1))
}

/// Masks what was found in the texts at `paths`, as another round: what was sent last, with nothing else changed. What is being written is masked
/// too, where it still says the same. The rounds before stay, and go on being withheld.
///
/// # Errors
/// [`Error::NotFound`] when nothing was found at one of them; [`Error::Stale`]; or a refusal.
pub async fn mask(cx: &Cx, id: Uuid, version: i32, paths: &[String]) -> Result<Case> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let (before, permit) = locked::<Incidents>(cx, &tx, id, version, "incident.mask").await?;
    let case = &before.case;
    let (_, mut document) = rounds::last(cx, tx.db(), case).await?;
    let found = passages(&document);
    let wanted: Vec<&Passage> = found.iter().filter(|passage| paths.contains(&passage.path)).collect();
    if wanted.is_empty() || wanted.len() != paths.len() {
        return Err(Error::NotFound);
    }
    for passage in &wanted {
        screened::mask(&mut document, passage);
    }
    let pack = pack::of_case(cx, case)?;
    drafts::rewrite(cx, &tx, (id, case.round), form_of(&pack)?, |answers| wanted.iter().for_each(|passage| put(answers, passage))).await?;
    let digest = rounds::submit(cx, &tx, case, &document.to_bytes(), by).await?;
    let masked = NewDecision { level: "add", choice: "masked".to_owned(), ..NewDecision::default() };
    rounds::decide(cx, &tx, case, by, masked).await?;
    let after = cases::update(&tx, Case { round: case.round + 1, ..case.clone() }).await?;
    let entry =
        moved::<Incidents>("incident.mask", &before, &after).about("digest", digest).about("masked", wanted.len()).about("side", side(cx)?);
    cx.commit(tx, permit, [entry.body(json!({ "answers": paths }))]).await?;
    Ok(after)
}

/// Puts the masked text in the place of the one that was sent; where somebody has changed that since, it stays as it is.
fn put(answers: &mut Answers, passage: &Passage) {
    let mut parts = passage.path.split('.');
    let (question, entry, inner) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let Some(mut whole) = answers.get(question).cloned() else { return };
    let at = match (entry.and_then(|n| n.parse::<usize>().ok()), inner) {
        (Some(n), Some(inner)) => whole.get_mut(n).and_then(|entry| entry.get_mut(inner)),
        _ => Some(&mut whole),
    };
    if let Some(at) = at.filter(|at| at.as_str() == Some(passage.text.as_str())) {
        *at = Value::String(passage.masked());
        answers.set(question.to_owned(), whole);
    }
}

/// Declares what was found in the text at `path` essential, with a reason: from now on it is sealed whole, and each look at it leaves an entry.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::NotFound`] when nothing was found there; [`Error::Stale`]; or a refusal.
pub async fn declare(cx: &Cx, id: Uuid, version: i32, path: &str, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let tx = cx.begin().await?;
    let (before, permit) = locked::<Incidents>(cx, &tx, id, version, "incident.declare").await?;
    let reason = reason.trim();
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", Text::new("incident-essential-reason-missing"));
    } else if reason.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    errors.or(())?;
    let found = found(cx, tx.db(), &before.case).await?;
    let passage = found.into_iter().find(|passage| passage.path == path).ok_or(Error::NotFound)?;
    let after = cases::update(&tx, before.case.clone()).await?;
    store::declare(cx, &tx, &after, (path, passage.digest()), reason, by).await?;
    let entry = Entry::on("incident.declare", &before)
        .about("question", path)
        .about("side", side(cx)?)
        .body(json!({ "title": passage.label, "reason": reason }));
    cx.commit(tx, permit, [entry]).await
}
