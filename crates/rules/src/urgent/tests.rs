//! Urgent approvals, case by case.

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn given(ratified: bool, end: Option<End>) -> Given {
    Given { until: day("2026-06-20"), ratify_by: day("2026-06-06"), ratified, end }
}

/// OFF-6: how an urgent approval stands on its days; it lapses by itself the day after that on which it could be ratified last.
#[test]
fn off_6_an_urgent_approval_lapses_unless_it_is_ratified() {
    let cases = [
        (given(false, None), "2026-06-01", Stands::ToRatify),
        (given(false, None), "2026-06-06", Stands::ToRatify),
        (given(false, None), "2026-06-07", Stands::Lapsed),
        (given(false, None), "2027-01-01", Stands::Lapsed),
        (given(true, None), "2026-06-07", Stands::Ratified),
        (given(true, None), "2026-06-20", Stands::Ratified),
        (given(true, None), "2026-06-21", Stands::RanOut),
        // What ended it counts before its days, ratified or not, also once they are past.
        (given(false, Some(End::Refused)), "2026-06-02", Stands::Ended(End::Refused)),
        (given(false, Some(End::Replaced)), "2026-06-30", Stands::Ended(End::Replaced)),
        (given(true, Some(End::Declined)), "2026-06-10", Stands::Ended(End::Declined)),
    ];
    for (given, today, expected) in cases {
        assert_eq!(stands(given, day(today)), expected, "{given:?} on {today}");
        assert_eq!(stands(given, day(today)).runs(), matches!(expected, Stands::ToRatify | Stands::Ratified));
    }
    assert_eq!(last_day(given(false, None)), day("2026-06-06"));
    assert_eq!(last_day(given(true, None)), day("2026-06-20"));
}

/// OFF-6: it is ratified within the pack's days, and never after its own last day.
#[test]
fn off_6_by_when_an_urgent_approval_is_ratified() {
    for (today, days, until, expected) in [
        ("2026-06-01", 5, "2026-06-28", "2026-06-06"),
        ("2026-06-01", 5, "2026-06-06", "2026-06-06"),
        ("2026-06-01", 5, "2026-06-03", "2026-06-03"),
        ("2026-06-01", 1, "2026-06-28", "2026-06-02"),
        ("2026-12-30", 5, "2027-01-20", "2027-01-04"),
        ("2026-03-26", 5, "2026-04-20", "2026-03-31"),
    ] {
        assert_eq!(ratify_by(day(today), days, day(until)), day(expected), "{today} {days} {until}");
    }
}

/// OFF-11: when one may be given, and why not otherwise.
#[test]
fn off_11_when_an_urgent_approval_may_be_given() {
    let so = Situation { case: Case::UnderWay, approved: false, running: false, failed: 0, refusals: Some(2), opens: None };
    let later = day("2026-06-10");
    let cases = [
        (so, None),
        (Situation { failed: 1, ..so }, None),
        (Situation { opens: Some(later), ..so }, Some(Bar::Early(later))),
        (Situation { opens: Some(later), failed: 2, ..so }, Some(Bar::Failed(2))),
        (Situation { failed: 2, ..so }, Some(Bar::Failed(2))),
        (Situation { failed: 7, ..so }, Some(Bar::Failed(7))),
        (Situation { failed: 2, refusals: Some(3), ..so }, None),
        (Situation { refusals: None, ..so }, Some(Bar::NoSuch)),
        (Situation { running: true, ..so }, Some(Bar::Running)),
        (Situation { running: true, failed: 2, ..so }, Some(Bar::Running)),
        (Situation { case: Case::WithSupplier, ..so }, Some(Bar::WithSupplier)),
        (Situation { case: Case::Closed, ..so }, Some(Bar::Closed)),
        (Situation { case: Case::Closed, approved: true, ..so }, Some(Bar::Approved)),
        (Situation { case: Case::UnderWay, approved: true, ..so }, Some(Bar::Approved)),
    ];
    for (situation, expected) in cases {
        assert_eq!(bar(situation), expected, "{situation:?}");
    }
    let codes =
        [Bar::NoSuch, Bar::WithSupplier, Bar::Closed, Bar::Approved, Bar::Running, Bar::Failed(1), Bar::Early(later)].map(Bar::code);
    assert_eq!(codes, ["no_such", "with_supplier", "closed", "approved", "running", "failed", "early"]);
    // Work that begins on the 15th, to be ratified within five days.
    let opens = |today| opens(day("2026-06-15"), 5, day(today));
    assert_eq!([opens("2026-06-09"), opens("2026-06-10"), opens("2026-06-20")], [Some(later), None, None]);
}

/// OFF-11: what failed in a row: refused, lapsed, taken back or withdrawn before it was ratified. One that was ratified, or that was decided on, ends the row.
#[test]
fn off_11_urgent_approvals_that_failed_in_a_row() {
    let today = day("2026-06-30");
    let (lapsed, refused) = (given(false, None), given(false, Some(End::Refused)));
    let (back, withdrawn) = (given(false, Some(End::TakenBack)), given(false, Some(End::Withdrawn)));
    let (ran_out, after) = (given(true, None), given(true, Some(End::TakenBack)));
    let cases: [(&[Given], u32); 11] = [
        (&[], 0),
        (&[lapsed], 1),
        (&[withdrawn], 1),
        (&[withdrawn, given(true, Some(End::Withdrawn)), lapsed], 1),
        (&[refused, lapsed], 2),
        (&[back, withdrawn, refused], 3),
        (&[ran_out, lapsed, lapsed], 0),
        (&[lapsed, ran_out, lapsed], 1),
        (&[refused, after, lapsed], 1),
        (&[refused, given(false, Some(End::Declined)), lapsed], 1),
        (&[given(false, Some(End::Replaced)), lapsed], 0),
    ];
    for (all, expected) in cases {
        assert_eq!(failed_in_a_row(all, today), expected, "{all:?}");
    }
    // What still waits has not failed, and hides none that did.
    assert_eq!(failed_in_a_row(&[lapsed, refused], day("2026-06-01")), 1);
    assert_eq!(failed_in_a_row(&[lapsed], day("2026-06-01")), 0);
}

/// OFF-6: the days of an urgent approval: not past, not reversed, not too many, within those that were asked for.
#[test]
fn off_6_the_days_of_an_urgent_approval() {
    let asked = Some((day("2026-06-01"), day("2027-05-31")));
    let cases: [(&str, &str, &[Fault]); 11] = [
        ("2026-06-10", "2026-06-10", &[]),
        ("2026-06-15", "2026-06-20", &[]),
        ("2026-06-16", "2026-06-20", &[Fault::Late(day("2026-06-15"))]),
        ("2026-06-10", "2026-07-07", &[]),
        ("2026-06-10", "2026-07-08", &[Fault::TooLong(28)]),
        ("2026-06-11", "2026-06-10", &[Fault::Reversed]),
        ("2026-06-09", "2026-06-20", &[Fault::Past]),
        ("2026-05-20", "2026-06-02", &[Fault::Past, Fault::FromOutside]),
        ("2027-05-20", "2027-06-02", &[Fault::Late(day("2026-06-15")), Fault::UntilOutside]),
        ("2027-06-03", "2027-06-02", &[Fault::Reversed, Fault::Late(day("2026-06-15")), Fault::FromOutside, Fault::UntilOutside]),
        ("2026-06-10", "2030-06-02", &[Fault::TooLong(28), Fault::UntilOutside]),
    ];
    for (from, until, expected) in cases {
        assert_eq!(faults((day(from), day(until)), day("2026-06-10"), (28, 5), asked), expected, "{from} {until}");
    }
    assert_eq!(faults((day("2026-06-10"), day("2026-06-12")), day("2026-06-10"), (28, 5), None), []);
}

/// Codes are read as they are written.
#[test]
fn what_ends_an_urgent_approval_has_its_code() {
    for end in End::ALL {
        assert_eq!(End::from_code(end.code()), Some(end));
        assert_eq!(Stands::Ended(end).code(), end.code());
    }
    assert_eq!(End::from_code("forgotten"), None);
    let others = [Stands::ToRatify, Stands::Ratified, Stands::Lapsed, Stands::RanOut].map(Stands::code);
    assert_eq!(others, ["to_ratify", "ratified", "lapsed", "ran_out"]);
}
