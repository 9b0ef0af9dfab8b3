//! Answers within the transaction of an act: those of a new case, given with it or carried forward from another; and what an act changes of those that
//! stand.

use rules::form::{Answers, Form};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::{CARRIED, opened, own, place_id, row, rows_of, sealed, subject};
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

/// Changes answers that stand in a round, in the transaction of an act.
///
/// # Errors
/// When the database fails, or the answers were forgotten or changed behind our back.
pub async fn rewrite(cx: &Cx, tx: &Tx, (case, round): (Uuid, i32), form: &Form, change: impl Fn(&mut Answers)) -> Result<()> {
    let rows = rows_of(tx.db(), case, round, true).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let key = tx.key(cx, &subject(case)).await?;
    let standing = opened(&key, &rows, round)?.answers;
    let mut answers = standing.clone();
    change(&mut answers);
    let (id, by) = (place_id(case, round), cx.actor.account().map(|account| account.account));
    for section in &form.sections {
        let (was, is) = (own(&section.questions, &standing), own(&section.questions, &answers));
        if was == is {
            continue;
        }
        let sealed = sealed(&key, &id, &section.id, &is)?;
        if rows.iter().any(|row| row.round == round && row.section == section.id) {
            row::Entity::update_many()
                .col_expr(row::Column::Answers, Expr::value(sealed))
                .col_expr(row::Column::Version, Expr::col(row::Column::Version).add(1))
                .col_expr(row::Column::UpdatedAt, Expr::value(tx.now()))
                .col_expr(row::Column::UpdatedBy, Expr::value(by))
                .filter(row::Column::Case.eq(case))
                .filter(row::Column::Round.eq(round))
                .filter(row::Column::Section.eq(section.id.as_str()))
                .exec(tx.db())
                .await?;
        } else {
            let row = row::ActiveModel {
                case: ActiveValue::Set(case),
                round: ActiveValue::Set(round),
                section: ActiveValue::Set(section.id.clone()),
                answers: ActiveValue::Set(sealed),
                version: ActiveValue::Set(1),
                updated_at: ActiveValue::Set(tx.now()),
                updated_by: ActiveValue::Set(by),
            };
            row::Entity::insert(row).exec_without_returning(tx.db()).await?;
        }
    }
    Ok(())
}
