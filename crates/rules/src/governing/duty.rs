//! What a pack's duty asks, as it is compared with contract and plan.

use super::{Ask, Demand, Direction};
use crate::pack::{Interval, Obligation, When};

impl Ask {
    /// What a duty of a pack asks: the period within which or at which it is to be met again, where it has one in one unit; else its text.
    pub fn of_duty(duty: &Obligation) -> Self {
        let period = match &duty.when {
            When::Within { interval, .. } | When::Every { interval, .. } => counted(*interval),
            When::Always | When::Before(_) | When::On(_) => None,
        };
        let limit = |(value, unit): (u64, &str)| Demand::Limit { value, unit: unit.to_owned(), direction: Direction::AtMost };
        let asks = period.map_or_else(|| Demand::Text { text: duty.text.clone() }, limit);
        Self { applies: Some(true), asks: Some(asks) }
    }

    /// Of a document that is known to ask nothing here.
    pub const NOTHING: Self = Self { applies: Some(false), asks: None };
}

/// A period in the largest unit that it is a whole number of; none of one that mixes months and days, which cannot be compared.
fn counted(interval: Interval) -> Option<(u64, &'static str)> {
    let (value, unit) = match interval {
        Interval::WorkingDays(days) => (days, "working_days"),
        Interval::Calendar { months, days: 0 } if months % 12 == 0 => (months / 12, "years"),
        Interval::Calendar { months, days: 0 } => (months, "months"),
        Interval::Calendar { months: 0, days } => (days, "days"),
        Interval::Calendar { .. } => return None,
    };
    Some((u64::try_from(value).ok()?, unit))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// SEC-1: a pack's period is compared as a number, what has none as its words.
    #[test]
    fn sec_1_what_a_duty_asks() {
        let of = |period: &str| counted(period.parse().unwrap());
        let rows = [
            ("P10B", Some((10, "working_days"))),
            ("P30D", Some((30, "days"))),
            ("P2W", Some((14, "days"))),
            ("P6M", Some((6, "months"))),
            ("P2Y", Some((2, "years"))),
            ("P1Y6M", Some((18, "months"))),
            ("P1M2D", None),
        ];
        for (period, asked) in rows {
            assert_eq!(of(period), asked, "{period}");
        }
    }
}
