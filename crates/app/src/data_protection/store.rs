//! The table of data-protection terms. Nobody else touches it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::authz::{Actor, Guarded, Resource, Side};
use platform::db::dialect;
use platform::register::{self, nothing};
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _};
use serde_json::{Value, json, to_value};

use super::model::{DATA_PROTECTION, Details};
use crate::contract;

/// The terms of a contract as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_protection")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The contract.
    pub contract: Uuid,
    /// What it is called.
    pub terms_at: String,
    /// The same, folded.
    pub terms_at_key: String,
    /// Who is controller, by code.
    pub controller: String,
    /// Who is processor, by code.
    pub processor: String,
    /// All that was entered, as a JSON object ([`Details`]).
    pub details: String,
    /// The day of its next review, ISO.
    pub review_on: String,
    /// Who entered it as it stands: the account's id, or the kind of another actor.
    pub set_by: String,
    /// When.
    pub set_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The terms as they stood, version by version.
pub mod version {
    use sea_orm::entity::prelude::*;

    /// One version.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "data_protection_version")]
    pub struct Model {
        /// The terms.
        #[sea_orm(primary_key, auto_increment = false)]
        pub terms: Uuid,
        /// The version's number, from 1.
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        /// All that was entered, as a JSON object.
        pub details: String,
        /// Who entered it: the account's id, or the kind of another actor.
        pub set_by: String,
        /// When.
        pub set_at: i64,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The terms of a contract with those who see it: what policies are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The row.
    pub row: Model,
    /// The parties with a standing place in the chain of its contract.
    pub seen_by: BTreeSet<Uuid>,
    /// Those of them at tier 1.
    pub leads: BTreeSet<Uuid>,
    /// The account that manages the contract.
    pub manager: Option<Uuid>,
}

impl Guarded for Terms {
    fn resource(&self) -> Resource {
        Resource::new(DATA_PROTECTION.kind, self.row.id)
            .with("contract", self.row.contract)
            .maybe("manager", self.manager)
            .set("seen_by", &self.seen_by)
            .set("leads", &self.leads)
    }
}

impl Terms {
    /// One about to be entered.
    ///
    /// # Errors
    /// Never, for values of ours.
    pub fn new(id: Uuid, contract: Uuid, details: &Details, set: (String, i64)) -> Result<Self> {
        let row = Model {
            id,
            contract,
            terms_at: String::new(),
            terms_at_key: String::new(),
            controller: String::new(),
            processor: String::new(),
            details: String::new(),
            review_on: String::new(),
            set_by: String::new(),
            set_at: 0,
            version: 1,
        };
        let mut new = Self { row, seen_by: BTreeSet::new(), leads: BTreeSet::new(), manager: None };
        new.row.set(details, set)?;
        Ok(new)
    }

    /// Its values, by field.
    ///
    /// # Errors
    /// When what is stored is none of ours.
    pub fn record(&self) -> Result<Value> {
        let mut record = to_value(self.row.details()?)?;
        record["contract"] = json!(self.row.contract);
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

    pub(super) fn set(&mut self, details: &Details, (by, at): (String, i64)) -> Result<()> {
        self.terms_at = details.terms_at.trim().to_owned();
        self.terms_at_key = dialect::fold(&self.terms_at);
        self.controller.clone_from(&details.controller);
        self.processor.clone_from(&details.processor);
        self.details = serde_json::to_string(details)?;
        self.review_on = details.review_on.to_string();
        (self.set_by, self.set_at) = (by, at);
        Ok(())
    }
}

/// The rows that `actor` may view: the twin of the `data_protection.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(a) if a.side == Side::Authority => Condition::all(),
        Actor::Account(a) => Condition::all().add(Column::Contract.in_subquery(contract::store::contracts_seen(a.party))),
        Actor::Anonymous | Actor::Link { .. } => nothing(),
    }
}

/// The one with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none. Whether the actor may see it, `cx.permit("data_protection.view", …)` says.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Terms> {
    let row = Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    Ok(with_sight(db, vec![row]).await?.remove(0))
}

/// As [`get`], its row locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock(tx: &DatabaseTransaction, id: Uuid) -> Result<Terms> {
    let row = register::lock::<Entity>(tx, id).await?;
    Ok(with_sight(tx, vec![row]).await?.remove(0))
}

/// Rows with those who see them, in a few queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn with_sight(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Terms>> {
    let on: Vec<_> = contract::store::some(db, rows.iter().map(|row| row.contract)).await?.into_values().collect();
    let on: BTreeMap<Uuid, contract::store::Contract> =
        contract::store::with_parties(db, on).await?.into_iter().map(|on| (on.row.id, on)).collect();
    let of = |row: Model| match on.get(&row.contract) {
        Some(on) => Terms { seen_by: on.parties.clone(), leads: on.leads.clone(), manager: on.row.manager, row },
        None => Terms { seen_by: BTreeSet::new(), leads: BTreeSet::new(), manager: None, row },
    };
    Ok(rows.into_iter().map(of).collect())
}

/// The most that another page shows.
const SHOWN: u64 = 100;

/// Those under a contract, as far as `actor` may view them, by name; at most a hundred.
///
/// # Errors
/// When the database fails.
pub async fn on_contract(db: &impl ConnectionTrait, actor: &Actor, contract: Uuid) -> Result<Vec<Model>> {
    let found = Entity::find().filter(visible(actor)).filter(Column::Contract.eq(contract));
    Ok(found.order_by_asc(Column::TermsAtKey).order_by_asc(Column::Id).limit(SHOWN).all(db).await?)
}

/// Those whose review is due by a day.
///
/// # Errors
/// When the database fails.
pub async fn due_by(db: &impl ConnectionTrait, day: Date) -> Result<Vec<Model>> {
    let due = Entity::find().filter(Column::ReviewOn.lte(day.to_string()));
    Ok(due.order_by_asc(Column::ReviewOn).order_by_asc(Column::Id).all(db).await?)
}

pub(super) async fn insert(tx: &DatabaseTransaction, row: &Model) -> Result<()> {
    register::enter::<Entity>(tx, &DATA_PROTECTION, row, &row.terms_at_key).await?;
    keep(tx, row, 1).await
}

pub(super) async fn update(tx: &DatabaseTransaction, row: &Model, version: i32) -> Result<()> {
    register::overwrite::<Entity>(tx, &DATA_PROTECTION, row, version, &row.terms_at_key).await?;
    keep(tx, row, version + 1).await
}

/// Keeps a version as it stands now.
async fn keep(tx: &DatabaseTransaction, row: &Model, number: i32) -> Result<()> {
    let row = version::ActiveModel {
        terms: ActiveValue::Set(row.id),
        version: ActiveValue::Set(number),
        details: ActiveValue::Set(row.details.clone()),
        set_by: ActiveValue::Set(row.set_by.clone()),
        set_at: ActiveValue::Set(row.set_at),
    };
    version::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Every version of these terms, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn versions(db: &impl ConnectionTrait, terms: Uuid) -> Result<Vec<version::Model>> {
    let all = version::Entity::find().filter(version::Column::Terms.eq(terms));
    Ok(all.order_by_desc(version::Column::Version).all(db).await?)
}

/// The terms of a contract, if any are kept.
///
/// # Errors
/// When the database fails.
pub async fn of_contract(db: &impl ConnectionTrait, contract: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Contract.eq(contract)).one(db).await?)
}
