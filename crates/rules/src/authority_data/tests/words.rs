//! Every reason, missing fact and limb has its words in the catalogue, and they can be said.

use std::collections::BTreeSet;

use super::*;
use crate::decision::{Args, Outcome as _, Reason};
use crate::testing::{bundle, ids, plain, say};

const CATALOGUE: &str = include_str!("../../../../../locales/en/authority_data.ftl");

#[test]
fn every_message_of_the_rules_is_in_the_catalogue_and_every_one_there_is_used() {
    let used: BTreeSet<String> = rules()
        .into_iter()
        .map(|(rule, source)| {
            assert!(!source.is_empty(), "{rule}");
            Reason { rule, source, args: Args::new() }.message_id("authority-data")
        })
        .chain(facts_that_may_miss().into_iter().map(|missing| missing.message_id("authority-data")))
        .chain(Outcome::ALL.iter().map(|outcome| outcome.message_id()))
        .chain(Limb::ALL.iter().map(|limb| limb.message_id()))
        .collect();
    assert_eq!(ids(CATALOGUE, "rule-"), used.iter().map(String::as_str).collect());
    let bundle = bundle(CATALOGUE);
    for id in used.iter().filter(|id| id.contains("-missing-")) {
        plain(&say(&bundle, id, &Args::new()));
    }
}

/// The facts are walked through so that each rule speaks.
#[test]
fn every_reason_can_be_said() {
    let bundle = bundle(CATALOGUE);
    let mut said = BTreeSet::new();
    let mut spoken = BTreeSet::new();
    let known = [None, Some(false), Some(true)];
    for first in known {
        for second in known {
            for personal_data in known {
                for authority_controls in known {
                    let facts = Facts {
                        received_from_authority: first,
                        received_for_authority: first,
                        made_because_of_contract: second,
                        processed_because_of_contract: second,
                        held_because_of_contract: second,
                        passed_on_because_of_contract: second,
                        personal_data,
                        authority_controls,
                        medium: Some(Medium::Spoken).filter(|_| first.is_some()),
                    };
                    for reason in decide(&facts).explained.because {
                        spoken.insert(reason.rule);
                        said.insert(say(&bundle, &reason.message_id("authority-data"), &reason.args));
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
        "It is spoken. The form never changes the answer: spoken, written, printed and electronic information all count.",
        "It is personal data, and the authority is its controller. That is enough.",
        "Other decisions use this answer: on incidents, on access and on work abroad.",
    ] {
        assert!(said.contains(text), "{text}: {said:#?}");
    }
}
