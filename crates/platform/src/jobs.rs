//! Work done later: rows written in the same transaction as the change that calls for it, leased by whichever node is free, retried with
//! growing pauses, and kept on a list of the dead when they fail for good. A rollback leaves no job.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder, QuerySelect, QueryTrait, Statement, UpdateMany};
use serde_json::Value;
use uuid::Uuid;

use crate::authz::Actor;
use crate::clock::{MINUTE, Millis, SECOND};
use crate::core::Core;
use crate::cx::{Cx, House, Permit, housekept};
use crate::db::{dialect, settled};
use crate::error::{Error, Result};
use crate::seal::InHand;
use crate::{book, random};

mod parts;
pub mod row;

/// How long a node may work on a job before another takes it over.
const LEASE: Millis = 5 * MINUTE;
/// Tries before a job is dead: with doubling pauses from 10 seconds, nearly four days.
pub const TRIES: i32 = 16;
/// How long a worker may take: less than the lease, so that its end can still be noted under it.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(270);

/// How many jobs a node claims at once and does beside each other.
const TOGETHER: u64 = 8;
/// How long jobs step back, each time, for people who wait to write: they go on all the same, if slowly, however many people come.
const STEP_BACK: std::time::Duration = std::time::Duration::from_millis(200);

/// What keys begin with that a job keeps when it ends.
const ONCE: &str = "once:";

/// A job to be written.
#[derive(Debug, Clone)]
pub struct Job {
    kind: &'static str,
    payload: Value,
    sealed: &'static [&'static str],
    sealed_for: Option<String>,
    run_at: Option<Millis>,
    key: Option<String>,
    id: Option<Uuid>,
}

impl Job {
    /// A job of this kind.
    pub fn new(kind: &'static str, payload: Value) -> Self {
        Self { kind, payload, sealed: &[], sealed_for: None, run_at: None, key: None, id: None }
    }

    /// These parts of its payload, an object, are sealed in its row and wiped once it is done: what lets somebody in, or is nobody
    /// else's business.
    #[must_use]
    pub fn sealed(mut self, parts: &'static [&'static str]) -> Self {
        self.sealed = parts;
        self
    }

    /// They are sealed with this subject's key: an account's, for what is its holder's. Once that was destroyed, there is nothing left to do.
    #[must_use]
    pub fn sealed_for(mut self, subject: impl Into<String>) -> Self {
        self.sealed_for = Some(subject.into());
        self
    }

    /// Not before `at`.
    #[must_use]
    pub fn at(mut self, at: Millis) -> Self {
        self.run_at = Some(at);
        self
    }

    /// Under this id, which whoever asks for it keeps: so it is told later what became of it.
    #[must_use]
    pub fn id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    /// At most one job that nobody has begun carries this key; a second is dropped. One asked for while the first is done waits for its own
    /// turn: the first may have looked too early.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// At most one job ever carries this key, even when the first is done: until housekeeping clears it after 30 days.
    #[must_use]
    pub fn once(self, key: &str) -> Self {
        self.key(format!("{ONCE}{key}"))
    }
}

/// The future of a job.
pub type Working<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
/// What is looked after before jobs are taken.
pub type Look = for<'a> fn(&'a Cx) -> Working<'a>;
/// What does a job: it must be safe to do twice. It gets the job's id, which mail uses as Message-ID.
pub type Worker = for<'a> fn(&'a Cx, Uuid, &'a Value) -> Working<'a>;

/// The kinds of job, and which are started again and again.
#[derive(Default)]
pub struct Registry {
    workers: BTreeMap<&'static str, Worker>,
    schedules: Vec<(&'static str, Millis)>,
    patience: Option<std::time::Duration>,
    before: Option<Look>,
}

impl Registry {
    /// Workers may take so long and no longer; four and a half minutes unless said otherwise, and never more.
    #[must_use]
    pub fn patience(mut self, patience: std::time::Duration) -> Self {
        self.patience = Some(patience.min(PATIENCE));
        self
    }

    /// Something to look after each time before jobs are taken: it may ask for jobs by what was committed. It must write nothing when there is
    /// nothing to do.
    #[must_use]
    pub fn before(mut self, look: Look) -> Self {
        self.before = Some(look);
        self
    }

    /// A kind of job.
    #[must_use]
    pub fn kind(mut self, kind: &'static str, worker: Worker) -> Self {
        self.workers.insert(kind, worker);
        self
    }

    /// A kind of job that is done again `every` so many milliseconds.
    #[must_use]
    pub fn every(mut self, kind: &'static str, every: Millis, worker: Worker) -> Self {
        self.workers.insert(kind, worker);
        self.schedules.push((kind, every));
        self
    }
}

impl Registry {
    /// These kinds and those.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.workers.extend(other.workers);
        self.schedules.extend(other.schedules);
        self.before = self.before.or(other.before);
        self
    }
}

housekept!(row::Entity);

/// Writes jobs down.
pub(crate) async fn insert<C: ConnectionTrait>(core: &Core, db: &C, jobs: &[Job], now: Millis, keys: &InHand) -> Result<()> {
    dialect::write_all(db, writes(core, db, jobs, now, keys).await?).await
}

/// What writes jobs down, to be done in the same transaction.
pub(crate) async fn writes<C: ConnectionTrait>(core: &Core, db: &C, jobs: &[Job], now: Millis, keys: &InHand) -> Result<Vec<Statement>> {
    let subject = |job: &Job| job.sealed_for.clone().unwrap_or_else(|| parts::SUBJECT.to_owned());
    // In one order for all, as entries take them.
    let subjects: BTreeSet<String> = jobs.iter().filter(|job| !job.sealed.is_empty()).map(subject).collect();
    let mut found = BTreeMap::new();
    for subject in subjects {
        match keys.key_for(db, &core.master, &subject, now).await {
            Ok(key) => drop(found.insert(subject, key)),
            // It was destroyed meanwhile: nobody is there any more to be written to.
            Err(Error::Conflict(_)) => {}
            Err(other) => return Err(other),
        }
    }
    // In the order of their keys: two transactions with the same keys must not wait for each other in a circle.
    let mut jobs: Vec<&Job> = jobs.iter().collect();
    jobs.sort_by(|a, b| a.key.cmp(&b.key));
    let mut writes = Vec::with_capacity(jobs.len());
    for job in jobs {
        let id = job.id.map_or_else(|| random::id(now), Ok)?;
        let payload = if job.sealed.is_empty() {
            job.payload.clone()
        } else {
            let subject = subject(job);
            let Some(key) = found.get(&subject) else { continue };
            parts::seal(key, &subject, id, job.payload.clone(), job.sealed)?
        };
        let row = row::ActiveModel {
            id: ActiveValue::Set(id),
            kind: ActiveValue::Set(job.kind.to_owned()),
            payload: ActiveValue::Set(payload.to_string()),
            run_at: ActiveValue::Set(job.run_at.unwrap_or(now)),
            tries: ActiveValue::Set(0),
            leased_until: ActiveValue::Set(None),
            state: ActiveValue::Set("waiting".to_owned()),
            error: ActiveValue::Set(None),
            dedupe: ActiveValue::Set(job.key.clone()),
            made_at: ActiveValue::Set(now),
            ended_at: ActiveValue::Set(None),
        };
        let once = OnConflict::column(row::Column::Dedupe).do_nothing().to_owned();
        writes.push(row::Entity::insert(row).on_conflict(once).build(db.get_database_backend()));
    }
    Ok(writes)
}

/// Makes sure that every scheduled kind waits for its next turn.
///
/// # Errors
/// When the database fails.
pub async fn plan(core: &Arc<Core>) -> Result<()> {
    let cx = Cx::new(core, Actor::Job("schedule"))?;
    let mut house = cx.housekeep().await?;
    for (kind, _) in &core.jobs.schedules {
        house.job(Job::new(kind, Value::Null).key(format!("every:{kind}")));
    }
    house.done().await
}

/// Does every job that is due, a few beside each other; how many were done or failed.
///
/// # Errors
/// When the database fails. A job that fails is put off, not an error.
pub async fn run_due(core: &Arc<Core>) -> Result<usize> {
    run_while(core, || true).await
}

async fn run_while(core: &Arc<Core>, go_on: impl Fn() -> bool) -> Result<usize> {
    // Whatever becomes of it, jobs are taken: it is looked after again the next time.
    if let Err(error) = look(core).await {
        tracing::warn!(%error, "what is looked after before jobs failed");
        metrics::counter!("vouchsafe_looks_failed_total").increment(1);
    }
    let mut count = 0;
    while go_on() {
        core.db.calm(STEP_BACK).await;
        let claimed = claim(core).await?;
        if claimed.is_empty() {
            break;
        }
        count += claimed.len();
        work(core, claimed).await?;
    }
    Ok(count)
}

async fn look(core: &Arc<Core>) -> Result<()> {
    let Some(look) = core.jobs.before else { return Ok(()) };
    let cx = Cx::new(core, Actor::Job("look"))?;
    apart(core, async move { look(&cx).await }).await
}

/// Does `work` apart from the runner, which neither a panic nor work without end may stop.
async fn apart(core: &Core, work: impl Future<Output = Result<()>> + Send + 'static) -> Result<()> {
    let mut work = tokio::spawn(work);
    match tokio::time::timeout(core.jobs.patience.unwrap_or(PATIENCE), &mut work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(Error::internal("its worker panicked")),
        Err(_) => {
            work.abort();
            Err(Error::internal("its worker took too long"))
        }
    }
}

/// Takes some of the jobs that are due, those due first, in one transaction.
async fn claim(core: &Arc<Core>) -> Result<Vec<row::Model>> {
    let cx = Cx::new(core, Actor::Job("claim"))?;
    let now = cx.now();
    // A look without a lock first: an idle service writes nothing.
    let due = |most| {
        row::Entity::find()
            .filter(row::Column::State.eq("waiting"))
            .filter(row::Column::RunAt.lte(now))
            .filter(Condition::any().add(row::Column::LeasedUntil.is_null()).add(row::Column::LeasedUntil.lt(now)))
            .order_by_asc(row::Column::RunAt)
            .order_by_asc(row::Column::Id)
            .limit(most)
    };
    if due(1).one(cx.db()).await?.is_none() {
        return Ok(Vec::new());
    }
    let house = cx.housekeep().await?;
    let mut query = due(TOGETHER);
    dialect::skip_locked(house.db().get_database_backend(), QueryTrait::query(&mut query));
    let jobs = query.all(house.db()).await?;
    let leased = || {
        row::Entity::update_many()
            .col_expr(row::Column::LeasedUntil, Expr::value(now + LEASE))
            .col_expr(row::Column::Tries, Expr::col(row::Column::Tries).add(1))
    };
    // From here on its key asks for another job, unless it is a schedule's, which plans the next turn itself, or meant for once.
    let freed = |job: &&row::Model| job.dedupe.as_ref().is_some_and(|key| !key.starts_with("every:") && !key.starts_with(ONCE));
    let (free, keep): (Vec<&row::Model>, Vec<&row::Model>) = jobs.iter().partition(freed);
    for (jobs, query) in [(free, leased().col_expr(row::Column::Dedupe, Expr::value(Option::<String>::None))), (keep, leased())] {
        if !jobs.is_empty() {
            house.update::<row::Entity>(query.filter(row::Column::Id.is_in(jobs.iter().map(|job| job.id)))).await?;
        }
    }
    house.done().await?;
    Ok(jobs.into_iter().map(|job| row::Model { tries: job.tries + 1, leased_until: Some(now + LEASE), ..job }).collect())
}

/// Does the job. A refusal is recorded.
async fn attempt(core: &Arc<Core>, job: &row::Model) -> Result<()> {
    if job.tries > TRIES {
        return Err(Error::internal("its workers never came to an end"));
    }
    let (kind, worker) = core
        .jobs
        .workers
        .get_key_value(job.kind.as_str())
        .map(|(kind, worker)| (*kind, *worker))
        .ok_or_else(|| Error::internal(format!("no worker for jobs of kind {}", job.kind)))?;
    (core.refresh)(core).await?;
    let Some(payload) = parts::open(core, std::slice::from_ref(job)).await?.pop().flatten() else { return Ok(()) };
    let (cx, id) = (Cx::new(core, Actor::Job(kind))?, job.id);
    let within = cx.clone();
    let outcome = apart(core, async move { settled(worker(&within, id, &payload)).await? }).await;
    if let Err(Error::Refused(refusal)) = &outcome {
        book::record_refusal(&cx, refusal).await?;
    }
    outcome
}

/// Does jobs beside each other. Their ends are noted as they come, those that came together in one transaction: a job that is done quickly
/// waits for no slow one.
async fn work(core: &Arc<Core>, jobs: Vec<row::Model>) -> Result<()> {
    let mut under_way = tokio::task::JoinSet::new();
    for job in jobs {
        let core = core.clone();
        under_way.spawn(async move {
            let outcome = attempt(&core, &job).await;
            (job, outcome)
        });
    }
    while let Some(first) = under_way.join_next().await {
        let mut ended = vec![first.map_err(Error::internal)?];
        while let Some(next) = under_way.try_join_next() {
            ended.push(next.map_err(Error::internal)?);
        }
        note_ends(core, ended).await?;
    }
    Ok(())
}

async fn note_ends(core: &Arc<Core>, mut ended: Vec<(row::Model, Result<()>)>) -> Result<()> {
    // In one order for all: a node whose leases ran out and the one that took its jobs over must not wait for each other in a circle.
    ended.sort_by_key(|(job, _)| job.id);
    let cx = Cx::new(core, Actor::Job("claim"))?;
    let mut house = cx.housekeep().await?;
    for (job, outcome) in ended {
        note_end(core, &mut house, &job, outcome).await?;
    }
    house.done().await
}

async fn note_end(core: &Core, house: &mut House, job: &row::Model, outcome: Result<()>) -> Result<()> {
    let (now, tries) = (house.now(), job.tries);
    let again = core.jobs.schedules.iter().find(|(kind, _)| *kind == job.kind).map(|(kind, every)| (*kind, *every));
    let kept = job.dedupe.clone().filter(|key| key.starts_with(ONCE));
    // Only under the lease that it was claimed with: whoever took it over since has the say.
    let mut change = row::Entity::update_many()
        .col_expr(row::Column::LeasedUntil, Expr::value(Option::<i64>::None))
        .filter(row::Column::Id.eq(job.id))
        .filter(row::Column::Tries.eq(job.tries))
        .filter(row::Column::LeasedUntil.eq(job.leased_until));
    let ends = |change: UpdateMany<row::Entity>, state: &str| {
        change
            .col_expr(row::Column::State, Expr::value(state))
            .col_expr(row::Column::EndedAt, Expr::value(now))
            .col_expr(row::Column::Dedupe, Expr::value(kept.clone()))
    };
    match outcome {
        Ok(()) => change = ends(change, "done").col_expr(row::Column::Payload, Expr::value(parts::wipe(&job.payload)?)),
        Err(error) => {
            tracing::warn!(kind = job.kind, job = %job.id, tries, %error, "a job failed");
            metrics::counter!("vouchsafe_jobs_failed_total", "kind" => job.kind.clone()).increment(1);
            // What is malformed stays so: trying again cannot help.
            let dead = (tries >= TRIES || matches!(error, Error::BadRequest(_))) && again.is_none();
            let pause = (10 * SECOND) << u32::try_from(tries.clamp(1, TRIES) - 1).unwrap_or(0);
            change = change.col_expr(row::Column::Error, Expr::value(error.to_string()));
            change = match again {
                _ if dead => ends(change, "dead"),
                // A scheduled job simply gets its next turn.
                Some(_) => ends(change, "done"),
                None => change.col_expr(row::Column::RunAt, Expr::value(now + pause)),
            };
        }
    }
    if house.update::<row::Entity>(change).await? == 0 {
        tracing::warn!(kind = job.kind, job = %job.id, tries, "a job was taken over before its end");
        return Ok(());
    }
    if let Some((kind, every)) = again {
        house.job(Job::new(kind, Value::Null).at(now + every).key(format!("every:{kind}")));
    }
    Ok(())
}

/// What these jobs carry, sealed parts opened, in their order: nothing of those whose subject's key was destroyed, and of those that are done
/// what was not wiped.
///
/// # Errors
/// When the database fails or a sealed part does not open.
pub async fn payloads(core: &Core, jobs: &[row::Model]) -> Result<Vec<Value>> {
    Ok(parts::open(core, jobs).await?.into_iter().map(Option::unwrap_or_default).collect())
}

/// How many jobs wait and how many are dead, for figures.
///
/// # Errors
/// When the database fails.
pub async fn counts(core: &Arc<Core>) -> Result<[(&'static str, u32); 2]> {
    let mut out = [("waiting", 0), ("dead", 0)];
    for (state, count) in &mut out {
        let found = row::Entity::find().filter(row::Column::State.eq(*state)).count(core.db.reader()).await?;
        *count = u32::try_from(found).unwrap_or(u32::MAX);
    }
    Ok(out)
}

/// Runs jobs until `stop` turns true: at once when a commit wakes it, else every second. A job under way is finished first.
pub async fn run(core: Arc<Core>, mut stop: tokio::sync::watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = run_while(&core, || !*stop.borrow()).await {
            tracing::warn!(%error, "the job runner cannot reach the database");
        }
        tokio::select! {
            () = core.wake.notified() => {}
            () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Puts a dead job back to waiting, as an administrator asks: `permit` says that they may, and its action becomes the entry.
///
/// # Errors
/// [`Error::NotFound`] when there is no such dead job.
pub async fn revive(cx: &Cx, permit: Permit, id: Uuid) -> Result<()> {
    let tx = cx.begin().await?;
    let changed = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value("waiting"))
        .col_expr(row::Column::RunAt, Expr::value(tx.now()))
        .col_expr(row::Column::Tries, Expr::value(0))
        .col_expr(row::Column::EndedAt, Expr::value(Option::<i64>::None))
        .filter(row::Column::Id.eq(id))
        .filter(row::Column::State.eq("dead"))
        .exec(tx.db())
        .await?;
    if changed.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    let entry = permit.entry().about("job", id);
    cx.commit(tx, permit, [entry]).await
}
