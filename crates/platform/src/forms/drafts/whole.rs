//! The answers of a new case, all at once: given with it, or carried forward from another.

use rules::form::{Answers, Form};
use sea_orm::{ActiveValue, EntityTrait as _};
use uuid::Uuid;

use super::{CARRIED, own, place_id, row, sealed, subject};
use crate::cx::{Cx, Tx};
use crate::error::Result;

/// Stores the answers to a new case's form, all sections at once, in the transaction that begins the case.
///
/// # Errors
/// When the database fails, or the case has answers already.
pub async fn keep_whole(cx: &Cx, tx: &Tx, case: Uuid, form: &Form, answers: &Answers) -> Result<()> {
    keep(cx, tx, (case, 1), form, answers).await
}

/// Carries answers forward into a new case, in the transaction that begins it: they stand there until somebody confirms them, section by
/// section, by saving.
///
/// # Errors
/// As [`keep_whole`].
pub async fn carry(cx: &Cx, tx: &Tx, case: Uuid, form: &Form, answers: &Answers) -> Result<()> {
    keep(cx, tx, (case, CARRIED), form, answers).await
}

async fn keep(cx: &Cx, tx: &Tx, (case, round): (Uuid, i32), form: &Form, answers: &Answers) -> Result<()> {
    let key = tx.key(cx, &subject(case)).await?;
    let id = place_id(case, round);
    let mut rows = Vec::new();
    for section in &form.sections {
        let own = own(&section.questions, answers);
        if own.to_json().as_object().is_none_or(serde_json::Map::is_empty) {
            continue;
        }
        rows.push(row::ActiveModel {
            case: ActiveValue::Set(case),
            round: ActiveValue::Set(round),
            section: ActiveValue::Set(section.id.clone()),
            answers: ActiveValue::Set(sealed(&key, &id, &section.id, &own)?),
            version: ActiveValue::Set(1),
            updated_at: ActiveValue::Set(tx.now()),
            updated_by: ActiveValue::Set(cx.actor.account().map(|account| account.account)),
        });
    }
    if !rows.is_empty() {
        row::Entity::insert_many(rows).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}
