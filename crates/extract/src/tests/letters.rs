//! E-mail.

use super::*;

fn lines(lines: &[&str]) -> Vec<u8> {
    lines.join("\r\n").into_bytes()
}

#[test]
fn of_a_letter_headers_bodies_and_attachments_are_read() {
    let letter = lines(&[
        "Received: from relay.mail.example (203.0.113.7) by mx.mail.example; Tue, 12 May 2026 14:30:00 +0000",
        "From: =?utf-8?B?Sm8gw4k=?= <jo@mail.example>",
        "To: desk@authority.example",
        "Subject: =?utf-8?Q?caf=C3=A9_07700_900123?=",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=b",
        "",
        "--b",
        "Content-Type: multipart/alternative; boundary=c",
        "",
        "--c",
        "Content-Type: text/plain; charset=iso-8859-1",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "caf=E9 plain",
        "--c",
        "Content-Type: text/html",
        "",
        "<p>only here: <b>AB123456C</b></p>",
        "--c--",
        "--b",
        "Content-Type: application/octet-stream",
        "Content-Disposition: attachment; filename=\"AB123456D.txt\"",
        "Content-Transfer-Encoding: base64",
        "",
        "YXR0YWNoZWQ=",
        "--b",
        "Content-Type: message/rfc822",
        "",
        "From: a@b.example",
        "Subject: within",
        "",
        "the inner letter",
        "--b",
        "Content-Type: image/png",
        "Content-Disposition: attachment; filename=scan.png",
        "Content-Transfer-Encoding: base64",
        "",
        "iVBORw0KGgo=",
        "--b--",
        "",
    ]);
    let extracted = read(&letter).unwrap();
    let text = &extracted.text;
    for wanted in [
        "203.0.113.7",
        "Jo É <jo@mail.example>",
        "café 07700 900123",
        "café plain",
        "AB123456C",
        "AB123456D.txt\nattached",
        "a@b.example",
        "the inner letter",
    ] {
        assert!(text.contains(wanted), "{wanted:?} in {text:?}");
    }
    assert_eq!(extracted.unread, [Unread { name: Some("scan.png".to_owned()), why: Error::Picture }]);
    assert_eq!(extracted.parts.iter().map(|part| part.kind).collect::<Vec<_>>(), [FileKind::Eml, FileKind::Text]);
}

#[test]
fn a_text_with_colons_is_no_letter() {
    for text in ["Note: this\nOther: that\n", "From: x\nand so on\nTo: y\n", "http://mail.example\nSubject: x\nTo: y\n"] {
        assert_eq!(read(text.as_bytes()).unwrap().parts[0].kind, FileKind::Text, "{text}");
    }
    assert_eq!(read(b"From: a@b.example\nTo: c@d.example\n\nx").unwrap().parts[0].kind, FileKind::Eml);
}

#[test]
fn letters_within_letters_are_read_to_a_depth() {
    let mut letter = "From: a@b.example\r\nTo: c@d.example\r\n\r\nthe innermost".to_owned();
    for _ in 0..5 {
        letter = format!("From: a@b.example\r\nTo: c@d.example\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n{letter}");
    }
    let extracted = read(letter.as_bytes()).unwrap();
    assert!(!extracted.text.contains("innermost"));
    assert_eq!(extracted.unread.len(), 1);
    assert_eq!(extracted.unread[0].why, Error::TooDeep);
    // However many: the reader goes down into each.
    let many = "From: a@b.example\r\nTo: c@d.example\r\nContent-Type: message/rfc822\r\n\r\n".repeat(100_000);
    assert!(matches!(read(many.as_bytes()), Err(Error::TooManyParts { .. })));
}

#[test]
fn attachments_are_counted() {
    let part = "--b\r\nContent-Type: application/x\r\n\r\n\x01\r\n";
    let letter = format!(
        "From: a@b.example\r\nTo: c@d.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n",
        part.repeat(101)
    );
    assert_eq!(read(letter.as_bytes()), Err(Error::TooManyParts { most: 100 }));
}
