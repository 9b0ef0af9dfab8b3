//! Any text is screened: spans lie between characters, in order, apart within a kind; masked, only what lay outside is left.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::screen::{Finding, MASK, mask, screen};

fuzz_target!(|text: &str| {
    let found = screen(text);
    assert!(found.is_sorted_by_key(|finding| finding.start));
    for (at, finding) in found.iter().enumerate() {
        assert!(text.get(finding.span()).is_some_and(|value| !value.is_empty()));
        assert!(found[at + 1..].iter().all(|other| other.kind != finding.kind || other.start >= finding.end));
    }
    let masked = mask(text, found.iter().map(Finding::span));
    assert_eq!(masked.matches(MASK).count() > text.matches(MASK).count(), !found.is_empty());
});
