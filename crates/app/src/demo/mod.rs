//! The demonstration: a fictional authority, its suppliers, proposals at every stage, plans, rulings and an incident. The story is told through the
//! same acts that the pages call, on a clock turned by hand; people, organisations and addresses are invented.

mod act;
mod answers;
mod filling;
mod holdings;
mod names;
mod plans;
mod reports;
mod story;
mod terms;
#[cfg(test)]
mod tests;

pub use act::{Mix, enter};
#[cfg(test)]
pub(crate) use filling::fill;
pub use story::{AUTHORITY, CONTACT, Person, tell};

use std::sync::Arc;

use platform::authz::Actor;
use platform::identity::{account as accounts, holder, membership};
use platform::{Core, Cx, Error, Result, identity};
use sea_orm::entity::prelude::*;

/// A sign-in link of one of the story's people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Whose it is.
    pub person: Person,
    /// The path that signs in.
    pub path: String,
}

/// Whether the story stands in this database already.
///
/// # Errors
/// When the database fails.
pub async fn told(core: &Arc<Core>) -> Result<bool> {
    let last = story::CAST[story::CAST.len() - 1].email;
    Ok(holder::find(core, core.db.reader(), last).await?.is_some())
}

/// A link for each of the story's people. Only in the demonstration.
///
/// # Errors
/// [`platform::Error::NotFound`] outside the demonstration.
pub async fn links(core: &Arc<Core>) -> Result<Vec<Link>> {
    let cx = Cx::new(core, Actor::Operator)?;
    let mut out = Vec::new();
    for person in story::CAST {
        if let Some(row) = holder::find(core, core.db.reader(), person.email).await? {
            out.push(Link { person, path: crate::account::act::demo_link(&cx, row.id).await? });
        }
    }
    Ok(out)
}

/// Acts as this account, in the one membership that it has, as if it had signed in just now.
async fn acting(core: &Arc<Core>, account: Uuid) -> Result<Cx> {
    let db = core.db.reader();
    let row = accounts::Entity::find_by_id(account).one(db).await?.ok_or(Error::NotFound)?;
    let member = membership::Entity::find().filter(membership::Column::Account.eq(account)).one(db).await?;
    let member = member.ok_or_else(|| Error::internal("a demonstration account without a membership"))?;
    Cx::new(core, identity::actor(core, &row, &member, account, true).await?)
}
