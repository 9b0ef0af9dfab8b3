//! Sessions: a signed-in browser. Only the digest of its token is stored.

use std::sync::Arc;

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder};

use super::{account, actor, membership};
use crate::authz::Actor;
use crate::clock::{MINUTE, Millis};
use crate::cx::{Cx, housekept};
use crate::error::Result;
use crate::{Core, random};

/// A session.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of its token.
    pub token: Vec<u8>,
    /// The account.
    pub account: Uuid,
    /// The membership it acts with.
    pub membership: Uuid,
    /// When it began.
    pub made_at: i64,
    /// When it was last used, to the minute.
    pub seen_at: i64,
    /// When its holder last proved who they are.
    pub proved_at: i64,
    /// When it was ended; none while it stands.
    pub ended_at: Option<i64>,
    /// The browser, as it names itself, for the list of sessions: it names a program and nobody.
    pub agent: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

housekept!(Entity);

/// A session just opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its id.
    pub id: Uuid,
    /// The token for its cookie; nobody sees it again.
    pub token: String,
}

/// Opens a session for `account` in `membership`, with a token of its own. The caller has checked the proofs.
///
/// # Errors
/// When the database fails or the system gives no randomness.
pub async fn open<C: ConnectionTrait>(db: &C, account: Uuid, membership: Uuid, agent: &str, now: Millis) -> Result<Opened> {
    let (id, token) = (random::id(now)?, random::token()?);
    let row = ActiveModel {
        id: ActiveValue::Set(id),
        token: ActiveValue::Set(random::digest(token.as_bytes())),
        account: ActiveValue::Set(account),
        membership: ActiveValue::Set(membership),
        made_at: ActiveValue::Set(now),
        seen_at: ActiveValue::Set(now),
        proved_at: ActiveValue::Set(now),
        ended_at: ActiveValue::Set(None),
        agent: ActiveValue::Set(agent.chars().take(200).collect()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(Opened { id, token })
}

/// The sessions of `account` that stand, the latest used first.
///
/// # Errors
/// When the database fails.
pub async fn standing(cx: &Cx, account: Uuid) -> Result<Vec<Model>> {
    let (limits, now) = (&cx.core().settings.sessions, cx.now());
    Ok(Entity::find()
        .filter(Column::Account.eq(account))
        .filter(Column::EndedAt.is_null())
        .filter(Column::SeenAt.gte(now - limits.idle_minutes * MINUTE))
        .filter(Column::MadeAt.gte(now - limits.longest_minutes * MINUTE))
        .order_by_desc(Column::SeenAt)
        .order_by_desc(Column::Id)
        .all(cx.db())
        .await?)
}

/// Ends the session `id` of `account`; `false` when it has no such session.
///
/// # Errors
/// When the database fails.
pub async fn end<C: ConnectionTrait>(db: &C, account: Uuid, id: Uuid, now: Millis) -> Result<bool> {
    let done = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::Account.eq(account))
        .filter(Column::EndedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends every session of `account`, but for `except`.
///
/// # Errors
/// When the database fails.
pub async fn end_all<C: ConnectionTrait>(db: &C, account: Uuid, except: Option<Uuid>, now: Millis) -> Result<()> {
    let mut ending = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::Account.eq(account))
        .filter(Column::EndedAt.is_null());
    if let Some(id) = except {
        ending = ending.filter(Column::Id.ne(id));
    }
    ending.exec(db).await?;
    Ok(())
}

/// Notes that the holder of `session` proved who they are.
///
/// # Errors
/// When the database fails.
pub async fn prove<C: ConnectionTrait>(db: &C, session: Uuid, now: Millis) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::ProvedAt, Expr::value(now))
        .col_expr(Column::SeenAt, Expr::value(now))
        .filter(Column::Id.eq(session))
        .exec(db)
        .await?;
    Ok(())
}

/// What an account does to its own sessions, which is housekeeping.
pub mod own {
    use super::{Column, Cx, Entity, Expr, Result, Uuid, membership};
    use crate::error::Error;
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

    /// Ends one of the actor's own sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is none of theirs.
    pub async fn end(cx: &Cx, id: Uuid) -> Result<()> {
        let account = cx.actor.signed_in()?.account;
        let house = cx.housekeep().await?;
        if !super::end(house.db(), account, id, cx.now()).await? {
            return Err(Error::NotFound);
        }
        house.done().await
    }

    /// Ends all of the actor's own sessions, this one included.
    ///
    /// # Errors
    /// [`Error::SignedOut`] when nobody is signed in.
    pub async fn end_all(cx: &Cx) -> Result<()> {
        let account = cx.actor.signed_in()?.account;
        let house = cx.housekeep().await?;
        super::end_all(house.db(), account, None, cx.now()).await?;
        house.done().await
    }

    /// Acts with another of the actor's own memberships from now on.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is none of theirs, or ended.
    pub async fn switch(cx: &Cx, to: Uuid) -> Result<()> {
        let actor = cx.actor.signed_in()?;
        let found = membership::Entity::find_by_id(to).one(cx.db()).await?.filter(|m| m.account == actor.account);
        let found = found.ok_or(Error::NotFound)?;
        if membership::works(cx.db(), &cx.core().clock, &found).await? == membership::Works::No {
            return Err(Error::NotFound);
        }
        let house = cx.housekeep().await?;
        house
            .update::<Entity>(
                Entity::update_many()
                    .col_expr(Column::Membership, Expr::value(to))
                    .filter(Column::Id.eq(actor.session))
                    .filter(Column::Account.eq(actor.account)),
            )
            .await?;
        house.done().await
    }
}

/// Who holds the session with this token: [`Actor::Anonymous`] when there is none, it ended, idled out or grew too old, or its account or
/// membership no longer stands.
///
/// # Errors
/// When the database fails.
pub async fn resolve(core: &Arc<Core>, token: &str) -> Result<Actor> {
    let db = core.db.reader();
    let now = core.clock.now();
    let found = Entity::find().filter(Column::Token.eq(random::digest(token.as_bytes()))).one(db).await?;
    let Some(session) = found.filter(|s| s.ended_at.is_none()) else { return Ok(Actor::Anonymous) };
    let limits = &core.settings.sessions;
    if now - session.seen_at > limits.idle_minutes * MINUTE || now - session.made_at > limits.longest_minutes * MINUTE {
        return Ok(Actor::Anonymous);
    }
    let account = account::Entity::find_by_id(session.account).one(db).await?;
    let membership = membership::Entity::find_by_id(session.membership).one(db).await?;
    let (Some(account), Some(mut membership)) = (account, membership) else { return Ok(Actor::Anonymous) };
    if !account.stands(&core.clock) || membership.account != account.id {
        return Ok(Actor::Anonymous);
    }
    // Whoever stood in somebody's place is themselves again when that is over, and not signed out.
    if membership.stands_for.is_some() && membership::works(db, &core.clock, &membership).await? == membership::Works::No {
        let own = membership::own(db, account.id, now).await?.into_iter().next();
        let Some(own) = own else { return Ok(Actor::Anonymous) };
        membership = own;
    }
    if !membership.stands(now) {
        return Ok(Actor::Anonymous);
    }
    if now - session.seen_at >= MINUTE {
        let cx = Cx::new(core, Actor::Job("session"))?;
        let house = cx.housekeep().await?;
        house.update::<Entity>(Entity::update_many().col_expr(Column::SeenAt, Expr::value(now)).filter(Column::Id.eq(session.id))).await?;
        house.done().await?;
    }
    let fresh = now - session.proved_at <= core.settings.fresh();
    actor(core, &account, &membership, session.id, fresh).await
}
