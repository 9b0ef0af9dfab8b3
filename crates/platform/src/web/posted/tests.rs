//! Reading form bodies.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::parse;

#[test]
fn reads_names_values_blanks_and_repetitions() {
    let fields = parse(b"a=1+2&b=%C3%A9&a=&c").unwrap();
    assert_eq!(fields.get("a"), "1 2");
    assert_eq!(fields.all("a"), ["1 2", ""]);
    assert_eq!(fields.get("b"), "é");
    assert!(fields.has("c"));
    assert_eq!(fields.get("d"), "");
}

#[test]
fn refuses_what_no_keyboard_sends() {
    assert!(parse(b"a=%FF").is_err());
    assert!(parse(b"a=%00").is_err());
    assert_eq!(parse(b"a=x%0D%0Ay").unwrap().get("a"), "x\ny");
}

proptest! {
    #[test]
    fn never_panics(body: Vec<u8>) {
        let _ = parse(&body);
    }

    #[test]
    fn reads_back_what_was_encoded(pairs in proptest::collection::vec(("[a-z.]{1,9}", "[ -~é\\n]{0,30}"), 0..9)) {
        let body = serde_urlencoded::to_string(&pairs).unwrap();
        let read = parse(body.as_bytes()).unwrap();
        prop_assert_eq!(read.pairs(), pairs.as_slice());
    }
}
