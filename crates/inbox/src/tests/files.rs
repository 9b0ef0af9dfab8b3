//! What is attached: names, sizes, and what nobody here can open.

use super::*;

/// A message with one file.
fn with(head: &[&str], body: &str) -> Message {
    take(mixed(&[part(&["Content-Type: text/plain"], "See the file."), part(head, body)]))
}

fn named(lines: &[&str]) -> String {
    with(lines, "x").attachments[0].name.clone()
}

/// RFC 2231 and RFC 2047, and what programs do that keep to neither.
#[test]
fn names_of_files_are_decoded() {
    let cases: &[(&[&str], &str)] = &[
        (&["Content-Type: application/pdf; name=plain.pdf"], "plain.pdf"),
        (&["Content-Type: application/pdf; name=one.pdf", "Content-Disposition: attachment; filename=\"two words.pdf\""], "two words.pdf"),
        (&["Content-Disposition: attachment; filename*=utf-8''caf%C3%A9%20menu.pdf"], "café menu.pdf"),
        (&["Content-Disposition: attachment; filename*=iso-8859-1'en'caf%E9.pdf"], "café.pdf"),
        (
            &["Content-Disposition: attachment; filename*0*=utf-8''caf%C3%A9;\r\n filename*1=\" menu\"; filename*2=\".pdf\""],
            "café menu.pdf",
        ),
        (&["Content-Disposition: attachment; filename=\"=?utf-8?B?Y2Fmw6kucGRm?=\""], "café.pdf"),
        (&["Content-Disposition: attachment;\r\n filename=\"=?utf-8?Q?a_long_?=\r\n =?utf-8?Q?name.pdf?=\""], "a long name.pdf"),
        (&["Content-Disposition: attachment; filename=\"raw café.pdf\""], "raw café.pdf"),
        (&["Content-Disposition: attachment; filename=\"a \\\"quoted\\\" name.pdf\""], "a _quoted_ name.pdf"),
        (&["content-disposition: ATTACHMENT; FILENAME=Big.PDF"], "Big.PDF"),
        (&["Content-Type: image/png", "Content-Disposition: attachment"], "part-2.png"),
        (&["Content-Type: application/octet-stream"], "part-2"),
    ];
    for (lines, name) in cases {
        assert_eq!(named(lines), *name, "{lines:?}");
    }
}

#[test]
fn names_of_files_are_safe() {
    let cases = [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\jo\\\\x.txt", "x.txt"),
        ("..", "part-2.txt"),
        (".htaccess", "htaccess"),
        ("nul.txt", "_nul.txt"),
        ("COM1", "_COM1"),
        ("a:b|c?.txt", "a_b_c_.txt"),
        ("safe\u{202E}fdp.exe", "safefdp.exe"),
        ("a\u{1}b\u{200B}c.txt", "a bc.txt"),
        ("trailing. . ", "trailing"),
        ("   ", "part-2.txt"),
    ];
    for (said, name) in cases {
        assert_eq!(named(&[&format!("Content-Disposition: attachment; filename=\"{said}\"")]), name, "{said:?}");
    }
    let long = named(&[&format!("Content-Disposition: attachment; filename=\"{}.docx\"", "é".repeat(300))]);
    assert!(long.len() <= 120 && long.ends_with("é.docx"), "{long}");
}

#[test]
fn types_are_what_is_said_and_files_of_text_are_files() {
    let cases: &[(&[&str], &str)] = &[
        (&["Content-Type: Application/PDF; name=x"], "application/pdf"),
        (&["Content-Type: not a type; name=x"], "application/octet-stream"),
        (&["Content-Type: text/plain; name=log.txt"], "text/plain"),
        (&["Content-Type: text/plain", "Content-Disposition: attachment"], "text/plain"),
        (&["Content-Type: text/calendar"], "text/calendar"),
        (&["Content-Type: text/csv"], "text/csv"),
        (&["Content-Type: message/delivery-status"], "message/delivery-status"),
    ];
    for (lines, media_type) in cases {
        let message = with(lines, "x");
        assert_eq!(message.attachments[0].media_type, *media_type, "{lines:?}");
        assert_eq!((message.attachments[0].bytes.as_slice(), message.text.as_str()), (b"x".as_slice(), "See the file."), "{lines:?}");
    }
    // What cannot be understood is text where nothing says that it is a file.
    assert_eq!(with(&["Content-Type: ???"], "more").text, "See the file.\n\nmore");
}

/// SEC-X1h: a report with a file that is too large is a report; the file is listed with its size and where it lies.
#[test]
fn a_file_of_fifty_megabytes_is_listed_and_the_report_kept() {
    let large = 50 << 20;
    let line = format!("{}\r\n", "QUJD".repeat(19));
    let encoded = line.repeat(large / 57 + 1);
    let head = ["Content-Type: video/mp4", "Content-Disposition: attachment; filename=camera.mp4", "Content-Transfer-Encoding: base64"];
    let small = part(&["Content-Type: text/csv; name=small.csv"], "a,b");
    let bytes = mixed(&[part(&["Content-Type: text/plain"], "See the film."), part(&head, &encoded), small]);
    let settings = Settings { limits: Limits { bytes: 80 << 20, ..Limits::default() }, ..settings() };
    let message = read(&bytes, &settings).unwrap();
    assert_eq!((message.text.as_str(), message.truncated, message.kind), ("See the film.", false, Kind::Person));
    assert_eq!(message.attachments.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["small.csv"]);
    let unread = &message.unread[0];
    assert_eq!(
        (unread.name.as_deref(), unread.part.as_deref(), unread.media_type.as_deref()),
        (Some("camera.mp4"), Some("2"), Some("video/mp4"))
    );
    assert_eq!(unread.why, Reason::TooLarge { most: 25 << 20 });
    assert_eq!(unread.size, encoded.len() / 78 * 57);
    // Whoever looks there finds it.
    assert_eq!(&bytes[unread.span.clone()], encoded.as_bytes());
}

#[test]
fn files_are_bounded_in_number_and_together() {
    let limits = Limits { attachments: 3, attachment: 10, attached: 25, ..Limits::default() };
    let settings = Settings { limits, ..settings() };
    let file = |size: usize| part(&["Content-Type: application/x", "Content-Transfer-Encoding: base64"], &base64(&vec![b'x'; size]));
    let at = |sizes: &[usize]| {
        let message = read(&mixed(&sizes.iter().map(|size| file(*size)).collect::<Vec<_>>()), &settings).unwrap();
        (message.attachments.iter().map(Attachment::size).collect::<Vec<_>>(), reasons(&message))
    };
    let (number, one, all) = (Reason::TooManyAttachments { most: 3 }, Reason::TooLarge { most: 10 }, Reason::AllTooLarge { most: 25 });
    assert_eq!(at(&[1, 1, 1, 1]), (vec![1, 1, 1], vec![number]));
    assert_eq!(at(&[13, 9, 2]), (vec![9, 2], vec![one]));
    // A later one that still has room is given.
    assert_eq!(at(&[9, 9, 9, 3]), (vec![9, 9, 3], vec![all]));
}

#[test]
fn what_nobody_here_can_open_is_given_as_it_is_and_named() {
    let cases: &[(&[&str], &str, Option<Reason>)] = &[
        (&["Content-Type: application/ms-tnef; name=winmail.dat"], "x", Some(Reason::Winmail)),
        (&["Content-Type: application/octet-stream; name=WINMAIL.DAT"], "x", Some(Reason::Winmail)),
        (&["Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"], "x", Some(Reason::Encrypted)),
        (&["Content-Type: application/x-pkcs7-mime; name=smime.p7m"], "x", Some(Reason::Encrypted)),
        (&["Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"], "x", Some(Reason::Signed)),
        (&["Content-Type: application/pkcs7-mime; smime-type=certs-only; name=smime.p7c"], "x", None),
        (&["Content-Type: application/pkcs7-signature; name=smime.p7s"], "x", None),
        (&["Content-Type: application/octet-stream; name=x.asc"], "-----BEGIN PGP MESSAGE-----\r\nabc", Some(Reason::Encrypted)),
        (&["Content-Type: application/pgp-signature; name=signature.asc"], "-----BEGIN PGP SIGNATURE-----", None),
        (&["Content-Type: message/partial; number=1; id=x"], "x", Some(Reason::Piece)),
    ];
    for (lines, body, reason) in cases {
        let message = with(lines, body);
        assert_eq!(message.attachments[0].bytes, body.as_bytes(), "{lines:?}");
        assert_eq!(reasons(&message), reason.iter().copied().collect::<Vec<_>>(), "{lines:?}");
        assert_eq!(message.unread.iter().map(|it| it.part.as_deref()).collect::<Vec<_>>(), vec![Some("2"); message.unread.len()]);
    }
    let elsewhere = with(&["Content-Type: message/external-body; access-type=URL; URL=\"https://files.example/x\""], "");
    assert_eq!((elsewhere.attachments.len(), reasons(&elsewhere)), (0, vec![Reason::Elsewhere]));
    let broken = with(&["Content-Type: application/pdf; name=x.pdf", "Content-Transfer-Encoding: base64"], "JVBE!Ri0x");
    assert_eq!((broken.attachments[0].bytes.as_slice(), broken.attachments[0].damaged), (b"%PDF-1".as_slice(), true));
    assert_eq!(reasons(&broken), [Reason::Damaged]);
}

#[test]
fn signed_and_encrypted_letters_are_told_apart() {
    let signed = parted(
        "s",
        &[
            part(&["Content-Type: text/plain"], "signed words"),
            part(&["Content-Type: application/pgp-signature; name=signature.asc"], "-----BEGIN PGP SIGNATURE-----"),
        ],
    );
    let message = take(letter(&["Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=s"], &signed));
    assert_eq!((message.text.as_str(), message.attachments.len(), message.unread.len()), ("signed words", 1, 0));
    let encrypted = parted(
        "e",
        &[
            part(&["Content-Type: application/pgp-encrypted"], "Version: 1"),
            part(&["Content-Type: application/octet-stream; name=encrypted.asc"], "-----BEGIN PGP MESSAGE-----\r\nabc"),
        ],
    );
    let message = take(letter(&["Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=e"], &encrypted));
    assert_eq!((message.text.as_str(), message.attachments.len()), ("", 2));
    assert!(reasons(&message).contains(&Reason::Encrypted));
    // A whole letter of S/MIME, and PGP within the text.
    let whole = take(letter(&["Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"], "x"));
    assert_eq!((whole.attachments[0].part.as_str(), reasons(&whole)), ("1", vec![Reason::Encrypted]));
    let within = take(letter(&[], "Hello\r\n-----BEGIN PGP MESSAGE-----\r\nabc\r\n"));
    assert_eq!((within.text.lines().next(), reasons(&within)), (Some("Hello"), vec![Reason::Encrypted]));
}
