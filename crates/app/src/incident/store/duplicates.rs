//! Which reports were merged into which: links between their cases.

use std::collections::{BTreeMap, BTreeSet};

use platform::cases::Case;
use platform::cases::store::{self as cases, CaseColumn, CaseEntity};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder as _, QuerySelect as _};

use super::load_all;
use crate::incident::merging;
use crate::incident::model::{INCIDENT, Incident, MERGED};

/// What such a link means, by code: from the duplicate to the incident that it was merged into.
pub(in crate::incident) const DUPLICATE: &str = "duplicate";

/// So many are looked through for those that a duplicate may be merged into.
const LOOKED_THROUGH: u64 = 200;

/// The incident that a report was merged into, if it was.
///
/// # Errors
/// When the database fails.
pub async fn into<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Option<Uuid>> {
    Ok(cases::links_from(db, [case], DUPLICATE).await?.pop().map(|(_, into)| into))
}

/// Which report was merged into which, from this one on.
///
/// # Errors
/// When the database fails.
pub async fn chain<C: ConnectionTrait>(db: &C, from: Uuid) -> Result<BTreeMap<Uuid, Uuid>> {
    let (mut links, mut at) = (BTreeMap::new(), from);
    while let Some(next) = into(db, at).await? {
        // A circle, which no merge makes, is not followed round.
        if links.insert(at, next).is_some() {
            break;
        }
        at = next;
    }
    Ok(links)
}

/// The reports that were merged into an incident, at once or by way of another one.
///
/// # Errors
/// When the database fails.
pub async fn of<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<BTreeSet<Uuid>> {
    let (mut found, mut next) = (BTreeSet::new(), vec![case]);
    while !next.is_empty() {
        let links = cases::links_to(db, next, DUPLICATE).await?;
        next = links.into_iter().map(|(from, _)| from).filter(|from| *from != case && found.insert(*from)).collect();
    }
    Ok(found)
}

/// The incidents of the same contract that a report may be merged into, those reported last first.
///
/// # Errors
/// When the database fails.
pub async fn offered<C: ConnectionTrait>(db: &C, of: &Incident, most: usize) -> Result<Vec<Incident>> {
    let Some(contract) = of.case.contract else { return Ok(Vec::new()) };
    let rows: Vec<Case> = CaseEntity::find()
        .filter(CaseColumn::Kind.eq(INCIDENT.id))
        .filter(CaseColumn::Contract.eq(contract))
        .filter(CaseColumn::Stage.ne(MERGED))
        .filter(CaseColumn::Id.ne(of.case.id))
        .filter(CaseColumn::Reference.is_not_null())
        .order_by_desc(CaseColumn::SubmittedAt)
        .order_by_desc(CaseColumn::Id)
        .limit(LOOKED_THROUGH)
        .all(db)
        .await?;
    let fit = |into: &Incident| merging::fits(of, into, &BTreeMap::new()).is_ok();
    Ok(load_all(db, rows).await?.into_iter().filter(fit).take(most).collect())
}

/// The incident with this reference.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn called<C: ConnectionTrait>(db: &C, reference: &str) -> Result<Incident> {
    let case = cases::referenced(db, &INCIDENT, reference).await?.ok_or(Error::NotFound)?;
    load_all(db, vec![case]).await?.pop().ok_or(Error::NotFound)
}
