//! Properties that hold whatever the facts.

use std::sync::LazyLock;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::comparing::demands;
use super::*;

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| jsonschema::validator_for(&facts_schema()).unwrap());

/// What a document may ask, by number: the first five are hours, the fewer the stricter, and nothing else can be compared.
const WORLD: usize = 8;

fn demand(number: usize) -> Demand {
    match number {
        0 => hours(12),
        1 => hours(24),
        2 => hours(36),
        3 => Demand::Limit { value: 2, unit: "days".to_owned(), direction: Direction::AtMost },
        4 => hours(72),
        other => text(["a", "b", "c"][other - 5]),
    }
}

/// All that is known, of each fact by a number: applies, asks of contract, plan and pack; what rulings say, of which bit 0 is binding and bit 1
/// allowing; and whether it is blocked.
type Way = [usize; 8];

const VALUES: Way = [2, WORLD, 2, WORLD, 2, WORLD, 4, 2];

/// The rows where every fact is known, written down a second time and otherwise.
fn by_the_book(way: Way) -> (Outcome, Option<Source>) {
    let [_, _, _, _, _, _, rulings, blocked] = way;
    let asked: Vec<(usize, usize)> = (0..3).filter(|at| way[2 * at] == 1).map(|at| (way[2 * at + 1], at)).collect();
    let (Some(least), Some(most)) = (asked.iter().min(), asked.iter().map(|(demand, _)| demand).max()) else {
        return match (blocked, rulings) {
            (1, 0 | 1) => (Outcome::Blocked, None),
            (_, 1 | 3) => (Outcome::Ruled, Some(Source::Ruling)),
            _ => (Outcome::NothingAsked, None),
        };
    };
    // The smallest number is the strictest, and of equal ones the first comes first.
    let strictest = Some(Source::DOCUMENTS[least.1]);
    match (blocked, rulings) {
        (1, 0 | 1) => (Outcome::Blocked, None),
        (_, 1 | 3) => (Outcome::Ruled, Some(Source::Ruling)),
        _ if least.0 == *most => (Outcome::Governed, strictest),
        _ if *most < 5 => (Outcome::StricterApplies, strictest),
        _ => (Outcome::Conflict, None),
    }
}

fn place(way: &[usize]) -> usize {
    way.iter().zip(VALUES).fold(0, |at, (value, of)| at * of + value)
}

/// Every combination of one choice from each list.
fn every<T: Copy>(choices: &[Vec<T>]) -> Vec<Vec<T>> {
    choices.iter().fold(vec![Vec::new()], |all, more| {
        all.iter().flat_map(|begun| more.iter().map(move |one| begun.iter().copied().chain([*one]).collect())).collect()
    })
}

fn as_facts(known: &[Option<usize>]) -> Facts {
    let ask = |at: usize| Ask { applies: known[2 * at].map(|value| value == 1), asks: known[2 * at + 1].map(demand) };
    let rulings = known[6].map(|says| {
        let of = |binds: bool, allows: bool| Ruling {
            asks: binds.then(|| hours(1)),
            allows: allows.then_some(true),
            ..ruling("R-1", "2026-11-01")
        };
        let elsewhere = Ruling { this_contract: false, ..of(true, true) };
        [elsewhere].into_iter().chain((says > 0).then(|| of(says & 1 == 1, says & 2 == 2))).collect()
    });
    Facts { contract: ask(0), plan: ask(1), pack: ask(2), rulings, blocked_until_ruling: known[7].map(|value| value == 1) }
}

/// SEC-1, SEC-36, SEC-39: for all combinations of facts known and not known, the answer is the one on which every way to complete them agrees, and
/// undetermined where they differ; missing are exactly the facts of which one alone changes the answer, however the others are completed.
#[test]
fn sec_1_the_answer_is_what_all_completions_agree_on() {
    let book: Vec<_> =
        every(&VALUES.map(|of| (0..of).collect::<Vec<_>>())).into_iter().map(|way| by_the_book(way.try_into().unwrap())).collect();
    let (applies, asks) = (vec![None, Some(0), Some(1)], vec![None, Some(1), Some(3), Some(5)]);
    let documents = [&applies, &asks, &applies, &asks, &applies, &asks].map(Clone::clone);
    let rest = [vec![None, Some(0), Some(1), Some(2), Some(3)], vec![None, Some(0), Some(1)]];
    let all = every(&[documents.as_slice(), rest.as_slice()].concat());
    assert_eq!(all.len(), 12 * 12 * 12 * 5 * 3);
    let names: Vec<&str> = facts_that_may_miss().into_iter().map(|missing| missing.0).collect();
    let mut counts = [0_usize; 7];
    for known in all {
        let ways = every(&std::array::from_fn::<_, 8, _>(|at| known[at].map_or_else(|| (0..VALUES[at]).collect(), |value| vec![value])));
        let first = book[place(&ways[0])];
        let expected = if ways.iter().all(|way| book[place(way)] == first) { first } else { (Outcome::Undetermined, None) };
        let step = |at: usize| VALUES[at + 1..].iter().product::<usize>();
        let matters = |at: usize| ways.iter().any(|way| book[place(way)] != book[place(way) - way[at] * step(at)]);
        let missing: Vec<&str> = (0..8).filter(|at| known[*at].is_none() && matters(*at)).map(|at| names[at]).collect();
        let decision = decide(&as_facts(&known));
        assert_eq!(((decision.explained.outcome, decision.governs), missing_of(&decision)), (expected, missing), "{known:?}");
        counts[Outcome::ALL.iter().position(|outcome| *outcome == expected.0).unwrap()] += 1;
    }
    assert!(counts.iter().all(|count| *count > 50), "every outcome occurs: {counts:?}");
}

fn rulings() -> impl Strategy<Value = Vec<Ruling>> {
    let says = prop_oneof![demands().prop_map(|asks| (Some(asks), None)), any::<bool>().prop_map(|allows| (None, Some(allows)))];
    let one = (says, 1_i8..28, any::<bool>(), "[A-Z]{1,3}-[0-9]{1,4}").prop_map(|((asks, allows), day, this_contract, reference)| Ruling {
        reference,
        day: Date::new(2026, 11, day).unwrap(),
        this_contract,
        asks,
        allows,
    });
    vec(one, 0..3)
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let ask = || (option::of(any::<bool>()), option::of(demands())).prop_map(|(applies, asks)| Ask { applies, asks });
    let known = prop_oneof![3 => Just(Some(false)), 1 => option::of(any::<bool>())];
    let rulings = prop_oneof![3 => Just(Some(Vec::new())), 2 => option::of(rulings())];
    (ask(), ask(), ask(), rulings, known).prop_map(|(contract, plan, pack, rulings, blocked_until_ruling)| Facts {
        contract,
        plan,
        pack,
        rulings,
        blocked_until_ruling,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    // SEC-1, OWN-1: to learn more, of one fact or of several, never turns one determined answer into another. Unlike above, with demands of any kind.
    #[test]
    fn sec_1_knowing_more_overturns_nothing(facts in any_facts(), more in any_facts(), which in vec(any::<bool>(), 8)) {
        let ask = |known: &Ask, more: &Ask, at: usize| Ask {
            applies: known.applies.or(more.applies.filter(|_| which[at])),
            asks: known.asks.clone().or(more.asks.clone().filter(|_| which[at + 1])),
        };
        let after = Facts {
            contract: ask(&facts.contract, &more.contract, 0),
            plan: ask(&facts.plan, &more.plan, 2),
            pack: ask(&facts.pack, &more.pack, 4),
            rulings: facts.rulings.clone().or(more.rulings.filter(|_| which[6])),
            blocked_until_ruling: facts.blocked_until_ruling.or(more.blocked_until_ruling.filter(|_| which[7])),
        };
        let (before, after) = (decide(&facts), decide(&after));
        if before.explained.outcome != Outcome::Undetermined {
            prop_assert_eq!((before.explained.outcome, before.governs), (after.explained.outcome, after.governs));
        }
        let names = missing_of(&before);
        prop_assert!(missing_of(&after).iter().all(|missing| names.contains(missing)));
    }

    #[test]
    fn what_goes_along_fits_the_outcome(facts in any_facts()) {
        let decision = decide(&facts);
        let outcome = decision.explained.outcome;
        prop_assert_eq!(outcome == Outcome::Undetermined, !decision.explained.missing.is_empty());
        prop_assert_eq!(outcome == Outcome::Ruled, decision.ruling.is_some());
        match decision.governs {
            Some(source) => prop_assert_eq!(&decision.applies, &[source]),
            None => prop_assert_eq!(outcome == Outcome::Conflict, decision.applies.len() > 1, "{:?}", decision),
        }
        if let (Outcome::StricterApplies | Outcome::Governed, Some(source)) = (outcome, decision.governs) {
            // Nothing that is known is stricter than what governs.
            for document in Source::DOCUMENTS {
                if let (Some(one), Some(other)) = (facts.known(source), facts.known(document)) {
                    prop_assert!(matches!(one.compared(other), Compared::Same | Compared::Stricter));
                }
            }
        }
        prop_assert!(!decision.ruling_invited || !decision.conflicts.is_empty() || outcome == Outcome::Blocked);
        prop_assert!(outcome == Outcome::Undetermined || !decision.explained.because.is_empty());
    }

    #[test]
    fn facts_written_as_json_are_read_back(facts in any_facts()) {
        let document = serde_json::to_value(&facts).unwrap();
        prop_assert!(SCHEMA.is_valid(&document), "{}", document);
        prop_assert_eq!(Facts::from_json(&document.to_string()), Ok(facts));
    }

    #[test]
    fn no_document_makes_the_reader_panic(document in any_document(), text in "\\PC*") {
        let read = Facts::from_json(&document.to_string());
        prop_assert_eq!(read.is_ok(), SCHEMA.is_valid(&document), "{} {:?}", document, read);
        for read in [read, Facts::from_json(&text)] {
            match read {
                Ok(facts) => drop(decide(&facts)),
                Err(error) => prop_assert!(error.path.starts_with('$') && !error.problem.is_empty()),
            }
        }
    }
}

/// Documents whose keys are mostly right, and whose values are often so.
fn any_document() -> impl Strategy<Value = Value> {
    let object = |keys: &[&'static str], value: BoxedStrategy<Value>| {
        let key = prop_oneof![29 => select(keys.to_vec()).prop_map(str::to_owned), 1 => "[a-z_]{0,8}"];
        btree_map(key, value, 0..6).prop_map(Value::from_iter).boxed()
    };
    let words = ["hours", "at_most", "at_least", "2026-11-02", "R-1", "Burn it", " ", "2026-1-2"];
    let word = prop_oneof![19 => select(words.to_vec()).prop_map(Value::from), 1 => "\\PC{0,4}".prop_map(Value::from)].boxed();
    let small = prop_oneof![
        3 => option::of(any::<bool>()).prop_map(Value::from),
        6 => word,
        2 => any::<i64>().prop_map(Value::from),
    ];
    let demand = prop_oneof![
        2 => demands().prop_map(|demand| serde_json::to_value(demand).unwrap()),
        2 => object(&["value", "unit", "direction", "text"], small.clone().boxed()),
        1 => Just(Value::Null),
    ]
    .boxed();
    let inner = prop_oneof![2 => small.clone(), 2 => demand].boxed();
    let one = prop_oneof![
        2 => rulings().prop_map(|rulings| serde_json::to_value(rulings.first()).unwrap()),
        2 => object(&["reference", "day", "this_contract", "asks", "allows"], inner.clone()),
    ]
    .boxed();
    let value = prop_oneof![
        1 => small,
        3 => object(&["applies", "asks"], inner),
        3 => vec(one, 0..3).prop_map(Value::from),
    ]
    .boxed();
    object(&["contract", "plan", "pack", "rulings", "blocked_until_ruling"], value)
}
