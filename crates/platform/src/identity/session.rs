//! Sessions: a signed-in browser. Only the digest of its token is stored.

use std::sync::Arc;

use sea_orm::ActiveValue;
use sea_orm::entity::prelude::*;

use super::{account, actor, membership};
use crate::authz::Actor;
use crate::clock::MINUTE;
use crate::cx::{Cx, House, housekept};
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
    /// The browser, as it names itself, for the list of sessions.
    pub agent: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

housekept!(Entity);

/// Opens a session for `account` in `membership` within `house`; the token for its cookie. The caller has checked the proofs.
pub(crate) async fn open(house: &House, account: Uuid, membership: Uuid, agent: &str) -> Result<String> {
    let token = random::token()?;
    house
        .insert(ActiveModel {
            id: ActiveValue::Set(random::id(house.now())?),
            token: ActiveValue::Set(random::digest(token.as_bytes())),
            account: ActiveValue::Set(account),
            membership: ActiveValue::Set(membership),
            made_at: ActiveValue::Set(house.now()),
            seen_at: ActiveValue::Set(house.now()),
            proved_at: ActiveValue::Set(house.now()),
            ended_at: ActiveValue::Set(None),
            agent: ActiveValue::Set(agent.chars().take(200).collect()),
        })
        .await?;
    Ok(token)
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
    let (Some(account), Some(membership)) = (account, membership) else { return Ok(Actor::Anonymous) };
    let ended = account.ends_on.as_ref().is_some_and(|day| *day < core.clock.today().to_string());
    if account.state != "active" || ended || membership.until.is_some_and(|until| until <= now) {
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
