//! Cases for each part of the rows, and the properties that hold whatever the facts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;
mod comparing;
mod reading;
mod rulings;
mod whatever;
mod words;

use super::*;

/// Decides from facts, given as JSON.
fn decided(facts: &Value) -> Decision {
    decide(&Facts::from_json(&facts.to_string()).unwrap_or_else(|error| panic!("{facts}: {error}")))
}

fn rules_of(decision: &Decision) -> Vec<&'static str> {
    decision.explained.because.iter().map(|reason| reason.rule).collect()
}

fn missing_of(decision: &Decision) -> Vec<&'static str> {
    decision.explained.missing.iter().map(|missing| missing.0).collect()
}

fn hours(value: u64) -> Demand {
    Demand::Limit { value, unit: "hours".to_owned(), direction: Direction::AtMost }
}

fn text(text: &str) -> Demand {
    Demand::Text { text: text.to_owned() }
}

/// A document that asks at most so many hours; none asks nothing here.
fn within(value: impl Into<Option<u64>>) -> Ask {
    let value = value.into();
    Ask { applies: Some(value.is_some()), asks: value.map(hours) }
}

/// A document that asks this.
fn asking(demand: Demand) -> Ask {
    Ask { applies: Some(true), asks: Some(demand) }
}

/// What is asked, with no ruling and nothing blocked.
fn facts(contract: Ask, plan: Ask, pack: Ask) -> Facts {
    Facts { contract, plan, pack, rulings: Some(Vec::new()), blocked_until_ruling: Some(false) }
}

fn ruling(reference: &str, day: &str) -> Ruling {
    Ruling { reference: reference.to_owned(), day: day.parse().unwrap(), this_contract: true, asks: None, allows: None }
}

/// Rules that must speak; one that begins with `!` must not.
fn speak(decision: &Decision, rules: &[&str]) {
    let said = rules_of(decision);
    for rule in rules {
        match rule.strip_prefix('!') {
            Some(rule) => assert!(!said.contains(&rule), "{rule} speaks: {said:?}"),
            None => assert!(said.contains(rule), "{rule} does not speak: {said:?}"),
        }
    }
}
