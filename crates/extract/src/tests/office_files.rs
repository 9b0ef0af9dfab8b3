//! Word and Excel.

use rust_xlsxwriter::{ExcelDateTime, Format, Note, Workbook};

use super::*;

#[test]
fn of_a_word_document_everything_said_is_read() {
    let body = "<w:p><w:r><w:t>NINO</w:t></w:r><w:r><w:tab/><w:t xml:space=\"preserve\">AB 12 34</w:t><w:t> 56 C</w:t></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>DOB</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1 &lt; 2 &#38; &amp;</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
        <w:p><w:del><w:r><w:delText>deleted 07700 900123</w:delText></w:r></w:del></w:p>\
        <mc:AlternateContent><mc:Choice><w:t>once</w:t></mc:Choice><mc:Fallback><w:t>once</w:t></mc:Fallback></mc:AlternateContent>";
    let links = br#"<Relationships><Relationship Id="1" Target="mailto:jo@mail.example" TargetMode="External"/><Relationship Id="2" Target="styles.xml"/></Relationships>"#;
    let text = text(&docx(
        body,
        &[
            ("word/comments.xml", b"<c><w:p><w:t>a comment</w:t></w:p></c>"),
            ("word/header1.xml", b"<h><w:p><w:t>a header</w:t></w:p></h>"),
            ("word/styles.xml", b"<s><w:t>a style</w:t></s>"),
            ("word/_rels/document.xml.rels", links),
            ("docProps/core.xml", b"<p><dc:title>a title</dc:title></p>"),
        ],
    ));
    for wanted in [
        "NINO\tAB 12 34 56 C\n",
        "DOB\t1 < 2 & &\t\n",
        "deleted 07700 900123",
        "a comment",
        "a header",
        "mailto:jo@mail.example",
        "a title",
    ] {
        assert!(text.contains(wanted), "{wanted:?} in {text:?}");
    }
    assert_eq!(text.matches("once").count(), 1);
    assert!(!text.contains("style"));
}

#[test]
fn of_a_workbook_every_sheet_is_read_with_its_columns() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Name", "DOB", "Card"]).unwrap();
    sheet.write(1, 0, "someone").unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_datetime_with_format(1, 1, ExcelDateTime::from_ymd(1987, 5, 12).unwrap(), &date).unwrap();
    sheet.write_number(1, 2, 4_111_111_111_111_111.0).unwrap();
    sheet.write_number(2, 2, 1.5).unwrap();
    sheet.insert_note(2, 2, &Note::new("said in a note")).unwrap();
    let hidden = book.add_worksheet();
    hidden.set_name("Old").unwrap().set_hidden(true);
    hidden.write(5, 3, "07700 900123").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let extracted = read(&bytes).unwrap();
    assert_eq!(extracted.parts[0].kind, FileKind::Xlsx);
    let text = extracted.text;
    for wanted in ["Name\tDOB\tCard\nsomeone\t1987-05-12\t4111111111111111\n\t\t1.5\n", "Old\n", "\t\t\t07700 900123", "said in a note"] {
        assert!(text.contains(wanted), "{wanted:?} in {text:?}");
    }
    // What stands at the head of a column holds below it.
    let found = rules::screen::screen(&text);
    assert!(found.iter().any(|finding| finding.kind == rules::screen::Kind::DateOfBirth), "{found:?} {text}");
}

/// SEC-25: files within files are read, to a small depth, and named where they are not.
#[test]
fn what_cannot_be_read_is_named() {
    let inner = docx("<w:p><w:t>within</w:t></w:p>", &[]);
    let outer = docx(
        "<w:p><w:t>around</w:t></w:p>",
        &[("word/embeddings/a.docx", &inner), ("word/embeddings/b.bin", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")],
    );
    let extracted = read(&outer).unwrap();
    assert!(extracted.text.starts_with("around") && extracted.text.contains("within"));
    assert_eq!(extracted.unread, [Unread { name: Some("word/embeddings/b.bin".to_owned()), why: Error::OldOffice }]);
    let [first, second] = extracted.parts.as_slice() else { panic!("{:?}", extracted.parts) };
    assert_eq!((first.span.clone(), second.name.as_deref()), (0..extracted.text.len(), Some("word/embeddings/a.docx")));
    assert!(extracted.text[second.span.clone()].starts_with("within"));
    // Too deep: the third within the second within the first.
    let mut file = b"the innermost".to_vec();
    for _ in 0..3 {
        file = docx("<w:p><w:t>x</w:t></w:p>", &[("word/embeddings/x", &file)]);
    }
    let limits = Limits { depth: 2, ..Limits::default() };
    let extracted = extract(&file, &limits).unwrap();
    assert!(!extracted.text.contains("innermost"));
    assert_eq!(extracted.unread.iter().map(|unread| unread.why).collect::<Vec<_>>(), [Error::TooDeep]);
    assert!(text(&file).contains("innermost"));
}
