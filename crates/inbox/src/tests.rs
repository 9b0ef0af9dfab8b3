//! Messages written here, as mail programs write them, as programs with faults write them, and as who means harm writes them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

use super::*;

mod files;
mod folders;
mod hostile;
mod senders;
mod texts;
mod whatever;

/// How these tests are set: one server is trusted, one address is ours.
fn settings() -> Settings {
    Settings {
        limits: Limits::default(),
        trusted: vec!["mx.authority.example".to_owned()],
        own: vec!["incidents@authority.example".to_owned()],
    }
}

fn take(bytes: impl AsRef<[u8]>) -> Message {
    read(bytes.as_ref(), &settings()).unwrap()
}

/// Lines as mail servers end them.
fn lines(lines: &[&str]) -> String {
    lines.join("\r\n")
}

/// A message with these lines in its head beside the usual ones, and this body.
fn letter(head: &[&str], body: &str) -> Vec<u8> {
    let usual = ["From: Jo Bloggs <jo@supplier.example>", "To: incidents@authority.example", "Subject: A laptop is gone"];
    let dated = ["Date: Tue, 12 May 2026 15:30:00 +0100", "Message-ID: <one@supplier.example>"];
    format!("{}\r\n\r\n{body}", lines(&[usual.as_slice(), &dated, head].concat())).into_bytes()
}

/// Parts between boundaries.
fn parted(boundary: &str, parts: &[String]) -> String {
    let mut out = String::new();
    for part in parts {
        out.push_str(&format!("--{boundary}\r\n{part}\r\n"));
    }
    out + &format!("--{boundary}--\r\n")
}

/// A part with these lines in its head.
fn part(head: &[&str], body: &str) -> String {
    format!("{}\r\n\r\n{body}", lines(head))
}

/// A message of these parts.
fn mixed(parts: &[String]) -> Vec<u8> {
    letter(&["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=outer"], &parted("outer", parts))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (at, three) in bytes.chunks(3).enumerate() {
        if at > 0 && at % 19 == 0 {
            out.push_str("\r\n");
        }
        let word = three.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

fn reasons(message: &Message) -> Vec<Reason> {
    message.unread.iter().map(|unread| unread.why).collect()
}

/// SEC-X1h: of an ordinary report everything is read, and nothing is found wanting.
#[test]
fn an_ordinary_report_is_read_whole() {
    let text = part(&["Content-Type: text/plain; charset=utf-8"], "A laptop was left on a train.\r\nIt is encrypted.");
    let file = part(
        &[
            "Content-Type: application/pdf; name=police.pdf",
            "Content-Disposition: attachment; filename=police.pdf",
            "Content-Transfer-Encoding: base64",
        ],
        &base64(b"%PDF-1.7 fictional"),
    );
    let message = take(mixed(&[text, file]));
    assert_eq!(message.id, "one@supplier.example");
    assert!(!message.id_is_ours);
    assert_eq!(message.from, Some(Mailbox { name: Some("Jo Bloggs".to_owned()), address: "jo@supplier.example".to_owned() }));
    assert!(message.from_is_one && !message.from_ourselves);
    assert_eq!((message.sender, message.envelope), (None, Envelope::Unknown));
    assert_eq!(message.subject, "A laptop is gone");
    assert_eq!(message.date_said, Some("2026-05-12T14:30:00Z".parse().unwrap()));
    assert_eq!(message.text, "A laptop was left on a train.\nIt is encrypted.");
    assert_eq!((message.text_from, message.other_text), (TextFrom::Plain, None));
    let file = Attachment {
        name: "police.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: b"%PDF-1.7 fictional".to_vec(),
        part: "2".to_owned(),
        damaged: false,
    };
    assert_eq!(message.attachments, [file]);
    assert_eq!(message.unread, []);
    assert_eq!((message.truncated, message.kind), (false, Kind::Person));
}

#[test]
fn what_is_no_message_is_refused_and_says_why() {
    let small = Settings { limits: Limits { bytes: 30, ..Limits::default() }, ..settings() };
    let cases: &[(&[u8], Error)] = &[
        (b"", Error::Empty),
        (b" \r\n\r\n\t\n", Error::Empty),
        (b"just words\n", Error::NoMessage),
        (b"\x89PNG\r\n\x1A\n", Error::NoMessage),
        (b"http //x\nFrom: a@b.example\n", Error::NoMessage),
        (b" goes: on\nFrom: a@b.example\n", Error::NoMessage),
        (b"From x Tue May 12\n", Error::NoMessage),
        (b"From: a@b.example\n\n1234567890123", Error::TooLarge { mib: 0 }),
    ];
    for (bytes, error) in cases {
        assert_eq!(read(bytes, &small), Err(*error), "{}", String::from_utf8_lossy(bytes));
    }
    for error in [Error::Empty, Error::NoMessage, Error::TooLarge { mib: 64 }] {
        assert!(["Let", "See", "Hand"].iter().any(|what| error.to_string().contains(what)), "{error}");
        assert!(!error.code().is_empty());
    }
}

#[test]
fn every_reason_says_what_to_do_and_has_a_code() {
    let codes: std::collections::BTreeSet<_> = Reason::ALL.into_iter().map(Reason::code).collect();
    assert_eq!(codes.len(), Reason::ALL.len());
    for reason in Reason::ALL {
        let said = reason.to_string();
        assert!(["Take", "Look", "Ask", "Compare", "Open", "See"].iter().any(|what| said.contains(what)), "{said}");
    }
    assert_eq!(Kind::ALL.into_iter().map(Kind::code).collect::<std::collections::BTreeSet<_>>().len(), Kind::ALL.len());
}

/// A message that is handed over again has the same id and digest, whatever it met on the way; what was changed has not.
#[test]
fn the_same_message_is_known_again() {
    let plain = |more: &str, ends: &str, body: &str| {
        let head = "Subject: x\r\nFrom: jo@supplier.example\r\nDate: Tue, 12 May 2026 15:30:00 +0100\r\n";
        format!("{more}{head}\r\n{body}").replace("\r\n", ends)
    };
    let first = take(plain("", "\r\n", "two\r\nlines\r\n"));
    assert!(first.id_is_ours && first.id == format!("{}@digest.invalid", first.digest), "{}", first.id);
    for again in [
        plain("", "\n", "two\r\nlines\r\n"),
        plain("", "\n", "two\r\nlines"),
        plain("", "\r\n", "two\r\nlines\r\n\r\n"),
        plain("Received: by relay.example; Tue, 12 May 2026 15:31:00 +0100\r\n", "\r\n", "two\r\nlines\r\n"),
        plain("Return-Path: <jo@supplier.example>\r\nDelivered-To: x@authority.example\r\n", "\n", "two\r\nlines\r\n"),
        plain("From jo@supplier.example Tue May 12 15:30:00 2026\r\n", "\n", "two\r\nlines\r\n"),
    ] {
        assert_eq!((take(&again).id, take(&again).digest), (first.id.clone(), first.digest.clone()), "{again}");
    }
    let same = || plain("", "\r\n", "two\r\nlines\r\n");
    for other in [
        plain("", "\r\n", "two\r\nother lines\r\n"),
        plain("", "\r\n", "two lines\r\n"),
        plain("To: y@authority.example\r\n", "\r\n", "two\r\nlines\r\n"),
        same().replace("Subject: x", "Subject: y"),
        same().replace("jo@", "eve@"),
        same().replace("15:30:00", "15:30:01"),
    ] {
        assert_ne!(take(&other).digest, first.digest, "{other}");
    }
    // Two that say to be the same one.
    let twice = [take(letter(&[], "one")), take(letter(&[], "two"))];
    assert_eq!(twice[0].id, twice[1].id);
    assert_ne!(twice[0].digest, twice[1].digest);
}

#[test]
fn an_id_that_cannot_be_one_is_made_here() {
    let ids = [
        ("<a.b+c@supplier.example>", Some("a.b+c@supplier.example")),
        ("  <a@b.example>  (said)", Some("a@b.example")),
        ("<long-and-\r\n broken@b.example>", Some("long-and-broken@b.example")),
        ("<no at sign>", Some("noatsign")),
        ("without@brackets.example", None),
        ("<a@b.example> <c@d.example>", None),
        ("<>", None),
        ("<é@b.example>", None),
        ("<0123@digest.invalid>", None),
        ("", None),
    ];
    for (said, id) in ids {
        let message = take(format!("From: a@b.example\r\nMessage-ID: {said}\r\n\r\nx"));
        assert_eq!(Some(message.id.as_str()).filter(|_| !message.id_is_ours), id, "{said}");
    }
    let twice = take("Message-ID: <a@b.example>\r\nMessage-ID: <c@d.example>\r\n\r\nx");
    assert!(twice.id_is_ours);
    let long = take(format!("Message-ID: <{}@b.example>\r\n\r\nx", "a".repeat(600)));
    assert!(long.id_is_ours);
}

/// What a clock says that is wrong changes nothing else.
#[test]
fn a_date_is_only_what_is_said() {
    let at = |said: &str| take(format!("From: a@b.example\r\nDate: {said}\r\n\r\nx"));
    for (said, date) in [
        ("Tue, 12 May 2026 15:30:00 +0100", Some("2026-05-12T14:30:00Z")),
        ("12 May 2026 15:30 GMT", Some("2026-05-12T15:30:00Z")),
        ("Mon, 12 May 2026 15:30:00 +0000 (BST, and the wrong day)", Some("2026-05-12T15:30:00Z")),
        ("Tue, 12 May 26 15:30:00 EST", Some("2026-05-12T20:30:00Z")),
        ("Fri, 01 Jan 1999 00:00:00 -0800", Some("1999-01-01T08:00:00Z")),
        ("Tue, 12 May 2990 15:30:00 +0000", Some("2990-05-12T15:30:00Z")),
        ("tomorrow", None),
        ("Tue, 99 May 2026 45:30:00 +0000", None),
        ("", None),
    ] {
        let message = at(said);
        assert_eq!(message.date_said, date.map(|date| date.parse().unwrap()), "{said}");
        assert_eq!((message.text.as_str(), message.unread.len()), ("x", 0), "{said}");
    }
}

#[test]
fn a_conversation_is_read() {
    let message = take(letter(
        &[
            "In-Reply-To: <two@authority.example>",
            "References: <zero@supplier.example>\r\n <two@authority.example> <br oken@x.example> nothing",
        ],
        "x",
    ));
    assert_eq!(message.in_reply_to, ["two@authority.example"]);
    assert_eq!(message.references, ["zero@supplier.example", "two@authority.example", "broken@x.example"]);
    let many: String = (0..150).map(|at| format!("<{at}@x.example>\r\n ")).collect();
    let message = take(letter(&[&format!("References: {many}")], "x"));
    assert_eq!((message.references.len(), message.references[99].as_str()), (100, "149@x.example"));
}
