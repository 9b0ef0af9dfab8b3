//! Files that are withheld, as they hold data about people, may hold some, or were not looked through yet (SEC-25). The product looks through them, and
//! people decide; this says what stands against a file, and is the one way in which that changes.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde_json::json;
use uuid::Uuid;

use super::act::entry;
use super::attach::{Attached, File, key_of, name};
use super::rows::{self, Column, Entity, Model};
use crate::clock::Millis;
use crate::cx::{Cx, Entry, Permit, Tx};
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::texts::{self, Text};

/// The kind of job that looks through a file: what the product registers a worker for.
pub const SCREEN: &str = "files.screen";

/// Why a file is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Nobody has looked through it yet.
    Waiting,
    /// It holds what looks like data about people.
    Found,
    /// It cannot be read, or not whole.
    Unread,
    /// It is declared essential: it stays closed to all but those entitled.
    Essential,
    /// It was withdrawn: nobody opens it any more.
    Withdrawn,
}

impl Held {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Found, Self::Unread, Self::Essential, Self::Withdrawn];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Found => "found",
            Self::Unread => "unread",
            Self::Essential => "essential",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|held| held.code() == code)
    }

    /// Whether nobody has decided yet.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Found | Self::Unread)
    }

    /// In words.
    pub fn says(self) -> String {
        texts::t(&format!("file-held-{}", self.code()))
    }
}

impl Model {
    /// Why it is withheld, if it is.
    pub fn held(&self) -> Option<Held> {
        self.held.as_deref().and_then(Held::from_code)
    }
}

/// Has a file that is withheld looked through once the transaction is committed.
pub(super) fn look_later(tx: &mut Tx, row: &Model) {
    if row.held() == Some(Held::Waiting) {
        tx.job(Job::new(SCREEN, json!({ "file": row.id })));
    }
}

/// A file that is withheld, with its name.
#[derive(Debug, Clone)]
pub struct HeldFile {
    /// The file, as the actor meets it.
    pub file: File,
    /// Its name; none once its key was destroyed.
    pub name: Option<String>,
}

impl HeldFile {
    /// Its row.
    pub fn row(&self) -> &Model {
        &self.file.row
    }
}

/// The files of a thing that are withheld and that the actor may view, the oldest first; what a newer version has taken the place of is left out.
///
/// # Errors
/// [`Error::NotFound`]; or when the database fails or a name does not open.
pub async fn of_thing(cx: &Cx, kind: &str, thing: &str) -> Result<Vec<HeldFile>> {
    let at = Attached::find(cx, None, kind, thing, None).await?;
    at.check_view(cx)?;
    let which = Condition::all().add(at.visible(cx)).add(standing());
    let all = rows::every(cx.db(), kind, thing, None, which).await?;
    let key = key_of(cx, kind, thing).await?;
    let mut out = Vec::new();
    for row in all {
        let file = at.file(row);
        if cx.may("file.view", &file) {
            out.push(HeldFile { name: name(key.as_ref(), &file.row)?, file });
        }
    }
    Ok(out)
}

/// One file of a thing, withheld or not, whatever its version, as the actor meets it.
///
/// # Errors
/// [`Error::NotFound`], also where it is attached to something else; or a refusal.
pub async fn one(cx: &Cx, kind: &str, thing: &str, id: Uuid) -> Result<HeldFile> {
    let (file, _) = File::find(cx, None, id).await?;
    if (file.row.kind.as_str(), file.row.thing.as_str()) != (kind, thing) {
        return Err(Error::NotFound);
    }
    cx.core().authz.check(&cx.actor, "file.view", &file)?;
    let key = key_of(cx, kind, thing).await?;
    Ok(HeldFile { name: name(key.as_ref(), &file.row)?, file })
}

fn standing() -> Condition {
    Condition::all().add(Column::Held.is_not_null()).add(Column::SupersededBy.is_null())
}

/// How many files here are withheld from the actor until somebody decides: how many there are is no secret to whoever would read them otherwise.
pub(super) async fn hidden(cx: &Cx, at: &Attached) -> Result<usize> {
    if at.subject.screened.is_none() {
        return Ok(0);
    }
    let thing = &at.subject.thing;
    let open = Column::Held.is_in([Held::Waiting, Held::Found, Held::Unread].map(Held::code));
    // As if it could open them all.
    let which = Condition::all().add(rows::visible(&cx.actor, true, true)).add(standing()).add(open).add(Column::Sensitive.eq(false));
    let all = rows::every(cx.db(), thing.kind, &thing.id, at.field.as_deref(), which).await?;
    Ok(all.into_iter().filter(|row| !cx.may("file.view", &at.file(row.clone()))).count())
}

/// How many files of a thing wait for somebody to decide about them, as far as the actor would read them otherwise.
///
/// # Errors
/// [`Error::NotFound`]; or when the database fails.
pub async fn open(cx: &Cx, kind: &str, thing: &str) -> Result<usize> {
    let which = Condition::all().add(rows::visible(&cx.actor, true, true)).add(standing());
    let all = rows::every(cx.db(), kind, thing, None, which).await?;
    Ok(all.iter().filter(|row| row.held().is_some_and(Held::is_open)).count())
}

/// A file that waits to be looked through, with its name; none once it does not any more.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn waiting(cx: &Cx, id: Uuid) -> Result<Option<(Model, String)>> {
    let row = match rows::get(cx.db(), id).await {
        Ok(row) => row,
        Err(Error::NotFound) => return Ok(None),
        Err(other) => return Err(other),
    };
    if row.held() != Some(Held::Waiting) {
        return Ok(None);
    }
    let key = key_of(cx, &row.kind, &row.thing).await?;
    Ok(name(key.as_ref(), &row)?.map(|name| (row, name)))
}

/// The files of a kind of thing that wait to be looked through since an instant before `until`, at most `most`.
///
/// # Errors
/// When the database fails.
pub async fn left<C: ConnectionTrait>(db: &C, kind: &str, until: Millis, most: u64) -> Result<Vec<Uuid>> {
    let found = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Held.eq(Held::Waiting.code()))
        .filter(Column::Kind.eq(kind))
        .filter(Column::At.lt(until));
    Ok(found.order_by_asc(Column::Id).limit(most).into_tuple().all(db).await?)
}

/// A file that is about to be decided on, locked, with leave to do so.
pub struct Deciding {
    /// The file.
    pub file: File,
    /// The leave.
    pub permit: Permit,
}

/// Locks a file that is withheld and asks whether `action` may be done to it. `was` is why it was withheld as far as whoever decides knows.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when it is withheld for another reason by now, or not any more; or a refusal.
pub async fn deciding(cx: &Cx, tx: &Tx, id: Uuid, action: &'static str, was: Held) -> Result<Deciding> {
    let (file, _) = File::find(cx, Some(tx), id).await?;
    if file.row.held() != Some(was) {
        // Whoever may not know of it learns nothing by asking.
        cx.permit("file.view", &file)?;
        return Err(Error::Stale(Text::new("file-held-stale")));
    }
    let permit = cx.permit(action, &file)?;
    Ok(Deciding { file, permit })
}

/// Says from now on why a file is withheld, or that it is not, within the transaction that locked it; the entry that tells of it.
///
/// # Errors
/// [`Error::Stale`] when somebody was faster.
pub async fn put(tx: &Tx, of: &File, action: &'static str, held: Option<Held>) -> Result<Entry> {
    let done = Entity::update_many()
        .col_expr(Column::Held, Expr::value(held.map(Held::code)))
        .filter(Column::Id.eq(of.row.id))
        .filter(Column::Held.eq(of.row.held.clone()))
        .exec(tx.db())
        .await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(Text::new("file-held-stale")));
    }
    Ok(entry(action, &of.row).about("held", held.map_or("no", Held::code)))
}
