//! Whatever the bytes: they are a message within the limits or refused, always in the same way, and nothing panics.

use proptest::prelude::*;

use super::*;

fn samples() -> Vec<Vec<u8>> {
    let alternative = parted(
        "a",
        &[
            part(&["Content-Type: text/plain; charset=iso-2022-jp; format=flowed"], "\u{1B}$B%O%m!<\u{1B}(B words \r\nmore"),
            part(&["Content-Type: text/html", "Content-Transfer-Encoding: quoted-printable"], "<div>caf=C3=A9&nbsp;</div><!-- x -->"),
        ],
    );
    let file = &["Content-Type: application/pdf; name*0*=utf-8''caf%C3%A9; name*1=\".pdf\"", "Content-Transfer-Encoding: base64"];
    vec![
        letter(
            &[
                "Return-Path: <jo@supplier.example>",
                "Authentication-Results: mx.authority.example (c); dkim=pass header.d=supplier.example; dmarc=pass header.from=supplier.example",
                "References: <zero@supplier.example> <one@supplier.example>",
                "Auto-Submitted: no",
            ],
            "words\r\n",
        ),
        mixed(&[part(&["Content-Type: multipart/alternative; boundary=a"], &alternative), part(file, "JVBERi0x")]),
        mixed(&[part(&["Content-Type: message/rfc822"], "From: =?utf-8?B?Sm8gw4k=?= <a@b.example>\r\n\r\nwithin")]),
    ]
}

fn within(bytes: &[u8]) -> Result<(), TestCaseError> {
    let limits = Limits { text: 300, parts: 8, depth: 3, attachments: 2, attachment: 200, attached: 300, head: 2_000, ..Limits::default() };
    let settings = Settings { limits, ..settings() };
    let read_once = read(bytes, &settings);
    prop_assert_eq!(&read_once, &read(bytes, &settings));
    let Ok(message) = read_once else { return Ok(()) };
    prop_assert!(message.text.len() <= limits.text && message.other_text.as_ref().is_none_or(|text| text.len() <= limits.text));
    prop_assert!(!message.text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
    prop_assert!(message.attachments.len() <= limits.attachments);
    // Sizes are counted before and may be two bytes less.
    prop_assert!(message.attachments.iter().all(|it| it.size() <= limits.attachment + 2));
    for file in &message.attachments {
        prop_assert!(!file.name.is_empty() && file.name.len() <= 120 && !file.name.contains(['/', '\\', '\0', '\n']), "{:?}", file.name);
        prop_assert!(!file.name.starts_with('.'), "{:?}", file.name);
    }
    for unread in &message.unread {
        prop_assert!(bytes.get(unread.span.clone()).is_some(), "{unread:?}");
    }
    prop_assert!(!message.id.is_empty() && message.id.len() <= 512 && message.id.bytes().all(|byte| byte.is_ascii_graphic()));
    let answer = acknowledgement(&message);
    for line in [Some(answer.subject), answer.in_reply_to, answer.references].into_iter().flatten() {
        prop_assert!(!line.contains(char::is_control) && line.len() <= 2_000, "{line:?}");
    }
    if let Some(from) = &message.from {
        prop_assert!(!from.address.contains(char::is_control) && from.address.contains('@'));
    }
    prop_assert!(!may_acknowledge(&message, false));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn changed_messages_are_read_or_refused(
        which in 0_usize..3,
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
    fn lines_that_mean_something_in_any_order_are_read(picks in prop::collection::vec(0_usize..22, 0..60)) {
        let pieces = [
            "From: a@b.example\r\n", "Content-Type: multipart/mixed; boundary=x\r\n", "Content-Type: multipart/alternative; boundary=\"x y\"\r\n",
            "Content-Type: message/rfc822\r\n", "Content-Type: text/html; charset=utf-16\r\n", "Content-Transfer-Encoding: base64\r\n",
            "Content-Transfer-Encoding: quoted-printable\r\n", "Content-Disposition: attachment; filename*=\r\n", "\r\n", "\n", "--x\r\n",
            "--x--\r\n", "--x y\r\n", "--x y--\r\n", " ; charset=\"", "=?utf-8?Q?", "=\r\n", "<div>\u{e9}&#0;</td>", "QUJD", "\0", "(((", "\t\"",
        ];
        let bytes: String = picks.into_iter().map(|at| pieces[at]).collect();
        within(bytes.as_bytes())?;
    }

    #[test]
    fn any_bytes_are_read_or_refused(mark in prop::sample::select(vec!["", "From: ", "From: a@b.example\n\n", "Subject: =?utf-8?B?", "Authentication-Results: mx.authority.example;"]), bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        within(&[mark.as_bytes(), &bytes].concat())?;
    }

    /// Whatever set of characters text says to be in.
    #[test]
    fn any_text_is_read_in_any_set_of_characters(
        charset in prop::sample::select(vec!["utf-7", "utf-16", "iso-2022-jp", "big5", "gb18030", "ibm850", "cp866", "iso-2022-kr", "hz-gb-2312", "x-user-defined", "tis-620", "macintosh", "koi8-u"]),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let head = format!("From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\n\r\n");
        within(&[head.as_bytes(), &bytes].concat())?;
    }
}
