//! The table of what was decided. Nobody else touches it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::authz::{Actor, Guarded, Resource, Side};
use platform::clock::Millis;
use platform::db::dialect;
use platform::register::{self, nothing};
use platform::{Error, Result};
use rules::authority_data::Outcome;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _};
use serde_json::{Value, json, to_value};

use super::model::{AUTHORITY_DATA, Details};
use crate::contract;

/// A decision as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authority_data")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The contract.
    pub contract: Uuid,
    /// What the information is.
    pub information: String,
    /// The same, folded.
    pub information_key: String,
    /// The facts and the remark, as a JSON object ([`Details`]).
    pub details: String,
    /// What followed, by code.
    pub outcome: String,
    /// The day, ISO.
    pub decided_on: String,
    /// By whom: the account's id, or the kind of another actor.
    pub decided_by: String,
    /// When it was first entered.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A decision with those who see it: what policies are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The row.
    pub row: Model,
    /// The parties with a standing place in the chain of its contract.
    pub seen_by: BTreeSet<Uuid>,
}

impl Guarded for Kept {
    fn resource(&self) -> Resource {
        Resource::new(AUTHORITY_DATA.kind, self.row.id).with("contract", self.row.contract).set("seen_by", &self.seen_by)
    }
}

impl Kept {
    /// A decision about to be kept.
    ///
    /// # Errors
    /// Never, for values of ours.
    pub fn new(id: Uuid, contract: Uuid, details: &Details, (by, now, day): (String, Millis, Date)) -> Result<Self> {
        let row = Model {
            id,
            contract,
            information: String::new(),
            information_key: String::new(),
            details: String::new(),
            outcome: String::new(),
            decided_on: String::new(),
            decided_by: String::new(),
            made_at: now,
            version: 1,
        };
        let mut new = Self { row, seen_by: BTreeSet::new() };
        new.row.set(details, (by, day))?;
        Ok(new)
    }

    /// Its values, by field.
    ///
    /// # Errors
    /// When what is stored is none of ours.
    pub fn record(&self) -> Result<Value> {
        let mut record = to_value(self.row.details()?)?;
        record["contract"] = json!(self.row.contract);
        record["outcome"] = json!(self.row.outcome);
        record["decided_on"] = json!(self.row.decided_on);
        Ok(record)
    }
}

impl Model {
    /// What people entered.
    ///
    /// # Errors
    /// When what is stored is none of ours.
    pub fn details(&self) -> Result<Details> {
        Ok(serde_json::from_str(&self.details)?)
    }

    /// What followed from it.
    ///
    /// # Errors
    /// When what is stored is none of ours.
    pub fn outcome(&self) -> Result<Outcome> {
        Outcome::from_code(&self.outcome).ok_or_else(|| Error::internal("an outcome on authority data that there is not"))
    }

    pub(super) fn set(&mut self, details: &Details, (by, day): (String, Date)) -> Result<()> {
        self.information = details.information.trim().to_owned();
        self.information_key = dialect::fold(&self.information);
        self.details = serde_json::to_string(details)?;
        self.outcome = details.decision().explained.outcome.code().to_owned();
        self.decided_on = day.to_string();
        self.decided_by = by;
        Ok(())
    }
}

/// The rows that `actor` may view: the twin of the `authority_data.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(a) if a.side == Side::Authority => Condition::all(),
        Actor::Account(a) => Condition::all().add(Column::Contract.in_subquery(contract::store::contracts_seen(a.party))),
        Actor::Anonymous | Actor::Link { .. } => nothing(),
    }
}

/// The decision `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none. Whether the actor may see it, `cx.permit("authority_data.view", …)` says.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Kept> {
    let row = Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    Ok(with_sight(db, vec![row]).await?.remove(0))
}

/// As [`get`], its row locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock(tx: &DatabaseTransaction, id: Uuid) -> Result<Kept> {
    let row = register::lock::<Entity>(tx, id).await?;
    Ok(with_sight(tx, vec![row]).await?.remove(0))
}

/// Rows with those who see them, in a few queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn with_sight(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Kept>> {
    let on: Vec<_> = contract::store::some(db, rows.iter().map(|row| row.contract)).await?.into_values().collect();
    let parties: BTreeMap<Uuid, BTreeSet<Uuid>> =
        contract::store::with_parties(db, on).await?.into_iter().map(|on| (on.row.id, on.parties)).collect();
    Ok(rows.into_iter().map(|row| Kept { seen_by: parties.get(&row.contract).cloned().unwrap_or_default(), row }).collect())
}

/// The most decisions that another page shows.
const SHOWN: u64 = 50;

/// What was decided under a contract, as far as `actor` may view it: what is authority data first, then by name; at most fifty.
///
/// # Errors
/// When the database fails.
pub async fn on_contract(db: &impl ConnectionTrait, actor: &Actor, contract: Uuid) -> Result<Vec<Model>> {
    let found = Entity::find().filter(visible(actor)).filter(Column::Contract.eq(contract));
    Ok(found.order_by_asc(Column::Outcome).order_by_asc(Column::InformationKey).order_by_asc(Column::Id).limit(SHOWN).all(db).await?)
}

/// Whether something under a contract is authority data, as far as `actor` may know.
///
/// # Errors
/// When the database fails.
pub async fn any(db: &impl ConnectionTrait, actor: &Actor, contract: Uuid) -> Result<bool> {
    let found = Entity::find().filter(visible(actor)).filter(Column::Contract.eq(contract));
    Ok(found.filter(Column::Outcome.eq(Outcome::AuthorityData.code())).one(db).await?.is_some())
}

pub(super) async fn insert(tx: &DatabaseTransaction, row: &Model) -> Result<()> {
    register::enter::<Entity>(tx, &AUTHORITY_DATA, row, &row.information_key).await
}

pub(super) async fn update(tx: &DatabaseTransaction, row: &Model, version: i32) -> Result<()> {
    register::overwrite::<Entity>(tx, &AUTHORITY_DATA, row, version, &row.information_key).await
}
