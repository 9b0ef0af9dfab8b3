//! What a pack says of incidents: times within which something is done, and the built-in pack's forms.

use super::*;
use crate::{
    form::{Form, QuestionType},
    incident::severity::{Severity, Thresholds},
};

/// Times are written as they are read, or in larger units where they come out even.
#[test]
fn sec_24_times_are_read_and_written() {
    let table = [
        ("PT1M", "PT1M", 1),
        ("PT30M", "PT30M", 30),
        ("PT90M", "PT1H30M", 90),
        ("PT1H", "PT1H", 60),
        ("PT24H", "P1D", 1440),
        ("PT36H", "P1DT12H", 2160),
        ("P1DT12H", "P1DT12H", 2160),
        ("P2W", "P14D", 20_160),
        ("P30D", "P30D", 43_200),
        ("P3660D", "P3660D", 5_270_400),
    ];
    for (text, written, minutes) in table {
        let limit: TimeLimit = text.parse().unwrap();
        assert_eq!((limit.to_string().as_str(), limit.minutes()), (written, minutes), "{text}");
        assert_eq!(written.parse::<TimeLimit>().unwrap(), limit, "{text}");
        assert_eq!(limit.duration().as_secs(), i64::from(minutes) * 60);
    }
    for wrong in [
        "",
        "P",
        "PT",
        "PT0H",
        "P0D",
        "P1M",
        "P1Y",
        "PT30S",
        "PT0.5S",
        "-PT1H",
        "+PT1H",
        "P-1D",
        "PT-1H",
        "1h",
        "P3661D",
        "P5B",
        "PT99999999999H",
    ] {
        assert!(wrong.parse::<TimeLimit>().is_err(), "{wrong}");
    }
}

proptest! {
    /// Whatever a text says, it is read or refused; what is written is read as the same.
    #[test]
    fn sec_24_no_time_panics(text in "-?P?[0-9A-Za-z.,+ -]{0,24}", minutes in 1_u32..=3660 * 1440) {
        if let Ok(limit) = text.parse::<TimeLimit>() {
            prop_assert_eq!(limit.to_string().parse::<TimeLimit>(), Ok(limit));
        }
        let limit: TimeLimit = format!("PT{minutes}M").parse().unwrap();
        prop_assert_eq!(limit.minutes(), minutes);
        prop_assert_eq!(limit.to_string().parse::<TimeLimit>(), Ok(limit));
    }
}

/// SEC-24: the levels of each severity are found; the thresholds are the pack's, and the rules' own where it says nothing.
#[test]
fn sec_24_a_pack_tells_levels_and_thresholds() {
    let pack = load();
    let incidents = pack.incidents.as_ref().unwrap();
    assert!(pack.form(&incidents.form).is_some());
    let acknowledged: Vec<u32> =
        Severity::ALL.iter().map(|severity| incidents.service_levels.of(*severity).acknowledge.minutes()).collect();
    assert_eq!(acknowledged, [24 * 60, 8 * 60, 2 * 60, 60]);
    assert_eq!(incidents.severity.people.critical, 1000);
    assert_eq!(incidents.severity.records, Thresholds::default().records);
    assert_eq!(incidents.severity.loss.len(), 1);
    assert!(check_json(&source()).unwrap()["incidents"].as_bool().unwrap());
}

pub(crate) fn built_in() -> Pack {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/provider_security");
    let mut source = PackSource::default();
    for name in ["pack.yaml", "forms/incident.yaml", "forms/plan.yaml", "forms/change.yaml"] {
        source.files.insert(name.to_owned(), std::fs::read_to_string(folder.join(name)).unwrap());
    }
    Pack::load(&source).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// What the built-in pack says is what the rules take where a pack says nothing; the regulator's clock is a threshold.
#[test]
fn sec_24_sec_27_the_built_in_pack_says_what_holds() {
    let pack = built_in();
    let incidents = pack.incidents.as_ref().unwrap();
    assert_eq!(incidents.severity, Thresholds::default());
    assert_eq!(incidents.form, "incident");
    let clock = pack.thresholds.iter().find(|threshold| threshold.id == "regulator_clock").unwrap();
    assert_eq!((clock.value.to_string().as_str(), clock.unit.as_str()), ("72", "hours"));
    for name in ["incident", "change"] {
        assert!(pack.forms[name].marking.is_some(), "SEC-X2, SEC-X3: {name} bears a marking");
    }
}

pub(crate) fn ids<'f>(form: &'f Form, question: &str) -> Vec<&'f str> {
    form.question(question).unwrap().options.iter().map(|option| option.id.as_str()).collect()
}

/// SEC-28: a request names the sections of the plan by id and by title, all of them.
#[test]
fn sec_28_a_change_names_sections_of_the_plan() {
    let pack = built_in();
    let aspects = &pack.forms["change"].question("aspects").unwrap().options;
    let named: Vec<(&str, &str)> = aspects.iter().map(|option| (option.id.as_str(), option.label.as_str())).collect();
    let sections: Vec<(&str, &str)> =
        pack.forms["plan"].sections.iter().map(|section| (section.id.as_str(), section.title.as_str())).collect();
    assert_eq!(named, sections);
}

/// The smallest answer to a question that is asked, by what it takes; the first option of a choice.
fn some(question: &crate::form::Question) -> serde_json::Value {
    use QuestionType as T;
    let moment = serde_json::json!({"date": "2026-03-02"});
    match question.kind {
        T::YesNo => true.into(),
        T::Number => question.min.clone().unwrap_or_else(|| 1.into()),
        T::Choice => question.options[0].id.clone().into(),
        T::Choices => serde_json::json!([question.options[0].id]),
        T::Countries => serde_json::json!(["IN"]),
        T::Date => "2026-03-02".into(),
        T::Period => serde_json::json!({"from": "2026-03-02", "to": "2026-03-03"}),
        T::Moment => moment,
        T::Party => "p1".into(),
        T::Site => "s1".into(),
        T::File => serde_json::json!({"note": "The certificate", "date": "2026-03-02"}),
        T::Contact => serde_json::json!({
            "name": "Ivy Marsh", "role": "Lead", "organisation": "Bowline Support", "email": "ivy@bowline.example",
            "telephone": "01234 567890", "address": "1 Quay Street", "responsibility": "Security"
        }),
        T::Group => {
            serde_json::json!([question.questions.iter().map(|inner| (inner.id.clone(), some(inner))).collect::<serde_json::Map<_, _>>()])
        }
        _ => "Something".into(),
    }
}

/// Answers every question that is asked and has no answer, until none is left; what it says is wrong with them then.
pub(crate) fn completed(form: &Form, given: serde_json::Value) -> (Answers, Vec<crate::form::FieldError>) {
    let mut answers = Answers::from_json(given).unwrap();
    loop {
        let seen = form.visible(&answers);
        let open = form
            .sections
            .iter()
            .flat_map(|section| &section.questions)
            .find(|question| seen.question(&question.id).is_true() && answers.get(&question.id).is_none());
        let Some(question) = open else { break };
        answers.set(&question.id, some(question));
    }
    // What is not asked in an entry is not answered there either.
    let answers = form.asked(&answers);
    let errors = form.check(&answers, Mode::Submit, &crate::form::tests::TestLookups).iter().cloned().collect();
    (answers, errors)
}

/// SEC-X3: every prompt of a change request is asked where what was answered before calls for it, and not otherwise.
#[test]
fn sec_x3_a_change_request_asks_what_matters() {
    let pack = built_in();
    let form = &pack.forms["change"];
    let rows = [
        (r#"{"people_affected": true, "training": "before"}"#, vec!["training_detail", "people_number"], vec!["training_reason"]),
        (r#"{"people_affected": true, "training": "not_needed"}"#, vec!["training_reason"], vec!["training_detail"]),
        (r#"{"people_affected": false, "sites_affected": false}"#, vec![], vec!["training", "people_number", "people_roles", "sites"]),
        (r#"{"sites_affected": true}"#, vec!["sites"], vec![]),
        (
            r#"{"data_effect": "yes", "holding_changes": true}"#,
            vec!["data_protection", "holding_detail", "holding_old"],
            vec!["data_untouched"],
        ),
        (r#"{"data_effect": "no", "holding_changes": false}"#, vec!["data_untouched"], vec!["data_protection", "holding_detail"]),
        (r#"{"data_effect": "not_known"}"#, vec!["data_protection", "data_effect_detail"], vec![]),
        (r#"{"software": true, "programmes": "one"}"#, vec!["software_detail", "programmes_named"], vec![]),
        (r#"{"software": false, "programmes": "all"}"#, vec![], vec!["software_detail", "programmes_named"]),
        (r#"{"testing": "no", "penetration_testing": "no"}"#, vec!["testing_reason", "penetration_reason"], vec!["testing_detail"]),
        (
            r#"{"testing": "yes", "penetration_testing": "after"}"#,
            vec!["testing_detail", "penetration_scope", "penetration_by", "penetration_date"],
            vec!["testing_reason"],
        ),
        (r#"{"service_lost": true}"#, vec!["service_lost_detail", "service_lost_bridge"], vec![]),
        (r#"{"service_lost": false}"#, vec![], vec!["service_lost_detail"]),
    ];
    for (given, asked, not) in rows {
        let (answers, errors) = completed(form, serde_json::from_str(given).unwrap());
        assert!(errors.is_empty(), "{given}: {errors:#?}");
        for id in asked {
            assert!(answers.get(id).is_some(), "{given} asks {id}");
        }
        for id in not {
            assert!(answers.get(id).is_none(), "{given} does not ask {id}");
        }
        let always = ["completed_by", "supplier_director", "change_contact", "description", "aspects", "offshore"];
        assert!(always.iter().all(|id| form.question(id).unwrap().required && answers.get(id).is_some()), "{given}");
    }
}

/// SEC-8a, SEC-8b: a plan can be completed, with or without what not every contract has.
#[test]
fn sec_8a_sec_8b_a_plan_can_be_completed() {
    let pack = built_in();
    let form = &pack.forms["plan"];
    for given in [
        r"{}",
        r#"{"iso_asked": false, "chain_used": false, "offshore_used": false, "home_working": false, "scope_personal": false}"#,
        r#"{"iso_asked": true, "iso_standards": [{"iso_standard": "ISO/IEC 27001:2022", "iso_shown_by": "nothing_yet", "iso_when": "2027-01-01"}]}"#,
    ] {
        let (answers, errors) = completed(form, serde_json::from_str(given).unwrap());
        assert!(errors.is_empty(), "{given}: {errors:#?}");
        for id in ["first_contact", "malware_products", "iso_asked", "premises", "known_proof", "tests"] {
            assert!(form.question(id).unwrap().required && answers.get(id).is_some(), "{given}: {id}");
        }
    }
    assert_eq!(ids(form, "iso_shown_by"), ["certificate", "audit", "own_audit", "nothing_yet"]);
}

/// SEC-X1j: a plan says how callers are checked; a report that may have to do with one asks which checks were made, and says what to do in special
/// cases, such as a job that does not exist.
#[test]
fn sec_x1j_checks_of_callers_are_held_and_asked_for() {
    let pack = built_in();
    assert!(pack.forms["plan"].question("caller_procedure").unwrap().required);
    let form = &pack.forms["incident"];
    let rows = [
        (r#"{"actions": ["disclosed"], "caller_involved": true}"#, true, true),
        (r#"{"actions": ["disclosed"], "caller_involved": false}"#, true, false),
        (r#"{"actions": ["stolen"], "attempt": "failed", "caller_involved": true}"#, true, true),
        (r#"{"actions": ["lost"], "attempt": "none"}"#, false, false),
    ];
    for (given, asked, checks) in rows {
        let (answers, errors) = completed(form, serde_json::from_str(given).unwrap());
        assert!(errors.is_empty(), "{given}: {errors:#?}");
        assert_eq!(answers.get("caller_involved").is_some(), asked, "{given}");
        for id in ["caller_posed", "caller_checks", "caller_checks_usual"] {
            assert_eq!(answers.get(id).is_some(), checks, "{given}: {id}");
        }
    }
    let shown: Vec<&str> = pack.guidance_of_section("incident", "callers").map(|one| one.id.as_str()).collect();
    assert!(shown.contains(&"bogus_vacancies"), "{shown:?}");
    assert_eq!(pack.guidance_of_duty("check_callers").count(), shown.len());
    assert_eq!((pack.guidance_of_duty("check").count(), pack.guidance_of_section("incident", "cause").count()), (0, 0));
    assert!(pack.guidance.iter().find(|one| one.id == "bogus_vacancies").unwrap().link.is_some());
}

/// SEC-23: a plan says how faults and malicious software are found; a report says which of the two found it, and what it reported.
#[test]
fn sec_23_faults_and_malware_are_sources_of_incidents() {
    let pack = built_in();
    let plan = &pack.forms["plan"];
    assert!(plan.question("fault_detection").unwrap().required && plan.question("malware_products").unwrap().required);
    let form = &pack.forms["incident"];
    for (given, asked) in [("malware_procedure", true), ("fault_procedure", true), ("staff", false), ("not_known", false)] {
        let (answers, errors) = completed(form, serde_json::json!({ "found_by": given, "actions": ["malware"] }));
        assert!(errors.is_empty(), "{given}: {errors:#?}");
        assert_eq!(answers.get("found_detail").is_some(), asked, "{given}");
    }
    assert!(["malware", "fault"].iter().all(|id| ids(form, "actions").contains(id)));
    assert!(pack.obligations.iter().any(|duty| duty.id == "detect_faults_and_malware" && duty.flows_down));
}
