//! What stores of registers share: locking, entering and guarded updates of rows with what they are found by, and the difference between two
//! versions.

use std::collections::BTreeSet;
use std::str::FromStr;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, ExprTrait as _};
use sea_orm::{Condition, DatabaseTransaction, IntoActiveModel};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::field::Register;
use super::tally::column_of;
use crate::db::dialect;
use crate::error::{Error, Result};
use crate::search;
use crate::texts::Text;

/// A condition that no row meets, for actors who see nothing.
pub fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

/// Writes `row` over the row `id` as long as that still has `version`.
///
/// # Errors
/// [`Error::Stale`] with the message `stale` when someone changed it meanwhile.
pub async fn save<A>(tx: &DatabaseTransaction, row: A, id: Uuid, version: i32, stale: &str) -> Result<()>
where
    A: ActiveModelTrait,
{
    let done = A::Entity::update_many()
        .set(row)
        .filter(Expr::col(Alias::new("id")).eq(id))
        .filter(Expr::col(Alias::new("version")).eq(version))
        .exec(tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Stale(Text::new(stale.to_owned()))) }
}

/// The row `id`, locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock<E>(tx: &DatabaseTransaction, id: Uuid) -> Result<E::Model>
where
    E: EntityTrait,
    <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
{
    let mut query = E::find_by_id(id);
    dialect::lock_rows(tx.get_database_backend(), sea_orm::QueryTrait::query(&mut query));
    query.one(tx).await?.ok_or(Error::NotFound)
}

/// Enters a row of a register, with what it is found by: each word of `key`, its folded name, and what follows.
///
/// # Errors
/// When the database fails.
pub async fn enter<E>(tx: &DatabaseTransaction, of: &Register, row: &E::Model, key: &str) -> Result<()>
where
    E: EntityTrait,
    E::Column: FromStr,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    E::insert(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
    search::add(tx, of.kind, id_of::<E>(row)?, search::from_each_word(key)).await
}

/// Enters rows of a register, each as [`enter`] does: at most so many that their values can be bound at once, a few hundred.
///
/// # Errors
/// When the database fails.
pub async fn enter_all<E>(tx: &DatabaseTransaction, of: &Register, rows: &[(E::Model, String)]) -> Result<()>
where
    E: EntityTrait,
    E::Column: FromStr,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    if rows.is_empty() {
        return Ok(());
    }
    E::insert_many(rows.iter().map(|(row, _)| row.clone().into_active_model().reset_all())).exec_without_returning(tx).await?;
    let found_by = rows.iter().map(|(row, key)| Ok((id_of::<E>(row)?, search::from_each_word(key)))).collect::<Result<Vec<_>>>()?;
    search::add_all(tx, of.kind, found_by).await
}

/// Takes a row out of a register as long as it still has `version`, with what it is found by.
///
/// # Errors
/// [`Error::Stale`] with the message `<kind>-stale` when someone changed it meanwhile.
pub async fn remove<E>(tx: &DatabaseTransaction, of: &Register, id: Uuid, version: i32) -> Result<()>
where
    E: EntityTrait,
{
    let this = Condition::all().add(Expr::col(Alias::new("id")).eq(id)).add(Expr::col(Alias::new("version")).eq(version));
    if E::delete_many().filter(this).exec(tx).await?.rows_affected != 1 {
        return Err(Error::Stale(Text::new(of.message_id("stale"))));
    }
    search::keep(tx, of.kind, id, BTreeSet::new()).await
}

/// Writes a row of a register over the one that has its id, as long as that still has `version`, with what it is found by now.
///
/// # Errors
/// [`Error::Stale`] with the message `<kind>-stale` when someone changed it meanwhile.
pub async fn overwrite<E>(tx: &DatabaseTransaction, of: &Register, row: &E::Model, version: i32, key: &str) -> Result<()>
where
    E: EntityTrait,
    E::Column: FromStr,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let id = id_of::<E>(row)?;
    let mut new = row.clone().into_active_model().reset_all();
    new.set(column_of::<E>("version")?, (version + 1).into());
    save(tx, new, id, version, &of.message_id("stale")).await?;
    search::keep(tx, of.kind, id, search::from_each_word(key)).await
}

fn id_of<E>(row: &E::Model) -> Result<Uuid>
where
    E: EntityTrait,
    E::Column: FromStr,
{
    match row.get(column_of::<E>("id")?) {
        sea_orm::Value::Uuid(Some(id)) => Ok(id),
        _ => Err(Error::internal("a row of a register without an id")),
    }
}

/// What differs between two JSON objects, as `{field: [before, after]}`: what an entry about a change keeps.
pub fn differences(before: &Value, after: &Value) -> Value {
    let mut out = Map::new();
    if let (Value::Object(before), Value::Object(after)) = (before, after) {
        for (name, new) in after {
            let old = before.get(name).unwrap_or(&Value::Null);
            if old != new {
                out.insert(name.clone(), json!([old, new]));
            }
        }
    }
    Value::Object(out)
}
