//! Tables for three-valued truth.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};

use super::*;

fn truth(condition: Value, answers: Value) -> Truth {
    let condition: Condition = serde_json::from_value(condition).unwrap();
    let answers: BTreeMap<String, Value> = serde_json::from_value(answers).unwrap();
    condition.truth(&answers)
}

#[test]
fn leaves() {
    let eq = |value: Value| json!({"equals": {"question": "q", "value": value}});
    let cmp = |op: &str, value: Value| json!({"compare": {"question": "q", "op": op, "value": value}});
    let table = [
        (eq(json!(true)), json!({"q": true}), Truth::True),
        (eq(json!(true)), json!({"q": false}), Truth::False),
        (eq(json!(true)), json!({}), Truth::Unknown),
        (eq(json!(true)), json!({"q": null}), Truth::Unknown),
        (eq(json!(true)), json!({"q": "unknown"}), Truth::Unknown),
        (eq(json!("unknown")), json!({"q": "unknown"}), Truth::True),
        (eq(json!("unknown")), json!({"q": true}), Truth::False),
        (eq(json!(3)), json!({"q": 3.0}), Truth::True),
        (eq(json!(0)), json!({"q": -0.0}), Truth::True),
        (eq(json!("3")), json!({"q": 3}), Truth::False),
        (json!({"includes": {"question": "q", "value": "b"}}), json!({"q": ["a", "b"]}), Truth::True),
        (json!({"includes": {"question": "q", "value": "c"}}), json!({"q": ["a", "b"]}), Truth::False),
        (json!({"includes": {"question": "q", "value": "c"}}), json!({}), Truth::Unknown),
        (json!({"answered": "q"}), json!({}), Truth::False),
        (json!({"answered": "q"}), json!({"q": "unknown"}), Truth::True),
        (cmp("gt", json!(5)), json!({"q": 5}), Truth::False),
        (cmp("gte", json!(5)), json!({"q": 5}), Truth::True),
        (cmp("lt", json!(5)), json!({"q": {"amount": 4, "currency": "GBP"}}), Truth::True),
        (cmp("lte", json!("2026-02-28")), json!({"q": "2026-03-01"}), Truth::False),
        (cmp("lte", json!("2026-02-28")), json!({"q": "gibberish"}), Truth::Unknown),
        (cmp("lt", json!(5)), json!({}), Truth::Unknown),
    ];
    for (condition, answers, expected) in table {
        assert_eq!(truth(condition.clone(), answers.clone()), expected, "{condition} over {answers}");
    }
}

#[test]
fn trees() {
    let yes = json!({"equals": {"question": "y", "value": true}});
    let no = json!({"equals": {"question": "n", "value": true}});
    let unknown = json!({"equals": {"question": "u", "value": true}});
    let answers = json!({"y": true, "n": false});
    let table = [
        (json!({"all": []}), Truth::True),
        (json!({"any": []}), Truth::False),
        (json!({"all": [yes, unknown]}), Truth::Unknown),
        (json!({"all": [no, unknown]}), Truth::False),
        (json!({"any": [yes, unknown]}), Truth::True),
        (json!({"any": [no, unknown]}), Truth::Unknown),
        (json!({"not": unknown}), Truth::Unknown),
        (json!({"not": yes}), Truth::False),
        (json!({"not": no}), Truth::True),
    ];
    for (condition, expected) in table {
        assert_eq!(truth(condition.clone(), answers.clone()), expected, "{condition}");
    }
}

#[test]
fn names_its_questions_and_becomes_compact() {
    let condition: Condition = serde_json::from_value(json!({"all": [
        {"equals": {"question": "a", "value": "x"}},
        {"any": [{"includes": {"question": "b", "value": 1}}, {"not": {"answered": "c"}}]},
        {"compare": {"question": "d", "op": "gte", "value": 5}},
    ]}))
    .unwrap();
    assert_eq!(condition.questions().into_iter().collect::<String>(), "abcd");
    assert_eq!(
        condition.to_compact(),
        json!(["all", ["eq", "a", "x"], ["any", ["in", "b", 1], ["not", ["has", "c"]]], ["cmp", "d", "gte", 5]])
    );
}

#[test]
fn unknown_keys_are_refused() {
    for wrong in [json!({"every": []}), json!({"equals": {"question": "a"}}), json!({"answered": "a", "not": {"answered": "b"}})] {
        assert!(serde_json::from_value::<Condition>(wrong.clone()).is_err(), "{wrong}");
    }
}
