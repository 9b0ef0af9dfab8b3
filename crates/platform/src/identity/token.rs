//! Tokens with which programs act for an account in one of its memberships. Only the digest is stored; the token is shown once.

use std::collections::BTreeMap;
use std::sync::Arc;

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder as _};

use super::{account, actor, membership, subject};
use crate::api::Scopes;
use crate::authz::Actor;
use crate::clock::{MINUTE, Millis};
use crate::cx::{Cx, housekept};
use crate::error::Result;
use crate::seal::{self, Place};
use crate::{Core, random};

/// What every token begins with, so that people and scanners know one when they see it.
pub const PREFIX: &str = "vouchsafe_";

/// A token.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of it.
    pub token: Vec<u8>,
    /// The account that it acts for.
    pub account: Uuid,
    /// The membership that it acts with.
    pub membership: Uuid,
    /// What its holder calls it, sealed with the account's key: whatever somebody writes may name them.
    pub sealed_name: Vec<u8>,
    /// What it may be used for, by [`Scopes`].
    pub scopes: String,
    /// When it was made.
    pub made_at: i64,
    /// Until when it works.
    pub until: i64,
    /// When it was last used, to the minute.
    pub seen_at: Option<i64>,
    /// When its holder last confirmed who they are.
    pub proved_at: Option<i64>,
    /// When it was revoked; none while it works.
    pub ended_at: Option<i64>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

housekept!(Entity);

impl Model {
    /// Whether it works at `now`, as far as it says itself.
    pub fn works(&self, now: Millis) -> bool {
        self.ended_at.is_none() && self.until > now
    }
}

/// What a new token is made of.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The account.
    pub account: Uuid,
    /// The membership.
    pub membership: Uuid,
    /// What its holder calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// Until when it works.
    pub until: Millis,
}

/// Keeps a new token; its id and the token itself, which nobody sees again.
///
/// # Errors
/// When the database fails or the system gives no randomness; [`crate::Error::Conflict`] when the account's key was destroyed.
pub async fn insert<C: ConnectionTrait>(core: &Core, db: &C, new: &NewToken, now: Millis) -> Result<(Uuid, String)> {
    let (id, token) = (random::id(now)?, format!("{PREFIX}{}", random::token()?));
    let key = seal::subject_key_for(db, &core.master, &subject(new.account), now).await?;
    let row = ActiveModel {
        id: ActiveValue::Set(id),
        token: ActiveValue::Set(random::digest(token.as_bytes())),
        account: ActiveValue::Set(new.account),
        membership: ActiveValue::Set(new.membership),
        sealed_name: ActiveValue::Set(key.seal(&place(&id.to_string()), new.name.as_bytes())?),
        scopes: ActiveValue::Set(new.scopes.to_string()),
        made_at: ActiveValue::Set(now),
        until: ActiveValue::Set(new.until),
        seen_at: ActiveValue::Set(None),
        proved_at: ActiveValue::Set(None),
        ended_at: ActiveValue::Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok((id, token))
}

/// The tokens of an account that were not revoked, the newest first; those whose time is over among them.
///
/// # Errors
/// When the database fails.
pub async fn of<C: ConnectionTrait>(db: &C, account: Uuid) -> Result<Vec<Model>> {
    let found = Entity::find().filter(Column::Account.eq(account)).filter(Column::EndedAt.is_null());
    Ok(found.order_by_desc(Column::MadeAt).order_by_desc(Column::Id).all(db).await?)
}

/// What the holder of `account` calls these tokens of it, by id.
///
/// # Errors
/// When a name does not open.
pub async fn names<C: ConnectionTrait>(core: &Core, db: &C, account: Uuid, tokens: &[Model]) -> Result<BTreeMap<Uuid, String>> {
    let Some(key) = seal::find_subject_key(db, &core.master, &subject(account)).await? else { return Ok(BTreeMap::new()) };
    let name = |token: &Model| key.open(&place(&token.id.to_string()), &token.sealed_name);
    tokens.iter().map(|token| Ok((token.id, String::from_utf8_lossy(&name(token)?).into_owned()))).collect()
}

fn place(id: &str) -> Place<'_> {
    Place { table: "api_token", id, field: "name" }
}

/// Revokes the token `id` of `account`; `false` when it has no such token.
///
/// # Errors
/// When the database fails.
pub async fn end<C: ConnectionTrait>(db: &C, account: Uuid, id: Uuid, now: Millis) -> Result<bool> {
    let ending = Entity::update_many().col_expr(Column::EndedAt, Expr::value(now)).filter(Column::Id.eq(id));
    let done = ending.filter(Column::Account.eq(account)).filter(Column::EndedAt.is_null()).exec(db).await?;
    Ok(done.rows_affected == 1)
}

/// Revokes the tokens of an account: all, or those of one membership. Their ids.
///
/// # Errors
/// When the database fails.
pub async fn end_all<C: ConnectionTrait>(db: &C, account: Uuid, membership: Option<Uuid>, now: Millis) -> Result<Vec<Uuid>> {
    let standing: Vec<Uuid> =
        of(db, account).await?.into_iter().filter(|t| membership.is_none_or(|m| t.membership == m)).map(|t| t.id).collect();
    for id in &standing {
        end(db, account, *id, now).await?;
    }
    Ok(standing)
}

/// Notes that the holder of token `id` confirmed who they are.
///
/// # Errors
/// When the database fails.
pub async fn prove<C: ConnectionTrait>(db: &C, id: Uuid, now: Millis) -> Result<()> {
    Entity::update_many().col_expr(Column::ProvedAt, Expr::value(now)).filter(Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

/// Who acts by this token, and for what it may be used; none when there is no such token, it was revoked, its time is over, or its account
/// or membership no longer stands.
///
/// # Errors
/// When the database fails.
pub async fn resolve(core: &Arc<Core>, token: &str) -> Result<Option<(Actor, Scopes)>> {
    let (db, now) = (core.db.reader(), core.clock.now());
    let found = Entity::find().filter(Column::Token.eq(random::digest(token.as_bytes()))).one(db).await?;
    let Some(row) = found.filter(|t| t.works(now)) else { return Ok(None) };
    let account = account::Entity::find_by_id(row.account).one(db).await?;
    let membership = membership::Entity::find_by_id(row.membership).one(db).await?;
    let (Some(account), Some(membership)) = (account, membership) else { return Ok(None) };
    if !account.stands(&core.clock) || !membership.stands(now) || membership.account != account.id {
        return Ok(None);
    }
    if row.seen_at.is_none_or(|seen| now - seen >= MINUTE) {
        let house = Cx::new(core, Actor::Job("token"))?.housekeep().await?;
        house.update::<Entity>(Entity::update_many().col_expr(Column::SeenAt, Expr::value(now)).filter(Column::Id.eq(row.id))).await?;
        house.done().await?;
    }
    let fresh = row.proved_at.is_some_and(|at| now - at <= core.settings.fresh());
    let actor = actor(core, &account, &membership, row.id, fresh).await?;
    Ok(matches!(actor, Actor::Account(_)).then(|| (actor, Scopes::read(&row.scopes))))
}
