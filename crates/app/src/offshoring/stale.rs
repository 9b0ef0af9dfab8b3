//! Whether an approval still rests on what it was given on (OFF-6, OFF-11): worked out anew from what it kept and what is held now, whenever somebody
//! asks.

use std::collections::BTreeSet;

use platform::authz::Side;
use platform::cases::Case;
use platform::{Cx, Result, t, texts};
use rules::country::Country;
use rules::decision::Reason;
use rules::stale::{self, Basis};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::scope::Scope;
use super::store;
use crate::party;

/// Why the approval of a case is stale now; empty while it is not, or where nothing was kept of what it rests on.
///
/// # Errors
/// When the database fails or a document does not open.
pub async fn of<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Reason>> {
    let Some(then) = store::basis_of(db, case.id).await? else { return Ok(Vec::new()) };
    let now = again(cx, db, case, &then).await?;
    Ok(stale::reasons(&then, &now))
}

/// What an approval that rested on `then` would rest on now.
///
/// # Errors
/// When the database fails or a document does not open.
pub async fn again<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, then: &Basis) -> Result<Basis> {
    store::present(cx, db, case, &then.place, then.countries.keys().cloned().collect()).await
}

/// Why the approval of a case is stale now, with the mark of what it would rest on: who confirms it gives back the mark of what they read.
///
/// # Errors
/// When the database fails or a document does not open.
pub async fn marked<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<(Vec<Reason>, Option<String>)> {
    let Some(then) = store::basis_of(db, case.id).await? else { return Ok((Vec::new(), None)) };
    let now = again(cx, db, case, &then).await?;
    Ok((stale::reasons(&then, &now), Some(hex::encode(platform::random::digest(serde_json::to_string(&now)?.as_bytes())))))
}

/// The mark alone.
///
/// # Errors
/// As [`marked`].
pub async fn mark_of<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Option<String>> {
    Ok(marked(cx, db, case).await?.1)
}

/// What an approval of this scope rests on, for work at this place.
///
/// # Errors
/// When the database fails or a document does not open.
pub async fn first<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, place: Uuid, scope: &Scope) -> Result<Basis> {
    let home = cx.core().home()?;
    let abroad = |code: &&String| Country::from_code(code).is_ok_and(|country| !home.contains(country));
    let countries: BTreeSet<String> = scope.countries.iter().filter(abroad).cloned().collect();
    store::present(cx, db, case, &place.to_string(), countries).await
}

/// A reason as the actor may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The rule, by code.
    pub rule: &'static str,
    /// In words, with the paragraphs that it rests on.
    pub text: String,
    /// The paragraphs.
    pub source: &'static [&'static str],
}

/// What of a country a supplier does not read.
const HELD: [&str; 5] = ["transfer", "mechanism", "condition", "onward", "law"];

/// The codes of reasons as an entry may hold them in the open, which a supplier takes out with its case: of what the authority holds of a country,
/// that something of it is otherwise.
pub fn open_codes(all: &[Reason]) -> String {
    let mut codes: Vec<&str> = all.iter().map(|reason| if HELD.contains(&reason.rule) { "country" } else { reason.rule }).collect();
    codes.dedup();
    if codes.is_empty() { "none".to_owned() } else { codes.join(".") }
}

/// Reasons as the actor may read them: what the authority holds of a country stays its own, and so do parties that a supplier does not see.
///
/// # Errors
/// When the database fails.
pub async fn told<C: ConnectionTrait>(cx: &Cx, db: &C, all: &[Reason]) -> Result<Vec<Told>> {
    let parties = all.iter().filter_map(|reason| reason.args.get("party")?.parse::<Uuid>().ok());
    let inside = cx.actor.account().is_none_or(|actor| actor.side == Side::Authority);
    let names = if inside { party::store::names(db, parties).await? } else { party::store::seen_names(db, &cx.actor, parties).await? };
    let mut out: Vec<Told> = Vec::new();
    for reason in all {
        let mut args = reason.args.clone();
        for (name, value) in &mut args {
            match name.as_str() {
                "country" => *value = Country::from_code(value).map_or_else(|_| value.clone(), |c| c.name_in_sentence().to_owned()),
                "party" => {
                    let known = value.parse().ok().and_then(|id: Uuid| names.get(&id).cloned());
                    *value = known.unwrap_or_else(|| t!("stale-some-party"));
                }
                "was" | "now" if reason.rule == "transfer" => *value = texts::t(&format!("stale-transfer-{}", value.replace('_', "-"))),
                _ => {}
            }
        }
        let kept = !inside && HELD.contains(&reason.rule);
        let (rule, id) = if kept { ("country", "rule-stale-country".to_owned()) } else { (reason.rule, reason.message_id("stale")) };
        let text = t!("arrangement-gap", text = texts::say(&id, &args), source = reason.source.join(", "));
        let told = Told { rule, text, source: reason.source };
        if !out.contains(&told) {
            out.push(told);
        }
    }
    Ok(out)
}
