//! Messages made to do harm: each ends with the text so far, in memory and time that its size bounds. Were any of them read part by part to
//! its end, as often as it asks, these tests would not end.

use super::*;

/// All that is given, in bytes.
fn given(message: &Message) -> usize {
    let files: usize = message.attachments.iter().map(|it| it.bytes.capacity() + it.name.len() + it.media_type.len()).sum();
    message.text.capacity() + message.other_text.as_ref().map_or(0, String::capacity) + files + message.unread.len() * size_of::<Unread>()
}

#[test]
fn parts_within_parts_without_end_are_read_to_a_depth() {
    let depth = 10_000;
    let mut bytes = letter(&["Content-Type: multipart/mixed; boundary=b0"], "");
    for at in 0..depth {
        let inner = at + 1;
        bytes.extend_from_slice(
            format!("--b{at}\r\n\r\nwords {at}\r\n--b{at}\r\nContent-Type: multipart/mixed; boundary=b{inner}\r\n\r\n").as_bytes(),
        );
    }
    let message = take(&bytes);
    assert!(message.text.starts_with("words 0\n\nwords 1\n\n") && message.text.ends_with("words 19"), "{}", message.text);
    assert!(reasons(&message).contains(&Reason::TooDeep { most: 20 }));
    assert!(message.truncated && message.attachments.is_empty());
    // Closed properly, it is the same.
    let closed = (0..depth).rev().map(|at| format!("\r\n--b{at}--")).collect::<String>();
    let again = take([bytes, closed.into_bytes()].concat());
    assert_eq!((again.text.as_str(), reasons(&again)), (message.text.as_str(), vec![Reason::TooDeep { most: 20 }]));
}

#[test]
fn letters_within_letters_without_end_are_read_to_a_depth() {
    let outer = "From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n".repeat(10_000);
    let message = take(format!("{outer}From: a@b.example\r\n\r\nthe innermost"));
    assert_eq!((message.text.as_str(), reasons(&message)), ("", vec![Reason::TooDeep { most: 20 }]));
    assert!(message.truncated);
    assert_eq!(message.attachments.len(), 1);
    // What cannot be reached is still given: it lies in what is attached.
    assert!(message.attachments[0].bytes.ends_with(b"the innermost"));
    // Not as deep, it is read.
    let outer = "From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n".repeat(5);
    let message = take(format!("{outer}From: a@b.example\r\n\r\nthe innermost"));
    assert_eq!((message.text.as_str(), message.text_from), ("the innermost", TextFrom::Attached));
    // Encoded each time, which grows with each: only as many as fit.
    let mut inner = b"From: a@b.example\r\n\r\nthe innermost".to_vec();
    for _ in 0..10 {
        inner =
            part(&["From: a@b.example", "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64"], &base64(&inner)).into_bytes();
    }
    assert_eq!(take(inner).text, "the innermost");
}

#[test]
fn a_million_parts_are_read_to_a_number() {
    let parts = "--outer\r\n\r\nx\r\n".repeat(1_000_000);
    let message = take(letter(&["Content-Type: multipart/mixed; boundary=outer"], &parts));
    assert_eq!(reasons(&message), [Reason::TooManyParts { most: 1_000 }]);
    assert_eq!(message.text, vec!["x"; 999].join("\n\n"));
    assert!(message.truncated);
    let span = message.unread[0].span.clone();
    assert_eq!(span.end - span.start, (1_000_000 - 999) * 14);
    // Files: each is attached or named, and no more than parts are.
    let files = "--outer\r\nContent-Type: application/x\r\n\r\nx\r\n".repeat(1_000_000);
    let message = take(letter(&["Content-Type: multipart/mixed; boundary=outer"], &files));
    assert_eq!((message.attachments.len(), message.unread.len()), (100, 1 + 899));
    assert!(given(&message) < 1 << 20);
    // Lines that begin like a boundary and are none.
    let lines = "--oute\r\n-- \r\n--outerx\r\n".repeat(1_000_000);
    let message = take(letter(&["Content-Type: multipart/mixed; boundary=outer"], &format!("--outer\r\n\r\n{lines}--outer--\r\n")));
    assert_eq!(reasons(&message), [Reason::TooMuchText { most: 2 << 20 }]);
    assert!(message.text.len() <= 2 << 20 && given(&message) < 16 << 20);
}

/// Each of these parts names a boundary that never comes. Looking for it to the end each time would take days.
#[test]
fn boundaries_that_never_come_are_not_looked_for_again_and_again() {
    let part = "--outer\r\nContent-Type: multipart/mixed; boundary=never\r\n\r\nwords\r\n";
    let message = take(letter(&["Content-Type: multipart/mixed; boundary=outer"], &part.repeat(900_000)));
    // Each opens one within the one before it only until the outer one comes again.
    assert_eq!(message.text, vec!["words"; 999].join("\n\n"));
    assert_eq!(reasons(&message).iter().filter(|it| **it == Reason::Damaged).count(), 999);
    assert!(reasons(&message).contains(&Reason::TooManyParts { most: 1_000 }));
}

#[test]
fn heads_are_bounded() {
    let many = "X-Line: x\r\n".repeat(1_000_000);
    let message = take(format!("From: a@b.example\r\nSubject: s\r\n{many}\r\nwords"));
    assert_eq!((message.text.as_str(), message.subject.as_str()), ("words", "s"));
    assert_eq!(reasons(&message), [Reason::HeadTooLong { most: 256 << 10 }]);
    // One that goes on and on.
    let long = " goes on\r\n".repeat(1_000_000);
    let message = take(format!("From: a@b.example\r\nSubject: s\r\n{long}\r\nwords"));
    assert!(message.subject.len() <= 500 && message.subject.starts_with("s goes on goes on"));
    assert_eq!((message.text.as_str(), reasons(&message)), ("words", vec![Reason::HeadTooLong { most: 256 << 10 }]));
    // More encoded words than any program writes into one line.
    let words = take(format!("Subject: {}\r\nFrom: a@b.example\r\n\r\nx", "=?utf-8?Q?x?=\r\n ".repeat(100)));
    assert_eq!(words.subject, "x".repeat(64));
    // Encoded words that never end, each of which would be looked for to the end of the line.
    for bad in ["=?utf-8?Q?".repeat(1_000), "=?a?B?AAAA".repeat(1_000), "=?".repeat(5_000), "(".repeat(10_000), "\"".repeat(10_001)] {
        let lines = format!("From: {bad}\r\nSubject: {bad}\r\nAuthentication-Results: mx.authority.example; {bad}\r\n");
        let parts = format!(
            "--outer\r\nContent-Type: application/x; name=\"{bad}\"\r\nContent-Disposition: attachment; filename=\"{bad}\"\r\n\r\nx\r\n"
        );
        let head = "Content-Type: multipart/mixed; boundary=outer\r\n";
        let message = take(format!("{lines}{head}\r\n{}--outer--\r\n", parts.repeat(1_000)));
        assert_eq!(message.attachments.len(), 100, "{}", &bad[..10]);
    }
    // A part's.
    let message = take(mixed(&[part(&[&format!("Content-Type: text/plain\r\n{}X: y", "X-Line: x\r\n".repeat(10_000))], "words")]));
    assert_eq!((message.text.as_str(), reasons(&message)), ("words", vec![Reason::HeadTooLong { most: 16 << 10 }]));
}

#[test]
fn text_is_cut_and_never_grows() {
    let limits = Limits { text: 1_000, ..Limits::default() };
    let settings = Settings { limits, ..settings() };
    let at = |head: &[&str], body: &str| read(&letter(head, body), &settings).unwrap();
    let cases: &[(&[&str], String)] = &[
        (&["Content-Type: text/plain; charset=utf-8"], "é".repeat(40_000)),
        (&["Content-Type: text/plain; charset=shift_jis"], "\u{83}n".repeat(40_000)),
        (&["Content-Type: text/plain; charset=utf-16le"], "ab".repeat(40_000)),
        (&["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"], "w6nD".repeat(40_000)),
        (&["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"], "=C3=A9".repeat(40_000)),
        (&["Content-Type: text/html"], "<td>&#x1F600;".repeat(40_000)),
    ];
    for (head, body) in cases {
        let message = at(head, body);
        assert!(message.text.len() <= 1_000 && !message.text.is_empty(), "{head:?}");
        assert!(message.truncated && reasons(&message).contains(&Reason::TooMuchText { most: 1_000 }), "{head:?} {:?}", reasons(&message));
        assert!(given(&message) < 64 << 10, "{head:?}");
    }
    let whole = at(&[], &"x".repeat(1_000));
    assert_eq!((whole.text.len(), whole.truncated), (1_000, false));
}

#[test]
fn what_ends_too_early_says_so() {
    let first = part(&["Content-Type: text/plain"], "words");
    let file = part(&["Content-Type: application/pdf; name=x.pdf", "Content-Transfer-Encoding: base64"], "JVBERi0x");
    let whole = String::from_utf8(mixed(&[first, file])).unwrap();
    for (cut, files) in [("JVBERi0x\r\n", 1), ("JVBE", 1), ("name=x.pdf\r\n", 1), ("words\r\n", 0), ("words\r\n--ou", 0)] {
        let at = whole.find(cut).unwrap() + cut.len();
        let message = take(&whole[..at]);
        assert!(message.text.starts_with("words"), "{cut}");
        assert_eq!((reasons(&message), message.truncated, message.attachments.len()), (vec![Reason::Unfinished], true, files), "{cut}");
    }
    // Before the first boundary, and where the body does not begin.
    let message = take(letter(&["Content-Type: multipart/mixed; boundary=outer"], "words and nothing more"));
    assert_eq!((message.text.as_str(), message.truncated), ("words and nothing more", true));
    assert_eq!(take("From: a@b.example").from.unwrap().address, "a@b.example");
    assert_eq!(take("From: a@b.example\nSubject: s\nno line of a head\nmore").text, "no line of a head\nmore");
}

#[test]
fn boundaries_that_are_broken_or_alike_are_read_as_they_should_be() {
    // One begins like the other, blanks follow, and text stands around.
    let inner = parted("outer-inner", &[part(&[], "within")]);
    let parts = [part(&["Content-Type: multipart/mixed; boundary=outer-inner"], &inner), part(&[], "after")];
    let body = format!("This is a message in parts.\r\n{}After it.", parted("outer", &parts).replace("--outer\r\n", "--outer \t\r\n"));
    let message = take(letter(&["Content-Type: multipart/mixed; boundary=outer"], &body));
    assert_eq!((message.text.as_str(), message.unread.len()), ("within\n\nafter", 0));
    // The outer one ends what is open within.
    let body = "--outer\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n--inner\r\n\r\nwithin\r\n--outer\r\n\r\nafter\r\n--outer--";
    assert_eq!(take(letter(&["Content-Type: multipart/mixed; boundary=outer"], body)).text, "within\n\nafter");
    // A part without a body, or without a head; and no boundary at all.
    let body = "--outer\r\nContent-Type: text/plain\r\n--outer\r\n\r\nafter\r\n--outer--";
    assert_eq!(take(letter(&["Content-Type: multipart/mixed; boundary=outer"], body)).text, "after");
    let message = take(letter(&["Content-Type: multipart/mixed"], "words"));
    assert_eq!((message.text.as_str(), reasons(&message)), ("words", vec![Reason::Damaged]));
    // Words where no mail program shows them.
    let hidden = "hidden words ".repeat(60);
    for body in [format!("{hidden}\r\n--outer\r\n\r\nshown\r\n--outer--"), format!("--outer\r\n\r\nshown\r\n--outer--\r\n{hidden}")] {
        let bytes = letter(&["Content-Type: multipart/mixed; boundary=outer"], &body);
        let message = take(&bytes);
        assert_eq!((message.text.as_str(), reasons(&message)), ("shown", vec![Reason::Outside]));
        assert!(String::from_utf8_lossy(&bytes[message.unread[0].span.clone()]).contains("hidden words"));
    }
}
