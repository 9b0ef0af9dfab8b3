//! From the ledger to deliveries: what was committed since a hook was last looked after.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};
use serde_json::json;

use super::deliver::JOB;
use super::rows;
use crate::book::entry;
use crate::cx::Cx;
use crate::error::Result;
use crate::jobs::{Job, Working};
use crate::random;

/// Entries looked at in one transaction.
const BATCH: u64 = 200;

/// Makes a delivery of every entry that a hook wants and was not told of, with the job that sends it. Reads only, while there is nothing to tell.
pub fn pump(cx: &Cx) -> Working<'_> {
    Box::pin(async move {
        let active = rows::Entity::find().filter(rows::Column::State.eq("active")).order_by_asc(rows::Column::Id).all(cx.db()).await?;
        for hook in active {
            let mut next = hook.next_entry;
            while let Some(after) = portion(cx, &hook, next).await? {
                next = after;
            }
        }
        Ok(())
    })
}

/// Tells one hook of the entries from `next` on; where to go on, if there was anything and no other node was quicker.
async fn portion(cx: &Cx, hook: &rows::Model, next: i64) -> Result<Option<i64>> {
    let found =
        entry::Entity::find().filter(entry::Column::Idx.gte(next)).order_by_asc(entry::Column::Idx).limit(BATCH).all(cx.db()).await?;
    let Some(last) = found.last() else { return Ok(None) };
    let after = last.idx + 1;
    let mut house = cx.housekeep().await?;
    let moved = rows::Entity::update_many()
        .col_expr(rows::Column::NextEntry, Expr::value(after))
        .filter(rows::Column::Id.eq(hook.id))
        .filter(rows::Column::State.eq("active"))
        .filter(rows::Column::NextEntry.eq(next));
    if house.update(moved).await? != 1 {
        return Ok(None);
    }
    for entry in found.iter().filter(|entry| hook.wants(&entry.action)) {
        let id = random::id(house.now())?;
        house.insert(rows::waiting(hook.id, id, Some(entry.idx), &entry.action, house.now())).await?;
        house.job(Job::new(JOB, json!({ "delivery": id })));
    }
    house.done().await?;
    Ok(Some(after))
}
