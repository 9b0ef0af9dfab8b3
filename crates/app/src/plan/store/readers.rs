//! Who at the supplier has read a version (SEC-8b): asked by a link, without an account. Of a link only the digest of its token is kept; name and address
//! are sealed with the case's key.

use std::collections::BTreeMap;

use platform::authz::Actor;
use platform::cases::{Case, Words};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::{Error, Result, random};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::plan;

/// What a link opens, for policies.
pub const SCOPE: &str = "plan_reader";

const TABLE: &str = "plan_reader";

/// A reader as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_reader")]
pub struct Model {
    /// Its id, which is that of the link.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The version that is to be read.
    pub plan: Uuid,
    /// SHA-256 of the link's token.
    pub token: Vec<u8>,
    /// Sealed.
    pub name: Vec<u8>,
    /// Sealed.
    pub email: Vec<u8>,
    /// When the first message went out.
    pub asked_at: i64,
    /// When the last one did.
    pub sent_at: i64,
    /// How many went out.
    pub sent: i32,
    /// When it was read.
    pub read_at: Option<i64>,
    /// When they were no longer to know it: the link opens nothing from then on.
    pub ended_at: Option<i64>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The link's holder as an actor.
    pub fn actor(&self) -> Actor {
        Actor::Link { id: self.id, scope: SCOPE, on: self.plan }
    }
}

/// Somebody who is to know a version, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// As stored.
    pub row: Model,
    /// By name.
    pub name: String,
    /// Where the link goes.
    pub email: String,
}

/// The reader whose link has this token.
///
/// # Errors
/// When the database fails.
pub async fn find<C: ConnectionTrait>(db: &C, token: &str) -> Result<Option<Model>> {
    let query = Entity::find().filter(Column::Token.eq(random::digest(token.as_bytes())));
    Ok(query.filter(Column::EndedAt.is_null()).one(db).await?)
}

/// The readers of a version, in the order in which they were asked; none that cannot be opened any more.
///
/// # Errors
/// When the database fails.
pub async fn of<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Reader>> {
    let rows = Entity::find()
        .filter(Column::Plan.eq(case.id))
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::AskedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let words = Words::reading(cx, db, case).await?;
    let mut all = Vec::new();
    for row in rows {
        let id = row.id.to_string();
        let (name, email) = (words.open(TABLE, &id, "name", &row.name)?, words.open(TABLE, &id, "email", &row.email)?);
        if let (Some(name), Some(email)) = (name, email) {
            all.push(Reader { row, name, email });
        }
    }
    Ok(all)
}

/// How many were asked to read these versions, and how many did, by version.
///
/// # Errors
/// When the database fails.
pub async fn counted<C: ConnectionTrait>(db: &C, plans: &[Uuid]) -> Result<BTreeMap<Uuid, (i64, i64)>> {
    let query = Entity::find().select_only().column(Column::Plan).column_as(Column::Id.count(), "asked");
    let query = query.column_as(Column::ReadAt.count(), "read").filter(Column::Plan.is_in(plans.iter().copied()));
    let query = query.filter(Column::EndedAt.is_null()).group_by(Column::Plan);
    let rows: Vec<(Uuid, i64, i64)> = query.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(plan, asked, read)| (plan, (asked, read))).collect())
}

/// The versions in force of which somebody was written to last before an instant, fewer than so often, and has not read them.
///
/// # Errors
/// When the database fails.
pub async fn unread<C: ConnectionTrait>(db: &C, before: Millis, most: i32) -> Result<Vec<Uuid>> {
    let later = Query::select().column(plan::Column::Case).from(plan::Entity).and_where(plan::Column::SupersededBy.is_not_null()).take();
    let query = Entity::find().select_only().column(Column::Plan).distinct().filter(Column::ReadAt.is_null());
    let query = query.filter(Column::EndedAt.is_null());
    Ok(query
        .filter(Column::Plan.not_in_subquery(later))
        .filter(Column::SentAt.lt(before))
        .filter(Column::Sent.lt(most))
        .into_tuple()
        .all(db)
        .await?)
}

/// Somebody is asked: the token of their link, which nobody can read again.
pub(in crate::plan) async fn ask(cx: &Cx, tx: &Tx, case: &Case, (name, email): (&str, &str)) -> Result<String> {
    let (id, token) = (cx.id()?, random::token()?);
    let words = Words::writing(cx, tx, case).await?;
    let key = id.to_string();
    let row = ActiveModel {
        id: ActiveValue::Set(id),
        plan: ActiveValue::Set(case.id),
        token: ActiveValue::Set(random::digest(token.as_bytes())),
        name: ActiveValue::Set(words.seal(TABLE, &key, "name", name)?),
        email: ActiveValue::Set(words.seal(TABLE, &key, "email", email)?),
        asked_at: ActiveValue::Set(tx.now()),
        sent_at: ActiveValue::Set(tx.now()),
        sent: ActiveValue::Set(1),
        read_at: ActiveValue::Set(None),
        ended_at: ActiveValue::Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(token)
}

/// Somebody is asked again, by another link: the one before works no more. Its token.
pub(in crate::plan) async fn again(tx: &Tx, id: Uuid) -> Result<String> {
    let token = random::token()?;
    let query = Entity::update_many()
        .col_expr(Column::Token, Expr::value(random::digest(token.as_bytes())))
        .col_expr(Column::SentAt, Expr::value(tx.now()))
        .col_expr(Column::Sent, Expr::col(Column::Sent).add(1));
    query.filter(Column::Id.eq(id)).exec(tx.db()).await?;
    Ok(token)
}

/// Notes that somebody has read it; `false` when they had before.
///
/// # Errors
/// [`Error::NotFound`] when there is no such reader.
pub(in crate::plan) async fn read(tx: &Tx, id: Uuid) -> Result<bool> {
    let query = Entity::update_many().col_expr(Column::ReadAt, Expr::value(tx.now()));
    let done = query.filter(Column::Id.eq(id)).filter(Column::ReadAt.is_null()).exec(tx.db()).await?;
    if done.rows_affected == 0 && Entity::find_by_id(id).one(tx.db()).await?.is_none() {
        return Err(Error::NotFound);
    }
    Ok(done.rows_affected == 1)
}

/// Somebody is no longer to know a version: their link opens nothing any more; `false` when there is no such reader.
pub(in crate::plan) async fn end(tx: &Tx, plan: Uuid, id: Uuid) -> Result<bool> {
    let query = Entity::update_many().col_expr(Column::EndedAt, Expr::value(tx.now()));
    let done = query.filter(Column::Id.eq(id)).filter(Column::Plan.eq(plan)).filter(Column::EndedAt.is_null()).exec(tx.db()).await?;
    Ok(done.rows_affected == 1)
}

/// Calls all links back whose version nobody has confirmed: they are sent anew.
pub(in crate::plan) async fn revoke_all(tx: &Tx) -> Result<()> {
    let gone = random::digest(random::token()?.as_bytes());
    Entity::update_many().col_expr(Column::Token, Expr::value(gone)).exec(tx.db()).await?;
    Ok(())
}
