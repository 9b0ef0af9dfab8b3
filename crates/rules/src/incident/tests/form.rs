//! The built-in form of an incident report: its codes are those of the rules, its first page is enough by itself, and it asks only what matters.

use std::collections::BTreeSet;

use serde_json::json;

use super::super::severity;
use super::*;
use crate::form::{Answers, Form, Mode, QuestionType};
use crate::pack::tests::incidents::{built_in, completed, ids};
use crate::regulator::{Circumstance, DataType, SubjectType};

fn form() -> Form {
    built_in().forms.remove("incident").unwrap()
}

/// A page filled in as fast as can be, with more on top.
fn told(more: Value) -> Value {
    let mut all = json!({
        "what_happened": "A bag was taken from a train.", "discovered": {"date": "2026-03-02", "time": "22:10"}, "involved": ["paper"],
        "still_going_on": "not_known", "reach_me": "01234 567890, Ivy Marsh, until midnight",
    });
    let Value::Object(more) = more else { panic!("{more}") };
    all.as_object_mut().unwrap().extend(more);
    all
}

/// Every fact has the codes of the rules, all of them, and what else an answer may be.
#[test]
fn sec_10_the_form_has_the_codes_of_the_rules() {
    let form = form();
    let is = |question: &str, codes: Vec<&str>, more: &[&str]| {
        let offered = ids(&form, question);
        let offered_once: BTreeSet<&str> = offered.iter().copied().collect();
        assert_eq!(offered.len(), offered_once.len(), "{question}");
        assert_eq!(offered_once, codes.into_iter().chain(more.iter().copied()).collect(), "{question}");
    };
    is("asset_kind", AssetKind::ALL.iter().map(|one| one.code()).collect(), &["not_known"]);
    is("attempt", Attempt::ALL.iter().map(|one| one.code()).collect(), &["not_known"]);
    is("loss", Loss::ALL.iter().map(|one| one.code()).collect(), &["none", "not_known"]);
    is("whereabouts", Whereabouts::ALL.iter().map(|one| one.code()).collect(), &["not_known"]);
    is("actions", Action::ALL.iter().map(|one| one.code()).collect(), &["none", "not_known"]);
    // SEC-27: what the regulator's lists know.
    is("data_type", DataType::ALL.iter().map(|one| one.code()).collect(), &["not_personal"]);
    is("subjects", SubjectType::ALL.iter().map(|one| one.code()).collect(), &[]);
    is("circumstances", Circumstance::ALL.iter().map(|one| one.code()).collect(), &[]);

    let facts = json!(Facts::default());
    let impact = ["people", "records", "encrypted", "special_category", "services_down"];
    for fact in facts.as_object().unwrap().keys().map(String::as_str).chain(impact) {
        let question = form.question(fact).unwrap_or_else(|| panic!("nothing asks for {fact}"));
        assert!(question.kind != QuestionType::YesNo || question.allow_unknown, "{fact} takes \"not known\"");
    }
    for missing in facts_that_may_miss().into_iter().chain(severity::facts_that_may_miss()) {
        assert!(form.question(missing.0).is_some(), "{}", missing.0);
    }
}

/// SEC-X2: special protection is asked for only where no type of data tells it.
#[test]
fn sec_x2_types_tell_what_is_protected() {
    let form = form();
    for data_type in DataType::ALL {
        let given = told(json!({"involved": ["personal_data"], "loss": ["confidentiality"], "data": [{"data_type": data_type.code()}]}));
        let asked = form.visible(&Answers::from_json(given).unwrap()).question("special_category");
        assert_eq!(asked.is_false(), data_type.special() == Some(true), "{}", data_type.code());
    }
}

/// SEC-24: the first page is six questions, five of them required; with those alone a report is sent.
#[test]
fn sec_24_the_first_page_is_enough() {
    let form = form();
    let report = &form.sections[0];
    let asked: Vec<(&str, QuestionType, bool)> =
        report.questions.iter().map(|question| (question.id.as_str(), question.kind, question.required)).collect();
    let wanted = [
        ("what_happened", QuestionType::LongText, true),
        ("happened", QuestionType::Moment, false),
        ("discovered", QuestionType::Moment, true),
        ("involved", QuestionType::Choices, true),
        ("still_going_on", QuestionType::Choice, true),
        ("reach_me", QuestionType::Text, true),
    ];
    assert_eq!((report.id.as_str(), asked.as_slice()), ("report", wanted.as_slice()));
    assert_eq!(report.questions[0].text_limit(), 10_000);
    assert!(report.questions.iter().all(|question| question.when.is_none() && question.must.is_none()), "nothing else holds a report up");

    let answers = Answers::from_json(told(json!({}))).unwrap();
    let lookups = crate::form::tests::TestLookups;
    assert!(form.check_section("report", &answers, Mode::Submit, &lookups).is_empty());
    let errors = form.check(&answers, Mode::Submit, &lookups);
    assert!(!errors.is_empty() && errors.iter().all(|error| error.missing), "the rest may be completed later: {errors:#?}");
    for (happened, wrong) in [("2026-03-02", false), ("2026-03-03", true)] {
        let answers = Answers::from_json(told(json!({"happened": {"date": happened}}))).unwrap();
        assert_eq!(!form.check_section("report", &answers, Mode::Submit, &lookups).is_empty(), wrong, "{happened}");
    }
}

/// What is told, what is asked for it, and what is not.
type Story = (&'static str, Value, &'static [&'static str], &'static [&'static str]);

fn stories() -> Vec<Story> {
    vec![
        (
            "a laptop is lost on a train, encrypted",
            json!({
                "involved": ["device", "personal_data"], "actions": ["lost"], "attempt": "none", "loss": ["availability"],
                "process_breakdown": false, "where": "under_way", "encrypted": true, "numbers_known": "estimated", "people": 40,
            }),
            &["whereabouts", "last_secure_point", "item", "backup_usable", "place", "people", "records", "data", "how_carried", "subjects"],
            &["asset_involved", "exposed", "site", "caller_involved", "data_held", "suspicion", "asset_kind"],
        ),
        (
            "a lost bag, with nothing of the authority's (SEC-X1b)",
            json!({
                "involved": ["none_known"], "asset_involved": false, "actions": ["lost"], "attempt": "none", "loss": ["none"],
                "process_breakdown": false,
            }),
            &["whereabouts", "asset_involved"],
            &["asset_kind", "data", "data_held", "encrypted", "people", "how_carried", "how_stored", "item", "services_down"],
        ),
        (
            "a chair is stolen",
            json!({"involved": ["property"], "actions": ["stolen"], "attempt": "succeeded", "loss": ["availability"], "process_breakdown": false}),
            &["item", "how_stored", "caller_involved"],
            &["data", "data_held", "people", "encrypted", "special_category", "whereabouts"],
        ),
        (
            "a caller who was not who they said (SEC-X1j)",
            json!({
                "involved": ["personal_data"], "actions": ["disclosed"], "attempt": "succeeded", "loss": ["confidentiality"],
                "caller_involved": true, "where": "online",
            }),
            &["caller_posed", "caller_checks", "caller_checks_usual", "data", "encrypted"],
            &["whereabouts", "backup_usable", "item"],
        ),
        (
            "malware is found by a procedure, and a service is down (SEC-23)",
            json!({
                "involved": ["system"], "actions": ["malware", "damaged"], "attempt": "failed", "loss": ["availability"],
                "found_by": "malware_procedure", "services_down": 2, "data_held": "no", "process_breakdown": true, "exposed": false,
            }),
            &["found_detail", "services_named", "data_held", "exposed"],
            &["data", "people", "encrypted", "how_carried", "suspicion"],
        ),
        (
            "a list is open to all by a wrong setting, and nobody saw it",
            json!({
                "involved": ["other_information"], "actions": ["process_failure"], "attempt": "none", "loss": ["none"],
                "process_breakdown": true, "exposed": true, "numbers_known": "not_known", "weaknesses_found": true, "notified": true,
            }),
            &["data", "encrypted", "weaknesses", "notifications"],
            &["people", "records", "subjects", "caller_involved", "backup_usable"],
        ),
        (
            "somebody is suspected of dishonesty, and the rule was known (SEC-X1d, SEC-X1i)",
            json!({
                "involved": ["not_sure"], "asset_involved": true, "asset_kind": "information", "actions": ["dishonesty_suspected"],
                "attempt": "not_known", "loss": ["not_known"], "systemic": false, "happened_before": true, "where": "site",
                "process_breakdown": "unknown", "encrypted": false,
            }),
            &["suspicion", "awareness", "happened_before_detail", "site", "exposed", "asset_kind", "data_held"],
            &["whereabouts", "item", "place"],
        ),
    ]
}

/// SEC-X1, SEC-X2: what is asked in each story, and what is not, for it does not matter there.
#[test]
fn sec_x1_sec_x2_each_story_is_asked_what_matters() {
    let form = form();
    let mut met: BTreeSet<String> = BTreeSet::new();
    for (story, given, asked, not) in stories() {
        let (answers, errors) = completed(&form, told(given));
        assert!(errors.is_empty(), "{story}: {errors:#?}");
        for id in asked {
            assert!(answers.get(id).is_some(), "{story}: asks {id}");
        }
        for id in not {
            assert!(answers.get(id).is_none(), "{story}: does not ask {id}");
        }
        for (id, answer) in answers.iter() {
            met.insert(id.to_owned());
            met.extend(answer.as_array().into_iter().flatten().filter_map(Value::as_object).flat_map(|entry| entry.keys().cloned()));
        }
    }
    let every = form.sections.iter().flat_map(|section| &section.questions);
    let never: Vec<&str> =
        every.flat_map(|q| std::iter::once(q).chain(&q.questions)).map(|q| q.id.as_str()).filter(|id| !met.contains(*id)).collect();
    assert!(never.is_empty(), "asked in no story: {never:?}");
}

/// "None" and "not known" stand alone; a report is held up by nothing but its own page.
#[test]
fn sec_10_none_and_not_known_stand_alone() {
    let form = form();
    let lookups = crate::form::tests::TestLookups;
    for (question, chosen, fits) in [
        ("actions", json!(["none"]), true),
        ("actions", json!(["not_known"]), true),
        ("actions", json!(["lost", "disclosed"]), true),
        ("actions", json!(["none", "not_known"]), false),
        ("loss", json!(["none"]), true),
        ("loss", json!(["availability", "integrity"]), true),
        ("loss", json!(["none", "not_known"]), false),
    ] {
        let answers = Answers::from_json(told(json!({question: chosen}))).unwrap();
        assert_eq!(form.check(&answers, Mode::Submit, &lookups).at(question).next().is_none(), fits, "{question} {chosen}");
    }
    for (question, codes) in [
        ("actions", Action::ALL.iter().map(|one| one.code()).collect::<Vec<_>>()),
        ("loss", Loss::ALL.iter().map(|one| one.code()).collect()),
    ] {
        for code in codes {
            for alone in ["none", "not_known"] {
                let answers = Answers::from_json(told(json!({question: [code, alone]}))).unwrap();
                assert!(form.check(&answers, Mode::Submit, &lookups).at(question).next().is_some(), "{code} with {alone}");
                assert!(form.check(&answers, Mode::Draft, &lookups).is_empty(), "a draft may hold {code} with {alone}");
            }
        }
    }
}
