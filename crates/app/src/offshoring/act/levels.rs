//! Which levels decide on a proposal, and what those who approved so far agreed on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::cases::Case;
use platform::clock::day_text;
use platform::cx::{Cx, Tx};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result};
use rules::form::Answers;
use rules::levels::{self, Facts};
use rules::pack::{Adequacy, DecisionLevel, Pack};

use super::outcome::concluded;
use super::{form_of, handed_in, pack_of};
use crate::country;
use crate::offshoring::classify::{codes, entries};
use crate::offshoring::model::{Deciding, Terms};
use crate::offshoring::store;

/// The least adequacy among the countries where the answers say that personal data is stored or reached; what is not known counts as if it were.
/// What the authority recorded of a country comes before what the pack says.
fn adequacy(answers: &Answers, pack: &Pack, recorded: &BTreeMap<String, country::store::Model>) -> Option<Adequacy> {
    let personal = entries(answers, "countries")
        .filter(|entry| codes(entry.get("country_personal")).iter().any(|code| ["stored", "accessed", "not_known"].contains(code)));
    let of = |code: &str| {
        let stated = recorded.get(code).and_then(|row| row.adequacy.as_deref());
        let stated =
            [Adequacy::Full, Adequacy::Partial, Adequacy::None].into_iter().find(|one| Some(levels::adequacy_code(*one)) == stated);
        let listed = || pack.countries.iter().find(|facts| facts.country == code).map(|facts| facts.adequacy);
        stated.or_else(listed).or_else(|| pack.country_default.as_ref().map(|facts| facts.adequacy)).unwrap_or(Adequacy::None)
    };
    personal.filter_map(|entry| entry.get("country")?.as_str()).map(of).reduce(levels::lesser)
}

/// The levels and approvals of a case as it is decided now: a level that is needed by what is held of countries now, and was not when the case
/// came to be decided, is added. Which were asked for stay.
pub(super) async fn anew(cx: &Cx, tx: &Tx, case: &Case, kept: &Deciding) -> Result<Deciding> {
    let pack = pack_of(cx, case)?;
    let known: BTreeSet<String> = kept.rules().into_iter().map(|level| level.id).collect();
    let needed = found(cx, tx, case, &pack).await?;
    if needed.iter().all(|level| known.contains(&level.id)) {
        return Ok(kept.clone());
    }
    let all: Vec<&DecisionLevel> =
        pack.decision_levels.iter().filter(|level| known.contains(&level.id) || needed.iter().any(|one| one.id == level.id)).collect();
    store::set_levels(tx, case, &all).await?;
    store::deciding_of(tx.db(), case).await
}

/// Finds and keeps the levels that decide on a case which comes to be decided: how many.
pub(super) async fn keep(cx: &Cx, tx: &Tx, case: &Case) -> Result<usize> {
    let pack = pack_of(cx, case)?;
    let needed = found(cx, tx, case, &pack).await?;
    store::set_levels(tx, case, &needed).await?;
    Ok(needed.len())
}

async fn found<'a>(cx: &Cx, tx: &Tx, case: &Case, pack: &'a Pack) -> Result<Vec<&'a DecisionLevel>> {
    let (answers, _) = handed_in(cx, tx.db(), case).await?;
    let row = store::assessment(cx, tx.db(), case).await?.ok_or(Error::NotFound)?;
    let outcome = concluded(pack, &answers, &row)?.map_err(Error::Invalid)?;
    let recorded = country::store::all(tx.db()).await?;
    let facts = Facts { inherent: &outcome.inherent, residual: &outcome.residual, adequacy: adequacy(&answers, pack, &recorded) };
    Ok(levels::needed(pack, form_of(pack)?, &answers, facts, &outcome.level))
}

/// What those who approved agree on: the days that all of them set, every condition and every control that any of them asked for.
pub(in crate::offshoring) fn agreed(earlier: &[Terms], last: &Terms) -> Result<Terms> {
    let (from, to) = days(earlier).map_or((last.from, last.to), |(from, to)| (from.max(last.from), to.min(last.to)));
    if to < from {
        let (first, end) = days(earlier).unwrap_or((from, to));
        let mut errors = FieldErrors::default();
        errors.add("from", Text::new("proposal-days-apart").with("from", day_text(first)).with("to", day_text(end)));
        return Err(Error::Invalid(errors));
    }
    let mut conditions: Vec<&str> = Vec::new();
    for line in earlier.iter().chain([last]).flat_map(|terms| terms.conditions.lines()).map(str::trim).filter(|line| !line.is_empty()) {
        if !conditions.contains(&line) {
            conditions.push(line);
        }
    }
    let controls: BTreeSet<String> = earlier.iter().chain([last]).flat_map(|terms| terms.controls.iter().cloned()).collect();
    Ok(Terms { from, to, conditions: conditions.join("\n"), controls: controls.into_iter().collect() })
}

/// The days on which those who approved so far agree; none where nobody did.
pub(in crate::offshoring) fn days(earlier: &[Terms]) -> Option<(Date, Date)> {
    Some((earlier.iter().map(|terms| terms.from).max()?, earlier.iter().map(|terms| terms.to).min()?))
}
