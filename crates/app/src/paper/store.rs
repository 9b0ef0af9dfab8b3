//! The table of papers. Nobody else touches it.

use platform::authz::Guarded;
use platform::cx::{Cx, Tx};
use platform::seal::{self, Place};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::model::{Code, Kind};

/// A paper as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "paper")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its kind, by code.
    pub kind: String,
    /// The kind of the thing that it is about.
    pub subject_kind: String,
    /// That thing's id.
    pub subject_id: String,
    /// The reference that it bears.
    pub reference: String,
    /// The edition that it bears.
    pub edition: String,
    /// The ledger entry that it bears witness to.
    pub entry: i64,
    /// What keeps a second one from being made, for kinds that bear witness to an entry; its own id for others.
    pub once: String,
    /// The digest of its code.
    pub code: String,
    /// SHA-256 of the PDF, in hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub size: i64,
    /// The PDF, sealed for what it is about.
    pub pdf: Vec<u8>,
    /// When it was made.
    pub made_at: i64,
    /// By whom: the kind and id of the actor.
    pub made_by: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What names the paper of an entry, or a paper of its own.
pub(super) fn once(kind: Kind, on: &impl Guarded, entry: u64, id: Uuid) -> String {
    if kind.bears_witness() { format!("{}/{}/{}/{entry}", kind.code(), on.resource().kind, on.resource().id) } else { id.to_string() }
}

/// The paper that was made before under this name.
pub(super) async fn made<C: ConnectionTrait>(db: &C, once: &str) -> Result<Option<Uuid>> {
    Ok(Entity::find().filter(Column::Once.eq(once)).one(db).await?.map(|row| row.id))
}

/// Seals and stores a paper; false when a twin was faster.
pub(super) async fn insert(cx: &Cx, tx: &Tx, mut row: Model, pdf: &[u8]) -> Result<bool> {
    let key = tx.key(cx, &subject(&row)).await?;
    row.pdf = key.seal(&place(&row.id.to_string()), pdf)?;
    let new = sea_orm::ActiveModelTrait::reset_all(ActiveModel::from(row));
    let keep = OnConflict::column(Column::Once).do_nothing().to_owned();
    Ok(Entity::insert(new).on_conflict(keep).exec_without_returning(tx.db()).await? == 1)
}

/// A paper as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// Its kind, by code.
    pub kind: String,
    /// When it was made.
    pub made_at: i64,
    /// Its length in bytes.
    pub size: i64,
}

/// Whether the actor may read papers of this kind about what it may view.
fn reads(cx: &Cx, on: &impl Guarded, kind: &str) -> bool {
    Kind::from_code(kind).and_then(Kind::asks).is_none_or(|action| cx.may(action, on))
}

/// The papers about a thing that the actor may read, newest first, of the last 100.
///
/// # Errors
/// When the database fails.
pub async fn about(cx: &Cx, thing: &impl Guarded) -> Result<Vec<Listed>> {
    let on = thing.resource();
    let rows: Vec<(Uuid, String, i64, i64)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Kind, Column::MadeAt, Column::Size])
        .filter(Column::SubjectKind.eq(on.kind))
        .filter(Column::SubjectId.eq(on.id))
        .order_by_desc(Column::MadeAt)
        .order_by_desc(Column::Id)
        .limit(100)
        .into_tuple()
        .all(cx.db())
        .await?;
    let listed = rows.into_iter().map(|(id, kind, made_at, size)| Listed { id, kind, made_at, size });
    Ok(listed.filter(|row| reads(cx, thing, &row.kind)).collect())
}

/// A paper about `on` with its PDF. The caller has asked whether the reader may have it.
///
/// # Errors
/// [`Error::NotFound`] when it is about something else, or of a kind that the actor does not read; [`Error::Conflict`] when its key was destroyed; [`Error::Internal`] when the stored
/// PDF is not the one that was made.
pub async fn open(cx: &Cx, on: &impl Guarded, id: Uuid) -> Result<(Model, Vec<u8>)> {
    open_in(cx, cx.db(), on, id).await
}

/// As [`open`], by this connection.
pub(super) async fn open_in<C: ConnectionTrait>(cx: &Cx, db: &C, thing: &impl Guarded, id: Uuid) -> Result<(Model, Vec<u8>)> {
    let row = Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    let on = thing.resource();
    if row.subject_kind != on.kind || row.subject_id != on.id || !reads(cx, thing, &row.kind) {
        return Err(Error::NotFound);
    }
    let key = seal::find_subject_key(db, &cx.core().master, &subject(&row)).await?;
    let key = key.ok_or_else(|| Error::conflict("error-subject-destroyed"))?;
    let pdf = key.open(&place(&row.id.to_string()), &row.pdf)?.to_vec();
    if hex::encode(platform::random::digest(&pdf)) != row.sha256 {
        return Err(Error::internal(format!("the paper {} is not the one that was made", row.id)));
    }
    Ok((row, pdf))
}

/// The paper with this code.
///
/// # Errors
/// When the database fails.
pub async fn with_code<C: ConnectionTrait>(db: &C, code: &Code) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Code.eq(code.digest())).one(db).await?)
}

fn subject(row: &Model) -> String {
    format!("{}:{}", row.subject_kind, row.subject_id)
}

fn place(id: &str) -> Place<'_> {
    Place { table: "paper", id, field: "pdf" }
}
