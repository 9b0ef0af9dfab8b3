//! The ledger and failed jobs for programs.

use std::collections::BTreeMap;

use platform::api::{Api, Area, Call, Listed, Op, Param, Takes};
use platform::book::{self, entry};
use platform::checkpoint;
use platform::clock::timestamp;
use platform::texts::Text;
use platform::web::Answer;
use platform::{Error, Result};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Filter};
use super::{act, pages, system};

/// Checkpoints told.
const CHECKPOINTS: u64 = 100;

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Administration;
    let queries = [Param::new("action", Takes::Text(80)), Param::new("actor", Takes::Text(80))];
    Api::new()
        .add(Op::get("ledger.one", "/api/v1/ledger", area).authority().answers::<LedgerHead>(), head)
        .add(Op::get("ledger.entries", "/api/v1/ledger/entries", area).authority().queries(queries).lists_of::<LedgerEntry>(), entries)
        .add(Op::get("ledger.checkpoints", "/api/v1/ledger/checkpoints", area).authority().all_of::<LedgerCheckpoint>(), checkpoints)
        .add(Op::get("jobs.failed", "/api/v1/jobs/failed", area).authority().all_of::<FailedJob>(), jobs)
        .add(Op::post("jobs.retry", "/api/v1/jobs/{id}/retry", area).authority().all_of::<FailedJob>(), retry)
}

/// The ledger as it stands.
#[derive(Serialize, ToSchema)]
struct LedgerHead {
    /// How many entries it has.
    size: u64,
    /// The root of its Merkle tree, in hexadecimal.
    root: String,
    /// The key that signs its checkpoints.
    key: String,
    /// The key's fingerprint.
    fingerprint: String,
}

async fn head(call: Call) -> Answer {
    call.cx.permit("system.ledger", &system())?;
    let (size, root) = book::head(call.cx.db()).await?;
    let key = call.cx.core().ledger_key.public();
    let found = LedgerHead { size, root: hex::encode(root.0), key: key.as_str().to_owned(), fingerprint: key.fingerprint() };
    call.found(&found, None)
}

/// An entry: what stands in the open of it.
#[derive(Serialize, ToSchema)]
struct LedgerEntry {
    /// Its index, from 0.
    index: i64,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What was done.
    action: String,
    /// The kind of actor.
    actor_kind: String,
    /// The actor's id.
    actor: String,
    /// The actor's name, of an account.
    actor_name: Option<String>,
    /// To what kind of thing.
    kind: String,
    /// The thing's id.
    thing: String,
    /// Codes and ids.
    about: BTreeMap<String, String>,
}

async fn entries(call: Call) -> Answer {
    let cx = &call.cx;
    cx.permit("system.ledger", &system())?;
    let most = call.limit();
    let before = call.after(|text| text.parse().ok())?;
    let actor = pages::actor(call.query("actor")).map_err(|_| Error::field("?actor", Text::new("ledger-bad-filter")))?;
    let filter = Filter { action: call.query("action").map(str::to_owned), actor, before, most };
    let mut rows = store::entries(cx.db(), &filter).await?;
    let more = rows.len() as u64 > most;
    rows.truncate(usize::try_from(most).map_err(Error::internal)?);
    let names = store::names(cx, &rows).await?;
    let next = rows.last().filter(|_| more).map(|row| row.idx.to_string());
    let items = rows.iter().map(|row| opened(row, &names)).collect::<Result<Vec<_>>>()?;
    call.listed(&Listed { items, after: next })
}

fn opened(row: &entry::Model, names: &BTreeMap<String, String>) -> Result<LedgerEntry> {
    // What is told is what was hashed, not the columns beside it.
    let open = ledger::Entry::from_bytes(&row.bytes).map_err(Error::internal)?;
    Ok(LedgerEntry {
        index: row.idx,
        at: timestamp(open.at_ms).to_string(),
        action: open.action.as_str().to_owned(),
        actor_kind: open.actor.kind.as_str().to_owned(),
        actor: open.actor.id.as_str().to_owned(),
        actor_name: names.get(open.actor.id.as_str()).cloned(),
        kind: open.subject.kind.as_str().to_owned(),
        thing: open.subject.id.as_str().to_owned(),
        about: open.about.iter().map(|(k, v)| (k.as_str().to_owned(), v.as_str().to_owned())).collect(),
    })
}

/// A signed head.
#[derive(Serialize, ToSchema)]
struct LedgerCheckpoint {
    /// How many entries it covers.
    size: i64,
    /// When it was signed.
    #[schema(format = DateTime)]
    at: String,
    /// The signed note, to be kept elsewhere.
    note: String,
    /// When it, or a later one, left the machine.
    #[schema(format = DateTime)]
    sent_at: Option<String>,
}

async fn checkpoints(call: Call) -> Answer {
    call.cx.permit("system.ledger", &system())?;
    let rows = checkpoint::list(call.cx.db(), CHECKPOINTS).await?;
    let items = rows.into_iter().map(|row| LedgerCheckpoint {
        size: row.size,
        at: timestamp(row.at).to_string(),
        note: row.note,
        sent_at: row.sent_at.map(|at| timestamp(at).to_string()),
    });
    call.listed(&Listed { items: items.collect(), after: None })
}

/// A job that failed for good.
#[derive(Serialize, ToSchema)]
struct FailedJob {
    /// Its id.
    id: Uuid,
    /// Its kind.
    kind: String,
    /// How often it was tried.
    tries: i32,
    /// When it was given up.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// What went wrong.
    error: Option<String>,
}

async fn failed(call: &Call) -> Result<Vec<FailedJob>> {
    let rows = store::dead_jobs(call.cx.db()).await?;
    let shown = rows.into_iter().map(|job| FailedJob {
        id: job.id,
        kind: job.kind,
        tries: job.tries,
        ended_at: job.ended_at.map(|at| timestamp(at).to_string()),
        error: job.error,
    });
    Ok(shown.collect())
}

async fn jobs(call: Call) -> Answer {
    call.cx.permit("system.jobs", &system())?;
    call.listed(&Listed { items: failed(&call).await?, after: None })
}

async fn retry(call: Call) -> Answer {
    call.cx.permit("system.jobs", &system())?;
    act::retry(&call.cx, call.id("id")?).await?;
    call.made("/api/v1/jobs/failed", &platform::cases::api::whole(failed(&call).await?), None)
}
