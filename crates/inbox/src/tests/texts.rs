//! The text of messages, in whatever form it comes.

use super::*;

/// A message of one part.
fn one(head: &[&str], body: &[u8]) -> Message {
    take([letter(head, ""), body.to_vec()].concat())
}

/// Every set of characters, by right labels and wrong ones.
#[test]
fn text_is_read_in_any_set_of_characters() {
    let cases: &[(&str, &[u8], &str, bool)] = &[
        ("utf-8", "caf\u{e9} €5".as_bytes(), "café €5", true),
        ("UTF-8", b"\xEF\xBB\xBFcaf\xC3\xA9", "café", true),
        ("iso-8859-1", b"caf\xE9 \x80", "café €", true),
        ("windows-1252", b"\x93caf\xE9\x94", "“café”", true),
        ("iso-8859-15", b"\xA45", "€5", true),
        ("koi8-r", b"\xF0\xD2\xC9\xD7\xC5\xD4", "Привет", true),
        ("iso-2022-jp", b"\x1B$B%O%m!<\x1B(B", "ハロー", true),
        ("shift_jis", b"\x83n\x83\x8D\x81[", "ハロー", true),
        ("gb18030", b"\xC4\xE3\xBA\xC3", "你好", true),
        ("big5", b"\xA7A\xA6n", "你好", true),
        ("utf-16le", b"h\0i\0", "hi", true),
        ("utf-16be", b"\0h\0i", "hi", true),
        ("utf-7", b"caf+AOk-", "café", true),
        ("ibm850", b"caf\x82", "café", true),
        // Wrong labels.
        ("us-ascii", b"caf\xE9", "café", true),
        ("us-ascii", "café".as_bytes(), "café", true),
        ("iso-8859-1", "café".as_bytes(), "café", true),
        ("utf-8", b"caf\xE9 cr\xE8me", "café crème", true),
        // Broken: what is no character is replaced, the rest stays.
        ("utf-8", b"caf\xC3\xA9 cr\xE8me", "café cr\u{FFFD}me", true),
        ("shift_jis", b"a\x83", "a\u{FFFD}", true),
        ("utf-16le", b"h\0i\0\0", "hi\u{FFFD}", true),
        // Not known.
        ("x-made-up", b"plain caf\xE9", "plain café", false),
        ("iso-2022-kr", b"plain \x0E!!\x0F words", "plain !! words", false),
        ("\"utf-8\"", "café".as_bytes(), "café", true),
    ];
    for (charset, bytes, text, known) in cases {
        let message = one(&[&format!("Content-Type: text/plain; charset={charset}")], bytes);
        assert_eq!(message.text, *text, "{charset} {bytes:?}");
        assert_eq!(reasons(&message), if *known { vec![] } else { vec![Reason::Charset] }, "{charset}");
    }
    // Without any label.
    assert_eq!(one(&[], b"caf\xE9").text, "café");
    assert_eq!(one(&[], "café".as_bytes()).text, "café");
}

#[test]
fn encodings_are_read_and_faults_in_them_are_named() {
    let cases: &[(&str, &str, &str, bool)] = &[
        ("quoted-printable", "caf=C3=A9 =3D 5=\r\n0 pounds  \r\nend", "café = 50 pounds\nend", true),
        ("Quoted-Printable", "caf=c3=a9", "café", true),
        ("quoted-printable", "a =\r\n=\r\nb", "a b", true),
        // Faults: what is no code stands as it is.
        ("quoted-printable", "50 = 50, =ZZ, x==y, caf=C3=A9", "50 = 50, =ZZ, x==y, café", false),
        ("quoted-printable", "raw é and =C3=A9", "raw é and é", true),
        ("quoted-printable", "cut off =C", "cut off =C", false),
        ("base64", "Y2Fmw6kgYW5k\r\nIG1vcmU=", "café and more", true),
        ("base64", "Y2Fmw6k=\r\nIG1vcmU=", "café more", true),
        ("base64", "Y2Fm!w6kg\r\n*YW5k", "café and", false),
        ("7bit", "caf\u{e9} =3D", "café =3D", true),
        ("8bit (as it is)", "café", "café", true),
        ("x-made-up", "as it stands", "as it stands", false),
    ];
    for (coding, body, text, sound) in cases {
        let message = one(&["Content-Type: text/plain; charset=utf-8", &format!("Content-Transfer-Encoding: {coding}")], body.as_bytes());
        assert_eq!(message.text, *text, "{coding} {body}");
        assert_eq!(reasons(&message), if *sound { vec![] } else { vec![Reason::Damaged] }, "{coding} {body}");
        assert!(!message.truncated);
    }
}

#[test]
fn lines_that_a_program_broke_are_joined() {
    let cases = [
        ("format=flowed", "one \r\ntwo\r\nthree", "one two\nthree"),
        ("format=Flowed; delsp=yes", "one \r\ntwo", "onetwo"),
        ("format=flowed", "> one \r\n> two\r\n>> deeper \r\nours", "> one two\n>> deeper \nours"),
        ("format=flowed", " From the start\r\n  stuffed", "From the start\n stuffed"),
        ("format=flowed", "words \r\n-- \r\nJo", "words \n-- \nJo"),
        ("format=flowed", "the last \r\n", "the last"),
        ("format=fixed", "one \r\ntwo", "one \ntwo"),
    ];
    for (format, body, text) in cases {
        assert_eq!(one(&[&format!("Content-Type: text/plain; {format}")], body.as_bytes()).text, text, "{body}");
    }
}

#[test]
fn of_html_alone_the_words_are_read() {
    let html = "<!DOCTYPE html><html><head><title>t</title><style>p { color: red }</style></head><body>\
        <div>First line</div><div>Second&nbsp;line</div><script>alert(1)</script><!-- hidden --><table><tr><td>Name</td><td>Jo &lt;jo&gt;</td></tr></table>\
        <p>A phone:<br>07700&#32;900123</p><ul><li>one</li><li>two</li></ul><img src=\"https://track.example/x.png\"></body></html>";
    let message = one(&["Content-Type: text/html; charset=utf-8"], html.as_bytes());
    assert_eq!((message.text_from, message.truncated), (TextFrom::Html, false));
    for wanted in ["First line\n", "Second\u{A0}line\n", "Name Jo <jo>", "A phone:\n07700 900123", "one\n", "two"] {
        assert!(message.text.contains(wanted), "{wanted:?} in {:?}", message.text);
    }
    for unwanted in ["alert", "hidden", "color", "track.example", "<p>", "\n\n\n"] {
        assert!(!message.text.contains(unwanted), "{unwanted:?} in {:?}", message.text);
    }
    assert_eq!(message.unread, []);
    // A picture of words.
    let picture = one(&["Content-Type: text/html"], b"<html><body><img src=cid:x></body></html>");
    assert_eq!((picture.text.as_str(), picture.text_from, reasons(&picture)), ("", TextFrom::Nothing, vec![Reason::NoWords]));
    // Broken off, unclosed, and such as no program writes.
    for broken in ["words <b", "words <!-- never", "words &#xFFFFFFFF; &#55296;", "words <<<>>>", "words </div", "words <p"] {
        assert!(one(&["Content-Type: text/html"], broken.as_bytes()).text.starts_with("words"), "{broken}");
    }
}

#[test]
fn plain_text_is_taken_before_html_and_what_only_html_says_is_kept() {
    let alternative = |plain: &str, html: &str| {
        let parts = [part(&["Content-Type: text/plain"], plain), part(&["Content-Type: text/html"], html)];
        take(letter(&["Content-Type: multipart/alternative; boundary=\"b b\""], &parted("b b", &parts)))
    };
    let same = alternative("The same, words!", "<p>The <b>same</b> words</p>");
    assert_eq!((same.text.as_str(), same.text_from, same.other_text), ("The same, words!", TextFrom::Plain, None));
    let other = alternative("Your program shows no HTML.", "<p>A laptop is gone</p>");
    assert_eq!((other.text.as_str(), other.other_text.as_deref()), ("Your program shows no HTML.", Some("A laptop is gone")));
    let empty = alternative("  \r\n \r\n", "<p>A laptop is gone</p>");
    assert_eq!((empty.text.as_str(), empty.text_from, empty.other_text), ("A laptop is gone", TextFrom::Html, None));
    // HTML with its pictures, as most programs write it, and a file beside.
    let related = parted(
        "r",
        &[
            part(&["Content-Type: text/html"], "<p>words</p>"),
            part(&["Content-Type: image/png", "Content-ID: <x>", "Content-Transfer-Encoding: base64"], "iVBORw0KGgo="),
        ],
    );
    let both =
        parted("a", &[part(&["Content-Type: text/plain"], "words"), part(&["Content-Type: multipart/related; boundary=r"], &related)]);
    let message = take(mixed(&[
        part(&["Content-Type: multipart/alternative; boundary=a"], &both),
        part(&["Content-Type: text/plain"], "below the file"),
    ]));
    assert_eq!((message.text.as_str(), message.other_text), ("words\n\nbelow the file", None));
    assert_eq!(
        message.attachments.iter().map(|it| (it.name.as_str(), it.part.as_str())).collect::<Vec<_>>(),
        [("part-1.2.2.png", "1.2.2")]
    );
}

#[test]
fn subjects_and_names_are_decoded_and_kept_in_one_line() {
    let cases: &[(&str, &str)] = &[
        ("plain words", "plain words"),
        ("=?utf-8?B?Y2Fmw6k=?= =?utf-8?Q?_au_lait?=", "café au lait"),
        ("=?iso-8859-1?Q?caf=E9?= and\r\n more", "café and more"),
        ("=?utf-8?Q?a=0D=0ABcc:_x@y.example?=", "a Bcc: x@y.example"),
        ("=?utf-8?Q?a=E2=80=AEexe.fdp?=", "aexe.fdp"),
        ("=?made-up?Q?x?=", "x"),
        ("=?utf-8?Q?never closed", "=?utf-8?Q?never closed"),
        ("raw caf\u{e9}", "raw café"),
        ("tabs\tand \u{0} noughts\u{7}", "tabs and noughts"),
        ("", ""),
    ];
    for (said, subject) in cases {
        assert_eq!(take(format!("Subject: {said}\r\nFrom: a@b.example\r\n\r\nx")).subject, *subject, "{said}");
    }
    let latin = take(b"Subject: caf\xE9\r\nFrom: J\xF6rg <a@b.example>\r\n\r\nx");
    assert_eq!((latin.subject.as_str(), latin.from.unwrap().name.as_deref()), ("café", Some("Jörg")));
    assert!(take(format!("Subject: {}\r\n\r\nx", "é".repeat(5_000))).subject.len() <= 500);
}

#[test]
fn a_letter_that_says_nothing_itself_is_read_by_the_one_attached() {
    let inner = "From: eve@other.example\r\nSubject: within\r\n\r\nwords within";
    let message = take(mixed(&[part(&["Content-Type: text/plain"], " "), part(&["Content-Type: message/rfc822"], inner)]));
    assert_eq!((message.text.as_str(), message.text_from), ("words within", TextFrom::Attached));
    assert_eq!(message.attachments[0].bytes, inner.as_bytes());
    assert_eq!(message.attachments[0].name, "part-2.eml");
    assert_eq!(message.from.unwrap().address, "jo@supplier.example");
    let own = take(mixed(&[part(&["Content-Type: text/plain"], "mine"), part(&["Content-Type: message/rfc822"], inner)]));
    assert_eq!((own.text.as_str(), own.text_from), ("mine", TextFrom::Plain));
    // In a digest, letters need not say that they are.
    let digest = parted("d", &[format!("\r\n{inner}")]);
    let message = take(letter(&["Content-Type: multipart/digest; boundary=d"], &digest));
    assert_eq!((message.text.as_str(), message.attachments[0].media_type.as_str()), ("words within", "message/rfc822"));
}
