//! Whatever the text: nothing panics, spans are spans, and what is masked is gone.

use proptest::prelude::*;

use super::*;

/// Pieces that texts are made of here: values, halves of values, words beside them, and what stands between.
const PIECES: [&str; 48] = [
    "AB123456C",
    "AB 12 34 56 C",
    "9434765919",
    "943 476 5919",
    "01/02/1990",
    "3rd of May 1984",
    "May 3, 1984",
    "12-34-56",
    "12345678",
    "123456",
    "GB82 WEST 1234 5698 7654 32",
    "GB82WEST",
    "4111 1111 1111 1111",
    "4111111111111111",
    "3782 822463 10005",
    "AB1234567",
    "123456789",
    "MORGA657054SM9IJ",
    "1234567897GBR8001014F2501017",
    "jo@mail.example",
    "@",
    "a@",
    "+44 20 7946 0000",
    "(0161) 496 0000",
    "07700900123",
    "x12",
    "SW1A 2AA",
    "M11AE",
    "GIR 0AA",
    "203.0.113.7",
    "/24",
    "2001:db8::1",
    "::",
    "%eth0",
    "DOB",
    "born",
    "sort code",
    "account number",
    "passport",
    "call",
    "fax",
    "card",
    "NHS",
    "é",
    "\u{a0}",
    "‑",
    "٣",
    "𝟙",
];

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        3 => prop::sample::select(vec![" ", "", "-", ".", "\n", ", ", ": ", "\t", "  ", "/"]).prop_map(str::to_owned),
        1 => "[0-9 .:@A-Za-z()+-]{0,20}",
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn spans_lie_between_characters_in_order_and_never_overlap_within_a_kind(text in texts()) {
        let found = screen(&text);
        prop_assert!(found.is_sorted_by_key(|finding| finding.start));
        for (at, finding) in found.iter().enumerate() {
            prop_assert!(finding.start < finding.end && finding.end <= text.len());
            prop_assert!(text.is_char_boundary(finding.start) && text.is_char_boundary(finding.end));
            for other in &found[at + 1..] {
                prop_assert!(other.kind != finding.kind || other.start >= finding.end);
            }
        }
    }

    #[test]
    fn masking_leaves_the_rest_and_nothing_of_what_was_found(text in texts()) {
        let found = screen(&text);
        let masked = mask(&text, found.iter().map(Finding::span));
        // What is left is what stood outside of the spans, in its order.
        let mut outside = String::new();
        let mut done = 0;
        for finding in &found {
            outside.push_str(&text[done.max(finding.start.min(done))..finding.start.max(done)]);
            done = done.max(finding.end);
        }
        outside.push_str(&text[done..]);
        prop_assert_eq!(masked.replace(MASK, ""), outside.replace(MASK, ""));
        prop_assert_eq!(masked == text, found.is_empty());
    }

    /// A value that stands once in a text is not in the masked text.
    #[test]
    fn each_found_value_is_gone(at in 0..PIECES.len(), before in "[a-z ,;é\n]{0,30}", after in "[a-z ,;é\n]{0,30}") {
        let text = format!("{before} {} {after}", PIECES[at]);
        let found = screen(&text);
        let masked = mask(&text, found.iter().map(Finding::span));
        for finding in found {
            prop_assert!(!masked.contains(&text[finding.span()]), "{}", masked);
        }
    }

    #[test]
    fn masking_takes_any_spans(text in any::<String>(), spans in prop::collection::vec((0_usize..80, 0_usize..80), 0..8)) {
        let spans: Vec<_> = spans.into_iter().map(|(start, end)| start..end).collect();
        let masked = mask(&text, spans.clone());
        let touched = |at: usize, c: char| spans.iter().any(|span| span.start < span.end && span.start < at + c.len_utf8() && at < span.end);
        let outside: String = text.char_indices().filter(|(at, c)| !touched(*at, *c)).map(|(_, c)| c).collect();
        prop_assert_eq!(masked.replace(MASK, ""), outside.replace(MASK, ""));
    }

    #[test]
    fn any_bytes_read_as_text_are_screened(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = screen(&String::from_utf8_lossy(&bytes));
    }
}

/// A text of one piece repeated is read in the time that its length asks for.
#[test]
fn long_runs_end() {
    for piece in
        ["1", "1 ", "a@", "@", ":", "::", "1.", "12-", "AB12", "(1", "+1", "0161 496 0000 ", "1:", "account 12345678 ", "12-34-56 "]
    {
        let text = piece.repeat(60_000 / piece.len());
        let _ = screen(&text);
    }
}
