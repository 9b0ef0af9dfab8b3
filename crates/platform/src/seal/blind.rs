//! The blind index: finding what is sealed by its exact words. Each word is kept as a keyed digest (HMAC-SHA-256) whose key is a subject's
//! key like others, so a change of the master key leaves the index as it is, and without the master key nobody can try words out. Kind and
//! field are part of what is digested: the same word gives different digests in different fields.
//!
//! What the index gives away: which rows hold the same word in the same field, and how many words a field has.

use std::collections::BTreeSet;

use aws_lc_rs::hmac;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ActiveValue, ConnectionTrait};

use super::{Key, Keyring, find_subject_key, subject_key_for};
use crate::clock::Millis;
use crate::db::dialect;
use crate::error::Result;

/// The subject whose key makes the digests. It is never destroyed: a word leaves the index with the thing that it is a word of.
const SUBJECT: &str = "service:index";

/// Length of a word's digest in bytes: enough that no two words of an authority's people collide, half of what an address takes.
pub const WORD_LEN: usize = 16;

/// A word of a sealed field.
mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "blind_word")]
    pub struct Model {
        /// The kind of thing, as its key's subject names it.
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        /// The field.
        #[sea_orm(primary_key, auto_increment = false)]
        pub field: String,
        /// The word's digest.
        #[sea_orm(primary_key, auto_increment = false)]
        pub word: Vec<u8>,
        /// The thing.
        #[sea_orm(primary_key, auto_increment = false)]
        pub thing: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A field that is sealed and found by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The kind of thing: its table, and the kind in its key's subject.
    pub kind: &'static str,
    /// The field.
    pub field: &'static str,
}

/// What makes digests.
pub struct Index(hmac::Key);

impl From<&Key> for Index {
    fn from(key: &Key) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.bytes()))
    }
}

impl Index {
    /// The index of this database; none before anything was put into one.
    ///
    /// # Errors
    /// When no master key at hand opens its key.
    pub async fn find<C: ConnectionTrait>(db: &C, ring: &Keyring) -> Result<Option<Self>> {
        Ok(find_subject_key(db, ring, SUBJECT).await?.as_ref().map(Self::from))
    }

    /// The index of this database, its key made on first use within the caller's transaction.
    ///
    /// # Errors
    /// As [`subject_key_for`].
    pub async fn make<C: ConnectionTrait>(db: &C, ring: &Keyring, now: Millis) -> Result<Self> {
        Ok(Self::from(&subject_key_for(db, ring, SUBJECT, now).await?))
    }

    /// The digest of a whole text, for a column that finds one row by it: 32 bytes.
    pub fn whole(&self, at: Field, text: &str) -> Vec<u8> {
        self.digest("whole", at, text).as_ref().to_vec()
    }

    /// The digest of one word.
    pub fn word(&self, at: Field, word: &str) -> Vec<u8> {
        let mut digest = self.digest("word", at, word).as_ref().to_vec();
        digest.truncate(WORD_LEN);
        digest
    }

    fn digest(&self, what: &str, at: Field, text: &str) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        // Lengths before parts: no two fields and texts give the same bytes.
        for part in [what, at.kind, at.field, text] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.sign()
    }
}

/// The words of a text as they are looked for: folded, each once. Dots and apostrophes are either left out (`O'Neil` is `oneil`) or stand
/// between words (`o` and `neil`); a text matches in either way.
pub fn readings(text: &str) -> [BTreeSet<String>; 2] {
    [words(text), words(&text.replace(['.', '\'', '’'], " "))]
}

/// The words of a text as they are kept: those of either reading.
pub fn kept(text: &str) -> BTreeSet<String> {
    readings(text).into_iter().flatten().collect()
}

fn words(text: &str) -> BTreeSet<String> {
    dialect::fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Puts these words of the field `at` of `thing` into the index, in place of those that it had.
///
/// # Errors
/// When the database fails.
pub async fn put<C: ConnectionTrait>(db: &C, index: &Index, at: Field, thing: Uuid, words: &BTreeSet<String>) -> Result<()> {
    row::Entity::delete_many()
        .filter(row::Column::Kind.eq(at.kind))
        .filter(row::Column::Thing.eq(thing))
        .filter(row::Column::Field.eq(at.field))
        .exec(db)
        .await?;
    let rows: Vec<row::ActiveModel> = words
        .iter()
        .map(|word| row::ActiveModel {
            kind: ActiveValue::Set(at.kind.to_owned()),
            field: ActiveValue::Set(at.field.to_owned()),
            word: ActiveValue::Set(index.word(at, word)),
            thing: ActiveValue::Set(thing),
        })
        .collect();
    if !rows.is_empty() {
        row::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Takes every word of the thing `kind` `thing` out of the index.
///
/// # Errors
/// When the database fails.
pub(crate) async fn forget<C: ConnectionTrait>(db: &C, kind: &str, thing: Uuid) -> Result<()> {
    row::Entity::delete_many().filter(row::Column::Kind.eq(kind)).filter(row::Column::Thing.eq(thing)).exec(db).await?;
    Ok(())
}

/// The things whose field `at` holds `word`, for a condition on their ids.
pub fn holding(index: &Index, at: Field, word: &str) -> SelectStatement {
    Query::select()
        .column(row::Column::Thing)
        .from(row::Entity)
        .and_where(row::Column::Kind.eq(at.kind))
        .and_where(row::Column::Field.eq(at.field))
        .and_where(row::Column::Word.eq(index.word(at, word)))
        .to_owned()
}
