//! Why: each reason with its paragraphs, in the order in which people read them. The words are in `locales/en/plan_change.ftl`.

use std::collections::BTreeSet;

use super::{Added, Facts, Further, Outcome};
use crate::decision::{Args, Reason, Rule, rules};

rules! {
    NOTHING_ADDED = "nothing_added" ["SEC-9", "SEC-28"];
    HANDLES_AUTHORITY_DATA = "handles_authority_data" ["SEC-9", "SEC-28"];
    HANDLES_NOT_KNOWN = "handles_not_known" ["SEC-9"];
    REFINES_THE_PLAN = "refines_the_plan" ["SEC-28"];
    MAY_AFFECT = "may_affect" ["SEC-9"];
    PEOPLE_WITHOUT_DATA = "people_without_data" ["SEC-28"];
    NOTICE_FIRST = "notice_first" ["SEC-9"];
    NOTICE_ENDS = "notice_ends" ["SEC-9"];
    NEW_VERSION = "new_version" ["SEC-29"];
    PROPOSAL = "proposal" ["SEC-9", "OFF-6"];
    TRAINING = "training" ["SEC-28", "SEC-X3"];
    TESTING = "testing" ["SEC-28", "SEC-X3"];
    PROTECTION = "protection" ["SEC-28", "SEC-X3"];
    CONTINUITY = "continuity" ["SEC-28", "SEC-X3"];
}

/// All reasons for this outcome, and for what a change request has to say further.
pub(super) fn because(facts: &Facts, outcome: Outcome, asks: &[Further]) -> Vec<Reason> {
    let added = facts.added.iter().flatten().copied();
    let something = facts.added.as_ref().is_some_and(|added| !added.is_empty());
    let handles = facts.handles_authority_data;
    let mut said = Vec::new();
    let mut say = |rule: Rule| said.push(rule.said(Args::new()));
    if facts.added.as_ref().is_some_and(BTreeSet::is_empty) {
        say(NOTHING_ADDED);
    }
    match handles {
        Some(true) if something => say(HANDLES_AUTHORITY_DATA),
        None if something && outcome == Outcome::Undetermined => say(HANDLES_NOT_KNOWN),
        _ => {}
    }
    if facts.has(Added::Other).is_true() {
        say(REFINES_THE_PLAN);
    }
    // Each kind by its name, as each may affect data by itself.
    for kind in added.filter(|kind| kind.may_affect()) {
        let kind = [("added".to_owned(), kind.code().replace('_', "-"))].into_iter().collect();
        said.push(MAY_AFFECT.said(kind));
    }
    let mut say = |rule: Rule| said.push(rule.said(Args::new()));
    if outcome == Outcome::None && something {
        say(PEOPLE_WITHOUT_DATA);
    }
    if matches!(outcome, Outcome::ChangeRequest | Outcome::Notice) {
        say(NOTICE_FIRST);
    }
    match outcome {
        Outcome::Notice => say(NOTICE_ENDS),
        Outcome::ChangeRequest => say(NEW_VERSION),
        Outcome::None | Outcome::Undetermined => {}
    }
    if facts.has(Added::OffshoreElement).is_true() {
        say(PROPOSAL);
    }
    for further in asks {
        say(match further {
            Further::Training => TRAINING,
            Further::Testing => TESTING,
            Further::Protection => PROTECTION,
            Further::Continuity => CONTINUITY,
        });
    }
    said
}
