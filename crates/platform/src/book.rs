//! Keeping the ledger: entries appended in the transaction of the change they tell of, with their details sealed, and read back for
//! timelines. The head row is locked last, so appends are strictly one after the other on both engines.

use std::collections::BTreeMap;

use ledger::{ActorRef, Code, Frontier, Hash, Id, StoredHashes, Subject, detail_digest};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, ExprTrait as _, Query};
use sea_orm::{ActiveValue, ConnectionTrait, DatabaseTransaction, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::authz::Actor;
use crate::clock::{MINUTE, Millis};
use crate::cx::{Cx, Entry, housekept};
use crate::error::{Error, Refusal, Result};
use crate::jobs::Job;
use crate::random;
use crate::seal::{self, Key, Place};

/// The Ed25519 key that signs checkpoints.
pub type LedgerKey = ledger::SigningKey;

/// Refusals of one actor within [`ALARM_WINDOW`] that raise an alarm.
pub const ALARM_COUNT: u64 = 5;
/// The window for counting refusals towards an alarm.
pub const ALARM_WINDOW: Millis = 10 * MINUTE;
/// The kind of the job that tells the security role of repeated refusals. The product registers its worker.
pub const ALARM_JOB: &str = "alarm.refusals";

/// An entry as stored.
pub mod entry {
    use sea_orm::entity::prelude::*;

    /// One entry. The columns beside `bytes` are copies for finding it; `bytes` is what is hashed.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_entry")]
    pub struct Model {
        /// Its index, from 0.
        #[sea_orm(primary_key, auto_increment = false)]
        pub idx: i64,
        /// When, in milliseconds.
        pub at: i64,
        /// The kind of actor.
        pub actor_kind: String,
        /// The actor's id.
        pub actor_id: String,
        /// What was done.
        pub action: String,
        /// To what kind of thing.
        pub kind: String,
        /// The thing's id.
        pub subject_id: String,
        /// The canonical bytes.
        pub bytes: Vec<u8>,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod node {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_node")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub idx: i64,
        pub hash: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod detail {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_detail")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub idx: i64,
        pub sealed_for: String,
        pub sealed: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

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

housekept!(tally::Entity);

/// Appends `entries`, locking the head row to the end of the transaction.
pub(crate) async fn append(cx: &Cx, tx: &DatabaseTransaction, entries: &[Entry], now: Millis) -> Result<()> {
    // Keys first: the head row must be the last lock taken.
    let mut keys: BTreeMap<String, Key> = BTreeMap::new();
    for entry in entries.iter().filter(|e| e.body.is_some()) {
        let subject = entry.sealed_for.clone().unwrap_or_else(|| entry.subject());
        if !keys.contains_key(&subject) {
            let key = seal::subject_key_for(tx, &cx.core().master, &subject, now).await?;
            keys.insert(subject, key);
        }
    }
    let size = lock_head(tx).await?;
    let mut frontier = frontier(tx, size).await?;
    for entry in entries {
        write_one(cx, tx, entry, &mut frontier, &keys, now).await?;
    }
    let grown = Query::update()
        .table(Alias::new("ledger_head"))
        .value(Alias::new("size"), i64::try_from(frontier.size()).map_err(Error::internal)?)
        .value(Alias::new("root"), frontier.root().0.to_vec())
        .and_where(Expr::col(Alias::new("id")).eq(1))
        .to_owned();
    tx.execute(&grown).await?;
    metrics::counter!("vouchsafe_ledger_entries_total").increment(entries.len() as u64);
    Ok(())
}

async fn write_one(
    cx: &Cx,
    tx: &DatabaseTransaction,
    entry: &Entry,
    frontier: &mut Frontier,
    keys: &BTreeMap<String, Key>,
    now: Millis,
) -> Result<()> {
    let index = frontier.size();
    let idx = i64::try_from(index).map_err(Error::internal)?;
    let detail = match &entry.body {
        None => None,
        Some(body) => {
            let salt = random::bytes::<32>()?;
            let body = serde_json::to_vec(body)?;
            let digest = detail_digest(&salt, &body);
            let subject = entry.sealed_for.clone().unwrap_or_else(|| entry.subject());
            let key = keys.get(&subject).ok_or_else(|| Error::internal("a detail without a key"))?;
            let plain = [salt.as_slice(), body.as_slice()].concat();
            let sealed = key.seal(&detail_place(&idx.to_string()), &plain)?;
            let row =
                detail::ActiveModel { idx: ActiveValue::Set(idx), sealed_for: ActiveValue::Set(subject), sealed: ActiveValue::Set(sealed) };
            detail::Entity::insert(row).exec_without_returning(tx).await?;
            Some(digest)
        }
    };
    let line = canonical(&cx.actor, entry, index, now, detail)?;
    let bytes = line.to_bytes().map_err(Error::internal)?;
    let nodes = frontier.append(&bytes).map_err(Error::internal)?.into_iter().map(|(at, hash)| {
        Ok(node::ActiveModel {
            idx: ActiveValue::Set(i64::try_from(at).map_err(Error::internal)?),
            hash: ActiveValue::Set(hash.0.to_vec()),
        })
    });
    let nodes = nodes.collect::<Result<Vec<_>>>()?;
    node::Entity::insert_many(nodes).exec_without_returning(tx).await?;
    let row = entry::ActiveModel {
        idx: ActiveValue::Set(idx),
        at: ActiveValue::Set(now),
        actor_kind: ActiveValue::Set(line.actor.kind.as_str().to_owned()),
        actor_id: ActiveValue::Set(line.actor.id.as_str().to_owned()),
        action: ActiveValue::Set(entry.action.to_owned()),
        kind: ActiveValue::Set(entry.kind.to_owned()),
        subject_id: ActiveValue::Set(entry.id.clone()),
        bytes: ActiveValue::Set(bytes),
    };
    entry::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

fn detail_place(idx: &str) -> Place<'_> {
    Place { table: "ledger_detail", id: idx, field: "sealed" }
}

fn canonical(actor: &Actor, entry: &Entry, index: u64, at_ms: Millis, detail: Option<[u8; 32]>) -> Result<ledger::Entry> {
    let (kind, id) = actor.reference();
    let mut about = BTreeMap::new();
    for (name, value) in &entry.about {
        about.insert(Code::new(name.clone()).map_err(Error::internal)?, Id::new(value.clone()).map_err(Error::internal)?);
    }
    Ok(ledger::Entry {
        index,
        at_ms,
        actor: ActorRef {
            kind: Code::new(kind).map_err(Error::internal)?,
            id: Id::new(id).map_err(Error::internal)?,
            membership: actor.membership().map(Id::from),
        },
        action: Code::new(entry.action).map_err(Error::internal)?,
        subject: Subject { kind: Code::new(entry.kind).map_err(Error::internal)?, id: Id::new(entry.id.clone()).map_err(Error::internal)? },
        about,
        detail,
    })
}

/// Locks the head row and gives the ledger's size.
async fn lock_head(tx: &DatabaseTransaction) -> Result<u64> {
    // An update that changes nothing takes the lock on both engines.
    let touch = Query::update()
        .table(Alias::new("ledger_head"))
        .value(Alias::new("size"), Expr::col(Alias::new("size")))
        .and_where(Expr::col(Alias::new("id")).eq(1))
        .returning_col(Alias::new("size"))
        .to_owned();
    let row = tx.query_one(&touch).await?.ok_or_else(|| Error::internal("the ledger has no head row"))?;
    u64::try_from(row.try_get::<i64>("", "size")?).map_err(Error::internal)
}

/// The ledger's size and root, as committed.
///
/// # Errors
/// When the database fails.
pub async fn head<C: ConnectionTrait>(db: &C) -> Result<(u64, Hash)> {
    let query = Query::select().columns([Alias::new("size"), Alias::new("root")]).from(Alias::new("ledger_head")).to_owned();
    let row = db.query_one(&query).await?.ok_or_else(|| Error::internal("the ledger has no head row"))?;
    let size = u64::try_from(row.try_get::<i64>("", "size")?).map_err(Error::internal)?;
    let root: Vec<u8> = row.try_get("", "root")?;
    let root: [u8; 32] = root.as_slice().try_into().map_err(|_| Error::internal("the ledger's root has the wrong length"))?;
    Ok((size, Hash(root)))
}

/// The ledger's size, as committed.
///
/// # Errors
/// When the database fails.
pub async fn size<C: ConnectionTrait>(db: &C) -> Result<u64> {
    Ok(head(db).await?.0)
}

/// The stored hashes at these storage indexes.
///
/// # Errors
/// When one is missing.
pub async fn hashes<C: ConnectionTrait>(db: &C, wanted: &[u64]) -> Result<StoredHashes> {
    let mut stored = StoredHashes::new();
    let wanted: Vec<i64> = wanted.iter().map(|w| i64::try_from(*w)).collect::<Result<_, _>>().map_err(Error::internal)?;
    for part in wanted.chunks(500) {
        for row in node::Entity::find().filter(node::Column::Idx.is_in(part.iter().copied())).all(db).await? {
            let hash: [u8; 32] = row.hash.as_slice().try_into().map_err(|_| Error::internal("a ledger node has the wrong length"))?;
            stored.insert(u64::try_from(row.idx).map_err(Error::internal)?, Hash(hash));
        }
    }
    Ok(stored)
}

/// The right edge of the ledger at `size`.
///
/// # Errors
/// When a node is missing.
pub async fn frontier<C: ConnectionTrait>(db: &C, size: u64) -> Result<Frontier> {
    let needs = Frontier::needs(size).map_err(Error::internal)?;
    let stored = hashes(db, &needs).await?;
    Frontier::new(size, &stored).map_err(Error::internal)
}

/// An entry read back, with its detail opened.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its index.
    pub index: i64,
    /// When.
    pub at: Millis,
    /// The kind of actor.
    pub actor_kind: String,
    /// The actor's id.
    pub actor_id: String,
    /// What was done.
    pub action: String,
    /// Codes and ids in the open.
    pub about: BTreeMap<String, String>,
    /// The detail: `None` when there is none or its key was destroyed.
    pub body: Option<Value>,
}

/// The timeline of one thing, oldest first, at most `limit` entries from the end.
///
/// # Errors
/// When the database fails or a detail does not open.
pub async fn timeline(cx: &Cx, kind: &str, id: &str, limit: u64) -> Result<Vec<Line>> {
    let mut rows = entry::Entity::find()
        .filter(entry::Column::Kind.eq(kind))
        .filter(entry::Column::SubjectId.eq(id))
        .order_by_desc(entry::Column::Idx)
        .limit(limit)
        .all(cx.db())
        .await?;
    rows.reverse();
    open_lines(cx, rows).await
}

/// Reads entries with their details opened.
///
/// # Errors
/// When the database fails or a detail does not open.
pub async fn open_lines(cx: &Cx, rows: Vec<entry::Model>) -> Result<Vec<Line>> {
    let details: BTreeMap<i64, detail::Model> = detail::Entity::find()
        .filter(detail::Column::Idx.is_in(rows.iter().map(|r| r.idx)))
        .all(cx.db())
        .await?
        .into_iter()
        .map(|d| (d.idx, d))
        .collect();
    let mut keys: BTreeMap<String, Option<Key>> = BTreeMap::new();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let parsed = ledger::Entry::from_bytes(&row.bytes).map_err(Error::internal)?;
        let body = match details.get(&row.idx) {
            None => None,
            Some(sealed) => {
                if !keys.contains_key(&sealed.sealed_for) {
                    let key = seal::find_subject_key(cx.db(), &cx.core().master, &sealed.sealed_for).await?;
                    keys.insert(sealed.sealed_for.clone(), key);
                }
                match keys.get(&sealed.sealed_for).and_then(Option::as_ref) {
                    None => None,
                    Some(key) => Some(serde_json::from_slice(&open_detail(key, sealed)?.1)?),
                }
            }
        };
        lines.push(Line {
            index: row.idx,
            at: row.at,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            action: row.action,
            about: parsed.about.iter().map(|(k, v)| (k.as_str().to_owned(), v.as_str().to_owned())).collect(),
            body,
        });
    }
    Ok(lines)
}

/// Salt and body of a sealed detail.
pub(crate) fn open_detail(key: &Key, sealed: &detail::Model) -> Result<([u8; 32], Vec<u8>)> {
    let plain = key.open(&detail_place(&sealed.idx.to_string()), &sealed.sealed)?;
    let (salt, body) = plain.split_first_chunk::<32>().ok_or_else(|| Error::internal("a ledger detail is too short"))?;
    Ok((*salt, body.to_vec()))
}

/// What an alarm job carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// The kind of actor refused.
    pub actor_kind: String,
    /// Its id.
    pub actor_id: String,
    /// Refusals counted within [`ALARM_WINDOW`].
    pub count: u64,
}

/// Records a refusal in a transaction of its own. The first of an actor and action within a minute is an entry at once; its repetitions
/// are counted and stand in one further entry when the minute is over. Many refusals raise an alarm.
///
/// # Errors
/// When the database fails.
pub async fn record_refusal(cx: &Cx, refusal: &Refusal) -> Result<()> {
    let (actor_kind, actor_id) = cx.actor.reference();
    let actor = format!("{actor_kind}:{actor_id}");
    metrics::counter!("vouchsafe_refusals_total").increment(1);
    tracing::warn!(actor, action = refusal.action, kind = refusal.kind, policy = refusal.policy, request = %cx.request, "refused");
    let tx = cx.core().db.begin().await?;
    let now = cx.now();
    let mut entries = Vec::new();
    let standing = tally::Entity::find_by_id((actor.clone(), refusal.action.to_owned())).one(&tx).await?;
    match standing {
        Some(row) if now - row.since < MINUTE => {
            let mut row: tally::ActiveModel = row.into();
            row.count = ActiveValue::Set(row.count.take().unwrap_or(0) + 1);
            row.update(&tx).await?;
        }
        other => {
            if let Some(row) = &other {
                entries.extend(repetition(row));
            }
            entries.push(refusal_entry(refusal));
            let fresh = tally::ActiveModel {
                actor: ActiveValue::Set(actor.clone()),
                action: ActiveValue::Set(refusal.action.to_owned()),
                since: ActiveValue::Set(now),
                count: ActiveValue::Set(1),
                written: ActiveValue::Set(1),
            };
            if other.is_some() {
                fresh.update(&tx).await.map(|_| ())
            } else {
                tally::Entity::insert(fresh).exec_without_returning(&tx).await.map(|_| ())
            }?;
        }
    }
    let count = recent_refusals(&tx, &actor, now).await?;
    if count >= ALARM_COUNT {
        let alarm = Alarm { actor_kind: actor_kind.to_owned(), actor_id: actor_id.clone(), count };
        // One alarm for an actor and window, however long the storm.
        let key = format!("alarm:{actor}:{}", now.div_euclid(ALARM_WINDOW));
        crate::jobs::insert(&tx, &[Job::new(ALARM_JOB, serde_json::to_value(alarm)?).once(&key)], now).await?;
    }
    if !entries.is_empty() {
        append(cx, &tx, &entries, now).await?;
    }
    tx.commit().await?;
    cx.core().wake.notify_one();
    Ok(())
}

/// Writes the counts of refusals whose minute is over. Run by a schedule.
///
/// # Errors
/// When the database fails.
pub async fn flush_refusals(cx: &Cx) -> Result<()> {
    let over = |q: Select<tally::Entity>| q.filter(tally::Column::Since.lte(cx.now() - MINUTE));
    if over(tally::Entity::find()).one(cx.db()).await?.is_none() {
        return Ok(());
    }
    let tx = cx.core().db.begin().await?;
    let mut query = over(tally::Entity::find());
    crate::db::dialect::lock_rows(tx.get_database_backend(), sea_orm::QueryTrait::query(&mut query));
    let rows = query.all(&tx).await?;
    let entries: Vec<_> = rows.iter().filter_map(repetition).collect();
    for row in rows.into_iter().filter(|r| cx.now() - r.since >= ALARM_WINDOW || r.count > r.written) {
        if cx.now() - row.since >= ALARM_WINDOW {
            row.delete(&tx).await?;
        } else {
            let count = row.count;
            let mut row: tally::ActiveModel = row.into();
            row.written = ActiveValue::Set(count);
            row.update(&tx).await?;
        }
    }
    if !entries.is_empty() {
        append(cx, &tx, &entries, cx.now()).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn refusal_entry(refusal: &Refusal) -> Entry {
    let clean =
        |text: &str| text.chars().map(|c| if c.is_ascii_alphanumeric() || "_.:-".contains(c) { c } else { '-' }).collect::<String>();
    Entry::new("refused", refusal.kind, clean(&refusal.id))
        .about("action", clean(refusal.action))
        .about("policy", clean(&refusal.policy))
        .about("hidden", refusal.hidden)
}

/// The entry for the refusals that followed the first one of a minute.
fn repetition(row: &tally::Model) -> Option<Entry> {
    (row.count > row.written).then(|| {
        let id: String = row.actor.chars().map(|c| if c.is_ascii_alphanumeric() || "_.:-".contains(c) { c } else { '-' }).collect();
        Entry::new("refused.again", "actor", id).about("action", &row.action).about("count", row.count - row.written)
    })
}

async fn recent_refusals(tx: &DatabaseTransaction, actor: &str, now: Millis) -> Result<u64> {
    let rows =
        tally::Entity::find().filter(tally::Column::Actor.eq(actor)).filter(tally::Column::Since.gt(now - ALARM_WINDOW)).all(tx).await?;
    Ok(rows.iter().map(|r| u64::try_from(r.count).unwrap_or(0)).sum())
}
