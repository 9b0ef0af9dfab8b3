//! What a pack says of incidents: which form reports them, how severe they are, and how soon something is done about them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::incident::severity::{Severity, Thresholds};

/// How incidents are reported, judged and handled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incidents {
    /// The form that reports are.
    pub form: String,
    /// From what on an incident is how severe; as [`Thresholds`] has it, where the pack says nothing.
    #[serde(default)]
    pub severity: Thresholds,
    /// How soon the authority does what.
    pub service_levels: ServiceLevels,
    /// The paragraphs that it restates.
    pub source: Vec<String>,
}

/// How soon the authority does what, by severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceLevels {
    /// Of the mildest.
    pub low: ServiceLevel,
    /// Of those that harm some, or disturb.
    pub moderate: ServiceLevel,
    /// Of those that harm many, or gravely.
    pub high: ServiceLevel,
    /// Of the gravest.
    pub critical: ServiceLevel,
}

impl ServiceLevels {
    /// Those of one severity.
    pub const fn of(&self, severity: Severity) -> ServiceLevel {
        match severity {
            Severity::Low => self.low,
            Severity::Moderate => self.moderate,
            Severity::High => self.high,
            Severity::Critical => self.critical,
        }
    }
}

/// How soon the authority does what about an incident, each counted from its report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceLevel {
    /// Within what it says that the report has arrived and is looked at.
    pub acknowledge: TimeLimit,
    /// Within what it first says how things stand.
    pub first_update: TimeLimit,
    /// Within what the incident is closed.
    pub close: TimeLimit,
}

impl ServiceLevel {
    /// Each with its key, from the soonest on.
    pub const fn each(self) -> [(&'static str, TimeLimit); 3] {
        [("acknowledge", self.acknowledge), ("first_update", self.first_update), ("close", self.close)]
    }
}

/// A time within which something is done, to the minute, by the clock: a day is 24 hours whatever day it is. Written as an ISO 8601 duration of weeks,
/// days, hours and minutes: `PT1H`, `P30D`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeLimit {
    minutes: u32,
}

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;
/// The longest limit, in days.
const MOST_DAYS: u32 = 3660;

impl TimeLimit {
    /// How long it is, in minutes: at least one, at most ten years.
    pub const fn minutes(self) -> u32 {
        self.minutes
    }

    /// How long it is.
    pub fn duration(self) -> jiff::SignedDuration {
        jiff::SignedDuration::from_mins(i64::from(self.minutes))
    }
}

impl FromStr for TimeLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a time like PT30M, PT4H, PT24H, P30D or P2W, of a minute to ten years");
        let span: jiff::Span = text.parse().map_err(|_| wrong())?;
        // Years and months have no length of their own, and a limit of seconds is none that people keep.
        let finer = span.get_seconds() != 0 || span.get_milliseconds() != 0 || span.get_microseconds() != 0 || span.get_nanoseconds() != 0;
        if !text.starts_with('P') || span.get_years() != 0 || span.get_months() != 0 || finer {
            return Err(wrong());
        }
        let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
        let minutes = span.get_minutes().checked_add(i64::from(span.get_hours()) * i64::from(HOUR));
        let minutes = minutes.and_then(|minutes| minutes.checked_add(days * i64::from(DAY)));
        let fits = |minutes: &u32| (1..=MOST_DAYS * DAY).contains(minutes);
        minutes.and_then(|minutes| u32::try_from(minutes).ok()).filter(fits).map(|minutes| Self { minutes }).ok_or_else(wrong)
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, hours, minutes) = (self.minutes / DAY, self.minutes % DAY / HOUR, self.minutes % HOUR);
        f.write_str("P")?;
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if hours + minutes > 0 {
            f.write_str("T")?;
        }
        for (count, unit) in [(hours, 'H'), (minutes, 'M')] {
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        Ok(())
    }
}

impl Serialize for TimeLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
