//! The lifecycle of a change, from its being considered to its taking effect, and what of it policies may read.

use std::collections::BTreeSet;

use jiff::civil::Date;
use platform::authz::{Guarded, Resource};
use platform::cases::{Case, Kind, SUPPLIER, StageDef, StepDef};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::Tone;
use rules::plan_change::{Added, Facts};
use serde::{Deserialize, Serialize};

use crate::casework::Sight;

/// The stages and steps of a change.
pub const CHANGE: Kind = Kind { id: "plan_change", prefix: "CHG", stages: &STAGES, steps: &STEPS };

const STAGES: [StageDef; 10] = [
    StageDef {
        id: "considered",
        waits_for: &["security", "contract_manager"],
        closed: false,
        tone: Tone::Blue,
        on_line: false,
        days: Some(28),
    },
    StageDef { id: "draft", waits_for: &[SUPPLIER], closed: false, tone: Tone::Grey, on_line: true, days: Some(28) },
    StageDef { id: "submitted", waits_for: &["security"], closed: false, tone: Tone::Blue, on_line: true, days: Some(28) },
    StageDef { id: "returned", waits_for: &[SUPPLIER], closed: false, tone: Tone::Orange, on_line: false, days: Some(14) },
    StageDef { id: "agreed", waits_for: &[SUPPLIER], closed: false, tone: Tone::Teal, on_line: true, days: Some(28) },
    StageDef { id: "in_effect", waits_for: &[], closed: true, tone: Tone::Green, on_line: true, days: None },
    StageDef { id: "no_change", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
    StageDef { id: "declined", waits_for: &[], closed: true, tone: Tone::Red, on_line: false, days: None },
    StageDef { id: "withdrawn", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
    StageDef { id: "discarded", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
];

const OPEN: &[&str] = &["draft", "returned"];

// In the order of the buttons: what moves the case on comes first.
const STEPS: [StepDef; 10] = [
    StepDef {
        id: "request",
        action: "plan_change.request",
        from: &["considered"],
        to: "draft",
        or: &[],
        needs_reason: false,
        fresh: false,
    },
    StepDef { id: "submit", action: "plan_change.submit", from: OPEN, to: "submitted", or: &[], needs_reason: false, fresh: false },
    StepDef {
        id: "call_for",
        action: "plan_change.call_for",
        from: &["considered"],
        to: "draft",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef {
        id: "no_change",
        action: "plan_change.no_change",
        from: &["considered"],
        to: "no_change",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef {
        id: "agree",
        action: "plan_change.agree",
        from: &["submitted"],
        to: "agreed",
        or: &["in_effect"],
        needs_reason: true,
        fresh: false,
    },
    StepDef { id: "return", action: "plan_change.return", from: &["submitted"], to: "returned", or: &[], needs_reason: true, fresh: false },
    StepDef {
        id: "decline",
        action: "plan_change.decline",
        from: &["submitted"],
        to: "declined",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef {
        id: "take_effect",
        action: "plan_change.take_effect",
        from: &["agreed"],
        to: "in_effect",
        or: &[],
        needs_reason: false,
        fresh: false,
    },
    StepDef {
        id: "withdraw",
        action: "plan_change.withdraw",
        from: &["considered", "draft", "submitted", "returned", "agreed"],
        to: "withdrawn",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef { id: "discard", action: "plan_change.discard", from: &["draft"], to: "discarded", or: &[], needs_reason: false, fresh: false },
];

/// The form.
pub const FORM: &str = "change";
/// The answer by which a change is called.
pub const TITLE: &str = "change_title";
/// The longest reason or remark, in characters.
pub const LONGEST: usize = 8_000;
/// The longest title of a notice, in characters.
pub const LONGEST_TITLE: usize = 120;

/// What a supplier merely considers (SEC-9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is called.
    pub title: String,
    /// What would be added, or become different.
    pub added: BTreeSet<Added>,
    /// Whether it would handle authority data; not known otherwise.
    pub handles: Option<bool>,
    /// What is considered, in words.
    pub about: String,
    /// From when, if that is known.
    pub expected: Option<Date>,
}

impl Notice {
    /// Every field that needs mending.
    pub fn faults(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if self.title.trim().is_empty() {
            errors.add("title", Text::new("plan-change-title-missing"));
        } else if self.title.chars().count() > LONGEST_TITLE {
            errors.add("title", Text::new("error-too-long").with("max", LONGEST_TITLE));
        }
        if self.added.is_empty() {
            errors.add("added", Text::new("plan-change-added-missing"));
        }
        if self.about.trim().is_empty() {
            errors.add("about", Text::new("plan-change-about-missing"));
        } else if self.about.chars().count() > LONGEST {
            errors.add("about", Text::new("error-too-long").with("max", LONGEST));
        }
        errors
    }

    /// What is known for the decision on what it calls for.
    pub fn facts(&self) -> Facts {
        Facts { added: Some(self.added.clone()), handles_authority_data: self.handles, ..Facts::default() }
    }
}

/// Changes as a kind of case: what the traits of the engine and of `casework` are told for.
pub struct Changes;

/// A change with what policies read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What every case has.
    pub case: Case,
    /// Where its party stands.
    pub standing: Sight,
}

impl Change {
    /// Whether the authority knows of it: from its notice or its first submission on.
    pub fn told(&self) -> bool {
        self.case.reference.is_some()
    }
}

impl Guarded for Change {
    fn resource(&self) -> Resource {
        Resource::new(CHANGE.id, self.case.id)
            .with("stage", self.case.stage.clone())
            .with("told", self.told())
            .maybe("owner", self.case.owner)
            .set("waits_for", CHANGE.stage(&self.case.stage).map_or(&[][..], |stage| stage.waits_for))
            .maybe("lead", self.standing.lead)
            .set("above", &self.standing.above)
    }
}
