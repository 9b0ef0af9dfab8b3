//! What is read as facts and what is bad input; the schema says the same.

use super::*;

#[test]
fn bad_input_names_the_json_path() {
    for (text, path) in [
        ("", "$"),
        ("nonsense", "$"),
        ("[]", "$"),
        ("null", "$"),
        (r#"["GB",[{"kind":"hosting"}]]"#, "$"),
        (r#"{"home":"GB","activities":[{"kind":"hosting"}]} x"#, "$"),
        (r#"{"activities":[{"kind":"hosting"}]}"#, "$.home"),
        (r#"{"home":null,"activities":[{"kind":"hosting"}]}"#, "$.home"),
        (r#"{"home":7,"activities":[{"kind":"hosting"}]}"#, "$.home"),
        (r#"{"home":"","activities":[{"kind":"hosting"}]}"#, "$.home"),
        (r#"{"home":"Other","activities":[{"kind":"hosting"}]}"#, "$.home"),
        (r#"{"home":[],"activities":[{"kind":"hosting"}]}"#, "$.home"),
        (r#"{"home":["GB","ZZ"],"activities":[{"kind":"hosting"}]}"#, "$.home[1]"),
        (r#"{"home":["GB",null],"activities":[{"kind":"hosting"}]}"#, "$.home[1]"),
        (r#"{"home":"GB"}"#, "$.activities"),
        (r#"{"home":"GB","activities":[]}"#, "$.activities"),
        (r#"{"home":"GB","activities":null}"#, "$.activities"),
        (r#"{"home":"GB","activities":{}}"#, "$.activities"),
        (r#"{"home":"GB","activities":[{}]}"#, "$.activities[0].kind"),
        (r#"{"home":"GB","activities":[{"kind":null}]}"#, "$.activities[0].kind"),
        (r#"{"home":"GB","activities":[{"kind":"hosting"},{"kind":"Hosting"}]}"#, "$.activities[1].kind"),
        (r#"{"home":"GB","activities":[{"kind":{"hosting":null}}]}"#, "$.activities[0].kind"),
        (r#"{"home":"GB","activities":[["hosting","IN",true,null,null]]}"#, "$.activities[0]"),
        (r#"{"home":"GB","activities":["hosting"]}"#, "$.activities[0]"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","country":"XX"}]}"#, "$.activities[0].country"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","country":"Channel Islands"}]}"#, "$.activities[0].country"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","country":["IN"]}]}"#, "$.activities[0].country"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","authority_information":"yes"}]}"#, "$.activities[0].authority_information"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","personal_data":1}]}"#, "$.activities[0].personal_data"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","staff":[]}]}"#, "$.activities[0].staff"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","staff":{"brought_to_home":"no"}}]}"#, "$.activities[0].staff.brought_to_home"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","staff":{"landed":true}}]}"#, "$.activities[0].staff.landed"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","countri":"IN"}]}"#, "$.activities[0].countri"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","a b":"IN"}]}"#, r#"$.activities[0]["a b"]"#),
        (r#"{"home":"GB","activities":[{"kind":"hosting"}],"note":"x"}"#, "$.note"),
        (r#"{"home":"GB","home":"IN","activities":[{"kind":"hosting"}]}"#, "$.home"),
        (r#"{"home":"GB","activities":[{"kind":"hosting","country":"GB","country":"IN"}]}"#, "$.activities[0].country"),
    ] {
        let error = Facts::from_json(text).expect_err(text);
        assert_eq!(error.path, path, "{text}: {error}");
        assert!(!error.problem.is_empty());
    }
    let error = Facts::from_json(r#"{"home":"GB","activities":[{"kind":"hosting","country":"Channel Islands"}]}"#).unwrap_err();
    assert!(error.to_string().contains("Guernsey or Jersey"), "{error}");
}

#[test]
fn hostile_input_gives_a_short_printable_message() {
    let long = format!(r#"{{"home":"GB","activities":[{{"kind":"{}"}}]}}"#, "x".repeat(1 << 20));
    assert!(Facts::from_json(&long).unwrap_err().to_string().len() < 1000);
    let key = format!(r#"{{"home":"GB","{}\u001b[31m":1}}"#, "y".repeat(1 << 20));
    assert!(Facts::from_json(&key).unwrap_err().to_string().len() < 2000);
    let escape = Facts::from_json("{\"home\":\"GB\",\"a\\u001b[2J\":1}").unwrap_err().to_string();
    assert!(!escape.chars().any(char::is_control), "{escape:?}");
    assert!(Facts::from_json(&"[".repeat(1 << 20)).is_err());
    assert!(Facts::from_json(&format!(r#"{{"home":{}"#, "[".repeat(1 << 20))).is_err());
    assert!(Facts::from_json("\u{feff}{\"home\":\"GB\",\"activities\":[{\"kind\":\"access\"}]}").is_ok());
}

#[test]
fn the_schema_is_as_strict_as_the_reader() {
    let schema = jsonschema::validator_for(&facts_schema()).unwrap();
    for (text, good) in [
        (r#"{"home":"GB","activities":[{"kind":"hosting"}]}"#, true),
        (r#"{"home":["GB","GI"],"activities":[{"kind":"landed_staff","country":null,"staff":null}]}"#, true),
        (
            r#"{"home":"GB","activities":[{"kind":"hosting","country":"IN","authority_information":true,"personal_data":null,
            "staff":{"foreign_nationals":true,"brought_to_home":true,"resident_at_home_already":false,"access_to_information":null}}]}"#,
            true,
        ),
        (r#"{"home":"GB","activities":[]}"#, false),
        (r#"{"home":[],"activities":[{"kind":"hosting"}]}"#, false),
        (r#"{"activities":[{"kind":"hosting"}]}"#, false),
        (r#"{"home":"GB","activities":[{"kind":"mining"}]}"#, false),
        (r#"{"home":"GB","activities":[{"kind":"hosting","countri":"IN"}]}"#, false),
        (r#"{"home":"GB","activities":[{"kind":"hosting","staff":{"landed":true}}]}"#, false),
        (r#"{"home":"GB","activities":[{"kind":"hosting","staff":{"brought_to_home":"no"}}]}"#, false),
        (r#"{"home":"GB","activities":[{"kind":"hosting"}],"note":"x"}"#, false),
    ] {
        assert_eq!((schema.is_valid(&json(text)), Facts::from_json(text).is_ok()), (good, good), "{text}");
    }
}
