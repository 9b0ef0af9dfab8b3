//! The thread of a case. Which of its two halves a reader gets is said by a type, so that no query can forget it.

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder};

use super::rows::case_message;
use super::store::Case;
use super::words::Words;
use crate::authz::AccountActor;
use crate::clock::Millis;
use crate::cx::{Cx, Tx};
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
    /// The internal notes of this party too: the authority's for the authority, a supplier's for that supplier alone.
    Within(Uuid),
    /// All of them: the operator's, who holds the keys.
    Everything,
}

impl Reads {
    /// What the actor gets; `notes` says whether it may read its own side's notes.
    pub fn of(cx: &Cx, notes: bool) -> Self {
        match cx.actor.account() {
            _ if !notes => Self::Shared,
            Some(by) => Self::Within(by.party),
            None => Self::Everything,
        }
    }
}

/// A message, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// A note that stays within the party for which it was written.
    pub internal: bool,
    /// What it says.
    pub body: String,
    /// When.
    pub at: Millis,
    /// By which account.
    pub account: Uuid,
    /// For which party.
    pub party: Uuid,
}

/// Adds a message; its id.
///
/// # Errors
/// [`crate::Error::Invalid`] when it is blank or too long; [`crate::Error::Conflict`] once the case's key was destroyed.
pub async fn add(cx: &Cx, tx: &Tx, case: &Case, by: &AccountActor, body: &str, internal: bool) -> Result<Uuid> {
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
        case: ActiveValue::Set(case.id),
        internal: ActiveValue::Set(internal),
        body: ActiveValue::Set(Words::writing(cx, tx, case).await?.seal("case_message", &id.to_string(), "body", body)?),
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
/// When the database fails or a message does not open.
pub async fn read<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, reads: Reads) -> Result<Vec<Message>> {
    let mut query = case_message::Entity::find().filter(case_message::Column::Case.eq(case.id));
    let shared = case_message::Column::Internal.eq(false);
    query = match reads {
        Reads::Everything => query,
        Reads::Shared => query.filter(shared),
        Reads::Within(party) => query.filter(Condition::any().add(shared).add(case_message::Column::Party.eq(party))),
    };
    let rows = query.order_by_asc(case_message::Column::At).order_by_asc(case_message::Column::Id).all(db).await?;
    let words = Words::reading(cx, db, case).await?;
    rows.into_iter()
        .map(|row| {
            let body = words.read("case_message", &row.id.to_string(), "body", &row.body)?;
            Ok(Message { internal: row.internal, body, at: row.at, account: row.account, party: row.party })
        })
        .collect()
}
