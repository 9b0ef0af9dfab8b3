//! Properties that hold whatever the facts.

use proptest::option;
use proptest::prelude::*;

use super::*;

fn fact() -> impl Strategy<Value = Option<bool>> {
    option::of(any::<bool>())
}

fn staff() -> impl Strategy<Value = Staff> {
    (fact(), fact(), fact(), fact()).prop_map(|(foreign_nationals, brought_to_home, resident_at_home_already, access_to_information)| {
        Staff { foreign_nationals, brought_to_home, resident_at_home_already, access_to_information }
    })
}

fn activity() -> impl Strategy<Value = Activity> {
    let country = option::of(prop_oneof![Just("GB"), Just("GI"), Just("IN")].prop_map(|code| Country::from_code(code).unwrap()));
    (prop::sample::select(Kind::ALL.to_vec()), country, fact(), fact(), option::of(staff())).prop_map(
        |(kind, country, authority_information, personal_data, staff)| Activity {
            kind,
            country,
            authority_information,
            personal_data,
            staff,
        },
    )
}

fn home() -> Home {
    Home::from_codes(&["GB", "GI"]).unwrap()
}

/// The facts that the activity's triggers ask for: those of the staff where it is about landed staff or anything is said of them.
fn asked(activity: &Activity) -> Vec<&'static str> {
    let staff = activity.staff.unwrap_or_default();
    let mut asked = vec!["country", "authority_information", "personal_data"];
    if activity.kind == Kind::LandedStaff || staff != Staff::default() {
        asked.extend(facts_that_may_miss().into_iter().map(|missing| missing.0).filter(|path| path.starts_with("staff.")));
    }
    asked
}

fn slot<'a>(activity: &'a mut Activity, path: &str) -> Option<&'a mut Option<bool>> {
    Some(match path {
        "authority_information" => &mut activity.authority_information,
        "personal_data" => &mut activity.personal_data,
        "staff.foreign_nationals" => &mut activity.staff.get_or_insert_default().foreign_nationals,
        "staff.brought_to_home" => &mut activity.staff.get_or_insert_default().brought_to_home,
        "staff.resident_at_home_already" => &mut activity.staff.get_or_insert_default().resident_at_home_already,
        "staff.access_to_information" => &mut activity.staff.get_or_insert_default().access_to_information,
        _ => return None,
    })
}

/// The activity with one unknown fact made known; as it is where the fact is known already.
fn filled(activity: &Activity, path: &str, value: bool) -> Activity {
    let mut filled = activity.clone();
    match slot(&mut filled, path) {
        Some(slot) => *slot = slot.or(Some(value)),
        None => {
            filled.country = filled.country.or_else(|| Country::from_code(if value { "IN" } else { "GB" }).ok());
        }
    }
    filled
}

/// Every way to make the unknown facts known.
fn completions(activity: &Activity) -> Vec<Activity> {
    asked(activity)
        .into_iter()
        .fold(vec![activity.clone()], |all, path| all.iter().flat_map(|one| [filled(one, path, true), filled(one, path, false)]).collect())
}

fn outcomes(activities: &[Activity]) -> BTreeSet<Outcome> {
    activities.iter().map(|activity| decide_activity(&home(), activity).outcome).collect()
}

/// The answer of the policy where every fact is known, written down a second time and otherwise.
fn by_the_book(activity: &Activity) -> bool {
    let abroad = activity.country.is_some_and(|country| country.code() == "IN");
    let reaches = activity.authority_information == Some(true);
    let staff = activity.staff.unwrap_or_default();
    let landed = staff.foreign_nationals == Some(true)
        && staff.brought_to_home == Some(true)
        && staff.resident_at_home_already == Some(false)
        && staff.access_to_information == Some(true);
    let own = match activity.kind {
        Kind::Hosting | Kind::Access | Kind::Service | Kind::Diagnostics => abroad && reaches,
        Kind::Development | Kind::Support => abroad,
        Kind::LandedStaff => false,
    };
    own || landed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    // OWN-1: undetermined exactly where the completions differ, and otherwise the answer they share.
    #[test]
    fn the_outcome_is_what_all_completions_agree_on(activity in activity()) {
        let mut all = BTreeSet::new();
        for one in completions(&activity) {
            let decided = decide_activity(&home(), &one).outcome;
            prop_assert_eq!(decided == Outcome::Offshoring, by_the_book(&one), "{:?}", one);
            prop_assert_ne!(decided, Outcome::Undetermined);
            all.insert(decided);
        }
        let expected = if all.len() == 1 { *all.iter().next().unwrap() } else { Outcome::Undetermined };
        prop_assert_eq!(decide_activity(&home(), &activity).outcome, expected);
    }

    // OWN-1: a fact is named as missing exactly where, with some completion of the others, it alone changes the answer.
    #[test]
    fn missing_are_just_the_facts_that_can_change_the_answer(activity in activity()) {
        let decided = decide_activity(&home(), &activity);
        let missing = missing_of(&decided);
        for path in asked(&activity) {
            let matters = completions(&filled(&activity, path, true)).into_iter().any(|one| {
                let mut other = one.clone();
                match slot(&mut other, path) {
                    Some(slot) => *slot = slot.map(|value| !value),
                    None => other.country = Country::from_code("GB").ok(),
                }
                outcomes(&[one, other]).len() > 1
            });
            let known = filled(&activity, path, true) == filled(&activity, path, false);
            prop_assert_eq!(missing.contains(&path), !known && matters && decided.outcome == Outcome::Undetermined, "{}", path);
        }
        prop_assert_eq!(missing.is_empty(), decided.outcome != Outcome::Undetermined);
        prop_assert!(!decided.because.is_empty() || decided.outcome == Outcome::Undetermined);
    }

    #[test]
    fn a_fact_more_never_changes_a_determined_outcome(activity in activity(), value in any::<bool>()) {
        let before = decide_activity(&home(), &activity).outcome;
        for path in asked(&activity) {
            let after = decide_activity(&home(), &filled(&activity, path, value)).outcome;
            prop_assert!(before == Outcome::Undetermined || before == after, "{}", path);
        }
    }

    // OFF-4
    #[test]
    fn personal_data_never_changes_the_answer(activity in activity()) {
        let other = Activity { personal_data: None, ..activity.clone() };
        let (one, other) = (decide_activity(&home(), &activity), decide_activity(&home(), &other));
        prop_assert_eq!((one.outcome, rules_of(&one), missing_of(&one)), (other.outcome, rules_of(&other), missing_of(&other)));
    }

    // OFF-5
    #[test]
    fn an_activity_more_never_takes_offshoring_away(activities in prop::collection::vec(activity(), 1..5), more in activity()) {
        let before = decide(&Facts { home: home(), activities: activities.clone() });
        let after = decide(&Facts { home: home(), activities: activities.into_iter().chain([more]).collect() });
        prop_assert!(before.outcome <= after.outcome);
        prop_assert_eq!(&after.activities[..before.activities.len()], before.activities.as_slice());
    }

    #[test]
    fn facts_written_as_json_are_read_back(activities in prop::collection::vec(activity(), 1..4)) {
        let document = serde_json::json!({ "home": ["GB", "GI"], "activities": activities });
        prop_assert!(jsonschema::is_valid(&facts_schema(), &document));
        prop_assert_eq!(Facts::from_json(&document.to_string()), Ok(Facts { home: home(), activities }));
    }

    #[test]
    fn no_document_makes_the_reader_panic(document in any_json(4), text in "\\PC*") {
        for text in [document.to_string(), text] {
            match Facts::from_json(&text) {
                Ok(facts) => prop_assert!(!decide(&facts).activities.is_empty()),
                Err(error) => prop_assert!(error.path.starts_with('$') && !error.problem.is_empty()),
            }
        }
    }
}

/// JSON of any shape, its keys often those of the facts.
fn any_json(depth: u32) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![Just("GB".to_owned()), Just("hosting".to_owned()), Just("Korea".to_owned()), "\\PC{0,20}"].prop_map(Value::from),
    ];
    leaf.prop_recursive(depth, 64, 6, |inner| {
        let key = prop_oneof![
            prop::sample::select(vec![
                "home",
                "activities",
                "kind",
                "country",
                "authority_information",
                "personal_data",
                "staff",
                "brought_to_home"
            ])
            .prop_map(str::to_owned),
            "[a-z]{0,6}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..6).prop_map(Value::from_iter),
        ]
    })
}
