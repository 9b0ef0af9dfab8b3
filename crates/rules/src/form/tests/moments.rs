//! Moments: times as people type them, what is compared, what is wrong and where, what is kept.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Form, Mode, Moment, TestLookups, answers, form, time_text};
use crate::form::{Answers, FrozenDocument, moment::time};

#[test]
fn times_are_read_as_people_type_them() {
    let read = [
        ("14:30", "14:30"),
        ("9:05", "09:05"),
        ("09:05", "09:05"),
        ("0905", "09:05"),
        ("905", "09:05"),
        ("9.05", "09:05"),
        (" 9:05 ", "09:05"),
        ("9:05 pm", "21:05"),
        ("9:05PM", "21:05"),
        ("9.05 p.m.", "21:05"),
        ("0905 pm", "21:05"),
        ("9 pm", "21:00"),
        ("11am", "11:00"),
        ("12:30 am", "00:30"),
        ("12:30 pm", "12:30"),
        ("12 a.m.", "00:00"),
        ("0:30 am", "00:30"),
        ("21:05 pm", "21:05"),
        ("00:00", "00:00"),
        ("0000", "00:00"),
        ("23:59", "23:59"),
    ];
    for (typed, expected) in read {
        assert_eq!(time_text(typed).as_deref(), Some(expected), "{typed}");
    }
    let refused = [
        "",
        "9",
        "14",
        "25:00",
        "24:00",
        "14:60",
        "14:5",
        "014:30",
        "14:30:00",
        "-9:05",
        "+9:05",
        "9:-5",
        "21:05 am",
        "0:30 pm",
        "pm",
        "noon",
        "14:30 UTC",
        "9,05",
        "90512",
        "14 30",
        "٠٩:٠٥",
        "é05",
        "9:é",
        "about 14:30, in the afternoon",
    ];
    for typed in refused {
        assert_eq!(time_text(typed), None, "{typed}");
    }
    for (given, real) in
        [(json!("14:30"), true), (json!("9:05"), false), (json!("0905"), false), (json!("24:00"), false), (json!(905), false)]
    {
        assert_eq!(time(&given).is_some(), real, "{given}");
    }
}

proptest! {
    /// What is read is a time as answers hold it, and read again it is itself, on the clock of twelve hours too.
    #[test]
    fn every_time_is_read_on_both_clocks(hour in 0_u8..24, minute in 0_u8..60) {
        let held = format!("{hour:02}:{minute:02}");
        let (half, short) = (if hour < 12 { "am" } else { "pm" }, if hour % 12 == 0 { 12 } else { hour % 12 });
        for typed in [held.clone(), format!("{hour}:{minute:02}"), format!("{hour:02}{minute:02}"), format!("{short}.{minute:02} {half}")] {
            prop_assert_eq!(time_text(&typed), Some(held.clone()), "{}", typed);
        }
        prop_assert!(time(&json!(held)).is_some());
    }

    #[test]
    fn whatever_is_typed_for_a_time_is_one_or_none(typed in prop_oneof!["\\PC{0,24}", "[0-9:. apm]{0,9}"]) {
        if let Some(read) = time_text(&typed) {
            prop_assert!(time(&json!(read)).is_some(), "{}", read);
            prop_assert_eq!(time_text(&read), Some(read.clone()));
        }
    }
}

fn at(text: &str) -> Value {
    match text.split_once(' ') {
        Some((date, time)) => json!({"date": date, "time": time}),
        None => json!({"date": text}),
    }
}

fn faults(form: &Form, given: &Value, mode: Mode) -> Vec<String> {
    let found = form.check(&answers(given.clone()), mode, &TestLookups);
    found.iter().map(|error| format!("{} {}", error.path, error.message.id)).collect()
}

#[test]
fn one_moment_is_not_before_another() {
    let table = [
        ("2026-03-02 14:30", "2026-03-02 14:30", ""),
        ("2026-03-02 14:31", "2026-03-02 14:30", ""),
        ("2026-03-02 09:05", "2026-03-02 14:30", "noticed.time forms-before-other"),
        ("2026-03-01 23:00", "2026-03-02 14:30", "noticed.date forms-before-other"),
        ("2026-03-03 00:00", "2026-03-02 14:30", ""),
        // Where a time is not known, the days alone are compared.
        ("2026-03-02", "2026-03-02 14:30", ""),
        ("2026-03-02 00:00", "2026-03-02", ""),
        ("2026-03-01", "2026-03-02 14:30", "noticed.date forms-before-other"),
        ("2026-03-01 23:59", "2026-03-02", "noticed.date forms-before-other"),
        // What is no moment cannot be compared, and is told of where it stands.
        ("2026-03-01 9:05", "2026-03-02 14:30", "noticed.time forms-not-time"),
        ("2026-03-01 23:59", "2026-02-30 14:30", "happened.date forms-not-date"),
    ];
    for (noticed, happened, expected) in table {
        let found = faults(&form(), &json!({"noticed": at(noticed), "happened": at(happened)}), Mode::Draft);
        assert_eq!(found.join("; "), expected, "{noticed} after {happened}");
    }
    assert!(faults(&form(), &json!({"noticed": at("2026-03-02 14:30")}), Mode::Draft).is_empty());
    let both = answers(json!({"noticed": at("2026-03-02 09:05"), "happened": at("2026-03-02 14:30")}));
    let found = form().check(&both, Mode::Draft, &TestLookups);
    let said = &found.iter().next().unwrap().message;
    assert_eq!(said.args.get("min").map(String::as_str), Some("2026-03-02 14:30"));
}

#[test]
fn a_moment_in_a_group_is_compared_with_the_one_beside_it() {
    let text = "{form: f, title: F, minutes: 1, sections: [{id: s, title: S, questions: [{id: all, type: group, label: All, questions: [
        {id: begun, type: moment, label: Begun}, {id: ended, type: moment, label: Ended, at_least: begun}]}]}]}";
    let form: Form = serde_saphyr::from_str(text).unwrap();
    let entry = |begun: &str, ended: &str| json!({"begun": at(begun), "ended": at(ended)});
    let all = json!({"all": [entry("2026-03-02", "2026-03-02"), entry("2026-03-02 10:00", "2026-03-02 09:59")]});
    assert_eq!(faults(&form, &all, Mode::Submit), ["all.1.ended.time forms-before-other"]);
}

#[test]
fn each_wrong_moment_names_its_box() {
    let text = "{form: f, title: F, minutes: 1, sections: [{id: s, title: S, questions: [
        {id: seen, type: moment, label: Seen, required: true, min: 2026-01-01, max: 2026-12-31}]}]}";
    let form: Form = serde_saphyr::from_str(text).unwrap();
    let table = [
        (json!(null), Mode::Submit, "seen forms-enter"),
        (json!(null), Mode::Draft, ""),
        (json!({"date": "2026-03-02"}), Mode::Submit, ""),
        (json!({"date": "2026-03-02", "time": ""}), Mode::Submit, ""),
        (json!({"date": "2026-03-02", "time": "00:00"}), Mode::Submit, ""),
        (json!({"time": "14:30"}), Mode::Draft, ""),
        (json!({"time": "14:30"}), Mode::Submit, "seen.date forms-enter-moment-date"),
        (json!({"date": "2026-02-30"}), Mode::Draft, "seen.date forms-not-date"),
        (json!({"date": "2026-03-02", "time": "25:00"}), Mode::Draft, "seen.time forms-not-time"),
        (json!({"date": "2026-03-02", "time": "2:30 pm"}), Mode::Draft, "seen.time forms-not-time"),
        (json!({"date": "soon", "time": "later"}), Mode::Draft, "seen.date forms-not-date; seen.time forms-not-time"),
        (json!({"date": "2025-12-31", "time": "23:59"}), Mode::Draft, "seen.date forms-date-too-early"),
        (json!({"date": "2026-12-31", "time": "23:59"}), Mode::Draft, ""),
        (json!({"date": "2027-01-01", "time": "00:00"}), Mode::Draft, "seen.date forms-date-too-late"),
        (json!({"date": "2026-03-02", "zone": "UTC"}), Mode::Draft, "seen.zone forms-unknown-question"),
        (json!("2026-03-02"), Mode::Draft, "seen forms-wrong-shape"),
    ];
    for (value, mode, expected) in table {
        assert_eq!(faults(&form, &json!({"seen": value}), mode).join("; "), expected, "{value}");
    }
}

#[test]
fn moments_are_posted_in_four_boxes() {
    let boxes = |day: &str, month: &str, year: &str, time: &str| -> (Value, Vec<String>) {
        let typed = [("date.day", day), ("date.month", month), ("date.year", year), ("time", time)];
        let mut fields: Vec<(String, String)> =
            typed.iter().map(|(part, value)| (format!("q.happened.{part}"), (*value).to_owned())).collect();
        fields.push(("asked".to_owned(), "happened".to_owned()));
        let (patch, errors) = form().from_fields("dates", &fields, &Answers::new(), &TestLookups);
        let errors = errors.iter().map(|error| format!("{} {}", error.path, error.message.id)).collect();
        (patch.0["happened"].clone(), errors)
    };
    let table = [
        (boxes("2", "3", "2026", "14:30"), json!({"date": "2026-03-02", "time": "14:30"}), ""),
        (boxes("2", "March", "2026", "9.05 pm"), json!({"date": "2026-03-02", "time": "21:05"}), ""),
        (boxes("2", "3", "2026", " "), json!({"date": "2026-03-02"}), ""),
        (boxes("", "", "", "0905"), json!({"time": "09:05"}), ""),
        (boxes("", "", "", ""), Value::Null, ""),
        (boxes("2", "3", "2026", "25:00"), json!({"date": "2026-03-02", "time": "25:00"}), "happened.time forms-not-time"),
        (
            boxes("31", "2", "2026", "9 o'clock"),
            json!({"date": "2026-02-31", "time": "9 o'clock"}),
            "happened.date forms-not-date; happened.time forms-not-time",
        ),
    ];
    for ((value, errors), expected, told) in table {
        assert_eq!((value, errors.join("; ")), (expected, told.to_owned()));
    }
    let one = [("q.happened.date".to_owned(), "2026-03-02".to_owned()), ("q.happened.time".to_owned(), "x".repeat(1_000_000))];
    let (patch, errors) = form().from_fields("dates", &one, &Answers::new(), &TestLookups);
    assert_eq!(patch.0["happened"]["date"], "2026-03-02");
    assert_eq!((patch.0["happened"]["time"].as_str().unwrap().len(), errors.len()), (200, 1), "a start is kept, for its writer to mend");
}

#[test]
fn a_moment_is_frozen_compared_and_carried_as_it_is() {
    let form = form();
    let frozen = |moment: &str| form.freeze(&answers(json!({"happened": at(moment)})), "p", "1", &TestLookups);
    let (old, new) = (frozen("2026-03-02"), frozen("2026-03-02 14:30"));
    let changes = FrozenDocument::diff(&old, &new);
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].path.as_str(), &changes[0].old, &changes[0].new),
        ("happened", &Some(at("2026-03-02")), &Some(at("2026-03-02 14:30")))
    );
    assert!(String::from_utf8(new.to_bytes()).unwrap().contains(r#""type":"moment""#), "{:?}", new.to_bytes());
    let given = answers(json!({"happened": at("2026-03-02 14:30"), "noticed": "2026-03-02"}));
    assert_eq!(form.carry(&given), answers(json!({"happened": at("2026-03-02 14:30")})));
    assert_eq!(form.left_behind(&given).into_iter().collect::<Vec<_>>(), ["noticed"], "a day alone is of another kind");
    let moment = Moment::of(&at("2026-03-02 14:30")).unwrap();
    assert_eq!((moment.to_string(), moment.time.map(super::clock)), ("2026-03-02 14:30".to_owned(), Some("14:30".to_owned())));
    assert_eq!(Moment::of(&json!({"date": "2026-03-02", "time": "2:30"})), None);
}
