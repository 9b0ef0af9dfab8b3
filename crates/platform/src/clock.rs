//! Time comes in as a value: one clock, read through here, in the authority's zone. Tests turn it by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// An instant in milliseconds since 1970-01-01 UTC, as stored.
pub type Millis = i64;

/// One second, minute, hour and day in [`Millis`].
pub const SECOND: Millis = 1_000;
/// One minute in milliseconds.
pub const MINUTE: Millis = 60 * SECOND;
/// One hour in milliseconds.
pub const HOUR: Millis = 60 * MINUTE;
/// One day of 24 hours in milliseconds.
pub const DAY: Millis = 24 * HOUR;

#[derive(Clone)]
enum Source {
    System,
    Hand(Arc<AtomicI64>),
}

/// The clock of this service, in the authority's time zone.
#[derive(Clone)]
pub struct Clock {
    source: Source,
    zone: TimeZone,
}

impl Clock {
    /// The machine's clock, with "today" taken in `zone`.
    pub fn system(zone: TimeZone) -> Self {
        Self { source: Source::System, zone }
    }

    /// A clock that stands still at `at` until turned: for tests and for replaying a story in the demonstration.
    pub fn by_hand(at: Timestamp, zone: TimeZone) -> Self {
        Self { source: Source::Hand(Arc::new(AtomicI64::new(at.as_millisecond()))), zone }
    }

    /// Now, in milliseconds UTC.
    #[allow(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn now(&self) -> Millis {
        match &self.source {
            Source::System => Timestamp::now().as_millisecond(),
            Source::Hand(at) => at.load(Ordering::SeqCst),
        }
    }

    /// The instant so many days before now.
    pub fn days_ago(&self, days: i64) -> Timestamp {
        timestamp(self.now() - days * DAY)
    }

    /// Moves a clock made by [`Clock::by_hand`] forward; the machine's clock is left alone.
    pub fn advance(&self, by: Millis) {
        if let Source::Hand(at) = &self.source {
            at.fetch_add(by, Ordering::SeqCst);
        }
    }

    /// Sets a clock made by [`Clock::by_hand`].
    pub fn set(&self, to: Timestamp) {
        if let Source::Hand(at) = &self.source {
            at.store(to.as_millisecond(), Ordering::SeqCst);
        }
    }

    /// Today in the authority's zone.
    pub fn today(&self) -> Date {
        self.date_of(self.now())
    }

    /// The civil date of an instant in the authority's zone.
    pub fn date_of(&self, at: Millis) -> Date {
        timestamp(at).to_zoned(self.zone.clone()).date()
    }

    /// The last instant of a day, in the authority's zone; the very last of all where the calendar ends.
    pub fn end_of(&self, date: Date) -> Millis {
        let next = date.tomorrow().and_then(|next| next.to_zoned(self.zone.clone()));
        next.map_or(Millis::MAX, |next| next.timestamp().as_millisecond() - 1)
    }

    /// The instant of a date and time of day in the authority's zone; none past the end of time.
    pub fn instant(&self, at: DateTime) -> Option<Millis> {
        Some(at.to_zoned(self.zone.clone()).ok()?.timestamp().as_millisecond())
    }

    /// The authority's zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// "22 November 2026" for an instant, in the authority's zone.
    pub fn day_text(&self, at: Millis) -> String {
        day_text(self.date_of(at))
    }

    /// "22 November 2026 at 14:05 GMT" for an instant, in the authority's zone.
    pub fn moment_text(&self, at: Millis) -> String {
        let zoned = timestamp(at).to_zoned(self.zone.clone());
        zoned.strftime("%-d %B %Y at %H:%M %Z").to_string()
    }
}

/// "22 November 2026".
pub fn day_text(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// The instant as a jiff timestamp; values outside jiff's range (year 9999) become the nearest end.
pub fn timestamp(at: Millis) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(if at < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
