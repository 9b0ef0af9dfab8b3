//! Accounts: acceptance tests over the real pages, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod names;
mod people;
mod signing;

use super::model;

/// OWN-2: signing in leads nowhere but to a page of this service.
#[test]
fn own_2_next_stays_here() {
    let cases = [
        ("/proposals/7?tab=risk", "/proposals/7?tab=risk"),
        ("/", "/"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/ok\r\nset-cookie: a=b", "/"),
        ("/sign-in?next=/", "/"),
        ("/sign-out", "/"),
    ];
    for (given, expected) in cases {
        assert_eq!(model::next(given), expected, "{given:?}");
    }
}

/// Addresses that mail can reach, and others.
#[test]
fn addresses() {
    for good in ["ada@halyard.example", "ada.quill+x@mail.halyard.example"] {
        assert!(model::is_email(good), "{good}");
    }
    for bad in [
        "",
        "ada",
        "ada@",
        "@halyard.example",
        "ada@halyard",
        "ada@@halyard.example",
        "a b@halyard.example",
        "ada@halyard.example\nBcc: x@y.example",
        "ada@.example",
    ] {
        assert!(!model::is_email(bad), "{bad:?}");
    }
}
