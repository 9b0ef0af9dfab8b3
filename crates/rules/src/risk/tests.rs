//! Paths, ratings and what they ask of an approval.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};

use super::*;
use crate::pack::tests::source;

fn answers(value: Value) -> Answers {
    Answers::from_json(value).unwrap()
}

fn point(likelihood: u32, impact: u32) -> Point {
    Point { likelihood, impact }
}

fn judgement(factor: &str, inherent: Point, residual: Point) -> Judgement {
    let controls = if inherent == residual { Vec::new() } else { vec!["checks".to_owned()] };
    Judgement { factor: factor.to_owned(), inherent, residual, controls, other_controls: Vec::new() }
}

#[test]
fn off_10_the_path_is_chosen_from_the_answers_and_says_why() {
    // OFF-10
    let pack = Pack::load(&source()).unwrap();
    let table = [
        (json!({"personal": true, "staff": 2}), "full", true, vec![]),
        (json!({"personal": false, "staff": 2}), "few", true, vec![]),
        (json!({"personal": false, "staff": 20}), "short", true, vec![]),
        (json!({"personal": false}), "short", true, vec![]),
        (json!({"staff": 2}), "full", false, vec!["personal"]),
        (json!({}), "full", false, vec!["personal"]),
        (json!({"personal": "unknown", "staff": 2}), "full", false, vec!["personal"]),
    ];
    for (given, path, certain, missing) in table {
        let answers = answers(given.clone());
        let choice = Risk::new(&pack, "risk", &answers).unwrap().choose_path().unwrap();
        assert_eq!((choice.path.id.as_str(), choice.certain), (path, certain), "{given}");
        assert_eq!(choice.reason.missing, missing, "{given}");
        assert_eq!(choice.reason.message.id, if certain { "risk-path" } else { "risk-path-caution" });
        assert_eq!(choice.reason.source, ["OFF-10"]);
    }
    assert!(Risk::new(&pack, "other", &Answers::new()).is_none());
}

#[test]
fn off_10_ratings_follow_the_matrix_and_the_highest_counts() {
    // OFF-10
    let pack = Pack::load(&source()).unwrap();
    let answers = answers(json!({"personal": true}));
    let risk = Risk::new(&pack, "risk", &answers).unwrap();
    let path = risk.choose_path().unwrap().path;
    let judgements = [
        judgement("data", point(2, 2), point(1, 2)),
        judgement("people", point(1, 1), point(1, 1)),
        judgement("place", point(2, 2), point(2, 2)),
    ];
    let high = risk.assess(path, &judgements).unwrap();
    let ratings: Vec<(&str, &str)> = high.factors.iter().map(|rated| (rated.inherent.as_str(), rated.residual.as_str())).collect();
    assert_eq!(ratings, [("high", "medium"), ("low", "low"), ("high", "high")]);
    assert_eq!((high.inherent.as_str(), high.residual.as_str(), high.level.as_str()), ("high", "high", "board"));
    assert_eq!((high.review.to_string().as_str(), high.control_sets.join(" ").as_str()), ("P6M", "basic privacy"));
    let because: Vec<(&str, Vec<&str>)> =
        high.because.iter().map(|reason| (reason.message.id, reason.source.iter().map(String::as_str).collect())).collect();
    assert_eq!(because, [("risk-highest", vec!["OFF-Q4"]), ("risk-set", vec!["OFF-Q3"]), ("risk-set", vec!["OFF-Q4"])]);
    let mut lower = judgements;
    lower[2] = judgement("place", point(2, 2), point(1, 1));
    let medium = risk.assess(path, &lower).unwrap();
    assert_eq!((medium.residual.as_str(), medium.control_sets.join(" ").as_str()), ("medium", "basic"));
}

#[test]
fn off_10_a_set_whose_condition_is_not_known_is_demanded() {
    let pack = Pack::load(&source()).unwrap();
    let sets = |given: Value| {
        let answers = answers(given);
        let risk = Risk::new(&pack, "risk", &answers).unwrap();
        let path = &risk.method().paths[1];
        let found = risk.assess(path, &[judgement("people", point(2, 2), point(2, 2))]).unwrap();
        (found.control_sets.join(" "), found.because.last().unwrap().message.id)
    };
    assert_eq!(sets(json!({"personal": false})), ("basic".to_owned(), "risk-set"));
    assert_eq!(sets(json!({})), ("basic privacy".to_owned(), "risk-set-caution"));
}

#[test]
fn wrong_judgements_are_refused_by_path() {
    let pack = Pack::load(&source()).unwrap();
    let answers = answers(json!({"personal": false, "staff": 20}));
    let risk = Risk::new(&pack, "risk", &answers).unwrap();
    let path = risk.choose_path().unwrap().path;
    let data = || judgement("data", point(1, 1), point(1, 1));
    let people = |inherent, residual| judgement("people", inherent, residual);
    let good = || people(point(1, 2), point(1, 2));
    let uncontrolled = Judgement { controls: vec![], other_controls: vec![" ".to_owned()], ..people(point(2, 2), point(1, 1)) };
    let stranger = Judgement { controls: vec!["magic".to_owned()], ..good() };
    let table = [
        (vec![data()], "people risk-not-judged"),
        (vec![data(), good(), good()], "people risk-judged-twice"),
        (vec![data(), good(), judgement("place", point(1, 1), point(1, 1))], "factor risk-not-of-path"),
        (vec![data(), people(point(1, 2), point(2, 1))], "people.residual risk-residual-above"),
        (vec![data(), people(point(1, 1), point(1, 2))], "people.residual risk-residual-above"),
        (vec![data(), people(point(0, 1), point(0, 1))], "people.inherent risk-off-scale"),
        (vec![data(), people(point(2, 2), point(3, u32::MAX))], "people.residual risk-off-scale"),
        (vec![data(), uncontrolled], "people.controls risk-no-control"),
        (vec![data(), stranger], "people.controls risk-unknown-control"),
    ];
    for (judgements, expected) in table {
        let errors = risk.assess(path, &judgements).unwrap_err();
        let found: Vec<String> = errors.iter().map(|error| format!("{} {}", error.path, error.message.id)).collect();
        assert!(found.contains(&expected.to_owned()), "{expected}: {found:?}");
    }
    assert!(risk.assess(path, &[data(), good()]).is_ok());
}
