//! Makes answers to any form: every type, right ones and wrong ones, some missing.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rules::form::{Form, Part, PartKind, Question, QuestionType as T};
use serde_json::{Map, Value, json};

fn line() -> BoxedStrategy<Value> {
    // What markup and field encoding could trip over.
    "[a-zA-Zé0-9<>&\"'=+%,.;ß]([a-zA-Z é<>&\"'=+%,.;-]{0,12}[a-z<>&\"'%])?".prop_map(Value::from).boxed()
}

fn lines() -> BoxedStrategy<Value> {
    (line(), line()).prop_map(|(a, b)| json!(format!("{}\n\n  {}", a.as_str().unwrap(), b.as_str().unwrap()))).boxed()
}

fn date() -> BoxedStrategy<Value> {
    let real = (2020_i16..2040, 1_i8..13, 1_i8..29).prop_map(|(y, m, d)| json!(format!("{y}-{m:02}-{d:02}")));
    prop_oneof![8 => real, 1 => select(vec![json!("2026-02-31"), json!("-13-02"), json!("abc-01-07")])].boxed()
}

fn country() -> BoxedStrategy<Value> {
    prop_oneof![8 => select(vec!["IN", "GB", "CI", "XK", "BO", "CD", "KP"]).prop_map(Value::from), 1 => Just(json!("Atlantis & sons"))]
        .boxed()
}

fn part(part: &Part) -> BoxedStrategy<Value> {
    match part.kind {
        PartKind::Lines(_) => lines(),
        PartKind::Date => date(),
        PartKind::Time => {
            let real = (0_u8..24, 0_u8..60).prop_map(|(hour, minute)| json!(format!("{hour:02}:{minute:02}")));
            prop_oneof![8 => real, 1 => select(vec![json!("25:00"), json!("9"), json!("<noon> & after")])].boxed()
        }
        PartKind::Country => country(),
        PartKind::Amount => prop_oneof![8 => (0_i64..99_999_999).prop_map(Value::from), 1 => Just(json!("a lot"))].boxed(),
        PartKind::Currency => select(vec![json!("GBP"), json!("JPY"), json!("KWD")]).boxed(),
        PartKind::Email => select(vec![json!("ada@halyard.example"), json!("nobody")]).boxed(),
        PartKind::Telephone => select(vec![json!("+44 20 7946 0000"), json!("call me")]).boxed(),
        PartKind::Upload => select(vec![json!("f1"), json!("f0"), json!("gone")]).boxed(),
        PartKind::Line(_) => line(),
    }
}

fn answer(question: &Question) -> BoxedStrategy<Value> {
    let options: Vec<Value> = question.options.iter().map(|option| json!(option.id)).collect();
    match question.kind {
        T::Text | T::System => line(),
        T::LongText => lines(),
        T::Number if question.integer => prop_oneof![8 => (-3_i64..1_000_000).prop_map(Value::from), 1 => Just(json!("about 5"))].boxed(),
        T::Number => {
            prop_oneof![4 => (-9_999_i64..9_999).prop_map(|n| json!(n as f64 / 8.0)), 4 => (0_i64..99).prop_map(Value::from)].boxed()
        }
        T::Date => date(),
        T::YesNo if question.allow_unknown => select(vec![json!(true), json!(false), json!("unknown")]).boxed(),
        T::YesNo => any::<bool>().prop_map(Value::from).boxed(),
        T::Choice => select(options).boxed(),
        T::Choices => subsequence(options.clone(), 1..=options.len()).prop_map(Value::from).boxed(),
        T::Country => country(),
        T::Countries => vec(country(), 1..5).prop_map(Value::from).boxed(),
        T::Party => select(vec![json!("p1"), json!("p2"), json!("gone")]).boxed(),
        T::Site => select(vec![json!("s1"), json!("gone")]).boxed(),
        T::Group => vec(object(&question.questions), 1..4).prop_map(Value::from).boxed(),
        _ => {
            let given: Vec<_> = question
                .parts()
                .iter()
                .map(|of| {
                    let weight = if of.kind == PartKind::Currency { 99 } else { 4 };
                    (Just(of.name), prop_oneof![weight => part(of).prop_map(Some), 1 => Just(None)])
                })
                .collect();
            let keep_one = |pairs: Vec<(&'static str, Option<Value>)>| {
                let map: Map<String, Value> = pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
                Value::Object(map)
            };
            // A currency alone says nothing, and a page puts one in.
            given
                .prop_map(keep_one)
                .prop_map(|mut value| {
                    if value.get("amount").is_some() && value.get("currency").is_none() {
                        value["currency"] = json!("GBP");
                    }
                    if value.get("amount").is_none() && value.get("currency").is_some() { json!(null) } else { value }
                })
                .boxed()
        }
    }
}

fn object(questions: &[Question]) -> BoxedStrategy<Value> {
    let all: Vec<_> = questions
        .iter()
        .enumerate()
        .map(|(n, question)| {
            // The first is always there: an entry with nothing in it is no entry.
            let weight = if n == 0 { 0 } else { 1 };
            (Just(question.id.clone()), prop_oneof![3 => answer(question).prop_map(Some), weight => Just(None)])
        })
        .collect();
    all.prop_map(|pairs| {
        let map =
            pairs.into_iter().filter_map(|(id, value)| Some((id, value?))).filter(|(_, value)| !value.is_null() && *value != json!({}));
        Value::Object(map.collect())
    })
    .boxed()
}

/// Answers to all questions of a form.
pub(crate) fn answers(form: &Form) -> BoxedStrategy<Value> {
    let questions: Vec<Question> = form.sections.iter().flat_map(|section| section.questions.clone()).collect();
    object(&questions)
}
