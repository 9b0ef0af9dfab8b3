//! Every reason and every missing fact has its words in the catalogue, and they can be said.

use super::*;
use crate::testing::{bundle, say};

const CATALOGUE: &str = include_str!("../../../../../locales/en/rules.ftl");

#[test]
fn every_message_of_the_rules_is_in_the_catalogue_and_every_one_there_is_used() {
    let there: BTreeSet<&str> = CATALOGUE
        .lines()
        .filter(|line| line.starts_with("rule-offshoring-"))
        .filter_map(|line| line.split_once(" = "))
        .map(|(id, text)| {
            assert!(!text.trim().is_empty(), "{id}");
            id
        })
        .collect();
    let reasons = rules().into_iter().map(|(rule, source)| {
        assert!(!source.is_empty(), "{rule}");
        Reason { rule, source, args: Args::new() }.message_id("offshoring")
    });
    let missing = facts_that_may_miss().into_iter().map(|missing| missing.message_id("offshoring"));
    let outcomes = [Outcome::Offshoring, Outcome::NotOffshoring, Outcome::Undetermined].map(decision::Outcome::message_id);
    let used: BTreeSet<String> = reasons.chain(missing).chain(outcomes).collect();
    assert_eq!(there, used.iter().map(String::as_str).collect());
}

#[test]
fn every_reason_can_be_said_for_every_kind_and_place() {
    let bundle = bundle(CATALOGUE);
    let home = Home::from_codes(&["GB"]).unwrap();
    let facts = [None, Some(true), Some(false)];
    let mut said = BTreeSet::new();
    for kind in Kind::ALL {
        for country in [None, Country::from_code("GB").ok(), Country::from_code("BS").ok()] {
            for known in facts {
                let staff = Some(Staff {
                    foreign_nationals: Some(true),
                    brought_to_home: Some(true),
                    resident_at_home_already: known,
                    access_to_information: known,
                });
                for staff in [None, staff, Some(Staff { foreign_nationals: Some(false), brought_to_home: Some(false), ..Staff::default() })]
                {
                    let activity = Activity { kind, country, authority_information: known, personal_data: known, staff };
                    for reason in decide_activity(&home, &activity).because {
                        let text = say(&bundle, &reason.message_id("offshoring"), &reason.args);
                        assert!(!text.contains("not-known") && !text.contains("  ") && text.ends_with('.'), "{text}");
                        for sentence in text.split(". ") {
                            assert!(sentence.split_whitespace().count() <= 22, "too long: {sentence}");
                        }
                        said.insert(text);
                    }
                }
            }
        }
    }
    assert!(said.contains("You host the authority's information in the Bahamas. That is outside the United Kingdom, so it is offshoring."));
}

#[test]
fn every_refusal_of_a_country_can_be_said() {
    let bundle = bundle(CATALOGUE);
    for text in ["", "Atlantis", "ZZ", "Channel Islands", "USSR"] {
        let error = Country::resolve(text).unwrap_err();
        assert!(say(&bundle, error.message_id(), &error.args()).ends_with('.'), "{text}");
    }
}
