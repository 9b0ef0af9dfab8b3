//! Where a request comes from.
use axum::http::{HeaderMap, HeaderValue};

use super::address;

/// OWN-2: nobody writes their own address unless a proxy of ours stands in front.
#[test]
fn own_2_addresses() {
    let cases = [
        ("192.0.2.7", "", false, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", false, "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1", true, "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", true, "198.51.100.1"),
        ("127.0.0.1", "nonsense", true, "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", false, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "", false, "192.0.2.7"),
        ("", "198.51.100.1", false, "unknown"),
    ];
    for (peer, forwarded, trust, expected) in cases {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(forwarded)
            && !forwarded.is_empty()
        {
            headers.insert("x-forwarded-for", value);
        }
        assert_eq!(address(&headers, peer.parse().ok(), trust), expected, "{peer} {forwarded} {trust}");
    }
}
