//! What somebody was told, and whether it reached them.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::opened;
use super::rows::notice;
use crate::clock::Millis;
use crate::cx::Cx;
use crate::error::Result;
use crate::identity::{self, holder};
use crate::jobs::row as job;
use crate::seal;

/// How far a notice came, beside the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It stays on the page.
    Page,
    /// It goes out with others at this time.
    Waits(Millis),
    /// It is being sent.
    Sending,
    /// The mail server took it at this time.
    Sent(Millis),
    /// It could not be delivered, since this time; nobody tries any more.
    Failed(Millis),
}

impl Delivery {
    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Waits(_) => "waits",
            Self::Sending => "sending",
            Self::Sent(_) => "sent",
            Self::Failed(_) => "failed",
        }
    }

    /// Since when, or until when.
    pub fn at(self) -> Option<Millis> {
        match self {
            Self::Page | Self::Sending => None,
            Self::Waits(at) | Self::Sent(at) | Self::Failed(at) => Some(at),
        }
    }
}

/// A notice, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// What kind of telling it is, by code.
    pub sort: String,
    /// One line.
    pub subject: String,
    /// What happened and what is next.
    pub text: String,
    /// Where it is read on.
    pub path: String,
    /// When.
    pub at: Millis,
    /// Whether it reached its reader by mail.
    pub delivery: Delivery,
}

/// What an account was told, latest first: those before `before`, at most `most`.
///
/// # Errors
/// When the database fails or a notice does not open.
pub async fn told(cx: &Cx, account: Uuid, before: Option<Uuid>, most: u64) -> Result<Vec<Told>> {
    let mut query = notice::Entity::find().filter(notice::Column::Account.eq(account));
    if let Some(before) = before {
        query = query.filter(notice::Column::Id.lt(before));
    }
    let rows = query.order_by_desc(notice::Column::Id).limit(most).all(cx.db()).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let Some(key) = seal::find_subject_key(cx.db(), &cx.core().master, &identity::subject(account)).await? else { return Ok(Vec::new()) };
    let jobs = jobs_of(cx.db(), &rows).await?;
    rows.into_iter()
        .map(|row| {
            let (subject, text) = opened(&key, &row)?;
            let delivery = delivery(&row, &jobs);
            Ok(Told { id: row.id, sort: row.sort, subject, text, path: row.path, at: row.made_at, delivery })
        })
        .collect()
}

/// Somebody whom a notice about a thing did not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// Who.
    pub account: Uuid,
    /// Their name.
    pub name: String,
    /// Since when nobody tries any more.
    pub at: Millis,
}

/// Whom notices about a thing did not reach by mail, the last failure of each.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn missed(cx: &Cx, kind: &str, thing: Uuid) -> Result<Vec<Missed>> {
    let rows = notice::Entity::find().filter(notice::Column::Kind.eq(kind)).filter(notice::Column::Thing.eq(thing));
    let rows = rows.filter(notice::Column::Mail.is_not_null()).all(cx.db()).await?;
    let jobs = jobs_of(cx.db(), &rows).await?;
    let mut failed: BTreeMap<Uuid, Millis> = BTreeMap::new();
    for row in &rows {
        if let Delivery::Failed(at) = delivery(row, &jobs) {
            let last = failed.entry(row.account).or_insert(at);
            *last = at.max(*last);
        }
    }
    if failed.is_empty() {
        return Ok(Vec::new());
    }
    let mut names = holder::names(cx.core(), cx.db(), failed.keys().copied()).await?;
    Ok(failed.into_iter().map(|(account, at)| Missed { account, name: names.remove(&account).unwrap_or_default(), at }).collect())
}

/// How far mails came that were asked for under these ids, each at its time.
///
/// # Errors
/// When the database fails.
pub async fn mailed<C: ConnectionTrait>(db: &C, mails: &BTreeMap<Uuid, Millis>) -> Result<BTreeMap<Uuid, Delivery>> {
    let jobs = jobs_by(db, mails.keys().copied().collect()).await?;
    Ok(mails.iter().map(|(mail, at)| (*mail, of_job(jobs.get(mail), *at))).collect())
}

async fn jobs_of<C: ConnectionTrait>(db: &C, rows: &[notice::Model]) -> Result<BTreeMap<Uuid, job::Model>> {
    jobs_by(db, rows.iter().filter_map(|row| row.mail).collect()).await
}

async fn jobs_by<C: ConnectionTrait>(db: &C, mut ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, job::Model>> {
    let mut found = BTreeMap::new();
    ids.sort_unstable();
    ids.dedup();
    for part in ids.chunks(500) {
        let jobs = job::Entity::find().filter(job::Column::Id.is_in(part.iter().copied())).all(db).await?;
        found.extend(jobs.into_iter().map(|job| (job.id, job)));
    }
    Ok(found)
}

fn delivery(row: &notice::Model, jobs: &BTreeMap<Uuid, job::Model>) -> Delivery {
    let Some(mail) = row.mail else { return row.send_at.map_or(Delivery::Page, Delivery::Waits) };
    of_job(jobs.get(&mail), row.mailed_at.unwrap_or(row.made_at))
}

/// What became of the job of a mail that was written at `at`.
fn of_job(job: Option<&job::Model>, at: Millis) -> Delivery {
    let ended = |job: &job::Model| job.ended_at.unwrap_or(job.run_at);
    match job {
        Some(job) if job.state == "dead" => Delivery::Failed(ended(job)),
        Some(job) if job.state == "waiting" => Delivery::Sending,
        Some(job) => Delivery::Sent(ended(job)),
        // Jobs that were done are cleared away after a while; those that failed stay.
        None => Delivery::Sent(at),
    }
}
