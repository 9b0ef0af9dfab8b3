//! Cases for each part of the rows, and the properties that hold whatever the facts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;
mod completing;
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

fn missing_of<O>(explained: &Explained<O>) -> Vec<&'static str> {
    explained.missing.iter().map(|missing| missing.0).collect()
}
