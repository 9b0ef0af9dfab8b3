//! The lifecycle of a version of a security plan, and what of it policies may read.

use platform::authz::{Guarded, Resource};
use platform::cases::{Case, Kind, SUPPLIER, StageDef, StepDef};
use platform::clock::Millis;
use platform::ui::Tone;
use uuid::Uuid;

use crate::casework::Sight;

/// The stages and steps of a version. That a later one took the place of one that was agreed is no stage: it stays what was agreed.
pub const PLAN: Kind = Kind { id: "plan", prefix: "PLN", stages: &STAGES, steps: &STEPS };

const STAGES: [StageDef; 6] = [
    StageDef { id: "draft", waits_for: &[SUPPLIER], closed: false, tone: Tone::Grey, on_line: true, days: None },
    StageDef { id: "submitted", waits_for: &["security"], closed: false, tone: Tone::Blue, on_line: true, days: Some(28) },
    StageDef { id: "returned", waits_for: &[SUPPLIER], closed: false, tone: Tone::Orange, on_line: false, days: Some(14) },
    StageDef { id: "agreed", waits_for: &[], closed: true, tone: Tone::Green, on_line: true, days: None },
    StageDef { id: "withdrawn", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
    StageDef { id: "discarded", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
];

// In the order of the buttons: what moves the case on comes first.
const STEPS: [StepDef; 5] = [
    StepDef {
        id: "submit",
        action: "plan.submit",
        from: &["draft", "returned"],
        to: "submitted",
        or: &[],
        needs_reason: false,
        fresh: false,
    },
    StepDef { id: "agree", action: "plan.agree", from: &["submitted"], to: "agreed", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "return", action: "plan.return", from: &["submitted"], to: "returned", or: &[], needs_reason: true, fresh: false },
    StepDef {
        id: "withdraw",
        action: "plan.withdraw",
        from: &["submitted", "returned"],
        to: "withdrawn",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef { id: "discard", action: "plan.discard", from: &["draft"], to: "discarded", or: &[], needs_reason: false, fresh: false },
];

/// The pack that carries the form.
pub const PACK: &str = "provider_security";
/// The form.
pub const FORM: &str = "plan";
/// The answer by which a plan is called.
pub const TITLE: &str = "plan_title";
/// The answer how somebody who calls is checked before anything is told to them (SEC-X1j).
pub const CALLERS: &str = "caller_procedure";
/// The kind of the link between a change and the proposal for its work abroad.
pub const ABROAD: &str = "abroad";
/// The longest reason or remark, in characters.
pub const LONGEST: usize = 8_000;

/// Plans as a kind of case: what the traits of the engine and of `casework` are told for.
pub struct Plans;

/// A version of a plan with what policies read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What every case has.
    pub case: Case,
    /// Where its party stands.
    pub standing: Sight,
    /// Its number among those of its place; none before it is agreed.
    pub number: Option<i32>,
    /// When it was agreed; none before.
    pub agreed_at: Option<Millis>,
    /// The version that took its place; none while none has.
    pub superseded_by: Option<Uuid>,
    /// The change of which it came; none of the first version.
    pub change: Option<Uuid>,
}

impl Plan {
    /// Whether this is the version to work by.
    pub fn in_force(&self) -> bool {
        self.case.stage == "agreed" && self.superseded_by.is_none()
    }

    /// About to be read as the holder of a link comes to it: policies let a link do nothing where this does not name it.
    pub fn through(&self, link: Uuid) -> Resource {
        self.resource().with("open_link", link)
    }
}

impl Guarded for Plan {
    fn resource(&self) -> Resource {
        Resource::new(PLAN.id, self.case.id)
            .with("id", self.case.id)
            .with("stage", self.case.stage.clone())
            .with("submitted", self.case.submitted_at.is_some())
            .with("in_force", self.in_force())
            .maybe("owner", self.case.owner)
            .set("waits_for", PLAN.stage(&self.case.stage).map_or(&[][..], |stage| stage.waits_for))
            .maybe("lead", self.standing.lead)
            .set("above", &self.standing.above)
    }
}
