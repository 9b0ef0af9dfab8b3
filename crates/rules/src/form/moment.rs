//! A day with, where it is known, the time of the day: when something happened, or was discovered.

use std::fmt;

use jiff::civil::{Date, Time};
use serde_json::Value;

use crate::condition::date;

/// A moment as an answer gives it, local to the authority's time zone. Forms do not know which that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of the day, to the minute; none where it is not known.
    pub time: Option<Time>,
}

impl Moment {
    /// The moment in an answer; nothing where its day, or a time that is given, is no real one.
    pub fn of(answer: &Value) -> Option<Self> {
        let time = match answer.get("time") {
            Some(given) => Some(time(given)?),
            None => None,
        };
        Some(Self { date: date(answer.get("date")?)?, time })
    }

    /// Whether it is known to lie before another: where either time is not known, only the days are compared.
    pub fn before(&self, other: &Self) -> bool {
        match (self.time, other.time) {
            (Some(own), Some(others)) => (self.date, own) < (other.date, others),
            _ => self.date < other.date,
        }
    }
}

/// As ISO 8601 writes the day and the time, with a blank between: `2026-03-02 14:30`, or `2026-03-02`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{} {}", self.date, clock(time)),
            None => write!(f, "{}", self.date),
        }
    }
}

/// The time in an answer, strictly `14:30`.
pub(super) fn time(value: &Value) -> Option<Time> {
    let (hour, minute) = value.as_str()?.split_once(':')?;
    of_digits(hour, minute).filter(|_| hour.len() == 2)
}

/// A time as answers hold it: `14:30`.
pub fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A time as people type it (`9:05`, `0905`, `9.05`, `9:05 pm`, `9 pm`), as answers hold it; nothing where it cannot be told, as with `9`
/// alone or `25:00`.
pub fn time_text(typed: &str) -> Option<String> {
    const LONGEST: usize = 20;
    if typed.len() > LONGEST {
        return None;
    }
    let text = typed.trim().to_lowercase();
    let halves = [("am", 0), ("a.m.", 0), ("pm", 12), ("p.m.", 12)];
    let half = halves.iter().find_map(|(ending, from)| Some((text.strip_suffix(ending)?.trim_end(), *from)));
    let digits = half.map_or(text.as_str(), |(digits, _)| digits);
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some(parted) => parted,
        None if half.is_some() && digits.len() <= 2 => (digits, "00"),
        None => digits.split_at_checked(digits.len().checked_sub(2)?)?,
    };
    let time = of_digits(hour, minute)?;
    let hour = match (half.map(|(_, from)| from), time.hour()) {
        (None, hour) => hour,
        // Twelve comes before one, by night and by day.
        (Some(from), 12) => from,
        (Some(from), hour @ 1..=11) => from + hour,
        // A clock of 24 hours, and the half of the day beside it.
        (Some(0), 0) => 0,
        (Some(12), hour @ 13..) => hour,
        _ => return None,
    };
    Time::new(hour, time.minute(), 0, 0).ok().map(clock)
}

fn of_digits(hour: &str, minute: &str) -> Option<Time> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 || !digits(hour) || !digits(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}
