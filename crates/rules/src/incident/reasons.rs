//! Why: each reason with its paragraphs, in the order in which people read them. The words are in `locales/en/incident.ftl`.

use std::collections::BTreeSet;

use super::rules::Tests;
use super::{Action, Attempt, Facts, Item, Limb, Loss, Outcome, Whereabouts};
use crate::decision::{Args, Reason, Rule, rules};
use crate::truth::Truth;

rules! {
    ASSET_INVOLVED = "asset_involved" ["SEC-X1b"];
    ASSET_NOT_INVOLVED = "asset_not_involved" ["SEC-X1b"];
    ATTEMPT_SUCCEEDED = "attempt_succeeded" ["SEC-10", "SEC-X1a"];
    ATTEMPT_FAILED = "attempt_failed" ["SEC-10", "SEC-X1a"];
    NO_ATTEMPT = "no_attempt" ["SEC-10", "SEC-X1a"];
    CONFIDENTIALITY_LOST = "confidentiality_lost" ["SEC-10", "SEC-X1a", "SEC-X1c"];
    INTEGRITY_LOST = "integrity_lost" ["SEC-10", "SEC-X1a", "SEC-X1c"];
    AVAILABILITY_LOST = "availability_lost" ["SEC-10", "SEC-X1a", "SEC-X1c"];
    AVAILABILITY_RESTORED = "availability_restored" ["SEC-X1c", "SEC-X1f"];
    AVAILABILITY_OPEN = "availability_open" ["SEC-X1c", "SEC-X1f"];
    LOST_WITHOUT_TRAIL = "lost_without_trail" ["SEC-X1c", "SEC-X1f"];
    LOST_OUTSIDE = "lost_outside" ["SEC-X1c", "SEC-X1f"];
    MISPLACED = "misplaced" ["SEC-X1c", "SEC-X1f"];
    MISPLACED_OUT_OF_REACH = "misplaced_out_of_reach" ["SEC-X1c", "SEC-X1f"];
    LOST_OR_MISPLACED = "lost_or_misplaced" ["SEC-X1c", "SEC-X1f"];
    NO_LOSS = "no_loss" ["SEC-10", "SEC-X1a", "SEC-X1c"];
    BREAKDOWN_EXPOSED = "breakdown_exposed" ["SEC-10", "SEC-X1a"];
    NO_BREAKDOWN = "no_breakdown" ["SEC-10", "SEC-X1a"];
    NOTHING_EXPOSED = "nothing_exposed" ["SEC-10", "SEC-X1a"];
    POINTS_TO_ATTEMPT = "points_to_attempt" ["SEC-X1a"];
    POINTS_TO_LOSS = "points_to_loss" ["SEC-X1a", "SEC-X1c"];
    POINTS_TO_BREAKDOWN = "points_to_breakdown" ["SEC-X1a", "SEC-23"];
    DISCLOSED = "disclosed" ["SEC-X1e"];
    ACCESSED_WITHOUT_REASON = "accessed_without_reason" ["SEC-X1e"];
    MODIFIED = "modified" ["SEC-X1e"];
    STOLEN = "stolen" ["SEC-X1e"];
    LOST = "lost" ["SEC-X1e"];
    PROCESS_FAILURE = "process_failure" ["SEC-X1e"];
    DAMAGED = "damaged" ["SEC-X1e"];
    DISHONESTY_SUSPECTED = "dishonesty_suspected" ["SEC-X1e"];
    MALWARE = "malware" ["SEC-23", "SEC-X1e"];
    FAULT = "fault" ["SEC-23", "SEC-X1e"];
    TWO_ACTS = "two_acts" ["SEC-X1e"];
    NO_CATEGORY = "no_category" ["SEC-X1e", "SEC-X1h"];
    DISHONESTY_REPORTED = "dishonesty_reported" ["SEC-X1d"];
    CAUSE_SYSTEMIC = "cause_systemic" ["SEC-X1g", "SEC-X1i"];
    CAUSE_AWARENESS = "cause_awareness" ["SEC-X1g", "SEC-X1i"];
    CAUSE_OPEN = "cause_open" ["SEC-X1g", "SEC-X1i"];
    AUTHORITY_DECIDES = "authority_decides" ["SEC-X1h"];
}

/// All reasons for the outcome of these tests, and whether it must be reported.
pub(super) fn because(facts: &Facts, tests: &Tests, outcome: Outcome, must_report: bool) -> Vec<Reason> {
    let mut telling = Telling { facts, used: facts_used(facts, must_report), said: Vec::new() };
    match tests.asset.truth() {
        Truth::True => telling.say(ASSET_INVOLVED),
        Truth::False => telling.say(ASSET_NOT_INVOLVED),
        Truth::Unknown => {}
    }
    telling.what_holds();
    // What a limb lacks is of interest while the limbs decide: not once one holds, nor where the asset test settled it alone.
    if outcome != Outcome::Incident && !tests.asset.truth().is_false() {
        telling.what_is_ruled_out(tests);
    }
    telling.what_actions_point_to(tests);
    telling.what_kind();
    if outcome == Outcome::Incident && facts.actions.is_some() && facts.categories().is_empty() {
        telling.say(NO_CATEGORY);
    }
    if facts.happened(Action::DishonestySuspected).is_true() {
        telling.say(DISHONESTY_REPORTED);
    }
    match facts.systemic {
        Some(true) => telling.say(CAUSE_SYSTEMIC),
        Some(false) => telling.say(CAUSE_AWARENESS),
        None if outcome == Outcome::Incident => telling.say(CAUSE_OPEN),
        None => {}
    }
    telling.say(AUTHORITY_DECIDES);
    telling.said
}

/// The reasons said so far.
struct Telling<'a> {
    facts: &'a Facts,
    used: Args,
    said: Vec<Reason>,
}

impl Telling<'_> {
    fn say(&mut self, rule: Rule) {
        self.said.push(rule.said(self.used.clone()));
    }

    /// Says that an action points to a limb which the facts deny or, if they do not, leave open.
    fn point(&mut self, rule: Rule, action: Action, denied: bool) {
        let stands = if denied { "no" } else { "not-known" };
        let more = [("action", action.code().replace('_', "-")), ("stands", stands.to_owned())];
        let args = self.used.clone().into_iter().chain(more.map(|(name, value)| (name.to_owned(), value))).collect();
        self.said.push(rule.said(args));
    }

    fn happened(&self, action: Action) -> bool {
        self.facts.happened(action).is_true()
    }

    fn lost(&self, kind: Loss) -> bool {
        self.facts.loss.as_ref().is_some_and(|loss| loss.contains(&kind))
    }

    /// The limbs that hold, by what; and what is said of a loss without being one.
    fn what_holds(&mut self) {
        match self.facts.attempt {
            Some(Attempt::Succeeded) => self.say(ATTEMPT_SUCCEEDED),
            Some(Attempt::Failed) => self.say(ATTEMPT_FAILED),
            Some(Attempt::None) | None => {}
        }
        if self.lost(Loss::Confidentiality) {
            self.say(CONFIDENTIALITY_LOST);
        }
        if self.lost(Loss::Integrity) {
            self.say(INTEGRITY_LOST);
        }
        let misplaced = self.facts.item() == Some(Item::Misplaced);
        if self.lost(Loss::Availability) {
            self.say(match self.facts.backup_usable {
                Some(true) => AVAILABILITY_RESTORED,
                Some(false) => AVAILABILITY_LOST,
                None => AVAILABILITY_OPEN,
            });
        }
        if self.happened(Action::Lost) {
            self.say(match self.facts.whereabouts {
                Some(Whereabouts::InSecureFacility) => MISPLACED,
                Some(Whereabouts::Unknown) => LOST_WITHOUT_TRAIL,
                Some(Whereabouts::Outside) => LOST_OUTSIDE,
                None => LOST_OR_MISPLACED,
            });
        }
        if misplaced && self.lost(Loss::Availability) && self.facts.backup_usable != Some(true) {
            self.say(MISPLACED_OUT_OF_REACH);
        }
        if self.facts.process_breakdown == Some(true) && self.facts.exposed == Some(true) {
            self.say(BREAKDOWN_EXPOSED);
        }
    }

    fn what_is_ruled_out(&mut self, tests: &Tests) {
        if self.facts.attempt == Some(Attempt::None) {
            self.say(NO_ATTEMPT);
        }
        if self.facts.loss.as_ref().is_some_and(BTreeSet::is_empty) && tests.limb(Limb::Loss).truth().is_false() {
            self.say(NO_LOSS);
        }
        if self.facts.process_breakdown == Some(false) {
            self.say(NO_BREAKDOWN);
        } else if self.facts.exposed == Some(false) {
            self.say(NOTHING_EXPOSED);
        }
    }

    /// Actions that point to a limb: one of them alone meets none, and none is passed over (SEC-X1a).
    fn what_actions_point_to(&mut self, tests: &Tests) {
        let facts = self.facts;
        for action in facts.actions.iter().flatten().copied() {
            if is_deliberate(action) && !tests.limb(Limb::Attempt).truth().is_true() {
                self.point(POINTS_TO_ATTEMPT, action, facts.attempt.is_some());
            }
            let kinds = losses_of(action);
            let named = kinds.iter().any(|kind| self.lost(*kind));
            if !kinds.is_empty() && !named && !tests.limb(Limb::Loss).truth().is_true() {
                self.point(POINTS_TO_LOSS, action, facts.loss.is_some());
            }
            // A breakdown that is known of needs no pointing to, nor does one that mattered not, since nothing became exposed.
            let open = facts.process_breakdown.is_none() && tests.limb(Limb::ProcessBreakdown).truth().is_unknown();
            if matches!(action, Action::ProcessFailure | Action::Fault) && (open || facts.process_breakdown == Some(false)) {
                self.point(POINTS_TO_BREAKDOWN, action, !open);
            }
        }
    }

    /// The category of each action (SEC-X1e).
    fn what_kind(&mut self) {
        let facts = self.facts;
        for action in facts.actions.iter().flatten() {
            self.say(match action {
                Action::Disclosed => DISCLOSED,
                Action::AccessedWithoutReason => ACCESSED_WITHOUT_REASON,
                Action::Modified => MODIFIED,
                Action::Stolen => STOLEN,
                // A misplaced item has no category, and what it is was said already.
                Action::Lost if facts.item() == Some(Item::Misplaced) => continue,
                Action::Lost => LOST,
                Action::ProcessFailure => PROCESS_FAILURE,
                Action::Damaged => DAMAGED,
                Action::DishonestySuspected => DISHONESTY_SUSPECTED,
                Action::Malware => MALWARE,
                Action::Fault => FAULT,
            });
        }
        // Seen, or passed on: for one act these exclude each other.
        if self.happened(Action::Disclosed) && self.happened(Action::AccessedWithoutReason) {
            self.say(TWO_ACTS);
        }
    }
}

/// Whether somebody does this only by meaning to. Data is disclosed, lost and damaged by mistake as well.
fn is_deliberate(action: Action) -> bool {
    use Action::{AccessedWithoutReason, DishonestySuspected, Malware, Modified, Stolen};
    matches!(action, AccessedWithoutReason | Modified | Stolen | DishonestySuspected | Malware)
}

/// The kinds of loss of which an action brings one as a rule.
fn losses_of(action: Action) -> &'static [Loss] {
    match action {
        Action::Disclosed | Action::AccessedWithoutReason => &[Loss::Confidentiality],
        Action::Modified => &[Loss::Integrity],
        Action::Stolen => &[Loss::Confidentiality, Loss::Availability],
        Action::Damaged => &[Loss::Availability, Loss::Integrity],
        Action::Lost | Action::ProcessFailure | Action::DishonestySuspected | Action::Malware | Action::Fault => &[],
    }
}

/// The facts as the arguments of messages.
fn facts_used(facts: &Facts, must_report: bool) -> Args {
    let yes_no = |value: Option<bool>| value.map_or("not-known", |value| if value { "yes" } else { "no" });
    [
        ("must_report", yes_no(Some(must_report))),
        ("asset_kind", facts.asset_kind.map_or("not-known", super::AssetKind::code)),
        ("attempt", facts.attempt.map_or("not-known", Attempt::code)),
        ("whereabouts", facts.whereabouts.map_or("not-known", Whereabouts::code)),
        ("process_breakdown", yes_no(facts.process_breakdown)),
        ("exposed", yes_no(facts.exposed)),
        ("backup_usable", yes_no(facts.backup_usable)),
        ("systemic", yes_no(facts.systemic)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.replace('_', "-")))
    .collect()
}
