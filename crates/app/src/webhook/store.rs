//! The tables of webhooks, which the platform has; what this feature reads and writes in them.

use platform::hooks::rows::{self, delivery};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, DatabaseTransaction, QueryOrder as _, QuerySelect as _};

/// Deliveries on a page.
pub const PAGE: u64 = 50;
/// The states of a delivery, by code.
pub const DELIVERIES: [&str; 3] = ["waiting", "delivered", "failed"];
/// Hooks there may be.
pub const MOST: u64 = 100;

/// Every hook, by name.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<rows::Model>> {
    Ok(rows::Entity::find().order_by_asc(rows::Column::Name).order_by_asc(rows::Column::Id).limit(MOST).all(db).await?)
}

/// The hook `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<rows::Model> {
    rows::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Deliveries of a hook, newest first, before `before`: `most`, and one more when there are more.
///
/// # Errors
/// When the database fails.
pub async fn deliveries(
    db: &impl ConnectionTrait,
    hook: Uuid,
    before: Option<Uuid>,
    state: Option<&str>,
    most: u64,
) -> Result<Vec<delivery::Model>> {
    let mut query = delivery::Entity::find().filter(delivery::Column::Webhook.eq(hook));
    if let Some(before) = before {
        query = query.filter(delivery::Column::Id.lt(before));
    }
    if let Some(state) = state {
        query = query.filter(delivery::Column::State.eq(state));
    }
    Ok(query.order_by_desc(delivery::Column::Id).limit(most + 1).all(db).await?)
}

pub(super) async fn delivery(db: &impl ConnectionTrait, hook: Uuid, id: Uuid) -> Result<delivery::Model> {
    delivery::Entity::find_by_id(id).filter(delivery::Column::Webhook.eq(hook)).one(db).await?.ok_or(Error::NotFound)
}

pub(super) async fn insert(tx: &DatabaseTransaction, row: &rows::Model) -> Result<()> {
    let row: rows::ActiveModel = row.clone().into();
    rows::Entity::insert(row.reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn update(tx: &DatabaseTransaction, row: &rows::Model, version: i32) -> Result<()> {
    let mut new: rows::ActiveModel = row.clone().into();
    new = new.reset_all();
    // Where it stands in the ledger is the pump's to say.
    new.next_entry = ActiveValue::NotSet;
    new.version = ActiveValue::Set(version + 1);
    platform::register::save(tx, new, row.id, version, "webhook-stale").await
}

/// Moves a hook that is taken up again on to the entries to come.
pub(super) async fn skip_to(tx: &DatabaseTransaction, id: Uuid, entry: i64) -> Result<()> {
    let skip = rows::Entity::update_many().col_expr(rows::Column::NextEntry, Expr::value(entry));
    skip.filter(rows::Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

pub(super) async fn begin(tx: &DatabaseTransaction, hook: Uuid, id: Uuid, action: &str, now: i64) -> Result<()> {
    delivery::Entity::insert(rows::waiting(hook, id, None, action, now)).exec_without_returning(tx).await?;
    Ok(())
}

/// Puts a delivery back to waiting.
pub(super) async fn again(tx: &DatabaseTransaction, id: Uuid) -> Result<()> {
    let again = delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value("waiting"))
        .col_expr(delivery::Column::Tries, Expr::value(0));
    again.filter(delivery::Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}
