//! Days, intervals, and when a duty is owed.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A day, or `unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaybeDate {
    /// Not known.
    Unknown,
    /// Known.
    On(Date),
}

impl MaybeDate {
    /// The day, if known.
    pub fn known(self) -> Option<Date> {
        match self {
            Self::Unknown => None,
            Self::On(date) => Some(date),
        }
    }
}

impl Serialize for MaybeDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown => serializer.serialize_str("unknown"),
            Self::On(date) => date.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for MaybeDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "unknown" {
            return Ok(Self::Unknown);
        }
        text.parse().map(Self::On).map_err(|_| de::Error::custom(format!("`{text}` is neither a date like 2026-11-22 nor `unknown`")))
    }
}

/// When a duty is owed. Intervals are ISO 8601 periods; `B` days (`P5B`) are working days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// At every moment.
    Always,
    /// Before something happens.
    Before(String),
    /// On the day something happens.
    On(String),
    /// At most so long after something happens.
    Within {
        /// The interval.
        interval: Interval,
        /// What it counts from.
        of: String,
    },
    /// Again and again, counted from something or from when last met.
    Every {
        /// The interval.
        interval: Interval,
        /// What it first counts from.
        from: String,
    },
}

impl When {
    /// The id of what the duty counts from.
    pub fn event(&self) -> Option<&str> {
        match self {
            Self::Always => None,
            Self::Before(event) | Self::On(event) | Self::Within { of: event, .. } | Self::Every { from: event, .. } => Some(event),
        }
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WhenMap {
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<Interval>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<Interval>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
}

impl WhenMap {
    fn read(self) -> Option<When> {
        Some(match (self.before, self.on, self.within, self.of, self.every, self.from) {
            (Some(event), None, None, None, None, None) => When::Before(event),
            (None, Some(event), None, None, None, None) => When::On(event),
            (None, None, Some(interval), Some(of), None, None) => When::Within { interval, of },
            (None, None, None, None, Some(interval), Some(from)) => When::Every { interval, from },
            _ => return None,
        })
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = WhenMap::default();
        match self.clone() {
            Self::Always => return serializer.serialize_str("always"),
            Self::Before(event) => map.before = Some(event),
            Self::On(event) => map.on = Some(event),
            Self::Within { interval, of } => (map.within, map.of) = (Some(interval), Some(of)),
            Self::Every { interval, from } => (map.every, map.from) = (Some(interval), Some(from)),
        }
        map.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        const FORMS: &str = "`always`, {before: EVENT}, {on: EVENT}, {within: P30D, of: EVENT} or {every: P1Y, from: EVENT}";
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = When;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(FORMS)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<When, E> {
                if text == "always" { Ok(When::Always) } else { Err(E::invalid_value(de::Unexpected::Str(text), &self)) }
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<When, A::Error> {
                WhenMap::deserialize(de::value::MapAccessDeserializer::new(map))?
                    .read()
                    .ok_or_else(|| de::Error::custom(format!("`when` must be one of {FORMS}")))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// An interval of whole years, months, weeks and days, or of working days alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Calendar years, months, and days (weeks count as seven days).
    Calendar {
        /// Years, counted as twelve months each.
        months: i32,
        /// Days after that.
        days: i32,
    },
    /// Working days by the pack's calendar: `P5B`.
    WorkingDays(i32),
}

impl std::str::FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a period like P1Y, P6M, P2W, P30D, or P5B for five working days");
        if let Some(days) = text.strip_prefix('P').and_then(|rest| rest.strip_suffix('B')) {
            return days.parse().ok().filter(|n| (1..=1000).contains(n) && !days.starts_with('+')).map(Self::WorkingDays).ok_or_else(wrong);
        }
        let span: jiff::Span = text.parse().map_err(|_| wrong())?;
        let dates_only = text.starts_with('P') && !text.contains('T');
        let months = i32::from(span.get_years()) * 12 + span.get_months();
        let days = span.get_weeks() * 7 + span.get_days();
        if dates_only && (0..=1200).contains(&months) && (0..=36_500).contains(&days) && months + days > 0 {
            Ok(Self::Calendar { months, days })
        } else {
            Err(wrong())
        }
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::WorkingDays(days) => write!(f, "P{days}B"),
            Self::Calendar { months, days } => {
                f.write_str("P")?;
                for (count, unit) in [(months / 12, 'Y'), (months % 12, 'M'), (days, 'D')] {
                    if count > 0 {
                        write!(f, "{count}{unit}")?;
                    }
                }
                Ok(())
            }
        }
    }
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
