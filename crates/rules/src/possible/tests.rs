//! Against a second way to count: every pair of ways to complete the facts.
#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

#[test]
fn what_all_ways_agree_on_is_the_answer() {
    let either = |values: &[usize]| values.contains(&1);
    // One of two is known to be 1; then neither is; then one is open.
    assert_eq!(possible(&[1, 2], |values| values[0] == 0 || values[1] == 1), Possible { agreed: Some(true), open: vec![] });
    assert_eq!(possible(&[1, 1], either), Possible { agreed: Some(false), open: vec![] });
    assert_eq!(possible(&[1, 2], either), Possible { agreed: None, open: vec![1] });
    assert_eq!(possible(&[], <[usize]>::len), Possible { agreed: Some(0), open: vec![] });
    // Unlike a statement's: the fact on both sides cancels out.
    assert_eq!(possible(&[2], |values| values[0] == 1 || values[0] == 0), Possible { agreed: Some(true), open: vec![] });
}

proptest! {
    #[test]
    fn facts_are_open_that_change_the_answer_alone(values in vec(1_usize..4, 0..5), table in vec(0_u8..3, 256)) {
        let place = |way: &[usize]| way.iter().zip(&values).fold(0, |at, (value, of)| at * of + value);
        let seen = possible(&values, |way| table[place(way)]);
        let ways = values.iter().fold(vec![Vec::new()], |all: Vec<Vec<usize>>, of| {
            all.iter().flat_map(|begun| (0..*of).map(move |value| [begun.as_slice(), &[value]].concat())).collect()
        });
        let mut open = vec![false; values.len()];
        let mut agree = true;
        for one in &ways {
            for other in &ways {
                let differing: Vec<usize> = (0..values.len()).filter(|fact| one[*fact] != other[*fact]).collect();
                let changed = table[place(one)] != table[place(other)];
                agree &= !changed;
                if let [fact] = differing.as_slice() {
                    open[*fact] |= changed;
                }
            }
        }
        prop_assert_eq!(seen.agreed, agree.then(|| table[place(&ways[0])]));
        prop_assert_eq!(seen.open, (0..values.len()).filter(|fact| open[*fact]).collect::<Vec<_>>());
    }
}
