//! Which levels decide on a proposal, and what their votes come to (OFF-11).
//!
//! A pack says the levels. One without a condition decides where the assessment's outcome names it; one with a condition decides also where that
//! holds or is not known, since unknown is not no. An approval is given once every level that decides has its quorum, and a person counts once.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::form::{Answers, Form};
use crate::pack::{Adequacy, DecisionLevel, Pack};
use crate::truth::Truth;

#[cfg(test)]
mod tests;

/// What a level's condition may ask beside the answers: the rating before controls, the rating with them, and how well the least adequate country
/// in which personal data is stored or reached protects it.
pub const FACTS: [&str; 3] = ["assessed_inherent", "assessed_residual", "personal_adequacy"];

/// What was found of a case beside its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The rating before controls.
    pub inherent: &'a str,
    /// The rating with controls.
    pub residual: &'a str,
    /// The least adequacy among the countries where personal data is stored or reached; none where there is no such country.
    pub adequacy: Option<Adequacy>,
}

/// The code of an adequacy, as conditions name it.
pub fn adequacy_code(adequacy: Adequacy) -> &'static str {
    match adequacy {
        Adequacy::Full => "full",
        Adequacy::Partial => "partial",
        Adequacy::None => "none",
    }
}

/// The lesser of two adequacies.
pub fn lesser(one: Adequacy, other: Adequacy) -> Adequacy {
    let rank = |adequacy| match adequacy {
        Adequacy::None => 0,
        Adequacy::Partial => 1,
        Adequacy::Full => 2,
    };
    if rank(one) <= rank(other) { one } else { other }
}

/// The levels that decide, in the pack's order. `named` is the one that the assessment's outcome names.
pub fn needed<'a>(pack: &'a Pack, form: &Form, answers: &Answers, facts: Facts<'_>, named: &str) -> Vec<&'a DecisionLevel> {
    let found: BTreeMap<&str, Option<Value>> = BTreeMap::from([
        (FACTS[0], Some(Value::from(facts.inherent))),
        (FACTS[1], Some(Value::from(facts.residual))),
        (FACTS[2], facts.adequacy.map(adequacy_code).map(Value::from)),
    ]);
    let decides = |level: &&DecisionLevel| {
        level.id == named || level.when.as_ref().is_some_and(|when| form.truth_beside(when, answers, &found) != Truth::False)
    };
    pack.decision_levels.iter().filter(decides).collect()
}

/// A level that decides on a case, as it was found when the case came to be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Its id in the pack.
    pub id: String,
    /// The roles that may decide at it, by code.
    pub roles: Vec<String>,
    /// How many must approve.
    pub quorum: u32,
}

/// Somebody's approval at a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote<'a> {
    /// The level.
    pub level: &'a str,
    /// Who.
    pub by: &'a str,
    /// In whose place, if not as themselves: they count as well.
    pub acts_for: Option<&'a str>,
}

impl Vote<'_> {
    /// Whether somebody had a hand in both.
    fn shares(&self, other: &Vote<'_>) -> bool {
        [Some(self.by), self.acts_for].into_iter().flatten().any(|one| other.by == one || other.acts_for == Some(one))
    }
}

/// How many approvals a level still lacks. The same person counts once, and at the level of their first approval only, whether they approved
/// themselves or somebody did in their place.
pub fn lacking(level: &Level, votes: &[Vote<'_>]) -> u32 {
    let first = |at: usize, vote: &Vote<'_>| votes[..at].iter().all(|earlier| !earlier.shares(vote));
    let count = votes.iter().enumerate().filter(|(at, vote)| vote.level == level.id && first(*at, vote)).count();
    level.quorum.saturating_sub(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The level at which the approval of somebody in this role counts: the first that it may decide at and that lacks some.
pub fn next<'a>(levels: &'a [Level], votes: &[Vote<'_>], role: &str) -> Option<&'a Level> {
    levels.iter().find(|level| level.roles.iter().any(|may| may == role) && lacking(level, votes) > 0)
}

/// Whether every level has its quorum.
pub fn complete(levels: &[Level], votes: &[Vote<'_>]) -> bool {
    levels.iter().all(|level| lacking(level, votes) == 0)
}
