//! Cases for each sentence of the guidance, and the properties that hold whatever the facts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod actions;
mod cases;
mod form;
mod reading;
mod severity;
mod whatever;
mod words;

use serde_json::Value;

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

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
