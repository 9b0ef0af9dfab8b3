//! The table of cases: facts, the outcome, whether a proposal is needed, the facts that are missing, and rules that must speak or must not.

use super::*;
use crate::plan_change::Outcome::{ChangeRequest, None as Nothing, Notice, Undetermined as Open};

/// Facts, outcome, whether a proposal is needed, missing facts, rules that speak; a rule that begins with `!` does not.
type Row = (&'static str, Outcome, Option<bool>, &'static [&'static str], &'static [&'static str]);

fn check(table: &[Row]) {
    for (facts, outcome, proposal, missing, rules) in table {
        let decision = decided(facts);
        assert_eq!(
            (decision.explained.outcome, decision.proposal, missing_of(&decision.explained).as_slice()),
            (*outcome, *proposal, *missing),
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

/// SEC-9: each of the five kinds calls for a notice by what it is, and for a change request where it handles authority data.
#[test]
fn sec_9_five_kinds_call_for_a_notice_at_least() {
    for kind in ["site", "system", "sub_contractor", "transfer_route", "offshore_element"] {
        let offshore = kind == "offshore_element";
        let of = |handles: &str| decided(&format!(r#"{{"added":["{kind}"],"handles_authority_data":{handles}}}"#));
        for (handles, outcome) in [("true", ChangeRequest), ("false", Notice), ("null", Open)] {
            let decision = of(handles);
            assert_eq!((decision.explained.outcome, decision.proposal), (outcome, Some(offshore)), "{kind} {handles}");
            let reason = decision.explained.because.iter().find(|reason| reason.rule == "may_affect").unwrap();
            assert_eq!(reason.args["added"], kind.replace('_', "-"));
            assert_eq!(rules_of(&decision).contains(&"proposal"), offshore);
        }
        assert_eq!(missing_of(&of("null").explained), ["handles_authority_data"]);
    }
    check(&[
        (
            r#"{"added":["site"],"handles_authority_data":false}"#,
            Notice,
            Some(false),
            &[],
            &["notice_first", "notice_ends", "!new_version"],
        ),
        (
            r#"{"added":["site"],"handles_authority_data":true}"#,
            ChangeRequest,
            Some(false),
            &[],
            &["notice_first", "new_version", "!notice_ends"],
        ),
        (r#"{"added":["site"]}"#, Open, Some(false), &["handles_authority_data"], &["handles_not_known", "!notice_first"]),
        (r#"{"added":[],"handles_authority_data":true}"#, Nothing, Some(false), &[], &["nothing_added", "!handles_authority_data"]),
        (r#"{"added":[]}"#, Nothing, Some(false), &[], &["nothing_added", "!handles_not_known"]),
        (r#"{"handles_authority_data":true}"#, Open, None, &["added"], &["!nothing_added"]),
        ("{}", Open, None, &["added", "handles_authority_data"], &[]),
    ]);
}

/// SEC-28: any refinement of any aspect of the plan is requested, with authority data or without.
#[test]
fn sec_28_any_refinement_of_the_plan_is_requested() {
    check(&[
        (r#"{"added":["other"],"handles_authority_data":false}"#, ChangeRequest, Some(false), &[], &["refines_the_plan", "new_version"]),
        (r#"{"added":["other"]}"#, ChangeRequest, Some(false), &[], &["refines_the_plan", "!handles_not_known"]),
        (
            r#"{"added":["other","site"],"handles_authority_data":false}"#,
            ChangeRequest,
            Some(false),
            &[],
            &["refines_the_plan", "may_affect"],
        ),
        (r#"{"added":["person_group"],"handles_authority_data":true}"#, ChangeRequest, Some(false), &[], &["handles_authority_data"]),
        (
            r#"{"added":["person_group"],"handles_authority_data":false}"#,
            Nothing,
            Some(false),
            &[],
            &["people_without_data", "!notice_first"],
        ),
        (r#"{"added":["person_group"]}"#, Open, Some(false), &["handles_authority_data"], &["handles_not_known", "!may_affect"]),
        (r#"{"added":["person_group","system"],"handles_authority_data":false}"#, Notice, Some(false), &[], &["!people_without_data"]),
    ]);
}

/// SEC-9, OFF-6: what is offshore needs a proposal whatever it handles.
#[test]
fn sec_9_what_is_offshore_needs_a_proposal_too() {
    check(&[
        (r#"{"added":["offshore_element"],"handles_authority_data":false}"#, Notice, Some(true), &[], &["proposal"]),
        (r#"{"added":["offshore_element","other"]}"#, ChangeRequest, Some(true), &[], &["proposal"]),
        (r#"{"added":["offshore_element"]}"#, Open, Some(true), &["handles_authority_data"], &["proposal"]),
        (r#"{"added":["site","other"]}"#, ChangeRequest, Some(false), &[], &["!proposal"]),
    ]);
}

/// SEC-28, SEC-X3: what the request has to say further: training, testing, protection, and what is done while the service is lost.
#[test]
fn sec_x3_what_the_request_says_further() {
    let of = |more: &str| {
        let decision = decided(&format!(r#"{{"added":["system"],"handles_authority_data":true{more}}}"#));
        assert_eq!(decision.explained.outcome, ChangeRequest);
        decision
    };
    for (fact, further) in [
        ("people_affected", Further::Training),
        ("software_change", Further::Testing),
        ("data_held_during", Further::Protection),
        ("service_lost", Further::Continuity),
    ] {
        let (yes, no) = (of(&format!(r#","{fact}":true"#)), of(&format!(r#","{fact}":false"#)));
        assert_eq!((yes.asks.as_slice(), yes.open.len()), ([further].as_slice(), 3), "{fact}");
        assert_eq!((no.asks.len(), no.open.len(), no.open.contains(&further)), (0, 3, false), "{fact}");
        assert!(rules_of(&yes).contains(&further.code()) && !rules_of(&no).contains(&further.code()));
    }
    // People who are added are affected, whatever is said of others.
    let people = decided(r#"{"added":["person_group"],"handles_authority_data":true,"people_affected":false}"#);
    assert_eq!((people.asks.as_slice(), people.open.len()), ([Further::Training].as_slice(), 3));
    // Where no request is called for, nothing is asked further.
    let notice = decided(r#"{"added":["site"],"handles_authority_data":false,"software_change":true}"#);
    assert_eq!((notice.explained.outcome, notice.asks.len(), notice.open.len()), (Notice, 0, 0));
    let document = of(r#","service_lost":true"#).to_json(&|id, _| id.to_owned());
    let parts: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(parts, ["outcome", "proposal", "asks", "open", "because", "missing"]);
    assert_eq!(document["asks"], json!(["continuity"]));
    assert_eq!(document["open"], json!(["people_affected", "software_change", "data_held_during"]));
}
