//! Whatever the bytes: they are read within the limits or refused, and nothing panics through.

use proptest::prelude::*;

use super::*;

fn samples() -> Vec<Vec<u8>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "07700 900123").unwrap();
    let letter = "From: a@b.example\r\nTo: c@d.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\neHh4\r\n--b--\r\n";
    vec![
        pdf("BT /F1 12 Tf 50 700 Td [(NINO) -300 (AB123456C)] TJ T* (x) ' ET q 1 0 0 1 0 0 cm Q /X Do"),
        pdf_with(
            &[("/Filter /FlateDecode", zlib(b"BT /F1 12 Tf (x) Tj ET"))],
            &[stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"BT ET")],
        ),
        docx(
            "<w:p><w:t>x</w:t><w:tab/></w:p>",
            &[("word/embeddings/a", b"x"), ("word/_rels/a.rels", b"<Relationship TargetMode='External' Target='x'/>")],
        ),
        book.save_to_buffer().unwrap(),
        letter.as_bytes().to_vec(),
    ]
}

fn within(bytes: &[u8]) -> Result<(), TestCaseError> {
    let limits = Limits { text: 1 << 16, unpacked: 8 << 20, steps: 10_000, pages: 50, ..Limits::default() };
    if let Ok(extracted) = extract(bytes, &limits) {
        prop_assert!(extracted.text.len() <= limits.text);
        for part in extracted.parts {
            prop_assert!(extracted.text.get(part.span).is_some());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn changed_files_are_read_or_refused(
        which in 0_usize..5,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = samples().swap_remove(which);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        within(&bytes)?;
    }

    #[test]
    fn numbers_and_names_of_a_pdf_are_changed(at in any::<prop::sample::Index>(), to in prop::sample::select(vec!["0", "-1", "99999999999", "2 0 R", "[", ">>", "/Kids", "1e9", "(", "stream\n"])) {
        let bytes = samples().swap_remove(0);
        let places: Vec<usize> = (1..bytes.len()).filter(|at| bytes[*at].is_ascii_digit() && !bytes[at - 1].is_ascii_digit()).collect();
        let place = places[at.index(places.len())];
        within(&[&bytes[..place], to.as_bytes(), &bytes[place + 1..]].concat())?;
    }

    #[test]
    fn any_bytes_are_read_or_refused(mark in prop::sample::select(vec!["", "%PDF-1.7\n", "PK\x03\x04", "From: a\nTo: b\n"]), bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        within(&[mark.as_bytes(), &bytes].concat())?;
    }
}
