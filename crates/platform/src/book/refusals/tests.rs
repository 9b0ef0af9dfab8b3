//! Ids of refused things.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::clean;

/// Whatever was asked for becomes an id that the ledger takes.
#[test]
fn any_text_becomes_an_id() {
    let long = "a".repeat(500);
    for (text, expected) in
        [("", "x"), ("-a", "xa"), ("é", "x"), ("a b/c", "a-b-c"), ("job:é", "job:-"), ("7", "7"), (long.as_str(), &long[..120])]
    {
        assert_eq!(clean(text), expected);
        ledger::Id::new(clean(text)).unwrap();
    }
}
