//! Rounds: what was handed in, what was asked for in return, what was decided and by whom.

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder};
use serde_json::Value;

use super::rows::{decision, return_point, submission};
use super::store::Case;
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

fn subject(case: &Case) -> String {
    format!("{}:{}", case.kind, case.id)
}

/// Keeps the document of the case's present round, sealed with the case's key; its digest.
///
/// # Errors
/// When the round was handed in before or the database fails.
pub async fn submit(cx: &Cx, tx: &Tx, case: &Case, document: &[u8], by: Uuid) -> Result<String> {
    let digest = hex::encode(random::digest(document));
    let key = seal::subject_key_for(tx.db(), &cx.core().master, &subject(case), tx.now()).await?;
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
    submission::Entity::insert(row).exec_without_returning(tx.db()).await?;
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

/// The accounts that handed in a round of the case.
///
/// # Errors
/// When the database fails.
pub async fn submitters<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Vec<Uuid>> {
    Ok(submission::Entity::find().filter(submission::Column::Case.eq(case)).all(db).await?.into_iter().map(|row| row.by).collect())
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

/// Records a decision on the case's present round.
///
/// # Errors
/// When the database fails.
pub async fn decide(tx: &Tx, case: &Case, actor: Uuid, new: NewDecision) -> Result<Uuid> {
    let id = random::id(tx.now())?;
    let row = decision::ActiveModel {
        id: ActiveValue::Set(id),
        case: ActiveValue::Set(case.id),
        round: ActiveValue::Set(case.round),
        level: ActiveValue::Set(new.level.to_owned()),
        actor: ActiveValue::Set(actor),
        choice: ActiveValue::Set(new.choice),
        reason: ActiveValue::Set(new.reason),
        about: ActiveValue::Set(new.about.map(|v| v.to_string())),
        at: ActiveValue::Set(tx.now()),
    };
    decision::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(id)
}

/// All decisions on a case, first to last.
///
/// # Errors
/// When the database fails.
pub async fn decisions<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Vec<decision::Model>> {
    Ok(decision::Entity::find()
        .filter(decision::Column::Case.eq(case))
        .order_by_asc(decision::Column::At)
        .order_by_asc(decision::Column::Id)
        .all(db)
        .await?)
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
/// When the database fails.
pub async fn ask(tx: &Tx, case: &Case, by: Uuid, points: &[NewPoint]) -> Result<()> {
    for (n, point) in points.iter().enumerate() {
        let row = return_point::ActiveModel {
            id: ActiveValue::Set(random::id(tx.now())?),
            case: ActiveValue::Set(case.id),
            round: ActiveValue::Set(case.round),
            position: ActiveValue::Set(i32::try_from(n + 1).unwrap_or(i32::MAX)),
            section: ActiveValue::Set(point.section.clone()),
            question: ActiveValue::Set(point.question.clone()),
            text: ActiveValue::Set(point.text.clone()),
            at: ActiveValue::Set(tx.now()),
            by: ActiveValue::Set(by),
        };
        return_point::Entity::insert(row).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

/// The points of all returns, round by round.
///
/// # Errors
/// When the database fails.
pub async fn points<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Vec<return_point::Model>> {
    Ok(return_point::Entity::find()
        .filter(return_point::Column::Case.eq(case))
        .order_by_asc(return_point::Column::Round)
        .order_by_asc(return_point::Column::Position)
        .all(db)
        .await?)
}
