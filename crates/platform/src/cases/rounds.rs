//! Rounds: what was handed in, what was asked for in return, what was decided and by whom.

use std::collections::BTreeMap;

use rules::form::FrozenDocument;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder, QuerySelect};
use serde_json::Value;

use super::rows::{decision, return_point, submission};
use super::store::Case;
use super::words::{Words, subject};
use crate::authz::AccountActor;
use crate::clock::Millis;
use crate::cx::{Cx, Tx};
use crate::error::{Error, Result};
use crate::random;
use crate::seal::{self, Place};

/// A round's document, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The round, from 1.
    pub round: i32,
    /// SHA-256 of the document, in hexadecimal.
    pub digest: String,
    /// The document; none once its key was destroyed.
    pub document: Option<Vec<u8>>,
    /// The pack's edition.
    pub edition: String,
    /// When.
    pub at: Millis,
    /// By which account.
    pub by: Uuid,
}

/// Keeps the document of the case's present round, sealed with the case's key; its digest.
///
/// # Errors
/// When the round was handed in before or the database fails.
pub async fn submit(cx: &Cx, tx: &Tx, case: &Case, document: &[u8], by: Uuid) -> Result<String> {
    let digest = hex::encode(random::digest(document));
    let key = tx.key(cx, &subject(case)).await?;
    let id = format!("{}/{}", case.id, case.round);
    let sealed = key.seal(&Place { table: "submission", id: &id, field: "document" }, document)?;
    let row = submission::ActiveModel {
        case: ActiveValue::Set(case.id),
        round: ActiveValue::Set(case.round),
        digest: ActiveValue::Set(digest.clone()),
        document: ActiveValue::Set(sealed),
        edition: ActiveValue::Set(case.edition.clone()),
        at: ActiveValue::Set(tx.now()),
        by: ActiveValue::Set(by),
    };
    tx.later([row])?;
    Ok(digest)
}

/// All rounds of a case, first to last.
///
/// # Errors
/// When the database fails or a document does not open.
pub async fn submissions<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Submission>> {
    let rows =
        submission::Entity::find().filter(submission::Column::Case.eq(case.id)).order_by_asc(submission::Column::Round).all(db).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = seal::find_subject_key(db, &cx.core().master, &subject(case)).await?;
    rows.into_iter()
        .map(|row| {
            let id = format!("{}/{}", row.case, row.round);
            let document = match &key {
                None => None,
                Some(key) => Some(key.open(&Place { table: "submission", id: &id, field: "document" }, &row.document)?.to_vec()),
            };
            if document.as_ref().is_some_and(|d| hex::encode(random::digest(d)) != row.digest) {
                return Err(Error::internal(format!("the document of case {} round {} is not the one handed in", row.case, row.round)));
            }
            Ok(Submission { round: row.round, digest: row.digest, document, edition: row.edition, at: row.at, by: row.by })
        })
        .collect()
}

/// What was handed in last, opened.
///
/// # Errors
/// [`Error::NotFound`] before anything was; [`Error::Conflict`] once it was destroyed; else as [`submissions`].
pub async fn last<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<(Submission, FrozenDocument)> {
    let last = submissions(cx, db, case).await?.pop().ok_or(Error::NotFound)?;
    let bytes = last.document.as_deref().ok_or_else(|| Error::conflict("error-subject-destroyed"))?;
    let document = FrozenDocument::from_bytes(bytes)?;
    Ok((last, document))
}

/// The accounts that handed in a round of each of these cases, by case.
///
/// # Errors
/// When the database fails.
pub async fn submitters<C: ConnectionTrait>(db: &C, cases: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<Uuid>>> {
    let rows: Vec<(Uuid, Uuid)> = submission::Entity::find()
        .select_only()
        .columns([submission::Column::Case, submission::Column::By])
        .filter(submission::Column::Case.is_in(cases.iter().copied()))
        .order_by_asc(submission::Column::Round)
        .into_tuple()
        .all(db)
        .await?;
    let mut all: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (case, by) in rows {
        all.entry(case).or_default().push(by);
    }
    Ok(all)
}

/// A decision to be recorded.
#[derive(Debug, Clone, Default)]
pub struct NewDecision {
    /// What was decided: the step's code.
    pub level: &'static str,
    /// The choice, by code.
    pub choice: String,
    /// Why.
    pub reason: Option<String>,
    /// What it rests on: ids and codes.
    pub about: Option<Value>,
}

/// Records a decision on the case's present round, and in whose place it was made.
///
/// # Errors
/// When the database fails, or the case's key was destroyed.
pub async fn decide(cx: &Cx, tx: &Tx, case: &Case, actor: Uuid, new: NewDecision) -> Result<Uuid> {
    let id = random::id(tx.now())?;
    let words = Words::writing(cx, tx, case).await?;
    let row = decision::ActiveModel {
        id: ActiveValue::Set(id),
        case: ActiveValue::Set(case.id),
        round: ActiveValue::Set(case.round),
        level: ActiveValue::Set(new.level.to_owned()),
        actor: ActiveValue::Set(actor),
        acts_for: ActiveValue::Set(cx.actor.account().and_then(AccountActor::stands_for)),
        choice: ActiveValue::Set(new.choice),
        reason: ActiveValue::Set(words.seal_some("decision", &id.to_string(), "reason", new.reason.as_deref())?),
        about: ActiveValue::Set(new.about.map(|v| v.to_string())),
        at: ActiveValue::Set(tx.now()),
    };
    tx.later([row])?;
    Ok(id)
}

/// Who decided what: a decision without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// What was decided: the step's code.
    pub level: String,
    /// By which account.
    pub actor: Uuid,
    /// In whose place, if not as itself.
    pub acts_for: Option<Uuid>,
}

/// Who decided what on each of these cases, by case.
///
/// # Errors
/// When the database fails.
pub async fn hands<C: ConnectionTrait>(db: &C, cases: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<Hand>>> {
    let rows: Vec<(Uuid, String, Uuid, Option<Uuid>)> = decision::Entity::find()
        .select_only()
        .columns([decision::Column::Case, decision::Column::Level, decision::Column::Actor, decision::Column::ActsFor])
        .filter(decision::Column::Case.is_in(cases.iter().copied()))
        .order_by_asc(decision::Column::At)
        .order_by_asc(decision::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let mut all: BTreeMap<Uuid, Vec<Hand>> = BTreeMap::new();
    for (case, level, actor, acts_for) in rows {
        all.entry(case).or_default().push(Hand { level, actor, acts_for });
    }
    Ok(all)
}

async fn rows<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Vec<decision::Model>> {
    Ok(decision::Entity::find()
        .filter(decision::Column::Case.eq(case))
        .order_by_asc(decision::Column::At)
        .order_by_asc(decision::Column::Id)
        .all(db)
        .await?)
}

/// One person's choice at one level of one round, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Its id.
    pub id: Uuid,
    /// The round.
    pub round: i32,
    /// What was decided: the step's code.
    pub level: String,
    /// By which account.
    pub actor: Uuid,
    /// In whose place, if not as itself.
    pub acts_for: Option<Uuid>,
    /// The choice, by code.
    pub choice: String,
    /// Why, in its words.
    pub reason: Option<String>,
    /// What it rests on, as JSON of ids and codes.
    pub about: Option<String>,
    /// When.
    pub at: Millis,
}

impl Decided {
    /// Everybody whose name it bears.
    pub fn people(&self) -> impl Iterator<Item = Uuid> + use<> {
        [Some(self.actor), self.acts_for].into_iter().flatten()
    }
}

/// All decisions on a case, first to last.
///
/// # Errors
/// When the database fails or a reason does not open.
pub async fn decisions<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Decided>> {
    let rows = rows(db, case.id).await?;
    let words = Words::reading(cx, db, case).await?;
    rows.into_iter()
        .map(|row| {
            let reason = words.read_some("decision", &row.id.to_string(), "reason", row.reason.as_deref())?;
            let decision::Model { id, round, level, actor, acts_for, choice, about, at, .. } = row;
            Ok(Decided { id, round, level, actor, acts_for, choice, reason, about, at })
        })
        .collect()
}

/// A point to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPoint {
    /// The section of the question.
    pub section: Option<String>,
    /// The question; none for the whole.
    pub question: Option<String>,
    /// What to mend.
    pub text: String,
}

/// Records the points with which the present round is returned.
///
/// # Errors
/// When the database fails, or the case's key was destroyed.
pub async fn ask(cx: &Cx, tx: &Tx, case: &Case, by: Uuid, points: &[NewPoint]) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    for (n, point) in points.iter().enumerate() {
        let id = random::id(tx.now())?;
        let row = return_point::ActiveModel {
            id: ActiveValue::Set(id),
            case: ActiveValue::Set(case.id),
            round: ActiveValue::Set(case.round),
            position: ActiveValue::Set(i32::try_from(n + 1).unwrap_or(i32::MAX)),
            section: ActiveValue::Set(point.section.clone()),
            question: ActiveValue::Set(point.question.clone()),
            text: ActiveValue::Set(words.seal("return_point", &id.to_string(), "text", &point.text)?),
            at: ActiveValue::Set(tx.now()),
            by: ActiveValue::Set(by),
        };
        return_point::Entity::insert(row).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

/// A point of a return, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The round that was returned.
    pub round: i32,
    /// The section of the question.
    pub section: Option<String>,
    /// The question; none for a point about the whole.
    pub question: Option<String>,
    /// What to mend.
    pub text: String,
}

/// The points of all returns, round by round.
///
/// # Errors
/// When the database fails or a point does not open.
pub async fn points<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Point>> {
    let rows = return_point::Entity::find()
        .filter(return_point::Column::Case.eq(case.id))
        .order_by_asc(return_point::Column::Round)
        .order_by_asc(return_point::Column::Position)
        .all(db)
        .await?;
    let words = Words::reading(cx, db, case).await?;
    rows.into_iter()
        .map(|row| {
            let text = words.read("return_point", &row.id.to_string(), "text", &row.text)?;
            Ok(Point { round: row.round, section: row.section, question: row.question, text })
        })
        .collect()
}
