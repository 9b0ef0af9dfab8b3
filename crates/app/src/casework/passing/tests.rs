//! How a link stands, from its own state and that of those above it.

use platform::cases::Case;
use platform::cases::store::{NewCase, begin};
use platform::forms::passing::{Model, State, above, below};
use uuid::Uuid;

use super::{Stands, stands};
use crate::offshoring::model::PROPOSAL;

fn case(round: i32) -> Case {
    let new = NewCase {
        id: Uuid::from_u128(9),
        title: "Work".to_owned(),
        party: (Uuid::from_u128(8), "Party".to_owned()),
        contract: None,
        place: None,
        form: None,
        made_by: Uuid::from_u128(7),
    };
    Case { round, ..begin(&PROPOSAL, new, 0).unwrap() }
}

fn link(id: u128, above: Option<u128>, state: State, until: i64) -> Model {
    Model {
        id: Uuid::from_u128(id),
        kind: "proposal".to_owned(),
        case: Uuid::from_u128(9),
        round: 1,
        sections: "work sites".to_owned(),
        token: vec![],
        above: above.map(Uuid::from_u128),
        made_by: None,
        name: vec![],
        email: vec![],
        remark: None,
        state: state.code().to_owned(),
        until,
        made_at: 0,
        mail: Uuid::nil(),
        mailed_at: 0,
        opened_at: None,
        last_at: None,
        started_at: None,
        handed_at: None,
        ended_at: None,
        version: 1,
    }
}

#[test]
fn a_link_works_while_all_above_it_do() {
    let of = case(1);
    let own = link(1, None, State::Open, 10);
    let stood = |row: &Model, chain: &[&Model], written, now| stands(row, chain, (&of, written), now);
    assert_eq!(stood(&own, &[], true, 10), Stands::Open);
    assert_eq!(stood(&own, &[], true, 11), Stands::Expired);
    assert_eq!(stood(&own, &[], false, 0), Stands::HandedIn);
    assert_eq!(stands(&own, &[], (&case(2), true), 0), Stands::HandedIn, "of another round");
    for (state, now) in [(State::HandedBack, Stands::HandedBack), (State::Taken, Stands::Taken), (State::Revoked, Stands::Revoked)] {
        assert_eq!(stood(&link(1, None, state, 10), &[], true, 0), now);
        assert_eq!(stood(&own, &[&link(2, None, state, 10)], true, 0), now, "above it");
    }
    assert_eq!(stood(&own, &[&link(2, None, State::Open, 5)], true, 6), Stands::Expired, "never beyond the one above");
    assert_eq!(stood(&link(1, None, State::Revoked, 10), &[], false, 0), Stands::Revoked, "what was called back stays so");
}

#[test]
fn links_above_and_below_are_found() {
    let all = [
        link(1, None, State::Open, 0),
        link(2, Some(1), State::Open, 0),
        link(3, Some(2), State::Open, 0),
        link(4, None, State::Open, 0),
        // A circle, which nobody can make, ends.
        link(5, Some(6), State::Open, 0),
        link(6, Some(5), State::Open, 0),
    ];
    let ids = |found: Vec<&Model>| found.into_iter().map(|row| row.id.as_u128()).collect::<Vec<_>>();
    assert_eq!(ids(above(&all, &all[2])), [2, 1]);
    assert_eq!(ids(below(&all, Uuid::from_u128(1))), [2, 3]);
    assert_eq!(ids(below(&all, Uuid::from_u128(4))), Vec::<u128>::new());
    assert_eq!(ids(above(&all, &all[4])), [6, 5]);
}
