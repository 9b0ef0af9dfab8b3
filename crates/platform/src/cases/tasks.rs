//! Tasks of a case: something someone must do by a date.

use jiff::civil::Date;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder};

use super::rows::case_task;
use crate::authz::{AccountActor, Side};
use crate::cx::Tx;
use crate::error::{Error, Result};
use crate::random;
use crate::texts::Text;

/// A task as stored.
pub type Task = case_task::Model;

/// A task to be set.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// What to do.
    pub title: String,
    /// More about it.
    pub detail: Option<String>,
    /// Which side must do it.
    pub side: Side,
    /// The role that must.
    pub role: Option<String>,
    /// The account that must.
    pub owner: Option<Uuid>,
    /// By when.
    pub due: Option<Date>,
}

/// Sets a task; its id.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &Tx, case: Uuid, by: &AccountActor, new: NewTask) -> Result<Uuid> {
    let id = random::id(tx.now())?;
    let row = case_task::ActiveModel {
        id: ActiveValue::Set(id),
        case: ActiveValue::Set(case),
        title: ActiveValue::Set(new.title),
        detail: ActiveValue::Set(new.detail),
        side: ActiveValue::Set(new.side.code().to_owned()),
        owner_role: ActiveValue::Set(new.role),
        owner: ActiveValue::Set(new.owner),
        due: ActiveValue::Set(new.due.map(|d| d.to_string())),
        made_at: ActiveValue::Set(tx.now()),
        made_by: ActiveValue::Set(by.account),
        done_at: ActiveValue::Set(None),
        done_by: ActiveValue::Set(None),
        note: ActiveValue::Set(None),
        version: ActiveValue::Set(1),
    };
    case_task::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(id)
}

/// The task, if it is one of this case.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, case: Uuid, id: Uuid) -> Result<Task> {
    case_task::Entity::find_by_id(id).filter(case_task::Column::Case.eq(case)).one(db).await?.ok_or(Error::NotFound)
}

/// Marks a task done.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile or it is done already.
pub async fn done(tx: &Tx, task: &Task, by: Uuid, note: Option<String>) -> Result<()> {
    let changed = case_task::Entity::update_many()
        .col_expr(case_task::Column::DoneAt, Expr::value(tx.now()))
        .col_expr(case_task::Column::DoneBy, Expr::value(by))
        .col_expr(case_task::Column::Note, Expr::value(note))
        .col_expr(case_task::Column::Version, Expr::value(task.version + 1))
        .filter(case_task::Column::Id.eq(task.id))
        .filter(case_task::Column::Version.eq(task.version))
        .filter(case_task::Column::DoneAt.is_null())
        .exec(tx.db())
        .await?
        .rows_affected;
    if changed == 1 { Ok(()) } else { Err(Error::Stale(Text::new("case-task-stale").with("title", &task.title))) }
}

/// The tasks of a case, open ones first; for a supplier those of its side only.
///
/// # Errors
/// When the database fails.
pub async fn list<C: ConnectionTrait>(db: &C, case: Uuid, reader: Side) -> Result<Vec<Task>> {
    let mut query = case_task::Entity::find().filter(case_task::Column::Case.eq(case));
    if reader == Side::Supplier {
        query = query.filter(case_task::Column::Side.eq(Side::Supplier.code()));
    }
    let mut tasks = query.order_by_asc(case_task::Column::MadeAt).order_by_asc(case_task::Column::Id).all(db).await?;
    tasks.sort_by_key(|task| (task.done_at.is_some(), task.due.clone().unwrap_or_else(|| "9999".to_owned())));
    Ok(tasks)
}
