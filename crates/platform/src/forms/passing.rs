//! Sections of a case's form passed to somebody by a link: 256 random bits of which only the digest is stored, until a day, for somebody
//! whose name and address are sealed with the case's key. Who holds one may pass it on: such a link stands below theirs.
//!
//! What is done with a link goes through the write path; that it was opened is housekeeping.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ConnectionTrait, IntoActiveModel as _, QueryOrder as _, QueryTrait};

use crate::authz::Actor;
use crate::cases::{Case, Words};
use crate::clock::{MINUTE, Millis};
use crate::cx::{Cx, Tx, housekept};
use crate::db::dialect;
use crate::error::{Error, Result};
use crate::random;
use crate::texts::Text;

/// The table, in the place of what is sealed.
const TABLE: &str = "section_link";

/// What a link of this sort opens, as its actor says.
pub const SCOPE: &str = "section";

/// How a link stands by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is answered.
    Open,
    /// Its holder handed it back.
    HandedBack,
    /// Whoever asked took the answers as they are.
    Taken,
    /// It was called back.
    Revoked,
}

impl State {
    /// The code stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::HandedBack => "handed_back",
            Self::Taken => "taken",
            Self::Revoked => "revoked",
        }
    }
}

/// A link as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "section_link")]
pub struct Model {
    /// Its id, under which the ledger names its holder.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The kind of case.
    pub kind: String,
    /// The case.
    pub case: Uuid,
    /// The round that it is for.
    pub round: i32,
    /// The sections, with blanks between them.
    pub sections: String,
    /// SHA-256 of its token.
    pub token: Vec<u8>,
    /// The link whose holder passed it on.
    pub above: Option<Uuid>,
    /// The account that asked; none of one that was passed on.
    pub made_by: Option<Uuid>,
    /// Sealed: who holds it.
    pub name: Vec<u8>,
    /// Sealed: where it was sent.
    pub email: Vec<u8>,
    /// Sealed: what whoever asked said with it.
    pub remark: Option<Vec<u8>>,
    /// By [`State::code`].
    pub state: String,
    /// Until when it works.
    pub until: i64,
    /// When it was made.
    pub made_at: i64,
    /// The job of the last mail with it.
    pub mail: Uuid,
    /// When that was written.
    pub mailed_at: i64,
    /// When it was first opened.
    pub opened_at: Option<i64>,
    /// When it was last opened.
    pub last_at: Option<i64>,
    /// When something was first answered by it.
    pub started_at: Option<i64>,
    /// When it was handed back.
    pub handed_at: Option<i64>,
    /// When it was taken or called back.
    pub ended_at: Option<i64>,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

housekept!(Entity);

impl Model {
    /// The sections that it opens.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.split(' ').filter(|section| !section.is_empty())
    }

    /// Whether it stands so by itself.
    pub fn is(&self, state: State) -> bool {
        self.state == state.code()
    }

    /// Its holder as an actor.
    pub fn actor(&self) -> Actor {
        Actor::Link { id: self.id, scope: SCOPE, on: self.case }
    }
}

/// Who holds a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
}

/// Calls all open links back.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(tx: &Tx) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Revoked.code()))
        .col_expr(Column::EndedAt, Expr::value(tx.now()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::State.eq(State::Open.code()))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Name, address and remark, sealed.
pub type Written = (Vec<u8>, Vec<u8>, Option<Vec<u8>>);

/// What people wrote about a link, sealed for its row: name, address, remark.
///
/// # Errors
/// [`Error::Conflict`] once the case's key was destroyed.
pub fn sealed(words: &Words, id: Uuid, who: &Holder, remark: Option<&str>) -> Result<Written> {
    let id = id.to_string();
    let seal = |field, text: &str| words.seal(TABLE, &id, field, text);
    Ok((seal("name", &who.name)?, seal("email", &who.email)?, words.seal_some(TABLE, &id, "remark", remark)?))
}

/// Who holds a link; nobody any more once the case's key was destroyed.
///
/// # Errors
/// When name or address were changed behind our back.
pub fn holder(words: &Words, row: &Model) -> Result<Holder> {
    let id = row.id.to_string();
    Ok(Holder { name: words.read(TABLE, &id, "name", &row.name)?, email: words.open(TABLE, &id, "email", &row.email)?.unwrap_or_default() })
}

/// What whoever asked said with it.
///
/// # Errors
/// As [`holder`].
pub fn remark(words: &Words, row: &Model) -> Result<Option<String>> {
    words.read_some(TABLE, &row.id.to_string(), "remark", row.remark.as_deref())
}

/// A remark, sealed for a link's row.
///
/// # Errors
/// As [`sealed`].
pub fn seal_remark(words: &Words, id: Uuid, remark: Option<&str>) -> Result<Option<Vec<u8>>> {
    words.seal_some(TABLE, &id.to_string(), "remark", remark)
}

/// A fresh token with its digest.
///
/// # Errors
/// When the system gives no randomness.
pub fn token() -> Result<(String, Vec<u8>)> {
    let token = random::token()?;
    let digest = random::digest(token.as_bytes());
    Ok((token, digest))
}

/// The link with this token.
///
/// # Errors
/// When the database fails.
pub async fn find<C: ConnectionTrait>(db: &C, token: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Token.eq(random::digest(token.as_bytes()))).one(db).await?)
}

/// The links of a case, first to last.
///
/// # Errors
/// When the database fails.
pub async fn of_case<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::Case.eq(case)).order_by_asc(Column::Id).all(db).await?)
}

/// The links of a case, held still until the transaction ends. The case's row is locked before.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &Tx, case: Uuid) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::Case.eq(case)).order_by_asc(Column::Id);
    dialect::lock_rows(tx.db().get_database_backend(), QueryTrait::query(&mut query));
    Ok(query.all(tx.db()).await?)
}

/// Stores a new link.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Stores a changed link; the next version is counted here.
///
/// # Errors
/// [`Error::Stale`] when somebody was quicker.
pub async fn update(tx: &Tx, row: Model) -> Result<()> {
    let version = row.version;
    let row = Model { version: version + 1, ..row };
    let query = Entity::update_many().set(row.clone().into_active_model().reset_all());
    let done = query.filter(Column::Id.eq(row.id)).filter(Column::Version.eq(version)).exec(tx.db()).await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Stale(Text::new("passing-stale"))) }
}

/// Notes that something was answered by a link, the first time.
///
/// # Errors
/// When the database fails.
pub async fn started(tx: &Tx, id: Uuid) -> Result<()> {
    let query = Entity::update_many().col_expr(Column::StartedAt, Expr::value(tx.now()));
    query.filter(Column::Id.eq(id)).filter(Column::StartedAt.is_null()).exec(tx.db()).await?;
    Ok(())
}

/// Notes that a link was opened: the first time, and the last time to the minute.
///
/// # Errors
/// When the database fails.
pub async fn opened(cx: &Cx, row: &Model) -> Result<()> {
    if row.last_at.is_some_and(|at| cx.now() - at < MINUTE) {
        return Ok(());
    }
    let house = cx.housekeep().await?;
    let now = house.now();
    let first = Expr::col(Column::OpenedAt).if_null(now);
    let query = Entity::update_many().col_expr(Column::OpenedAt, first).col_expr(Column::LastAt, Expr::value(now));
    house.update(query.filter(Column::Id.eq(row.id))).await?;
    house.done().await
}

/// The links above one, nearest first, among all of its case.
pub fn above<'a>(all: &'a [Model], row: &Model) -> Vec<&'a Model> {
    let mut found: Vec<&Model> = Vec::new();
    let mut next = row.above;
    while let Some(one) = next.and_then(|id| all.iter().find(|other| other.id == id)) {
        if found.iter().any(|other| other.id == one.id) {
            break;
        }
        found.push(one);
        next = one.above;
    }
    found
}

/// The links below one, among all of its case.
pub fn below(all: &[Model], id: Uuid) -> Vec<&Model> {
    let mut known: BTreeSet<Uuid> = BTreeSet::from([id]);
    let mut found = Vec::new();
    loop {
        let before = known.len();
        for row in all {
            if row.above.is_some_and(|above| known.contains(&above)) && known.insert(row.id) {
                found.push(row);
            }
        }
        if known.len() == before {
            return found;
        }
    }
}

/// The names of the holders of a case's links, by link.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn names(cx: &Cx, case: &Case) -> Result<BTreeMap<Uuid, String>> {
    let rows = of_case(cx.db(), case.id).await?;
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let words = Words::reading(cx, cx.db(), case).await?;
    rows.iter().map(|row| Ok((row.id, holder(&words, row)?.name))).collect()
}

/// Until when a link works whose last day is `day`.
pub fn until(cx: &Cx, day: jiff::civil::Date) -> Millis {
    cx.core().clock.end_of(day)
}
