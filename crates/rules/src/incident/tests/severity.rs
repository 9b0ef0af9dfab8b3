//! How severe: a table of cases, each step by itself, and what is missing by brute force.

use proptest::collection::{btree_map, btree_set};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::severity::{Impact, Severity, Steps, Thresholds, facts_that_may_miss, judge};
use super::{Category, Loss};
use crate::decision::Explained;
use std::collections::BTreeSet;

/// Everything known, and nothing of it at stake.
fn nothing() -> Impact {
    Impact {
        categories: BTreeSet::new(),
        loss: Some(BTreeSet::new()),
        people: Some(0),
        records: Some(0),
        encrypted: Some(false),
        special_category: Some(false),
        services_down: Some(0),
    }
}

fn of(impact: &Impact) -> (Severity, Vec<&'static str>, Vec<&'static str>) {
    told(judge(impact, &Thresholds::default()))
}

fn told(explained: Explained<Severity>) -> (Severity, Vec<&'static str>, Vec<&'static str>) {
    let rules = explained.because.iter().map(|reason| reason.rule).collect();
    (explained.outcome, rules, explained.missing.iter().map(|missing| missing.0).collect())
}

/// SEC-X2: numbers of people and records, encryption, special categories, services and kinds of loss each ask for their severity.
#[test]
fn sec_x2_each_thing_asks_for_its_severity() {
    use Severity::{Critical, High, Low, Moderate};
    let with = |change: fn(&mut Impact)| {
        let mut impact = nothing();
        change(&mut impact);
        impact
    };
    #[rustfmt::skip]
    let cases: Vec<(Impact, Severity, &[&str])> = vec![
        (nothing(), Low, &["nothing_more"]),
        (with(|i| i.people = Some(9)), Low, &["nothing_more"]),
        (with(|i| i.people = Some(10)), Moderate, &["people"]),
        (with(|i| i.people = Some(999)), Moderate, &["people"]),
        (with(|i| i.people = Some(1_000)), High, &["people"]),
        (with(|i| i.people = Some(100_000)), Critical, &["people"]),
        (with(|i| i.people = Some(u64::MAX)), Critical, &["people"]),
        (with(|i| i.records = Some(99)), Low, &["nothing_more"]),
        (with(|i| i.records = Some(100)), Moderate, &["records"]),
        (with(|i| i.records = Some(10_000)), High, &["records"]),
        (with(|i| i.records = Some(1_000_000)), Critical, &["records"]),
        (with(|i| i.services_down = Some(1)), Moderate, &["services_down"]),
        (with(|i| i.services_down = Some(3)), High, &["services_down"]),
        (with(|i| i.services_down = Some(10)), Critical, &["services_down"]),
        (with(|i| i.special_category = Some(true)), High, &["special_category"]),
        (with(|i| i.loss = Some([Loss::Integrity].into())), Moderate, &["loss"]),
        (with(|i| i.categories = [Category::Damage].into()), Moderate, &["category"]),
        (with(|i| i.categories = [Category::ProcessFailure].into()), Low, &["nothing_more"]),
        // The highest counts, and each is said.
        (with(|i| { i.people = Some(50); i.special_category = Some(true); i.categories = [Category::Theft].into(); }),
            High, &["category", "people", "special_category"]),
        // What nobody can read harms nobody,
        (with(|i| { i.people = Some(5_000); i.encrypted = Some(true); i.categories = [Category::Theft].into(); }),
            Low, &["category", "people", "encrypted"]),
        (with(|i| { i.loss = Some([Loss::Confidentiality].into()); i.encrypted = Some(true); }), Low, &["loss", "encrypted"]),
        // which does not help what is down, changed or destroyed,
        (with(|i| { i.people = Some(5_000); i.encrypted = Some(true); i.services_down = Some(3); }),
            High, &["people", "services_down", "encrypted"]),
        (with(|i| { i.loss = Some([Loss::Availability].into()); i.encrypted = Some(true); }), Moderate, &["loss"]),
        // nor data that was seen or passed on.
        (with(|i| { i.people = Some(5_000); i.encrypted = Some(true); i.categories = [Category::Disclosure].into(); }),
            High, &["category", "people", "encrypted_yet_seen"]),
    ];
    for (impact, severity, rules) in cases {
        let (outcome, said, missing) = of(&impact);
        assert_eq!((outcome, said.as_slice()), (severity, rules), "{impact:?}");
        assert!(missing.is_empty(), "{impact:?}");
    }
}

/// SEC-X2: what is not known asks for nothing yet and is named; data of which nobody says that it was encrypted counts as readable.
#[test]
fn sec_x2_what_is_not_known_is_named() {
    let all = ["loss", "people", "records", "special_category", "services_down"].as_slice();
    assert_eq!(
        of(&Impact::default()),
        (Severity::Low, vec!["nothing_more"], vec!["loss", "people", "records", "encrypted", "special_category", "services_down"])
    );
    assert_eq!(of(&Impact { encrypted: Some(false), ..Impact::default() }).2, all);
    // Nothing about readable data matters once it was encrypted.
    assert_eq!(of(&Impact { encrypted: Some(true), ..Impact::default() }).2, ["loss", "services_down"]);
    // Nothing can exceed the highest severity; but that may still fall if the data was encrypted.
    let many = Impact { people: Some(200_000), ..Impact::default() };
    assert_eq!(of(&many), (Severity::Critical, vec!["people", "encrypted_open"], vec!["loss", "encrypted", "services_down"]));
    let down = Impact { services_down: Some(10), ..Impact::default() };
    assert_eq!(of(&down), (Severity::Critical, vec!["services_down"], vec![]));
}

/// Thresholds come from the pack: what they leave out is as usual, and steps that do not rise are named.
#[test]
fn thresholds_are_the_packs() {
    let read = |text: &str| serde_json::from_str::<Thresholds>(text);
    assert_eq!(read("{}").unwrap(), Thresholds::default());
    assert!(Thresholds::default().faults().is_empty());
    let own = read(r#"{"people":{"moderate":1,"high":2,"critical":3},"special_category":"critical","loss":{"integrity":"high"},"encrypted_at_most":"moderate"}"#)
        .unwrap();
    assert_eq!(told(judge(&Impact { people: Some(2), ..nothing() }, &own)).0, Severity::High);
    assert_eq!(told(judge(&Impact { people: Some(2), encrypted: Some(true), ..nothing() }, &own)).0, Severity::Moderate);
    assert_eq!(told(judge(&Impact { special_category: Some(true), ..nothing() }, &own)).0, Severity::Critical);
    let lost = |kind: Loss| told(judge(&Impact { loss: Some([kind].into()), ..nothing() }, &own)).0;
    assert_eq!((lost(Loss::Integrity), lost(Loss::Availability)), (Severity::High, Severity::Low));
    for bad in [r#"{"special_category":"extreme"}"#, r#"{"peopel":{}}"#, r#"{"people":{"moderate":1}}"#, r#"{"loss":{"money":"low"}}"#] {
        assert!(read(bad).is_err(), "{bad}");
    }
    let steps = |moderate, high, critical| Steps { moderate, high, critical };
    let bad = Thresholds { people: steps(5, 5, 9), records: steps(1, 9, 3), services_down: steps(0, 1, 2), ..Thresholds::default() };
    assert_eq!(bad.faults(), ["people.high", "records.critical", "services_down.moderate"]);
}

/// Numbers on both sides of every step of these thresholds, small so that brute force goes through all.
fn thresholds() -> impl Strategy<Value = Thresholds> {
    let severity = || select(Severity::ALL);
    let steps = || (1..3_u64, 1..3_u64, 1..3_u64).prop_map(|(a, b, c)| Steps { moderate: a, high: a + b, critical: a + b + c });
    let severities =
        (severity(), severity(), btree_map(select(Loss::ALL), severity(), 0..4), btree_map(select(Category::ALL), severity(), 0..8));
    (steps(), steps(), steps(), severities).prop_map(
        |(people, records, services_down, (special_category, encrypted_at_most, loss, categories))| Thresholds {
            people,
            records,
            services_down,
            special_category,
            encrypted_at_most,
            loss,
            categories,
        },
    )
}

fn impact() -> impl Strategy<Value = Impact> {
    let number = || option::of(0..8_u64);
    (
        btree_set(select(Category::ALL), 0..3),
        option::of(btree_set(select(Loss::ALL), 0..3)),
        (number(), number(), number()),
        (option::of(any::<bool>()), option::of(any::<bool>())),
    )
        .prop_map(|(categories, loss, (people, records, services_down), (encrypted, special_category))| Impact {
            categories,
            loss,
            people,
            records,
            encrypted,
            special_category,
            services_down,
        })
}

/// Each way to make one fact known, if it is not.
fn filled(impact: &Impact, path: &str) -> Vec<Impact> {
    let numbers = [0, 1, 2, 3, 4, 5, 6];
    let truths = [false, true];
    let fill = |change: &dyn Fn(&mut Impact)| {
        let mut filled = impact.clone();
        change(&mut filled);
        filled
    };
    match path {
        "loss" if impact.loss.is_none() => {
            let some = |bits: u8| Loss::ALL.iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1).map(|(_, kind)| *kind).collect();
            (0..8_u8).map(|bits| fill(&|i| i.loss = Some(some(bits)))).collect()
        }
        "people" if impact.people.is_none() => numbers.iter().map(|n| fill(&|i| i.people = Some(*n))).collect(),
        "records" if impact.records.is_none() => numbers.iter().map(|n| fill(&|i| i.records = Some(*n))).collect(),
        "services_down" if impact.services_down.is_none() => numbers.iter().map(|n| fill(&|i| i.services_down = Some(*n))).collect(),
        "encrypted" if impact.encrypted.is_none() => truths.iter().map(|t| fill(&|i| i.encrypted = Some(*t))).collect(),
        "special_category" if impact.special_category.is_none() => {
            truths.iter().map(|t| fill(&|i| i.special_category = Some(*t))).collect()
        }
        _ => vec![impact.clone()],
    }
}

/// The severity where every fact is known, written down a second time and otherwise.
fn by_the_book(impact: &Impact, by: &Thresholds) -> Severity {
    use Category::{Damage, Disclosure, Fraud, Loss as Lost, ProcessFailure, Theft, UnauthorisedAccess};
    let loss = impact.loss.clone().unwrap_or_default();
    let category = |one: Category| by.categories.get(&one).filter(|_| impact.categories.contains(&one)).copied();
    let kind = |one: Loss| by.loss.get(&one).filter(|_| loss.contains(&one)).copied();
    let reached = |n: Option<u64>, steps: Steps| {
        Some(Severity::ALL[[steps.moderate, steps.high, steps.critical].iter().filter(|from| n >= Some(**from)).count()])
    };
    let special = Some(by.special_category).filter(|_| impact.special_category == Some(true));
    let readable = [Disclosure, UnauthorisedAccess, Theft, Lost].map(category).into_iter().flatten();
    let readable = readable.chain(
        [kind(Loss::Confidentiality), reached(impact.people, by.people), reached(impact.records, by.records), special]
            .into_iter()
            .flatten(),
    );
    let readable = readable.max().unwrap_or(Severity::Low);
    let other = [
        category(Fraud),
        category(ProcessFailure),
        category(Damage),
        kind(Loss::Availability),
        kind(Loss::Integrity),
        reached(impact.services_down, by.services_down),
    ];
    let unread =
        impact.encrypted == Some(true) && !impact.categories.contains(&Disclosure) && !impact.categories.contains(&UnauthorisedAccess);
    let readable = if unread { readable.min(by.encrypted_at_most) } else { readable };
    other.into_iter().flatten().fold(readable, Severity::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    // The severity is the book's, with what is not known at its mildest and unreadable only if somebody says so; missing are exactly the facts of which
    // one alone changes it, however the others are completed.
    #[test]
    fn what_is_missing_is_what_could_change_the_level(impact in impact(), by in thresholds()) {
        let paths: Vec<&str> = facts_that_may_miss().into_iter().map(|missing| missing.0).collect();
        let (severity, rules, missing) = told(judge(&impact, &by));
        prop_assert!(!rules.is_empty());
        prop_assert_eq!(severity, by_the_book(&impact, &by));
        for path in &paths {
            let others = paths.iter().filter(|other| *other != path);
            let completed = others.fold(vec![impact.clone()], |all, other| all.iter().flat_map(|one| filled(one, other)).collect());
            let matters = completed.iter().any(|one| {
                let severities: BTreeSet<Severity> = filled(one, path).iter().map(|whole| by_the_book(whole, &by)).collect();
                severities.len() > 1
            });
            prop_assert_eq!(missing.contains(path), matters, "{}", path);
        }
    }

    // To harm more never makes it milder.
    #[test]
    fn more_is_never_milder(impact in impact(), by in thresholds(), more in 0..4_u64) {
        let severity = |impact: &Impact| judge(impact, &by).outcome;
        let worse = Impact {
            people: impact.people.map(|n| n + more),
            records: impact.records.map(|n| n + more),
            services_down: impact.services_down.map(|n| n + more),
            special_category: impact.special_category.map(|special| special || more > 1),
            ..impact.clone()
        };
        prop_assert!(severity(&worse) >= severity(&impact));
        let unreadable = Impact { encrypted: Some(true), ..impact.clone() };
        prop_assert!(severity(&unreadable) <= severity(&impact));
    }
}
