//! What rulings end, allow and do not.

use super::*;
use crate::governing::Outcome::{Blocked, Conflict as Differ, Governed, NothingAsked, Ruled, StricterApplies, Undetermined as Open};

/// SEC-1, SEC-36: a ruling says what holds on its contract, also if that is laxer, and ends the conflict.
#[test]
fn sec_36_a_ruling_binds_and_ends_the_conflict() {
    let given = Facts {
        rulings: Some(vec![Ruling { asks: Some(hours(72)), ..ruling("RUL-2026-000001", "2026-11-02") }]),
        ..facts(within(48), asking(text("At once")), within(24))
    };
    let decision = decide(&given);
    assert_eq!((decision.explained.outcome, decision.governs), (Ruled, Some(Source::Ruling)));
    assert_eq!(
        (decision.applies.as_slice(), decision.conflicts.as_slice(), decision.ruling_invited),
        ([Source::Ruling].as_slice(), [].as_slice(), false)
    );
    speak(&decision, &["ruled", "conflict_ended", "not_comparable", "!follow_each", "!ruling_invited"]);
    let document = decision.to_json(&|id, args| format!("{id} {args:?}"));
    assert_eq!((&document["ruling"]["reference"], &document["ruling"]["day"]), (&json!("RUL-2026-000001"), &json!("2026-11-02")));
    let ruled = document["because"].as_array().unwrap().iter().find(|reason| reason["rule"] == "ruled").unwrap();
    assert!(ruled["text"].as_str().unwrap().contains("RUL-2026-000001") && ruled["text"].as_str().unwrap().contains("2026-11-02"));
    // Where nothing differed there is no conflict to end.
    let alone = Facts { contract: within(None), plan: within(None), ..given };
    speak(&decide(&alone), &["ruled", "!conflict_ended"]);
}

/// SEC-36: a ruling binds on its own contract and on no other; of several the latest counts that speaks of what is asked.
#[test]
fn sec_36_only_the_latest_on_this_contract_binds() {
    let of = |rulings: Vec<Ruling>| Facts { rulings: Some(rulings), ..facts(within(48), within(None), within(24)) };
    let asks = |reference: &str, day: &str, value: u64| Ruling { asks: Some(hours(value)), ..ruling(reference, day) };
    let elsewhere = Ruling { this_contract: false, ..asks("R-9", "2026-11-09", 1) };
    let decision = decide(&of(vec![elsewhere.clone()]));
    assert_eq!((decision.explained.outcome, decision.governs, decision.ruling_invited), (StricterApplies, Some(Source::Pack), true));
    speak(&decision, &["ruling_elsewhere", "!ruled"]);

    let binding = |rulings: Vec<Ruling>| decide(&of(rulings)).ruling.map(|ruling| ruling.reference);
    let (first, second) = (asks("R-1", "2026-11-01", 36), asks("R-2", "2026-11-02", 60));
    assert_eq!(binding(vec![first.clone(), second.clone(), elsewhere.clone()]), Some("R-2".to_owned()));
    assert_eq!(binding(vec![second.clone(), first.clone()]), Some("R-2".to_owned()));
    assert_eq!(binding(vec![second.clone(), asks("R-3", "2026-11-02", 12)]), Some("R-3".to_owned()));
    // A later one that speaks of something else leaves it.
    let allows = Ruling { allows: Some(true), ..ruling("R-4", "2026-11-04") };
    assert_eq!(binding(vec![first, allows.clone()]), Some("R-1".to_owned()));
    assert_eq!(binding(vec![allows]), None);
}

/// SEC-39: electronic retention is blocked until a ruling on this contract allows it; neither contract nor plan can.
#[test]
fn sec_39_blocked_until_a_ruling_allows_it() {
    let keep = || asking(text("Documents may be kept electronically alone"));
    let blocked = |rulings: Option<Vec<Ruling>>| Facts { rulings, blocked_until_ruling: Some(true), ..facts(keep(), keep(), within(None)) };
    let allows = |reference: &str, day: &str, allows: bool| Ruling { allows: Some(allows), ..ruling(reference, day) };
    type Row = (Option<Vec<Ruling>>, Outcome, &'static [&'static str]);
    let cases: Vec<Row> = vec![
        (Some(vec![]), Blocked, &["blocked", "ruling_invited", "!ruling_allows", "!governs_first"]),
        (Some(vec![allows("R-1", "2026-11-01", true)]), Governed, &["ruling_allows", "governs_first", "!blocked", "!ruling_invited"]),
        (Some(vec![allows("R-1", "2026-11-01", false)]), Blocked, &["blocked", "ruling_refuses"]),
        // The latest counts, either way.
        (Some(vec![allows("R-1", "2026-11-01", true), allows("R-2", "2026-11-02", false)]), Blocked, &["ruling_refuses", "!ruling_allows"]),
        (Some(vec![allows("R-2", "2026-11-02", true), allows("R-1", "2026-11-01", false)]), Governed, &["ruling_allows"]),
        // One that was given elsewhere allows nothing here, nor does one that only says what is asked.
        (Some(vec![Ruling { this_contract: false, ..allows("R-1", "2026-11-01", true) }]), Blocked, &["ruling_elsewhere", "blocked"]),
        (Some(vec![Ruling { asks: Some(hours(1)), ..ruling("R-1", "2026-11-01") }]), Blocked, &["blocked", "!ruled"]),
        (Some(vec![Ruling { asks: Some(hours(1)), ..allows("R-1", "2026-11-01", true) }]), Ruled, &["ruled", "ruling_allows"]),
        (None, Open, &["!blocked", "!ruling_invited"]),
    ];
    for (rulings, outcome, rules) in cases {
        let given = blocked(rulings);
        let decision = decide(&given);
        assert_eq!(decision.explained.outcome, outcome, "{given:?}");
        assert_eq!(decision.applies.is_empty(), matches!(outcome, Blocked | Open), "{given:?}");
        assert!(outcome != Blocked || (decision.governs.is_none() && decision.ruling_invited && decision.conflicts.is_empty()));
        speak(&decision, rules);
    }
    assert_eq!(missing_of(&decide(&blocked(None))), ["rulings"]);
}

/// SEC-36, SEC-39: what is not known of rulings and blocks keeps the answer open, and is named.
#[test]
fn sec_36_rulings_that_are_not_known_are_missing() {
    let given = facts(within(48), within(None), within(24));
    let not_known = Facts { rulings: None, ..given.clone() };
    let decision = decide(&not_known);
    assert_eq!((decision.explained.outcome, missing_of(&decision)), (Open, vec!["rulings"]));
    // The conflict is shown at once; a ruling that may have ended it is not invited.
    assert_eq!((decision.conflicts.len(), decision.ruling_invited), (1, false));
    let binds = Ruling { asks: Some(hours(24)), ..ruling("R-1", "2026-11-01") };
    let maybe_blocked = Facts { blocked_until_ruling: None, rulings: Some(vec![binds.clone()]), ..given.clone() };
    assert_eq!(missing_of(&decide(&maybe_blocked)), ["blocked_until_ruling"]);
    // A ruling that allows it settles that question before it is asked.
    let allowed = Facts { rulings: Some(vec![Ruling { allows: Some(true), ..binds.clone() }]), ..maybe_blocked };
    assert_eq!(decide(&allowed).explained.outcome, Ruled);
    // A ruling settles what the documents ask as well.
    let ruled = Facts { rulings: Some(vec![binds]), blocked_until_ruling: Some(false), ..Facts::default() };
    assert_eq!(decide(&ruled).explained.outcome, Ruled);
    assert_eq!(decide(&facts(within(None), within(None), within(None))).explained.outcome, NothingAsked);
    let open = facts(asking(text("One")), within(24), Ask::default());
    assert_eq!(decide(&open).explained.outcome, Differ);
}
