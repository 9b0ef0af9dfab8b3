//! What of an incident is counted for trends (SEC-21, SEC-24, SEC-X1i); pure.

use platform::clock::{Clock, Millis};

use super::model::When;

/// Minutes of a day.
const DAY: i64 = 1_440;

/// How long after something an incident was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// So many minutes, where the time of day is known.
    Minutes(i64),
    /// So many days, where only the day is.
    Days(i32),
}

impl Delay {
    /// From `when` to `reported`; none where the clock of whoever said so was ahead.
    pub fn of(clock: &Clock, when: When, reported: Millis) -> Option<Self> {
        let delay = match when.time {
            Some(time) => Self::Minutes((reported - clock.instant(when.date.to_datetime(time))?).div_euclid(60_000)),
            None => Self::Days((clock.date_of(reported) - when.date).get_days()),
        };
        let ahead = matches!(delay, Self::Minutes(..0) | Self::Days(..0));
        (!ahead).then_some(delay)
    }

    /// In minutes, to be counted by: of the same day it is only known that a day had not passed.
    pub fn minutes(self) -> i32 {
        let minutes = match self {
            Self::Minutes(minutes) => minutes,
            Self::Days(0) => DAY - 1,
            Self::Days(days) => i64::from(days) * DAY,
        };
        i32::try_from(minutes).unwrap_or(i32::MAX)
    }
}

/// A band of times to report: its code, and the most minutes that belong to it.
pub type Band = (&'static str, i32);

/// The bands, shortest first. Three days are those that a controller has to tell the regulator.
pub const BANDS: [Band; 7] =
    [("hour", 60), ("four_hours", 240), ("day", 1_440), ("three_days", 4_320), ("week", 10_080), ("month", 44_640), ("longer", i32::MAX)];
/// The code of what is in no band, as nobody said when it happened or was discovered.
pub const UNKNOWN: &str = "unknown";

/// The band of a time to report.
pub fn band(minutes: Option<i32>) -> &'static str {
    minutes.and_then(|minutes| BANDS.into_iter().find(|(_, most)| minutes <= *most)).map_or(UNKNOWN, |(code, _)| code)
}

/// The code of where the cause lies (SEC-X1g): in the system, in awareness, or nobody said.
pub fn cause(systemic: Option<bool>) -> &'static str {
    match systemic {
        Some(true) => "systemic",
        Some(false) => "awareness",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use jiff::tz::TimeZone;

    use super::*;

    /// SEC-24: how long a report took, by the minute or by the day, in summer time too, and the band that it counts in.
    #[test]
    fn sec_24_time_to_report_by_cases() {
        let clock = Clock::system(TimeZone::get("Europe/London").unwrap());
        let cases = [
            ("2026-03-02T07:15", "2026-03-02T07:15:30Z", Some(Delay::Minutes(0)), "hour"),
            ("2026-03-02T07:15", "2026-03-02T08:15:00Z", Some(Delay::Minutes(60)), "hour"),
            ("2026-03-02T07:15", "2026-03-02T08:16:00Z", Some(Delay::Minutes(61)), "four_hours"),
            ("2026-03-02T07:15", "2026-03-03T07:15:00Z", Some(Delay::Minutes(1_440)), "day"),
            ("2026-03-02T07:15", "2026-03-05T07:15:00Z", Some(Delay::Minutes(4_320)), "three_days"),
            // The hour that is left out in spring does not count.
            ("2026-03-28T23:30", "2026-03-29T01:00:00Z", Some(Delay::Minutes(90)), "four_hours"),
            ("2026-07-01T00:30", "2026-06-30T23:45:00Z", Some(Delay::Minutes(15)), "hour"),
            ("2026-03-02", "2026-03-02T23:00:00Z", Some(Delay::Days(0)), "day"),
            ("2026-03-02", "2026-03-03T00:10:00Z", Some(Delay::Days(1)), "day"),
            ("2026-03-02", "2026-03-09T00:10:00Z", Some(Delay::Days(7)), "week"),
            ("2026-03-02", "2026-04-02T00:10:00Z", Some(Delay::Days(31)), "month"),
            ("2016-03-02", "2026-04-02T00:10:00Z", Some(Delay::Days(3_683)), "longer"),
            // By a clock that was ahead, nobody knows.
            ("2026-03-02T07:15", "2026-03-02T07:14:59Z", None, "unknown"),
            ("2026-03-03", "2026-03-02T23:00:00Z", None, "unknown"),
        ];
        for (when, at, delay, of) in cases {
            let at: jiff::Timestamp = at.parse().unwrap();
            let found = Delay::of(&clock, When::from_stored(when).unwrap(), at.as_millisecond());
            assert_eq!((found, band(found.map(Delay::minutes))), (delay, of), "{when} {at}");
        }
    }
}
