//! Names of the people in a case, and the addresses of those whose turn it is.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait};

use crate::error::Result;
use crate::identity::{account, membership};

/// The names of these accounts, by id.
///
/// # Errors
/// When the database fails.
pub async fn names<C: ConnectionTrait>(db: &C, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = BTreeMap::new();
    for part in ids.chunks(500) {
        let rows = account::Entity::find().filter(account::Column::Id.is_in(part.iter().copied())).all(db).await?;
        found.extend(rows.into_iter().map(|row| (row.id, row.name)));
    }
    Ok(found)
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
/// When the database fails.
pub async fn holders<C: ConnectionTrait>(db: &C, roles: &[&str], parties: Option<&[Uuid]>) -> Result<Vec<Recipient>> {
    let mut which = Condition::all().add(membership::Column::Role.is_in(roles.iter().copied())).add(membership::Column::Until.is_null());
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
    let mut found: Vec<_> = rows.into_iter().map(|row| Recipient { email: row.email, name: row.name, account: row.id }).collect();
    found.sort();
    Ok(found)
}

/// One account, unless it is closed.
///
/// # Errors
/// When the database fails.
pub async fn account<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<Recipient>> {
    let row = account::Entity::find_by_id(id).filter(account::Column::State.eq("active")).one(db).await?;
    Ok(row.map(|row| Recipient { email: row.email, name: row.name, account: row.id }))
}
