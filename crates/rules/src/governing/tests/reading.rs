//! What is read as facts and what is bad input; the schema says the same.

use super::*;

/// What is wrong with a demand, with the path from `asks` on.
const BAD_DEMANDS: &[(&str, &str)] = &[
    ("{}", ""),
    (r#""24 hours""#, ""),
    ("[24]", ""),
    (r#"{"value":24}"#, ".unit"),
    (r#"{"value":24,"unit":"hours"}"#, ".direction"),
    (r#"{"unit":"hours","direction":"at_most"}"#, ".value"),
    (r#"{"value":-1,"unit":"hours","direction":"at_most"}"#, ".value"),
    (r#"{"value":1.5,"unit":"hours","direction":"at_most"}"#, ".value"),
    (r#"{"value":"24","unit":"hours","direction":"at_most"}"#, ".value"),
    (r#"{"value":24,"unit":"Hours","direction":"at_most"}"#, ".unit"),
    (r#"{"value":24,"unit":"","direction":"at_most"}"#, ".unit"),
    (r#"{"value":24,"unit":"working days","direction":"at_most"}"#, ".unit"),
    (r#"{"value":24,"unit":"hours","direction":"within"}"#, ".direction"),
    (r#"{"value":24,"unit":"hours","direction":"at_most","text":"x"}"#, ".text"),
    (r#"{"text":" "}"#, ".text"),
    (r#"{"text":7}"#, ".text"),
    (r#"{"text":"x","value":1}"#, ".text"),
    (r#"{"text":"x","note":1}"#, ".note"),
];

const BAD: &[(&str, &str)] = &[
    ("", "$"),
    ("null", "$"),
    ("[]", "$"),
    ("{} {}", "$"),
    (r#"{"contract":true}"#, "$.contract"),
    (r#"{"contract":[true,null]}"#, "$.contract"),
    (r#"{"plan":{"applies":"yes"}}"#, "$.plan.applies"),
    (r#"{"plan":{"clause":"12"}}"#, "$.plan.clause"),
    (r#"{"policy":{}}"#, "$.policy"),
    (r#"{"blocked_until_ruling":"yes"}"#, "$.blocked_until_ruling"),
    (r#"{"rulings":{}}"#, "$.rulings"),
    (r#"{"rulings":[null]}"#, "$.rulings[0]"),
    (r#"{"rulings":[{}]}"#, "$.rulings[0].reference"),
    (r#"{"rulings":[{"reference":"R 1","day":"2026-11-02","this_contract":true,"allows":true}]}"#, "$.rulings[0].reference"),
    (r#"{"rulings":[{"reference":"R-1","this_contract":true,"allows":true}]}"#, "$.rulings[0].day"),
    (r#"{"rulings":[{"reference":"R-1","day":"2 November","this_contract":true,"allows":true}]}"#, "$.rulings[0].day"),
    (r#"{"rulings":[{"reference":"R-1","day":"2026-11-02T10:00:00","this_contract":true,"allows":true}]}"#, "$.rulings[0].day"),
    (r#"{"rulings":[{"reference":"R-1","day":"2026-11-02","allows":true}]}"#, "$.rulings[0].this_contract"),
    (r#"{"rulings":[{"reference":"R-1","day":"2026-11-02","this_contract":true}]}"#, "$.rulings[0]"),
    (r#"{"rulings":[{"reference":"R-1","day":"2026-11-02","this_contract":true,"asks":{"text":""}}]}"#, "$.rulings[0].asks.text"),
];

#[test]
fn sec_1_bad_input_names_the_json_path() {
    let schema = jsonschema::validator_for(&facts_schema()).unwrap();
    let demands = BAD_DEMANDS.iter().map(|(demand, path)| (format!(r#"{{"pack":{{"asks":{demand}}}}}"#), format!("$.pack.asks{path}")));
    for (text, path) in BAD.iter().map(|(text, path)| ((*text).to_owned(), (*path).to_owned())).chain(demands) {
        let error = Facts::from_json(&text).expect_err(&text);
        assert_eq!(error.path, path, "{text}: {error}");
        assert!(!error.problem.is_empty());
        if let Ok(document) = serde_json::from_str(&text) {
            assert!(!schema.is_valid(&document), "{text}");
        }
    }
    // Repeated keys and days that no calendar has are beyond the schema.
    for (text, path) in [
        (r#"{"plan":{"applies":true,"applies":false}}"#, "$.plan.applies"),
        (r#"{"rulings":[{"reference":"R-1","day":"2026-02-30","this_contract":true,"allows":true}]}"#, "$.rulings[0].day"),
    ] {
        assert_eq!(Facts::from_json(text).expect_err(text).path, path);
    }
    let error = Facts::from_json(r#"{"pack":{"asks":{"value":1,"unit":"hours","direction":"within"}}}"#).unwrap_err().to_string();
    assert!(error.contains("expected one of at_most, at_least"), "{error}");
}

#[test]
fn what_is_absent_or_null_is_not_known() {
    let nothing =
        json!({"contract": null, "plan": {"applies": null, "asks": null}, "pack": {}, "rulings": null, "blocked_until_ruling": null});
    assert_eq!(Facts::from_json(&nothing.to_string()), Ok(Facts::default()));
    assert_eq!(Facts::from_json("\u{feff} {}\n"), Ok(Facts::default()));
    assert!(jsonschema::is_valid(&facts_schema(), &nothing));
    let decision = decided(&json!({
        "contract": {"applies": true, "asks": {"value": 1, "unit": "days", "direction": "at_most", "text": null}},
        "plan": {"applies": false},
        "pack": {"applies": true, "asks": {"text": "At once", "value": null}},
        "rulings": [{"reference": "RUL-2026-000001", "day": "2026-11-02", "this_contract": true, "asks": {"text": "Within a day"}, "allows": null}],
        "blocked_until_ruling": false
    }));
    assert_eq!((decision.explained.outcome, decision.governs), (Outcome::Ruled, Some(Source::Ruling)));
}

#[test]
fn hostile_input_gives_a_short_printable_message() {
    let long = "x".repeat(1 << 20);
    for (text, path) in [
        (format!(r#"{{"pack":{{"asks":{{"text":"{long}"}}}}}}"#), "$.pack.asks.text"),
        (format!(r#"{{"pack":{{"asks":{{"value":1,"unit":"{long}","direction":"at_most"}}}}}}"#), "$.pack.asks.unit"),
        (format!(r#"{{"rulings":[{{"reference":"{long}"}}]}}"#), "$.rulings[0].reference"),
        (format!(r#"{{"pack":{}"#, "[".repeat(1 << 20)), "$.pack"),
    ] {
        let error = Facts::from_json(&text).unwrap_err();
        assert!(error.path == path && error.to_string().len() < 1000, "{error}");
    }
    let most = "x".repeat(input::TEXT);
    assert!(Facts::from_json(&format!(r#"{{"pack":{{"asks":{{"text":"{most}"}}}}}}"#)).is_ok());
    assert!(Facts::from_json(&format!(r#"{{"pack":{{"asks":{{"text":"{most}x"}}}}}}"#)).is_err());
}
