//! What becomes of data about people in what was written (SEC-25): masked, or declared essential with a reason. That it is removed by hand is an
//! addition like any other.

use platform::cases::rounds;
use platform::cases::store as cases;
use platform::cases::Case;
use platform::cx::{Cx, Entry};
use platform::error::FieldErrors;
use platform::forms::api::posted;
use platform::forms::drafts::{self, Outcome, Posting};
use platform::texts::Text;
use platform::web::Fields;
use platform::{Error, Result};
use rules::form::{Answers, FrozenDocument};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::reporting::add_naming;
use crate::casework::account;
use crate::casework::act::open as locked;
use crate::incident::model::{INCIDENT, Incidents};
use crate::incident::screened::{Passage, passages};
use crate::incident::{form_of, store};
use crate::{pack, site};

/// The longest reason, in characters.
const LONGEST: usize = 2_000;

/// What was found in the texts that were sent last, for whoever completes the report.
///
/// # Errors
/// When the database fails or the document was destroyed.
pub async fn found<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Passage>> {
    let last = rounds::submissions(cx, db, case).await?.pop().and_then(|last| last.document);
    let document = last.ok_or_else(|| Error::conflict("error-subject-destroyed"))?;
    Ok(passages(&FrozenDocument::from_bytes(&document)?))
}

/// Masks what was found in the texts at `paths`, and sends the report anew. The rounds before stay, and go on being withheld.
///
/// # Errors
/// [`Error::NotFound`] when nothing was found at one of them; [`Error::Stale`] when somebody changed the answers meanwhile; or a refusal.
pub async fn mask(cx: &Cx, id: Uuid, version: i32, paths: &[String]) -> Result<Case> {
    let of = store::get(cx.db(), id).await?;
    let permit = cx.permit("incident.add", &of)?;
    cases::expect(&of.case, version)?;
    let pack = pack::of_case(cx, &of.case)?;
    let form = form_of(&pack)?;
    let found = found(cx, cx.db(), &of.case).await?;
    let wanted: Vec<&Passage> = found.iter().filter(|passage| paths.contains(&passage.path)).collect();
    if wanted.is_empty() || wanted.len() != paths.len() {
        return Err(Error::NotFound);
    }
    let kept = drafts::load(cx, id, of.case.round).await?;
    let choices = site::offered::choices(cx, cx.db(), INCIDENT.id, &of.case).await?;
    let mut answers = kept.answers.clone();
    for passage in &wanted {
        put(&mut answers, passage)?;
    }
    let sections: Vec<&str> = {
        let mut all: Vec<&str> = wanted.iter().map(|passage| passage.section.as_str()).collect();
        all.dedup();
        all
    };
    let fields: Vec<Fields> = sections.iter().map(|section| posted(form, section, &answers, kept.version(section))).collect();
    let postings: Vec<Posting<'_>> =
        sections.iter().zip(&fields).map(|(section, fields)| Posting { form, section, fields, choices: &choices }).collect();
    let outcomes = drafts::save_all(cx, &permit, id, of.case.round, &postings).await?;
    if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Clash(_))) {
        return Err(Error::Stale(Text::new("answering-stale")));
    }
    add_naming(cx, id, version, &paths.join(",")).await
}

/// Puts the masked text in the place of the one that was sent; where somebody has changed that since, nothing is.
fn put(answers: &mut Answers, passage: &Passage) -> Result<()> {
    let stale = || Error::Stale(Text::new("answering-stale"));
    let masked = Value::String(passage.masked());
    let mut parts = passage.path.split('.');
    let (question, entry, inner) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let mut whole = answers.get(question).cloned().ok_or_else(stale)?;
    let at = match (entry.and_then(|n| n.parse::<usize>().ok()), inner) {
        (Some(n), Some(inner)) => whole.get_mut(n).and_then(|entry| entry.get_mut(inner)).ok_or_else(stale)?,
        _ => &mut whole,
    };
    if at.as_str() != Some(passage.text.as_str()) {
        return Err(stale());
    }
    *at = masked;
    answers.set(question.to_owned(), whole);
    Ok(())
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
    let entry = Entry::on("incident.declare", &before).about("question", path).body(json!({ "title": passage.label, "reason": reason }));
    cx.commit(tx, permit, [entry]).await
}
