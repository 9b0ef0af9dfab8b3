//! Cases for each part of the sentence, and the properties that hold whatever the facts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;
mod reading;
mod whatever;
mod words;

use super::*;

/// Decides from facts, given as JSON.
fn decided(facts: &str) -> Decision {
    decide(&Facts::from_json(facts).unwrap_or_else(|error| panic!("{facts}: {error}")))
}

fn rules_of(decision: &Decision) -> Vec<&'static str> {
    decision.explained.because.iter().map(|reason| reason.rule).collect()
}

fn missing_of(decision: &Decision) -> Vec<&'static str> {
    decision.explained.missing.iter().map(|missing| missing.0).collect()
}
