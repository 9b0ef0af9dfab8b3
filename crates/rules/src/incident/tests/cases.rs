//! The table of cases: facts, the outcome, the limbs that hold, the facts that are missing, and rules that must speak or must not.

use super::*;
use crate::incident::Outcome::{Incident as Yes, NotIncident as No, Undetermined as Open};

/// Facts, outcome, limbs, missing facts, rules that speak; a rule that begins with `!` does not.
type Row = (&'static str, Outcome, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

fn check(table: &[Row]) {
    for (facts, outcome, limbs, missing, rules) in table {
        let decision = decided(facts);
        let held: Vec<&str> = decision.limbs.iter().map(|limb| limb.code()).collect();
        assert_eq!(
            (decision.explained.outcome, held.as_slice(), missing_of(&decision).as_slice()),
            (*outcome, *limbs, *missing),
            "{facts}"
        );
        let said = rules_of(&decision);
        for rule in *rules {
            match rule.strip_prefix('!') {
                Some(rule) => assert!(!said.contains(&rule), "{rule} speaks: {facts}: {said:?}"),
                None => assert!(said.contains(rule), "{rule} does not speak: {facts}: {said:?}"),
            }
        }
    }
}

/// SEC-10, SEC-X1a: a deliberate attempt counts, successful or not.
#[test]
fn sec_x1a_a_deliberate_attempt() {
    check(&[
        (r#"{"asset_involved":true,"attempt":"succeeded"}"#, Yes, &["attempt"], &[], &["asset_involved", "attempt_succeeded", "!no_loss"]),
        (r#"{"asset_involved":true,"attempt":"failed"}"#, Yes, &["attempt"], &[], &["attempt_failed"]),
        (
            r#"{"asset_involved":true,"attempt":"failed","loss":[],"process_breakdown":false,"exposed":false,"actions":[]}"#,
            Yes,
            &["attempt"],
            &[],
            &["attempt_failed", "!no_loss", "!no_breakdown", "no_category"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"process_breakdown":false,"actions":[]}"#,
            No,
            &[],
            &[],
            &["no_attempt", "no_loss", "no_breakdown", "authority_decides", "!no_category"],
        ),
        (r#"{"asset_involved":true,"loss":[],"process_breakdown":false,"actions":[]}"#, Open, &[], &["attempt"], &["no_loss"]),
        (r#"{"attempt":"succeeded"}"#, Open, &["attempt"], &["asset_involved"], &["attempt_succeeded", "!asset_involved"]),
    ]);
}

/// SEC-10, SEC-X1a: a breakdown counts where data became, or could have become, exposed outside; not by itself.
#[test]
fn sec_x1a_a_breakdown_that_exposes() {
    check(&[
        (
            r#"{"asset_involved":true,"process_breakdown":true,"exposed":true}"#,
            Yes,
            &["process_breakdown"],
            &[],
            &["breakdown_exposed", "!nothing_exposed"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"actions":[],"process_breakdown":true,"exposed":false}"#,
            No,
            &[],
            &[],
            &["nothing_exposed", "!no_breakdown"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"actions":[],"process_breakdown":false,"exposed":true}"#,
            No,
            &[],
            &[],
            &["no_breakdown", "!nothing_exposed"],
        ),
        (r#"{"asset_involved":true,"attempt":"none","loss":[],"actions":[],"process_breakdown":false}"#, No, &[], &[], &["no_breakdown"]),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"actions":[],"process_breakdown":null,"exposed":false}"#,
            No,
            &[],
            &[],
            &["nothing_exposed"],
        ),
        (r#"{"asset_involved":true,"attempt":"none","loss":[],"actions":[],"process_breakdown":true}"#, Open, &[], &["exposed"], &[]),
        (r#"{"asset_involved":true,"attempt":"none","loss":[],"actions":[],"exposed":true}"#, Open, &[], &["process_breakdown"], &[]),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"actions":[]}"#,
            Open,
            &[],
            &["process_breakdown", "exposed"],
            &["no_attempt", "no_loss"],
        ),
    ]);
}

/// SEC-X1b: where nothing of the authority's was involved it is no incident, whatever happened; of which kind it was does not matter.
#[test]
fn sec_x1b_the_asset_test() {
    check(&[
        (
            r#"{"asset_involved":false,"asset_kind":"physical","actions":["lost"],"whereabouts":"unknown"}"#,
            No,
            &["loss"],
            &[],
            &["asset_not_involved", "lost_without_trail", "!no_attempt"],
        ),
        (
            r#"{"asset_involved":true,"asset_kind":"information","actions":["lost"],"whereabouts":"unknown"}"#,
            Yes,
            &["loss"],
            &[],
            &["asset_involved", "lost_without_trail"],
        ),
        (r#"{"asset_involved":false}"#, No, &[], &[], &["asset_not_involved"]),
        (
            r#"{"asset_involved":false,"attempt":"succeeded","loss":["integrity"],"process_breakdown":true,"exposed":true}"#,
            No,
            &["attempt", "loss", "process_breakdown"],
            &[],
            &["asset_not_involved", "attempt_succeeded"],
        ),
        (r#"{"asset_kind":"information","attempt":"failed"}"#, Open, &["attempt"], &["asset_involved"], &[]),
        (r#"{"attempt":"none","loss":[],"actions":[],"exposed":false}"#, No, &[], &[], &["no_attempt", "!asset_involved"]),
    ]);
    let everything =
        ["asset_involved", "attempt", "loss", "process_breakdown", "exposed", "whereabouts", "backup_usable", "actions"].as_slice();
    assert_eq!((decided("{}").explained.outcome, missing_of(&decided("{}")).as_slice()), (Open, everything));
    for kind in AssetKind::ALL {
        let with =
            |involved: &str| decided(&format!(r#"{{"asset_involved":{involved},"asset_kind":"{}","attempt":"failed"}}"#, kind.code()));
        assert_eq!(["true", "false", "null"].map(|involved| with(involved).explained.outcome), [Yes, No, Open], "{kind:?}");
    }
}

/// SEC-X1c: a loss is one of confidentiality, availability or integrity; what a usable back-up brings back is no loss of availability.
#[test]
fn sec_x1c_kinds_of_loss() {
    check(&[
        (r#"{"asset_involved":true,"loss":["confidentiality"]}"#, Yes, &["loss"], &[], &["confidentiality_lost"]),
        (r#"{"asset_involved":true,"loss":["integrity"]}"#, Yes, &["loss"], &[], &["integrity_lost"]),
        (r#"{"asset_involved":true,"loss":["availability"],"backup_usable":false}"#, Yes, &["loss"], &[], &["availability_lost"]),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":["availability"],"backup_usable":true,"process_breakdown":false,"actions":[]}"#,
            No,
            &[],
            &[],
            &["availability_restored", "!availability_lost", "!no_loss"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":["availability"],"process_breakdown":false,"actions":[]}"#,
            Open,
            &[],
            &["backup_usable"],
            &["availability_open"],
        ),
        // A back-up matters only where availability is all that makes it an incident.
        (r#"{"asset_involved":true,"loss":["availability","integrity"]}"#, Yes, &["loss"], &[], &["integrity_lost", "availability_open"]),
        (
            r#"{"asset_involved":true,"loss":["availability","integrity"],"backup_usable":true}"#,
            Yes,
            &["loss"],
            &[],
            &["integrity_lost", "availability_restored"],
        ),
        (r#"{"asset_involved":true,"loss":["availability"],"attempt":"failed"}"#, Yes, &["attempt"], &[], &["availability_open"]),
        (
            r#"{"asset_involved":true,"loss":["availability"],"actions":["lost"],"whereabouts":"outside"}"#,
            Yes,
            &["loss"],
            &[],
            &["lost_outside"],
        ),
        // It says nothing of a loss that is not known.
        (
            r#"{"asset_involved":true,"attempt":"none","backup_usable":true,"process_breakdown":false,"actions":[]}"#,
            Open,
            &[],
            &["loss"],
            &["!availability_restored"],
        ),
        (r#"{"asset_involved":true,"attempt":"none","process_breakdown":false,"actions":[]}"#, Open, &[], &["loss", "backup_usable"], &[]),
    ]);
    let counts = |facts: &str| Facts::from_json(facts).unwrap().loss_that_counts();
    assert_eq!(counts(r#"{"backup_usable":true}"#), None);
    assert_eq!(counts(r#"{"loss":["availability","integrity"],"backup_usable":true}"#), Some(BTreeSet::from([Loss::Integrity])));
    assert_eq!(counts(r#"{"loss":["availability"]}"#), Some(BTreeSet::from([Loss::Availability])));
}

/// SEC-X1c, SEC-X1f: misplaced is what is known to be inside a secure facility; without a trail an item is lost.
#[test]
fn sec_x1f_lost_or_misplaced() {
    check(&[
        (r#"{"asset_involved":true,"actions":["lost"],"whereabouts":"outside"}"#, Yes, &["loss"], &[], &["lost_outside", "lost"]),
        (
            r#"{"asset_involved":true,"loss":[],"actions":["lost"],"whereabouts":"unknown"}"#,
            Yes,
            &["loss"],
            &[],
            &["lost_without_trail", "!no_loss"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"process_breakdown":false,"actions":["lost"],"whereabouts":"in_secure_facility"}"#,
            No,
            &[],
            &[],
            &["misplaced", "no_loss", "!lost", "!misplaced_out_of_reach"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"process_breakdown":false,"actions":["lost"]}"#,
            Open,
            &[],
            &["whereabouts"],
            &["lost_or_misplaced"],
        ),
        // Misplaced is no incident by that alone; something else may make it one.
        (
            r#"{"asset_involved":true,"loss":["confidentiality"],"actions":["lost"],"whereabouts":"in_secure_facility"}"#,
            Yes,
            &["loss"],
            &[],
            &["misplaced", "confidentiality_lost"],
        ),
        (
            r#"{"asset_involved":true,"loss":["availability"],"backup_usable":false,"actions":["lost"],"whereabouts":"in_secure_facility"}"#,
            Yes,
            &["loss"],
            &[],
            &["misplaced", "availability_lost", "misplaced_out_of_reach"],
        ),
        // Where an item is matters only if one may have been lost.
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"process_breakdown":false,"actions":["damaged"]}"#,
            No,
            &[],
            &[],
            &["!misplaced", "!lost_or_misplaced"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"process_breakdown":false,"whereabouts":"in_secure_facility"}"#,
            No,
            &[],
            &[],
            &["!misplaced"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"process_breakdown":false,"whereabouts":"outside"}"#,
            Open,
            &[],
            &["actions"],
            &["!lost_outside"],
        ),
        (r#"{"asset_involved":true,"attempt":"none","loss":[],"process_breakdown":false}"#, Open, &[], &["whereabouts", "actions"], &[]),
    ]);
    for (facts, item, category) in [
        (r#"{"actions":["lost"],"whereabouts":"in_secure_facility"}"#, Some(Item::Misplaced), false),
        (r#"{"actions":["lost"],"whereabouts":"unknown"}"#, Some(Item::Lost), true),
        (r#"{"actions":["lost"],"whereabouts":"outside"}"#, Some(Item::Lost), true),
        (r#"{"actions":["lost"]}"#, None, true),
        (r#"{"actions":["stolen"],"whereabouts":"outside"}"#, None, false),
        (r#"{"whereabouts":"in_secure_facility"}"#, None, false),
    ] {
        let decision = decided(facts);
        assert_eq!((decision.item, decision.categories.contains(&Category::Loss)), (item, category), "{facts}");
    }
}

/// SEC-X1a, SEC-X1h: an action meets no limb by itself, and where it points to one that the facts deny or leave open, a reason says so.
#[test]
fn sec_x1a_actions_point_to_limbs() {
    let denied = r#""asset_involved":true,"attempt":"none","loss":[],"process_breakdown":false"#;
    let open = r#""asset_involved":true"#;
    for (action, points) in [
        ("disclosed", ["points_to_loss"].as_slice()),
        ("accessed_without_reason", &["points_to_attempt", "points_to_loss"]),
        ("modified", &["points_to_attempt", "points_to_loss"]),
        ("stolen", &["points_to_attempt", "points_to_loss"]),
        ("process_failure", &["points_to_breakdown"]),
        ("damaged", &["points_to_loss"]),
        ("dishonesty_suspected", &["points_to_attempt"]),
        ("malware", &["points_to_attempt"]),
        ("fault", &["points_to_breakdown"]),
        ("lost", &[]),
    ] {
        for (facts, outcome, stands) in [(denied, No, "no"), (open, Open, "not-known")] {
            let facts = format!(r#"{{{facts},"whereabouts":"in_secure_facility","actions":["{action}"]}}"#);
            let decision = decided(&facts);
            let pointing = decision.explained.because.iter().filter(|reason| reason.rule.starts_with("points_to_"));
            let said: Vec<(&str, &str, &str)> =
                pointing.map(|reason| (reason.rule, reason.args["action"].as_str(), reason.args["stands"].as_str())).collect();
            let dashed = action.replace('_', "-");
            let expected: Vec<(&str, &str, &str)> = points.iter().map(|rule| (*rule, dashed.as_str(), stands)).collect();
            assert_eq!((decision.explained.outcome, said), (outcome, expected), "{facts}");
            assert!(decision.limbs.is_empty(), "{facts}");
        }
    }
    check(&[
        // What the facts say already is not pointed to.
        (
            r#"{"asset_involved":true,"attempt":"succeeded","actions":["stolen","malware"]}"#,
            Yes,
            &["attempt"],
            &[],
            &["!points_to_attempt", "points_to_loss"],
        ),
        (
            r#"{"asset_involved":true,"loss":["integrity"],"actions":["modified","disclosed"]}"#,
            Yes,
            &["loss"],
            &[],
            &["points_to_attempt", "!points_to_loss"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":["availability"],"backup_usable":true,"process_breakdown":false,"actions":["damaged"]}"#,
            No,
            &[],
            &[],
            &["availability_restored", "!points_to_loss"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"process_breakdown":true,"exposed":false,"actions":["process_failure"]}"#,
            No,
            &[],
            &[],
            &["nothing_exposed", "!points_to_breakdown"],
        ),
        (
            r#"{"asset_involved":true,"attempt":"none","loss":[],"exposed":false,"actions":["fault"]}"#,
            No,
            &[],
            &[],
            &["nothing_exposed", "!points_to_breakdown"],
        ),
        // Nor is anything passed over where the asset test settles it alone.
        (r#"{"asset_involved":false,"attempt":"none","actions":["stolen"]}"#, No, &[], &[], &["asset_not_involved", "points_to_attempt"]),
    ]);
}
