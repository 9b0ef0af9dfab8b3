//! JSON bodies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};

use super::parse;

/// What no database stores, and what is no text or no JSON, is refused before any handler sees it.
#[test]
fn strict_bodies() {
    assert_eq!(parse::<Value>(br#"{"a": "b\n"}"#).unwrap(), json!({"a": "b\n"}));
    for bad in [&b"{"[..], b"\xff", b"\"\\u0000\"", br#"{"a": [{"b\u0000": 1}]}"#] {
        assert!(parse::<Value>(bad).is_err(), "{bad:?}");
    }
    assert!(parse::<Vec<u8>>(b"{}").is_err());
}
