//! Amounts as written, in smallest units.
#![allow(clippy::unwrap_used)]

use super::minor;

#[test]
fn amounts_keep_what_was_written() {
    for (text, currency, expected) in [
        ("93007", "GBP", Some(9_300_700)),
        ("3380.86", "GBP", Some(338_086)),
        ("0.1", "GBP", Some(10)),
        ("1.005", "GBP", Some(101)),
        ("-1.005", "GBP", Some(-101)),
        ("1.004", "GBP", Some(100)),
        ("1e3", "GBP", Some(100_000)),
        ("1.5e-9", "GBP", Some(0)),
        ("1e-300", "GBP", Some(0)),
        ("500", "JPY", Some(500)),
        ("1.2345", "KWD", Some(1235)),
        ("1e300", "GBP", None),
        ("18446744073709551615", "GBP", None),
        ("9223372036854775807", "GBP", None),
    ] {
        let number: serde_json::Number = serde_json::from_str(text).unwrap();
        assert_eq!(minor(&number, currency), expected, "{text} {currency}");
    }
}
