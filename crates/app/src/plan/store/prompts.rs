//! What was added elsewhere and may change a plan: until the supplier gives notice of it or asks for the change (SEC-9).

use platform::cases::store::{CaseColumn, CaseEntity};
use platform::cx::Tx;
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _};

/// A prompt as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_prompt")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The place of the plan that it may change.
    pub place: Uuid,
    /// What was added, by code of `rules::plan_change::Added`.
    pub added: String,
    /// The kind of what was added: `site`, `information_system`, `transfer_route`, `place`, `arrangement`, `subprocessor`.
    pub kind: String,
    /// What was added.
    pub thing: Uuid,
    /// When.
    pub at: i64,
    /// The change with which it was told of.
    pub change: Option<Uuid>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The most of a place that are read, and that one change tells of.
pub const MOST: usize = 100;

/// That nothing was told of it: by no change, or by one of which the authority knows nothing yet.
fn untold() -> Condition {
    let unseen = Query::select().column(CaseColumn::Id).from(CaseEntity).and_where(CaseColumn::Reference.is_null()).take();
    Condition::any().add(Column::Change.is_null()).add(Column::Change.in_subquery(unseen))
}

/// What waits to be told of at a place, first to last.
///
/// # Errors
/// When the database fails.
pub async fn waiting<C: ConnectionTrait>(db: &C, place: Uuid) -> Result<Vec<Model>> {
    let query = Entity::find().filter(Column::Place.eq(place)).filter(untold());
    Ok(query.order_by_asc(Column::At).order_by_asc(Column::Id).limit(MOST as u64).all(db).await?)
}

/// What a change tells of.
///
/// # Errors
/// When the database fails.
pub async fn told_by<C: ConnectionTrait>(db: &C, change: Uuid) -> Result<Vec<Model>> {
    let query = Entity::find().filter(Column::Change.eq(change));
    Ok(query.order_by_asc(Column::At).order_by_asc(Column::Id).all(db).await?)
}

/// Whether something of a kind waits at a place already.
///
/// # Errors
/// When the database fails.
pub(in crate::plan) async fn waits_for_one<C: ConnectionTrait>(db: &C, place: Uuid, kind: &str) -> Result<bool> {
    let query = Entity::find().filter(Column::Place.eq(place)).filter(Column::Kind.eq(kind)).filter(untold());
    Ok(query.one(db).await?.is_some())
}

/// One that waits at a place.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn one<C: ConnectionTrait>(db: &C, place: Uuid, id: Uuid) -> Result<Model> {
    let query = Entity::find_by_id(id).filter(Column::Place.eq(place)).filter(untold());
    query.one(db).await?.ok_or(Error::NotFound)
}

/// What a change was to tell of waits again: nobody was told.
///
/// # Errors
/// When the database fails.
pub async fn open_again(tx: &Tx, change: Uuid) -> Result<()> {
    let query = Entity::update_many().col_expr(Column::Change, Expr::value(Option::<Uuid>::None));
    query.filter(Column::Change.eq(change)).exec(tx.db()).await?;
    Ok(())
}

/// Keeps that something was added; `false` when it is known at that place already.
pub(in crate::plan) async fn add(tx: &Tx, row: Model) -> Result<bool> {
    let row = ActiveModel {
        id: ActiveValue::Set(row.id),
        place: ActiveValue::Set(row.place),
        added: ActiveValue::Set(row.added),
        kind: ActiveValue::Set(row.kind),
        thing: ActiveValue::Set(row.thing),
        at: ActiveValue::Set(row.at),
        change: ActiveValue::Set(row.change),
    };
    let once = OnConflict::columns([Column::Place, Column::Kind, Column::Thing]).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(once).exec_without_returning(tx.db()).await? == 1)
}

/// It was told of with this change.
///
/// # Errors
/// [`Error::NotFound`] when it does not wait there any more.
pub async fn settle(tx: &Tx, place: Uuid, id: Uuid, change: Uuid) -> Result<()> {
    let query = Entity::update_many().col_expr(Column::Change, Expr::value(change)).filter(Column::Id.eq(id));
    let done = query.filter(Column::Place.eq(place)).filter(untold()).exec(tx.db()).await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
}
