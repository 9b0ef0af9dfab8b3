//! Keeping the table of duties: what is owed is computed anew whenever something that decides it changes. Part of this feature's store.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::cx::Tx;
use platform::{Cx, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, DatabaseTransaction};

use super::model::{Ground, Happened, Key, Owed, Shown, Spot, Which};
use super::store::{ActiveModel, Column, Entity, Model, NO_DAY, event, is, key};
use crate::contract::store::{self as contracts, HIDDEN};
use crate::contract::{chain, facts};
use crate::pack;
use rules::pack::Pack;

fn parse(text: Option<&String>) -> Option<Date> {
    text.and_then(|t| t.parse().ok())
}

/// Computes anew which duties are owed under a contract, and by when; what people recorded stays. The contract is locked meanwhile.
///
/// # Errors
/// When the database fails.
pub(crate) async fn refresh(cx: &Cx, tx: &Tx, contract: Uuid) -> Result<()> {
    refresh_locked(cx, tx, &contracts::lock_row(tx.db(), contract).await?, Which::All).await
}

/// As [`refresh`], some duties of a contract that the transaction has locked.
///
/// # Errors
/// When the database fails.
pub(super) async fn refresh_locked(cx: &Cx, tx: &Tx, on: &contracts::Model, which: Which<'_>) -> Result<()> {
    let (db, contract) = (tx.db(), on.id);
    let put = contracts::packs_on(db, contract).await?;
    if put.iter().any(|p| pack::packs(cx.core()).get(&p.pack, &p.edition).is_none()) {
        // Another node may have installed it a moment ago.
        pack::refresh(cx.core()).await?;
    }
    let mut query = Entity::find().filter(Column::Contract.eq(contract));
    match which {
        Which::All => {}
        Which::One(key) => query = query.filter(is(key)),
        Which::From(_) => {
            let Some(some) = among(cx, &put, which) else { return Ok(()) };
            query = query.filter(some);
        }
    }
    let mut rows: BTreeMap<Key, Model> = query.all(db).await?.into_iter().map(|row| (key(&row), row)).collect();
    let shown = |row: &Model| Shown { met_on: parse(row.met_on.as_ref()), covers_to: parse(row.covers_to.as_ref()) };
    let recorded = rows.iter().map(|(key, row)| (key.clone(), shown(row))).collect();
    let owed = ground(cx, db, on, &put).await?.owed(&recorded, which);
    let mut new = Vec::new();
    for duty in owed {
        match rows.remove(&duty.key) {
            None => new.push(row(contract, duty)),
            Some(row) => again(db, row, duty).await?,
        }
    }
    for part in new.chunks(500) {
        let rows = part.iter().cloned().map(|row| sea_orm::ActiveModelTrait::reset_all(ActiveModel::from(row)));
        Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    // The duties of an edition that is not installed at the moment are not known, and so not gone.
    let missing: BTreeSet<&str> =
        put.iter().filter(|p| pack::packs(cx.core()).get(&p.pack, &p.edition).is_none()).map(|p| p.pack.as_str()).collect();
    for (key, _) in rows.iter().filter(|(_, row)| row.owed && !missing.contains(row.pack.as_str())) {
        Entity::update_many().col_expr(Column::Owed, Expr::value(false)).filter(is(key)).exec(db).await?;
    }
    Ok(())
}

/// What would be owed under a contract if it moved to another edition of a pack: what comes, what goes, each duty with the number of places
/// where. Nothing is written.
///
/// # Errors
/// When the database fails.
pub(crate) async fn if_moved(cx: &Cx, on: &contracts::Model, to: &Pack) -> Result<(Moved, Moved)> {
    let db = cx.db();
    let mut put = contracts::packs_on(db, on.id).await?;
    let rows = Entity::find().filter(Column::Contract.eq(on.id)).filter(Column::Pack.eq(to.pack.as_str())).filter(Column::Owed.eq(true));
    let before: BTreeSet<Key> = rows.all(db).await?.iter().map(key).collect();
    put.retain(|p| p.pack == to.pack);
    for p in &mut put {
        p.edition.clone_from(&to.edition);
    }
    let owed = ground(cx, db, on, &put).await?.owed(&BTreeMap::new(), Which::All);
    let after: BTreeSet<Key> = owed.into_iter().map(|duty| duty.key).collect();
    let counted = |these: &BTreeSet<Key>, those: &BTreeSet<Key>| {
        let mut counts = Moved::new();
        for (_, _, obligation) in these.difference(those) {
            *counts.entry(obligation.clone()).or_default() += 1;
        }
        counts
    };
    Ok((counted(&after, &before), counted(&before, &after)))
}

/// Duties by id, each with the number of places where it is owed.
pub(crate) type Moved = BTreeMap<String, usize>;

/// The condition of duties by the obligations of the packs put on a contract that are asked for; none where no pack has such.
fn among(cx: &Cx, put: &[contracts::pack::Model], which: Which<'_>) -> Option<Condition> {
    let mut any = Condition::any();
    let known = pack::packs(cx.core());
    for pack in put.iter().filter_map(|p| known.get(&p.pack, &p.edition)) {
        let ids: Vec<&str> = pack.obligations.iter().filter(|duty| which.takes(pack, duty)).map(|duty| duty.id.as_str()).collect();
        if !ids.is_empty() {
            any = any.add(Condition::all().add(Column::Pack.eq(pack.pack.as_str())).add(Column::Obligation.is_in(ids)));
        }
    }
    (!any.is_empty()).then_some(any)
}

fn row(contract: Uuid, duty: Owed) -> Model {
    let (at, pack, obligation) = duty.key;
    Model {
        at,
        pack,
        obligation,
        contract,
        place: duty.place,
        party: duty.party,
        edition: duty.edition,
        role: duty.role.to_owned(),
        owed: true,
        certain: duty.certain,
        met: duty.met,
        shown_on: duty.shown.as_ref().map(|(day, _)| day.to_string()),
        shown_by: duty.shown.and_then(|(_, reference)| reference),
        due_key: due_key(duty.due_on),
        state: "none".to_owned(),
        met_on: None,
        evidence: None,
        found_at: None,
        covers_from: None,
        covers_to: None,
        reason: None,
        set_by: None,
        set_party: None,
        set_at: None,
        version: 0,
    }
}

fn due_key(day: Option<Date>) -> String {
    day.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string())
}

/// Writes what was computed anew over what stood, if that differs.
async fn again(db: &DatabaseTransaction, before: Model, duty: Owed) -> Result<()> {
    let due = if before.state == "not_applicable" { None } else { duty.due_on };
    let after = Model {
        party: duty.party,
        edition: duty.edition,
        role: duty.role.to_owned(),
        owed: true,
        certain: duty.certain,
        met: duty.met,
        shown_on: duty.shown.as_ref().map(|(day, _)| day.to_string()),
        shown_by: duty.shown.and_then(|(_, reference)| reference),
        due_key: due_key(due),
        ..before.clone()
    };
    if after == before {
        return Ok(());
    }
    let update = Entity::update_many()
        .col_expr(Column::Party, Expr::value(after.party))
        .col_expr(Column::Edition, Expr::value(after.edition.as_str()))
        .col_expr(Column::Role, Expr::value(after.role.as_str()))
        .col_expr(Column::Owed, Expr::value(true))
        .col_expr(Column::Certain, Expr::value(after.certain))
        .col_expr(Column::Met, Expr::value(after.met))
        .col_expr(Column::ShownOn, Expr::value(after.shown_on.clone()))
        .col_expr(Column::ShownBy, Expr::value(after.shown_by.clone()))
        .col_expr(Column::DueKey, Expr::value(after.due_key.as_str()));
    update.filter(is(&duty.key)).exec(db).await?;
    Ok(())
}

/// What decides which duties are owed under a contract, as it stands.
async fn ground(cx: &Cx, db: &impl ConnectionTrait, on: &contracts::Model, put: &[contracts::pack::Model]) -> Result<Ground> {
    let contract = on.id;
    let known = facts::known(db, contract).await?;
    let installed = put.iter().filter(|_| on.state != HIDDEN).filter_map(|p| pack::packs(cx.core()).get(&p.pack, &p.edition).cloned());
    let packs: Vec<_> = installed.map(|p| (p.clone(), known.get(&p.pack).map(|k| k.answers.clone()).unwrap_or_default())).collect();
    if packs.is_empty() {
        return Ok(Ground::default());
    }
    let details = on.details();
    let days = [("contract_signature", details.signed_on), ("contract_start", details.starts_on), ("contract_end", details.ends_on)];
    let places = chain::standing(db, contract).await?.into_iter();
    let mut events: Vec<Happened> = put.iter().filter(|p| p.reason.is_some()).map(|p| reason_given(cx, p)).collect();
    let happened = event::Entity::find().filter(event::Column::Contract.eq(contract)).all(db).await?;
    let read =
        |row: event::Model| Some(Happened { day: row.day.parse().ok()?, event: row.event, place: row.place, reference: row.reference });
    events.extend(happened.into_iter().filter_map(read));
    Ok(Ground {
        contract,
        authority: on.authority,
        ended: on.state == "ended",
        days: days.into_iter().filter_map(|(event, day)| Some((event, day?))).collect(),
        places: places
            .map(|p| Spot { id: p.id, party: p.party, above: p.above, tier: p.tier, since: p.since.parse().ok(), bids: p.bids })
            .collect(),
        packs,
        events,
    })
}

/// A pack was put on the contract with a reason: what a duty of the pack's own may ask for.
fn reason_given(cx: &Cx, put: &contracts::pack::Model) -> Happened {
    let day = cx.core().clock.date_of(put.put_at);
    Happened { event: format!("{}_reason", put.pack), place: None, day, reference: None }
}
