//! What every act shares that records something about the regulator or the people concerned.

use platform::cases::{Case, store as cases, words};
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result};
use serde_json::to_value;
use uuid::Uuid;

use crate::casework::account;
use crate::casework::offices::Offices;
use crate::incident::model::INCIDENT;
use crate::incident::regulator::{Kept, Record, Round, Said};
use crate::incident::store::regulator as store;

/// A case with how it stands, its row held, at the version that the form was filled in against, with leave for `action`.
pub(super) struct Open {
    pub(super) case: Case,
    pub(super) kept: Kept,
    pub(super) rounds: Vec<Round>,
    permit: Permit,
}

pub(super) async fn open(cx: &Cx, tx: &Tx, id: Uuid, version: i32, action: &'static str) -> Result<Open> {
    let case = cases::lock(tx, &INCIDENT, id).await?;
    cx.refuse_twin(tx).await?;
    let permit = cx.permit(action, &Record::of(&case))?;
    let kept = store::get(tx.db(), id).await?;
    if kept.version != version {
        return Err(Error::Stale(Text::new("case-stale").with("title", case.reference.as_deref().unwrap_or(&case.title))));
    }
    let rounds = store::rounds(cx, tx.db(), &case).await?;
    Ok(Open { case, kept, rounds, permit })
}

/// Adds a round, and writes how the incident stands now.
pub(super) async fn said(cx: &Cx, tx: Tx, on: Open, kept: Kept, said: &Said, (entry, more): (Entry, Option<Entry>)) -> Result<()> {
    let by = account(cx)?.account;
    let no = on.rounds.last().map_or(0, |round| round.no) + 1;
    store::say(cx, &tx, &on.case, no, said, by).await?;
    store::keep(&tx, &on.case, &Kept { version: on.kept.version + 1, ..kept }).await?;
    // Its words go with those of the case, when that is destroyed.
    let entry = entry.about("round", no).body(to_value(said)?).sealed_for(words::subject(&on.case));
    cx.commit(tx, on.permit, [entry].into_iter().chain(more)).await
}

/// A text that is needed, or that is too long.
pub(super) fn checked(errors: &mut FieldErrors, field: &'static str, text: &str, most: usize, lacks: Option<&'static str>) -> String {
    let text = text.trim();
    match lacks {
        Some(lacks) if text.is_empty() => errors.add(field, Text::new(lacks)),
        _ if text.chars().count() > most => errors.add(field, Text::new("error-too-long").with("max", most)),
        _ => {}
    }
    text.to_owned()
}

/// That what is recorded tells no data about people (SEC-25): it says what was decided and sent, not whom it concerns. How the regulator or the authority
/// is reached may stand there; who sent something, and the regulator's reference, are fields of their own, which are not looked through.
pub(super) fn nobody(cx: &Cx, texts: &[(&str, &str)]) -> Result<()> {
    let (offices, mut errors) = (Offices::of(&cx.core().settings), FieldErrors::default());
    for (field, text) in texts {
        offices.refuse(&mut errors, (*field, *text), "regulator-data-out");
    }
    errors.or(())
}
