//! What is written because of a message: the answer to its sender, where one may be, and word to those who look at what waits.

use inbox::{Message, acknowledgement, may_acknowledge};
use platform::cases::people::holders;
use platform::cx::{Cx, Tx};
use platform::jobs::{Job, Working};
use platform::mail::{self, Answered};
use platform::notices::{self, Notice, Sort};
use platform::{Error, Result, t};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{KIND, Why, at};
use super::{WAITS, store};
use crate::incident::model::INCIDENT;

/// Answers the sender, where a machine may and the sender belongs to a party: with the reference, or that a person reads it first. What was reported is
/// quoted nowhere. The id of the answer's job, which is its Message-ID too.
pub(super) fn to_sender(
    cx: &Cx,
    tx: &mut Tx,
    message: &Message,
    matched: bool,
    marking: Option<&str>,
    reference: Option<&str>,
) -> Result<Option<Uuid>> {
    let Some(from) = message.from.as_ref().filter(|_| may_acknowledge(message, matched)) else { return Ok(None) };
    let authority = &cx.core().settings.authority.name;
    let link = format!("{}/incidents", cx.core().settings.public_url.trim_end_matches('/'));
    let (subject, text) = match reference {
        Some(reference) => (
            t!("mail-answer-reported-subject", reference = reference),
            t!("mail-answer-reported", authority = authority, reference = reference, next = INCIDENT.stage_next("reported"), link = link),
        ),
        None => (t!("mail-answer-waits-subject"), t!("mail-answer-waits", authority = authority, link = link)),
    };
    let head = acknowledgement(message);
    // Whoever answers in turn writes to where reports arrive.
    let reply_to = cx.core().settings.receive.addresses.first().cloned();
    let text = if reply_to.is_some() && reference.is_some() { format!("{text}\n\n{}", t!("mail-answer-reply")) } else { text };
    let answers = Answered { in_reply_to: head.in_reply_to, references: head.references, reply_to };
    let id = cx.id()?;
    tx.job(mail::answer(&from.address, &subject, &text, marking, answers).id(id));
    Ok(Some(id))
}

/// Has those told who look at what waits.
pub(super) fn to_readers(tx: &mut Tx, id: Uuid, why: Why) {
    tx.job(Job::new(WAITS, json!({ "mail": id, "why": why.code() })));
}

/// Does the job of telling that a message waits.
pub(super) fn tell<'a>(cx: &'a Cx, _id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let malformed = || Error::bad_request("mail-malformed");
        let id: Uuid = payload["mail"].as_str().and_then(|id| id.parse().ok()).ok_or_else(malformed)?;
        let why = payload["why"].as_str().and_then(Why::from_code).ok_or_else(malformed)?;
        // Somebody may have looked at it meanwhile.
        if store::get(cx.db(), id).await?.state != "waiting" {
            return Ok(());
        }
        let to = holders(cx, cx.db(), &["security"], None).await?;
        let of = |to| Notice {
            to,
            sort: Sort::HandOver,
            key: format!("mail.waits:{id}"),
            about: (KIND, id),
            subject: t!("mail-notice-waits-subject"),
            text: t!("mail-notice-waits", why = why.says()),
            path: at(id),
            gathered: !why.is_pressing(),
        };
        notices::send_now(cx, to.into_iter().map(of).collect()).await
    })
}
