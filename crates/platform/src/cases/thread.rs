//! The thread of a case. Which of its two halves a reader gets is said by a type, so that no query can forget it.

use std::borrow::Cow;

use rules::screen;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder};

use super::rows::case_message;
use super::store::Case;
use super::words::Words;
use crate::authz::AccountActor;
use crate::clock::Millis;
use crate::cx::{Cx, Tx};
use crate::error::{Error, FieldErrors, Result};
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
    /// Its id.
    pub id: Uuid,
    /// A note that stays within the party for which it was written.
    pub internal: bool,
    /// What it says; without the data about people in it, where [`Message::withheld`] says so.
    pub body: String,
    /// Whether data about people in it is masked here (SEC-25).
    pub withheld: bool,
    /// Why it must tell data about people, in the words of whoever wrote it.
    pub essential: Option<String>,
    /// When.
    pub at: Millis,
    /// By which account.
    pub account: Uuid,
    /// For which party.
    pub party: Uuid,
}

impl Message {
    /// The message as whoever did not ask for what is in it reads it.
    fn masked(self) -> Self {
        match screen::masked(&self.body) {
            Cow::Borrowed(_) => self,
            Cow::Owned(body) => Self { withheld: true, body, ..self },
        }
    }
}

/// A message to be added.
#[derive(Debug, Clone, Copy)]
pub struct NewMessage<'a> {
    /// What it says.
    pub body: &'a str,
    /// A note that stays within the party that writes it.
    pub internal: bool,
    /// Why it must tell data about people, if it must.
    pub essential: Option<&'a str>,
}

/// Adds a message; its id.
///
/// # Errors
/// [`crate::Error::Invalid`] when it is blank or too long; [`crate::Error::Conflict`] once the case's key was destroyed.
pub async fn add(cx: &Cx, tx: &Tx, case: &Case, by: &AccountActor, new: NewMessage<'_>) -> Result<Uuid> {
    let body = new.body.trim();
    let mut errors = FieldErrors::default();
    if body.is_empty() {
        errors.add("body", Text::new("case-message-empty"));
    } else if body.chars().count() > LONGEST {
        errors.add("body", Text::new("error-too-long").with("max", LONGEST));
    }
    errors.or(())?;
    let id = random::id(tx.now())?;
    let words = Words::writing(cx, tx, case).await?;
    let at = id.to_string();
    let row = case_message::ActiveModel {
        id: ActiveValue::Set(id),
        case: ActiveValue::Set(case.id),
        internal: ActiveValue::Set(new.internal),
        body: ActiveValue::Set(words.seal("case_message", &at, "body", body)?),
        essential: ActiveValue::Set(words.seal_some("case_message", &at, "essential", new.essential)?),
        at: ActiveValue::Set(tx.now()),
        account: ActiveValue::Set(by.account),
        party: ActiveValue::Set(by.party),
    };
    case_message::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(id)
}

/// The messages, oldest first; of a kind whose texts are `screened` without the data about people in them, unless the actor wrote it.
///
/// # Errors
/// When the database fails or a message does not open.
pub async fn read<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, reads: Reads, screened: bool) -> Result<Vec<Message>> {
    let all = whole(cx, db, case, reads).await?;
    let own = cx.actor.account().map(|by| by.account);
    Ok(all.into_iter().map(|message| if screened && Some(message.account) != own { message.masked() } else { message }).collect())
}

/// One message with all that it says, for whoever asked for that.
///
/// # Errors
/// [`crate::Error::NotFound`] unless it is among those that `reads`; as [`read`].
pub async fn one<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, reads: Reads, id: Uuid) -> Result<Message> {
    whole(cx, db, case, reads).await?.into_iter().find(|message| message.id == id).ok_or(Error::NotFound)
}

async fn whole<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, reads: Reads) -> Result<Vec<Message>> {
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
            let at = row.id.to_string();
            Ok(Message {
                id: row.id,
                internal: row.internal,
                body: words.read("case_message", &at, "body", &row.body)?,
                withheld: false,
                essential: words.read_some("case_message", &at, "essential", row.essential.as_deref())?,
                at: row.at,
                account: row.account,
                party: row.party,
            })
        })
        .collect()
}
