//! What stores of registers share: guarded updates, and the difference between two versions.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, ExprTrait as _};
use sea_orm::{Condition, DatabaseTransaction};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::texts::Text;

/// A condition that no row meets, for actors who see nothing.
pub fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

/// Writes `row` over the row `id` as long as that still has `version`.
///
/// # Errors
/// [`Error::Stale`] with the message `stale` when someone changed it meanwhile.
pub async fn save<A>(tx: &DatabaseTransaction, row: A, id: Uuid, version: i32, stale: &'static str) -> Result<()>
where
    A: ActiveModelTrait,
{
    let done = A::Entity::update_many()
        .set(row)
        .filter(Expr::col(Alias::new("id")).eq(id))
        .filter(Expr::col(Alias::new("version")).eq(version))
        .exec(tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Stale(Text::new(stale))) }
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
