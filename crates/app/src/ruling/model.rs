//! The lifecycle of a question about a rule, what the ruling on it says, and what of it policies may read.

use jiff::civil::Date;
use platform::authz::{Guarded, Resource};
use platform::cases::{Case, Kind, StageDef, StepDef};
use platform::clock::Millis;
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::Tone;
use rules::governing::Demand;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::asks::WAY;
use crate::casework::Sight;

/// The stages and steps of a question. That a ruling was taken back or lost its place to a later one is no stage: it stays what was ruled.
pub const RULING: Kind = Kind { id: "ruling", prefix: "RUL", stages: &STAGES, steps: &STEPS };

/// Who rules, and for whom a question waits.
const RULES: &[&str] = &["contract_manager", "security", "legal"];

const STAGES: [StageDef; 4] = [
    StageDef { id: "asked", waits_for: RULES, closed: false, tone: Tone::Blue, on_line: true, days: Some(14) },
    StageDef { id: "ruled", waits_for: &[], closed: true, tone: Tone::Green, on_line: true, days: None },
    StageDef { id: "declined", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
    StageDef { id: "withdrawn", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
];

// In the order of the buttons: what moves the case on comes first.
const STEPS: [StepDef; 3] = [
    StepDef { id: "rule", action: "ruling.rule", from: &["asked"], to: "ruled", or: &[], needs_reason: true, fresh: true },
    StepDef { id: "decline", action: "ruling.decline", from: &["asked"], to: "declined", or: &[], needs_reason: true, fresh: false },
    StepDef { id: "withdraw", action: "ruling.withdraw", from: &["asked"], to: "withdrawn", or: &[], needs_reason: true, fresh: false },
];

/// The longest question or reason, in characters.
pub const LONGEST: usize = 8_000;

/// A rule: an obligation of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Rule {
    /// The pack.
    pub pack: String,
    /// The obligation's id in it.
    pub obligation: String,
}

impl Rule {
    /// As addresses and forms name it.
    pub fn code(&self) -> String {
        format!("{}.{}", self.pack, self.obligation)
    }

    /// The one that is named so.
    pub fn from_code(code: &str) -> Option<Self> {
        let (pack, obligation) = code.split_once('.')?;
        Some(Self { pack: pack.to_owned(), obligation: obligation.to_owned() })
    }
}

/// What a ruling says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Says {
    /// What holds from now on; none where it leaves that as it is.
    pub asks: Option<Demand>,
    /// Whether it allows what is blocked; none where it does not speak of that.
    pub allows: Option<bool>,
    /// Why.
    pub reason: String,
}

/// A ruling about to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Giving {
    /// The first day on which it holds.
    pub from: Date,
    /// The last one; none where it holds until further notice.
    pub until: Option<Date>,
    /// What it says.
    pub says: Says,
    /// Earlier rulings on the same rule whose place it takes, from its first day on.
    pub replaces: Vec<Uuid>,
}

impl Giving {
    /// Every field that needs mending, where what the rule speaks of is `blocked` until a ruling allows it, or is not.
    pub fn faults(&self, blocked: bool) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if self.until.is_some_and(|until| until < self.from) {
            errors.add("until", Text::new("ruling-until-before"));
        }
        if self.says.allows.is_some() && !blocked {
            errors.add("allows", Text::new("ruling-allows-nothing"));
        }
        if self.says.asks.is_none() && self.says.allows.is_none() {
            errors.add(if blocked { "allows" } else { WAY }, Text::new("ruling-says-nothing"));
        }
        reason(&self.says.reason, "reason", &mut errors);
        errors
    }
}

/// What is wrong with a text that must be there.
pub(super) fn reason(text: &str, field: &str, errors: &mut FieldErrors) {
    if text.trim().is_empty() {
        errors.add(field, Text::new(if field == "question" { "ruling-question-missing" } else { "case-reason-missing" }));
    } else if text.chars().count() > LONGEST {
        errors.add(field, Text::new("error-too-long").with("max", LONGEST));
    }
}

/// What ended a ruling before its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    /// The first day on which it holds no more.
    pub on: Date,
    /// The ruling that takes its place; none where it was taken back.
    pub by: Option<Uuid>,
    /// Why it was taken back, or why the later one was given.
    pub reason: String,
}

/// A ruling that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its case.
    pub case: Uuid,
    /// Its reference.
    pub reference: String,
    /// The rule.
    pub rule: Rule,
    /// When it was given.
    pub at: Millis,
    /// The first day on which it holds.
    pub from: Date,
    /// The last one; none where it holds until further notice.
    pub until: Option<Date>,
    /// What it says; none once the case's key was destroyed.
    pub says: Option<Says>,
    /// What ended it; none while nothing has.
    pub over: Option<Over>,
}

/// How a ruling stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Its first day is still to come.
    Coming,
    /// It holds.
    Holds,
    /// Its last day has passed.
    Ended,
    /// It was taken back.
    Revoked,
    /// A later one took its place.
    Superseded,
}

impl Stands {
    /// Its code, for texts and programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Coming => "coming",
            Self::Holds => "holds",
            Self::Ended => "ended",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
        }
    }
}

impl Given {
    /// How it stands on a day.
    pub fn stands(&self, day: Date) -> Stands {
        stands(self.from, self.until, self.over.as_ref().map(|over| (over.on, over.by.is_some())), day)
    }

    /// Whether it still holds, or will, and so can be taken back or lose its place.
    pub fn standing(&self, day: Date) -> bool {
        self.over.is_none() && matches!(self.stands(day), Stands::Coming | Stands::Holds)
    }
}

/// How a ruling with these days stands on `day`: what ended it is the day, and whether a later one did.
pub(super) fn stands(from: Date, until: Option<Date>, over: Option<(Date, bool)>, day: Date) -> Stands {
    match over {
        Some((on, later)) if on <= day || on <= from => {
            if later {
                Stands::Superseded
            } else {
                Stands::Revoked
            }
        }
        _ if day < from => Stands::Coming,
        _ if until.is_some_and(|until| until < day) => Stands::Ended,
        _ => Stands::Holds,
    }
}

/// Rulings as a kind of case: what the traits of the engine and of `casework` are told for.
pub struct Rulings;

/// A question with what policies read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// What every case has.
    pub case: Case,
    /// Where its party stands.
    pub standing: Sight,
}

impl Guarded for Ruling {
    fn resource(&self) -> Resource {
        Resource::new(RULING.id, self.case.id)
            .with("stage", self.case.stage.clone())
            .maybe("owner", self.case.owner)
            .set("waits_for", RULING.stage(&self.case.stage).map_or(&[][..], |stage| stage.waits_for))
            .set("above", &self.standing.above)
            .with("asked_by", self.case.made_by)
    }
}
