//! Properties: schema and check agree, posts round-trip, frozen bytes are stable, nothing panics.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::Value;

use super::{TestLookups, answers, form, generate};
use crate::form::{Answers, FrozenDocument, Mode, QuestionType};

fn validator() -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(&form().json_schema()).unwrap()
}

/// Counts what is accepted too: the property would be hollow if nothing were.
#[test]
fn schema_and_check_agree() {
    let form = form();
    let schema = validator();
    let accepted = std::cell::Cell::new(0);
    let config = ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(value in generate::all())| {
        let answers = answers(value);
        let errors = form.check(&answers, Mode::Submit, &TestLookups);
        let instance = answers.to_json();
        let faults: Vec<String> = schema.iter_errors(&instance).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        prop_assert_eq!(errors.is_empty(), faults.is_empty(), "{}\n{:?}\n{:?}", instance, errors, faults);
        accepted.set(accepted.get() + u32::from(errors.is_empty()));
    });
    assert!(accepted.get() > 20, "only {} accepted", accepted.get());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is carried forward is a part of what was answered, without files and what is sealed, and is all of that carried forward again. What
    /// is not of the kind that a question takes is named as left behind, and of good answers nothing is.
    #[test]
    fn what_is_carried_forward_stands(value in generate::all()) {
        let (form, answers) = (form(), answers(value));
        let (carried, behind) = (form.carry(&answers), form.left_behind(&answers));
        prop_assert_eq!(form.carry(&carried), carried.clone());
        for (id, answer) in carried.iter() {
            let question = form.question(id).unwrap();
            prop_assert!(!question.sensitive && question.kind != QuestionType::File, "{}", id);
            let whole = question.kind == QuestionType::Group || behind.contains(id);
            prop_assert!(whole || Some(answer) == answers.get(id), "{}", id);
        }
        let open = |id: &str| form.question(id).is_some_and(|q| !q.sensitive && ![QuestionType::File, QuestionType::Group].contains(&q.kind));
        let told = |id: &&str| open(id) && carried.get(id).is_none() && !behind.contains(*id);
        let left: Vec<&str> = answers.iter().filter(|(_, value)| !value.is_null()).map(|(id, _)| id).filter(told).collect();
        prop_assert!(left.is_empty(), "{:?}", left);
        if form.unconditional().check(&answers, Mode::Draft, &TestLookups).is_empty() {
            prop_assert!(behind.is_empty(), "{:?}", behind);
        }
    }

    #[test]
    fn posts_round_trip(value in generate::all()) {
        let form = form();
        // A page offers a currency before anything is answered, so that one without an amount is no answer of its post.
        let mut value = value;
        if let Some(all) = value.as_object_mut().filter(|all| all.get("cost").is_some_and(|cost| cost.get("amount").is_none_or(Value::is_null))) {
            all.remove("cost");
        }
        let answers = answers(value);
        if !form.check(&answers, Mode::Draft, &TestLookups).is_empty() {
            return Ok(());
        }
        let seen = form.visible(&answers);
        for section in &form.sections {
            let fields = form.to_fields(&section.id, &answers);
            let (patch, errors) = form.from_fields(&section.id, &fields, &answers, &TestLookups);
            prop_assert!(errors.is_empty(), "{:?}", errors);
            let mut again = answers.clone();
            again.apply(&patch);
            for question in section.questions.iter().filter(|question| !seen.question(&question.id).is_false()) {
                // A hidden answer in an entry is posted as it is, and may be of a wrong type.
                let whole = |answers: &Answers| {
                    let mut value = answers.get(&question.id).map(crate::form::answers::sorted);
                    for (index, entry) in value.iter_mut().filter_map(Value::as_array_mut).flatten().enumerate() {
                        if let Some(entry) = entry.as_object_mut() {
                            entry.retain(|inner, _| !seen.entry(&question.id, index, inner).is_false());
                        }
                    }
                    value
                };
                prop_assert_eq!(whole(&again), whole(&answers), "{}", question.id);
            }
            prop_assert_eq!(form.to_fields(&section.id, &again), fields);
        }
    }

    #[test]
    fn any_post_is_read(fields in vec((field_name(), ".{0,12}"), 0..30)) {
        let form = form();
        for section in &form.sections {
            let (patch, _) = form.from_fields(&section.id, &fields, &Answers::new(), &TestLookups);
            let mut answers = Answers::new();
            answers.apply(&patch);
            form.check(&answers, Mode::Submit, &TestLookups);
            form.to_fields(&section.id, &answers);
        }
    }

    #[test]
    fn any_json_is_checked_and_frozen(value in generate::anything()) {
        let form = form();
        let answers = answers(value);
        form.check(&answers, Mode::Draft, &TestLookups);
        form.check(&answers, Mode::Submit, &TestLookups);
        form.progress(&answers, &TestLookups);
        for section in &form.sections {
            form.to_fields(&section.id, &answers);
        }
        let frozen = form.freeze(&answers, "offshoring", "2026.1", &TestLookups);
        prop_assert_eq!(&FrozenDocument::from_bytes(&frozen.to_bytes()).unwrap(), &frozen);
        prop_assert!(FrozenDocument::diff(&frozen, &frozen).is_empty());
    }

    #[test]
    fn frozen_bytes_do_not_depend_on_key_order(value in generate::all()) {
        let form = form();
        let one = answers(value.clone());
        let other = answers(reversed(value));
        prop_assert_eq!(one.canonical(), other.canonical());
        let freeze = |answers| form.freeze(answers, "offshoring", "2026.1", &TestLookups).to_bytes();
        prop_assert_eq!(freeze(&one), freeze(&other));
    }
}

fn field_name() -> BoxedStrategy<String> {
    let known = select(vec![
        "asked",
        "q.description",
        "q.staff",
        "q.cost.amount",
        "q.cost.currency",
        "q.start.day",
        "q.start.month",
        "q.start.year",
        "q.start",
        "q.sites.0.site_name",
        "q.sites.1.address.town",
        "q.sites.1.remove",
        "q.sites.add",
        "q.sites.99999999999.site_name",
        "q.sites",
        "q.sites.",
        "q.kinds",
        "q.country",
        "q.others",
        "q.personal",
        "q.window.from.day",
        "q.happened.date.day",
        "q.happened.date",
        "q.happened.time",
        "q.noticed.date",
        "q.noticed.time",
        "csrf",
        "q.",
        "q..",
    ]);
    prop_oneof![9 => known.prop_map(str::to_owned), 1 => "q\\.[a-z.0-9é]{0,12}"].boxed()
}

/// The same JSON with the keys of every object in the opposite order.
fn reversed(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(String, Value)> = map.into_iter().map(|(key, value)| (key, reversed(value))).collect();
            pairs.reverse();
            Value::Object(pairs.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(reversed).collect()),
        other => other,
    }
}
