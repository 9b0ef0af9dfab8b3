//! What is read as facts and what is bad input; the schema says the same.

use super::*;

const BAD: &[(&str, &str)] = &[
    ("", "$"),
    ("null", "$"),
    ("[]", "$"),
    (r#"[["site"],true]"#, "$"),
    ("{} {}", "$"),
    (r#"{"added":"site"}"#, "$.added"),
    (r#"{"added":{}}"#, "$.added"),
    (r#"{"added":["site","office"]}"#, "$.added[1]"),
    (r#"{"added":["Site"]}"#, "$.added[0]"),
    (r#"{"added":[null]}"#, "$.added[0]"),
    (r#"{"added":[{"site":null}]}"#, "$.added[0]"),
    (r#"{"handles_authority_data":"unknown"}"#, "$.handles_authority_data"),
    (r#"{"people_affected":1}"#, "$.people_affected"),
    (r#"{"software_change":[]}"#, "$.software_change"),
    (r#"{"data_held_during":"no"}"#, "$.data_held_during"),
    (r#"{"service_lost":0}"#, "$.service_lost"),
    (r#"{"note":"x"}"#, "$.note"),
];

#[test]
fn sec_9_bad_input_names_the_json_path() {
    let schema = jsonschema::validator_for(&facts_schema()).unwrap();
    for (text, path) in BAD {
        let error = Facts::from_json(text).expect_err(text);
        assert_eq!(error.path, *path, "{text}: {error}");
        assert!(!error.problem.is_empty());
        if let Ok(document) = serde_json::from_str(text) {
            assert!(!schema.is_valid(&document), "{text}");
        }
    }
    // Repeated keys are beyond any schema.
    assert_eq!(Facts::from_json(r#"{"added":[],"added":null}"#).unwrap_err().path, "$.added");
    let error = Facts::from_json(r#"{"added":["office"]}"#).unwrap_err().to_string();
    assert!(error.contains("expected one of site, system, sub_contractor"), "{error}");
}

#[test]
fn what_is_absent_or_null_is_not_known() {
    let nothing = r#"{"added":null,"handles_authority_data":null,"people_affected":null,"software_change":null,"data_held_during":null,"service_lost":null}"#;
    assert_eq!(Facts::from_json(nothing), Ok(Facts::default()));
    assert_eq!(Facts::from_json("\u{feff} {}\n"), Ok(Facts::default()));
    assert!(jsonschema::is_valid(&facts_schema(), &serde_json::from_str(nothing).unwrap()));
    assert_eq!(Facts::from_json(r#"{"added":[]}"#).unwrap().added, Some(BTreeSet::new()));
    // Named twice is named.
    assert_eq!(Facts::from_json(r#"{"added":["site","site"]}"#).unwrap().added, Some(BTreeSet::from([Added::Site])));
}
