//! Reporting links: whoever holds one reports an incident at its place, without an account. Of a link only the digest of its token is kept.

use platform::authz::Actor;
use platform::cx::{Cx, Tx};
use platform::{Error, Result, random};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder as _};

/// What a link opens, for policies.
pub const SCOPE: &str = "incident_report";

/// A link as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident_link")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The place at which it reports.
    pub place: Uuid,
    /// SHA-256 of its token.
    pub token: Vec<u8>,
    /// The account that made it.
    pub made_by: Uuid,
    /// When.
    pub made_at: i64,
    /// When it was called back.
    pub revoked_at: Option<i64>,
    /// How many reports came by it.
    pub reports: i32,
    /// When the last one did.
    pub last_at: Option<i64>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Its holder as an actor.
    pub fn actor(&self) -> Actor {
        Actor::Link { id: self.id, scope: SCOPE, on: self.place }
    }
}

/// The link with this token, called back or not.
///
/// # Errors
/// When the database fails.
pub async fn find<C: ConnectionTrait>(db: &C, token: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Token.eq(random::digest(token.as_bytes()))).one(db).await?)
}

/// The link with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// The links of a place that work, first to last.
///
/// # Errors
/// When the database fails.
pub async fn of_place<C: ConnectionTrait>(db: &C, place: Uuid) -> Result<Vec<Model>> {
    let working = Entity::find().filter(Column::Place.eq(place)).filter(Column::RevokedAt.is_null());
    Ok(working.order_by_asc(Column::MadeAt).order_by_asc(Column::Id).all(db).await?)
}

/// Makes a link for a place: its id, and its token, which nobody can read again.
pub(in crate::incident) async fn make(cx: &Cx, tx: &Tx, place: Uuid, by: Uuid) -> Result<(Uuid, String)> {
    let (id, token) = (cx.id()?, random::token()?);
    let row = ActiveModel {
        id: ActiveValue::Set(id),
        place: ActiveValue::Set(place),
        token: ActiveValue::Set(random::digest(token.as_bytes())),
        made_by: ActiveValue::Set(by),
        made_at: ActiveValue::Set(tx.now()),
        revoked_at: ActiveValue::Set(None),
        reports: ActiveValue::Set(0),
        last_at: ActiveValue::Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok((id, token))
}

/// Calls a link back; `false` when it was before.
pub(in crate::incident) async fn revoke(tx: &Tx, id: Uuid) -> Result<bool> {
    let query = Entity::update_many().col_expr(Column::RevokedAt, Expr::value(tx.now()));
    let done = query.filter(Column::Id.eq(id)).filter(Column::RevokedAt.is_null()).exec(tx.db()).await?;
    Ok(done.rows_affected == 1)
}

/// Notes that a report came by a link, if it still works; `false` when it does not.
pub(in crate::incident) async fn used(tx: &Tx, id: Uuid) -> Result<bool> {
    let query =
        Entity::update_many().col_expr(Column::Reports, Expr::col(Column::Reports).add(1)).col_expr(Column::LastAt, Expr::value(tx.now()));
    let done = query.filter(Column::Id.eq(id)).filter(Column::RevokedAt.is_null()).exec(tx.db()).await?;
    Ok(done.rows_affected == 1)
}

/// Calls all links back.
pub(in crate::incident) async fn revoke_all(tx: &Tx) -> Result<()> {
    let query = Entity::update_many().col_expr(Column::RevokedAt, Expr::value(tx.now()));
    query.filter(Column::RevokedAt.is_null()).exec(tx.db()).await?;
    Ok(())
}
