//! What contract, plan and pack ask; what governs, what applies, which differ, and which rules speak.

use super::*;
use crate::governing::Outcome::{Conflict as Differ, Governed, NothingAsked, StricterApplies, Undetermined as Open};
use crate::governing::Source::{Contract, Pack, Plan};

/// Contract, plan and pack; outcome, what governs, what applies, pairs that differ with the stricter one, rules that speak or must not.
type Row = ([Ask; 3], Outcome, Option<Source>, &'static [Source], &'static [(Source, Source, Option<Source>)], &'static [&'static str]);

fn check(table: Vec<Row>) {
    for ([contract, plan, pack], outcome, governs, applies, pairs, rules) in table {
        let given = facts(contract, plan, pack);
        let decision = decide(&given);
        assert_eq!((decision.explained.outcome, decision.governs, decision.applies.as_slice()), (outcome, governs, applies), "{given:?}");
        let differ: Vec<_> = decision.conflicts.iter().map(|pair| (pair.higher.0, pair.lower.0, pair.stricter)).collect();
        assert_eq!(differ, pairs, "{given:?}");
        assert_eq!(decision.ruling_invited, !pairs.is_empty(), "{given:?}");
        assert!(decision.explained.missing.is_empty(), "{given:?}");
        speak(&decision, rules);
    }
}

/// SEC-1: where only one document asks, it governs; where they ask the same, the contract goes before the plan and the plan before the pack.
#[test]
fn sec_1_contract_and_plan_go_before_the_pack() {
    check(vec![
        ([within(None), within(None), within(24)], Governed, Some(Pack), &[Pack], &[], &["governs_alone", "!ruling_invited"]),
        ([within(None), within(24), within(None)], Governed, Some(Plan), &[Plan], &[], &["governs_alone"]),
        ([within(24), within(None), within(None)], Governed, Some(Contract), &[Contract], &[], &["governs_alone", "asks_nothing"]),
        ([within(24), within(24), within(24)], Governed, Some(Contract), &[Contract], &[], &["governs_first", "same", "!stricter"]),
        ([within(None), within(24), within(24)], Governed, Some(Plan), &[Plan], &[], &["governs_first"]),
        ([within(24), within(None), within(24)], Governed, Some(Contract), &[Contract], &[], &["governs_first"]),
        (
            [asking(text("Shred it")), within(None), asking(text(" Shred \n it "))],
            Governed,
            Some(Contract),
            &[Contract],
            &[],
            &["governs_first", "!not_comparable"],
        ),
        ([within(None), within(None), within(None)], NothingAsked, None, &[], &[], &["nothing_asked", "!governs_alone"]),
    ]);
}

/// SEC-1: where they differ and can be compared, the stricter one applies, also if it is the lower one; both are shown, and a ruling is invited.
#[test]
fn sec_1_the_stricter_applies_even_if_it_is_lower() {
    let days = |value: u64| Demand::Limit { value, unit: "days".to_owned(), direction: Direction::AtMost };
    let keep = |value: u64| Demand::Limit { value, unit: "years".to_owned(), direction: Direction::AtLeast };
    check(vec![
        (
            [within(12), within(None), within(24)],
            StricterApplies,
            Some(Contract),
            &[Contract],
            &[(Contract, Pack, Some(Contract))],
            &["stricter", "governs_stricter", "ruling_invited"],
        ),
        (
            [within(48), within(None), within(24)],
            StricterApplies,
            Some(Pack),
            &[Pack],
            &[(Contract, Pack, Some(Pack))],
            &["governs_stricter"],
        ),
        (
            [within(48), within(12), within(24)],
            StricterApplies,
            Some(Plan),
            &[Plan],
            &[(Contract, Plan, Some(Plan)), (Contract, Pack, Some(Pack)), (Plan, Pack, Some(Plan))],
            &["governs_stricter", "!not_comparable", "!follow_each"],
        ),
        // As strict as the strictest, and it goes first.
        (
            [within(24), within(48), within(24)],
            StricterApplies,
            Some(Contract),
            &[Contract],
            &[(Contract, Plan, Some(Contract)), (Plan, Pack, Some(Pack))],
            &["same", "stricter"],
        ),
        // A day has 24 hours; who keeps longer is stricter where at least is asked.
        ([asking(days(1)), within(None), within(24)], Governed, Some(Contract), &[Contract], &[], &["same"]),
        ([asking(days(2)), within(None), within(24)], StricterApplies, Some(Pack), &[Pack], &[(Contract, Pack, Some(Pack))], &[]),
        (
            [asking(keep(6)), asking(keep(7)), within(None)],
            StricterApplies,
            Some(Plan),
            &[Plan],
            &[(Contract, Plan, Some(Plan))],
            &["governs_stricter"],
        ),
    ]);
}

/// SEC-1: where they cannot be compared, both are shown and a ruling is invited; each is followed meanwhile, the laxer of two that can be compared is not.
#[test]
fn sec_1_what_cannot_be_compared_is_a_conflict() {
    let least = |value: u64| Demand::Limit { value, unit: "hours".to_owned(), direction: Direction::AtLeast };
    let bits = |value: u64| Demand::Limit { value, unit: "bits".to_owned(), direction: Direction::AtMost };
    check(vec![
        (
            [asking(text("Burn it")), within(None), asking(text("Shred it"))],
            Differ,
            None,
            &[Contract, Pack],
            &[(Contract, Pack, None)],
            &["not_comparable", "follow_each", "ruling_invited", "!governs_stricter"],
        ),
        (
            [within(48), within(24), asking(text("At once"))],
            Differ,
            None,
            &[Plan, Pack],
            &[(Contract, Plan, Some(Plan)), (Contract, Pack, None), (Plan, Pack, None)],
            &["not_comparable", "stricter"],
        ),
        ([asking(least(24)), within(None), within(24)], Differ, None, &[Contract, Pack], &[(Contract, Pack, None)], &[]),
        ([within(None), asking(bits(24)), within(24)], Differ, None, &[Plan, Pack], &[(Plan, Pack, None)], &[]),
        // Of two that ask the same, the one that goes first speaks for both.
        (
            [asking(text("Burn it")), asking(text("Burn it")), within(24)],
            Differ,
            None,
            &[Contract, Pack],
            &[(Contract, Pack, None), (Plan, Pack, None)],
            &["same", "not_comparable"],
        ),
    ]);
}

/// SEC-1, OWN-1: what is missing is named, and only what could change which document governs.
#[test]
fn sec_1_what_is_missing_is_named() {
    let not_known = Ask::default;
    let said = || Ask { applies: Some(true), asks: None };
    let maybe = |value: u64| Ask { applies: None, asks: Some(hours(value)) };
    let rows: Vec<([Ask; 3], Outcome, &[&str])> = vec![
        ([within(24), not_known(), within(None)], Open, &["plan.applies", "plan.asks"]),
        ([within(24), said(), within(None)], Open, &["plan.asks"]),
        // Alone, it governs whatever it asks.
        ([within(None), said(), within(None)], Governed, &[]),
        ([within(None), not_known(), within(None)], Open, &["plan.applies"]),
        ([said(), said(), within(None)], Open, &["contract.asks", "plan.asks"]),
        // The contract asks as much as the plan may: it governs anyway.
        ([within(24), maybe(24), within(None)], Governed, &[]),
        ([within(24), maybe(48), within(None)], Open, &["plan.applies"]),
        ([within(24), maybe(48), within(72)], StricterApplies, &[]),
        ([maybe(24), within(24), within(None)], Open, &["contract.applies"]),
        // Were the contract laxer than 24 hours, the plan would govern in the pack's place.
        ([said(), maybe(24), within(24)], Open, &["contract.asks", "plan.applies"]),
        // In conflict already: a third one may only add to it.
        ([asking(text("Burn it")), not_known(), within(24)], Differ, &[]),
        ([not_known(), not_known(), within(24)], Open, &["contract.applies", "contract.asks", "plan.applies", "plan.asks"]),
    ];
    for ([contract, plan, pack], outcome, missing) in rows {
        let given = facts(contract, plan, pack);
        let decision = decide(&given);
        assert_eq!((decision.explained.outcome, missing_of(&decision).as_slice()), (outcome, missing), "{given:?}");
        assert!(outcome != Open || decision.governs.is_none() && decision.applies.is_empty());
    }
    let nothing = decide(&Facts::default());
    assert_eq!((nothing.explained.outcome, missing_of(&nothing).len()), (Open, 8));
    // Not alone: the plan may ask as much.
    speak(&decide(&facts(within(24), maybe(24), within(None))), &["governs_first", "!governs_alone"]);
}

/// SEC-1: the document shows both that differ, and tells nothing that governs from not known.
#[test]
fn sec_1_both_are_shown() {
    let document = decide(&facts(within(48), within(None), within(24))).to_json(&|id, _| id.to_owned());
    let parts: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(parts, ["outcome", "governs", "applies", "conflicts", "ruling_invited", "ruling", "because", "missing"]);
    assert_eq!((&document["governs"], &document["applies"]), (&json!("pack"), &json!(["pack"])));
    let limit = |value: u64| json!({"value": value, "unit": "hours", "direction": "at_most"});
    assert_eq!(
        document["conflicts"],
        json!([{"between": ["contract", "pack"], "asks": {"contract": limit(48), "pack": limit(24)}, "stricter": "pack"}])
    );
    let governs = |facts: &Facts| decide(facts).to_json(&|id, _| id.to_owned())["governs"].clone();
    assert_eq!(governs(&facts(within(None), within(None), within(None))), "none");
    assert_eq!(governs(&Facts::default()), Value::Null);
}
