//! What is read as facts and what is bad input; the schema says the same.

use super::*;

const BAD: &[(&str, &str)] = &[
    ("", "$"),
    ("nonsense", "$"),
    ("null", "$"),
    ("[]", "$"),
    ("[true,false]", "$"),
    (r#""authority_data""#, "$"),
    ("{} {}", "$"),
    (r#"{"received_from_authority":"yes"}"#, "$.received_from_authority"),
    (r#"{"received_for_authority":1}"#, "$.received_for_authority"),
    (r#"{"made_because_of_contract":[]}"#, "$.made_because_of_contract"),
    (r#"{"processed_because_of_contract":{}}"#, "$.processed_because_of_contract"),
    (r#"{"held_because_of_contract":"true"}"#, "$.held_because_of_contract"),
    (r#"{"passed_on_because_of_contract":0}"#, "$.passed_on_because_of_contract"),
    (r#"{"personal_data":"personal"}"#, "$.personal_data"),
    (r#"{"authority_controls":"authority"}"#, "$.authority_controls"),
    (r#"{"medium":"Paper"}"#, "$.medium"),
    (r#"{"medium":["paper"]}"#, "$.medium"),
    (r#"{"medium":{"paper":null}}"#, "$.medium"),
    (r#"{"medium":true}"#, "$.medium"),
    (r#"{"note":"x"}"#, "$.note"),
    (r#"{"personal data":true}"#, r#"$["personal data"]"#),
];

#[test]
fn sec_9b_bad_input_names_the_json_path() {
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
    let error = Facts::from_json(r#"{"personal_data":true,"personal_data":null}"#).unwrap_err();
    assert_eq!(error.path, "$.personal_data");
    let error = Facts::from_json(r#"{"medium":"tape"}"#).unwrap_err().to_string();
    assert!(error.contains("expected one of electronic, paper, spoken, other"), "{error}");
    let error = Facts::from_json(r#"{"recieved_from_authority":true}"#).unwrap_err().to_string();
    assert!(error.contains("received_from_authority"), "{error}");
}

#[test]
fn what_is_absent_or_null_is_not_known() {
    let nothing = r#"{"received_from_authority":null,"received_for_authority":null,"made_because_of_contract":null,"processed_because_of_contract":null,
        "held_because_of_contract":null,"passed_on_because_of_contract":null,"personal_data":null,"authority_controls":null,"medium":null}"#;
    assert_eq!(Facts::from_json(nothing), Ok(Facts::default()));
    assert_eq!(Facts::from_json("\u{feff} {}\n"), Ok(Facts::default()));
    assert!(jsonschema::is_valid(&facts_schema(), &serde_json::from_str(nothing).unwrap()));
}

#[test]
fn hostile_input_gives_a_short_printable_message() {
    let long = Facts::from_json(&format!(r#"{{"medium":"{}"}}"#, "x".repeat(1 << 20))).unwrap_err().to_string();
    assert!(long.len() < 1000 && long.contains("electronic, paper"), "{long}");
    let escape = Facts::from_json("{\"a\\u001b[2J\":1}").unwrap_err().to_string();
    assert!(!escape.chars().any(char::is_control), "{escape:?}");
    assert!(Facts::from_json(&format!(r#"{{"medium":{}"#, "[".repeat(1 << 20))).is_err());
}
