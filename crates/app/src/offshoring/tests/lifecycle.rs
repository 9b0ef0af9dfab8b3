//! The lifecycle's table is sound.

use crate::offshoring::model::PROPOSAL;

#[test]
fn the_table_is_sound() {
    assert_eq!(PROPOSAL.faults(), Vec::<String>::new());
}
