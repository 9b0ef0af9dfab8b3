//! What becomes of data about people in what was written (SEC-25): masked, or declared essential with a reason. That it is removed by hand is an
//! addition like any other. Whoever reported by a link decides too, for a while: they have no account.

use platform::authz::{Actor, Guarded as _};
use platform::cases::Case;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::store as cases;
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::error::FieldErrors;
use platform::forms::{drafts, names};
use platform::texts::Text;
use platform::{Error, Result};
use rules::form::{Answers, FrozenDocument, Mode};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::reporting::{sender, side};
use crate::casework::act::{moved, open as locked};
use crate::casework::{lock, notices, writing};
use crate::incident::model::{INCIDENT, Incident, Incidents};
use crate::incident::screened::{self, Passage, passages};
use crate::incident::{form_of, store};
use crate::{pack, site};

/// The longest reason, in characters.
const LONGEST: usize = 2_000;

/// What was found in the texts that were sent last, for whoever completes the report.
///
/// # Errors
/// When the database fails or the document was destroyed.
pub async fn found<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Passage>> {
    Ok(passages(&rounds::last(cx, db, case).await?.1))
}

/// A case with leave for `action`; for whoever reported by a link while it is open to them.
async fn opened(cx: &Cx, tx: &Tx, id: Uuid, version: i32, action: &'static str) -> Result<(Incident, Permit)> {
    let Actor::Link { id: link, .. } = cx.actor else { return locked::<Incidents>(cx, tx, id, version, action).await };
    let of = lock::<Incidents>(tx, id).await?;
    cx.refuse_twin(tx).await?;
    let open = if store::open_to(tx.db(), &of.case, link, tx.now()).await? { of.through(link) } else { of.resource() };
    let permit = cx.permit(action, &open)?;
    cases::expect(&of.case, version)?;
    Ok((of, permit))
}

/// Masks what was found in the texts at `paths`, as another round: what was sent last, with nothing else changed. What is being written is masked
/// too, where it still says the same. The rounds before stay, and go on being withheld.
///
/// # Errors
/// [`Error::NotFound`] when nothing was found at one of them; [`Error::Stale`]; or a refusal.
pub async fn mask(cx: &Cx, id: Uuid, version: i32, paths: &[String]) -> Result<Case> {
    let tx = cx.begin().await?;
    let (before, permit) = opened(cx, &tx, id, version, "incident.mask").await?;
    let mut document = rounds::last(cx, tx.db(), &before.case).await?.1;
    let wanted: Vec<Passage> = passages(&document).into_iter().filter(|passage| paths.contains(&passage.path)).collect();
    if wanted.is_empty() || wanted.len() != paths.len() {
        return Err(Error::NotFound);
    }
    for passage in &wanted {
        screened::mask(&mut document, passage);
    }
    let texts: Vec<(&Passage, String)> = wanted.iter().map(|passage| (passage, passage.masked())).collect();
    let (after, digest) = replaced(cx, &tx, &before.case, &document, &texts, "masked").await?;
    let entry =
        moved::<Incidents>("incident.mask", &before, &after).about("digest", digest).about("masked", texts.len()).about("side", side(cx)?);
    cx.commit(tx, permit, [entry.body(json!({ "answers": paths }))]).await?;
    Ok(after)
}

/// Puts another text in the place of the one at `path`, in which something was found: for whoever cannot open the section in which it stands.
///
/// # Errors
/// [`Error::Invalid`] for a text that the question does not take, or that is the same; [`Error::NotFound`] when nothing was found there;
/// [`Error::Stale`]; or a refusal.
pub async fn rewrite(cx: &Cx, id: Uuid, version: i32, path: &str, text: &str) -> Result<Case> {
    let mut tx = cx.begin().await?;
    let (before, permit) = opened(cx, &tx, id, version, "incident.add").await?;
    let mut document = rounds::last(cx, tx.db(), &before.case).await?.1;
    let passage = passages(&document).into_iter().find(|passage| passage.path == path).ok_or(Error::NotFound)?;
    let text = text.trim();
    if text.is_empty() || text == passage.text {
        let says = if text.is_empty() { "incident-rewrite-missing" } else { "incident-rewrite-same" };
        return Err(Error::field("text", Text::new(says)));
    }
    screened::put(&mut document, path, text.to_owned());
    let pack = pack::of_case(cx, &before.case)?;
    let choices = site::offered::choices(cx, tx.db(), INCIDENT.id, &before.case).await?;
    let wrong = form_of(&pack)?.check(&document.answers(), Mode::Draft, &choices);
    if let Some(fault) = names::errors(&wrong).get(&names::name(path)) {
        return Err(Error::field("text", fault.clone()));
    }
    let (after, digest) = replaced(cx, &tx, &before.case, &document, &[(&passage, text.to_owned())], "added").await?;
    notices::roles::<Incidents>(&mut tx, &before, &after, "added", vec!["security".to_owned()])?;
    let entry = moved::<Incidents>("incident.add", &before, &after).about("digest", digest).about("side", side(cx)?);
    cx.commit(tx, permit, [entry.body(json!({ "answers": [path] }))]).await?;
    Ok(after)
}

/// Sends a document as another round, in which these texts took the place of those in which something was found, and puts them into what is being
/// written too; the case, and the document's digest.
async fn replaced(
    cx: &Cx,
    tx: &Tx,
    case: &Case,
    document: &FrozenDocument,
    texts: &[(&Passage, String)],
    choice: &str,
) -> Result<(Case, String)> {
    let (by, pack) = (sender(cx)?, pack::of_case(cx, case)?);
    let written = |answers: &mut Answers| texts.iter().for_each(|(passage, text)| put(answers, passage, text));
    drafts::rewrite(cx, tx, (case.id, case.round), form_of(&pack)?, written).await?;
    let digest = rounds::submit(cx, tx, case, &document.to_bytes(), by).await?;
    let decided = NewDecision { level: "add", choice: choice.to_owned(), ..NewDecision::default() };
    rounds::decide(cx, tx, case, by, decided).await?;
    let after = cases::update(tx, Case { round: case.round + 1, ..case.clone() }).await?;
    Ok((after, digest))
}

/// Puts a text in the place of the one that was sent; where somebody has changed that since, it stays as it is.
fn put(answers: &mut Answers, passage: &Passage, text: &str) {
    let mut parts = passage.path.split('.');
    let (question, entry, inner) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let Some(mut whole) = answers.get(question).cloned() else { return };
    let at = match (entry.and_then(|n| n.parse::<usize>().ok()), inner) {
        (Some(n), Some(inner)) => whole.get_mut(n).and_then(|entry| entry.get_mut(inner)),
        _ => Some(&mut whole),
    };
    if let Some(at) = at.filter(|at| at.as_str() == Some(passage.text.as_str())) {
        *at = Value::String(text.to_owned());
        answers.set(question.to_owned(), whole);
    }
}

/// Declares what was found in the text at `path` essential, with a reason: from now on it is sealed whole, and each look at it leaves an entry.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::NotFound`] when nothing was found there; [`Error::Stale`]; or a refusal.
pub async fn declare(cx: &Cx, id: Uuid, version: i32, path: &str, reason: &str) -> Result<()> {
    let by = sender(cx)?;
    let tx = cx.begin().await?;
    let (before, permit) = opened(cx, &tx, id, version, "incident.declare").await?;
    let reason = reason.trim();
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", Text::new("incident-essential-reason-missing"));
    } else if reason.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    writing::refuse::<Incidents>(&mut errors, "reason", reason);
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
