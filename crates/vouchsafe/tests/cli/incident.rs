//! `vouchsafe rules incident` as its users meet it: what it says of examples, in words, and what it refuses and where.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rules::rules;

/// Exit code 0, nothing on standard error, and one JSON document.
fn decided(facts: &Value) -> Value {
    let (code, out, err) = rules(&["incident", "-"], facts.to_string().as_bytes());
    assert_eq!((code, err.as_str()), (0, ""), "{facts}");
    serde_json::from_str(&out).unwrap_or_else(|problem| panic!("{problem}: {out}"))
}

/// The document has its seven parts, and each reason its rule, its paragraphs and whole sentences.
fn explained(document: &Value) {
    let parts: BTreeSet<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(parts, BTreeSet::from(["because", "categories", "limbs", "lost_or_misplaced", "missing", "must_report", "outcome"]));
    for reason in document["because"].as_array().unwrap() {
        assert!(!reason["rule"].as_str().unwrap().is_empty() && !reason["source"].as_array().unwrap().is_empty(), "{reason}");
        let text = reason["text"].as_str().unwrap();
        assert!(text.ends_with('.') && text.contains(' ') && !text.contains("rule-"), "{text}");
    }
}

/// Facts; outcome, limbs, categories, lost or misplaced, must be reported, missing.
fn hold(examples: Vec<(Value, Value)>) {
    for (facts, expected) in examples {
        let document = decided(&facts);
        explained(&document);
        let [outcome, limbs, categories, item, must, missing] =
            ["outcome", "limbs", "categories", "lost_or_misplaced", "must_report", "missing"].map(|part| document[part].clone());
        assert_eq!(json!([outcome, limbs, categories, item, must, missing]), expected, "{facts}");
    }
}

/// SEC-10, SEC-X1a: three limbs, any one enough; what could change the answer is named.
#[test]
fn sec_x1a_three_limbs() {
    hold(vec![
        (
            json!({"asset_involved": true, "attempt": "failed", "actions": ["malware"]}),
            json!(["incident", ["attempt"], [], null, true, []]),
        ),
        (
            json!({"asset_involved": true, "attempt": "none", "loss": ["integrity"], "actions": ["modified"]}),
            json!(["incident", ["loss"], ["fraud"], null, true, []]),
        ),
        (
            json!({"asset_involved": true, "process_breakdown": true, "exposed": true, "actions": ["process_failure"]}),
            json!(["incident", ["process_breakdown"], ["process_failure"], null, true, []]),
        ),
        (
            json!({"asset_involved": true, "attempt": "none", "loss": [], "actions": [], "process_breakdown": true}),
            json!(["undetermined", [], [], null, false, ["exposed"]]),
        ),
        (
            json!({"asset_involved": true, "attempt": "none", "loss": [], "actions": ["fault"], "process_breakdown": false}),
            json!(["not_incident", [], [], null, false, []]),
        ),
    ]);
}

/// SEC-X1b: a lost case without the authority's information is no incident; with any, it is.
#[test]
fn sec_x1b_a_lost_case() {
    let lost = |involved: Value| json!({"asset_involved": involved, "actions": ["lost"], "whereabouts": "unknown"});
    hold(vec![
        (lost(json!(false)), json!(["not_incident", ["loss"], ["loss"], "lost", false, []])),
        (lost(json!(true)), json!(["incident", ["loss"], ["loss"], "lost", true, []])),
        (lost(Value::Null), json!(["undetermined", ["loss"], ["loss"], "lost", false, ["asset_involved"]])),
    ]);
}

/// SEC-X1c, SEC-X1f: misplaced is no incident by that alone, no trail means lost, and deletion with a usable back-up is no loss of availability.
#[test]
fn sec_x1f_misplaced_lost_and_deleted() {
    let item = |place: Value| json!({"asset_involved": true, "attempt": "none", "loss": [], "process_breakdown": false, "actions": ["lost"], "whereabouts": place});
    let deleted = |backup: Value| json!({"asset_involved": true, "attempt": "none", "loss": ["availability"], "process_breakdown": false, "actions": [], "backup_usable": backup});
    hold(vec![
        (item(json!("in_secure_facility")), json!(["not_incident", [], [], "misplaced", false, []])),
        (item(json!("unknown")), json!(["incident", ["loss"], ["loss"], "lost", true, []])),
        (item(json!("outside")), json!(["incident", ["loss"], ["loss"], "lost", true, []])),
        (item(Value::Null), json!(["undetermined", [], ["loss"], null, false, ["whereabouts"]])),
        (deleted(json!(true)), json!(["not_incident", [], [], null, false, []])),
        (deleted(json!(false)), json!(["incident", ["loss"], [], null, true, []])),
        (deleted(Value::Null), json!(["undetermined", [], [], null, false, ["backup_usable"]])),
    ]);
}

/// SEC-X1d, SEC-X1e: suspected dishonesty is reported whatever the outcome, and seen with passed on are two acts.
#[test]
fn sec_x1e_dishonesty_and_two_acts() {
    let document = decided(&json!({"asset_involved": false, "actions": ["disclosed", "accessed_without_reason", "dishonesty_suspected"]}));
    explained(&document);
    assert_eq!((&document["outcome"], &document["must_report"]), (&json!("not_incident"), &json!(true)));
    assert_eq!(document["categories"], json!(["disclosure", "unauthorised_access", "fraud"]));
    let said = document["because"].to_string();
    assert!(said.contains("two acts") && said.contains("You need no proof"), "{said}");
}

/// OWN-1: what cannot be read exits with 2 and names the JSON path, shortly and without control characters, and prints nothing else.
#[test]
fn bad_facts_of_an_incident_are_named_by_their_path() {
    let deep = format!(r#"{{"loss":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "$: "),
        (b"null".to_vec(), "$: "),
        (b"[]".to_vec(), "$: "),
        (b"\xff\xfe".to_vec(), "$: "),
        (b"{} {}".to_vec(), "$: "),
        (br#"{"asset_involved":"yes"}"#.to_vec(), "$.asset_involved: "),
        (br#"{"attempt":"tried"}"#.to_vec(), "$.attempt: "),
        (br#"{"loss":"integrity"}"#.to_vec(), "$.loss: "),
        (br#"{"actions":["lost","burnt"]}"#.to_vec(), "$.actions[1]: "),
        (br#"{"exposed":true,"exposed":false}"#.to_vec(), "$.exposed: "),
        (br#"{"note":""}"#.to_vec(), "$.note: "),
        (br#"{"\u001b[31m":1}"#.to_vec(), "$["),
        (deep.into_bytes(), "$.loss[0]: "),
        (format!(r#"{{"whereabouts":"{}"}}"#, "x".repeat(1 << 20)).into_bytes(), "$.whereabouts: "),
        (vec![b' '; (16 << 20) + 1], "$: "),
    ];
    for (input, path) in cases {
        let shown = String::from_utf8_lossy(&input[..input.len().min(120)]).into_owned();
        let (code, out, err) = rules(&["incident", "-"], &input);
        assert_eq!((code, out.as_str()), (2, ""), "{shown}: {err}");
        assert!(err.starts_with(&format!("-: {path}")), "{shown}: {err}");
        assert!(err.len() < 2000 && err.trim_end().lines().count() == 1, "{shown}: {err}");
        assert!(!err.trim_end().chars().any(char::is_control), "{err:?}");
    }
}
