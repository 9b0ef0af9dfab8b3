//! The lifecycle of a breach (OFF-9b), and what of it policies may read.

use jiff::civil::Date;
use platform::authz::{Guarded, Resource};
use platform::cases::{Case, Kind, SUPPLIER, StageDef, StepDef};
use platform::error::FieldErrors;
use platform::texts::{self, Text};
use platform::ui::Tone;
use rules::breach::Finding;
use rules::decision::Outcome as _;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::casework::Sight;

/// The stages and steps of a breach.
pub const BREACH: Kind = Kind { id: "breach", prefix: "BRE", stages: &STAGES, steps: &STEPS };

const STAGES: [StageDef; 6] = [
    StageDef { id: "establishing", waits_for: &["contract_manager"], closed: false, tone: Tone::Blue, on_line: true, days: Some(7) },
    StageDef { id: "answering", waits_for: &[SUPPLIER], closed: false, tone: Tone::Orange, on_line: false, days: Some(7) },
    StageDef { id: "deciding", waits_for: &["management"], closed: false, tone: Tone::Teal, on_line: true, days: Some(14) },
    StageDef { id: "acting", waits_for: &["contract_manager"], closed: false, tone: Tone::Blue, on_line: true, days: Some(28) },
    StageDef { id: "closed", waits_for: &[], closed: true, tone: Tone::Green, on_line: true, days: None },
    StageDef { id: "dismissed", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
];

// In the order of the buttons: what moves the case on comes first.
const STEPS: [StepDef; 8] = [
    StepDef { id: "answer", action: "breach.answer", from: &["answering"], to: "establishing", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "propose", action: "breach.propose", from: &["establishing"], to: "deciding", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "decide", action: "breach.decide", from: &["deciding"], to: "acting", or: &[], needs_reason: true, fresh: true },
    StepDef { id: "close", action: "breach.close", from: &["acting"], to: "closed", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "ask", action: "breach.ask", from: &["establishing"], to: "answering", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "go_on", action: "breach.go_on", from: &["answering"], to: "establishing", or: &[], needs_reason: true, fresh: false },
    StepDef {
        id: "send_back",
        action: "breach.send_back",
        from: &["deciding"],
        to: "establishing",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef { id: "dismiss", action: "breach.dismiss", from: &["deciding"], to: "dismissed", or: &[], needs_reason: true, fresh: true },
];

/// What may be decided to follow from a breach; several may be (OFF-9b: case by case).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The work stops until an approval covers it.
    StopWork,
    /// A proposal is to be handed in at once.
    Propose,
    /// What was done is put right, by a plan with dates.
    Remedy,
    /// A warning in writing.
    Warn,
    /// Payment is withheld, or damages are claimed, as the contract allows.
    Claim,
    /// The contract, or the part of it, is ended.
    Terminate,
    /// Nothing further.
    Nothing,
}

impl Action {
    /// Every one, in the order of the form.
    pub const ALL: [Self; 7] = [Self::StopWork, Self::Propose, Self::Remedy, Self::Warn, Self::Claim, Self::Terminate, Self::Nothing];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::StopWork => "stop_work",
            Self::Propose => "propose",
            Self::Remedy => "remedy",
            Self::Warn => "warn",
            Self::Claim => "claim",
            Self::Terminate => "terminate",
            Self::Nothing => "nothing",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }

    /// In words.
    pub fn says(self) -> String {
        texts::t(&format!("breach-action-{}", self.code().replace('_', "-")))
    }

    /// Several as one code, and back.
    pub fn join(all: &[Self]) -> String {
        all.iter().map(|action| action.code()).collect::<Vec<_>>().join(".")
    }

    /// See [`Action::join`].
    pub fn split(codes: &str) -> Vec<Self> {
        codes.split('.').filter_map(Self::from_code).collect()
    }
}

/// The longest title, in characters.
pub const TITLE: usize = 200;
/// The longest text of facts or of containment, in characters.
pub const LONGEST: usize = 8_000;

/// What is established of a breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// What failed, by code of [`Finding`].
    pub finding: String,
    /// When the work began, or went beyond what was approved.
    pub began: Date,
    /// When the authority was told of it.
    pub informed: Option<Date>,
    /// The first day on which an approval covered it.
    pub approved: Option<Date>,
    /// What happened.
    pub facts: Option<String>,
    /// What was done so that it does no more harm.
    pub containment: Option<String>,
}

impl Facts {
    /// Every field that needs mending; no day may be later than `today`, but for that of an approval.
    pub fn faults(&self, today: Date) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if !Finding::from_code(&self.finding).is_some_and(|finding| finding != Finding::Nothing) {
            errors.add("finding", Text::new("breach-finding-missing"));
        }
        if self.began > today {
            errors.add("began", Text::new("breach-began-later"));
        }
        if self.informed.is_some_and(|day| day > today) {
            errors.add("informed", Text::new("breach-informed-later"));
        }
        for (field, text) in [("facts", &self.facts), ("containment", &self.containment)] {
            if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
                errors.add(field, Text::new("error-too-long").with("max", LONGEST));
            }
        }
        errors
    }
}

/// What a list of findings said beside the facts: who drew it up, and what it says of where and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Whose list it was.
    pub source: Option<String>,
    /// The finding's own id in it.
    pub number: Option<String>,
    /// Where, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// When it was noticed.
    pub noticed: Option<Date>,
}

/// A finding in words.
pub fn finding_says(code: &str) -> String {
    Finding::from_code(code).map_or_else(|| code.to_owned(), |finding| texts::t(&finding.message_id()))
}

/// Breaches as a kind of case: what the traits of the engine and of `casework` are told for.
pub struct Breaches;

/// A breach with what policies read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// What every case has.
    pub case: Case,
    /// Where its party stands.
    pub standing: Sight,
    /// Who opened it, established its facts or put it before management: accounts, whatever membership they acted with.
    pub handled_by: Vec<Uuid>,
}

impl Guarded for Breach {
    fn resource(&self) -> Resource {
        Resource::new(BREACH.id, self.case.id)
            .with("stage", self.case.stage.clone())
            .maybe("owner", self.case.owner)
            .set("waits_for", BREACH.stage(&self.case.stage).map_or(&[][..], |stage| stage.waits_for))
            .maybe("lead", self.standing.lead)
            .set("above", &self.standing.above)
            .set("handled_by", &self.handled_by)
    }
}
