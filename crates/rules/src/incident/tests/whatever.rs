//! Properties that hold whatever the facts.

use std::sync::LazyLock;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| jsonschema::validator_for(&facts_schema()).unwrap());

/// The answer of the guidance where every fact is known, written down a second time and otherwise: by the number of each fact's value, in the order of
/// `facts_that_may_miss`.
fn by_the_book(values: &[usize]) -> bool {
    let [involved, attempt, loss, broke, exposed, place, backup, item] = values else { panic!("eight facts") };
    // Bits of the loss: 1 confidentiality, 2 availability, 4 integrity. Inside a secure facility is place 0.
    let left = if *backup == 1 { loss & !2 } else { *loss };
    *involved == 1 && (*attempt > 0 || left != 0 || (*item == 1 && *place != 0) || broke + exposed == 2)
}

/// The facts that may matter, each by the number of values that it has when it is known, in the order of `facts_that_may_miss`.
const VALUES: [usize; 8] = [2, 3, 8, 2, 2, 3, 2, 2];

/// One value of each fact that may matter; none is not known.
type Known = [Option<usize>; 8];

fn as_facts(known: Known) -> Facts {
    let yes = |at: usize| known[at].map(|value| value == 1);
    Facts {
        asset_involved: yes(0),
        attempt: known[1].map(|value| Attempt::ALL[value]),
        loss: known[2].map(|bits| Loss::ALL.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, kind)| *kind).collect()),
        process_breakdown: yes(3),
        exposed: yes(4),
        whereabouts: known[5].map(|value| Whereabouts::ALL[value]),
        backup_usable: yes(6),
        actions: known[7].map(|value| (value == 1).then_some(Action::Lost).into_iter().collect()),
        ..Facts::default()
    }
}

/// Every combination of one choice from each list.
fn every<T: Copy>(choices: &[Vec<T>]) -> Vec<Vec<T>> {
    choices.iter().fold(vec![Vec::new()], |all, more| {
        all.into_iter()
            .flat_map(|begun| more.iter().map(move |one| begun.iter().copied().chain([*one]).collect()).collect::<Vec<_>>())
            .collect()
    })
}

/// Where facts of which each has a value stand in the table of all.
fn place(values: &[usize]) -> usize {
    values.iter().zip(VALUES).fold(0, |at, (value, of)| at * of + value)
}

/// SEC-X1a to SEC-X1f: for each of all combinations of facts known and not known, the outcome is the one on which every way to complete them agrees,
/// and undetermined where they differ; missing are exactly the facts of which one alone changes the answer, however the others are completed.
#[test]
fn sec_x1_the_outcome_is_what_all_completions_agree_on() {
    let book: Vec<bool> = every(&VALUES.map(|of| (0..of).collect::<Vec<_>>())).iter().map(|values| by_the_book(values)).collect();
    let all = every(&VALUES.map(|of| (0..of).map(Some).chain([None]).collect::<Vec<_>>()));
    assert_eq!(all.len(), 3 * 4 * 9 * 3 * 3 * 4 * 3 * 3);
    let names: Vec<&str> = facts_that_may_miss().into_iter().map(|missing| missing.0).collect();
    let mut counts = [0_usize; 3];
    for known in all {
        let completions =
            every(&std::array::from_fn::<_, 8, _>(|at| known[at].map_or_else(|| (0..VALUES[at]).collect(), |value| vec![value])));
        let answers: Vec<bool> = completions.iter().map(|values| book[place(values)]).collect();
        let expected = match (answers.contains(&true), answers.contains(&false)) {
            (true, false) => Outcome::Incident,
            (false, _) => Outcome::NotIncident,
            (true, true) => Outcome::Undetermined,
        };
        let matters = |at: usize| {
            completions.iter().zip(&answers).any(|(values, answer)| {
                // Against the first value of this fact: if any two differ, one of them differs from that.
                let mut other = values.clone();
                other[at] = 0;
                book[place(&other)] != *answer
            })
        };
        let missing: Vec<&str> = (0..8).filter(|at| known[*at].is_none() && matters(*at)).map(|at| names[at]).collect();
        let facts = as_facts(known.try_into().unwrap());
        let decision = decide(&facts);
        assert_eq!((decision.explained.outcome, missing_of(&decision)), (expected, missing), "{facts:?}");
        counts[Outcome::ALL.iter().position(|outcome| *outcome == expected).unwrap()] += 1;
    }
    assert!(counts.iter().all(|count| *count > 1000), "every outcome occurs: {counts:?}");
}

fn facts() -> impl Strategy<Value = Facts> {
    let fact = || option::of(any::<bool>());
    let asset = (fact(), option::of(select(AssetKind::ALL)), option::of(select(Attempt::ALL)));
    let loss = (option::of(btree_set(select(Loss::ALL), 0..4)), fact(), fact());
    let rest = (option::of(select(Whereabouts::ALL)), fact(), option::of(btree_set(select(Action::ALL), 0..5)), fact());
    (asset, loss, rest).prop_map(
        |((asset_involved, asset_kind, attempt), (loss, process_breakdown, exposed), (whereabouts, backup_usable, actions, systemic))| {
            Facts { asset_involved, asset_kind, attempt, loss, process_breakdown, exposed, whereabouts, backup_usable, actions, systemic }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    // SEC-X1a: of all actions only a lost item meets a limb; with the rest, and with all that never matters, outcome, limbs and what is missing stay.
    #[test]
    fn only_a_lost_item_is_an_action_that_counts(facts in facts()) {
        let only = |actions: &BTreeSet<Action>| actions.iter().copied().filter(|action| *action == Action::Lost).collect();
        let bare = Facts { asset_kind: None, systemic: None, actions: facts.actions.as_ref().map(only), ..facts.clone() };
        let (one, other) = (decide(&facts), decide(&bare));
        prop_assert_eq!((one.explained.outcome, &one.limbs, missing_of(&one)), (other.explained.outcome, &other.limbs, missing_of(&other)));
    }

    #[test]
    fn what_goes_along_fits_the_outcome(facts in facts()) {
        let decision = decide(&facts);
        let outcome = decision.explained.outcome;
        let dishonest = facts.actions.as_ref().is_some_and(|actions| actions.contains(&Action::DishonestySuspected));
        prop_assert_eq!(decision.must_report, outcome == Outcome::Incident || dishonest);
        prop_assert_eq!(outcome == Outcome::Incident, facts.asset_involved == Some(true) && !decision.limbs.is_empty());
        prop_assert_eq!(outcome == Outcome::Undetermined, !decision.explained.missing.is_empty());
        prop_assert!(decision.item.is_none() || facts.happened(Action::Lost).is_true());
        let misplaced = decision.item == Some(Item::Misplaced);
        let expected: BTreeSet<Category> = facts.actions.iter().flatten().filter(|a| !(misplaced && **a == Action::Lost)).filter_map(|a| a.category()).collect();
        prop_assert_eq!(&decision.categories, &expected);
        // No reason is given twice, but for several actions that point to one limb.
        let mut said = BTreeSet::new();
        for reason in &decision.explained.because {
            prop_assert!(said.insert((reason.rule, reason.args.get("action"))), "{}", reason.rule);
        }
    }

    // A deliberate act is never passed over: it is met by the attempt, or a reason names it.
    #[test]
    fn nothing_deliberate_is_passed_over(facts in facts()) {
        use Action::{AccessedWithoutReason, DishonestySuspected, Malware, Modified, Stolen};
        let decision = decide(&facts);
        for action in [AccessedWithoutReason, Modified, Stolen, DishonestySuspected, Malware] {
            let pointed = decision.explained.because.iter().any(|reason| {
                reason.rule == "points_to_attempt" && reason.args["action"] == action.code().replace('_', "-")
            });
            prop_assert_eq!(pointed, facts.happened(action).is_true() && !decision.limbs.contains(&Limb::Attempt), "{:?}", action);
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
        prop_assert_eq!(read.is_ok(), SCHEMA.is_valid(&document));
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
    let codes = ["physical", "none", "failed", "confidentiality", "availability", "outside", "unknown", "lost", "stolen", "other"];
    let code = prop_oneof![9 => select(codes.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}"].prop_map(Value::from).boxed();
    let value = prop_oneof![
        3 => option::of(any::<bool>()).prop_map(Value::from),
        3 => code.clone(),
        3 => vec(code, 0..3).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => btree_map("[a-z]{0,4}", any::<bool>(), 0..2).prop_map(Value::from_iter),
    ];
    let keys = [
        "asset_involved",
        "asset_kind",
        "attempt",
        "loss",
        "process_breakdown",
        "exposed",
        "whereabouts",
        "backup_usable",
        "actions",
        "systemic",
    ];
    let key = prop_oneof![19 => select(keys.to_vec()).prop_map(str::to_owned), 1 => "[a-z_]{0,8}"];
    btree_map(key, value, 0..5).prop_map(Value::from_iter)
}
