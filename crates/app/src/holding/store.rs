//! The table of systems and transfer routes. Nobody else touches it.

use std::collections::{BTreeMap, BTreeSet};

use platform::authz::{Actor, Guarded, Resource};
use platform::cx::Tx;
use platform::db::dialect;
use platform::files::{Finding, Kind, Subject};
use platform::register;
use platform::{Cx, Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DatabaseTransaction};
use serde_json::{Value, json, to_value};

use super::model::Holding;
use crate::party;

/// One of either register as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holding")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The kind of its register.
    pub register: String,
    /// The party that has it.
    pub party: Uuid,
    /// What the party calls it.
    pub name: String,
    /// The name folded, for sorting and finding.
    pub name_key: String,
    /// What kind of system it is, or how what it carries travels.
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Between whom it carries something; absent of systems.
    pub direction: Option<String>,
    /// Planned, in use or ended.
    pub state: String,
    /// All that was entered, as a JSON object.
    pub details: String,
    /// When it was entered.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// One with those who see it: what policies are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The row.
    pub row: Model,
    /// The kind of its register.
    kind: &'static str,
    /// Its party and those above that in any chain.
    pub seen_by: BTreeSet<Uuid>,
}

impl Guarded for Held {
    fn resource(&self) -> Resource {
        Resource::new(self.kind, self.row.id).with("party", self.row.party).set("seen_by", &self.seen_by)
    }
}

/// Either has files: drawings, certificates, reports of tests.
pub const fn files<H: Holding>() -> Kind {
    Kind { kind: H::REGISTER.kind, view: H::VIEW, find: attached::<H>, fields: None }
}

fn attached<'a, H: Holding>(cx: &'a Cx, _tx: Option<&'a Tx>, id: &'a str, field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        if field.is_some() {
            return Err(Error::NotFound);
        }
        let found = get::<H>(cx.db(), id.parse().map_err(|_| Error::NotFound)?).await?;
        let href = format!("{}/{}#files", H::REGISTER.path, found.row.id);
        Ok(Subject::settled(&found, H::ATTACH, Some(H::ATTACH), found.row.name.clone(), href))
    })
}

impl Held {
    /// One about to be entered.
    ///
    /// # Errors
    /// Never, for values of ours.
    pub fn new<H: Holding>(id: Uuid, party: Uuid, details: &H::Details, now: i64) -> Result<Self> {
        let mut held = Self::blank::<H>(id, party, now);
        held.row.set::<H>(details)?;
        Ok(held)
    }

    /// One of which nothing is known yet.
    pub fn blank<H: Holding>(id: Uuid, party: Uuid, now: i64) -> Self {
        let row = Model {
            id,
            register: H::REGISTER.kind.to_owned(),
            party,
            name: String::new(),
            name_key: String::new(),
            kind: String::new(),
            country: String::new(),
            direction: None,
            state: String::new(),
            details: String::new(),
            made_at: now,
            version: 1,
        };
        Self { row, kind: H::REGISTER.kind, seen_by: BTreeSet::from([party]) }
    }

    /// Its values, by field.
    ///
    /// # Errors
    /// When what is stored is none of ours.
    pub fn record(&self) -> Result<Value> {
        let mut record: Value = serde_json::from_str(&self.row.details)?;
        record["party"] = json!(self.row.party);
        Ok(record)
    }
}

impl Model {
    /// What people entered.
    ///
    /// # Errors
    /// When what is stored is none of ours.
    pub fn details<H: Holding>(&self) -> Result<H::Details> {
        Ok(serde_json::from_str(&self.details)?)
    }

    pub(super) fn set<H: Holding>(&mut self, details: &H::Details) -> Result<()> {
        let record = to_value(details)?;
        let text = |name: &str| record[name].as_str().map(str::to_owned);
        self.name = text("name").unwrap_or_default();
        self.name_key = dialect::fold(&self.name);
        self.kind = text("kind").unwrap_or_default();
        self.country = text("country").unwrap_or_default();
        self.direction = text("direction");
        self.state = text("state").unwrap_or_default();
        self.details = record.to_string();
        Ok(())
    }
}

/// The rows of a register that `actor` may view: the twin of its view policies.
pub fn visible<H: Holding>(actor: &Actor) -> Condition {
    Condition::all().add(Column::Register.eq(H::REGISTER.kind)).add(party::store::belonging(actor, Column::Party))
}

/// The one with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none. Whether the actor may see it, its view permit says.
pub async fn get<H: Holding>(db: &impl ConnectionTrait, id: Uuid) -> Result<Held> {
    let row = Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    one::<H>(db, row).await
}

/// As [`get`], its row locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock<H: Holding>(tx: &DatabaseTransaction, id: Uuid) -> Result<Held> {
    let row = register::lock::<Entity>(tx, id).await?;
    one::<H>(tx, row).await
}

async fn one<H: Holding>(db: &impl ConnectionTrait, row: Model) -> Result<Held> {
    // The other register's stands at another address.
    if row.register != H::REGISTER.kind {
        return Err(Error::NotFound);
    }
    Ok(with_sight::<H>(db, vec![row]).await?.remove(0))
}

/// Rows with those who see them, in one query however many there are.
///
/// # Errors
/// When the database fails.
pub async fn with_sight<H: Holding>(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Held>> {
    let seen = party::store::seen_by(db, rows.iter().map(|r| r.party)).await?;
    let held = |row: Model| Held { seen_by: seen.get(&row.party).cloned().unwrap_or_default(), kind: H::REGISTER.kind, row };
    Ok(rows.into_iter().map(held).collect())
}

/// The names of those of these of either register that `actor` may view.
///
/// # Errors
/// When the database fails.
pub async fn names(db: &impl ConnectionTrait, actor: &Actor, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    let ids: BTreeSet<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = Entity::find().filter(Column::Id.is_in(ids)).filter(party::store::belonging(actor, Column::Party)).all(db).await?;
    Ok(found.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Whether a party has any of either register.
///
/// # Errors
/// When the database fails.
pub async fn has_any(db: &impl ConnectionTrait, party: Uuid) -> Result<bool> {
    Ok(Entity::find().filter(Column::Party.eq(party)).one(db).await?.is_some())
}

pub(super) async fn insert<H: Holding>(tx: &DatabaseTransaction, row: &Model) -> Result<()> {
    register::enter::<Entity>(tx, H::REGISTER, row, &row.name_key).await
}

pub(super) async fn update<H: Holding>(tx: &DatabaseTransaction, row: &Model, version: i32) -> Result<()> {
    register::overwrite::<Entity>(tx, H::REGISTER, row, version, &row.name_key).await
}
