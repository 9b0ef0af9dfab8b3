//! Whether the change and its proposal may take effect: the table, and every combination.

use std::collections::BTreeSet;

use super::super::complete::{Blocker, Change, Outcome, Proposal, States, decide, states_schema};
use super::*;

fn states(offshore: bool, linked: bool, change: Change, proposal: Proposal) -> States {
    States { offshore: Some(offshore), linked: Some(linked), change: Some(change), proposal: Some(proposal) }
}

/// SEC-9, SEC-28, OFF-6: neither completes without the other, and what stands in the way is named.
#[test]
fn sec_28_neither_completes_without_the_other() {
    use Blocker::{ChangeDeclined, ChangeNotOpened, ChangeOpen, NotLinked, ProposalNotOpened, ProposalOpen, ProposalWithdrawn};
    let rows: Vec<(States, &[Blocker], &str)> = vec![
        (states(true, true, Change::Agreed, Proposal::Approved), &[], "proposal_approved"),
        (states(true, true, Change::Agreed, Proposal::NotOffshoring), &[], "not_offshoring"),
        (states(true, true, Change::NoPlanChange, Proposal::Approved), &[], "no_plan_change"),
        (states(false, false, Change::Agreed, Proposal::NotOpened), &[], "no_proposal_needed"),
        // A proposal that is not linked is none of this change's.
        (states(false, false, Change::Agreed, Proposal::Declined), &[], "change_agreed"),
        (states(true, true, Change::Agreed, Proposal::Open), &[ProposalOpen], "together"),
        (states(true, true, Change::Open, Proposal::Approved), &[ChangeOpen], "blocker"),
        (states(true, false, Change::Agreed, Proposal::Approved), &[NotLinked], "proposal_approved"),
        (states(true, false, Change::NotOpened, Proposal::NotOpened), &[ChangeNotOpened, NotLinked, ProposalNotOpened], "blocker"),
        (states(true, true, Change::Declined, Proposal::Open), &[ChangeDeclined, ProposalOpen], "blocker"),
        // Whoever linked it wants the two decided together.
        (states(false, true, Change::Agreed, Proposal::Withdrawn), &[ProposalWithdrawn], "together"),
        (states(false, false, Change::Open, Proposal::Open), &[ChangeOpen], "no_proposal_needed"),
    ];
    for (given, blockers, rule) in rows {
        let decision = decide(&given);
        let expected = if blockers.is_empty() { Outcome::Complete } else { Outcome::Blocked };
        assert_eq!((decision.explained.outcome, decision.blockers.as_slice()), (expected, blockers), "{given:?}");
        assert!(decision.explained.because.iter().any(|reason| reason.rule == rule), "{given:?}: {rule}");
    }
    let document = decide(&states(true, true, Change::Open, Proposal::Open)).to_json(&|id, args| format!("{id} {args:?}"));
    assert_eq!((&document["outcome"], &document["blockers"]), (&json!("blocked"), &json!(["change_open", "proposal_open"])));
    assert!(document["because"][0]["text"].as_str().unwrap().contains("change-open"));
}

/// The rows written down a second time and otherwise: both are settled, and where something is offshore, linked.
fn by_the_book(offshore: bool, linked: bool, change: Change, proposal: Proposal) -> bool {
    let settled = ["approved", "not_offshoring"].contains(&proposal.code());
    ["agreed", "no_plan_change"].contains(&change.code()) && if linked { settled } else { !offshore }
}

fn either<T: Copy>(known: Option<T>, all: &[T]) -> Vec<T> {
    known.map_or(all.to_vec(), |known| vec![known])
}

fn all_known<T: Copy>(all: &[T]) -> Vec<Option<T>> {
    all.iter().copied().map(Some).chain([None]).collect()
}

fn every_states() -> Vec<States> {
    let mut all = Vec::new();
    for offshore in all_known(&[false, true]) {
        for linked in all_known(&[false, true]) {
            for change in all_known(Change::ALL) {
                all.extend(all_known(Proposal::ALL).into_iter().map(|proposal| States { offshore, linked, change, proposal }));
            }
        }
    }
    all
}

/// SEC-28: for all combinations of what is known and not known, the outcome is the one on which every way to complete them agrees, and undetermined where
/// they differ; missing are exactly those of which one alone changes the answer.
#[test]
fn sec_28_the_outcome_is_what_all_completions_agree_on() {
    let mut counts = [0_usize; 3];
    for given in every_states() {
        let mut answers = Vec::new();
        for offshore in either(given.offshore, &[false, true]) {
            for linked in either(given.linked, &[false, true]) {
                for change in either(given.change, Change::ALL) {
                    for proposal in either(given.proposal, Proposal::ALL) {
                        answers.push(((offshore, linked, change, proposal), by_the_book(offshore, linked, change, proposal)));
                    }
                }
            }
        }
        let expected = match (answers.iter().any(|(_, answer)| *answer), answers.iter().any(|(_, answer)| !*answer)) {
            (true, false) => Outcome::Complete,
            (false, _) => Outcome::Blocked,
            (true, true) => Outcome::Undetermined,
        };
        let mut missing = BTreeSet::new();
        for ((offshore, linked, change, proposal), answer) in &answers {
            for ((o, l, c, p), other) in answers.iter().filter(|(_, other)| other != answer) {
                let _ = other;
                let differ = [("offshore", offshore != o), ("linked", linked != l), ("change", change != c), ("proposal", proposal != p)];
                let differ: Vec<&str> = differ.into_iter().filter(|(_, differ)| *differ).map(|(name, _)| name).collect();
                if let [one] = differ.as_slice() {
                    missing.insert(*one);
                }
            }
        }
        let decision = decide(&given);
        assert_eq!(decision.explained.outcome, expected, "{given:?}");
        assert_eq!(missing_of(&decision.explained).into_iter().collect::<BTreeSet<_>>(), missing, "{given:?}");
        // A blocker is named exactly where one is known to stand in the way.
        assert_eq!(decision.blockers.is_empty(), expected != Outcome::Blocked, "{given:?}");
        counts[Outcome::ALL.iter().position(|outcome| *outcome == expected).unwrap()] += 1;
    }
    assert!(counts.iter().all(|count| *count > 5) && counts.iter().sum::<usize>() == 3 * 3 * 7 * 7, "{counts:?}");
}

/// SEC-28, OWN-1: to learn one fact more never turns one determined outcome into another, and takes no blocker away.
#[test]
fn sec_28_knowing_more_overturns_nothing() {
    for given in every_states() {
        let before = decide(&given);
        let more = every_states().into_iter().filter(|more| {
            (given.offshore.is_none() || given.offshore == more.offshore)
                && (given.linked.is_none() || given.linked == more.linked)
                && (given.change.is_none() || given.change == more.change)
                && (given.proposal.is_none() || given.proposal == more.proposal)
        });
        for more in more {
            let after = decide(&more);
            assert!(
                before.explained.outcome == Outcome::Undetermined || before.explained.outcome == after.explained.outcome,
                "{given:?} {more:?}"
            );
            assert!(before.blockers.iter().all(|blocker| after.blockers.contains(blocker)), "{given:?} {more:?}");
        }
    }
}

#[test]
fn states_are_read_strictly() {
    let schema = jsonschema::validator_for(&states_schema()).unwrap();
    for (text, path) in [
        ("[]", "$"),
        (r#"{"change":"done"}"#, "$.change"),
        (r#"{"change":["agreed"]}"#, "$.change"),
        (r#"{"proposal":"agreed"}"#, "$.proposal"),
        (r#"{"offshore":"yes"}"#, "$.offshore"),
        (r#"{"linked":1}"#, "$.linked"),
        (r#"{"state":"open"}"#, "$.state"),
    ] {
        let error = States::from_json(text).expect_err(text);
        assert_eq!(error.path, path, "{error}");
        assert!(!schema.is_valid(&serde_json::from_str(text).unwrap()), "{text}");
    }
    let error = States::from_json(r#"{"proposal":"done"}"#).unwrap_err().to_string();
    assert!(error.contains("expected one of not_opened, open, approved, not_offshoring, declined, withdrawn"), "{error}");
    for given in every_states() {
        let document = serde_json::to_value(given).unwrap();
        assert!(schema.is_valid(&document));
        assert_eq!(States::from_json(&document.to_string()), Ok(given));
    }
    assert_eq!(States::from_json("{}"), Ok(States::default()));
}
