//! Names of the people in a case, and the addresses of those whose turn it is.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;

use crate::cx::Cx;
use crate::error::Result;
use crate::identity::{account, holder, membership};
use crate::t;

/// The names of these accounts, by id.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn names(cx: &Cx, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    holder::names(cx.core(), cx.db(), ids).await
}

/// Who did something, in words: in whose place, if not as themselves. None where no name is known.
pub fn who(names: &BTreeMap<Uuid, String>, by: Uuid, acts_for: Option<Uuid>) -> Option<String> {
    let name = names.get(&by)?;
    let Some(other) = acts_for else { return Some(name.clone()) };
    let other = names.get(&other).cloned().unwrap_or_else(|| t!("case-somebody"));
    Some(t!("case-acts-for", name = name, other = other))
}

/// Someone to be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipient {
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The account.
    pub account: Uuid,
}

/// Everyone with an active account who holds one of these roles: in one of these parties, or in any when none are given. A role belongs to
/// one side only, so an authority's role needs no party.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn holders<C: ConnectionTrait>(cx: &Cx, db: &C, roles: &[&str], parties: Option<&[Uuid]>) -> Result<Vec<Recipient>> {
    let mut which = membership::standing(cx.now()).add(membership::Column::Role.is_in(roles.iter().copied()));
    if let Some(parties) = parties {
        which = which.add(membership::Column::Party.is_in(parties.iter().copied()));
    }
    let accounts: Vec<Uuid> = membership::Entity::find().filter(which).all(db).await?.into_iter().map(|m| m.account).collect();
    let rows = account::Entity::find()
        .filter(account::Column::Id.is_in(accounts))
        .filter(account::Column::State.eq("active"))
        .filter(account::Column::ReadOnly.eq(false))
        .all(db)
        .await?;
    let mut found = recipients(cx, db, &rows).await?;
    found.sort();
    Ok(found)
}

/// Whoever stands for this account now in one of these roles.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn deputies<C: ConnectionTrait>(cx: &Cx, db: &C, of: Uuid, roles: &[&str]) -> Result<Vec<Recipient>> {
    let own: Vec<Uuid> = membership::own(db, of, cx.now()).await?.into_iter().map(|m| m.id).collect();
    let which = membership::standing(cx.now())
        .add(membership::Column::StandsFor.is_in(own))
        .add(membership::Column::Role.is_in(roles.iter().copied()));
    let ids: Vec<Uuid> = membership::Entity::find().filter(which).all(db).await?.into_iter().map(|m| m.account).collect();
    let rows = account::Entity::find().filter(account::Column::Id.is_in(ids)).filter(account::Column::State.eq("active")).all(db).await?;
    recipients(cx, db, &rows).await
}

/// One account, unless it is closed.
///
/// # Errors
/// When the database fails or the name does not open.
pub async fn account<C: ConnectionTrait>(cx: &Cx, db: &C, id: Uuid) -> Result<Option<Recipient>> {
    let row = account::Entity::find_by_id(id).filter(account::Column::State.eq("active")).one(db).await?;
    Ok(recipients(cx, db, row.as_slice()).await?.pop())
}

/// Those of these accounts that somebody holds.
async fn recipients<C: ConnectionTrait>(cx: &Cx, db: &C, rows: &[account::Model]) -> Result<Vec<Recipient>> {
    let held = holder::all(cx.core(), db, rows).await?;
    Ok(held.into_iter().filter_map(|(account, holder)| Some(Recipient { email: holder.email?, name: holder.name, account })).collect())
}
