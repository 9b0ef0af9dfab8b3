//! Files made to do harm: each is refused, or read within its limits.

use super::*;

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let noughts = vec![b' '; 40 << 20];
    assert_eq!(read(&docx("", &[("word/media/a", &noughts)])), Err(Error::Unpacks));
    let body = String::from_utf8(noughts.clone()).unwrap();
    assert_eq!(read(&docx(&body, &[])), Err(Error::Unpacks));
    // Together, where none alone is too much.
    let limits = Limits { unpacked: 3 << 20, ..Limits::default() };
    let part = vec![b'x'; 1 << 20];
    assert_eq!(extract(&docx("", &[("a", &part), ("b", &part), ("c", &part)]), &limits), Err(Error::Unpacks));
    let names: Vec<String> = (0..2_001).map(|at| format!("word/{at}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    assert_eq!(read(&docx("", &parts)), Err(Error::TooManyParts { most: 2_000 }));
}

#[test]
fn a_pdf_that_unpacks_to_too_much_is_refused_however_it_is_packed() {
    let noughts = vec![b' '; 40 << 20];
    let hexed = |bytes: &[u8]| bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).chain(*b">").collect::<Vec<u8>>();
    for (about, data) in [
        ("/Filter /FlateDecode", zlib(&noughts)),
        ("/Filter /FlateDecode", deflate(&noughts)),
        ("/Filter [/Fl#61teDecode]", zlib(&noughts)),
        ("/Filter [/FlateDecode /FlateDecode]", zlib(&zlib(&noughts))),
        ("/Filter [/ASCIIHexDecode /FlateDecode]", hexed(&zlib(&noughts))),
        ("/Filter [/ASCII#48exDecode /FlateDecode]", hexed(&zlib(&noughts))),
        ("/Filter /LZWDecode", vec![7; 100 << 10]),
    ] {
        let limits = Limits { unpacked: 16 << 20, ..Limits::default() };
        assert_eq!(extract(&pdf_with(&[(about, data)], &[]), &limits), Err(Error::Unpacks), "{about}");
    }
    // Twice, though neither is much.
    let twice = zlib(&zlib(b"BT /F1 12 Tf (x) Tj ET"));
    assert_eq!(read(&pdf_with(&[("/Filter [/FlateDecode /FlateDecode]", twice)], &[])), Err(Error::Unpacks));
    // A page's content that is said to be a picture.
    assert_eq!(read(&pdf_with(&[("/Filter /DCTDecode", vec![0xFF; 100])], &[])), Err(Error::Broken { kind: FileKind::Pdf }));
    // Content that is said to be a picture, and pictures that are too large.
    let picture = zlib(&vec![b' '; 65 << 20]);
    assert_eq!(
        read(&pdf_with(&[("", b"BT ET".to_vec())], &[stream("/Subtype /Image /Filter /FlateDecode", &picture)])),
        Err(Error::Unpacks)
    );
    let content = ("/Subtype /Image /Filter /FlateDecode", zlib(b"BT /F1 12 Tf (x) Tj ET"));
    assert_eq!(read(&pdf_with(&[content], &[])), Err(Error::Broken { kind: FileKind::Pdf }));
    // Pages that share what they show.
    let limits = Limits { unpacked: 4 << 20, ..Limits::default() };
    let content = [b"BT /F1 12 Tf (x) Tj ET".to_vec(), vec![b'\n'; 1 << 19]].concat();
    let pages: Vec<_> = (0..10).map(|_| ("", content.clone())).collect();
    assert_eq!(extract(&pdf_with(&pages, &[]), &limits), Err(Error::Unpacks));
}

#[test]
fn what_nests_without_end_is_refused() {
    let deep = |open: &str, close: &str, count: usize| format!("{}{}", open.repeat(count), close.repeat(count));
    let body = deep("<w:p>", "</w:p>", 100_000);
    assert_eq!(read(&docx(&body, &[])), Err(Error::TooDeep));
    for (open, close) in [("[", "]"), ("<< /A ", ">>")] {
        assert_eq!(read(&pdf_with(&[("", b"BT ET".to_vec())], &[deep(open, close, 200_000).into_bytes()])), Err(Error::TooDeep), "{open}");
        assert_eq!(read(&pdf(&deep(open, close, 200_000))), Err(Error::TooDeep), "{open}");
        let packed = zlib(deep(open, close, 200_000).as_bytes());
        assert!(read(&pdf_with(&[("/Filter /FlateDecode", packed)], &[])).is_err(), "{open}");
    }
    // Brackets within brackets of a text are its reader's to keep within its stack.
    let _ = read(&pdf(&format!("BT /F1 12 Tf {} Tj ET", deep("(", ")", 200_000))));
    assert_eq!(read(&pdf(&"q ".repeat(100_000))), Err(Error::TooIntricate));
    let form = stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "q ".repeat(100_000).as_bytes());
    assert_eq!(read(&pdf_with(&[("", b"/X Do".to_vec())], &[form])), Err(Error::TooIntricate));
}

#[test]
fn a_pdf_that_goes_round_in_circles_ends() {
    // A form that draws itself, and one that draws the next one ten times, which does the same.
    let form = |next: usize, times: usize| {
        let about = format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {next} 0 R >> >>");
        stream(&about, "/X Do ".repeat(times).as_bytes())
    };
    let draw = ("", b"/X Do BT /F1 12 Tf (x) Tj ET".to_vec());
    let _ = read(&pdf_with(std::slice::from_ref(&draw), &[form(6, 1)]));
    let forms: Vec<_> = (0..12).map(|at| form(7 + at, 10)).collect();
    let limits = Limits { steps: 100_000, ..Limits::default() };
    assert_eq!(extract(&pdf_with(&[draw], &forms), &limits), Err(Error::TooIntricate));
    // Pages that are their own children.
    let circle = [b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>".to_vec()];
    assert!(read(&pdf_of(&circle)).is_err());
    // One below the other.
    let mut chain = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()];
    chain.extend((0..2_000).map(|at| format!("<< /Type /Pages /Kids [{} 0 R] /Count 1 >>", at + 3).into_bytes()));
    let _ = read(&pdf_of(&chain));
}

#[test]
fn a_locked_pdf_is_refused() {
    for name in ["Encrypt", "Encr#79pt"] {
        let file = String::from_utf8(pdf("BT ET")).unwrap().replace("trailer <<", &format!("trailer << /{name} 3 0 R"));
        assert_eq!(read(file.as_bytes()), Err(Error::Locked));
    }
}

#[test]
fn more_text_than_the_limit_is_refused_and_not_cut() {
    let limits = Limits { text: 100, ..Limits::default() };
    let words = "words ".repeat(30);
    let error = Err(Error::TooMuchText { mib: 0 });
    assert_eq!(extract(words.as_bytes(), &limits), error);
    assert_eq!(extract(&docx(&format!("<w:t>{words}</w:t>"), &[]), &limits), error);
    assert_eq!(extract(&pdf(&format!("BT /F1 12 Tf ({words}) Tj ET")), &limits), error);
    assert_eq!(extract(format!("From: a@b.example\nTo: c@d.example\n\n{words}").as_bytes(), &limits), error);
    let mut book = rust_xlsxwriter::Workbook::new();
    // A text that is kept once and shown in many cells.
    let sheet = book.add_worksheet();
    for row in 0..50 {
        sheet.write(row, 0, "words words").unwrap();
    }
    assert_eq!(extract(&book.save_to_buffer().unwrap(), &limits), error);
}
