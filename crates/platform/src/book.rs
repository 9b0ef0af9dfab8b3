//! Keeping the ledger: entries appended in the transaction of the change they tell of, with their details sealed, and read back for
//! timelines. The head row is locked last, so appends are strictly one after the other on both engines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use ledger::{ActorRef, Code, Frontier, Hash, Id, StoredHashes, Subject, detail_digest};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, ExprTrait as _, Query};
use sea_orm::{
    ActiveValue, ConnectionTrait, DatabaseTransaction, DbBackend, QueryOrder, QueryResult, QuerySelect, QueryTrait as _, Statement,
};
use serde_json::Value;

use crate::authz::{AccountActor, Actor};
use crate::clock::Millis;
use crate::cx::{Cx, Entry};
use crate::db::dialect;
use crate::error::{Error, Result};
use crate::random;
use crate::seal::{self, InHand, Key, Place};

mod refusals;

pub use refusals::{ALARM_COUNT, ALARM_JOB, ALARM_WINDOW, Alarm, Refusals, flush_refusals, record_refusal};

/// The open part of an entry that names the account in whose place somebody acted.
pub(crate) const ACTS_FOR: &str = "acts_for";

/// The Ed25519 key that signs checkpoints.
pub type LedgerKey = ledger::SigningKey;

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

/// Does `before`, appends `entries`, and after them one for each of `destroyed`, the subjects whose keys this transaction destroyed. Locks the
/// head row to the end of the transaction.
pub(crate) async fn append(
    cx: &Cx,
    tx: &DatabaseTransaction,
    before: Vec<Statement>,
    (entries, destroyed): (&[Entry], &[String]),
    now: Millis,
    in_hand: &InHand,
) -> Result<()> {
    let backend = tx.get_database_backend();
    // Keys first, in one order for all: the head row must be the last lock taken, and nobody may wait in a circle.
    let subjects: BTreeSet<String> = entries.iter().filter(|e| e.body.is_some()).map(seal_subject).collect();
    let mut keys: BTreeMap<String, Key> = BTreeMap::new();
    for subject in subjects {
        let key = in_hand.key_for(tx, &cx.core().master, &subject, now).await?;
        keys.insert(subject, key);
    }
    // The head row is the last lock taken: what waits for others waits before it.
    let mut rows = dialect::write_first(tx, before).await?;
    let (size, root) = lock_head(tx).await?;
    let mut frontier = match cx.core().edge.at(size, root)? {
        Some(frontier) => frontier,
        None => frontier(tx, size).await?,
    };
    for entry in entries {
        let detail = match &entry.body {
            None => None,
            Some(body) => {
                let (row, digest) = sealed_detail(&keys, &seal_subject(entry), body, frontier.size())?;
                rows.push(detail::Entity::insert(row).build(backend));
                Some(digest)
            }
        };
        let line = canonical(&cx.actor, entry, frontier.size(), now, detail)?;
        rows.extend(one(backend, &line, &mut frontier)?);
    }
    for subject in destroyed {
        let (kind, id) = subject_parts(subject)?;
        let said = |e: &Entry| e.action == ledger::entry::KEY_DESTROYED && e.subject() == *subject;
        if !entries.iter().any(said) {
            let (actor, action) = (actor_ref(&cx.actor)?, Code::new(ledger::entry::KEY_DESTROYED).map_err(Error::internal)?);
            let line = ledger::Entry {
                index: frontier.size(),
                at_ms: now,
                actor,
                action,
                subject: Subject { kind, id },
                about: BTreeMap::new(),
                detail: None,
            };
            rows.extend(one(backend, &line, &mut frontier)?);
        }
    }
    let root = frontier.root();
    let grown = Query::update()
        .table(Alias::new("ledger_head"))
        .value(Alias::new("size"), i64::try_from(frontier.size()).map_err(Error::internal)?)
        .value(Alias::new("root"), root.0.to_vec())
        .and_where(Expr::col(Alias::new("id")).eq(1))
        .to_owned();
    rows.push(backend.build(&grown));
    dialect::write_all(tx, rows).await?;
    cx.core().edge.keep(root, frontier)?;
    metrics::counter!("vouchsafe_ledger_entries_total").increment(entries.len() as u64);
    Ok(())
}

/// The subject whose key seals the entry's body.
fn seal_subject(entry: &Entry) -> String {
    entry.sealed_for.clone().unwrap_or_else(|| entry.subject())
}

/// Kind and id of a subject, `kind:id`.
pub(crate) fn subject_parts(subject: &str) -> Result<(Code, Id)> {
    let (kind, id) = subject.split_once(':').ok_or_else(|| Error::internal(format!("a subject without a kind: {subject}")))?;
    Ok((Code::new(kind).map_err(Error::internal)?, Id::new(id).map_err(Error::internal)?))
}

/// The body of entry `index`, sealed, and its digest.
fn sealed_detail(keys: &BTreeMap<String, Key>, subject: &str, body: &Value, index: u64) -> Result<(detail::ActiveModel, [u8; 32])> {
    let idx = i64::try_from(index).map_err(Error::internal)?;
    let salt = random::bytes::<32>()?;
    let body = serde_json::to_vec(body)?;
    if body.len() > ledger::export::MAX_BODY {
        // No export could hold it.
        return Err(Error::TooLarge);
    }
    let digest = detail_digest(&salt, &body);
    let key = keys.get(subject).ok_or_else(|| Error::internal("a detail without a key"))?;
    let plain = [salt.as_slice(), body.as_slice()].concat();
    let row = detail::ActiveModel {
        idx: ActiveValue::Set(idx),
        sealed_for: ActiveValue::Set(subject.to_owned()),
        sealed: ActiveValue::Set(key.seal(&detail_place(&idx.to_string()), &plain)?),
    };
    Ok((row, digest))
}

/// What writes an entry and the hashes that it adds to the tree, whose right edge moves on.
fn one(backend: DbBackend, line: &ledger::Entry, frontier: &mut Frontier) -> Result<[Statement; 2]> {
    let idx = i64::try_from(frontier.size()).map_err(Error::internal)?;
    let bytes = line.to_bytes().map_err(Error::internal)?;
    let nodes = frontier.append(&bytes).map_err(Error::internal)?.into_iter().map(|(at, hash)| {
        Ok(node::ActiveModel {
            idx: ActiveValue::Set(i64::try_from(at).map_err(Error::internal)?),
            hash: ActiveValue::Set(hash.0.to_vec()),
        })
    });
    let nodes = nodes.collect::<Result<Vec<_>>>()?;
    let row = entry::ActiveModel {
        idx: ActiveValue::Set(idx),
        at: ActiveValue::Set(line.at_ms),
        actor_kind: ActiveValue::Set(line.actor.kind.as_str().to_owned()),
        actor_id: ActiveValue::Set(line.actor.id.as_str().to_owned()),
        action: ActiveValue::Set(line.action.as_str().to_owned()),
        kind: ActiveValue::Set(line.subject.kind.as_str().to_owned()),
        subject_id: ActiveValue::Set(line.subject.id.as_str().to_owned()),
        bytes: ActiveValue::Set(bytes),
    };
    Ok([node::Entity::insert_many(nodes).build(backend), entry::Entity::insert(row).build(backend)])
}

fn detail_place(idx: &str) -> Place<'_> {
    Place { table: "ledger_detail", id: idx, field: "sealed" }
}

fn canonical(actor: &Actor, entry: &Entry, index: u64, at_ms: Millis, detail: Option<[u8; 32]>) -> Result<ledger::Entry> {
    let mut about = BTreeMap::new();
    for (name, value) in &entry.about {
        about.insert(Code::new(name.clone()).map_err(Error::internal)?, Id::new(value.clone()).map_err(Error::internal)?);
    }
    // In whose place somebody acts stands in every entry of what they do, or are refused.
    if let Some(other) = actor.account().and_then(AccountActor::stands_for) {
        about.insert(Code::new(ACTS_FOR).map_err(Error::internal)?, Id::new(other.to_string()).map_err(Error::internal)?);
    }
    // Whose key must be gone before the detail may be said to be: the verifier holds the export to it.
    let sealing = seal_subject(entry);
    if detail.is_some() && sealing != entry.subject() {
        subject_parts(&sealing)?;
        about.insert(Code::new(ledger::entry::SEALED_FOR).map_err(Error::internal)?, Id::new(sealing).map_err(Error::internal)?);
    } else if entry.about.contains_key(ledger::entry::SEALED_FOR) {
        return Err(Error::internal("sealed_for in about is the ledger's own"));
    }
    Ok(ledger::Entry {
        index,
        at_ms,
        actor: actor_ref(actor)?,
        action: Code::new(entry.action).map_err(Error::internal)?,
        subject: Subject { kind: Code::new(entry.kind).map_err(Error::internal)?, id: Id::new(entry.id.clone()).map_err(Error::internal)? },
        about,
        detail,
    })
}

fn actor_ref(actor: &Actor) -> Result<ActorRef> {
    let (kind, id) = actor.reference();
    Ok(ActorRef {
        kind: Code::new(kind).map_err(Error::internal)?,
        id: Id::new(id).map_err(Error::internal)?,
        membership: actor.membership().map(Id::from),
    })
}

/// The right edge of the ledger as this process left it, which spares reading it for each append: good for as long as the head, which each
/// append locks, is as it was left.
#[derive(Debug, Default)]
pub struct Edge(Mutex<Option<(Hash, Frontier)>>);

impl Edge {
    /// The edge at this size and root, if it is that.
    fn at(&self, size: u64, root: Hash) -> Result<Option<Frontier>> {
        let left = self.0.lock().map_err(|_| Error::internal("the ledger's edge fell apart"))?;
        Ok(left.as_ref().filter(|(left, edge)| *left == root && edge.size() == size).map(|(_, edge)| edge.clone()))
    }

    /// Keeps it. If the transaction then fails, the head is not as this says, and it is read again.
    fn keep(&self, root: Hash, edge: Frontier) -> Result<()> {
        *self.0.lock().map_err(|_| Error::internal("the ledger's edge fell apart"))? = Some((root, edge));
        Ok(())
    }
}

/// Locks the head row and gives the ledger's size and root.
async fn lock_head(tx: &DatabaseTransaction) -> Result<(u64, Hash)> {
    // An update that changes nothing takes the lock on both engines.
    let touch = Query::update()
        .table(Alias::new("ledger_head"))
        .value(Alias::new("size"), Expr::col(Alias::new("size")))
        .and_where(Expr::col(Alias::new("id")).eq(1))
        .returning(Query::returning().columns([Alias::new("size"), Alias::new("root")]))
        .to_owned();
    read_head(&tx.query_one(&touch).await?.ok_or_else(|| Error::internal("the ledger has no head row"))?)
}

fn read_head(row: &QueryResult) -> Result<(u64, Hash)> {
    let size = u64::try_from(row.try_get::<i64>("", "size")?).map_err(Error::internal)?;
    let root: Vec<u8> = row.try_get("", "root")?;
    let root: [u8; 32] = root.as_slice().try_into().map_err(|_| Error::internal("the ledger's root has the wrong length"))?;
    Ok((size, Hash(root)))
}

/// The ledger's size and root, as committed.
///
/// # Errors
/// When the database fails.
pub async fn head<C: ConnectionTrait>(db: &C) -> Result<(u64, Hash)> {
    let query = Query::select().columns([Alias::new("size"), Alias::new("root")]).from(Alias::new("ledger_head")).to_owned();
    read_head(&db.query_one(&query).await?.ok_or_else(|| Error::internal("the ledger has no head row"))?)
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
    /// Whether there was a detail whose key is destroyed.
    pub destroyed: bool,
}

impl Line {
    /// The account in whose place it was done, if in anybody's.
    pub fn acts_for(&self) -> Option<Uuid> {
        self.about.get(ACTS_FOR)?.parse().ok()
    }
}

/// The timeline of one thing, oldest first, at most `limit` entries from the end.
///
/// # Errors
/// When the database fails or a detail does not open.
pub async fn timeline(cx: &Cx, kind: &str, id: &str, limit: u64) -> Result<Vec<Line>> {
    timelines(cx, kind, [id], limit).await
}

/// The index of the newest entry that tells of one of `actions` on a thing: what a paper about it bears witness to.
///
/// # Errors
/// When the database fails.
pub async fn last_index<C: ConnectionTrait>(db: &C, kind: &str, id: &str, actions: &[&str]) -> Result<Option<u64>> {
    let found = entry::Entity::find()
        .filter(entry::Column::Kind.eq(kind))
        .filter(entry::Column::SubjectId.eq(id))
        .filter(entry::Column::Action.is_in(actions.iter().copied()))
        .order_by_desc(entry::Column::Idx)
        .one(db)
        .await?;
    Ok(found.and_then(|row| u64::try_from(row.idx).ok()))
}

/// The timelines of several things of one kind together, oldest first, at most `limit` entries from the end.
///
/// # Errors
/// As [`timeline`].
pub async fn timelines(cx: &Cx, kind: &str, ids: impl IntoIterator<Item = impl ToString>, limit: u64) -> Result<Vec<Line>> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = entry::Entity::find()
        .filter(entry::Column::Kind.eq(kind))
        .filter(entry::Column::SubjectId.is_in(ids))
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
        let about = about(&parsed);
        lines.push(Line {
            index: row.idx,
            at: parsed.at_ms,
            actor_kind: parsed.actor.kind.as_str().to_owned(),
            actor_id: parsed.actor.id.as_str().to_owned(),
            action: parsed.action.as_str().to_owned(),
            about,
            destroyed: body.is_none() && details.contains_key(&row.idx),
            body,
        });
    }
    Ok(lines)
}

/// What an entry says in the open, but for whose key seals its detail.
fn about(entry: &ledger::Entry) -> BTreeMap<String, String> {
    let open = entry.about.iter().filter(|(k, _)| k.as_str() != ledger::entry::SEALED_FOR);
    open.map(|(k, v)| (k.as_str().to_owned(), v.as_str().to_owned())).collect()
}

/// What a stored entry says in the open: codes and ids.
///
/// # Errors
/// [`Error::Internal`] when its bytes are no entry.
pub fn said(row: &entry::Model) -> Result<BTreeMap<String, String>> {
    Ok(about(&ledger::Entry::from_bytes(&row.bytes).map_err(Error::internal)?))
}

/// Whether the columns by which an entry is found say what the entry says. One that cannot be read is the verifier's to name.
pub(crate) fn copies_agree(row: &entry::Model) -> bool {
    ledger::Entry::from_bytes(&row.bytes).map_or(true, |entry| {
        (entry.at_ms, entry.actor.kind.as_str(), entry.actor.id.as_str(), entry.action.as_str())
            == (row.at, row.actor_kind.as_str(), row.actor_id.as_str(), row.action.as_str())
            && (entry.subject.kind.as_str(), entry.subject.id.as_str()) == (row.kind.as_str(), row.subject_id.as_str())
    })
}

/// Salt and body of a sealed detail.
pub(crate) fn open_detail(key: &Key, sealed: &detail::Model) -> Result<([u8; 32], Vec<u8>)> {
    let plain = key.open(&detail_place(&sealed.idx.to_string()), &sealed.sealed)?;
    let (salt, body) = plain.split_first_chunk::<32>().ok_or_else(|| Error::internal("a ledger detail is too short"))?;
    Ok((*salt, body.to_vec()))
}
