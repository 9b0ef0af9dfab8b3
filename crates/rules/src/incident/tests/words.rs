//! Every reason, missing fact, limb and category has its words in the catalogue, and they can be said.

use super::super::severity;
use super::*;
use crate::decision::{Args, Outcome as _, Reason};
use crate::testing::{bundle, ids, plain, say};

const CATALOGUE: &str = include_str!("../../../../../locales/en/incident.ftl");

#[test]
fn every_message_of_the_rules_is_in_the_catalogue_and_every_one_there_is_used() {
    let there = ids(CATALOGUE, "rule-incident-");
    let reasons = |all: Vec<(&'static str, &'static [&'static str])>, decision: &'static str| {
        all.into_iter().map(move |(rule, source)| {
            assert!(!source.is_empty(), "{rule}");
            Reason { rule, source, args: Args::new() }.message_id(decision)
        })
    };
    let used: BTreeSet<String> = reasons(rules(), "incident")
        .chain(facts_that_may_miss().into_iter().map(|missing| missing.message_id("incident")))
        .chain(Outcome::ALL.iter().map(|outcome| outcome.message_id()))
        .chain(Limb::ALL.iter().map(|limb| limb.message_id()))
        .chain(Category::ALL.iter().map(|category| category.message_id()))
        .chain(Item::ALL.iter().map(|item| item.message_id()))
        .chain(reasons(severity::rules(), "incident-severity"))
        .chain(severity::facts_that_may_miss().into_iter().map(|missing| missing.message_id("incident-severity")))
        .chain(severity::Severity::ALL.iter().map(|severity| severity.message_id()))
        .collect();
    assert_eq!(there, used.iter().map(String::as_str).collect());
    let bundle = bundle(CATALOGUE);
    for id in used.iter().filter(|id| id.contains("-missing-")) {
        plain(&say(&bundle, id, &Args::new()));
    }
}

/// The facts are walked through so that each rule speaks, for each action and each way in which a limb stands.
#[test]
fn every_reason_can_be_said() {
    let bundle = bundle(CATALOGUE);
    let mut said = BTreeSet::new();
    let mut spoken = BTreeSet::new();
    let known = [None, Some(true), Some(false)];
    let attempts = [None, Some(Attempt::None), Some(Attempt::Failed), Some(Attempt::Succeeded)];
    let losses = [None, Some(BTreeSet::new()), Some(BTreeSet::from([Loss::Availability])), Some(Loss::ALL.iter().copied().collect())];
    let places = [None, Some(Whereabouts::InSecureFacility), Some(Whereabouts::Unknown), Some(Whereabouts::Outside)];
    let every_action: BTreeSet<Action> = Action::ALL.iter().copied().collect();
    for asset_involved in known {
        for attempt in attempts {
            for loss in &losses {
                for value in known {
                    for whereabouts in places {
                        for actions in [None, Some(BTreeSet::new()), Some(every_action.clone())] {
                            let facts = Facts {
                                asset_involved,
                                asset_kind: Some(AssetKind::Information).filter(|_| attempt.is_some()),
                                attempt,
                                loss: loss.clone(),
                                process_breakdown: value,
                                exposed: value.or(Some(false)).filter(|_| loss.is_some()),
                                whereabouts,
                                backup_usable: value,
                                actions,
                                systemic: value,
                            };
                            for reason in decide(&facts).explained.because {
                                spoken.insert(reason.rule);
                                said.insert(say(&bundle, &reason.message_id("incident"), &reason.args));
                            }
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
        "Information of the authority’s was involved. So any one of the three tests is enough.",
        "Something was stolen. That points to a deliberate attempt. You say that there was none: check that answer.",
        "Data was passed on, which points to a loss of confidentiality. Nobody has said yet what was lost.",
        "You may report it all the same: every report is accepted. These tests advise. The authority decides, and gives its reason.",
    ] {
        assert!(said.contains(text), "{text}: {said:#?}");
    }
}

#[test]
fn every_reason_for_a_severity_can_be_said() {
    use severity::{Impact, Thresholds, judge};
    let bundle = bundle(CATALOGUE);
    let (mut said, mut spoken) = (BTreeSet::new(), BTreeSet::new());
    for encrypted in [None, Some(true), Some(false)] {
        for loss in [None, Some(Loss::ALL.iter().copied().collect::<BTreeSet<_>>())] {
            for number in [None, Some(1), Some(1200), Some(3_000_000)] {
                for categories in [BTreeSet::new(), BTreeSet::from([Category::Theft]), Category::ALL.iter().copied().collect()] {
                    let impact = Impact {
                        categories,
                        loss: loss.clone(),
                        people: number,
                        records: number,
                        encrypted,
                        special_category: number.map(|number| number > 1),
                        services_down: number,
                    };
                    let all = Thresholds {
                        categories: Category::ALL.iter().map(|one| (*one, severity::Severity::High)).collect(),
                        ..Thresholds::default()
                    };
                    for reason in judge(&impact, &all).because {
                        spoken.insert(reason.rule);
                        said.insert(say(&bundle, &reason.message_id("incident-severity"), &reason.args));
                    }
                }
            }
        }
    }
    for text in &said {
        plain(text);
    }
    assert_eq!(spoken, severity::rules().into_iter().map(|(rule, _)| rule).collect());
    assert!(said.contains("People whom the data is about: 1200. That makes it high at least."), "{said:#?}");
}
