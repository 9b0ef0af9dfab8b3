//! The thread of a case. Which of its two halves a reader gets is said by a type, so that no query can forget it.

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder};

use super::rows::case_message;
use crate::authz::AccountActor;
use crate::cx::Tx;
use crate::error::{FieldErrors, Result};
use crate::random;
use crate::texts::Text;

/// The longest message, in characters.
pub const LONGEST: usize = 10_000;

/// Which messages a reader gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Only what both sides see.
    Shared,
    /// The authority's internal notes too.
    Everything,
}

/// Adds a message; its id.
///
/// # Errors
/// [`crate::Error::Invalid`] when it is blank or too long.
pub async fn add(tx: &Tx, case: Uuid, by: &AccountActor, body: &str, internal: bool) -> Result<Uuid> {
    let body = body.trim();
    let mut errors = FieldErrors::default();
    if body.is_empty() {
        errors.add("body", Text::new("case-message-empty"));
    } else if body.chars().count() > LONGEST {
        errors.add("body", Text::new("error-too-long").with("max", LONGEST));
    }
    errors.or(())?;
    let id = random::id(tx.now())?;
    let row = case_message::ActiveModel {
        id: ActiveValue::Set(id),
        case: ActiveValue::Set(case),
        internal: ActiveValue::Set(internal),
        body: ActiveValue::Set(body.to_owned()),
        at: ActiveValue::Set(tx.now()),
        account: ActiveValue::Set(by.account),
        party: ActiveValue::Set(by.party),
    };
    case_message::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(id)
}

/// The messages, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn read<C: ConnectionTrait>(db: &C, case: Uuid, reads: Reads) -> Result<Vec<case_message::Model>> {
    let mut query = case_message::Entity::find().filter(case_message::Column::Case.eq(case));
    if reads == Reads::Shared {
        query = query.filter(case_message::Column::Internal.eq(false));
    }
    Ok(query.order_by_asc(case_message::Column::At).order_by_asc(case_message::Column::Id).all(db).await?)
}
