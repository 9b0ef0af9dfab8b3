//! The keys of subjects, each wrapped by a master key that its row names; and which master key wraps new ones. That is the database's to
//! say, not the process's: several servers share it, and during a rotation they may have read the key files at different times.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder, QuerySelect, QueryTrait};

use super::{Key, KeyId, Keyring, Place};
use crate::clock::Millis;
use crate::db::dialect;
use crate::error::{Error, Result};

/// A subject's data key, wrapped.
mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "subject_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: String,
        pub wrapped: Option<Vec<u8>>,
        pub made_at: i64,
        pub destroyed_at: Option<i64>,
        /// The master key that wraps it; none in databases from before rows named it.
        pub master: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The one row that says which master key wraps new keys.
mod master {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "master_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        /// Empty until something was sealed.
        pub current: String,
        pub since: i64,
        /// The key before it, while some may be wrapped with that; else empty.
        pub previous: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which master keys a database is sealed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// The key that wraps new ones; none before anything was sealed.
    pub current: Option<KeyId>,
    /// Since when.
    pub since: Millis,
    /// The key before it, while a rotation is unfinished.
    pub previous: Option<KeyId>,
}

/// Which master keys the database is sealed with.
///
/// # Errors
/// When the database fails.
pub async fn standing<C: ConnectionTrait>(db: &C) -> Result<Standing> {
    let row = master::Entity::find_by_id(1).one(db).await?.ok_or_else(|| Error::internal("the database does not name its master key"))?;
    read(&row)
}

fn read(row: &master::Model) -> Result<Standing> {
    let id = |text: &str| match text {
        "" => Ok(None),
        text => KeyId::parse(text).map(Some).ok_or_else(|| Error::internal("the database names a master key that cannot be")),
    };
    Ok(Standing { current: id(&row.current)?, since: row.since, previous: id(&row.previous)? })
}

/// The key of `subject` (for example `proposal:…`), made on first use within the caller's transaction. Its row is locked against being
/// destroyed until that ends: what is sealed with it is committed before the entry that says it is gone, never after.
///
/// # Errors
/// [`Error::Conflict`] when the key was destroyed; [`Error::Internal`] when no master key at hand opens it.
pub async fn subject_key_for<C: ConnectionTrait>(db: &C, ring: &Keyring, subject: &str, now: Millis) -> Result<Key> {
    let find = || {
        let mut query = row::Entity::find_by_id(subject);
        dialect::share_rows(db.get_database_backend(), QueryTrait::query(&mut query));
        query.one(db)
    };
    if let Some(row) = find().await? {
        return unwrap_key(ring, &row)?.ok_or_else(|| Error::conflict("error-subject-destroyed"));
    }
    let (key, (id, master)) = (Key::fresh()?, current(db, ring, now).await?);
    let row = row::ActiveModel {
        subject: ActiveValue::Set(subject.to_owned()),
        wrapped: ActiveValue::Set(Some(master.seal(&place(subject), key.bytes())?)),
        made_at: ActiveValue::Set(now),
        destroyed_at: ActiveValue::Set(None),
        master: ActiveValue::Set(Some(id.to_string())),
    };
    // Two first uses at once on PostgreSQL: the later one waits for the earlier, changes nothing, and takes its key.
    let done = row::Entity::insert(row)
        .on_conflict(sea_orm::sea_query::OnConflict::column(row::Column::Subject).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    if done == 1 {
        return Ok(key);
    }
    let row = find().await?.ok_or_else(|| Error::internal("a subject key vanished"))?;
    unwrap_key(ring, &row)?.ok_or_else(|| Error::conflict("error-subject-destroyed"))
}

/// The keys that one transaction has in hand, so that each is asked for once.
#[derive(Default)]
pub(crate) struct InHand(Mutex<BTreeMap<String, Key>>);

impl InHand {
    /// As [`subject_key_for`].
    pub(crate) async fn key_for<C: ConnectionTrait>(&self, db: &C, ring: &Keyring, subject: &str, now: Millis) -> Result<Key> {
        if let Some(key) = self.all()?.get(subject).cloned() {
            return Ok(key);
        }
        let key = subject_key_for(db, ring, subject, now).await?;
        self.all()?.insert(subject.to_owned(), key.clone());
        Ok(key)
    }

    /// Lets go of the key of `subject`, which was destroyed.
    pub(crate) fn forget(&self, subject: &str) -> Result<()> {
        self.all()?.remove(subject);
        Ok(())
    }

    fn all(&self) -> Result<MutexGuard<'_, BTreeMap<String, Key>>> {
        self.0.lock().map_err(|_| Error::internal("a transaction fell apart"))
    }
}

/// The key of `subject` if it has one: `None` when destroyed or never made.
///
/// # Errors
/// [`Error::Internal`] when no master key at hand opens it.
pub async fn find_subject_key<C: ConnectionTrait>(db: &C, ring: &Keyring, subject: &str) -> Result<Option<Key>> {
    match row::Entity::find_by_id(subject).one(db).await? {
        Some(row) => unwrap_key(ring, &row),
        None => Ok(None),
    }
}

/// The keys of these subjects, by subject: those destroyed or never made are left out.
///
/// # Errors
/// As [`find_subject_key`].
pub async fn find_subject_keys<C: ConnectionTrait>(
    db: &C,
    ring: &Keyring,
    subjects: impl IntoIterator<Item = String>,
) -> Result<BTreeMap<String, Key>> {
    let mut keys = BTreeMap::new();
    for row in row::Entity::find().filter(row::Column::Subject.is_in(subjects)).all(db).await? {
        if let Some(key) = unwrap_key(ring, &row)? {
            keys.insert(row.subject, key);
        }
    }
    Ok(keys)
}

/// Destroys the key of `subject`: everything sealed with it is gone. The caller's transaction must hold the entry that says so.
///
/// # Errors
/// When the database fails.
pub(crate) async fn destroy_subject_key<C: ConnectionTrait>(db: &C, subject: &str, now: Millis) -> Result<bool> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::Wrapped, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(row::Column::DestroyedAt, Expr::value(now))
        .filter(row::Column::Subject.eq(subject))
        .filter(row::Column::DestroyedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The master key that wraps new keys, held to until the transaction ends: no rotation begins in between. A database that names none yet
/// takes the key in the key file.
async fn current<C: ConnectionTrait>(db: &C, ring: &Keyring, now: Millis) -> Result<(KeyId, Key)> {
    // Held together with others, a row cannot be changed by either: so the first key is named before it is held to.
    if !ring.named() {
        match standing(db).await?.current {
            Some(_) => ring.note_named(),
            None => name_first(db, ring.main(), now).await?,
        }
    }
    let mut query = master::Entity::find_by_id(1);
    dialect::share_rows(db.get_database_backend(), QueryTrait::query(&mut query));
    let row = query.one(db).await?.ok_or_else(|| Error::internal("the database does not name its master key"))?;
    let id = read(&row)?.current.ok_or_else(|| Error::internal("the database does not name its master key"))?;
    Ok((id, ring.get(id)?))
}

async fn name_first<C: ConnectionTrait>(db: &C, id: KeyId, now: Millis) -> Result<()> {
    master::Entity::update_many()
        .col_expr(master::Column::Current, Expr::value(id.to_string()))
        .col_expr(master::Column::Since, Expr::value(now))
        .filter(master::Column::Id.eq(1))
        .filter(master::Column::Current.eq(""))
        .exec(db)
        .await?;
    Ok(())
}

/// Makes `to` the master key that wraps new keys, after `from`. `false` when another did, or a rotation is unfinished.
pub(crate) async fn begin_rotation<C: ConnectionTrait>(db: &C, from: KeyId, to: KeyId, now: Millis) -> Result<bool> {
    name_first(db, from, now).await?;
    let done = master::Entity::update_many()
        .col_expr(master::Column::Current, Expr::value(to.to_string()))
        .col_expr(master::Column::Since, Expr::value(now))
        .col_expr(master::Column::Previous, Expr::value(from.to_string()))
        .filter(master::Column::Id.eq(1))
        .filter(master::Column::Current.eq(from.to_string()))
        .filter(master::Column::Previous.eq(""))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends the rotation to `to`, unless it ended already or some key is not wrapped with it.
pub(crate) async fn end_rotation<C: ConnectionTrait>(db: &C, to: KeyId) -> Result<bool> {
    if left(db, to).await? > 0 {
        return Ok(false);
    }
    let done = master::Entity::update_many()
        .col_expr(master::Column::Previous, Expr::value(""))
        .filter(master::Column::Id.eq(1))
        .filter(master::Column::Current.eq(to.to_string()))
        .filter(master::Column::Previous.ne(""))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How many keys are not wrapped with `to`.
///
/// # Errors
/// When the database fails.
pub async fn left<C: ConnectionTrait>(db: &C, to: KeyId) -> Result<u64> {
    Ok(others(to).count(db).await?)
}

fn others(to: KeyId) -> Select<row::Entity> {
    let to = to.to_string();
    // Said as two ranges, so that the index finds them.
    let other =
        sea_orm::Condition::any().add(row::Column::Master.is_null()).add(row::Column::Master.lt(&to)).add(row::Column::Master.gt(&to));
    row::Entity::find().filter(row::Column::Wrapped.is_not_null()).filter(other)
}

/// Wraps at most `most` keys with `to` that are wrapped otherwise; how many. Rows that others hold are left for later, so that nobody
/// waits in a circle.
pub(crate) async fn rewrap<C: ConnectionTrait>(db: &C, ring: &Keyring, to: KeyId, most: u64) -> Result<u64> {
    let mut query = others(to).order_by_asc(row::Column::Subject).limit(most);
    dialect::skip_locked(db.get_database_backend(), QueryTrait::query(&mut query));
    let master = ring.get(to)?;
    let mut done = 0;
    for row in query.all(db).await? {
        let Some(key) = unwrap_key(ring, &row)? else { continue };
        let wrapped = master.seal(&place(&row.subject), key.bytes())?;
        let changed = row::Entity::update_many()
            .col_expr(row::Column::Wrapped, Expr::value(wrapped))
            .col_expr(row::Column::Master, Expr::value(to.to_string()))
            .filter(row::Column::Subject.eq(&row.subject))
            .filter(row::Column::DestroyedAt.is_null())
            .exec(db)
            .await?;
        done += changed.rows_affected;
    }
    Ok(done)
}

/// Sees that the keys at hand are the ones that the database is sealed with.
///
/// # Errors
/// [`Error::Internal`] saying which key is missing and what to do.
pub async fn verify<C: ConnectionTrait>(db: &C, ring: &Keyring) -> Result<()> {
    let stands = standing(db).await?;
    let unfinished = match (stands.previous, stands.current) {
        (Some(previous), Some(current)) if left(db, current).await? > 0 => Some(previous),
        _ => None,
    };
    let ids: Vec<KeyId> = stands.current.into_iter().chain(unfinished).collect();
    for id in &ids {
        ring.get(*id)?;
    }
    // A name in the open proves nothing: one key of each kind is opened.
    try_one(db, ring, &ids).await
}

/// Opens every key of a subject that was not destroyed; how many.
///
/// # Errors
/// When one does not open with the keys at hand.
pub(crate) async fn open_all<C: ConnectionTrait>(db: &C, ring: &Keyring) -> Result<u64> {
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let page = row::Entity::find().filter(row::Column::Subject.gt(after)).order_by_asc(row::Column::Subject).limit(1_000);
        let rows = page.all(db).await?;
        for row in &rows {
            count += u64::from(unwrap_key(ring, row)?.is_some());
        }
        match rows.into_iter().last() {
            Some(row) => after = row.subject,
            None => return Ok(count),
        }
    }
}

/// What a master key is to a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The one that it is sealed with.
    Current,
    /// The one before, with which something may still be sealed.
    Previous,
    /// Nothing was ever sealed in it.
    Unused,
}

/// What `key` is to the database; tried on something sealed where there is anything.
///
/// # Errors
/// [`Error::Internal`] naming the key that the database asks for, when it is another.
pub async fn fit<C: ConnectionTrait>(db: &C, key: &Key) -> Result<Fit> {
    let (stands, id) = (standing(db).await?, key.id());
    let fit = match (stands.current, stands.previous) {
        (Some(current), _) if current == id => Fit::Current,
        (_, Some(previous)) if previous == id => Fit::Previous,
        (Some(current), _) => {
            return Err(Error::internal(format!("this is the key {id}, but the database is sealed with the key {current}")));
        }
        (None, _) => Fit::Unused,
    };
    try_one(db, &Keyring::from(key.clone()), &[id]).await?;
    Ok(fit)
}

/// Opens one key of those wrapped with each of `ids`, and one of those that name no master key.
async fn try_one<C: ConnectionTrait>(db: &C, ring: &Keyring, ids: &[KeyId]) -> Result<()> {
    let named = ids.iter().map(|id| row::Column::Master.eq(id.to_string()));
    for of in std::iter::once(row::Column::Master.is_null()).chain(named) {
        let one = row::Entity::find().filter(row::Column::Wrapped.is_not_null()).filter(of).limit(1).one(db).await?;
        if let Some(row) = one {
            unwrap_key(ring, &row)?;
        }
    }
    Ok(())
}

fn place(subject: &str) -> Place<'_> {
    Place { table: "subject_key", id: subject, field: "wrapped" }
}

fn unwrap_key(ring: &Keyring, row: &row::Model) -> Result<Option<Key>> {
    let Some(wrapped) = &row.wrapped else {
        return Ok(None);
    };
    let place = place(&row.subject);
    let bytes = match row.master.as_deref() {
        Some(id) => {
            let id = KeyId::parse(id).ok_or_else(|| Error::internal("a subject key names a master key that cannot be"))?;
            ring.get(id)?.open(&place, wrapped)?
        }
        None => open_with_any(ring, &place, wrapped)?,
    };
    Key::from_slice(&bytes).map(Some)
}

/// Opens a key whose row does not name its master key.
fn open_with_any(ring: &Keyring, place: &Place<'_>, wrapped: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>> {
    for id in ring.ids() {
        if let Ok(bytes) = ring.get(id)?.open(place, wrapped) {
            return Ok(bytes);
        }
    }
    let file = ring.file().map_or_else(|| "the key file".to_owned(), |file| file.display().to_string());
    Err(Error::internal(format!(
        "the master key in {file} does not open this database's keys. Nothing was changed. Move it away and put back your copy of the key \
         that the database was made with, or make that again from its shares: vouchsafe keys restore"
    )))
}
