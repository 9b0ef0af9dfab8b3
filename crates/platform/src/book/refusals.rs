//! Recording refusals: the first of an actor and action within a minute is an entry at once, its repetitions are counted into one further
//! entry, and many of one actor raise an alarm.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ConnectionTrait, DatabaseTransaction, QueryOrder, QueryTrait};
use serde::{Deserialize, Serialize};

use super::append;
use crate::clock::{MINUTE, Millis};
use crate::cx::{Cx, Entry, housekept};
use crate::db::dialect;
use crate::error::{Error, Refusal, Result};
use crate::jobs::{self, Job};
use crate::seal::InHand;

mod queue;

pub use queue::Refusals;

/// Refusals of one actor within [`ALARM_WINDOW`] that raise an alarm.
pub const ALARM_COUNT: u64 = 5;
/// The window for counting refusals towards an alarm.
pub const ALARM_WINDOW: Millis = 10 * MINUTE;
/// The kind of the job that tells the security role of repeated refusals. The product registers its worker.
pub const ALARM_JOB: &str = "alarm.refusals";
/// Longest id of a refused thing that is kept, in bytes; an entry's ids end at 128.
const ID: usize = 120;

/// How often one action was refused to one actor since the entry that was written at once.
mod tally {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "refusal_tally")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub actor: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub action: String,
        pub since: i64,
        pub count: i32,
        pub written: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The instants of an actor's last refusals, whatever the action, and when they last raised an alarm.
mod window {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "refusal_window")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub actor: String,
        pub last: i64,
        pub recent: String,
        pub alarm_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

housekept!(tally::Entity, window::Entity);

/// What an alarm job carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// The kind of actor refused.
    pub actor_kind: String,
    /// Its id.
    pub actor_id: String,
    /// Refusals counted within [`ALARM_WINDOW`] when the alarm was raised.
    pub count: u64,
}

/// Records a refusal in a transaction of its own, at once. What answers a visitor hands it to [`Refusals`] instead.
///
/// # Errors
/// When the database fails.
pub async fn record_refusal(cx: &Cx, refusal: &Refusal) -> Result<()> {
    let (actor_kind, actor_id) = cx.actor.reference();
    let actor = format!("{actor_kind}:{actor_id}");
    let tx = cx.core().db.begin().await?;
    let now = cx.now();
    // The window's row first: it holds off the actor's other refusals, so that each is counted.
    if let Some(count) = note_instant(&tx, &actor, now).await? {
        let alarm = Alarm { actor_kind: actor_kind.to_owned(), actor_id: actor_id.clone(), count };
        jobs::insert(
            cx.core(),
            &*tx,
            &[Job::new(ALARM_JOB, serde_json::to_value(alarm)?).key(format!("alarm:{actor}"))],
            now,
            &InHand::default(),
        )
        .await?;
    }
    let entries = note_tally(&tx, &actor, refusal, now).await?;
    if !entries.is_empty() {
        append(cx, &tx, Vec::new(), (&entries, &[]), now, &InHand::default()).await?;
    }
    tx.commit().await?;
    cx.core().wake.notify_one();
    metrics::counter!("vouchsafe_refusals_total").increment(1);
    tracing::warn!(actor, action = refusal.action, kind = refusal.kind, policy = refusal.policy, request = %cx.request, "refused");
    Ok(())
}

/// Notes when the actor was refused; the count when an alarm is due: one for an actor and window, however long the storm.
async fn note_instant(tx: &DatabaseTransaction, actor: &str, now: Millis) -> Result<Option<u64>> {
    let fresh = window::ActiveModel {
        actor: ActiveValue::Set(actor.to_owned()),
        last: ActiveValue::Set(now),
        recent: ActiveValue::Set(String::new()),
        alarm_at: ActiveValue::Set(None),
    };
    window::Entity::insert(fresh)
        .on_conflict(OnConflict::column(window::Column::Actor).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let mut query = window::Entity::find_by_id(actor);
    dialect::lock_rows(tx.get_database_backend(), QueryTrait::query(&mut query));
    let row = query.one(tx).await?.ok_or_else(|| Error::internal("a window of refusals vanished"))?;
    let begin = now - ALARM_WINDOW;
    let mut recent: Vec<Millis> = row.recent.split(',').filter_map(|at| at.parse().ok()).filter(|at| *at > begin).collect();
    recent.push(now);
    let count = recent.len() as u64;
    let due = count >= ALARM_COUNT && row.alarm_at.is_none_or(|at| at <= begin);
    // No more are needed to tell whether the next is one too many.
    let keep = recent.split_off(recent.len().saturating_sub(usize::try_from(ALARM_COUNT).unwrap_or(usize::MAX)));
    let mut row: window::ActiveModel = row.into();
    row.last = ActiveValue::Set(now);
    row.recent = ActiveValue::Set(keep.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    if due {
        row.alarm_at = ActiveValue::Set(Some(now));
    }
    row.update(tx).await?;
    Ok(due.then_some(count))
}

/// Counts the refusal; the entries to be written now.
async fn note_tally(tx: &DatabaseTransaction, actor: &str, refusal: &Refusal, now: Millis) -> Result<Vec<Entry>> {
    let fresh = |count| tally::ActiveModel {
        actor: ActiveValue::Set(actor.to_owned()),
        action: ActiveValue::Set(refusal.action.to_owned()),
        since: ActiveValue::Set(now),
        count: ActiveValue::Set(count),
        written: ActiveValue::Set(count),
    };
    tally::Entity::insert(fresh(0))
        .on_conflict(OnConflict::columns([tally::Column::Actor, tally::Column::Action]).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let mut query = tally::Entity::find_by_id((actor.to_owned(), refusal.action.to_owned()));
    dialect::lock_rows(tx.get_database_backend(), QueryTrait::query(&mut query));
    let row = query.one(tx).await?.ok_or_else(|| Error::internal("a tally of refusals vanished"))?;
    if row.count > 0 && now - row.since < MINUTE {
        let count = row.count + 1;
        let mut row: tally::ActiveModel = row.into();
        row.count = ActiveValue::Set(count);
        row.update(tx).await?;
        return Ok(Vec::new());
    }
    let mut entries: Vec<Entry> = repetition(&row).into_iter().collect();
    entries.push(refusal_entry(refusal));
    fresh(1).update(tx).await?;
    Ok(entries)
}

/// Writes the counts of refusals whose minute is over. Run by a schedule.
///
/// # Errors
/// When the database fails.
pub async fn flush_refusals(cx: &Cx) -> Result<()> {
    let now = cx.now();
    let over = |q: Select<tally::Entity>| q.filter(tally::Column::Since.lte(now - MINUTE));
    if over(tally::Entity::find()).one(cx.db()).await?.is_none() {
        return Ok(());
    }
    let tx = cx.core().db.begin().await?;
    window::Entity::delete_many().filter(window::Column::Last.lte(now - ALARM_WINDOW)).exec(&*tx).await?;
    let mut query = over(tally::Entity::find()).order_by_asc(tally::Column::Actor).order_by_asc(tally::Column::Action);
    dialect::lock_rows(tx.get_database_backend(), QueryTrait::query(&mut query));
    let rows = query.all(&*tx).await?;
    let entries: Vec<_> = rows.iter().filter_map(repetition).collect();
    for row in rows {
        row.delete(&*tx).await?;
    }
    if !entries.is_empty() {
        append(cx, &tx, Vec::new(), (&entries, &[]), now, &InHand::default()).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn refusal_entry(refusal: &Refusal) -> Entry {
    Entry::new("refused", refusal.kind, clean(&refusal.id))
        .about("action", clean(refusal.action))
        .about("policy", clean(&refusal.policy))
        .about("hidden", refusal.hidden)
}

/// The entry for the refusals that followed the first one of a minute.
fn repetition(row: &tally::Model) -> Option<Entry> {
    (row.count > row.written).then(|| {
        Entry::new("refused.again", "actor", clean(&row.actor)).about("action", &row.action).about("count", row.count - row.written)
    })
}

/// `text` as an id of the ledger: whatever was asked for, that it was refused must be recorded.
fn clean(text: &str) -> String {
    let mut out: String = text.chars().take(ID).map(|c| if c.is_ascii_alphanumeric() || "_.:-".contains(c) { c } else { '-' }).collect();
    if !out.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        out.replace_range(..out.len().min(1), "x");
    }
    out
}

#[cfg(test)]
mod tests;
