//! Properties that hold whatever the facts.

use std::sync::LazyLock;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| jsonschema::validator_for(&facts_schema()).unwrap());

/// What may be known of each of the eight facts, in the order of `facts_that_may_miss`.
type Known = [Option<bool>; 8];

/// The sentence where every fact is known, written down a second time and otherwise: by the number whose bits are the facts, the first one lowest.
fn by_the_book(bits: usize) -> bool {
    bits & 63 != 0 || bits == 192
}

fn as_facts(known: Known) -> Facts {
    Facts {
        received_from_authority: known[0],
        received_for_authority: known[1],
        made_because_of_contract: known[2],
        processed_because_of_contract: known[3],
        held_because_of_contract: known[4],
        passed_on_because_of_contract: known[5],
        personal_data: known[6],
        authority_controls: known[7],
        medium: None,
    }
}

fn every_known() -> impl Iterator<Item = Known> {
    let values = [None, Some(false), Some(true)];
    (0..3_usize.pow(8)).map(move |number| std::array::from_fn(|at| values[number / 3_usize.pow(u32::try_from(at).unwrap()) % 3]))
}

/// SEC-9b, OFF-2b: for each of all combinations of facts known and not known, the outcome is the one on which every way to complete them agrees, and
/// undetermined where they differ; missing are exactly the facts of which one alone changes the answer, however the others are completed.
#[test]
fn sec_9b_the_outcome_is_what_all_completions_agree_on() {
    let names: Vec<&str> = facts_that_may_miss().into_iter().map(|missing| missing.0).collect();
    let mut counts = [0_usize; 3];
    for known in every_known() {
        let fits = |bits: &usize| known.iter().enumerate().all(|(at, known)| known.is_none_or(|value| value == (bits >> at & 1 == 1)));
        let ways: Vec<usize> = (0..256).filter(fits).collect();
        let yes = ways.iter().filter(|bits| by_the_book(**bits)).count();
        let expected = match (yes, ways.len() - yes) {
            (0, _) => Outcome::NotAuthorityData,
            (_, 0) => Outcome::AuthorityData,
            _ => Outcome::Undetermined,
        };
        let matters = |at: usize| ways.iter().any(|bits| by_the_book(*bits) != by_the_book(bits ^ 1 << at));
        let missing: Vec<&str> = (0..8).filter(|at| known[*at].is_none() && matters(*at)).map(|at| names[at]).collect();
        let decision = decide(&as_facts(known));
        assert_eq!((decision.explained.outcome, missing_of(&decision)), (expected, missing), "{known:?}");
        counts[Outcome::ALL.iter().position(|outcome| *outcome == expected).unwrap()] += 1;
    }
    // Of what is no authority data all that made it so is known to be false: 5 ways to know that of people and control.
    assert_eq!((counts[1], counts.iter().sum::<usize>()), (5, 6561), "{counts:?}");
}

/// SEC-9b, OWN-1: to learn one fact more never turns one determined outcome into another, and never takes away a limb that holds.
#[test]
fn sec_9b_knowing_more_overturns_nothing() {
    let mut determined = 0;
    for known in every_known() {
        let before = decide(&as_facts(known));
        for at in (0..8).filter(|at| known[*at].is_none()) {
            for value in [false, true] {
                let mut more = known;
                more[at] = Some(value);
                let after = decide(&as_facts(more));
                if before.explained.outcome != Outcome::Undetermined {
                    assert_eq!(before.explained.outcome, after.explained.outcome, "{known:?} {at}");
                    determined += 1;
                }
                assert!(before.limbs.iter().all(|limb| after.limbs.contains(limb)), "{known:?} {at}");
            }
        }
    }
    assert!(determined > 10_000, "{determined}");
}

fn facts() -> impl Strategy<Value = Facts> {
    (vec(option::of(any::<bool>()), 8), option::of(select(Medium::ALL)))
        .prop_map(|(known, medium)| Facts { medium, ..as_facts(known.try_into().unwrap()) })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    // SEC-9b: the medium changes the words of its own reason and nothing else.
    #[test]
    fn the_medium_never_matters(facts in facts()) {
        let (one, other) = (decide(&facts), decide(&Facts { medium: None, ..facts }));
        prop_assert_eq!((one.explained.outcome, &one.limbs, missing_of(&one)), (other.explained.outcome, &other.limbs, missing_of(&other)));
        prop_assert_eq!(rules_of(&one), rules_of(&other));
    }

    #[test]
    fn what_goes_along_fits_the_outcome(facts in facts()) {
        let decision = decide(&facts);
        let outcome = decision.explained.outcome;
        prop_assert_eq!(outcome == Outcome::AuthorityData, !decision.limbs.is_empty());
        prop_assert_eq!(outcome == Outcome::Undetermined, !decision.explained.missing.is_empty());
        let mut said = rules_of(&decision);
        prop_assert!(said.contains(&"any_medium"));
        said.sort_unstable();
        let spoken = said.len();
        said.dedup();
        prop_assert_eq!(said.len(), spoken);
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
                Ok(facts) => prop_assert!(!decide(&facts).explained.because.is_empty()),
                Err(error) => prop_assert!(error.path.starts_with('$') && !error.problem.is_empty()),
            }
        }
    }
}

/// Documents whose keys are mostly those of the facts, and whose values are often right.
fn any_document() -> impl Strategy<Value = Value> {
    let code = prop_oneof![9 => select(vec!["electronic", "paper", "spoken", "other"]).prop_map(str::to_owned), 1 => "\\PC{0,12}"];
    let code = code.prop_map(Value::from).boxed();
    let value = prop_oneof![
        6 => option::of(any::<bool>()).prop_map(Value::from),
        2 => code.clone(),
        1 => vec(code, 0..3).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
    ];
    let keys: Vec<&str> = facts_that_may_miss().into_iter().map(|missing| missing.0).chain(["medium", "medium"]).collect();
    let key = prop_oneof![19 => select(keys).prop_map(str::to_owned), 1 => "[a-z_]{0,8}"];
    btree_map(key, value, 0..4).prop_map(Value::from_iter)
}
