//! `vouchsafe rules authority-data` as its users meet it: what it says of examples, in words, and what it refuses and where.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rules::rules;

/// Exit code 0, nothing on standard error, and one JSON document.
fn decided(facts: &Value) -> Value {
    let (code, out, err) = rules(&["authority-data", "-"], facts.to_string().as_bytes());
    assert_eq!((code, err.as_str()), (0, ""), "{facts}");
    serde_json::from_str(&out).unwrap_or_else(|problem| panic!("{problem}: {out}"))
}

/// The document has its four parts, and each reason its rule, its paragraphs and whole sentences.
fn explained(document: &Value) {
    let parts: BTreeSet<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(parts, BTreeSet::from(["because", "limbs", "missing", "outcome"]));
    for reason in document["because"].as_array().unwrap() {
        assert!(!reason["rule"].as_str().unwrap().is_empty() && !reason["source"].as_array().unwrap().is_empty(), "{reason}");
        let text = reason["text"].as_str().unwrap();
        assert!(text.ends_with('.') && text.contains(' ') && !text.contains("rule-"), "{text}");
    }
}

/// SEC-9b, OFF-2b: three limbs, any one enough, in any medium; what could change the answer is named.
#[test]
fn sec_9b_what_is_authority_data() {
    let apart = json!({
        "received_from_authority": false, "received_for_authority": false, "made_because_of_contract": false, "processed_because_of_contract": false,
        "held_because_of_contract": false, "passed_on_because_of_contract": false
    });
    let apart = |more: Value| {
        let mut facts = apart.clone();
        facts.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        facts
    };
    for (facts, expected) in [
        (json!({"received_from_authority": true}), json!(["authority_data", ["received"], []])),
        (json!({"made_because_of_contract": true, "medium": "spoken"}), json!(["authority_data", ["because_of_contract"], []])),
        (
            apart(json!({"personal_data": true, "authority_controls": true, "medium": "paper"})),
            json!(["authority_data", ["personal_data"], []]),
        ),
        (apart(json!({"personal_data": true, "authority_controls": false})), json!(["not_authority_data", [], []])),
        (apart(json!({"personal_data": true, "authority_controls": null})), json!(["undetermined", [], ["authority_controls"]])),
        (apart(json!({"personal_data": false, "medium": "electronic"})), json!(["not_authority_data", [], []])),
    ] {
        let document = decided(&facts);
        explained(&document);
        let [outcome, limbs, missing] = ["outcome", "limbs", "missing"].map(|part| document[part].clone());
        assert_eq!(json!([outcome, limbs, missing]), expected, "{facts}");
        assert!(document["because"].to_string().contains("The form never changes the answer"), "{document}");
    }
}

/// SEC-9b: the facts may stand in a file.
#[test]
fn sec_9b_facts_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("facts.json");
    std::fs::write(&file, r#"{"received_for_authority": true}"#).unwrap();
    let (code, out, err) = rules(&["authority-data", file.to_str().unwrap()], b"");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["outcome"], "authority_data");
}

/// OWN-1: what cannot be read exits with 2 and names the JSON path, shortly and without control characters, and prints nothing else.
#[test]
fn bad_facts_of_authority_data_are_named_by_their_path() {
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "$: "),
        (b"null".to_vec(), "$: "),
        (b"[]".to_vec(), "$: "),
        (b"\xff\xfe".to_vec(), "$: "),
        (b"{} {}".to_vec(), "$: "),
        (br#"{"personal_data":"yes"}"#.to_vec(), "$.personal_data: "),
        (br#"{"medium":"tape"}"#.to_vec(), "$.medium: "),
        (br#"{"medium":["paper"]}"#.to_vec(), "$.medium: "),
        (br#"{"authority_controls":true,"authority_controls":false}"#.to_vec(), "$.authority_controls: "),
        (br#"{"note":""}"#.to_vec(), "$.note: "),
        (br#"{"\u001b[31m":1}"#.to_vec(), "$["),
        (format!(r#"{{"medium":"{}"}}"#, "x".repeat(1 << 20)).into_bytes(), "$.medium: "),
        (vec![b' '; (16 << 20) + 1], "$: "),
    ];
    for (input, path) in cases {
        let shown = String::from_utf8_lossy(&input[..input.len().min(120)]).into_owned();
        let (code, out, err) = rules(&["authority-data", "-"], &input);
        assert_eq!((code, out.as_str()), (2, ""), "{shown}: {err}");
        assert!(err.starts_with(&format!("-: {path}")), "{shown}: {err}");
        assert!(err.len() < 2000 && err.trim_end().lines().count() == 1, "{shown}: {err}");
        assert!(!err.trim_end().chars().any(char::is_control), "{err:?}");
    }
}
