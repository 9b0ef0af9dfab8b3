//! What is read of each kind of file, and what is refused. Files are made here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use zip::write::SimpleFileOptions;

use super::*;

mod hostile;
mod letters;
mod office_files;
mod pdfs;
mod places;
mod real;
mod whatever;

fn read(bytes: &[u8]) -> Result<Extracted, Error> {
    extract(bytes, &Limits::default())
}

fn text(bytes: &[u8]) -> String {
    let extracted = read(bytes).unwrap();
    assert_eq!(extracted.unread, []);
    extracted.text
}

/// A packed file with these parts.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A Word document with this body and these further parts.
fn docx(body: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let body = format!(r#"<?xml version="1.0"?><w:document xmlns:w="w"><w:body>{body}</w:body></w:document>"#);
    packed(&[&[("[Content_Types].xml", b"<Types/>".as_slice()), ("word/document.xml", body.as_bytes())], more].concat())
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A PDF with these objects, numbered from 1; the first is its catalogue.
fn pdf_of(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    out.extend_from_slice(format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).as_bytes());
    out
}

/// An object that is a stream.
fn stream(about: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<< /Length {} {about} >>\nstream\n", data.len()).into_bytes();
    out.extend_from_slice(data);
    out.extend_from_slice(b"\nendstream");
    out
}

/// A PDF of pages with these contents, each with what its stream says of itself; Helvetica is F1.
fn pdf_with(pages: &[(&str, Vec<u8>)], more: &[Vec<u8>]) -> Vec<u8> {
    let kids: String = (0..pages.len()).map(|page| format!("{} 0 R ", 4 + page * 2)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} /MediaBox [0 0 595 842] >>", pages.len()).into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    let first = 4 + pages.len() * 2;
    for (at, (about, content)) in pages.iter().enumerate() {
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /X {first} 0 R >> >> >>",
            5 + at * 2
        );
        objects.push(page.into_bytes());
        objects.push(stream(about, content));
    }
    objects.extend_from_slice(more);
    pdf_of(&objects)
}

fn pdf(content: &str) -> Vec<u8> {
    pdf_with(&[("", content.as_bytes().to_vec())], &[])
}

#[test]
fn plain_text_is_read_in_each_encoding() {
    let utf16 = |mark: &[u8], to: fn(u16) -> [u8; 2]| [mark, &"é 07700 900123 €".encode_utf16().flat_map(to).collect::<Vec<u8>>()].concat();
    for (bytes, wanted) in [
        (b"".to_vec(), ""),
        ("é 07700 900123 €".as_bytes().to_vec(), "é 07700 900123 €"),
        ("\u{FEFF}é".as_bytes().to_vec(), "é"),
        (utf16(b"\xFF\xFE", u16::to_le_bytes), "é 07700 900123 €"),
        (utf16(b"\xFE\xFF", u16::to_be_bytes), "é 07700 900123 €"),
        // Windows-1252, also where a few bytes of it look like UTF-8.
        (b"caf\xE9 \x80 5".to_vec(), "café € 5"),
        (b"a,b\r\n1,2\r\n".to_vec(), "a,b\r\n1,2\r\n"),
    ] {
        let extracted = read(&bytes).unwrap();
        assert_eq!(extracted.text, wanted);
        assert_eq!(extracted.parts, [Part { name: None, kind: FileKind::Text, span: 0..wanted.len() }]);
    }
}

#[test]
fn of_html_the_words_are_read_and_whom_its_links_reach() {
    let html = "<!DOCTYPE html><html><body><p>Call&nbsp;me: jo&#64;mail.example</p><a href=\"MAILTO:a@b.example?subject=x\">Write</a> <a href='tel:+442079460000'>Ring</a></body></html>";
    let text = text(html.as_bytes());
    for wanted in ["jo@mail.example", "\na@b.example", "tel: +442079460000"] {
        assert!(text.contains(wanted), "{text}");
    }
    assert!(!text.contains("<p>"));
}

/// SEC-25: what cannot be read is refused with a reason, by its content, whatever its name says.
#[test]
fn what_is_not_read_is_refused_with_a_reason() {
    let cases: &[(&[u8], Error)] = &[
        (b"\x89PNG\r\n\x1A\n", Error::Picture),
        (b"\xFF\xD8\xFF\xE0", Error::Picture),
        (b"\0\0\0\x18ftypheic", Error::Picture),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Error::OldOffice),
        (b"\x1F\x8B\x08", Error::Archive),
        (b"Rar!\x1A\x07", Error::Archive),
        (b"{\\rtf1 x}", Error::Unknown),
        (b"MZ\x90\0\x03\0\0", Error::Unknown),
        (b"PK\x03\x04 and no more", Error::Archive),
        (b"%PDF-1.7\nnothing", Error::Broken { kind: FileKind::Pdf }),
    ];
    for (bytes, error) in cases {
        assert_eq!(read(bytes), Err(*error), "{bytes:?}");
    }
    assert_eq!(read(&packed(&[("a.txt", b"x")])), Err(Error::Archive));
    assert_eq!(read(&packed(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")])), Err(Error::Unknown));
    assert_eq!(read(&packed(&[("[Content_Types].xml", b"<x/>"), ("ppt/presentation.xml", b"<x/>")])), Err(Error::Unknown));
    let small = Limits { bytes: 3, text: 3, ..Limits::default() };
    assert_eq!(extract(b"four", &small), Err(Error::TooLarge { mib: 0 }));
    assert_eq!(extract(b"\xE9\xE9", &small), Err(Error::TooMuchText { mib: 0 }));
}

#[test]
fn every_error_says_what_to_do_and_has_a_code() {
    let all = [
        Error::TooLarge { mib: 1 },
        Error::TooMuchText { mib: 1 },
        Error::Unpacks,
        Error::TooManyParts { most: 1 },
        Error::TooDeep,
        Error::TooManyPages { most: 1 },
        Error::TooIntricate,
        Error::Locked,
        Error::OldOffice,
        Error::Picture,
        Error::NoText { pages: 1 },
        Error::Archive,
        Error::Unknown,
        Error::Broken { kind: FileKind::Pdf },
    ];
    let codes: std::collections::BTreeSet<_> = all.into_iter().map(Error::code).collect();
    assert_eq!(codes.len(), all.len());
    for error in all {
        let said = error.to_string();
        assert!(["Send", "Save", "Split", "Print", "Somebody"].iter().any(|what| said.contains(what)), "{said}");
    }
    let kinds: std::collections::BTreeSet<_> = FileKind::ALL.into_iter().map(FileKind::code).collect();
    assert_eq!(kinds.len(), FileKind::ALL.len());
}
