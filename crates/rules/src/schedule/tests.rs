//! Due dates: a table, and that the next due day always follows the last one met.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::{ToSpan, civil::date};
use proptest::prelude::*;

use super::*;

fn calendar() -> Calendar {
    Calendar { weekend: vec![Weekday::Saturday, Weekday::Sunday], holidays: vec![date(2026, 12, 25), date(2026, 12, 28)] }
}

fn day(text: &str) -> Option<Date> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

fn every(interval: &str) -> When {
    When::Every { interval: interval.parse().unwrap(), from: "e".to_owned() }
}

fn within(interval: &str) -> When {
    When::Within { interval: interval.parse().unwrap(), of: "e".to_owned() }
}

#[test]
fn due_days() {
    let by = |text: &str| Due::By(day(text).unwrap());
    let (before, on) = (When::Before("e".to_owned()), When::On("e".to_owned()));
    let table = [
        (&When::Always, "2026-01-01", "", Due::Always),
        (&before, "", "", Due::Waiting),
        (&before, "2026-03-01", "", by("2026-02-28")),
        (&before, "2026-03-01", "2026-02-01", Due::Met),
        (&on, "", "", Due::Waiting),
        (&on, "2026-03-01", "", by("2026-03-01")),
        (&on, "2026-03-01", "2026-02-28", by("2026-03-01")),
        (&on, "2026-03-01", "2026-03-01", Due::Met),
        (&on, "", "2026-03-01", Due::Met),
        (&within("P30D"), "2026-01-31", "", by("2026-03-02")),
        (&within("P1M"), "2026-01-31", "", by("2026-02-28")),
        (&within("P1M"), "2026-01-31", "2026-02-01", Due::Met),
        (&within("P1M"), "2026-06-01", "2026-02-01", by("2026-07-01")),
        (&within("P2W"), "2026-12-24", "", by("2027-01-07")),
        // Friday 25 and Monday 28 December are holidays.
        (&within("P1B"), "2026-12-24", "", by("2026-12-29")),
        (&within("P5B"), "2026-12-24", "", by("2027-01-04")),
        (&within("P1B"), "2026-12-26", "", by("2026-12-29")),
        (&every("P1Y"), "", "", Due::Waiting),
        (&every("P1Y"), "2026-05-10", "", by("2027-05-10")),
        (&every("P1Y"), "2026-05-10", "2027-04-01", by("2028-04-01")),
        (&every("P1Y"), "2026-05-10", "2020-04-01", by("2027-05-10")),
        (&every("P1Y"), "", "2027-04-01", by("2028-04-01")),
        (&every("P1Y"), "2028-02-29", "", by("2029-02-28")),
        (&every("P4Y"), "2028-02-29", "", by("2032-02-29")),
        (&every("P3M"), "2026-11-30", "", by("2027-02-28")),
        (&every("P1M1D"), "2026-01-31", "", by("2026-03-01")),
    ];
    for (when, event, met, expected) in table {
        assert_eq!(due(when, day(event), day(met), &calendar()), Ok(expected), "{when:?} {event} {met}");
    }
}

#[test]
fn impossible_days_are_errors() {
    let full = Calendar {
        weekend: vec![
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
            Weekday::Saturday,
            Weekday::Sunday,
        ],
        holidays: Vec::new(),
    };
    assert_eq!(due(&within("P1B"), Some(date(2026, 1, 1)), None, &full), Err(ScheduleError::NoWorkingDay));
    assert_eq!(due(&every("P1Y"), Some(Date::MAX), None, &calendar()), Err(ScheduleError::OutOfRange));
    assert_eq!(due(&within("P1B"), Some(Date::MAX), None, &calendar()), Err(ScheduleError::OutOfRange));
    assert_eq!(due(&When::Before(String::new()), Some(Date::MIN), None, &calendar()), Err(ScheduleError::OutOfRange));
}

#[test]
fn states_on_a_day() {
    let due = Due::By(date(2026, 3, 10));
    let table = [
        ("2026-03-11", DueState::Overdue),
        ("2026-03-10", DueState::Soon),
        ("2026-03-03", DueState::Soon),
        ("2026-03-02", DueState::Clear),
    ];
    for (today, expected) in table {
        assert_eq!(due.state(day(today).unwrap(), 7), expected, "{today}");
    }
    assert_eq!(Due::Always.state(date(2026, 1, 1), 7), DueState::Clear);
    assert_eq!(Due::By(date(2030, 1, 1)).state(date(2026, 1, 1), 7), DueState::Clear, "years are not days");
}

fn any_day() -> impl Strategy<Value = Date> {
    (0_i32..80_000).prop_map(|days| date(1950, 1, 1) + days.days())
}

fn any_interval() -> impl Strategy<Value = Interval> {
    prop_oneof![
        (0_i32..60, 0_i32..400)
            .prop_filter("not empty", |(months, days)| months + days > 0)
            .prop_map(|(months, days)| Interval::Calendar { months, days }),
        (1_i32..60).prop_map(Interval::WorkingDays),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn next_due_follows_last_met(
        interval in any_interval(), event in proptest::option::of(any_day()), met in proptest::option::of(any_day()), kind in 0..4,
    ) {
        let when = match kind {
            0 => When::Before(String::new()),
            1 => When::On(String::new()),
            2 => When::Within { interval, of: String::new() },
            _ => When::Every { interval, from: String::new() },
        };
        let due = due(&when, event, met, &calendar()).unwrap();
        if let (Some(due), Some(met)) = (due.date(), met) {
            prop_assert!(due > met, "{due} {met}");
        }
        if let (When::Every { .. }, Some(due), Some(event)) = (&when, due.date(), event) {
            prop_assert!(due > event);
        }
    }

    #[test]
    fn working_days_end_on_a_working_day(from in any_day(), days in 1_i32..60) {
        let calendar = calendar();
        let end = add(from, Interval::WorkingDays(days), &calendar).unwrap();
        let worked = from.series(1.day()).skip(1).take_while(|day| *day <= end).filter(|day| calendar.is_working_day(*day)).count();
        prop_assert!(calendar.is_working_day(end));
        prop_assert_eq!(i32::try_from(worked).unwrap(), days);
    }
}

/// Somebody is reminded when it is due within 7 days and within 1, on the first day of being late, and then once a week: each is one and the same
/// reminder for as long as it holds.
#[test]
fn off_10_reminders_come_before_on_the_first_late_day_and_each_week() {
    use super::{Reminder, days_late, reminder};
    let due = jiff::civil::date(2026, 6, 1);
    let on = |month, day| reminder(due, jiff::civil::date(2026, month, day), &[7, 1]);
    assert_eq!(on(5, 24), None);
    assert_eq!([on(5, 25), on(5, 30)], [Some(Reminder::Before(7)); 2]);
    assert_eq!([on(5, 31), on(6, 1)], [Some(Reminder::Before(1)); 2]);
    assert_eq!([on(6, 2), on(6, 8)], [Some(Reminder::Late(0)); 2]);
    assert_eq!([on(6, 9), on(6, 15)], [Some(Reminder::Late(1)); 2]);
    assert_eq!(days_late(due, jiff::civil::date(2026, 6, 9)), 8);
    assert_eq!(days_late(due, due), 0);
    // Whoever wants no reminders before gets those of being late alone.
    assert_eq!(reminder(due, jiff::civil::date(2026, 5, 31), &[]), None);
    assert_eq!(reminder(due, jiff::civil::date(2027, 6, 1), &[]), Some(Reminder::Late(52)));
    assert_eq!(reminder(due, jiff::civil::date(2024, 1, 1), &[7]), None);
}
