//! Who sent a message, what is known of that, whether a machine did, and what may be answered.

use super::*;

/// A message from this author, with these lines a server put before it.
fn from(said: &str, more: &[&str]) -> Message {
    take(format!("{}\r\nFrom: {said}\r\nMessage-ID: <one@supplier.example>\r\nSubject: x\r\n\r\nwords", lines(more)).trim_start())
}

#[test]
fn authors_are_read_and_what_names_none_is_named() {
    type Case = (&'static str, Option<(&'static str, Option<&'static str>)>, bool);
    let cases: &[Case] = &[
        ("jo@Supplier.EXAMPLE", Some(("jo@supplier.example", None)), true),
        ("Jo Bloggs <jo@supplier.example>", Some(("jo@supplier.example", Some("Jo Bloggs"))), true),
        ("\"Bloggs, Jo\" <jo@supplier.example>", Some(("jo@supplier.example", Some("Bloggs, Jo"))), true),
        ("=?utf-8?B?Sm8gw4k=?= <jo@supplier.example>", Some(("jo@supplier.example", Some("Jo É"))), true),
        ("jo@supplier.example (Jo)", Some(("jo@supplier.example", Some("Jo"))), true),
        // A name that is another's address is a name.
        ("\"ceo@authority.example\" <eve@other.example>", Some(("eve@other.example", Some("ceo@authority.example"))), true),
        ("\"a\u{202E}b\tc\" <jo@supplier.example>", Some(("jo@supplier.example", Some("ab c"))), true),
        // Several, where it is not known who of them wrote it.
        ("jo@supplier.example, eve@other.example", Some(("jo@supplier.example", None)), false),
        ("", None, false),
        ("nobody", None, false),
        ("<>", None, false),
        ("Jo <jo supplier.example>", None, false),
        ("<a@b@c d.example>", None, false),
        ("undisclosed:;", None, false),
    ];
    for (said, wanted, is_one) in cases {
        let message = from(said, &[]);
        let found = message.from.as_ref().map(|it| (it.address.as_str(), it.name.as_deref()));
        assert_eq!((found, message.from_is_one), (*wanted, *is_one), "{said}");
        assert_eq!(reasons(&message), if wanted.is_none() { vec![Reason::Author] } else { vec![] }, "{said}");
        assert_eq!(message.text, "words");
    }
    let twice = from("jo@supplier.example", &["From: eve@other.example"]);
    assert_eq!((twice.from.unwrap().address.as_str(), twice.from_is_one), ("eve@other.example", false));
    let sent = from("jo@supplier.example", &["Sender: Office <office@supplier.example>", "Return-Path: <bounces+1@relay.example>"]);
    assert_eq!(sent.sender.unwrap().address, "office@supplier.example");
    assert_eq!(sent.envelope, Envelope::Address("bounces+1@relay.example".to_owned()));
}

#[test]
fn the_envelope_is_what_the_server_said_last() {
    let nobody = Envelope::Nobody;
    let address = |it: &str| Envelope::Address(it.to_owned());
    let cases: &[(&str, Envelope)] = &[
        ("Return-Path: <jo@supplier.example>\r\n", address("jo@supplier.example")),
        ("Return-Path: jo@supplier.example\r\n", address("jo@supplier.example")),
        ("Return-Path: <>\r\n", nobody.clone()),
        ("Return-Path: <>\r\nReturn-Path: <eve@other.example>\r\n", nobody.clone()),
        ("From jo@supplier.example  Tue May 12 15:30:00 2026\r\n", address("jo@supplier.example")),
        ("From MAILER-DAEMON Tue May 12 15:30:00 2026\r\n", nobody.clone()),
        ("From jo@supplier.example x\r\nReturn-Path: <>\r\n", nobody),
        ("Return-Path: <what is this>\r\n", Envelope::Unknown),
        ("", Envelope::Unknown),
    ];
    for (lines, envelope) in cases {
        assert_eq!(take(format!("{lines}From: a@b.example\r\n\r\nx")).envelope, *envelope, "{lines}");
    }
}

/// Whether an author is who the From line says, by servers that are trusted and by others.
#[test]
fn a_forged_author_is_told_by_servers_that_are_trusted() {
    use Verdict::{Fail, None, Pass};
    let ours = |rest: &str| format!("Authentication-Results: mx.authority.example; {rest}");
    let cases: &[(&[String], [Verdict; 3], Verdict)] = &[
        (&[], [None; 3], None),
        (&[ours("dkim=pass header.d=supplier.example; spf=pass smtp.mailfrom=x@supplier.example; dmarc=pass header.from=supplier.example")], [Pass; 3], Pass),
        // Forged, by whoever may send for a domain of their own.
        (&[ours("dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example; dmarc=fail (p=NONE) header.from=supplier.example")], [Pass, Pass, Fail], Fail),
        (&[ours("dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example")], [Pass, Pass, None], None),
        (&[ours("dkim=pass header.i=@supplier.example")], [Pass, None, None], Pass),
        (&[ours("dkim=pass header.d=example")], [Pass, None, None], None),
        (&[ours("dmarc=pass header.from=evil.example")], [None; 3], None),
        (&[ours("spf=softfail smtp.mailfrom=supplier.example; dkim=temperror; dmarc=none")], [None, Fail, None], None),
        (&[ours("none")], [None; 3], None),
        // Of several signatures, one is enough.
        (&[ours("dkim=fail header.d=list.example; dkim=pass header.d=supplier.example; dkim=pass header.d=list.example")], [Pass, None, None], Pass),
        // One line for each, as milters write them.
        (&[ours("dkim=pass header.d=supplier.example"), ours("dmarc=pass header.from=supplier.example")], [Pass, None, Pass], Pass),
        // Another server's word is worth nothing, nor is ours below one that says otherwise.
        (&["Authentication-Results: mx.evil.example; dmarc=pass header.from=supplier.example".to_owned()], [None; 3], None),
        (&["Authentication-Results: mx.authority.example.evil.example; dmarc=pass".to_owned()], [None; 3], None),
        (&["ARC-Authentication-Results: i=1; mx.authority.example; dmarc=pass".to_owned()], [None; 3], None),
        (&[ours("dmarc=fail header.from=supplier.example"), ours("dmarc=pass header.from=supplier.example")], [None, None, Fail], Fail),
        (&[ours("dmarc=pass header.from=supplier.example"), ours("dmarc=fail header.from=supplier.example")], [None, None, Fail], Fail),
        (&[ours("dmarc=fail header.from=supplier.example; dmarc=pass header.from=supplier.example")], [None, None, Fail], Fail),
        // As the grammar allows it.
        (&["Authentication-Results: (c (nested; \\) )) MX.Authority.Example 1;\r\n dmarc (x; dmarc=fail) = pass\r\n (dmarc=fail) header.from = Supplier.Example".to_owned()], [None, None, Pass], Pass),
        (&["Authentication-Results: \"mx.authority.example\"; DMARC/1=PASS reason=\"a; dmarc=fail\" header.from=supplier.example".to_owned()], [None, None, Pass], Pass),
    ];
    for (lines_before, [dkim, spf, dmarc], author) in cases {
        let before: Vec<&str> = lines_before.iter().map(String::as_str).collect();
        let said = from("Jo <jo@supplier.example>", &before).authentication;
        assert_eq!([said.dkim.verdict, said.spf.verdict, said.dmarc.verdict], [*dkim, *spf, *dmarc], "{before:?}");
        assert_eq!(said.author(), *author, "{before:?}");
    }
    // Where it is not clear who the author is, nobody vouches for one.
    let pass = ours("dmarc=pass header.from=supplier.example");
    assert_eq!(from("jo@supplier.example, eve@evil.example", &[&pass]).authentication, Authentication::default());
    assert_eq!(from("jo@supplier.example", &[&pass, "From: eve@evil.example"]).authentication, Authentication::default());
    // A subdomain is its owner's; what ends alike is not.
    assert_eq!(from("jo@mail.supplier.example", &[&ours("dkim=pass header.d=supplier.example")]).authentication.author(), Pass);
    assert_eq!(from("jo@notsupplier.example", &[&ours("dkim=pass header.d=supplier.example")]).authentication.author(), None);
    assert_eq!(from("jo@supplier.example", &[&ours("dkim=pass header.d=evil.supplier.example")]).authentication.author(), None);
    // Nobody is trusted unless somebody says so.
    let message = format!("{pass}\r\nFrom: jo@supplier.example\r\n\r\nx");
    assert_eq!(read(message.as_bytes(), &Settings::default()).unwrap().authentication, Authentication::default());
}

#[test]
fn machines_lists_and_servers_are_told_from_people() {
    let cases: &[(&[&str], Kind)] = &[
        (&[], Kind::Person),
        (&["Auto-Submitted: no"], Kind::Person),
        (&["Auto-Submitted: No (a person)"], Kind::Person),
        (&["Precedence: normal"], Kind::Person),
        (&["X-Auto-Response-Suppress: None"], Kind::Person),
        (&["Auto-Submitted: auto-replied"], Kind::Automatic),
        (&["Auto-Submitted: auto-generated; type=x"], Kind::Automatic),
        (&["X-Auto-Response-Suppress: OOF, AutoReply"], Kind::Automatic),
        (&["X-Autoreply: yes"], Kind::Automatic),
        (&["Precedence: BULK"], Kind::Automatic),
        (&["Precedence: junk"], Kind::Automatic),
        (&["Precedence: list"], Kind::List),
        (&["List-Id: Talk <talk.lists.example>"], Kind::List),
        (&["List-Unsubscribe: <mailto:x@lists.example>"], Kind::List),
        (&["Return-Path: <>"], Kind::NullSender),
        (&["Return-Path: <>", "Auto-Submitted: auto-replied"], Kind::NullSender),
        (&["X-Failed-Recipients: x@authority.example"], Kind::Bounce),
    ];
    for (before, kind) in cases {
        assert_eq!(from("Jo <jo@supplier.example>", before).kind, *kind, "{before:?}");
    }
    for local in ["MAILER-DAEMON", "mailer-daemon", "Postmaster"] {
        assert_eq!(from(&format!("{local}@supplier.example"), &[]).kind, Kind::Bounce);
    }
    assert_eq!(from("postmasters-friend@supplier.example", &[]).kind, Kind::Person);
    let report = |kind: &str, status: &str| {
        let parts = parted(
            "r",
            &[part(&["Content-Type: text/plain"], "words"), part(&[&format!("Content-Type: message/{status}")], "Action: failed")],
        );
        take(letter(&[&format!("Content-Type: multipart/report{kind}; boundary=r")], &parts))
    };
    assert_eq!(report("; report-type=delivery-status", "delivery-status").kind, Kind::Bounce);
    assert_eq!(report("", "delivery-status").kind, Kind::Bounce);
    let receipt = report("; report-type=disposition-notification", "disposition-notification");
    assert_eq!((receipt.kind, receipt.text.as_str()), (Kind::Automatic, "words"));
    // A person who sends a bounce on is a person.
    let bounce = part(&["Content-Type: multipart/report; report-type=delivery-status; boundary=r"], &parted("r", &[part(&[], "failed")]));
    assert_eq!(take(mixed(&[part(&[], "See below."), bounce])).kind, Kind::Person);
}

#[test]
fn only_people_whom_somebody_knows_are_answered() {
    let yes = from("Jo <jo@supplier.example>", &[]);
    assert!(may_acknowledge(&yes, true) && !may_acknowledge(&yes, false));
    let fails = "Authentication-Results: mx.authority.example; dmarc=fail header.from=supplier.example";
    let cases: &[(&str, &[&str])] = &[
        ("jo@supplier.example", &["Auto-Submitted: auto-replied"]),
        ("jo@supplier.example", &["List-Id: <talk.lists.example>"]),
        ("jo@supplier.example", &["Return-Path: <>"]),
        ("mailer-daemon@supplier.example", &[]),
        ("jo@supplier.example, eve@other.example", &[]),
        ("nobody", &[]),
        ("jo@supplier.example", &[fails]),
        // Ourselves, by whatever line and in whatever letters.
        ("Incidents@Authority.example", &[]),
        ("incidents+tag@authority.example", &[]),
        ("jo@supplier.example", &["Sender: incidents@authority.example"]),
        ("jo@supplier.example", &["Return-Path: <incidents+bounce@authority.example>"]),
    ];
    for (author, before) in cases {
        assert!(!may_acknowledge(&from(author, before), true), "{author} {before:?}");
    }
    // Of each kind, whatever else is true of it.
    for kind in Kind::ALL {
        assert_eq!(may_acknowledge(&Message { kind, ..yes.clone() }, true), kind == Kind::Person);
    }
}

#[test]
fn an_answer_names_what_it_answers() {
    let answer = |head: &[&str], subject: &str| {
        acknowledgement(&take(format!("{}\r\nSubject: {subject}\r\nFrom: a@b.example\r\n\r\nx", lines(head)).trim_start()))
    };
    let one = "Message-ID: <one@b.example>";
    let plain = answer(&[one], "Lost laptop");
    assert_eq!((plain.subject.as_str(), plain.in_reply_to.as_deref()), ("Re: Lost laptop", Some("<one@b.example>")));
    assert_eq!((plain.references.as_deref(), plain.auto_submitted), (Some("<one@b.example>"), "auto-replied"));
    let later = answer(&[one, "In-Reply-To: <zero@b.example>"], "RE: Re:re: Lost laptop");
    assert_eq!((later.subject.as_str(), later.references.as_deref()), ("Re: Lost laptop", Some("<zero@b.example> <one@b.example>")));
    let long = answer(&[one, "References: <first@b.example> <one@b.example> <zero@b.example>"], "");
    assert_eq!((long.subject.as_str(), long.references.as_deref()), ("Re:", Some("<first@b.example> <zero@b.example> <one@b.example>")));
    // Without an id of its own there is nothing to name, but for what came before.
    let none = answer(&["References: <zero@b.example>"], "x");
    assert_eq!((none.in_reply_to, none.references.as_deref()), (None, Some("<zero@b.example>")));
    // Of very many, the first and the latest.
    let many: String = (0..30).map(|at| format!("<{at}-{}@b.example>\r\n ", "x".repeat(400))).collect();
    let references = answer(&[one, &format!("References: {many}")], "x").references.unwrap();
    assert!(references.len() <= 2_000 && references.starts_with("<0-") && references.ends_with("<one@b.example>"), "{references}");
    assert!(references.contains(" <29-") && !references.contains(" <1-"), "{references}");
}

/// Whatever a sender writes, an answer's lines stay lines.
#[test]
fn nothing_gets_into_the_head_of_an_answer() {
    for subject in ["=?utf-8?Q?a=0D=0ABcc:_eve@other.example?=", "a\u{85}b\u{2028}c\u{2029}d", "=?utf-8?B?YQ0KDQpib2R5?=", &"é".repeat(400)]
    {
        let message = take(format!("Message-ID: <a@b.example>\r\nSubject: {subject}\r\nFrom: a@b.example\r\n\r\nx"));
        let answer = acknowledgement(&message);
        assert!(answer.subject.len() <= 200 && answer.subject.starts_with("Re: "), "{answer:?}");
        assert!(!answer.subject.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')), "{answer:?}");
    }
    // Made by whoever uses the crate, not by reading.
    let mut message = take(letter(&[], "x"));
    message.id = "a@b.example>\r\nBcc: <eve@other.example".to_owned();
    message.references = vec!["x\r\ny".to_owned(), "fine@b.example".to_owned()];
    message.subject = "a\r\nBcc: eve@other.example".to_owned();
    let answer = acknowledgement(&message);
    assert_eq!((answer.in_reply_to, answer.references.as_deref()), (None, Some("<fine@b.example>")));
    assert_eq!(answer.subject, "Re: a Bcc: eve@other.example");
}
