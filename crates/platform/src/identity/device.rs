//! Known browsers: those in which an account signed in before. Throttles that strangers set off do not slow them down. Only the digest of
//! a browser's token is stored.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ConnectionTrait};

use crate::clock::{DAY, Millis};
use crate::error::Result;
use crate::random;

/// How long a browser is known after its last sign-in.
pub const KNOWN: Millis = 400 * DAY;

/// A browser known to one account.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "device")]
pub struct Model {
    /// SHA-256 of its token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token: Vec<u8>,
    /// The account that signed in there.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: Uuid,
    /// Since when.
    pub made_at: i64,
    /// The last sign-in.
    pub seen_at: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Whether the browser with this token is known to `account`.
///
/// # Errors
/// When the database fails.
pub async fn known<C: ConnectionTrait>(db: &C, token: &str, account: Uuid, now: Millis) -> Result<bool> {
    let row = Entity::find_by_id((random::digest(token.as_bytes()), account)).one(db).await?;
    Ok(row.is_some_and(|r| now - r.seen_at <= KNOWN))
}

/// Remembers that `account` signed in in the browser with this token; a fresh token when it has none.
///
/// # Errors
/// When the database fails.
pub async fn remember<C: ConnectionTrait>(db: &C, token: Option<&str>, account: Uuid, now: Millis) -> Result<String> {
    let token = match token {
        Some(token) if token.len() >= 43 => token.to_owned(),
        _ => random::token()?,
    };
    let row = ActiveModel {
        token: ActiveValue::Set(random::digest(token.as_bytes())),
        account: ActiveValue::Set(account),
        made_at: ActiveValue::Set(now),
        seen_at: ActiveValue::Set(now),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::columns([Column::Token, Column::Account]).update_column(Column::SeenAt).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(token)
}

/// Forgets every browser of `account`: after its password was changed by a link, strangers may have been among them.
///
/// # Errors
/// When the database fails.
pub async fn forget<C: ConnectionTrait>(db: &C, account: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::Account.eq(account)).exec(db).await?;
    Ok(())
}
