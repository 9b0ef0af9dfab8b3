//! What a file is, by its content.

use crate::Error;
use crate::files::kind::{KINDS, Sniffer};
use crate::texts;

fn told(bytes: &[u8], portion: usize) -> Result<&'static str, String> {
    let mut sniffer = Sniffer::default();
    let all = bytes.chunks(portion).try_for_each(|part| sniffer.push(part)).and_then(|()| sniffer.finish());
    match all {
        Ok(kind) => Ok(kind.code),
        Err(Error::Invalid(errors)) => Err(errors.get("file").unwrap().id.to_string()),
        Err(other) => panic!("{other}"),
    }
}

/// An archive whose first entry has this name, as office programs write them.
fn archive(first: &str, second: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in [first, second] {
        zip.start_file(name, zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        zip.write_all(&[b'x'; 300]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn ole(name: &str) -> Vec<u8> {
    let mut bytes = vec![0u8; 40_000];
    bytes[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes[20_480..20_480 + name.len()].copy_from_slice(&name);
    bytes
}

#[test]
fn kinds_are_told_by_content() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"%PDF-1.7\n%\xe2\xe3".to_vec(), "pdf"),
        (png.to_vec(), "png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "jpeg"),
        (b"GIF89a\x01\0\x01\0".to_vec(), "gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ".to_vec(), "webp"),
        (b"{\\rtf1\\ansi".to_vec(), "rtf"),
        (archive("notes.txt", "b.txt"), "zip"),
        (archive("[Content_Types].xml", "word/document.xml"), "zip"),
        (archive("word/document.xml", "b.xml"), "docx"),
        (archive("xl/workbook.xml", "b.xml"), "xlsx"),
        (ole("WordDocument"), "ole"),
        (ole("Workbook"), "ole"),
        (b"\xef\xbb\xbfname;number\r\nP\xfcne;5\r\n".to_vec(), "text"),
        ("Plain words, ‘quoted’.\n".as_bytes().to_vec(), "text"),
    ];
    for (bytes, code) in cases {
        for portion in [1, 7, 4096, 100_000] {
            // Some office files say it only with three entries: then they are archives, and saved under their own ending all the same.
            let told = told(&bytes, portion).unwrap();
            assert!(told == code || (code == "zip" && told == "docx"), "{code}: {told}");
        }
    }
}

#[test]
fn what_could_run_or_pretend_is_refused() {
    let late = [vec![b'a'; 20_000], vec![0, 1, 2]].concat();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "file-empty"),
        (b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), "file-refused-markup"),
        (b"\xef\xbb\xbf \n<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\">".to_vec(), "file-refused-markup"),
        (b"<?xml version=\"1.0\"?><a/>".to_vec(), "file-refused-markup"),
        (b"<!-- a comment --><html>".to_vec(), "file-refused-markup"),
        (b"MZ\x90\0\x03\0\0\0".to_vec(), "file-refused-program"),
        ([&b"\x7fELF\x02\x01\x01"[..], &[0; 100]].concat(), "file-refused-program"),
        (b"#!/bin/sh\necho hello\n".to_vec(), "file-refused-program"),
        (ole("MsiTables"), "file-refused-program"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec(), "file-refused-kind"),
        (b"\x00\x01\x02\x03 nothing known".to_vec(), "file-refused-kind"),
        (late, "file-refused-kind"),
    ];
    for (bytes, why) in cases {
        for portion in [1, 4096, 100_000] {
            assert_eq!(told(&bytes, portion), Err(why.to_owned()), "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(40)]));
        }
        assert!(texts::has(why));
    }
}

/// A picture that begins as one and goes on as a page is sent as a picture, and never as a page.
#[test]
fn no_kind_is_sent_as_a_page() {
    for kind in &KINDS {
        assert!(!kind.mime.contains("html") && !kind.mime.contains("svg") && !kind.mime.contains("xml;"), "{}", kind.code);
        assert!(texts::has(&format!("file-kind-{}", kind.code)) && !kind.endings.is_empty(), "{}", kind.code);
    }
    assert_eq!(told(b"GIF89a/*<script>alert(1)</script>*/=1;", 100), Ok("gif"));
}

proptest::proptest! {
    /// Whatever is sent, there is a kind or a reason in words.
    #[test]
    fn anything_has_an_answer(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..2000), portion in 1..500usize) {
        if let Err(why) = told(&bytes, portion) {
            proptest::prop_assert!(texts::has(&why));
        }
    }
}
