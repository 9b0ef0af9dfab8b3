//! Exporting the ledger, retrying jobs, raising alarms.

use platform::book::{ALARM_WINDOW, Alarm};
use platform::clock::MINUTE;
use platform::cx::{Cx, Entry};
use platform::export::Exported;
use platform::jobs::{self, Working};
use platform::{Error, Result, identity, mail, t};
use serde_json::Value;
use uuid::Uuid;

use super::{store, system};

/// Exports the ledger into `sink`, which must be empty; with `details`, opened. The export is an entry itself, and the last one in it.
///
/// # Errors
/// When the actor may not, or reading or writing fails.
pub async fn export<S: ledger::export::Sink>(cx: &Cx, sink: &mut S, details: bool) -> Result<Exported> {
    let tx = cx.begin().await?;
    let permit = cx.permit("system.export", &system())?;
    let entry = Entry::on("system.export", &system()).about("details", if details { "opened" } else { "left-out" });
    cx.commit(tx, permit, [entry]).await?;
    platform::export::export(cx, sink, details).await
}

/// Puts a dead job back to waiting.
///
/// # Errors
/// When the actor may not, or there is no such dead job.
pub async fn retry(cx: &Cx, id: Uuid) -> Result<()> {
    jobs::revive(cx, cx.permit("system.retry", &system())?, id).await
}

/// Tells the security role, or where nobody holds it the administrators, that one actor was refused again and again.
pub fn alarm<'a>(cx: &'a Cx, id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let alarm: Alarm = serde_json::from_value(payload.clone()).map_err(|_| Error::bad_request("mail-malformed"))?;
        let mut told = store::addresses(cx, "security").await?;
        if told.is_empty() {
            told = store::addresses(cx, "administrator").await?;
        }
        tracing::warn!(actor = alarm.actor_kind, id = alarm.actor_id, count = alarm.count, told = told.len(), "many refusals");
        let public = cx.core().settings.public_url.trim_end_matches('/');
        let link = format!("{public}/ledger?actor={}:{}", alarm.actor_kind, alarm.actor_id);
        let text = t!(
            "alarm-mail",
            kind = alarm.actor_kind,
            id = alarm.actor_id,
            count = alarm.count,
            minutes = ALARM_WINDOW / MINUTE,
            link = link
        );
        let mut house = cx.housekeep().await?;
        for (account, to) in told {
            let letter = mail::message(&to, &t!("alarm-mail-subject"), &text).sealed_for(identity::subject(account));
            house.job(letter.once(&format!("alarm:{id}:{account}")));
        }
        house.done().await?;
        cx.core().wake.notify_one();
        Ok(())
    })
}
