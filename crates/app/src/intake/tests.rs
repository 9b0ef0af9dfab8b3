//! Mail that came in, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod coming;
mod deciding;
mod folder;
mod twin;

use platform::Cx;
use uuid::Uuid;

use super::act::{self, Outcome};
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
