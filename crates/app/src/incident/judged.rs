//! What the answers of a report say to the tests, how severe an incident is by them, and until when what is to be done; pure.

use std::collections::BTreeSet;

use platform::clock::{HOUR, Millis};
use rules::decision::Explained;
use rules::form::Answers;
use rules::incident::severity::{self, Impact, Severity, Thresholds};
use rules::incident::{Action, AssetKind, Attempt, Decision, Facts, Loss, Whereabouts, decide};
use rules::pack::Pack;
use rules::regulator::DataType;
use serde_json::Value;

/// What the answers to the form say of the facts that the tests ask for. What is not answered is not known.
pub fn facts(answers: &Answers) -> Facts {
    let text = |id: &str| answers.get(id).and_then(Value::as_str);
    let truth = |id: &str| answers.get(id).and_then(Value::as_bool);
    Facts {
        asset_involved: truth("asset_involved").or_else(|| involved(answers)),
        asset_kind: text("asset_kind").and_then(AssetKind::from_code),
        attempt: text("attempt").and_then(Attempt::from_code),
        loss: several(answers, "loss", Loss::from_code),
        process_breakdown: truth("process_breakdown"),
        exposed: truth("exposed"),
        whereabouts: text("whereabouts").and_then(Whereabouts::from_code),
        backup_usable: truth("backup_usable"),
        actions: several(answers, "actions", Action::from_code),
        systemic: truth("systemic"),
    }
}

/// What the first answers say of the asset test: something was involved, or that is open. That nothing is *known* to be shows nothing.
fn involved(answers: &Answers) -> Option<bool> {
    let chosen: Vec<&str> = answers.get("involved")?.as_array()?.iter().filter_map(Value::as_str).collect();
    chosen.iter().any(|kind| !["none_known", "not_sure"].contains(kind)).then_some(true)
}

/// What was chosen among several codes: known to be nothing where *none* was, not known where nothing was, or *not known*.
fn several<T: Ord>(answers: &Answers, id: &str, code: impl Fn(&str) -> Option<T>) -> Option<BTreeSet<T>> {
    let chosen: Vec<&str> = answers.get(id)?.as_array()?.iter().filter_map(Value::as_str).collect();
    if chosen.contains(&"none") {
        return Some(BTreeSet::new());
    }
    let known: BTreeSet<T> = chosen.iter().filter_map(|chosen| code(chosen)).collect();
    if known.is_empty() { None } else { Some(known) }
}

/// What an incident did, by what was decided of it and by the answers.
fn impact(answers: &Answers, facts: &Facts, decision: &Decision) -> Impact {
    let number = |id: &str| answers.get(id).and_then(Value::as_u64);
    let truth = |id: &str| answers.get(id).and_then(Value::as_bool);
    Impact {
        categories: decision.categories.clone(),
        loss: facts.loss_that_counts(),
        people: number("people"),
        records: number("records"),
        encrypted: truth("encrypted"),
        special_category: truth("special_category").or_else(|| special(answers)),
        services_down: number("services_down"),
    }
}

/// That some of the data that is listed has special protection; what is not listed shows nothing.
fn special(answers: &Answers) -> Option<bool> {
    let listed = answers.get("data")?.as_array()?;
    let kinds = listed.iter().filter_map(|entry| DataType::from_code(entry.get("data_type")?.as_str()?));
    kinds.filter_map(DataType::special).any(|special| special).then_some(true)
}

/// How severe it is *at least*, with the thresholds of its pack.
pub fn severity(pack: &Pack, answers: &Answers, facts: &Facts) -> Explained<Severity> {
    let thresholds = pack.incidents.as_ref().map_or_else(Thresholds::default, |incidents| incidents.severity.clone());
    severity::judge(&impact(answers, facts, &decide(facts)), &thresholds)
}

/// Until when what a stage waits for is to be done, counted from the report; none where the pack has no times for that stage.
pub fn due(pack: &Pack, severity: Severity, stage: &str, reported: Millis) -> Option<Millis> {
    let level = pack.incidents.as_ref()?.service_levels.of(severity);
    let limit = match stage {
        "reported" => level.acknowledge,
        "triage" => level.first_update,
        "acting" => level.close,
        _ => return None,
    };
    Some(reported + i64::from(limit.minutes()) * (HOUR / 60))
}

/// The severity by which a report's times count before anybody has looked at it: what its first answers ask for, moderate at least.
pub fn before_triage(pack: &Pack, answers: &Answers) -> Severity {
    severity(pack, answers, &facts(answers)).outcome.max(Severity::Moderate)
}
