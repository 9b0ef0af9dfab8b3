//! A duty at a place: which pack's, when due, how it stands. No I/O.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use platform::authz::{Guarded, Resource};
use rules::pack::{Obligation, Pack};
use rules::schedule::{self, Due, DueState};
use uuid::Uuid;

/// Days before its due day at which a duty counts as due soon.
pub const WARNING_DAYS: u32 = 30;

/// How a duty stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing shows yet that it is met.
    Open,
    /// Shown to be met, and not due again yet.
    Met,
    /// Due within [`WARNING_DAYS`].
    Soon,
    /// Its day has passed.
    Overdue,
    /// The authority decided that it does not apply here.
    NotApplicable,
}

impl Status {
    /// Its code, for texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Met => "met",
            Self::Soon => "soon",
            Self::Overdue => "overdue",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// What was recorded about a duty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Set aside, with the reason.
    pub aside: Option<String>,
    /// When it was last met.
    pub met_on: Option<Date>,
    /// What shows it: a dated note and where it can be found.
    pub evidence: Option<String>,
    /// The last day that the evidence covers.
    pub covers_to: Option<Date>,
    /// Who recorded it last: the account's id, or the kind of another actor.
    pub set_by: Option<String>,
    /// Guards against lost updates; 0 while nothing is recorded.
    pub version: i32,
}

/// One pack's duty at one place of a chain.
#[derive(Debug, Clone)]
pub struct Duty {
    /// The pack in the edition on the contract.
    pub pack: Arc<Pack>,
    /// The obligation's id in it.
    pub id: String,
    /// The place.
    pub place: Uuid,
    /// The party that owes it.
    pub party: Uuid,
    /// The contract.
    pub contract: Uuid,
    /// The contract's manager.
    pub manager: Option<Uuid>,
    /// The parties with a standing place at or above it.
    pub seen_by: BTreeSet<Uuid>,
    /// The first and last day of the contract.
    pub term: (Option<Date>, Option<Date>),
    /// The day since when the party stands there.
    pub since: Option<Date>,
    /// What was recorded.
    pub recorded: Recorded,
}

impl Duty {
    /// The obligation as the pack has it.
    pub fn obligation(&self) -> Option<&Obligation> {
        self.pack.obligations.iter().find(|o| o.id == self.id)
    }

    /// When it is due, from its event and from when it was last met.
    pub fn due(&self) -> Due {
        let Some(obligation) = self.obligation() else { return Due::Waiting };
        let event = match obligation.when.event() {
            Some("contract_start" | "contract_signature") => self.term.0,
            Some("contract_end") => self.term.1,
            Some("chain_change") => self.since,
            _ => None,
        };
        schedule::due(&obligation.when, event, self.recorded.met_on, &self.pack.calendar).unwrap_or(Due::Waiting)
    }

    /// How it stands on `today`.
    pub fn status(&self, today: Date) -> Status {
        if self.recorded.aside.is_some() {
            return Status::NotApplicable;
        }
        if self.recorded.covers_to.is_some_and(|to| to < today) {
            return Status::Overdue;
        }
        match (self.due().state(today, WARNING_DAYS), self.recorded.met_on) {
            (DueState::Overdue, _) => Status::Overdue,
            (DueState::Soon, _) => Status::Soon,
            (DueState::Clear, Some(_)) => Status::Met,
            (DueState::Clear, None) => Status::Open,
        }
    }
}

impl Guarded for Duty {
    fn resource(&self) -> Resource {
        Resource::new("obligation", format!("{}.{}.{}", self.place, self.pack.pack, self.id))
            .with("party", self.party)
            .maybe("manager", self.manager)
            .set("seen_by", &self.seen_by)
    }
}
