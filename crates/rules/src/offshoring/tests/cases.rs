//! The table of cases: an activity, its outcome, the rules that speak, the facts that are missing.

use super::*;
use crate::offshoring::Outcome::{NotOffshoring as No, Offshoring as Yes, Undetermined as Open};

/// Requirement, activity, outcome, rules, missing facts.
type Row = (&'static str, &'static str, Outcome, &'static [&'static str], &'static [&'static str]);

fn check(table: &[Row]) {
    for (id, activity, outcome, because, missing) in table {
        let decided = decide_one(activity);
        assert_eq!(
            (decided.outcome, rules_of(&decided).as_slice(), missing_of(&decided).as_slice()),
            (*outcome, *because, *missing),
            "{id}: {activity}"
        );
    }
}

#[test]
fn off_3a_hosting() {
    check(&[
        ("OFF-3a", r#"{"kind":"hosting","country":"IN","authority_information":true}"#, Yes, &["hosting_abroad"], &[]),
        ("OFF-3a", r#"{"kind":"hosting","country":"Jersey","authority_information":true}"#, Yes, &["hosting_abroad"], &[]),
        ("OFF-3a", r#"{"kind":"hosting","country":"Wales","authority_information":true}"#, No, &["at_home"], &[]),
        ("OFF-3a", r#"{"kind":"hosting","country":"GB","authority_information":null}"#, No, &["at_home"], &[]),
        ("OFF-5a", r#"{"kind":"hosting","country":"IN","authority_information":false}"#, No, &["hosting_without_information"], &[]),
        ("OFF-5a", r#"{"kind":"hosting","authority_information":false}"#, No, &["hosting_without_information"], &[]),
        ("OWN-1", r#"{"kind":"hosting","country":"IN"}"#, Open, &[], &["authority_information"]),
        ("OWN-1", r#"{"kind":"hosting","authority_information":true}"#, Open, &[], &["country"]),
        ("OWN-1", r#"{"kind":"hosting"}"#, Open, &[], &["country", "authority_information"]),
        (
            "OFF-4 staff at home using information hosted abroad",
            r#"{"kind":"hosting","country":"IE","authority_information":true,
            "staff":{"foreign_nationals":false,"brought_to_home":false}}"#,
            Yes,
            &["hosting_abroad"],
            &[],
        ),
        (
            "OFF-4 personal data does not matter",
            r#"{"kind":"hosting","country":"IN","authority_information":true,"personal_data":false}"#,
            Yes,
            &["hosting_abroad"],
            &[],
        ),
    ]);
}

#[test]
fn off_3b_people_abroad() {
    check(&[
        (
            "OFF-4 staff abroad using information hosted anywhere",
            r#"{"kind":"access","country":"IN","authority_information":true}"#,
            Yes,
            &["access_from_abroad"],
            &[],
        ),
        ("OFF-3b, OFF-3", r#"{"kind":"service","country":"IN","authority_information":true}"#, Yes, &["service_from_abroad"], &[]),
        (
            "OWN-1 home staff travelling",
            r#"{"kind":"access","country":"ES","authority_information":true,
            "staff":{"foreign_nationals":false,"brought_to_home":false,"resident_at_home_already":true}}"#,
            Yes,
            &["access_from_abroad"],
            &[],
        ),
        ("OFF-3b", r#"{"kind":"access","country":"GB","authority_information":true}"#, No, &["people_at_home"], &[]),
        ("OFF-5b", r#"{"kind":"access","country":"IN","authority_information":false}"#, No, &["work_without_information"], &[]),
        ("OFF-5b", r#"{"kind":"service","country":"IN","authority_information":false}"#, No, &["work_without_information"], &[]),
        ("OFF-5b", r#"{"kind":"service","authority_information":false,"staff":null}"#, No, &["work_without_information"], &[]),
        ("OWN-1", r#"{"kind":"service","country":"IN"}"#, Open, &[], &["authority_information"]),
        ("OWN-1", r#"{"kind":"access","country":null,"authority_information":true}"#, Open, &[], &["country"]),
    ]);
}

#[test]
fn off_3c_landed_staff() {
    check(&[
        (
            "OFF-3c, OFF-4",
            r#"{"kind":"landed_staff","country":"GB","staff":{"foreign_nationals":true,"brought_to_home":true,
            "resident_at_home_already":false,"access_to_information":true}}"#,
            Yes,
            &["landed_staff"],
            &[],
        ),
        (
            "OFF-3c no country needed",
            r#"{"kind":"landed_staff","staff":{"foreign_nationals":true,"brought_to_home":true,
            "resident_at_home_already":false,"access_to_information":true}}"#,
            Yes,
            &["landed_staff"],
            &[],
        ),
        (
            "OFF-3c a country abroad is set aside",
            r#"{"kind":"landed_staff","country":"IN","staff":{"foreign_nationals":true,"brought_to_home":true,
            "resident_at_home_already":false,"access_to_information":true}}"#,
            Yes,
            &["landed_staff", "landed_place_set_aside"],
            &[],
        ),
        (
            "OFF-5c",
            r#"{"kind":"landed_staff","authority_information":true,"staff":{"foreign_nationals":true,"brought_to_home":null,
            "resident_at_home_already":true,"access_to_information":true}}"#,
            No,
            &["resident_already"],
            &[],
        ),
        (
            "OFF-5d",
            r#"{"kind":"landed_staff","staff":{"foreign_nationals":true,"brought_to_home":true,
            "resident_at_home_already":false,"access_to_information":false}}"#,
            No,
            &["landed_without_access"],
            &[],
        ),
        (
            "OFF-5d alone suffices",
            r#"{"kind":"landed_staff","staff":{"access_to_information":false}}"#,
            No,
            &["landed_without_access"],
            &[],
        ),
        (
            "OFF-3c",
            r#"{"kind":"landed_staff","staff":{"foreign_nationals":false,"access_to_information":true}}"#,
            No,
            &["no_foreign_nationals"],
            &[],
        ),
        (
            "OFF-3c",
            r#"{"kind":"landed_staff","staff":{"brought_to_home":false,"access_to_information":true}}"#,
            No,
            &["nobody_brought_in"],
            &[],
        ),
        (
            "OWN-1",
            r#"{"kind":"landed_staff","staff":{"foreign_nationals":true,"brought_to_home":true,
            "resident_at_home_already":false,"access_to_information":null}}"#,
            Open,
            &[],
            &["staff.access_to_information"],
        ),
        (
            "OWN-1",
            r#"{"kind":"landed_staff"}"#,
            Open,
            &[],
            &["staff.foreign_nationals", "staff.brought_to_home", "staff.resident_at_home_already", "staff.access_to_information"],
        ),
    ]);
}

#[test]
fn off_3c_staff_brought_in_for_other_kinds_of_work() {
    check(&[
        (
            "OFF-3c",
            r#"{"kind":"service","country":"GB","authority_information":true,"staff":{"foreign_nationals":true,"brought_to_home":true,
            "resident_at_home_already":false,"access_to_information":true}}"#,
            Yes,
            &["landed_staff"],
            &[],
        ),
        (
            "OFF-3a and OFF-3c",
            r#"{"kind":"hosting","country":"IN","authority_information":true,"staff":{"foreign_nationals":true,"brought_to_home":true,
            "resident_at_home_already":false,"access_to_information":true}}"#,
            Yes,
            &["hosting_abroad", "landed_staff"],
            &[],
        ),
        (
            "OFF-3a decides, so nothing is missing",
            r#"{"kind":"hosting","country":"IN","authority_information":true,"staff":{"foreign_nationals":true,
            "brought_to_home":true,"resident_at_home_already":false,"access_to_information":null}}"#,
            Yes,
            &["hosting_abroad"],
            &[],
        ),
        (
            "OFF-5a removes its own trigger only",
            r#"{"kind":"hosting","country":"IN","authority_information":false,"staff":{"foreign_nationals":true,
            "brought_to_home":true,"resident_at_home_already":false,"access_to_information":true}}"#,
            Yes,
            &["landed_staff"],
            &[],
        ),
        (
            "OFF-5b removes its own trigger only",
            r#"{"kind":"access","country":"IN","authority_information":false,"staff":{"foreign_nationals":true,
            "brought_to_home":true,"resident_at_home_already":false,"access_to_information":true}}"#,
            Yes,
            &["landed_staff"],
            &[],
        ),
        (
            "OFF-5c removes its own trigger only",
            r#"{"kind":"support","country":"IN","staff":{"foreign_nationals":true,
            "resident_at_home_already":true}}"#,
            Yes,
            &["support_abroad"],
            &[],
        ),
        (
            "OFF-5d removes its own trigger only",
            r#"{"kind":"access","country":"IN","authority_information":true,"staff":{"foreign_nationals":true,
            "brought_to_home":true,"access_to_information":false}}"#,
            Yes,
            &["access_from_abroad"],
            &[],
        ),
        (
            "OFF-5b and OFF-5c",
            r#"{"kind":"access","country":"IN","authority_information":false,"staff":{"resident_at_home_already":true}}"#,
            No,
            &["work_without_information", "resident_already"],
            &[],
        ),
        (
            "OWN-1",
            r#"{"kind":"service","country":"GB","staff":{"foreign_nationals":true,"brought_to_home":true,"resident_at_home_already":false}}"#,
            Open,
            &[],
            &["staff.access_to_information"],
        ),
        ("OWN-1 nothing said of staff brings nobody in", r#"{"kind":"service","country":"GB","staff":{}}"#, No, &["people_at_home"], &[]),
    ]);
}

#[test]
fn off_3d_off_4_development_and_support_count_always() {
    check(&[
        (
            "OFF-3d",
            r#"{"kind":"development","country":"IN","authority_information":true,"personal_data":true}"#,
            Yes,
            &["development_abroad"],
            &[],
        ),
        (
            "OFF-4",
            r#"{"kind":"development","country":"IN","authority_information":false,"personal_data":false}"#,
            Yes,
            &["development_abroad"],
            &[],
        ),
        ("OFF-4", r#"{"kind":"development","country":"IN"}"#, Yes, &["development_abroad"], &[]),
        ("OFF-4", r#"{"kind":"support","country":"PL","authority_information":true}"#, Yes, &["support_abroad"], &[]),
        (
            "OFF-4",
            r#"{"kind":"support","country":"PL","authority_information":false,"staff":{"access_to_information":false}}"#,
            Yes,
            &["support_abroad"],
            &[],
        ),
        ("OFF-3d", r#"{"kind":"development","country":"Scotland","authority_information":true}"#, No, &["at_home"], &[]),
        ("OFF-4", r#"{"kind":"support","country":"GB"}"#, No, &["at_home"], &[]),
        ("OWN-1", r#"{"kind":"support","authority_information":false}"#, Open, &[], &["country"]),
        ("OWN-1", r#"{"kind":"development"}"#, Open, &[], &["country"]),
    ]);
}

#[test]
fn off_3e_diagnostics_count_unless_shown_free() {
    check(&[
        ("OFF-3e", r#"{"kind":"diagnostics","country":"US","authority_information":true}"#, Yes, &["diagnostics_abroad"], &[]),
        ("OFF-3e", r#"{"kind":"diagnostics","country":"US","authority_information":false}"#, No, &["diagnostics_shown_free"], &[]),
        ("OFF-3e", r#"{"kind":"diagnostics","country":"GB","authority_information":true}"#, No, &["at_home"], &[]),
        ("OFF-3e, OWN-1", r#"{"kind":"diagnostics","country":"US"}"#, Open, &["diagnostics_not_shown_free"], &["authority_information"]),
        ("OWN-1", r#"{"kind":"diagnostics"}"#, Open, &[], &["country", "authority_information"]),
        ("OFF-3e", r#"{"kind":"diagnostics","authority_information":false}"#, No, &["diagnostics_shown_free"], &[]),
    ]);
}

#[test]
fn own_1_reasons_name_their_sources_and_the_facts_used() {
    let decided = decide_one(r#"{"kind":"access","country":"u.s.a.","authority_information":true,"personal_data":false}"#);
    let [reason] = decided.because.as_slice() else { panic!("one reason") };
    assert_eq!(reason.source, ["OFF-3b", "OWN-1"]);
    let used = |name: &str| reason.args[name].as_str();
    assert_eq!((used("country"), used("home")), ("the United States of America", "the United Kingdom"));
    assert_eq!((used("authority_information"), used("personal_data"), used("brought_to_home")), ("yes", "no", "not-known"));
}

#[test]
fn off_5_one_remaining_trigger_makes_the_whole_offshoring() {
    let whole = |activities: &str| decide(&Facts::from_json(&format!(r#"{{"home":"GB","activities":[{activities}]}}"#)).unwrap());
    let (yes, no, open) = (
        r#"{"kind":"development","country":"IN"}"#,
        r#"{"kind":"hosting","country":"IN","authority_information":false}"#,
        r#"{"kind":"hosting","country":"IN"}"#,
    );
    for (activities, outcome) in
        [(vec![no, no], No), (vec![no, open], Open), (vec![open, yes, no], Yes), (vec![no, yes], Yes), (vec![open, open], Open)]
    {
        let decision = whole(&activities.join(","));
        assert_eq!(decision.outcome, outcome);
        assert_eq!(decision.activities.len(), activities.len());
    }
}

#[test]
fn off_3_home_is_whatever_the_facts_say() {
    let activity = r#"{"kind":"hosting","country":"GI","authority_information":true}"#;
    for (home, outcome) in [(r#""GB""#, Yes), (r#"["GB","Gibraltar"]"#, No), (r#""Gibraltar""#, No), (r#"["IE"]"#, Yes)] {
        let facts = Facts::from_json(&format!(r#"{{"home":{home},"activities":[{activity}]}}"#)).unwrap();
        assert_eq!(decide(&facts).outcome, outcome, "{home}");
    }
}

#[test]
fn the_document_has_the_shape_the_api_promises() {
    let facts = Facts::from_json(
        r#"{"home":"GB","activities":[
            {"kind":"hosting","country":"IN","authority_information":true},
            {"kind":"landed_staff","staff":{"foreign_nationals":true,"brought_to_home":true,"resident_at_home_already":false}}]}"#,
    )
    .unwrap();
    let document = decide(&facts).to_json(&|id, args| format!("{id}({})", args["country"]));
    assert_eq!(
        document,
        json(
            r#"{"outcome":"offshoring","activities":[
                {"outcome":"offshoring","because":[{"rule":"hosting_abroad","source":["OFF-3a"],"text":"rule-offshoring-hosting-abroad(India)"}],"missing":[]},
                {"outcome":"undetermined","because":[],"missing":["staff.access_to_information"]}]}"#
        )
    );
}
