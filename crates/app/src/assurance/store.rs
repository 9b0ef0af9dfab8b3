//! Reading the ledger's open part, failed jobs, and who is to be told of alarms.

use std::collections::{BTreeMap, BTreeSet};

use platform::book::entry;
use platform::identity::{account, holder, membership};
use platform::jobs::row as job;
use platform::{Cx, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

/// Entries on a page.
pub const PAGE: u64 = 50;
/// Dead jobs on a page.
const JOBS: u64 = 100;

/// What a list of entries is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// One action.
    pub action: Option<String>,
    /// One actor: kind and id.
    pub actor: Option<(String, String)>,
    /// Entries before this index.
    pub before: Option<i64>,
    /// So many at once.
    pub most: u64,
}

impl Default for Filter {
    fn default() -> Self {
        Self { action: None, actor: None, before: None, most: PAGE }
    }
}

/// The latest entries, newest first, one more than a page when there are older ones.
///
/// # Errors
/// When the database fails.
pub async fn entries(db: &DatabaseConnection, filter: &Filter) -> Result<Vec<entry::Model>> {
    let mut query = entry::Entity::find();
    if let Some(action) = &filter.action {
        query = query.filter(entry::Column::Action.eq(action));
    }
    if let Some((kind, id)) = &filter.actor {
        query = query.filter(entry::Column::ActorKind.eq(kind)).filter(entry::Column::ActorId.eq(id));
    }
    if let Some(before) = filter.before {
        query = query.filter(entry::Column::Idx.lt(before));
    }
    Ok(query.order_by_desc(entry::Column::Idx).limit(filter.most + 1).all(db).await?)
}

/// The names of the accounts that acted in `entries`.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn names(cx: &Cx, entries: &[entry::Model]) -> Result<BTreeMap<String, String>> {
    let ids = entries.iter().filter(|e| e.actor_kind == "account").filter_map(|e| Uuid::parse_str(&e.actor_id).ok());
    Ok(holder::names(cx.core(), cx.db(), ids).await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

/// Jobs that failed for good, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn dead_jobs(db: &DatabaseConnection) -> Result<Vec<job::Model>> {
    let dead = job::Entity::find().filter(job::Column::State.eq("dead"));
    Ok(dead.order_by_desc(job::Column::RunAt).order_by_desc(job::Column::Id).limit(JOBS).all(db).await?)
}

/// The addresses of the active accounts that hold `role` now, by account.
///
/// # Errors
/// When the database fails or an address does not open.
pub async fn addresses(cx: &Cx, role: &str) -> Result<BTreeMap<Uuid, String>> {
    let held = membership::Entity::find().filter(membership::Column::Role.eq(role)).filter(membership::Column::StandsFor.is_null());
    let held = held.filter(membership::standing(cx.now())).all(cx.db()).await?;
    let ids: BTreeSet<Uuid> = held.into_iter().map(|m| m.account).collect();
    let accounts = account::Entity::find().filter(account::Column::Id.is_in(ids)).filter(account::Column::State.eq("active"));
    let holders = holder::all(cx.core(), cx.db(), &accounts.all(cx.db()).await?).await?;
    Ok(holders.into_iter().filter_map(|(id, holder)| Some((id, holder.email?))).collect())
}
