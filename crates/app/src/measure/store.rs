//! The table of measures. Nobody else touches it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::authz::{Actor, Guarded, Resource, Side};
use platform::cx::Tx;
use platform::db::dialect;
use platform::files::{Finding, Kind, Subject};
use platform::register::{self, nothing};
use platform::{Cx, Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DatabaseTransaction, QueryOrder as _, QuerySelect as _};
use serde_json::{Value, json, to_value};

use super::model::{Details, MEASURES};
use crate::contract;

/// A measure as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measure")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The contract.
    pub contract: Uuid,
    /// What it is called.
    pub title: String,
    /// The same, folded.
    pub title_key: String,
    /// `technical` or `organisational`.
    pub kind: String,
    /// `planned`, `in_place` or `ended`.
    pub state: String,
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

/// A measure with those who see it: what policies are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The row.
    pub row: Model,
    /// The parties with a standing place in the chain of its contract.
    pub seen_by: BTreeSet<Uuid>,
    /// Those of them at tier 1.
    pub leads: BTreeSet<Uuid>,
    /// The account that manages the contract.
    pub manager: Option<Uuid>,
}

impl Guarded for Measure {
    fn resource(&self) -> Resource {
        Resource::new(MEASURES.kind, self.row.id)
            .with("contract", self.row.contract)
            .maybe("manager", self.manager)
            .set("seen_by", &self.seen_by)
            .set("leads", &self.leads)
    }
}

/// Measures have files: what shows that they are taken.
pub const FILES: Kind = Kind { kind: "measure", view: "measure.view", find: attached, fields: None };

fn attached<'a>(cx: &'a Cx, _tx: Option<&'a Tx>, id: &'a str, field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        if field.is_some() {
            return Err(Error::NotFound);
        }
        let found = get(cx.db(), id.parse().map_err(|_| Error::NotFound)?).await?;
        let href = format!("/measures/{}#files", found.row.id);
        Ok(Subject::settled(&found, "measure.attach", Some("measure.attach"), found.row.title.clone(), href))
    })
}

impl Measure {
    /// One about to be entered.
    ///
    /// # Errors
    /// Never, for values of ours.
    pub fn new(id: Uuid, contract: Uuid, details: &Details, set: (String, i64)) -> Result<Self> {
        let row = Model {
            id,
            contract,
            title: String::new(),
            title_key: String::new(),
            kind: String::new(),
            state: String::new(),
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
        self.title = details.title.trim().to_owned();
        self.title_key = dialect::fold(&self.title);
        self.kind.clone_from(&details.kind);
        self.state.clone_from(&details.state);
        self.details = serde_json::to_string(details)?;
        self.review_on = details.review_on.to_string();
        (self.set_by, self.set_at) = (by, at);
        Ok(())
    }
}

/// The rows that `actor` may view: the twin of the `measure.view` policies.
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
/// [`Error::NotFound`] when there is none. Whether the actor may see it, `cx.permit("measure.view", …)` says.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Measure> {
    let row = Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    Ok(with_sight(db, vec![row]).await?.remove(0))
}

/// As [`get`], its row locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock(tx: &DatabaseTransaction, id: Uuid) -> Result<Measure> {
    let row = register::lock::<Entity>(tx, id).await?;
    Ok(with_sight(tx, vec![row]).await?.remove(0))
}

/// Rows with those who see them, in a few queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn with_sight(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Measure>> {
    let on: Vec<_> = contract::store::some(db, rows.iter().map(|row| row.contract)).await?.into_values().collect();
    let on: BTreeMap<Uuid, contract::store::Contract> =
        contract::store::with_parties(db, on).await?.into_iter().map(|on| (on.row.id, on)).collect();
    let of = |row: Model| match on.get(&row.contract) {
        Some(on) => Measure { seen_by: on.parties.clone(), leads: on.leads.clone(), manager: on.row.manager, row },
        None => Measure { seen_by: BTreeSet::new(), leads: BTreeSet::new(), manager: None, row },
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
    Ok(found.order_by_asc(Column::TitleKey).order_by_asc(Column::Id).limit(SHOWN).all(db).await?)
}

/// Those whose review is due by a day.
///
/// # Errors
/// When the database fails.
pub async fn due_by(db: &impl ConnectionTrait, day: Date) -> Result<Vec<Model>> {
    let due = Entity::find().filter(Column::ReviewOn.lte(day.to_string()));
    Ok(due.filter(Column::State.ne("ended")).order_by_asc(Column::ReviewOn).order_by_asc(Column::Id).all(db).await?)
}

pub(super) async fn insert(tx: &DatabaseTransaction, row: &Model) -> Result<()> {
    register::enter::<Entity>(tx, &MEASURES, row, &row.title_key).await
}

pub(super) async fn update(tx: &DatabaseTransaction, row: &Model, version: i32) -> Result<()> {
    register::overwrite::<Entity>(tx, &MEASURES, row, version, &row.title_key).await
}
