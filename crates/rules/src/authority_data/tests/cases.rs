//! The table of cases: facts, the outcome, the limbs that hold, the facts that are missing, and rules that must speak or must not.

use super::*;
use crate::authority_data::Outcome::{AuthorityData as Yes, NotAuthorityData as No, Undetermined as Open};

/// Facts, outcome, limbs, missing facts, rules that speak; a rule that begins with `!` does not.
type Row = (&'static str, Outcome, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

fn check(table: &[Row]) {
    for (facts, outcome, limbs, missing, rules) in table {
        let decision = decided(facts);
        let held: Vec<&str> = decision.limbs.iter().map(|limb| limb.code()).collect();
        assert_eq!(
            (decision.explained.outcome, held.as_slice(), missing_of(&decision).as_slice()),
            (*outcome, *limbs, *missing),
            "{facts}"
        );
        let said = rules_of(&decision);
        for rule in *rules {
            match rule.strip_prefix('!') {
                Some(rule) => assert!(!said.contains(&rule), "{rule} speaks: {facts}: {said:?}"),
                None => assert!(said.contains(rule), "{rule} does not speak: {facts}: {said:?}"),
            }
        }
    }
}

/// SEC-9b, OFF-2b: received from the authority, or from others for it.
#[test]
fn sec_9b_received_from_or_for_the_authority() {
    check(&[
        (r#"{"received_from_authority":true}"#, Yes, &["received"], &[], &["received_from_authority", "!not_because_of_contract"]),
        (r#"{"received_for_authority":true}"#, Yes, &["received"], &[], &["received_for_authority"]),
        (
            r#"{"received_from_authority":true,"received_for_authority":true,"made_because_of_contract":false,"processed_because_of_contract":false,
            "held_because_of_contract":false,"passed_on_because_of_contract":false,"personal_data":false}"#,
            Yes,
            &["received"],
            &[],
            &["received_from_authority", "received_for_authority", "!not_because_of_contract", "!no_personal_data"],
        ),
        (
            r#"{"received_from_authority":false,"made_because_of_contract":false,"processed_because_of_contract":false,
            "held_because_of_contract":false,"passed_on_because_of_contract":false,"authority_controls":false}"#,
            Open,
            &[],
            &["received_for_authority"],
            &["not_because_of_contract", "controlled_by_others", "until_known", "!not_received"],
        ),
    ]);
}

/// SEC-9b, OFF-2b: made, processed, held or passed on because of the contract, even if nobody gave it to the supplier.
#[test]
fn sec_9b_because_of_the_contract() {
    for fact in ["made", "processed", "held", "passed_on"] {
        let path = format!("{fact}_because_of_contract");
        let decision =
            decided(&format!(r#"{{"received_from_authority":false,"received_for_authority":false,"personal_data":false,"{path}":true}}"#));
        assert_eq!((decision.explained.outcome, decision.limbs.as_slice()), (Yes, [Limb::BecauseOfContract].as_slice()), "{fact}");
        assert_eq!(rules_of(&decision), [path.as_str(), "any_medium", "other_decisions"], "{fact}");
    }
    check(&[(
        r#"{"received_from_authority":false,"received_for_authority":false,"made_because_of_contract":false,"processed_because_of_contract":false,
        "passed_on_because_of_contract":false,"personal_data":false}"#,
        Open,
        &[],
        &["held_because_of_contract"],
        &["not_received", "no_personal_data", "!not_because_of_contract"],
    )]);
}

/// SEC-9b, OFF-2b: data about people counts where the authority controls it; somebody else's control takes nothing away.
#[test]
fn sec_9b_personal_data_that_the_authority_controls() {
    const OTHERWISE: &str = r#""received_from_authority":false,"received_for_authority":false,"made_because_of_contract":false,
        "processed_because_of_contract":false,"held_because_of_contract":false,"passed_on_because_of_contract":false"#;
    let facts = |more: &str| -> &'static str { Box::leak(format!("{{{OTHERWISE}{more}}}").into_boxed_str()) };
    check(&[
        (r#"{"personal_data":true,"authority_controls":true}"#, Yes, &["personal_data"], &[], &["personal_data_controlled"]),
        (facts(r#","personal_data":true,"authority_controls":false"#), No, &[], &[], &["controlled_by_others", "!no_personal_data"]),
        (facts(r#","personal_data":false,"authority_controls":true"#), No, &[], &[], &["no_personal_data", "!controlled_by_others"]),
        (facts(r#","personal_data":false"#), No, &[], &[], &["no_personal_data", "other_decisions", "!until_known"]),
        (facts(r#","authority_controls":false"#), No, &[], &[], &["controlled_by_others"]),
        (facts(r#","personal_data":true"#), Open, &[], &["authority_controls"], &["!controlled_by_others", "until_known"]),
        (facts(r#","authority_controls":true"#), Open, &[], &["personal_data"], &["until_known"]),
        (facts(""), Open, &[], &["personal_data", "authority_controls"], &["not_received", "not_because_of_contract"]),
        (
            r#"{"held_because_of_contract":true,"personal_data":true,"authority_controls":false}"#,
            Yes,
            &["because_of_contract"],
            &[],
            &["controlled_by_others"],
        ),
    ]);
}

/// SEC-9b, OFF-2b: any medium, and a reason says so.
#[test]
fn sec_9b_the_medium_changes_nothing() {
    for medium in [r#""electronic""#, r#""paper""#, r#""spoken""#, r#""other""#, "null"] {
        for (facts, outcome) in [(r#""received_from_authority":true"#, Yes), (r#""received_from_authority":false"#, Open)] {
            let decision = decided(&format!(r#"{{{facts},"medium":{medium}}}"#));
            assert_eq!(decision.explained.outcome, outcome, "{medium}");
            let reason = decision.explained.because.iter().find(|reason| reason.rule == "any_medium").unwrap();
            assert_eq!(reason.args["medium"], medium.trim_matches('"').replace("null", "not-known"));
        }
    }
}

/// SEC-9b, OFF-2b: other decisions take the answer as true, false or not known.
#[test]
fn sec_9b_other_decisions_use_the_answer() {
    assert_eq!(Outcome::ALL.iter().map(|outcome| outcome.truth()).collect::<Vec<_>>(), [Truth::True, Truth::False, Truth::Unknown]);
    let nothing = decided("{}");
    assert_eq!((nothing.explained.outcome, missing_of(&nothing).len()), (Open, 8));
    assert_eq!(rules_of(&nothing), ["any_medium", "until_known"]);
    let document = nothing.to_json(&|id, _| id.to_owned());
    let parts: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(parts, ["outcome", "limbs", "because", "missing"]);
    assert_eq!(document["because"][0]["text"], "rule-authority-data-any-medium");
}
