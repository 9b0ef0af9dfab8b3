//! What failed where work abroad went on unapproved? (OFF-9b, OWN-1)
//!
//! Two failings are told apart, since the policy weighs them apart: the authority was not informed before the work began; or it was
//! informed, and the work began without its approval. What follows from either is decided case by case and is no rule.
//!
//! One reading is ours: who informs on the very day on which the work begins has not informed *beforehand*.

use jiff::civil::Date;

use crate::decision::{Args, Explained, Outcome, Reason};

#[cfg(test)]
mod tests;

/// What is known of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The day on which it began, or went beyond what was approved.
    pub began: Date,
    /// The day on which the authority was told of it; none where it never was.
    pub informed: Option<Date>,
    /// The first day on which an approval covered it; none where none ever did.
    pub approved: Option<Date>,
}

/// The failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The authority was not informed beforehand.
    NotInformed,
    /// It was informed, and the work began without its approval.
    StartedUnapproved,
    /// Neither: it was approved.
    Nothing,
}

impl Finding {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::NotInformed, Self::StartedUnapproved, Self::Nothing];

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|finding| finding.code() == code)
    }
}

impl Outcome for Finding {
    const DECISION: &'static str = "breach";

    fn code(self) -> &'static str {
        match self {
            Self::NotInformed => "not_informed",
            Self::StartedUnapproved => "started_unapproved",
            Self::Nothing => "nothing",
        }
    }
}

/// What failed, and why it is that.
pub fn judge(facts: &Facts) -> Explained<Finding> {
    let began = ("began", facts.began.to_string());
    if let Some(approved) = facts.approved.filter(|day| *day <= facts.began) {
        return explained(Finding::Nothing, vec![reason("approved", &["OFF-9a"], &[began, ("approved", approved.to_string())])]);
    }
    let (finding, told) = match facts.informed {
        None => (Finding::NotInformed, reason("never_informed", &["OFF-9b"], &[began])),
        Some(day) if day >= facts.began => {
            (Finding::NotInformed, reason("informed_late", &["OFF-9b"], &[began, ("informed", day.to_string())]))
        }
        Some(day) => (Finding::StartedUnapproved, reason("informed", &["OFF-9a", "OFF-9b"], &[began, ("informed", day.to_string())])),
    };
    let later = facts.approved.map(|day| reason("approved_later", &["OFF-9a"], &[("approved", day.to_string())]));
    explained(finding, [Some(told), later].into_iter().flatten().collect())
}

fn explained(outcome: Finding, because: Vec<Reason>) -> Explained<Finding> {
    Explained { outcome, because, missing: Vec::new() }
}

fn reason(rule: &'static str, source: &'static [&'static str], args: &[(&str, String)]) -> Reason {
    Reason { rule, source, args: args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Args>() }
}

/// Whether a gap of [`crate::cover`], found of work that has begun, is a failing of whoever does it. That it is to go on for longer than was
/// approved is none until then; and of a site that nobody named it is not known to be an unapproved one.
pub fn is_failing(gap: &str) -> bool {
    gap != "days" && gap != "site_unknown"
}
