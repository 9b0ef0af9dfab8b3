//! When duties are due, counted from events and from when they were last met.

use jiff::{Span, civil::Date};
use serde::Serialize;
use thiserror::Error;

use crate::pack::{Calendar, Interval, Weekday, When};

/// When a duty is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "due", content = "date")]
pub enum Due {
    /// At every moment; it has no day.
    Always,
    /// What it counts from has no day yet.
    Waiting,
    /// At the latest on this day.
    By(Date),
    /// Met; nothing more is due until the event comes again.
    Met,
}

/// Where a duty stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// Nothing to do now.
    Clear,
    /// Due within the days of warning.
    Soon,
    /// Its day has passed.
    Overdue,
}

/// Why no day can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ScheduleError {
    /// The day lies outside the calendar.
    #[error("the day lies outside the calendar")]
    OutOfRange,
    /// The pack's calendar has no working day.
    #[error("the calendar has no working day")]
    NoWorkingDay,
}

impl Due {
    /// The day, if it has one.
    pub fn date(self) -> Option<Date> {
        match self {
            Self::By(date) => Some(date),
            _ => None,
        }
    }

    /// Where it stands today, with a warning so many days before.
    pub fn state(self, today: Date, warning_days: u32) -> DueState {
        let Self::By(due) = self else {
            return DueState::Clear;
        };
        let left = today.until(due).map_or(0, |span| span.get_days());
        match left {
            ..0 => DueState::Overdue,
            left if left.unsigned_abs() <= warning_days => DueState::Soon,
            _ => DueState::Clear,
        }
    }
}

/// When a duty is due, given the day of what it counts from, and the day it was last met.
///
/// - `before` an event: at the latest the day before; met once and for all.
/// - `on` an event, `within` a time of it: that day, or the end of that time; met if last met on the event's day or after, so that the
///   next event makes it due again.
/// - `every`: an interval after it was last met; first, or when last met before the event, an interval after the event.
///
/// # Errors
/// The day lies outside the calendar, or the calendar has no working day.
pub fn due(when: &When, event: Option<Date>, last_met: Option<Date>, calendar: &Calendar) -> Result<Due, ScheduleError> {
    let met_since = |event: Date| last_met.is_some_and(|met| met >= event);
    Ok(match (when, event) {
        (When::Always, _) => Due::Always,
        (When::Before(_), _) | (When::On(_) | When::Within { .. }, None) if last_met.is_some() => Due::Met,
        (When::Before(_), Some(event)) => Due::By(event.yesterday().map_err(|_| ScheduleError::OutOfRange)?),
        (When::On(_) | When::Within { .. }, Some(event)) if met_since(event) => Due::Met,
        (When::On(_), Some(event)) => Due::By(event),
        (When::Within { interval, .. }, Some(event)) => Due::By(add(event, *interval, calendar)?),
        (When::Every { interval, .. }, _) => match event.max(last_met) {
            Some(from) => Due::By(add(from, *interval, calendar)?),
            None => Due::Waiting,
        },
        (_, None) => Due::Waiting,
    })
}

/// The day an interval after another. Months first, to the last day of a shorter month (31 January and a month is the last of February; 29 February
/// and a year is 28 February), then days. Working days are counted from the day after.
///
/// # Errors
/// As [`due`].
pub fn add(from: Date, interval: Interval, calendar: &Calendar) -> Result<Date, ScheduleError> {
    match interval {
        Interval::Calendar { months, days } => {
            let span = Span::new().try_months(months).and_then(|span| span.try_days(days)).map_err(|_| ScheduleError::OutOfRange)?;
            from.checked_add(span).map_err(|_| ScheduleError::OutOfRange)
        }
        Interval::WorkingDays(days) => {
            let mut date = from;
            let mut left = days;
            // A year without a working day in it has none.
            let mut idle = 0;
            while left > 0 {
                date = date.tomorrow().map_err(|_| ScheduleError::OutOfRange)?;
                idle = if calendar.is_working_day(date) { 0 } else { idle + 1 };
                left -= i32::from(idle == 0);
                if idle > 366 {
                    return Err(ScheduleError::NoWorkingDay);
                }
            }
            Ok(date)
        }
    }
}

/// What somebody is reminded of that is due on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reminder {
    /// It is due within so many days.
    Before(u32),
    /// It is late, in this week of being so, counted from nought.
    Late(u32),
}

/// What somebody is to be reminded of today: once it is due within each of these numbers of days, on the first day on which it is late, and each
/// week after that. Nothing earlier.
pub fn reminder(due: Date, today: Date, before: &[u32]) -> Option<Reminder> {
    let late = days_late(due, today);
    if late > 0 {
        return Some(Reminder::Late((late - 1) / 7));
    }
    let left = today.until(due).map_or(u32::MAX, |span| span.get_days().unsigned_abs());
    before.iter().copied().filter(|days| left <= *days).min().map(Reminder::Before)
}

/// For how many days something that was due on a day has been late; nought until then.
pub fn days_late(due: Date, today: Date) -> u32 {
    due.until(today).map_or(0, |span| u32::try_from(span.get_days()).unwrap_or(0))
}

impl Calendar {
    /// Whether people work on a day.
    pub fn is_working_day(&self, date: Date) -> bool {
        use jiff::civil::Weekday as W;
        let weekday = match date.weekday() {
            W::Monday => Weekday::Monday,
            W::Tuesday => Weekday::Tuesday,
            W::Wednesday => Weekday::Wednesday,
            W::Thursday => Weekday::Thursday,
            W::Friday => Weekday::Friday,
            W::Saturday => Weekday::Saturday,
            W::Sunday => Weekday::Sunday,
        };
        !self.weekend.contains(&weekday) && !self.holidays.contains(&date)
    }
}

#[cfg(test)]
mod tests;
