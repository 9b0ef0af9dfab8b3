//! Properties that hold whatever the facts.

use std::sync::LazyLock;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| jsonschema::validator_for(&facts_schema()).unwrap());

/// The additions whose places in `Added::ALL` are the bits.
fn additions(bits: usize) -> BTreeSet<Added> {
    Added::ALL.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, kind)| *kind).collect()
}

/// The rows where every fact is known, written down a second time and otherwise: by the bits of what was added, of which the first five may affect data,
/// the sixth are people, and the last is any other refinement.
fn by_the_book(bits: usize, handles: bool) -> Outcome {
    match (bits, handles) {
        (0, _) => Outcome::None,
        (64.., _) | (_, true) => Outcome::ChangeRequest,
        (32, false) => Outcome::None,
        _ => Outcome::Notice,
    }
}

/// SEC-9, SEC-28: for all combinations of facts known and not known, the outcome is the one on which every way to complete them agrees, and undetermined
/// where they differ; missing are exactly the facts of which one alone changes the answer.
#[test]
fn sec_9_the_outcome_is_what_all_completions_agree_on() {
    assert_eq!(Added::ALL.len(), 7);
    let mut counts = [0_usize; 4];
    for added in (0..128).map(Some).chain([None]) {
        for handles in [None, Some(false), Some(true)] {
            let sets: Vec<usize> = added.map_or((0..128).collect(), |bits| vec![bits]);
            let handling = handles.map_or(vec![false, true], |known| vec![known]);
            let first = by_the_book(sets[0], handling[0]);
            let agree = sets.iter().all(|bits| handling.iter().all(|handles| by_the_book(*bits, *handles) == first));
            let expected = if agree { first } else { Outcome::Undetermined };
            let by_added =
                handling.iter().any(|handles| sets.iter().any(|bits| by_the_book(*bits, *handles) != by_the_book(sets[0], *handles)));
            let by_handling =
                sets.iter().any(|bits| handling.iter().any(|handles| by_the_book(*bits, *handles) != by_the_book(*bits, handling[0])));
            let missing: Vec<&str> = [("added", by_added), ("handles_authority_data", by_handling)]
                .into_iter()
                .filter(|(_, by)| *by)
                .map(|(name, _)| name)
                .collect();
            let facts = Facts { added: added.map(additions), handles_authority_data: handles, ..Facts::default() };
            let decision = decide(&facts);
            assert_eq!((decision.explained.outcome, missing_of(&decision.explained)), (expected, missing), "{facts:?}");
            counts[Outcome::ALL.iter().position(|outcome| *outcome == expected).unwrap()] += 1;
        }
    }
    assert!(counts.iter().all(|count| *count > 3) && counts.iter().sum::<usize>() == 129 * 3, "{counts:?}");
}

fn facts() -> impl Strategy<Value = Facts> {
    (option::of(btree_set(select(Added::ALL), 0..3)), vec(option::of(any::<bool>()), 5)).prop_map(|(added, known)| Facts {
        added,
        handles_authority_data: known[0],
        people_affected: known[1],
        software_change: known[2],
        data_held_during: known[3],
        service_lost: known[4],
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    // SEC-9, OWN-1: to learn more never turns one determined outcome into another, nor takes back what is asked.
    #[test]
    fn sec_9_knowing_more_overturns_nothing(facts in facts(), more in facts(), which in vec(any::<bool>(), 6)) {
        let or = |known: Option<bool>, more: Option<bool>, at: usize| known.or(more.filter(|_| which[at]));
        let after = Facts {
            added: facts.added.clone().or(more.added.filter(|_| which[0])),
            handles_authority_data: or(facts.handles_authority_data, more.handles_authority_data, 1),
            people_affected: or(facts.people_affected, more.people_affected, 2),
            software_change: or(facts.software_change, more.software_change, 3),
            data_held_during: or(facts.data_held_during, more.data_held_during, 4),
            service_lost: or(facts.service_lost, more.service_lost, 5),
        };
        let (before, after) = (decide(&facts), decide(&after));
        if before.explained.outcome != Outcome::Undetermined {
            prop_assert_eq!(before.explained.outcome, after.explained.outcome);
        }
        prop_assert!(before.proposal.is_none() || before.proposal == after.proposal);
        prop_assert!(before.asks.iter().all(|further| after.asks.contains(further)));
    }

    #[test]
    fn what_goes_along_fits_the_outcome(facts in facts()) {
        let decision = decide(&facts);
        let outcome = decision.explained.outcome;
        prop_assert_eq!(outcome == Outcome::Undetermined, !decision.explained.missing.is_empty());
        prop_assert!(outcome == Outcome::ChangeRequest || decision.asks.is_empty() && decision.open.is_empty());
        prop_assert!(outcome == Outcome::Undetermined || !decision.explained.because.is_empty());
        // What is asked further never changes the outcome.
        let bare = Facts { people_affected: None, software_change: None, data_held_during: None, service_lost: None, ..facts.clone() };
        prop_assert_eq!(decide(&bare).explained.outcome, outcome);
        // No reason is given twice, but for several kinds that may affect data.
        let mut said = BTreeSet::new();
        for reason in &decision.explained.because {
            prop_assert!(said.insert((reason.rule, reason.args.get("added"))), "{}", reason.rule);
        }
    }

    #[test]
    fn facts_written_as_json_are_read_back(facts in facts()) {
        let document = serde_json::to_value(&facts).unwrap();
        prop_assert!(SCHEMA.is_valid(&document));
        prop_assert_eq!(Facts::from_json(&document.to_string()), Ok(facts));
    }

    #[test]
    fn no_document_makes_the_reader_panic(document in any_document(), text in "\\PC*") {
        let read = Facts::from_json(&document.to_string());
        prop_assert_eq!(read.is_ok(), SCHEMA.is_valid(&document), "{}", document);
        for read in [read, Facts::from_json(&text)] {
            match read {
                Ok(facts) => drop(decide(&facts)),
                Err(error) => prop_assert!(error.path.starts_with('$') && !error.problem.is_empty()),
            }
        }
        for read in [complete::States::from_json(&document.to_string()), complete::States::from_json(&text)] {
            match read {
                Ok(states) => drop(complete::decide(&states)),
                Err(error) => prop_assert!(error.path.starts_with('$') && !error.problem.is_empty()),
            }
        }
    }
}

/// Documents whose keys are mostly those of the facts, and whose values are often right.
fn any_document() -> impl Strategy<Value = Value> {
    let codes: Vec<&str> = Added::ALL.iter().map(|kind| kind.code()).collect();
    let code = prop_oneof![9 => select(codes).prop_map(str::to_owned), 1 => "\\PC{0,12}"].prop_map(Value::from).boxed();
    let value = prop_oneof![
        4 => option::of(any::<bool>()).prop_map(Value::from),
        4 => vec(code.clone(), 0..3).prop_map(Value::from),
        1 => code,
        1 => any::<i64>().prop_map(Value::from),
    ];
    let keys = [
        "added",
        "added",
        "handles_authority_data",
        "people_affected",
        "software_change",
        "data_held_during",
        "service_lost",
        "offshore",
        "change",
    ];
    let key = prop_oneof![19 => select(keys.to_vec()).prop_map(str::to_owned), 1 => "[a-z_]{0,8}"];
    btree_map(key, value, 0..4).prop_map(Value::from_iter)
}
