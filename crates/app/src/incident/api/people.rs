//! Whether the people concerned are told, for programs of the authority: who tells them, and that it was done.

use jiff::civil::Date;
use platform::api::Call;
use platform::web::Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::regulator::changed;
use crate::incident::act;
use crate::incident::people::{Informed, Teller};
use crate::incident::regulator::People;

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

pub(super) async fn record(call: Call) -> Answer {
    let id = call.id("id")?;
    let with: RecordingPeople = call.body()?;
    let done = act::record_people(&call.cx, id, call.version()?, Informed { on: with.on, how: with.how }).await;
    changed(&call, id, done).await
}
