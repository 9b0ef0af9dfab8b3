//! Tasks of a case: something someone must do by a date. What they say is sealed.

use jiff::civil::Date;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder};

use super::lifecycle::Kind;
use super::rows::{case_file, case_task};
use super::store::Case;
use super::words::Words;
use crate::authz::{AccountActor, Side};
use crate::clock::Millis;
use crate::cx::{Cx, Tx};
use crate::error::{Error, Result};
use crate::random;
use crate::texts::Text;

/// The table, in the place of what is sealed.
const TABLE: &str = "case_task";

/// A task, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// What to do.
    pub title: String,
    /// More about it.
    pub detail: Option<String>,
    /// Which side must do it: `authority` or `supplier`. A supplier sees its own side's only.
    pub side: String,
    /// The role that must do it.
    pub owner_role: Option<String>,
    /// The account that must do it; none while anybody of its side may.
    pub owner: Option<Uuid>,
    /// By when (ISO date).
    pub due: Option<String>,
    /// When it was done.
    pub done_at: Option<Millis>,
    /// What was done.
    pub note: Option<String>,
    /// Guards against lost updates.
    pub version: i32,
}

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
/// When the database fails, or the case's key was destroyed.
pub async fn add(cx: &Cx, tx: &Tx, case: &Case, by: &AccountActor, new: NewTask) -> Result<Uuid> {
    let id = random::id(tx.now())?;
    let words = Words::writing(cx, tx, case).await?;
    let row = case_task::ActiveModel {
        id: ActiveValue::Set(id),
        case: ActiveValue::Set(case.id),
        title: ActiveValue::Set(words.seal(TABLE, &id.to_string(), "title", &new.title)?),
        detail: ActiveValue::Set(words.seal_some(TABLE, &id.to_string(), "detail", new.detail.as_deref())?),
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

fn opened(words: &Words, row: case_task::Model) -> Result<Task> {
    let id = row.id.to_string();
    Ok(Task {
        title: words.read(TABLE, &id, "title", &row.title)?,
        detail: words.read_some(TABLE, &id, "detail", row.detail.as_deref())?,
        note: words.read_some(TABLE, &id, "note", row.note.as_deref())?,
        id: row.id,
        case: row.case,
        side: row.side,
        owner_role: row.owner_role,
        owner: row.owner,
        due: row.due,
        done_at: row.done_at,
        version: row.version,
    })
}

/// The task, if it is one of this case.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, id: Uuid) -> Result<Task> {
    let row = case_task::Entity::find_by_id(id).filter(case_task::Column::Case.eq(case.id)).one(db).await?.ok_or(Error::NotFound)?;
    opened(&Words::reading(cx, db, case).await?, row)
}

fn stale(task: &Task) -> Error {
    Error::Stale(Text::new("case-task-stale").with("title", &task.title))
}

/// Marks a task done.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile or it is done already.
pub async fn done(cx: &Cx, tx: &Tx, case: &Case, task: &Task, by: Uuid, note: Option<&str>) -> Result<()> {
    let note = Words::writing(cx, tx, case).await?.seal_some(TABLE, &task.id.to_string(), "note", note)?;
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
    if changed == 1 { Ok(()) } else { Err(stale(task)) }
}

/// Gives an open task to an account, or to whoever of its side comes first.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile or it is done already.
pub async fn pass(tx: &Tx, task: &Task, to: Option<Uuid>) -> Result<()> {
    let changed = case_task::Entity::update_many()
        .col_expr(case_task::Column::Owner, Expr::value(to))
        .col_expr(case_task::Column::Version, Expr::value(task.version + 1))
        .filter(case_task::Column::Id.eq(task.id))
        .filter(case_task::Column::Version.eq(task.version))
        .filter(case_task::Column::DoneAt.is_null())
        .exec(tx.db())
        .await?
        .rows_affected;
    if changed == 1 { Ok(()) } else { Err(stale(task)) }
}

/// The tasks of a case, open ones first; for a supplier those of its side only.
///
/// # Errors
/// When the database fails.
pub async fn list<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, reader: Side) -> Result<Vec<Task>> {
    let mut query = case_task::Entity::find().filter(case_task::Column::Case.eq(case.id));
    if reader == Side::Supplier {
        query = query.filter(case_task::Column::Side.eq(Side::Supplier.code()));
    }
    let rows = query.order_by_asc(case_task::Column::MadeAt).order_by_asc(case_task::Column::Id).all(db).await?;
    let words = Words::reading(cx, db, case).await?;
    let mut tasks = rows.into_iter().map(|row| opened(&words, row)).collect::<Result<Vec<_>>>()?;
    tasks.sort_by_key(|task| (task.done_at.is_some(), task.due.clone().unwrap_or_else(|| "9999".to_owned())));
    Ok(tasks)
}

/// The open tasks that an account has, in open cases of this kind: case and id, those set first coming first.
///
/// # Errors
/// When the database fails.
pub async fn owned<C: ConnectionTrait>(db: &C, kind: &Kind, account: Uuid) -> Result<Vec<(Uuid, Uuid)>> {
    let cases =
        Query::select().column(case_file::Column::Id).from(case_file::Entity).and_where(case_file::Column::Kind.eq(kind.id)).to_owned();
    let rows = case_task::Entity::find()
        .filter(case_task::Column::Owner.eq(account))
        .filter(case_task::Column::DoneAt.is_null())
        .filter(case_task::Column::Case.in_subquery(cases))
        .order_by_asc(case_task::Column::MadeAt)
        .order_by_asc(case_task::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.case, row.id)).collect())
}
