//! The lifecycle of a bid (OFF-7), what makes it complete, and what of it policies may read.

use platform::authz::{Guarded, Resource};
use platform::cases::{Case, Kind, SUPPLIER, StageDef, StepDef};
use platform::error::{Blocker, FieldErrors};
use platform::texts::Text;
use platform::ui::Tone;
use serde::Serialize;

use crate::casework::Sight;

/// The stages and steps of a bid.
pub const BID: Kind = Kind { id: "bid", prefix: "BID", stages: &STAGES, steps: &STEPS };

const STAGES: [StageDef; 7] = [
    StageDef { id: "preparing", waits_for: &[SUPPLIER], closed: false, tone: Tone::Grey, on_line: true, days: Some(28) },
    StageDef { id: "reading", waits_for: &["procurement_lead"], closed: false, tone: Tone::Blue, on_line: true, days: Some(14) },
    StageDef { id: "answering", waits_for: &[SUPPLIER], closed: false, tone: Tone::Orange, on_line: false, days: Some(7) },
    StageDef { id: "complete", waits_for: &["procurement_lead"], closed: false, tone: Tone::Teal, on_line: true, days: None },
    StageDef { id: "chosen", waits_for: &[], closed: true, tone: Tone::Green, on_line: true, days: None },
    StageDef { id: "not_chosen", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
    StageDef { id: "withdrawn", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
];

const OPEN: [&str; 4] = ["preparing", "reading", "answering", "complete"];

// In the order of the buttons: what moves the case on comes first.
const STEPS: [StepDef; 7] = [
    StepDef { id: "submit", action: "bid.submit", from: &["preparing"], to: "reading", or: &[], needs_reason: false, fresh: false },
    StepDef { id: "answer", action: "bid.answer", from: &["answering"], to: "reading", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "accept", action: "bid.accept", from: &["reading"], to: "complete", or: &[], needs_reason: false, fresh: false },
    StepDef { id: "choose", action: "bid.choose", from: &["complete"], to: "chosen", or: &[], needs_reason: true, fresh: true },
    StepDef { id: "ask", action: "bid.ask", from: &["reading", "complete"], to: "answering", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "refuse", action: "bid.refuse", from: &OPEN, to: "not_chosen", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "withdraw", action: "bid.withdraw", from: &OPEN, to: "withdrawn", or: &[], needs_reason: true, fresh: false },
];

/// The longest text of a bid's, in characters.
pub const LONGEST: usize = 8_000;

/// What a bid says of work abroad.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plans {
    /// Whether it plans any; none while that is not said.
    pub abroad: Option<bool>,
    /// How the bidder knows that nothing will be abroad, or what it plans in short.
    pub statement: Option<String>,
}

impl Plans {
    /// Every field that needs mending.
    pub fn faults(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if self.abroad.is_none() {
            errors.add("abroad", Text::new("bid-abroad-missing"));
        }
        if self.abroad == Some(false) && self.unstated() {
            errors.add("statement", Text::new("bid-statement-missing"));
        }
        if self.statement.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
            errors.add("statement", Text::new("error-too-long").with("max", LONGEST));
        }
        errors
    }

    fn unstated(&self) -> bool {
        self.statement.as_ref().is_none_or(|text| text.trim().is_empty())
    }
}

/// What a bid lacks to be complete (OFF-7): that it says whether it plans work abroad; a questionnaire handed in where it does, and none still
/// being written; the bidder's word how it knows where it does not. `stages`: those of the questionnaires that came with it.
pub fn lacking<'a>(plans: &Plans, stages: impl IntoIterator<Item = &'a str>) -> Vec<Blocker> {
    let (mut open, mut handed_in) = (0, 0);
    for stage in stages {
        match stage {
            "draft" | "returned" => open += 1,
            // What was taken back, is none or may not be done is no plan any more.
            "withdrawn" | "declined" | "not_offshoring" => {}
            _ => handed_in += 1,
        }
    }
    let mut found = Vec::new();
    match plans.abroad {
        None => found.push(Blocker::new("bid-plans")),
        Some(true) if handed_in == 0 => found.push(Blocker::new("bid-questionnaire")),
        Some(false) if handed_in > 0 => found.push(Blocker::new("bid-otherwise")),
        Some(false) if plans.unstated() => found.push(Blocker::new("bid-statement")),
        Some(_) => {}
    }
    if open > 0 {
        found.push(Blocker::new("bid-open").with("count", open));
    }
    found
}

/// Bids as a kind of case: what the traits of the engine and of `casework` are told for.
pub struct Bids;

/// A bid with what policies read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bid {
    /// What every case has.
    pub case: Case,
    /// Its party alone: nobody below a bidder reads its bid, and it reads its own whatever came of it.
    pub standing: Sight,
}

impl Bid {
    /// A case as a bid.
    pub fn of(case: Case) -> Self {
        Self { standing: Sight { above: vec![case.party], lead: Some(case.party) }, case }
    }
}

impl Guarded for Bid {
    fn resource(&self) -> Resource {
        Resource::new(BID.id, self.case.id)
            .with("stage", self.case.stage.clone())
            .with("party", self.case.party)
            .with("submitted", self.case.submitted_at.is_some())
            .maybe("owner", self.case.owner)
            .set("waits_for", BID.stage(&self.case.stage).map_or(&[][..], |stage| stage.waits_for))
    }
}
