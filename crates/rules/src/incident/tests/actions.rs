//! What the actions bring along: categories, two acts, dishonesty; the cause; and the document as a whole.

use super::*;

fn categories(facts: &str) -> Vec<&'static str> {
    decided(facts).categories.iter().map(|category| category.code()).collect()
}

/// SEC-X1e, SEC-23: the categories follow the actions; malware and faults add none by themselves, nor does `loss`, nor a misplaced item.
#[test]
fn sec_x1e_categories_follow_the_actions() {
    for (action, expected) in [
        ("disclosed", ["disclosure"].as_slice()),
        ("accessed_without_reason", &["unauthorised_access"]),
        ("modified", &["fraud"]),
        ("dishonesty_suspected", &["fraud"]),
        ("stolen", &["theft"]),
        ("lost", &["loss"]),
        ("process_failure", &["process_failure"]),
        ("damaged", &["damage"]),
        ("malware", &[]),
        ("fault", &[]),
    ] {
        assert_eq!(categories(&format!(r#"{{"actions":["{action}"]}}"#)), expected, "{action}");
        // Whatever the outcome is, and whatever else was lost.
        for outcome in [r#""asset_involved":false"#, r#""asset_involved":true,"attempt":"failed","loss":["availability"]"#] {
            assert_eq!(categories(&format!(r#"{{{outcome},"actions":["{action}"]}}"#)), expected, "{action}");
        }
        let said = rules_of(&decided(&format!(r#"{{"actions":["{action}"]}}"#)));
        assert_eq!(said.iter().filter(|rule| **rule == action).count(), 1, "{said:?}");
    }
    for (facts, expected) in [
        (r#"{"loss":["confidentiality","availability","integrity"]}"#, [].as_slice()),
        (r#"{"actions":["lost","stolen"],"whereabouts":"in_secure_facility"}"#, &["theft"]),
        (r#"{"actions":["dishonesty_suspected","modified"]}"#, &["fraud"]),
        (r#"{"actions":["malware","damaged","modified"]}"#, &["fraud", "damage"]),
        (
            r#"{"actions":["damaged","process_failure","lost","stolen","modified","accessed_without_reason","disclosed","fault"]}"#,
            &["disclosure", "unauthorised_access", "fraud", "theft", "loss", "process_failure", "damage"],
        ),
        (r#"{"actions":["lost","lost"]}"#, &["loss"]),
        (r#"{"actions":[]}"#, &[]),
        ("{}", &[]),
    ] {
        assert_eq!(categories(facts), expected, "{facts}");
    }
}

/// SEC-X1e: seen and passed on exclude each other for one act, so both in one document are two acts.
#[test]
fn sec_x1e_two_acts() {
    for (facts, two) in [
        (r#"{"actions":["disclosed","accessed_without_reason"]}"#, true),
        (r#"{"asset_involved":false,"actions":["stolen","accessed_without_reason","disclosed"]}"#, true),
        (r#"{"actions":["disclosed","stolen"]}"#, false),
        (r#"{"actions":["accessed_without_reason"]}"#, false),
    ] {
        assert_eq!(rules_of(&decided(facts)).contains(&"two_acts"), two, "{facts}");
    }
}

/// SEC-10, SEC-X1d: every incident must be reported, and suspected dishonesty whatever the outcome; no proof is needed.
#[test]
fn sec_x1d_what_must_be_reported() {
    for (facts, outcome, must, dishonesty) in [
        (r#"{"asset_involved":true,"attempt":"failed"}"#, Outcome::Incident, true, false),
        (r#"{"asset_involved":true,"attempt":"failed","actions":["dishonesty_suspected"]}"#, Outcome::Incident, true, true),
        (r#"{"asset_involved":false,"actions":["dishonesty_suspected"]}"#, Outcome::NotIncident, true, true),
        (r#"{"actions":["dishonesty_suspected"]}"#, Outcome::Undetermined, true, true),
        (r#"{"asset_involved":false,"actions":["stolen"]}"#, Outcome::NotIncident, false, false),
        (r#"{"attempt":"succeeded","actions":["stolen"]}"#, Outcome::Undetermined, false, false),
        ("{}", Outcome::Undetermined, false, false),
    ] {
        let decision = decided(facts);
        let said = rules_of(&decision).contains(&"dishonesty_reported");
        let told = decision.explained.because.last().unwrap().args["must_report"].as_str();
        assert_eq!(told, if must { "yes" } else { "no" }, "{facts}");
        assert_eq!((decision.explained.outcome, decision.must_report, said), (outcome, must, dishonesty), "{facts}");
    }
}

/// SEC-X1g, SEC-X1i: whether the cause is systemic or a matter of awareness is carried along, and asked for where it is an incident.
#[test]
fn sec_x1g_the_cause_is_carried_along() {
    for (asset, systemic, rule) in [
        ("true", "true", Some("cause_systemic")),
        ("true", "false", Some("cause_awareness")),
        ("true", "null", Some("cause_open")),
        ("false", "true", Some("cause_systemic")),
        ("false", "null", None),
        ("null", "false", Some("cause_awareness")),
        ("null", "null", None),
    ] {
        let decision = decided(&format!(r#"{{"asset_involved":{asset},"attempt":"failed","systemic":{systemic}}}"#));
        let said: Vec<&str> = rules_of(&decision).into_iter().filter(|rule| rule.starts_with("cause_")).collect();
        assert_eq!(said, rule.into_iter().collect::<Vec<_>>(), "{asset} {systemic}");
    }
}

/// SEC-X1h: whatever the outcome, it is said that the tests advise; and where no category fits, that it is accepted all the same.
#[test]
fn sec_x1h_the_tests_advise() {
    for (facts, no_category) in [
        ("{}", false),
        (r#"{"asset_involved":false}"#, false),
        (r#"{"asset_involved":true,"attempt":"failed"}"#, false),
        (r#"{"asset_involved":true,"attempt":"failed","actions":[]}"#, true),
        (r#"{"asset_involved":true,"attempt":"failed","actions":["malware","fault"]}"#, true),
        (r#"{"asset_involved":true,"attempt":"failed","actions":["malware","damaged"]}"#, false),
        (r#"{"asset_involved":true,"loss":["integrity"],"actions":["lost"],"whereabouts":"in_secure_facility"}"#, true),
    ] {
        let said = rules_of(&decided(facts));
        assert_eq!((said.last(), said.contains(&"no_category")), (Some(&"authority_decides"), no_category), "{facts}");
    }
}

#[test]
fn the_document_has_the_shape_the_command_promises() {
    let render = |id: &str, args: &decision::Args| format!("{id}({})", args["whereabouts"]);
    let document = decided(r#"{"asset_involved":true,"actions":["lost"],"whereabouts":"outside","systemic":false}"#).to_json(&render);
    assert_eq!(
        document,
        json(
            r#"{"outcome":"incident","limbs":["loss"],"categories":["loss"],"lost_or_misplaced":"lost","must_report":true,"because":[
                {"rule":"asset_involved","source":["SEC-X1b"],"text":"rule-incident-asset-involved(outside)"},
                {"rule":"lost_outside","source":["SEC-X1c","SEC-X1f"],"text":"rule-incident-lost-outside(outside)"},
                {"rule":"lost","source":["SEC-X1e"],"text":"rule-incident-lost(outside)"},
                {"rule":"cause_awareness","source":["SEC-X1g","SEC-X1i"],"text":"rule-incident-cause-awareness(outside)"},
                {"rule":"authority_decides","source":["SEC-X1h"],"text":"rule-incident-authority-decides(outside)"}],"missing":[]}"#
        )
    );
    let document = decided(r#"{"asset_involved":true,"attempt":"none","process_breakdown":false,"actions":[]}"#).to_json(&render);
    assert_eq!(
        (&document["outcome"], &document["lost_or_misplaced"], &document["must_report"]),
        (&json!("undetermined"), &Value::Null, &json!(false))
    );
    assert_eq!(
        (&document["limbs"], &document["categories"], &document["missing"]),
        (&json!([]), &json!([]), &json!(["loss", "backup_usable"]))
    );
}
