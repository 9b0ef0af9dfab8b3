//! How pauses grow.
use super::{CLOSE, Count, MESSAGES, MINUTE, Pace, SECOND, WIDE, counts};

/// OWN-2: pauses grow with failures and end.
#[test]
fn own_2_pauses_grow_and_end() {
    let cases: [(Pace, i32, i64); 12] = [
        (CLOSE, 0, 0),
        (CLOSE, 4, 0),
        (CLOSE, 5, 30 * SECOND),
        (CLOSE, 6, MINUTE),
        (CLOSE, 9, 8 * MINUTE),
        (CLOSE, 10, 15 * MINUTE),
        (CLOSE, i32::MAX, 15 * MINUTE),
        (WIDE, 19, 0),
        (WIDE, 20, SECOND),
        (WIDE, 23, 8 * SECOND),
        (WIDE, 1000, MINUTE),
        (MESSAGES, 3, 5 * MINUTE),
    ];
    for (pace, failures, expected) in cases {
        assert_eq!(pace.pause(failures), expected, "{pace:?} after {failures}");
    }
}

/// OWN-2: a browser that was here before shares no count with strangers, so they cannot slow it down.
#[test]
fn own_2_known_browsers_are_counted_apart() {
    let known = counts("password", "ada@halyard.example", "192.0.2.1", Some("token"));
    let strange = counts("password", "ada@halyard.example", "192.0.2.1", None);
    assert!(known.iter().all(|k| strange.iter().all(|s| s.key != k.key)));
    // No two sets of parts run together.
    assert_ne!(Count::new(&["ab", "c"], CLOSE), Count::new(&["a", "bc"], CLOSE));
}
