//! What is read as facts and what is bad input; the schema says the same.

use super::*;

const BAD: &[(&str, &str)] = &[
    ("", "$"),
    ("nonsense", "$"),
    ("null", "$"),
    ("[]", "$"),
    (r#"[true,"physical"]"#, "$"),
    (r#""incident""#, "$"),
    ("{} {}", "$"),
    (r#"{"asset_involved":"yes"}"#, "$.asset_involved"),
    (r#"{"asset_involved":1}"#, "$.asset_involved"),
    (r#"{"asset_kind":"Physical"}"#, "$.asset_kind"),
    (r#"{"asset_kind":["physical"]}"#, "$.asset_kind"),
    (r#"{"asset_kind":{"physical":null}}"#, "$.asset_kind"),
    (r#"{"attempt":true}"#, "$.attempt"),
    (r#"{"attempt":"tried"}"#, "$.attempt"),
    (r#"{"attempt":""}"#, "$.attempt"),
    (r#"{"loss":"confidentiality"}"#, "$.loss"),
    (r#"{"loss":{}}"#, "$.loss"),
    (r#"{"loss":["confidentiality","money"]}"#, "$.loss[1]"),
    (r#"{"loss":[null]}"#, "$.loss[0]"),
    (r#"{"process_breakdown":"true"}"#, "$.process_breakdown"),
    (r#"{"exposed":0}"#, "$.exposed"),
    (r#"{"whereabouts":"home"}"#, "$.whereabouts"),
    (r#"{"whereabouts":false}"#, "$.whereabouts"),
    (r#"{"backup_usable":[]}"#, "$.backup_usable"),
    (r#"{"actions":"lost"}"#, "$.actions"),
    (r#"{"actions":["lost",["stolen"]]}"#, "$.actions[1]"),
    (r#"{"actions":["lost","stolen","burnt"]}"#, "$.actions[2]"),
    (r#"{"systemic":"awareness"}"#, "$.systemic"),
    (r#"{"note":"x"}"#, "$.note"),
    (r#"{"asset involved":true}"#, r#"$["asset involved"]"#),
];

#[test]
fn bad_input_names_the_json_path() {
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
    for (text, path) in [(r#"{"attempt":"none","attempt":"failed"}"#, "$.attempt"), (r#"{"actions":[],"actions":null}"#, "$.actions")] {
        assert_eq!(Facts::from_json(text).expect_err(text).path, path);
    }
    let error = Facts::from_json(r#"{"whereabouts":"home"}"#).unwrap_err().to_string();
    assert!(error.contains("expected one of in_secure_facility, unknown, outside"), "{error}");
}

#[test]
fn what_is_absent_or_null_is_not_known() {
    let nothing = r#"{"asset_involved":null,"asset_kind":null,"attempt":null,"loss":null,"process_breakdown":null,"exposed":null,"whereabouts":null,
        "backup_usable":null,"actions":null,"systemic":null}"#;
    assert_eq!(Facts::from_json(nothing), Ok(Facts::default()));
    assert_eq!(Facts::from_json("\u{feff} {}\n"), Ok(Facts::default()));
    let empty = Facts::from_json(r#"{"loss":[],"actions":[]}"#).unwrap();
    assert_eq!((empty.loss, empty.actions), (Some(BTreeSet::new()), Some(BTreeSet::new())));
    assert!(jsonschema::is_valid(&facts_schema(), &json(nothing)));
}

#[test]
fn codes_are_read_back() {
    fn each<T: Copy + PartialEq + std::fmt::Debug>(all: &[T], code: fn(T) -> &'static str, read: fn(&str) -> Option<T>) {
        for one in all {
            assert_eq!(read(code(*one)), Some(*one));
            assert_eq!(read(&code(*one).to_uppercase()), None);
        }
    }
    each(AssetKind::ALL, AssetKind::code, AssetKind::from_code);
    each(Attempt::ALL, Attempt::code, Attempt::from_code);
    each(Loss::ALL, Loss::code, Loss::from_code);
    each(Whereabouts::ALL, Whereabouts::code, Whereabouts::from_code);
    each(Action::ALL, Action::code, Action::from_code);
    each(Limb::ALL, Limb::code, Limb::from_code);
    each(Category::ALL, Category::code, Category::from_code);
    each(Item::ALL, Item::code, Item::from_code);
    each(Outcome::ALL, Outcome::code, Outcome::from_code);
}

#[test]
fn hostile_input_gives_a_short_printable_message() {
    let long = format!(r#"{{"attempt":"{}"}}"#, "x".repeat(1 << 20));
    let error = Facts::from_json(&long).unwrap_err().to_string();
    assert!(error.len() < 1000 && error.contains("none, failed, succeeded"), "{error}");
    let key = format!(r#"{{"{}\u001b[31m":1}}"#, "y".repeat(1 << 20));
    assert!(Facts::from_json(&key).unwrap_err().to_string().len() < 2000);
    let escape = Facts::from_json("{\"a\\u001b[2J\":1}").unwrap_err().to_string();
    assert!(!escape.chars().any(char::is_control), "{escape:?}");
    assert!(Facts::from_json(&"[".repeat(1 << 20)).is_err());
    assert!(Facts::from_json(&format!(r#"{{"loss":{}"#, "[".repeat(1 << 20))).is_err());
    assert!(Facts::from_json(&format!(r#"{{"actions":[{}"lost"]}}"#, r#""lost","#.repeat(1 << 16))).is_ok());
}
