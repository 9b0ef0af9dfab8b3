//! Shares: sizes, order, marks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;

fn on(name: &'static str, contracts: u64, works: u64, people: u64) -> Resting<&'static str> {
    Resting { on: name, contracts, works, people }
}

/// OFF-6b: shares are of the whole, to a tenth of a per cent, the largest first; nothing of nothing is no share.
#[test]
fn off_6b_shares_are_of_the_whole() {
    let whole = Whole { contracts: 3, works: 8, people: 0 };
    let found = shares(vec![on("PT", 1, 1, 0), on("IN", 2, 7, 0), on("BR", 1, 1, 0), on("ZA", 1, 2, 0)], whole, Some(60));
    let told: Vec<_> = found.iter().map(|share| (share.of.on, share.contracts, share.works, share.people, share.large)).collect();
    assert_eq!(
        told,
        [
            ("IN", Some(667), Some(875), None, true),
            ("ZA", Some(333), Some(250), None, false),
            ("BR", Some(333), Some(125), None, false),
            ("PT", Some(333), Some(125), None, false),
        ]
    );
    assert_eq!(found[0].largest(), 875);
}

/// OFF-6b: what is large is what the pack's mark says, itself included; without a mark nothing is.
#[test]
fn off_6b_a_mark_says_what_is_large() {
    let whole = Whole { contracts: 4, works: 4, people: 100 };
    let table = [
        (on("IN", 1, 0, 0), Some(25), true),
        (on("IN", 1, 0, 0), Some(26), false),
        (on("IN", 0, 0, 33), Some(33), true),
        (on("IN", 4, 4, 100), None, false),
        (on("IN", 0, 0, 0), Some(0), false),
    ];
    for (one, mark, large) in table {
        assert_eq!(shares(vec![one.clone()], whole, mark)[0].large, large, "{one:?} {mark:?}");
    }
}

proptest! {
    /// Whatever the figures: no share exceeds the whole that is part of it, order is by size, nothing is lost.
    #[test]
    fn shares_keep_everything_in_order(figures in prop::collection::vec((0_u64..50, 0_u64..500, 0_u64..1_000_000), 0..40)) {
        let whole = Whole { contracts: 50, works: 500, people: 1_000_000 };
        let all: Vec<Resting<usize>> =
            figures.iter().enumerate().map(|(n, (contracts, works, people))| Resting { on: n, contracts: *contracts, works: *works, people: *people }).collect();
        let found = shares(all.clone(), whole, Some(50));
        prop_assert_eq!(found.len(), all.len());
        prop_assert!(found.iter().all(|share| share.largest() <= 1000 && share.large == (share.largest() >= 500)));
        prop_assert!(found.windows(2).all(|pair| (pair[0].of.contracts, pair[0].of.works) >= (pair[1].of.contracts, pair[1].of.works)));
    }
}
