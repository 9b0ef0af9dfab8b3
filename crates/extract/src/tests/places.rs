//! Where something stands, as people find it.

use rust_xlsxwriter::{Note, Workbook};

use super::*;

/// Where this stands in a file.
fn spot(bytes: &[u8], what: &str) -> Spot {
    let read = read(bytes).unwrap();
    let at = read.text.find(what).unwrap_or_else(|| panic!("{what:?} in {:?}", read.text));
    read.spot(at)
}

#[test]
fn sec_25_a_place_is_told_as_people_find_it() {
    assert_eq!(spot(b"one\ntwo\nthree here", "here"), Spot { line: Some(3), ..Spot::default() });
    let page = |words: &str| ("", format!("BT /F1 12 Tf 0 -20 Td (a line) Tj 0 -20 Td ({words}) Tj ET").into_bytes());
    let file = pdf_with(&[page("first"), page("second")], &[]);
    assert_eq!(spot(&file, "second"), Spot { page: Some(2), line: Some(2), ..Spot::default() });
    assert_eq!(spot(&file, "first").page, Some(1));
    let mut book = Workbook::new();
    let first = book.add_worksheet();
    first.set_name("People").unwrap();
    first.write(0, 0, "corner").unwrap();
    first.insert_note(9, 9, &Note::new("noted")).unwrap();
    let sheet = book.add_worksheet();
    sheet.write(41, 27, "far").unwrap();
    sheet.write(41, 28, "farther").unwrap();
    let file = book.save_to_buffer().unwrap();
    let cell = |sheet, row, column: &str| Spot { sheet: Some(sheet), row: Some(row), column: Some(column.to_owned()), ..Spot::default() };
    assert_eq!(spot(&file, "corner"), cell(1, 1, "A"));
    assert_eq!(spot(&file, "farther"), cell(2, 42, "AC"));
    assert_eq!(spot(&file, "People"), Spot { sheet: Some(1), ..Spot::default() });
    assert_eq!(spot(&file, "noted"), Spot::default());
}

#[test]
fn sec_25_a_place_within_a_file_within_is_told_with_its_name() {
    let mut book = Workbook::new();
    book.add_worksheet().write(1, 2, "in a cell").unwrap();
    let outer = docx(
        "<w:p><w:t>around</w:t></w:p>",
        &[("word/embeddings/a.xlsx", &book.save_to_buffer().unwrap()), ("word/embeddings/b.txt", b"x\nand after")],
    );
    let within = |name: &str| Some(name.to_owned());
    assert_eq!(spot(&outer, "around"), Spot { line: Some(1), ..Spot::default() });
    let cell = Spot { within: within("word/embeddings/a.xlsx"), sheet: Some(1), row: Some(2), column: within("C"), ..Spot::default() };
    assert_eq!(spot(&outer, "in a cell"), cell);
    assert_eq!(spot(&outer, "and after"), Spot { within: within("word/embeddings/b.txt"), line: Some(2), ..Spot::default() });
    // Past its end nothing is known, and nothing breaks.
    let read = read(&outer).unwrap();
    let _ = read.spot(read.text.len());
    let _ = read.spot(usize::MAX);
}

proptest::proptest! {
    /// Marks stand in order and within the text, whatever the file: what is told of places rests on it.
    #[test]
    fn marks_stand_in_order(rows in proptest::collection::vec((0u32..20, 0u16..8, "[a-z\t\n]{0,6}"), 0..20)) {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, column, text) in rows {
            sheet.write(row, column, text).unwrap();
        }
        let read = read(&book.save_to_buffer().unwrap()).unwrap();
        proptest::prop_assert!(read.marks.is_sorted_by_key(|mark| mark.at));
        proptest::prop_assert!(read.marks.iter().all(|mark| mark.at <= read.text.len()));
        for at in 0..=read.text.len() {
            let _ = read.spot(at);
        }
    }
}
