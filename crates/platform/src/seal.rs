//! Sealing: AES-256-GCM with a data key per subject, wrapped by the master key. The place of a value (table, id, field) is part of what is
//! authenticated, so that nobody can swap two sealed values. Destroying a subject's key makes all that it sealed unreadable for ever.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait, QueryTrait};
use zeroize::Zeroizing;

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::random;

/// Length of a key in bytes: 256 bits, and no other.
pub const KEY_LEN: usize = 32;
const VERSION: u8 = 1;

/// A 256-bit key, wiped from memory when dropped.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; KEY_LEN]>);

impl Key {
    /// The key with these bytes.
    pub fn new(bytes: [u8; KEY_LEN]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A fresh random key.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn fresh() -> Result<Self> {
        Ok(Self::new(random::bytes()?))
    }

    /// Reads a key file: 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the file cannot be read or holds something else; the message says what to do and shows nothing of the key.
    pub fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).map_err(|e| Error::internal(format!("cannot read the key file {}: {e}", path.display())))?;
        let mut bytes = [0u8; KEY_LEN];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| {
            Error::internal(format!("the key file {} must hold 64 hexadecimal digits; restore it from your copy", path.display()))
        })?;
        Ok(Self::new(bytes))
    }

    /// The key as 64 hexadecimal digits, for its file.
    pub fn to_hex(&self) -> Zeroizing<String> {
        let mut out = String::with_capacity(KEY_LEN * 2);
        for byte in self.0.iter() {
            let _ = write!(out, "{byte:02x}");
        }
        Zeroizing::new(out)
    }

    /// The raw bytes, for deriving and signing.
    pub fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    /// Seals `plain`, bound to `place`.
    ///
    /// # Errors
    /// When the cryptographic module fails.
    pub fn seal(&self, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        let key = self.cipher()?;
        let nonce = random::bytes::<NONCE_LEN>()?;
        let mut out = Vec::with_capacity(1 + NONCE_LEN + plain.len() + 16);
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        let mut body = plain.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.bytes()), &mut body)
            .map_err(|_| Error::internal("sealing failed"))?;
        out.extend_from_slice(&body);
        Ok(out)
    }

    /// Opens what [`Key::seal`] sealed for the same `place`.
    ///
    /// # Errors
    /// [`Error::Internal`] when the bytes were changed, belong elsewhere or were sealed with another key.
    pub fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let wrong = || Error::internal(format!("a sealed value does not open: {}", place.describe()));
        let (version, rest) = sealed.split_first().ok_or_else(wrong)?;
        if *version != VERSION || rest.len() < NONCE_LEN + 16 {
            return Err(wrong());
        }
        let (nonce, body) = rest.split_at(NONCE_LEN);
        let nonce: [u8; NONCE_LEN] = nonce.try_into().map_err(|_| wrong())?;
        let mut body = Zeroizing::new(body.to_vec());
        let len = self
            .cipher()?
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(place.bytes()), &mut body)
            .map_err(|_| wrong())?
            .len();
        body.truncate(len);
        Ok(body)
    }

    fn cipher(&self) -> Result<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, self.0.as_ref())
            .map(LessSafeKey::new)
            .map_err(|_| Error::internal("a sealing key has the wrong length"))
    }
}

/// Where a sealed value lives.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The row's id, as text.
    pub id: &'a str,
    /// The column or question.
    pub field: &'a str,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        // Lengths before parts: no two places give the same bytes.
        let mut out = Vec::new();
        for part in [self.table, self.id, self.field] {
            out.extend_from_slice(&(part.len() as u64).to_be_bytes());
            out.extend_from_slice(part.as_bytes());
        }
        out
    }

    fn describe(&self) -> String {
        format!("{}/{}/{}", self.table, self.id, self.field)
    }
}

/// A subject's data key, wrapped.
mod subject_key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "subject_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: String,
        pub wrapped: Option<Vec<u8>>,
        pub made_at: i64,
        pub destroyed_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The key of `subject` (for example `proposal:…`), made on first use within the caller's transaction. Its row is locked against being
/// destroyed until that ends: what is sealed with it is committed before the entry that says it is gone, never after.
///
/// # Errors
/// [`Error::Conflict`] when the key was destroyed; [`Error::Internal`] when the master key does not open it.
pub async fn subject_key_for<C: ConnectionTrait>(db: &C, master: &Key, subject: &str, now: Millis) -> Result<Key> {
    let find = || {
        let mut query = subject_key::Entity::find_by_id(subject);
        crate::db::dialect::share_rows(db.get_database_backend(), QueryTrait::query(&mut query));
        query.one(db)
    };
    if let Some(row) = find().await? {
        return unwrap_key(master, subject, &row)?.ok_or_else(|| Error::conflict("error-subject-destroyed"));
    }
    let key = Key::fresh()?;
    let wrapped = master.seal(&key_place(subject), key.bytes())?;
    let row = subject_key::ActiveModel {
        subject: ActiveValue::Set(subject.to_owned()),
        wrapped: ActiveValue::Set(Some(wrapped)),
        made_at: ActiveValue::Set(now),
        destroyed_at: ActiveValue::Set(None),
    };
    // Two first uses at once on PostgreSQL: the later one waits for the earlier, changes nothing, and takes its key.
    let done = subject_key::Entity::insert(row)
        .on_conflict(sea_orm::sea_query::OnConflict::column(subject_key::Column::Subject).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    if done == 1 {
        return Ok(key);
    }
    let row = find().await?.ok_or_else(|| Error::internal("a subject key vanished"))?;
    unwrap_key(master, subject, &row)?.ok_or_else(|| Error::conflict("error-subject-destroyed"))
}

/// The key of `subject` if it has one: `None` when destroyed or never made.
///
/// # Errors
/// [`Error::Internal`] when the master key does not open it.
pub async fn find_subject_key<C: ConnectionTrait>(db: &C, master: &Key, subject: &str) -> Result<Option<Key>> {
    match subject_key::Entity::find_by_id(subject).one(db).await? {
        Some(row) => unwrap_key(master, subject, &row),
        None => Ok(None),
    }
}

/// The keys of these subjects, by subject: those destroyed or never made are left out.
///
/// # Errors
/// As [`find_subject_key`].
pub async fn find_subject_keys<C: ConnectionTrait>(
    db: &C,
    master: &Key,
    subjects: impl IntoIterator<Item = String>,
) -> Result<BTreeMap<String, Key>> {
    let mut keys = BTreeMap::new();
    for row in subject_key::Entity::find().filter(subject_key::Column::Subject.is_in(subjects)).all(db).await? {
        if let Some(key) = unwrap_key(master, &row.subject, &row)? {
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
    let done = subject_key::Entity::update_many()
        .col_expr(subject_key::Column::Wrapped, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(subject_key::Column::DestroyedAt, Expr::value(now))
        .filter(subject_key::Column::Subject.eq(subject))
        .filter(subject_key::Column::DestroyedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

fn key_place(subject: &str) -> Place<'_> {
    Place { table: "subject_key", id: subject, field: "wrapped" }
}

fn unwrap_key(master: &Key, subject: &str, row: &subject_key::Model) -> Result<Option<Key>> {
    let Some(wrapped) = &row.wrapped else {
        return Ok(None);
    };
    let bytes = master
        .open(&key_place(subject), wrapped)
        .map_err(|_| Error::internal("the master key does not open this database's keys; put back the key file it was made with"))?;
    let bytes: [u8; KEY_LEN] = bytes.as_slice().try_into().map_err(|_| Error::internal("a subject key has the wrong length"))?;
    Ok(Some(Key::new(bytes)))
}
