//! The three-valued logic and the ids of messages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::Truth::{False, True, Unknown};
use super::*;

#[test]
fn an_unknown_counts_only_where_it_could_change_the_truth() {
    for (a, b, and, or) in [
        (True, True, True, True),
        (True, False, False, True),
        (True, Unknown, Unknown, True),
        (False, False, False, False),
        (False, Unknown, False, Unknown),
        (Unknown, Unknown, Unknown, Unknown),
    ] {
        assert_eq!((a.and(b), b.and(a), a.or(b), b.or(a)), (and, and, or, or), "{a:?} {b:?}");
        assert_eq!(!a.and(b), (!a).or(!b), "{a:?} {b:?}");
    }
    assert_eq!((Truth::all([]), Truth::any([])), (True, False));
    assert_eq!((Truth::from(None), Truth::from(Some(true)), Truth::from(false)), (Unknown, True, False));
}

#[test]
fn message_ids_are_made_of_the_decision_and_the_rule() {
    let reason = Reason { rule: "hosting_abroad", source: &["OFF-3a"], args: Args::new() };
    assert_eq!(reason.message_id("offshoring"), "rule-offshoring-hosting-abroad");
    assert_eq!(Missing("staff.access_to_information").message_id("offshoring"), "rule-offshoring-missing-staff-access-to-information");
}
