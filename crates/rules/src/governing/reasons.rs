//! Why: each reason with its paragraphs, in the order in which people read them. The words are in `locales/en/governing.ftl`.

use super::{Compared, Demand, Facts, Outcome, Ruling, Source, pairs};
use crate::decision::{Args, Reason, Rule, rules};

rules! {
    ASKS = "asks" ["SEC-1"];
    ASKS_NOTHING = "asks_nothing" ["SEC-1"];
    ASKS_NOT_KNOWN = "asks_not_known" ["SEC-1"];
    SAME = "same" ["SEC-1"];
    STRICTER = "stricter" ["SEC-1"];
    NOT_COMPARABLE = "not_comparable" ["SEC-1"];
    GOVERNS_ALONE = "governs_alone" ["SEC-1"];
    GOVERNS_FIRST = "governs_first" ["SEC-1"];
    GOVERNS_STRICTER = "governs_stricter" ["SEC-1"];
    FOLLOW_EACH = "follow_each" ["SEC-1"];
    NOTHING_ASKED = "nothing_asked" ["SEC-1"];
    RULING_ELSEWHERE = "ruling_elsewhere" ["SEC-36"];
    RULED = "ruled" ["SEC-1", "SEC-36"];
    CONFLICT_ENDED = "conflict_ended" ["SEC-1", "SEC-36"];
    BLOCKED = "blocked" ["SEC-36", "SEC-39"];
    RULING_REFUSES = "ruling_refuses" ["SEC-36", "SEC-39"];
    RULING_ALLOWS = "ruling_allows" ["SEC-36", "SEC-39"];
    RULING_INVITED = "ruling_invited" ["SEC-1", "SEC-36"];
}

/// All reasons for this outcome.
pub(super) fn because(facts: &Facts, outcome: Outcome, governs: Option<Source>, invited: bool) -> Vec<Reason> {
    let mut said = asked(facts);
    let pairs = pairs(facts);
    for pair in &pairs {
        let (higher, lower) = (pair.higher.0, pair.lower.0);
        let (rule, one, other) = match pair.compared {
            Compared::Same => (SAME, higher, lower),
            Compared::Stricter => (STRICTER, higher, lower),
            Compared::Laxer => (STRICTER, lower, higher),
            Compared::Never => (NOT_COMPARABLE, higher, lower),
        };
        said.push(rule.said(args([("source", one.code()), ("other", other.code())])));
    }
    let governing = |rule: Rule| rule.said(args([("source", governs.map_or("none", Source::code))]));
    let others = |document: &Source| Some(*document) != governs && facts.ask(*document).applies != Some(false);
    match outcome {
        Outcome::Governed if !Source::DOCUMENTS.iter().any(others) => said.push(governing(GOVERNS_ALONE)),
        Outcome::Governed => said.push(governing(GOVERNS_FIRST)),
        Outcome::StricterApplies => said.push(governing(GOVERNS_STRICTER)),
        Outcome::Conflict => said.push(FOLLOW_EACH.said(Args::new())),
        Outcome::NothingAsked => said.push(NOTHING_ASKED.said(Args::new())),
        Outcome::Ruled | Outcome::Blocked | Outcome::Undetermined => {}
    }
    let elsewhere = facts.rulings.iter().flatten().filter(|ruling| !ruling.this_contract);
    said.extend(elsewhere.map(|ruling| by(RULING_ELSEWHERE, ruling)));
    said.extend(blocked(facts, outcome));
    if outcome == Outcome::Ruled
        && let Some(ruling) = facts.binding()
    {
        said.push(by(RULED, ruling));
        if pairs.iter().any(|pair| pair.compared != Compared::Same) {
            said.push(by(CONFLICT_ENDED, ruling));
        }
    }
    if invited {
        said.push(RULING_INVITED.said(Args::new()));
    }
    said
}

/// What each document asks.
fn asked(facts: &Facts) -> Vec<Reason> {
    let of = |document: Source| {
        let source = ("source", document.code());
        match (facts.ask(document).applies?, facts.known(document)) {
            (false, _) => Some(ASKS_NOTHING.said(args([source]))),
            (true, None) => Some(ASKS_NOT_KNOWN.said(args([source]))),
            (true, Some(Demand::Text { text })) => Some(ASKS.said(args([source, ("kind", "text"), ("text", text)]))),
            (true, Some(Demand::Limit { value, unit, direction })) => {
                let (value, unit) = (value.to_string(), unit.replace('_', " "));
                Some(ASKS.said(args([source, ("kind", &dashed(direction.code())), ("value", &value), ("unit", &unit)])))
            }
        }
    };
    Source::DOCUMENTS.into_iter().filter_map(of).collect()
}

/// What is said of a block, where there is one.
fn blocked(facts: &Facts, outcome: Outcome) -> Vec<Reason> {
    match (facts.blocked_until_ruling, facts.on_block()) {
        (Some(true), Some(ruling)) if ruling.allows == Some(true) => vec![by(RULING_ALLOWS, ruling)],
        (Some(true), Some(ruling)) => vec![BLOCKED.said(Args::new()), by(RULING_REFUSES, ruling)],
        (Some(true), None) if outcome == Outcome::Blocked => vec![BLOCKED.said(Args::new())],
        _ => Vec::new(),
    }
}

/// A reason that rests on a ruling.
fn by(rule: Rule, ruling: &Ruling) -> Reason {
    rule.said(args([("reference", ruling.reference.as_str()), ("day", &ruling.day.to_string())]))
}

fn args<const N: usize>(of: [(&str, &str); N]) -> Args {
    of.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn dashed(code: &str) -> String {
    code.replace('_', "-")
}
