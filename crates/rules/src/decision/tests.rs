//! The three-valued logic and the ids of messages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::Truth::{False, True, Unknown};
use super::*;
use crate::truth::Statement;

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

/// OWN-1: a fact keeps a statement open only while a value of it could still settle it.
#[test]
fn a_statement_knows_the_facts_that_keep_it_open() {
    let (yes, no) = (Statement::of('y', true), Statement::of('n', false));
    let open = |fact: char| Statement::of(fact, None::<bool>);
    for (statement, truth, facts) in [
        (open('a'), Unknown, "a"),
        (!open('a'), Unknown, "a"),
        (!no.clone(), True, ""),
        (open('b').and(open('a')), Unknown, "ab"),
        (open('a').and(yes.clone()), Unknown, "a"),
        (open('a').and(no.clone()), False, ""),
        (open('a').or(yes.clone()), True, ""),
        (no.clone().or(open('a')), Unknown, "a"),
        (open('a').and(no).or(open('b')), Unknown, "b"),
        (open('a').or(yes).and(!open('b')), Unknown, "b"),
    ] {
        assert_eq!((statement.truth(), statement.open().iter().collect::<String>().as_str()), (truth, facts), "{statement:?}");
    }
}

#[test]
fn message_ids_are_made_of_the_decision_and_the_rule() {
    let reason = Reason { rule: "hosting_abroad", source: &["OFF-3a"], args: Args::new() };
    assert_eq!(reason.message_id("offshoring"), "rule-offshoring-hosting-abroad");
    assert_eq!(Missing("staff.access_to_information").message_id("offshoring"), "rule-offshoring-missing-staff-access-to-information");
}
