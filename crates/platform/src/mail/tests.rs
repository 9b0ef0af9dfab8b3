//! Messages as they are composed, and which mail servers are trusted how. What is sent is tested with the product.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn letter(to: &str, subject: &str, marking: Option<&str>) -> Letter {
    Letter {
        to: to.into(),
        subject: subject.into(),
        text: "Line one.\nLine two: café.".into(),
        marking: marking.map(Into::into),
        answers: None,
    }
}

#[test]
fn a_message_names_its_job_and_holds_its_marking() {
    let id = Uuid::from_u128(7);
    let settings = Settings { public_url: "https://suppliers.authority.example/".into(), ..Settings::default() };
    let message = compose(&settings, &letter("ada@halyard.example", "Your proposal", Some("OFFICIAL")), id, 1_772_442_000_000).unwrap();
    let text = String::from_utf8(message.formatted()).unwrap();
    for part in [
        "Message-ID: <00000000-0000-0000-0000-000000000007@suppliers.authority.example>\r\n",
        "Subject: [OFFICIAL] Your proposal\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "To: ada@halyard.example\r\n",
        "Date: Mon, 02 Mar 2026 09:00:00 +0000\r\n",
        "\r\n\r\nOFFICIAL\r\n",
    ] {
        assert!(text.contains(part), "{part:?} is missing in {text}");
    }
}

#[test]
fn a_subject_cannot_bring_in_headers() {
    let settings = Settings::default();
    for title in ["Hello\r\nBcc: eve@elsewhere.example", "Hello\nBcc: eve@elsewhere.example", "Hello\u{0}\rBcc: eve@elsewhere.example"] {
        let message = compose(&settings, &letter("ada@halyard.example", title, None), Uuid::nil(), 0).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        let headers = text.split("\r\n\r\n").next().unwrap();
        assert!(!headers.lines().any(|l| l.to_lowercase().starts_with("bcc")), "{headers}");
        assert_eq!(message.envelope().to().len(), 1);
    }
}

#[test]
fn an_answer_names_what_it_answers_and_comes_back_to_nobody() {
    let long = format!("<{}@halyard.example>", "x".repeat(400));
    let answers = Answered {
        in_reply_to: Some("<1@halyard.example>".into()),
        references: Some(format!("<0@halyard.example> {long} <1@halyard.example>")),
        reply_to: Some("incidents@authority.example".into()),
    };
    let of = Letter { answers: Some(answers), ..letter("ada@halyard.example", "INC-2026-000001", None) };
    let message = compose(&Settings::default(), &of, Uuid::nil(), 0).unwrap();
    let text = String::from_utf8(message.formatted()).unwrap();
    let references = format!("References: <0@halyard.example>\r\n {long}\r\n <1@halyard.example>\r\n");
    for part in [
        "Auto-Submitted: auto-replied\r\n",
        "Reply-To: incidents@authority.example\r\n",
        "In-Reply-To: <1@halyard.example>\r\n",
        &references,
    ] {
        assert!(text.contains(part), "{part:?} is missing in {text}");
    }
    assert!(message.envelope().from().is_none(), "what cannot be delivered comes back to nobody");
    // What is no id begins no line of its own.
    let answers = Answered {
        in_reply_to: Some("<1@a.example>\r\nBcc:".into()),
        references: Some("no <<x> <> <a b> <ok@a.example>".into()),
        reply_to: None,
    };
    let of = Letter { answers: Some(answers), ..of };
    let text = String::from_utf8(compose(&Settings::default(), &of, Uuid::nil(), 0).unwrap().formatted()).unwrap();
    assert!(!text.contains("Bcc") && !text.contains("In-Reply-To") && text.contains("References: <ok@a.example>\r\n"), "{text}");
}

#[test]
fn an_address_that_is_none_is_refused_for_good() {
    for to in ["", "nowhere", "a@b@c", "ada@halyard.example\r\nBcc: eve@elsewhere.example"] {
        let refused = compose(&Settings::default(), &letter(to, "x", None), Uuid::nil(), 0);
        assert!(matches!(refused, Err(Error::BadRequest(_))), "{to:?}");
    }
}

#[tokio::test]
async fn servers_are_read_strictly() {
    for good in [
        "smtps://mail.authority.example",
        "smtps://user:pass%20word@mail.authority.example:465",
        "smtp://mail.authority.example:25",
        "smtp://mail.authority.example?tls=required",
        "smtp://relay.authority.example?tls=none",
        "smtp://127.0.0.1:2525",
        "smtp://localhost",
    ] {
        assert!(transport(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "mail.authority.example",
        "http://mail.authority.example",
        "smtps://",
        "smtps://mail.authority.example?tls=none",
        "smtp://m.example?tls=perhaps",
    ] {
        assert!(transport(bad).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_unless_told_so() {
    let office = testkit::PostOffice::open();
    let address = office.address();
    let message = || compose(&Settings::default(), &letter("ada@halyard.example", "x", None), Uuid::nil(), 0).unwrap();
    assert!(transport(&format!("{address}?tls=required")).unwrap().send(message()).await.is_err());
    assert_eq!(office.messages().len(), 0);
    transport(&address).unwrap().send(message()).await.unwrap();
    assert_eq!(office.messages().len(), 1);
}
