//! Every reason, missing fact, kind and blocker has its words in the catalogue, and they can be said.

use super::super::complete::{self, Blocker, Change, Proposal, States};
use super::*;
use crate::decision::{Args, Outcome as _, Reason};
use crate::testing::{bundle, ids, plain, say};

const CATALOGUE: &str = include_str!("../../../../../locales/en/plan_change.ftl");

#[test]
fn every_message_of_the_rules_is_in_the_catalogue_and_every_one_there_is_used() {
    let reasons = |all: Vec<(&'static str, &'static [&'static str])>, decision: &'static str| {
        all.into_iter().map(move |(rule, source)| {
            assert!(!source.is_empty(), "{rule}");
            Reason { rule, source, args: Args::new() }.message_id(decision)
        })
    };
    let used: BTreeSet<String> = reasons(rules(), "plan-change")
        .chain(facts_that_may_miss().into_iter().map(|missing| missing.message_id("plan-change")))
        .chain(Outcome::ALL.iter().map(|outcome| outcome.message_id()))
        .chain(Added::ALL.iter().map(|added| added.message_id()))
        .chain(Further::ALL.iter().map(|further| further.message_id()))
        .chain(reasons(complete::rules(), "plan-change-complete"))
        .chain(complete::facts_that_may_miss().into_iter().map(|missing| missing.message_id("plan-change-complete")))
        .chain(complete::Outcome::ALL.iter().map(|outcome| outcome.message_id()))
        .chain(Blocker::ALL.iter().map(|blocker| blocker.message_id()))
        .collect();
    assert_eq!(ids(CATALOGUE, "rule-"), used.iter().map(String::as_str).collect());
    let bundle = bundle(CATALOGUE);
    for id in used.iter().filter(|id| id.contains("-missing-") || id.contains("-outcome-")) {
        plain(&say(&bundle, id, &Args::new()));
    }
}

/// The facts are walked through so that each rule speaks, of each kind of addition and each blocker.
#[test]
fn every_reason_can_be_said() {
    let bundle = bundle(CATALOGUE);
    let mut said = BTreeSet::new();
    let mut spoken = BTreeSet::new();
    let additions = Added::ALL.iter().map(|kind| Some(BTreeSet::from([*kind]))).chain([None, Some(BTreeSet::new())]);
    for added in additions {
        for value in [None, Some(false), Some(true)] {
            let facts = Facts {
                added: added.clone(),
                handles_authority_data: value,
                people_affected: value,
                software_change: value,
                data_held_during: value,
                service_lost: value,
            };
            for reason in decide(&facts).explained.because {
                spoken.insert(reason.rule);
                said.insert(say(&bundle, &reason.message_id("plan-change"), &reason.args));
            }
        }
    }
    assert_eq!(spoken, rules().into_iter().map(|(rule, _)| rule).collect());
    spoken.clear();
    for change in Change::ALL {
        for proposal in Proposal::ALL {
            for (offshore, linked) in [(false, false), (true, false), (true, true)] {
                let states = States { offshore: Some(offshore), linked: Some(linked), change: Some(*change), proposal: Some(*proposal) };
                for reason in complete::decide(&states).explained.because {
                    spoken.insert(reason.rule);
                    said.insert(say(&bundle, &reason.message_id("plan-change-complete"), &reason.args));
                }
            }
        }
    }
    assert_eq!(spoken, complete::rules().into_iter().map(|(rule, _)| rule).collect());
    for text in &said {
        plain(text);
    }
    for text in [
        "A new transfer route may affect how authority data is handled. So the authority is told at least.",
        "Software changes. Say how it is tested, with penetration tests.",
        "The change was declined. Withdraw the proposal, or ask for another change.",
        "The proposal was withdrawn. Withdraw the change, or leave out what is offshore.",
    ] {
        assert!(said.contains(text), "{text}: {said:#?}");
    }
}
