//! Cases for each trigger and exemption, and the properties that hold whatever the facts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;
mod reading;
mod whatever;
mod words;

use serde_json::Value;

use super::*;

/// Decides one activity, given as JSON, for the home GB.
fn decide_one(activity: &str) -> Explained<Outcome> {
    let facts =
        Facts::from_json(&format!(r#"{{"home":"GB","activities":[{activity}]}}"#)).unwrap_or_else(|error| panic!("{activity}: {error}"));
    let mut decision = decide(&facts);
    assert_eq!(decision.activities.len(), 1);
    assert_eq!(decision.outcome, decision.activities[0].outcome);
    decision.activities.remove(0)
}

fn rules_of(explained: &Explained<Outcome>) -> Vec<&'static str> {
    explained.because.iter().map(|reason| reason.rule).collect()
}

fn missing_of(explained: &Explained<Outcome>) -> Vec<&'static str> {
    explained.missing.iter().map(|missing| missing.0).collect()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
