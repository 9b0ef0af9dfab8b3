//! Every reason, missing fact and source has its words in the catalogue, and they can be said.

use std::collections::BTreeSet;

use super::*;
use crate::decision::{Args, Outcome as _, Reason};
use crate::testing::{bundle, ids, plain, say};

const CATALOGUE: &str = include_str!("../../../../../locales/en/governing.ftl");

#[test]
fn every_message_of_the_rules_is_in_the_catalogue_and_every_one_there_is_used() {
    let used: BTreeSet<String> = rules()
        .into_iter()
        .map(|(rule, source)| {
            assert!(!source.is_empty(), "{rule}");
            Reason { rule, source, args: Args::new() }.message_id("governing")
        })
        .chain(facts_that_may_miss().into_iter().map(|missing| missing.message_id("governing")))
        .chain(Outcome::ALL.iter().map(|outcome| outcome.message_id()))
        .chain(Source::ALL.iter().map(|source| source.message_id()))
        .collect();
    assert_eq!(ids(CATALOGUE, "rule-"), used.iter().map(String::as_str).collect());
    let bundle = bundle(CATALOGUE);
    for id in used.iter().filter(|id| id.contains("-missing-") || id.contains("-outcome-")) {
        plain(&say(&bundle, id, &Args::new()));
    }
}

/// The facts are walked through so that each rule speaks, of each document.
#[test]
fn every_reason_can_be_said() {
    let bundle = bundle(CATALOGUE);
    let mut said = BTreeSet::new();
    let mut spoken = BTreeSet::new();
    let days = Demand::Limit { value: 5, unit: "working_days".to_owned(), direction: Direction::AtLeast };
    let not_said = Ask { applies: Some(true), asks: None };
    let asks = [within(None), within(24), within(48), asking(days), asking(text("Shred it")), not_said, Ask::default()];
    let says = |asks: Option<Demand>, allows: Option<bool>| Some(vec![Ruling { asks, allows, ..ruling("RUL-2026-000001", "2026-11-02") }]);
    let elsewhere = says(None, Some(true)).map(|rulings| rulings.into_iter().map(|one| Ruling { this_contract: false, ..one }).collect());
    let rulings = [
        None,
        Some(Vec::new()),
        elsewhere,
        says(Some(hours(1)), None),
        says(None, Some(true)),
        says(None, Some(false)),
        says(Some(hours(1)), Some(true)),
    ];
    for contract in &asks {
        for plan in &asks {
            for pack in &asks {
                for rulings in &rulings {
                    for blocked_until_ruling in [None, Some(false), Some(true)] {
                        let facts = Facts {
                            contract: contract.clone(),
                            plan: plan.clone(),
                            pack: pack.clone(),
                            rulings: rulings.clone(),
                            blocked_until_ruling,
                        };
                        for reason in decide(&facts).explained.because {
                            spoken.insert(reason.rule);
                            said.insert(say(&bundle, &reason.message_id("governing"), &reason.args));
                        }
                    }
                }
            }
        }
    }
    for text in &said {
        plain(text);
    }
    assert_eq!(spoken, rules().into_iter().map(|(rule, _)| rule).collect());
    for text in [
        "The contract asks for at most 24, counted in hours.",
        "The agreed plan asks for at least 5, counted in working days.",
        "The policy pack says: “Shred it”.",
        "The policy pack is stricter than the contract. They conflict.",
        "The agreed plan and the policy pack differ and cannot be compared. They conflict.",
        "Ruling RUL-2026-000001 of 2026-11-02 says what holds on this contract. It goes before every document.",
        "Only the agreed plan asks something here. So it governs.",
    ] {
        assert!(said.contains(text), "{text}: {said:#?}");
    }
}
