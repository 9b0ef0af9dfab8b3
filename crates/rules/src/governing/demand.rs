//! What a document asks, and which of two demands is stricter.

use serde::Serialize;

use crate::input::coded;

/// What a document asks of an obligation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Demand {
    /// A number that may not be passed, such as at most 24 hours or at least 256 bits.
    Limit {
        /// The number.
        value: u64,
        /// Its unit, in small letters: `hours`, `working_days`, `bits`.
        unit: String,
        /// To which side it limits.
        direction: Direction,
    },
    /// Words, which nothing but the same words can be compared with.
    Text {
        /// The words.
        text: String,
    },
}

coded! {
    /// To which side a number limits.
    Direction("direction") {
        /// The smaller number is stricter.
        AtMost = "at_most",
        /// The larger number is stricter.
        AtLeast = "at_least",
    }
}

/// How one demand compares with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// They ask the same.
    Same,
    /// The one asks more.
    Stricter,
    /// The other asks more.
    Laxer,
    /// They cannot be compared.
    Never,
}

impl Demand {
    /// How this demand compares with another. Periods are compared across minutes, hours, days and weeks, and across months and years; a month has no
    /// fixed number of days, and a working day none of hours. Of texts the blanks do not count.
    pub fn compared(&self, other: &Self) -> Compared {
        Measure::of(self).compared(&Measure::of(other))
    }
}

/// A demand as it is compared: periods in one unit, texts without their blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Measure {
    Limit { amount: u128, unit: String, direction: Direction },
    Text(String),
}

impl Measure {
    pub(super) fn of(demand: &Demand) -> Self {
        match demand {
            Demand::Limit { value, unit, direction } => {
                let (base, times) = match unit.as_str() {
                    "hours" => ("minutes", 60),
                    "days" => ("minutes", 24 * 60),
                    "weeks" => ("minutes", 7 * 24 * 60),
                    "years" => ("months", 12),
                    unit => (unit, 1),
                };
                Self::Limit { amount: u128::from(*value) * times, unit: base.to_owned(), direction: *direction }
            }
            Demand::Text { text } => Self::Text(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        }
    }

    pub(super) fn compared(&self, other: &Self) -> Compared {
        if self == other {
            return Compared::Same;
        }
        match (self, other) {
            (Self::Limit { amount, unit, direction }, Self::Limit { amount: than, unit: of, direction: to })
                if (unit, direction) == (of, to) =>
            {
                if (amount < than) == (*direction == Direction::AtMost) {
                    Compared::Stricter
                } else {
                    Compared::Laxer
                }
            }
            _ => Compared::Never,
        }
    }

    /// The demands next to this one, a little stricter and a little laxer, where there are such.
    pub(super) fn beside(&self) -> Vec<Self> {
        match self {
            Self::Limit { amount, unit, direction } => [amount.checked_sub(1), amount.checked_add(1)]
                .into_iter()
                .flatten()
                .map(|amount| Self::Limit { amount, unit: unit.clone(), direction: *direction })
                .collect(),
            Self::Text(_) => Vec::new(),
        }
    }
}
