//! Accounts, memberships, sessions, passwords, second factors, links, throttles: who someone is. What they may do, `authz` decides.

pub mod account;
pub mod device;
mod handover;
pub mod holder;
pub mod link;
pub mod membership;
pub mod password;
pub mod second;
pub mod session;
pub mod throttle;
pub mod token;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use sea_orm::{ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::Core;
use crate::authz::{AccountActor, Actor, ActsFor, Side};
use crate::error::Result;
use crate::{t, texts};

use membership::Works;

pub use handover::{Owned, Owner, Owning, Reassigning};
pub use session::resolve;

/// What the platform knows of a party: the product keeps the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyFace {
    /// Its name.
    pub name: String,
    /// Its side.
    pub side: Side,
}

/// How the platform asks the product about a party.
pub type Directory = for<'a> fn(&'a DatabaseConnection, Uuid) -> Pin<Box<dyn Future<Output = Result<Option<PartyFace>>> + Send + 'a>>;

/// A role in words, with its party: in whose place, if in anybody's.
pub fn role_at(role: &str, party: &str, acts_for: Option<&str>) -> String {
    let role = texts::t(&format!("role-{}", role.replace('_', "-")));
    match acts_for {
        None => t!("nav-acting", role = role, party = party),
        Some(name) => t!("nav-acting-for", role = role, party = party, name = name),
    }
}

/// Notes that whoever acts in the session, or by the token, `id` proved who they are.
///
/// # Errors
/// When the database fails.
pub async fn prove<C: sea_orm::ConnectionTrait>(db: &C, id: Uuid, now: crate::clock::Millis) -> Result<()> {
    session::prove(db, id, now).await?;
    token::prove(db, id, now).await
}

/// The subject whose key seals what is personal to an account's holder.
pub fn subject(account: Uuid) -> String {
    format!("account:{account}")
}

/// The actors that an account can be now, one for each role that stands; none once it is closed or its last day is over. None of them has
/// signed in just now. They are for asking what somebody may do, often of many people in turn: their names stay sealed.
///
/// # Errors
/// When the database fails.
pub async fn actors<C: sea_orm::ConnectionTrait>(core: &Arc<Core>, db: &C, id: Uuid) -> Result<Vec<Actor>> {
    let Some(account) = account::Entity::find_by_id(id).one(db).await?.filter(|a| a.stands(&core.clock)) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let standing = membership::standing(core.clock.now());
    for row in membership::Entity::find().filter(membership::Column::Account.eq(id)).filter(standing).all(db).await? {
        let acts_for = match membership::works(db, &core.clock, &row).await? {
            Works::No => continue,
            Works::Own => None,
            Works::For(other) => Some(ActsFor { account: other.id, name: String::new() }),
        };
        found.push(named(core, (String::new(), acts_for), &account, &row, (Uuid::nil(), false)).await?);
    }
    Ok(found)
}

/// Those of these accounts whose names the actor may read where something tells who did it: a supplier reads those of people who work for a supplier.
///
/// # Errors
/// When the database fails.
pub async fn shown(cx: &crate::Cx, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<Uuid>> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if cx.actor.account().is_none_or(|actor| actor.side == Side::Authority) {
        return Ok(ids);
    }
    let rows = membership::Entity::find().filter(membership::Column::Account.is_in(ids)).all(cx.db()).await?;
    let mut shown = Vec::new();
    for row in rows {
        if shown.contains(&row.account) {
            continue;
        }
        let face = (cx.core().directory)(cx.db(), row.party).await?;
        if face.is_some_and(|face| face.side == Side::Supplier) {
            shown.push(row.account);
        }
    }
    Ok(shown)
}

/// The actor that `account` is in `membership`, once the account is known to stand; nobody where the membership does not work.
///
/// # Errors
/// When the database fails or the holder's name does not open.
pub async fn actor(
    core: &Arc<Core>,
    account: &account::Model,
    membership: &membership::Model,
    session: Uuid,
    fresh: bool,
) -> Result<Actor> {
    let db = core.db.reader();
    let acts_for = match membership::works(db, &core.clock, membership).await? {
        Works::No => return Ok(Actor::Anonymous),
        Works::Own => None,
        Works::For(other) => Some(ActsFor { account: other.id, name: holder::of(core, db, &other).await?.name }),
    };
    let holder = holder::of(core, db, account).await?;
    named(core, (holder.name, acts_for), account, membership, (session, fresh)).await
}

async fn named(
    core: &Arc<Core>,
    (name, acts_for): (String, Option<ActsFor>),
    account: &account::Model,
    membership: &membership::Model,
    (session, fresh): (Uuid, bool),
) -> Result<Actor> {
    let Some(face) = (core.directory)(core.db.reader(), membership.party).await? else { return Ok(Actor::Anonymous) };
    Ok(Actor::Account(Box::new(AccountActor {
        account: account.id,
        name,
        membership: membership.id,
        party: membership.party,
        party_name: face.name,
        side: face.side,
        role: membership.role.clone(),
        session,
        fresh,
        read_only: account.read_only,
        acts_for,
    })))
}
