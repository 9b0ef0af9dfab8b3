//! What a report says of data about people and of regulators, and how a clock reads; pure.

use platform::clock::{DAY, HOUR, Millis};
use rules::truth::Truth;
use serde_json::{Value, json};

use super::first;
use crate::incident::regulator::{concerns, left, named};

#[test]
fn sec_27_what_a_report_says_of_data_about_people() {
    let of = |more: Value| {
        let mut answers = first();
        for (name, value) in more.as_object().unwrap() {
            answers[name.as_str()] = value.clone();
        }
        concerns(&rules::form::Answers::from_json(answers).unwrap())
    };
    assert_eq!(of(json!({})), Truth::True);
    assert_eq!(of(json!({ "involved": ["device"] })), Truth::Unknown);
    assert_eq!(of(json!({ "involved": ["property"] })), Truth::Unknown, "unknown is not no");
    assert_eq!(of(json!({ "involved": ["device"], "data_held": "no" })), Truth::False);
    assert_eq!(of(json!({ "involved": ["device"], "data_held": "not_known" })), Truth::Unknown);
    assert_eq!(of(json!({ "involved": ["other_information"], "data": [{ "data_type": "not_personal" }] })), Truth::False);
    assert_eq!(
        of(json!({ "involved": ["other_information"], "data": [{ "data_type": "not_personal" }, { "data_type": "health" }] })),
        Truth::True
    );
    assert_eq!(of(json!({ "involved": ["other_information"], "data": [{ "data_type": "unknown" }] })), Truth::Unknown);
    assert_eq!(
        (of(json!({ "involved": ["paper"], "people": 0 })), of(json!({ "involved": ["paper"], "people": 4 }))),
        (Truth::False, Truth::True)
    );
}

#[test]
fn sec_x2_a_regulator_is_known_by_its_name_too() {
    let listed = |who: &str, name: &str| {
        let answers = json!({ "notifications": [{ "notified_who": who, "notified_name": name }] });
        named(&rules::form::Answers::from_json(answers).unwrap()).len() == 1
    };
    assert!(listed("regulator", "Any") && listed("other", "The ICO") && listed("other", "Information Commissioner’s Office"));
    assert!(!listed("other", "Tricolour Ltd") && !listed("police", "The regulator of lamps") && !listed("insurer", "ICO Mutual"));
}

#[test]
fn sec_27_how_long_there_is_still() {
    let said = |left_of: Millis| left(left_of, 0);
    assert_eq!(
        (said(72 * HOUR), said(HOUR), said(-30 * HOUR)),
        ("72 hours left".to_owned(), "60 minutes left".to_owned(), "over by 30 hours".to_owned())
    );
    assert_eq!(
        (said(10 * DAY), said(-5 * DAY), said(-1)),
        ("10 days left".to_owned(), "over by 5 days".to_owned(), "over by 0 minutes".to_owned())
    );
}
