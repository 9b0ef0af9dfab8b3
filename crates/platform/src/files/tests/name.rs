//! Names of files. The extractor itself is driven through pages that take uploads.

use crate::files::kind::by_code;
use crate::files::name::{disposition, to_save};
use crate::files::plain_name;

#[test]
fn names_of_files_lose_their_folders() {
    for (chosen, name) in [
        ("releases.json", "releases.json"),
        ("C:\\fakepath\\releases.json", "releases.json"),
        ("../../etc/passwd", "passwd"),
        ("a\u{0}b\u{1b}.json", "ab.json"),
        ("", "-"),
        ("dir/", "-"),
    ] {
        assert_eq!(plain_name(chosen), name, "{chosen:?}");
    }
    assert_eq!(plain_name(&"x".repeat(999)).len(), 200);
}

/// A name is shown, never trusted: nothing in it can hide its ending, break a line or a header, or fill a page.
#[test]
fn names_show_what_they_are() {
    for (chosen, name) in [
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
        ("a\u{200b}b\u{feff}.pdf", "ab.pdf"),
        ("two\r\nlines\t.pdf", "two lines .pdf"),
        ("...", "-"),
        ("  plan   of  the \u{a0} office.pdf ", "plan of the office.pdf"),
        ("Pu\u{0308}ne.pdf", "P\u{fc}ne.pdf"),
        ("<script>alert(1)</script>.pdf", "script>.pdf"),
    ] {
        assert_eq!(plain_name(chosen), name, "{chosen:?}");
    }
    let long = plain_name(&format!("{}.pdf", "é".repeat(4000)));
    assert_eq!((long.chars().count(), long.ends_with(".pdf")), (200, true));
}

#[test]
fn what_is_saved_has_an_ending_that_fits() {
    let kind = |code| by_code(code).unwrap();
    for (name, code, saved) in [
        ("run.bat", "text", "run.bat.txt"),
        ("figures.csv", "text", "figures.csv"),
        ("PLAN.PDF", "pdf", "PLAN.PDF"),
        ("plan.exe", "pdf", "plan.exe.pdf"),
        ("plan", "png", "plan.png"),
        ("plan.docx", "zip", "plan.docx"),
    ] {
        assert_eq!(to_save(name, kind(code)), saved);
    }
    assert_eq!(disposition("a \"b\";é.pdf"), "attachment; filename=\"a _b___.pdf\"; filename*=UTF-8''a%20%22b%22%3B%C3%A9%2Epdf");
}

proptest::proptest! {
    /// Whatever the name, the header is one line of plain characters, and the name is short and visible.
    #[test]
    fn any_name_is_safe(chosen in "\\PC{0,300}|[\\x00-\\x7f]{0,80}|.{0,300}") {
        let name = plain_name(&chosen);
        proptest::prop_assert!(!name.is_empty() && name.chars().count() <= 200);
        let odd = name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | '\u{202a}'..='\u{202e}'));
        proptest::prop_assert!(!odd, "{:?}", name);
        proptest::prop_assert_eq!(&plain_name(&name), &name);
        let header = disposition(&name);
        proptest::prop_assert!(header.bytes().all(|b| (0x20..0x7f).contains(&b)));
        proptest::prop_assert_eq!(header.matches('"').count(), 2);
    }
}
