//! Text is data: nothing that a person writes is read as markup, costs the paper its standards, or disappears.

use proptest::prelude::*;

use super::sample::{decision, paper};
use super::*;
use crate::text::{blank, clean, pieces};

/// One paper with `text` wherever text can stand.
fn everywhere(text: &str) -> Paper {
    let text = || text.to_owned();
    let mut paper = paper([
        Block::Address(vec![text(), text()]),
        Block::Heading { level: 2, text: text() },
        Block::Paragraph(text()),
        Block::Pointer {
            text: format!("see https://host.example/{text} there", text = text()),
            address: format!("https://host.example/{}", text()),
        },
        Block::Facts(vec![(text(), text())]),
        Block::Table { caption: text(), head: vec![text(), text()], rows: vec![vec![text(), text(), text()]] },
        Block::List(vec![text(), text()]),
        Block::Address(vec![text()]),
        Block::Signature { closing: text(), name: text(), lines: vec![text()] },
    ]);
    paper.title = text();
    paper.marking = text();
    paper.reference = format!("R{text}", text = text());
    paper.date = text();
    paper.edition = text();
    paper.authority = Letterhead { name: text(), lines: vec![text()] };
    paper.words.page = format!("{text} {{n}}/{{m}}", text = text());
    paper.words.marking = text();
    paper
}

const HOSTILE: &[&str] = &[
    "#read(\"/etc/passwd\")",
    "#eval(\"1 + 1\") #sys.inputs #include \"paper.typ\" #import \"@preview/a:1.0.0\": *",
    "$ $ $ sum_(i=0)^n x $",
    "] } ) [ { ( \\ \" ' ` ``` \\] \\u{41}",
    "*bold* _slant_ `raw` = Heading\n= Heading\n- point\n+ point\n/ term: text",
    "// comment /* comment */ <label> @reference https://host.example/ -- --- ... ~ -?",
    "{n} of {m} {{ }} %s ${x} #{x}",
    "</text> <script>alert(1)</script> &amp; %PDF-1.7 endobj (\\",
];

#[test]
fn markup_is_shown_as_it_was_written() {
    for text in HOSTILE {
        let shown = set(&paper([Block::Paragraph((*text).to_owned())])).concat();
        assert!(solid(&shown).contains(&solid(text)), "{text} became {shown}");
        let made = render(&everywhere(text));
        assert!(made.is_ok(), "{text}: {made:?}");
    }
}

#[test]
fn odd_characters_neither_fail_nor_vanish() {
    for (text, shown) in [
        ("bell \u{7} nul \u{0} escape \u{1b}[31m", "bell⟨U+0007⟩nul⟨U+0000⟩escape⟨U+001B⟩[31m"),
        ("pay \u{202e}001 to me", "pay⟨U+202E⟩001tome"),
        ("private \u{e000} \u{f8ff} \u{100000}", "private⟨U+E000⟩⟨U+F8FF⟩⟨U+100000⟩"),
        ("nothing \u{ffff} \u{fdd0} \u{1fffe} \u{feff}", "nothing⟨U+FFFF⟩⟨U+FDD0⟩⟨U+1FFFE⟩⟨U+FEFF⟩"),
        ("tag\u{e0041}", "tag⟨U+E0041⟩"),
        ("漢 🦀", "⟨U+6F22⟩⟨U+1F980⟩"),
        ("Zoë ΑΩ Жук ł ș €", "ZoëΑΩЖукłș€"),
        ("e\u{301} q\u{323}\u{301}\u{fe0f}", ""),
        ("\u{301}starts with a mark", ""),
        ("a\u{200d}b\u{200c}c\u{ad}d\u{200e}", ""),
        ("שלום 123 עולם (שלום)", ""),
        ("مرحبا بالعالم 45", ""),
        ("क्षत्रिय ไทย 한국어 ကမြန်မာ", ""),
        ("one\rtwo\r\nthree\u{2028}four\u{2029}five\u{85}six\tseven", "onetwothreefourfivesixseven"),
    ] {
        let made = render(&everywhere(text));
        assert!(made.is_ok(), "{text:?}: {made:?}");
        if !shown.is_empty() {
            let set = solid(&set(&paper([Block::Paragraph(text.to_owned())])).concat());
            assert!(set.contains(shown), "{text:?} became {set}");
        }
    }
}

#[test]
fn a_word_of_ten_thousand_letters_stays_on_the_page() {
    let word = "Wx9-".repeat(2_500);
    let document = lay_out(&everywhere(&word), Repertoire::Full).unwrap();
    for page in document.pages() {
        inside(&page.frame, (0.0, 0.0), (page.frame.width().to_pt(), page.frame.height().to_pt()));
    }
    let alone = paper([Block::Paragraph(word)]);
    assert_eq!(set(&alone).concat().matches("Wx9-").count(), 2_500);
    assert!(render(&alone).is_ok());
}

/// Asserts that no text of `frame`, which lies at `(left, top)`, begins or ends beyond `(width, height)`, in points.
fn inside(frame: &typst::layout::Frame, (left, top): (f64, f64), (width, height): (f64, f64)) {
    for (at, item) in frame.items() {
        let (x, y) = (left + at.x.to_pt(), top + at.y.to_pt());
        match item {
            FrameItem::Group(group) => inside(&group.frame, (x, y), (width, height)),
            FrameItem::Text(text) => {
                assert!(x >= 0.0 && x + text.width().to_pt() <= width, "{} at {x} of {width}", text.text);
                assert!(y >= 0.0 && y <= height, "{} at {y} of {height}", text.text);
            }
            _ => {}
        }
    }
}

#[test]
fn right_to_left_papers_are_made() {
    let mut paper = decision();
    paper.lang = "he".to_owned();
    paper.title = "שלום".to_owned();
    assert!(render(&paper).is_ok());
}

/// Strings that mean something to Typst, to PDF or to Unicode, between any others.
fn any_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => prop::sample::select(vec!["#", "$", "[", "]", "{", "}", "(", ")", "\\", "\"", "`", "*", "_", "=", "<", ">", "@", "/*", "//", "\n", "\n\n", " ", "{n}"])
            .prop_map(str::to_owned),
        2 => "[a-zA-Z0-9]{1,80}",
        2 => prop::sample::select(vec!["\u{301}", "\u{5b0}", "\u{64b}", "\u{94d}", "\u{e31}", "\u{200d}", "\u{200b}", "\u{202e}", "\u{2067}", "\u{feff}", "\u{0}", "\u{fe0f}", "\u{1f468}", "ש", "ع", "ﷺ", "क", "ㄱ", "각", "ﬁ", "ß"])
            .prop_map(str::to_owned),
        2 => any::<char>().prop_map(String::from),
        1 => any::<String>(),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_text_makes_a_conforming_paper(text in any_text()) {
        let made = render(&everywhere(&text));
        prop_assert!(made.is_ok(), "{text:?}: {made:?}");
    }

    #[test]
    fn printable_text_is_shown_letter_by_letter(text in "[ -~]{1,200}") {
        let shown = solid(&set(&paper([Block::Paragraph(text.clone())])).concat());
        prop_assert!(shown.contains(&solid(&text)), "{text:?} became {shown}");
    }
}

proptest! {
    #[test]
    fn cleaning_leaves_nothing_to_clean(text in any_text()) {
        for repertoire in [Repertoire::Full, Repertoire::Latin] {
            let once = clean(&text, repertoire);
            prop_assert!(!once.chars().any(|c| c.is_control() && c != '\n'));
            prop_assert_eq!(clean(&once, repertoire), once.clone());
            prop_assert!(!blank(&once) || blank(&clean(&text, Repertoire::Full)));
        }
    }

    #[test]
    fn pieces_put_together_are_the_line(line in "[^\n]{0,200}", longest in 1_usize..60) {
        prop_assert_eq!(pieces(&line, longest).concat(), line);
    }
}
