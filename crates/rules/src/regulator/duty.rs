//! What the law asks of a controller whose data about people was breached: articles 33 and 34 of the United Kingdom's general data protection
//! regulation. It says what is owed; the controller decides.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::truth::Truth;

/// So many hours after it became aware a controller has notified, where it must; by the clock, over nights, weekends and holidays.
pub const HOURS: i64 = 72;

/// How likely it is that people come to harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// A risk to people is unlikely.
    Unlikely,
    /// There is a risk to people.
    Likely,
    /// The risk to people is high.
    High,
}

impl Risk {
    /// Every one, the smallest first.
    pub const ALL: [Self; 3] = [Self::Unlikely, Self::Likely, Self::High];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unlikely => "unlikely",
            Self::Likely => "likely",
            Self::High => "high",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|risk| risk.code() == code)
    }
}

/// What the law asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// Nothing: no data about people was breached.
    Nothing,
    /// A record of the breach, and no notification.
    Record,
    /// The regulator is notified, and the breach recorded.
    Notify,
    /// The regulator is notified, and the people concerned are told.
    NotifyAndTell,
    /// That depends on what is not known yet.
    Open,
}

impl Duty {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Nothing, Self::Record, Self::Notify, Self::NotifyAndTell, Self::Open];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Record => "record",
            Self::Notify => "notify",
            Self::NotifyAndTell => "notify_and_tell",
            Self::Open => "open",
        }
    }

    /// The text that says it.
    pub fn message_id(self) -> String {
        format!("rule-regulator-duty-{}", self.code().replace('_', "-"))
    }

    /// Whether the regulator is to be notified; none where that is open.
    pub fn notifies(self) -> Option<bool> {
        match self {
            Self::Nothing | Self::Record => Some(false),
            Self::Notify | Self::NotifyAndTell => Some(true),
            Self::Open => None,
        }
    }
}

/// What is owed, by whether data about people was breached and the risk to them. What is not known is never a no.
pub fn duty(personal: Truth, risk: Option<Risk>) -> Duty {
    match (personal, risk) {
        (Truth::False, _) => Duty::Nothing,
        (_, None) => Duty::Open,
        (_, Some(Risk::Unlikely)) => Duty::Record,
        (_, Some(Risk::Likely)) => Duty::Notify,
        (_, Some(Risk::High)) => Duty::NotifyAndTell,
    }
}

/// The last instant at which a notification is in time; none past the end of time.
pub fn deadline(aware: Timestamp) -> Option<Timestamp> {
    aware.checked_add(SignedDuration::from_hours(HOURS)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regulator::TimeBand;

    /// SEC-27: what is owed, by article 33(1) and 34(1); unknown is not no.
    #[test]
    fn sec_27_what_the_law_asks_for() {
        for personal in [Truth::False, Truth::Unknown, Truth::True] {
            for risk in [None, Some(Risk::Unlikely), Some(Risk::Likely), Some(Risk::High)] {
                let expected = match (personal, risk) {
                    (Truth::False, _) => Some(false),
                    (_, None) => None,
                    (_, Some(risk)) => Some(risk > Risk::Unlikely),
                };
                assert_eq!(duty(personal, risk).notifies(), expected, "{personal:?} {risk:?}");
                assert_eq!(duty(personal, risk) == Duty::NotifyAndTell, personal != Truth::False && risk == Some(Risk::High));
            }
        }
        for risk in Risk::ALL {
            assert_eq!(Risk::from_code(risk.code()), Some(risk));
        }
        let codes: std::collections::BTreeSet<_> = Duty::ALL.iter().map(|duty| duty.message_id()).collect();
        assert_eq!(codes.len(), Duty::ALL.len());
    }

    /// SEC-27: 72 hours by the clock, over a weekend and over the hour that summer time takes; and the regulator's band says the same.
    #[test]
    fn sec_27_the_clock_counts_hours() {
        let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
        // A Friday evening; in the night to Sunday clocks go forward.
        let aware = jiff::civil::date(2026, 3, 27).at(18, 30, 0, 0).to_zoned(zone.clone()).unwrap().timestamp();
        let until = deadline(aware).unwrap();
        assert_eq!(until.to_zoned(zone).datetime(), jiff::civil::date(2026, 3, 30).at(19, 30, 0, 0));
        assert_eq!(TimeBand::between(aware, until), Some(TimeBand::To72Hours));
        let late = until.checked_add(SignedDuration::from_millis(1)).unwrap();
        assert_eq!(TimeBand::between(aware, late), Some(TimeBand::ToAWeek));
        assert_eq!(deadline(Timestamp::MAX), None);
    }
}
