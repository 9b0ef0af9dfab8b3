//! Mail that came in, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod coming;
mod deciding;
mod folder;
mod left;
mod twin;

use platform::Cx;
use uuid::Uuid;

use super::act::{self, Outcome};
use super::model::{State, Why, references};
use super::store::{self, Model};
use crate::testing::TestApp;

/// A message, as a mail server pipes it.
pub(super) fn letter(from: &str, id: &str, subject: &str, text: &str) -> Vec<u8> {
    format!(
        "Return-Path: <{from}>\nReceived: from halyard.example by mx.authority.example; Mon, 2 Mar 2026 08:59:00 +0000\nFrom: {from}\n\
         To: incidents@authority.example\nSubject: {subject}\nDate: Mon, 2 Mar 2026 08:58:00 +0000\nMessage-ID: <{id}>\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
    .into_bytes()
}

/// The same with another line in its head.
pub(super) fn with_line(letter: &[u8], line: &str) -> Vec<u8> {
    let text = String::from_utf8(letter.to_vec()).unwrap();
    text.replacen("MIME-Version", &format!("{line}\nMIME-Version"), 1).into_bytes()
}

/// Takes a message in.
pub(super) async fn received(cx: &Cx, bytes: &[u8]) -> Outcome {
    act::receive(cx, bytes.to_vec()).await.unwrap().unwrap()
}

/// Every message, the newest first.
pub(super) async fn all(app: &TestApp) -> Vec<Model> {
    store::list(&app.operator(), (None, None), None, 200).await.unwrap()
}

/// A message from somebody whom nobody knows, which waits; its id.
pub(crate) async fn waiting(app: &TestApp, from: &str, subject: &str) -> Uuid {
    let id = format!("{}@halyard.example", Uuid::now_v7());
    let bytes = letter(from, &id, subject, "It was left on the night ferry.");
    assert!(matches!(received(&app.operator(), &bytes).await, Outcome::Waiting(_)));
    known(app, &id).await.id
}

/// The message with this id.
pub(super) async fn known(app: &TestApp, id: &str) -> Model {
    store::with_mark(app.core.db.reader(), &store::mark(id)).await.unwrap().remove(0)
}

#[test]
fn every_reason_has_its_words() {
    let dashed = |code: &str| code.replace('_', "-");
    let of_why = Why::ALL.iter().flat_map(|why| [format!("mail-why-{}", dashed(why.code())), format!("mail-short-{}", dashed(why.code()))]);
    let of_lost = inbox::Reason::ALL.iter().map(|why| format!("mail-unread-{}", why.code()));
    let of_kind = inbox::Kind::ALL.iter().map(|kind| format!("mail-kind-{}", kind.code()));
    let of_state = State::ALL.iter().map(|state| format!("mail-state-{}", dashed(state.code())));
    for id in of_why.chain(of_lost).chain(of_kind).chain(of_state) {
        assert!(platform::texts::has(&id), "{id}");
    }
    assert!(Why::ALL.iter().all(|why| Why::from_code(why.code()) == Some(*why)));
    assert!(State::ALL.iter().all(|state| State::from_code(state.code()) == Some(*state)));
}

#[test]
fn a_subject_names_references() {
    assert_eq!(references("Re: [In confidence] inc-2026-000001: found"), ["INC-2026-000001"]);
    assert_eq!(references("INC-2026-000001, INC-2026-1234567"), ["INC-2026-000001", "INC-2026-1234567"]);
    for none in ["", "INC", "INC-2026", "INC-26-000001", "INC-2026-01", "OFF-2026-000001", "XINC-2026-000001", "INC-2026-000001-7"] {
        assert_eq!(references(none), Vec::<String>::new(), "{none}");
    }
}
