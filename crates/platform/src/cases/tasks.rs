//! Tasks of a case: something someone must do by a date. What they say is sealed.

mod due;

use jiff::civil::Date;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, Query};
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder, QuerySelect as _};

use super::lifecycle::Kind;
use super::queue::{self, Visible};
use super::rows::{case_file, case_task};
use super::store::Case;
use super::words::Words;
use crate::authz::{AccountActor, Side};
use crate::clock::Millis;
use crate::cx::{Cx, Tx};
use crate::error::{Error, Result};
use crate::random;
use crate::texts::Text;

pub use due::{Pending, due_until};

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
    /// By which account.
    pub done_by: Option<Uuid>,
    /// What was done.
    pub note: Option<String>,
    /// What it is for.
    pub kind: For,
    /// What it comes from: the id of a control, or of a weakness.
    pub source: Option<String>,
    /// Whether the authority checks that it was done.
    pub checks: bool,
    /// When it was checked and found done.
    pub checked_at: Option<Millis>,
    /// What was lacking when it was last checked, until it is done again.
    pub lacks: Option<String>,
    /// When it was no longer asked for: what it was set for is over.
    pub dropped_at: Option<Millis>,
    /// Guards against lost updates.
    pub version: i32,
}

/// What a task is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Something that somebody asked for.
    Task,
    /// A condition of an approval.
    Condition,
    /// A control that an approval demands.
    Control,
    /// A review of an approval, which comes again once it is done.
    Review,
}

impl For {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Task, Self::Condition, Self::Control, Self::Review];

    /// The code, for addresses and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Condition => "condition",
            Self::Control => "control",
            Self::Review => "review",
        }
    }

    fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.code() == code).unwrap_or(Self::Task)
    }
}

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Not done yet.
    Open,
    /// Said to be done; to be checked.
    Said,
    /// Done, and checked where it is to be.
    Done,
    /// No longer asked for.
    Dropped,
}

impl Stands {
    /// Whether nobody has to do anything about it any more.
    pub fn over(self) -> bool {
        matches!(self, Self::Done | Self::Dropped)
    }
}

impl Task {
    /// How it stands.
    pub fn stands(&self) -> Stands {
        let over = self.dropped_at.is_some();
        match self.done_at {
            None => {
                if over {
                    Stands::Dropped
                } else {
                    Stands::Open
                }
            }
            Some(_) if self.checks && self.checked_at.is_none() => {
                if over {
                    Stands::Dropped
                } else {
                    Stands::Said
                }
            }
            Some(_) => Stands::Done,
        }
    }
}

impl NewTask {
    /// A task for whoever of a side comes first, at no date, that nobody checks.
    pub fn new(title: impl Into<String>, side: Side) -> Self {
        Self { title: title.into(), detail: None, side, role: None, owner: None, due: None, kind: For::Task, source: None, checks: false }
    }
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
    /// What it is for.
    pub kind: For,
    /// What it comes from: the id of a control.
    pub source: Option<String>,
    /// Whether the authority checks that it was done.
    pub checks: bool,
}

/// Sets a task; its id.
///
/// # Errors
/// When the database fails, or the case's key was destroyed.
pub async fn add(cx: &Cx, tx: &Tx, case: &Case, by: &AccountActor, new: NewTask) -> Result<Uuid> {
    let id = random::id(tx.now())?;
    insert(cx, tx, case, by, id, new).await?;
    Ok(id)
}

/// Sets several tasks, which are listed in this order; their ids.
///
/// # Errors
/// As [`add`].
pub async fn add_all(cx: &Cx, tx: &Tx, case: &Case, by: &AccountActor, all: Vec<NewTask>) -> Result<Vec<Uuid>> {
    let mut ids = all.iter().map(|_| random::id(tx.now())).collect::<Result<Vec<_>>>()?;
    // Of tasks set at the same instant, ids give the order.
    ids.sort_unstable();
    for (id, new) in ids.iter().zip(all) {
        insert(cx, tx, case, by, *id, new).await?;
    }
    Ok(ids)
}

async fn insert(cx: &Cx, tx: &Tx, case: &Case, by: &AccountActor, id: Uuid, new: NewTask) -> Result<()> {
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
        kind: ActiveValue::Set(new.kind.code().to_owned()),
        source: ActiveValue::Set(new.source),
        checks: ActiveValue::Set(new.checks),
        checked_at: ActiveValue::Set(None),
        checked_by: ActiveValue::Set(None),
        lacks: ActiveValue::Set(None),
        dropped_at: ActiveValue::Set(None),
        version: ActiveValue::Set(1),
    };
    case_task::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
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
        done_by: row.done_by,
        lacks: words.read_some(TABLE, &id, "lacks", row.lacks.as_deref())?,
        kind: For::from_code(&row.kind),
        source: row.source,
        checks: row.checks,
        checked_at: row.checked_at,
        dropped_at: row.dropped_at,
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
        .col_expr(case_task::Column::Lacks, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(case_task::Column::Version, Expr::value(task.version + 1))
        .filter(case_task::Column::Id.eq(task.id))
        .filter(case_task::Column::Version.eq(task.version))
        .filter(open())
        .exec(tx.db())
        .await?
        .rows_affected;
    if changed == 1 { Ok(()) } else { Err(stale(task)) }
}

/// What was said to be done, and is to be checked.
fn unchecked() -> Condition {
    let said = Condition::all().add(case_task::Column::Checks.eq(true)).add(case_task::Column::DoneAt.is_not_null());
    said.add(case_task::Column::CheckedAt.is_null()).add(case_task::Column::DroppedAt.is_null())
}

/// What is still to be done.
fn open() -> Condition {
    Condition::all().add(case_task::Column::DoneAt.is_null()).add(case_task::Column::DroppedAt.is_null())
}

/// Asks no longer for those of these tasks that are not done, or said to be and not checked: how many.
///
/// # Errors
/// When the database fails.
pub async fn drop_open(tx: &Tx, tasks: impl IntoIterator<Item = Uuid>) -> Result<u64> {
    let dropped = case_task::Entity::update_many()
        .col_expr(case_task::Column::DroppedAt, Expr::value(tx.now()))
        .col_expr(case_task::Column::Version, Expr::col(case_task::Column::Version).add(1))
        .filter(case_task::Column::Id.is_in(tasks))
        .filter(Condition::any().add(case_task::Column::DoneAt.is_null()).add(unchecked()))
        .filter(case_task::Column::DroppedAt.is_null());
    Ok(dropped.exec(tx.db()).await?.rows_affected)
}

/// Finds a task done that was said to be; or not, with what `lacks`, and it is open again.
///
/// # Errors
/// [`Error::Stale`] when someone changed it meanwhile or it is not to be checked now.
pub async fn check(cx: &Cx, tx: &Tx, case: &Case, task: &Task, by: Uuid, lacks: Option<&str>) -> Result<()> {
    let sealed = Words::writing(cx, tx, case).await?.seal_some(TABLE, &task.id.to_string(), "lacks", lacks)?;
    let mut change = case_task::Entity::update_many()
        .col_expr(case_task::Column::CheckedBy, Expr::value(by))
        .col_expr(case_task::Column::Version, Expr::value(task.version + 1));
    change = match lacks {
        None => change.col_expr(case_task::Column::CheckedAt, Expr::value(tx.now())),
        Some(_) => change
            .col_expr(case_task::Column::Lacks, Expr::value(sealed))
            .col_expr(case_task::Column::DoneAt, Expr::value(Option::<i64>::None))
            .col_expr(case_task::Column::DoneBy, Expr::value(Option::<Uuid>::None)),
    };
    let changed = change
        .filter(case_task::Column::Id.eq(task.id))
        .filter(case_task::Column::Version.eq(task.version))
        .filter(unchecked())
        .exec(tx.db())
        .await?
        .rows_affected;
    if changed == 1 { Ok(()) } else { Err(stale(task)) }
}

/// Whether a task that comes from `source` is still to be done in a case, or was said to be and is to be checked.
///
/// # Errors
/// When the database fails.
pub async fn awaited<C: ConnectionTrait>(db: &C, case: Uuid, source: &str) -> Result<bool> {
    let standing = case_task::Entity::find()
        .filter(case_task::Column::Case.eq(case))
        .filter(case_task::Column::Source.eq(source))
        .filter(Condition::any().add(open()).add(unchecked()));
    Ok(standing.count(db).await? > 0)
}

/// How many tasks of a case wait for somebody, and by when the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The case.
    pub case: Uuid,
    /// How many.
    pub count: i64,
    /// The first date among them (ISO).
    pub due: Option<String>,
}

/// Which tasks wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// Those that this account must do, or anybody of its side may.
    Doing(Side, Uuid),
    /// Those that were said to be done and are to be checked.
    Checking,
}

/// The tasks that wait in the cases that an actor may view, but for those at these stages: case by case, those due first at the top, at most `most`
/// cases.
///
/// # Errors
/// When the database fails.
pub async fn waiting<C: ConnectionTrait>(
    db: &C,
    (kind, visible, but): (&Kind, Visible, &[&str]),
    awaited: Awaited,
    most: u64,
) -> Result<Vec<Waiting>> {
    use case_task::Column as C;
    let which = match awaited {
        Awaited::Doing(side, account) => Condition::all()
            .add(C::Side.eq(side.code()))
            .add(open())
            .add(Condition::any().add(C::Owner.is_null()).add(C::Owner.eq(account))),
        Awaited::Checking => unchecked(),
    };
    let rows: Vec<(Uuid, i64, Option<String>)> = case_task::Entity::find()
        .select_only()
        .column(C::Case)
        .column_as(C::Id.count(), "count")
        .column_as(C::Due.min(), "first")
        .filter(which)
        .filter(queue::seen_of(kind, visible, but, (case_task::Entity, C::Case)))
        .group_by(C::Case)
        .order_by_asc(Expr::expr(C::Due.min().is_null()))
        .order_by_asc(C::Due.min())
        .order_by_asc(C::Case)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(case, count, due)| Waiting { case, count, due }).collect())
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
        .filter(open())
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
    tasks.sort_by_key(|task| (task.stands().over(), task.due.clone().unwrap_or_else(|| "9999".to_owned())));
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
        .filter(open())
        .filter(case_task::Column::Case.in_subquery(cases))
        .order_by_asc(case_task::Column::MadeAt)
        .order_by_asc(case_task::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.case, row.id)).collect())
}
