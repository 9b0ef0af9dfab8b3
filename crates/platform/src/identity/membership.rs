//! Memberships: an account's role in one party, its own or one in which it stands for somebody else for some days.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder as _};

use super::account;
use crate::clock::{Clock, Millis};
use crate::error::{Error, Result};
use crate::texts::Text;

/// A membership.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The account.
    pub account: Uuid,
    /// The party.
    pub party: Uuid,
    /// The role, by code.
    pub role: String,
    /// Since when; to come, of one in which it will stand for somebody.
    pub since: i64,
    /// Until when; none while it stands without an end.
    pub until: Option<i64>,
    /// Guards against lost updates.
    pub version: i32,
    /// The membership of somebody else whose role this is; none of one's own.
    pub stands_for: Option<Uuid>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether it stands at `now`, as far as it says itself.
    pub fn stands(&self, now: Millis) -> bool {
        self.since <= now && self.is_open(now)
    }

    /// Whether it has not ended at `now`: it stands, or is to come.
    pub fn is_open(&self, now: Millis) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}

/// The SQL twin of [`Model::stands`].
pub fn standing(now: Millis) -> Condition {
    Condition::all().add(Column::Since.lte(now)).add(open(now))
}

/// The SQL twin of [`Model::is_open`].
pub fn open(now: Millis) -> Condition {
    Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(now))
}

/// Whether a membership can be acted with.
#[derive(Debug, Clone, PartialEq)]
pub enum Works {
    /// Not, or no longer, or not yet.
    No,
    /// It can, as oneself.
    Own,
    /// It can, in the place of this account's holder.
    For(Box<account::Model>),
}

/// Whether a membership can be acted with now: it stands and, where it is in somebody's place, so do their own role and their account.
///
/// # Errors
/// When the database fails.
pub async fn works<C: ConnectionTrait>(db: &C, clock: &Clock, row: &Model) -> Result<Works> {
    if !row.stands(clock.now()) {
        return Ok(Works::No);
    }
    let Some(other) = row.stands_for else { return Ok(Works::Own) };
    let Some(other) = Entity::find_by_id(other).one(db).await?.filter(|other| other.stands(clock.now())) else { return Ok(Works::No) };
    let holder = account::Entity::find_by_id(other.account).one(db).await?.filter(|holder| holder.stands(clock));
    Ok(holder.map_or(Works::No, |holder| Works::For(Box::new(holder))))
}

/// That a membership can still be acted with.
///
/// # Errors
/// [`Error::Stale`] when it cannot; when the database fails.
pub async fn still<C: ConnectionTrait>(db: &C, clock: &Clock, id: Uuid) -> Result<()> {
    let row = Entity::find_by_id(id).one(db).await?;
    let works = match &row {
        Some(row) => works(db, clock, row).await? != Works::No,
        None => false,
    };
    if works { Ok(()) } else { Err(Error::Stale(Text::new("error-instead-over"))) }
}

/// The roles of an account that are its own and stand, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn own<C: ConnectionTrait>(db: &C, account: Uuid, now: Millis) -> Result<Vec<Model>> {
    let found = Entity::find().filter(Column::Account.eq(account)).filter(Column::StandsFor.is_null()).filter(standing(now));
    Ok(found.order_by_asc(Column::Since).order_by_asc(Column::Id).all(db).await?)
}
