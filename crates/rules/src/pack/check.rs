//! Loads a pack: read whole, and without faults; and counts what it holds.

use serde_json::{Value, json};

use super::{faults, load::PackSource, model::Pack, report::PackFault};

impl Pack {
    /// Reads a pack.
    ///
    /// # Errors
    /// Every fault of meaning; of each file that cannot be read, its first fault.
    pub fn load(source: &PackSource) -> Result<Self, Vec<PackFault>> {
        let parsed = source.parse()?;
        let faults = faults::find(&parsed);
        if faults.is_empty() { Ok(parsed.pack) } else { Err(faults) }
    }
}

/// Checks a pack and counts what it holds, for `vouchsafe rules check-pack`.
///
/// # Errors
/// The same faults as [`Pack::load`].
pub fn check_json(source: &PackSource) -> Result<Value, Vec<PackFault>> {
    let pack = Pack::load(source)?;
    let forms: serde_json::Map<String, Value> = pack
        .forms
        .iter()
        .map(|(name, form)| {
            let questions: usize =
                form.sections.iter().flat_map(|section| &section.questions).map(|question| 1 + question.questions.len()).sum();
            (name.clone(), json!({"sections": form.sections.len(), "questions": questions}))
        })
        .collect();
    Ok(json!({
        "pack": pack.pack,
        "edition": pack.edition,
        "status": pack.source.status,
        "obligations": pack.obligations.len(),
        "guidance": pack.guidance.len(),
        "clauses": pack.clauses.len(),
        "examples": pack.examples.len(),
        "thresholds": pack.thresholds.len(),
        "risk_methods": pack.risk_methods.len(),
        "control_sets": pack.control_sets.len(),
        "review_intervals": pack.review_intervals.len(),
        "screening_standards": pack.screening_standards.len(),
        "decision_levels": pack.decision_levels.len(),
        "urgent_approval": pack.urgent_approval.is_some(),
        "incidents": pack.incidents.is_some(),
        "countries": pack.countries.len(),
        "forms": forms,
    }))
}
