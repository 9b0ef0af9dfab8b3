//! What is left where findings overlap.

use super::{Finding, Kind};

/// Puts findings in the order of the text. Of those of one kind that overlap, the surer is kept, or the longer. A finding within a longer
/// one of another kind that is as sure goes: the digits of an IBAN are no telephone number.
pub(super) fn settle(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by_key(|finding| (finding.start, std::cmp::Reverse(finding.end), finding.kind));
    let mut keep = vec![true; found.len()];
    for at in 0..found.len() {
        let one = found[at];
        for (next, other) in found.iter().enumerate().skip(at + 1).take_while(|(_, other)| other.start < one.end) {
            if !keep[next] || !keep[at] {
                continue;
            }
            if let Some(first) = loser(&one, other) {
                keep[if first { at } else { next }] = false;
            }
        }
    }
    let mut kept = keep.into_iter();
    found.retain(|_| kept.next().unwrap_or(false));
    found
}

/// Which of two that overlap goes: true for the first, false for the second, none if both stay. The first begins no later.
fn loser(first: &Finding, second: &Finding) -> Option<bool> {
    let length = |finding: &Finding| finding.end - finding.start;
    if first.kind == second.kind {
        return Some((first.confidence, length(first)) < (second.confidence, length(second)));
    }
    // Several numbers may be one's date of birth or passport, but not a part of what is written around them.
    let within = |inner: &Finding, outer: &Finding| {
        inner.start >= outer.start && inner.end <= outer.end && length(inner) < length(outer) && inner.confidence <= outer.confidence
    };
    let loose = |finding: &Finding| matches!(finding.kind, Kind::Phone | Kind::UkBankAccount | Kind::UkNhs | Kind::PaymentCard);
    if within(second, first) {
        Some(false)
    } else if within(first, second) {
        Some(true)
    } else if loose(second) && second.confidence < first.confidence && first.end > second.start && second.end > first.end {
        Some(false)
    } else if loose(first) && first.confidence < second.confidence && first.end > second.start && second.end > first.end {
        Some(true)
    } else {
        None
    }
}
