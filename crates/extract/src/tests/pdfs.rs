//! PDF.

use super::*;

#[test]
fn the_words_of_a_page_are_read_as_they_stand() {
    let content = "BT /F1 12 Tf 50 700 Td (NINO AB123456C) Tj 0 -20 Td (second line) Tj ET \
        BT /F1 12 Tf 50 600 Td [(to) -30 (gether) -600 (apart)] TJ ET \
        BT /F1 12 Tf 50 500 Td (left) Tj 300 0 Td (right) Tj ET \
        BT /F1 12 Tf 3 Tr 50 400 Td (unseen 07700 900123) Tj ET \
        BT /F1 12 Tf 2 Tr 50 300 Td (outlined) Tj ET";
    let text = text(&pdf(content));
    for wanted in ["NINO AB123456C\nsecond line\n", "together apart", "left\tright", "unseen 07700 900123", "outlined"] {
        assert!(text.contains(wanted), "{wanted:?} in {text:?}");
    }
    assert!(!text.contains("oouu"));
}

#[test]
fn packed_pages_are_read() {
    let content = b"BT /F1 12 Tf 50 700 Td (packed words) Tj ET";
    let lettered = |bytes: &[u8]| -> Vec<u8> {
        let mut out = Vec::new();
        for group in bytes.chunks(4) {
            let mut four = [0; 4];
            four[..group.len()].copy_from_slice(group);
            let mut sum = u32::from_be_bytes(four);
            let mut five = [0; 5];
            for place in five.iter_mut().rev() {
                *place = b'!' + u8::try_from(sum % 85).unwrap();
                sum /= 85;
            }
            out.extend_from_slice(&five[..=group.len()]);
        }
        [out, b"~>".to_vec()].concat()
    };
    let hexed = |bytes: &[u8]| bytes.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()).chain(*b">").collect::<Vec<u8>>();
    for (about, data) in [
        ("/Filter /FlateDecode", zlib(content)),
        ("/Filter [/FlateDecode]", zlib(content)),
        ("/Filter [/ASCII85Decode /FlateDecode]", lettered(&zlib(content))),
        ("/Filter [/AHx /Fl]", hexed(&zlib(content))),
    ] {
        let text = text(&pdf_with(&[(about, data)], &[]));
        assert!(text.contains("packed words"), "{about}: {text:?}");
    }
}

/// SEC-25: a page that was scanned has no text, and nobody is told that nothing was found on it.
#[test]
fn pages_without_text_are_named() {
    let with = ("", b"BT /F1 12 Tf 50 700 Td (words) Tj ET".to_vec());
    let without = ("", b"0 0 100 100 re f".to_vec());
    let extracted = read(&pdf_with(&[with.clone(), without.clone(), without.clone()], &[])).unwrap();
    assert!(extracted.text.contains("words"));
    assert_eq!(extracted.unread, [Unread { name: None, why: Error::NoText { pages: 2 } }]);
    assert_eq!(read(&pdf_with(&[without.clone(), without], &[])), Err(Error::NoText { pages: 2 }));
    assert_eq!(
        extract(&pdf_with(&[with.clone(), with], &[]), &Limits { pages: 1, ..Limits::default() }),
        Err(Error::TooManyPages { most: 1 })
    );
}
