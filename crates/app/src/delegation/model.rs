//! What a delegation is, and what it may be: pure.

use jiff::ToSpan as _;
use jiff::civil::Date;
use platform::authz::{Guarded, Resource};
use platform::clock::day_text;
use platform::error::FieldErrors;
use platform::texts::Text;
use uuid::Uuid;

/// The most days of one delegation: whoever is away for longer gives up the role.
pub const DAYS: i64 = 366;
/// The longest reason, in characters.
pub const LONGEST: usize = 2_000;
/// Whoever checks what others decided decides nothing in anybody's place.
pub const NEVER: &str = "internal_audit";

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The membership of one's own whose role somebody else is to have.
    pub membership: Uuid,
    /// Whose account that is to be.
    pub to: Uuid,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Why.
    pub reason: String,
}

/// How a delegation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is to come.
    Planned,
    /// It runs.
    Runs,
    /// Its days are over.
    Over,
    /// It was ended before its last day was over.
    Ended,
}

impl State {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Runs => "runs",
            Self::Over => "over",
            Self::Ended => "ended",
        }
    }

    /// How one stands on `today` that has these days; `ended` where it was ended early.
    pub fn of((from, until): (Date, Date), ended: bool, today: Date) -> Self {
        if ended {
            Self::Ended
        } else if today < from {
            Self::Planned
        } else if today <= until {
            Self::Runs
        } else {
            Self::Over
        }
    }

    /// Whether there is something left to end.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::Runs)
    }
}

/// What is wrong with what is asked for on `today`, apart from whom it is about: the days that the same role is given away on already are `taken`.
pub fn faults(of: &Asking, taken: &[(Date, Date)], today: Date) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if of.until < of.from {
        errors.add("until", Text::new("delegation-days-order"));
    } else {
        if of.from < today {
            errors.add("from", Text::new("delegation-from-past"));
        }
        if of.from.checked_add((DAYS - 1).days()).is_ok_and(|last| of.until > last) {
            errors.add("until", Text::new("delegation-too-long").with("max", DAYS));
        }
        if let Some((from, until)) = taken.iter().find(|(from, until)| of.from <= *until && *from <= of.until) {
            errors.add("from", Text::new("delegation-taken").with("from", day_text(*from)).with("until", day_text(*until)));
        }
    }
    if of.reason.trim().is_empty() {
        errors.add("reason", Text::new("delegation-reason-missing"));
    } else if of.reason.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    errors
}

/// A delegation as policies see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its id: that of the membership which it made.
    pub id: Uuid,
    /// Who is away.
    pub by: Uuid,
    /// Who decides in their place.
    pub to: Uuid,
    /// The role that it is about.
    pub role: String,
}

impl Guarded for Delegation {
    fn resource(&self) -> Resource {
        Resource::new("delegation", self.id).with("id", self.id).with("by", self.by).with("to", self.to).with("role", self.role.clone())
    }
}
