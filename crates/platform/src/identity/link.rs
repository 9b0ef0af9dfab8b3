//! Links sent out or handed over: 256 random bits of which only the digest is stored, for one purpose, until a time, once, and ended by a
//! newer one.

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait};

use crate::clock::{DAY, HOUR, MINUTE, Millis};
use crate::cx::House;
use crate::error::Result;
use crate::random;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Setting the first password.
    Invitation,
    /// Setting a new password.
    Reset,
    /// The second step of signing in, after the password; kept in a cookie, never sent by mail.
    SecondStep,
    /// Signing in to the demonstration, again and again; nothing elsewhere.
    Demo,
}

impl Purpose {
    /// The code stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::SecondStep => "second-step",
            Self::Demo => "demo",
        }
    }

    /// How long such a link works.
    pub fn lasts(self) -> Millis {
        match self {
            Self::Invitation => 7 * DAY,
            Self::Reset => HOUR,
            Self::SecondStep => 10 * MINUTE,
            Self::Demo => 3650 * DAY,
        }
    }
}

/// A link.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_link")]
pub struct Model {
    /// Its id, under which the ledger names who used it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of its token.
    pub token: Vec<u8>,
    /// The account it is for.
    pub account: Uuid,
    /// What it is for, by [`Purpose::code`].
    pub purpose: String,
    /// When it was made.
    pub made_at: i64,
    /// Until when it works.
    pub until: i64,
    /// When it was used or replaced; none while it works.
    pub ended_at: Option<i64>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::cx::housekept!(Entity);

/// A new link for `account`; its token. An invitation or reset ends every earlier invitation and reset of the account.
///
/// # Errors
/// When the database fails.
pub async fn make<C: ConnectionTrait>(db: &C, account: Uuid, purpose: Purpose, now: Millis) -> Result<String> {
    if matches!(purpose, Purpose::Invitation | Purpose::Reset) {
        end_all(db, account, now).await?;
    }
    let token = random::token()?;
    let row = ActiveModel {
        id: ActiveValue::Set(random::id(now)?),
        token: ActiveValue::Set(random::digest(token.as_bytes())),
        account: ActiveValue::Set(account),
        purpose: ActiveValue::Set(purpose.code().to_owned()),
        made_at: ActiveValue::Set(now),
        until: ActiveValue::Set(now + purpose.lasts()),
        ended_at: ActiveValue::Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(token)
}

/// As [`make`], as housekeeping: a second step, a reset that somebody asked for.
///
/// # Errors
/// When the database fails.
pub async fn issue(house: &House, account: Uuid, purpose: Purpose) -> Result<String> {
    make(house.db(), account, purpose, house.now()).await
}

/// Ends every invitation, reset and second step of `account`.
///
/// # Errors
/// When the database fails.
pub async fn end_all<C: ConnectionTrait>(db: &C, account: Uuid, now: Millis) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::Account.eq(account))
        .filter(Column::Purpose.ne(Purpose::Demo.code()))
        .filter(Column::EndedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// The link with this token, if it is for one of these purposes and still works.
///
/// # Errors
/// When the database fails.
pub async fn find<C: ConnectionTrait>(db: &C, token: &str, purposes: &[Purpose], now: Millis) -> Result<Option<Model>> {
    let row = Entity::find().filter(Column::Token.eq(random::digest(token.as_bytes()))).one(db).await?;
    Ok(row.filter(|r| r.ended_at.is_none() && r.until >= now && purposes.iter().any(|p| p.code() == r.purpose)))
}

/// Uses the link up; `false` when another request was faster.
///
/// # Errors
/// When the database fails.
pub async fn consume<C: ConnectionTrait>(db: &C, id: Uuid, now: Millis) -> Result<bool> {
    let done = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::EndedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
