//! Which failing it is, case by case.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Facts, Finding, is_failing, judge};
use crate::cover::RULES;
use crate::decision::Outcome as _;

/// A day of a month, 0 for none.
fn day(n: i8) -> Option<Date> {
    (n > 0).then(|| date(2026, 3, n))
}

/// OFF-9b: what failed, for each order of beginning, being informed and being approved.
#[test]
fn off_9b_two_failings_are_told_apart() {
    #[rustfmt::skip]
    let cases: [(i8, i8, i8, &str, &[&str]); 10] = [
        // began, informed, approved
        (10,  0,  0, "not_informed",       &["never_informed"]),
        (10, 11,  0, "not_informed",       &["informed_late"]),
        (10, 10,  0, "not_informed",       &["informed_late"]),
        (10,  9,  0, "started_unapproved", &["informed"]),
        (10,  9, 12, "started_unapproved", &["informed", "approved_later"]),
        (10, 11, 12, "not_informed",       &["informed_late", "approved_later"]),
        (10,  0, 12, "not_informed",       &["never_informed", "approved_later"]),
        (10,  5, 10, "nothing",            &["approved"]),
        (10,  5,  9, "nothing",            &["approved"]),
        (10,  0,  9, "nothing",            &["approved"]),
    ];
    for (began, informed, approved, finding, rules) in cases {
        let facts = Facts { began: day(began).unwrap(), informed: day(informed), approved: day(approved) };
        let told = judge(&facts);
        assert_eq!(told.outcome.code(), finding, "{facts:?}");
        assert_eq!(told.because.iter().map(|r| r.rule).collect::<Vec<_>>(), rules, "{facts:?}");
        assert!(told.because.iter().all(|r| !r.source.is_empty()));
    }
}

/// Of all gaps, two are no failing, or none yet.
#[test]
fn gaps_that_are_no_failing() {
    let others: Vec<&str> = RULES.iter().map(|(id, _)| *id).filter(|id| !is_failing(id)).collect();
    assert_eq!(others, ["site_unknown", "days"]);
}

#[test]
fn codes_are_read_back() {
    for finding in Finding::ALL {
        assert_eq!(Finding::from_code(finding.code()), Some(finding));
    }
    assert_eq!(Finding::from_code("informed"), None);
}

proptest! {
    /// To inform earlier never makes it worse, nor does an earlier approval.
    #[test]
    fn earlier_is_never_worse(began in 1..28i8, informed in 1..28i8, approved in 0..28i8, earlier in 0..27i8) {
        let rank = |informed, approved| match judge(&Facts { began: day(began).unwrap(), informed: day(informed), approved: day(approved) }).outcome {
            Finding::NotInformed => 2,
            Finding::StartedUnapproved => 1,
            Finding::Nothing => 0,
        };
        prop_assert!(rank((informed - earlier).max(1), approved) <= rank(informed, approved));
        if approved > 0 {
            prop_assert!(rank(informed, (approved - earlier).max(1)) <= rank(informed, approved));
            prop_assert!(rank(informed, approved) <= rank(informed, 0));
        }
    }
}
