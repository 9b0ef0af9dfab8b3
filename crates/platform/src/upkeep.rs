//! Jobs that keep the service in order, on their schedules: checkpoints, counts of refusals, and clearing what is no longer needed.

use sea_orm::entity::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::clock::{DAY, HOUR, MINUTE};
use crate::config::Settings;
use crate::cx::{Cx, once};
use crate::hooks::rows::delivery;
use crate::identity::session;
use crate::jobs::{Registry, Working, row as job};
use crate::notices::{self, rows::notice};
use crate::{book, checkpoint, files, hooks, mail};

/// How long idempotency keys are remembered.
const ONCE_KEPT: i64 = 7 * DAY;
/// How long sessions that ended and jobs that were done are kept.
const ENDED_KEPT: i64 = 30 * DAY;
/// How long notices stay on their readers' pages.
const NOTICES_KEPT: i64 = 400 * DAY;

/// The platform's kinds of job.
pub fn jobs(settings: &Settings) -> Registry {
    Registry::default()
        .kind(mail::JOB, mail::send)
        .kind(notices::JOB, notices::gather)
        .kind(hooks::JOB, hooks::deliver)
        .before(hooks::pump)
        .kind(files::ERASE, files::erase)
        .every(files::SWEEP, 6 * HOUR, files::sweep)
        .every(checkpoint::JOB, settings.checkpoint_every(), checkpoint::work)
        .every("ledger.flush_refusals", MINUTE, flush_refusals)
        .every("housekeeping", 6 * HOUR, housekeeping)
        .every("database.statistics", 6 * HOUR, statistics)
}

fn flush_refusals<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(book::flush_refusals(cx))
}

fn statistics<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(cx.core().db.keep_statistics())
}

/// Clears idempotency keys, sessions, jobs, delivered messages and notices past their time. Dead jobs, and messages that failed, stay until an
/// administrator decides.
fn housekeeping<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let now = cx.now();
        let limits = &cx.core().settings.sessions;
        let house = cx.housekeep().await?;
        house.delete(once::Entity::delete_many().filter(once::Column::At.lt(now - ONCE_KEPT))).await?;
        let ended = sea_orm::Condition::any()
            .add(session::Column::EndedAt.lt(now - ENDED_KEPT))
            .add(session::Column::MadeAt.lt(now - ENDED_KEPT - limits.longest_minutes * MINUTE));
        house.delete(session::Entity::delete_many().filter(ended)).await?;
        let done = job::Entity::delete_many().filter(job::Column::State.eq("done")).filter(job::Column::EndedAt.lt(now - ENDED_KEPT));
        house.delete(done).await?;
        let told = now - cx.core().settings.webhooks.keep_days * DAY;
        let delivered = delivery::Entity::delete_many()
            .filter(delivery::Column::State.eq("delivered"))
            .filter(delivery::Column::MadeAt.lt(told))
            // Sent again lately, it was delivered lately.
            .filter(delivery::Column::TriedAt.lt(told));
        house.delete(delivered).await?;
        house.delete(notice::Entity::delete_many().filter(notice::Column::MadeAt.lt(now - NOTICES_KEPT))).await?;
        house.done().await
    })
}
