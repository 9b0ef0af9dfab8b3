//! Whether the people concerned are told, for programs of the authority: who tells them, and that it was done.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::incident::regulator::People;
use crate::incident::teller::{Informed, Teller};

/// Whether the people concerned are told.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RegulatorPeople {
    /// They were.
    Told,
    /// They will be.
    WillBe,
    /// They are not.
    Not,
}

impl RegulatorPeople {
    pub(super) fn of(people: People) -> Self {
        match people {
            People::Told => Self::Told,
            People::WillBe => Self::WillBe,
            People::Not => Self::Not,
        }
    }

    pub(super) fn people(self) -> People {
        match self {
            Self::Told => People::Told,
            Self::WillBe => People::WillBe,
            Self::Not => People::Not,
        }
    }
}

/// Who tells the people concerned.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PeopleTeller {
    /// The authority.
    Authority,
    /// The supplier, by a task.
    Supplier,
}

impl PeopleTeller {
    pub(super) fn teller(self) -> Teller {
        match self {
            Self::Authority => Teller::Authority,
            Self::Supplier => Teller::Supplier,
        }
    }
}

/// That the people concerned were told.
#[derive(Serialize, ToSchema)]
pub(super) struct PeopleTold {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// How it was done.
    how: String,
}

impl PeopleTold {
    pub(super) fn of(of: Informed) -> Self {
        Self { on: of.on.to_string(), how: of.how }
    }
}

/// Recording that the people concerned were told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordingPeople {
    /// The day.
    on: Date,
    /// How it was done.
    #[schema(min_length = 1, max_length = 8000)]
    how: String,
}

impl RecordingPeople {
    pub(super) fn informed(self) -> Informed {
        Informed { on: self.on, how: self.how }
    }
}
