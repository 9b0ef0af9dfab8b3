//! The table of incidents that others recorded. Nobody else touches it.

use std::collections::BTreeMap;

use platform::authz::{Actor, Guarded, Resource};
use platform::register::{self, Kind, nothing};
use platform::{Error, Result};
use rules::veris::Record;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DatabaseTransaction, QuerySelect as _};

use super::model::{Details, INCIDENT_RECORDS};

/// A record as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident_record")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Our reference, of the numbers that our own incidents have too.
    pub reference: String,
    /// Who recorded it.
    pub source: Option<String>,
    /// Their id.
    pub source_id: String,
    /// What it is known by: [`super::model::key`].
    pub source_key: String,
    /// SHA-256 of what it says, in hexadecimal, as it was stored.
    pub digest: String,
    /// Whom it happened to.
    pub victim: Option<String>,
    /// Who worked for the victim and did it.
    pub partners: Option<String>,
    /// All names folded, for sorting and finding.
    pub name_key: String,
    /// The supplier that it is about.
    pub party: Option<Uuid>,
    /// When it happened, as far as known.
    pub happened: Option<String>,
    /// The year of that.
    pub year: Option<String>,
    /// When people were told.
    pub notified: Option<String>,
    /// Whether it is one, in the words of VERIS.
    pub certainty: Option<String>,
    /// Our categories: [`Kind::stored`].
    pub categories: String,
    /// Signs of somebody else's part: [`Kind::stored`].
    pub signs: String,
    /// The victim's country.
    pub country: Option<String>,
    /// The regulator's type.
    pub regulator_type: String,
    /// Whether the regulator counts it as a cyber incident.
    pub regulator_category: String,
    /// The regulator's band of the number of records.
    pub records_band: String,
    /// What happened, masked.
    pub summary: Option<String>,
    /// Where it is told of.
    pub published: Option<String>,
    /// All of it, in VERIS.
    pub document: String,
    /// The day of its import, ISO.
    pub imported_on: String,
    /// The import that brought it in.
    pub run: Uuid,
    /// When it was entered.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Guarded for Model {
    fn resource(&self) -> Resource {
        Resource::new("incident_record", self.id)
    }
}

impl Model {
    /// What people settle of it.
    pub fn details(&self) -> Details {
        Details { party: self.party }
    }

    /// All that it says.
    ///
    /// # Errors
    /// When what is stored does not read any more.
    pub fn says(&self) -> Result<Record> {
        rules::veris::read(&self.document).ok_or_else(|| Error::internal(format!("{} does not read as VERIS", self.reference)))
    }
}

/// The rows that `actor` may view: the twin of the `incident_record.view` policies.
pub fn visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Operator | Actor::Job(_) => Condition::all(),
        Actor::Account(_) if actor.is_authority() => Condition::all(),
        _ => nothing(),
    }
}

/// The record `id`.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// As [`get`], its row locked to the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn lock(tx: &DatabaseTransaction, id: Uuid) -> Result<Model> {
    register::lock::<Entity>(tx, id).await
}

/// What is known of a record that is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// Its reference.
    pub reference: String,
    /// The digest of what it says.
    pub digest: String,
    /// Our categories, by code.
    pub categories: Vec<String>,
}

/// Those of these keys that are here.
///
/// # Errors
/// When the database fails.
pub async fn here(db: &impl ConnectionTrait, keys: impl IntoIterator<Item = String>) -> Result<BTreeMap<String, Here>> {
    let found = Entity::find().filter(Column::SourceKey.is_in(keys)).select_only();
    let found = found.columns([Column::SourceKey, Column::Reference, Column::Digest, Column::Categories]);
    let rows: Vec<(String, String, String, String)> = found.into_tuple().all(db).await?;
    let of = |(key, reference, digest, categories): (String, String, String, String)| {
        (key, Here { reference, digest, categories: Kind::codes(&categories).map(str::to_owned).collect() })
    };
    Ok(rows.into_iter().map(of).collect())
}

pub(super) async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<()> {
    // 27 values a row; SQLite binds at most 32,766.
    let rows: Vec<(Model, String)> = rows.into_iter().map(|row| (row.clone(), row.name_key)).collect();
    register::enter_all::<Entity>(tx, &INCIDENT_RECORDS, &rows).await
}

pub(super) async fn update(tx: &DatabaseTransaction, row: &Model, version: i32) -> Result<()> {
    register::overwrite::<Entity>(tx, &INCIDENT_RECORDS, row, version, &row.name_key).await
}

pub(super) async fn remove(tx: &DatabaseTransaction, id: Uuid, version: i32) -> Result<()> {
    register::remove::<Entity>(tx, &INCIDENT_RECORDS, id, version).await
}

/// How many of those that happened in these years, both included, share all their categories, as far as an actor sees them: year, categories
/// ([`Kind::stored`]), number.
///
/// # Errors
/// When the database fails.
pub async fn counted(db: &impl ConnectionTrait, actor: &Actor, (first, last): (i16, i16)) -> Result<Vec<(String, String, i64)>> {
    let found = Entity::find().select_only().column(Column::Year).column(Column::Categories).column_as(Column::Id.count(), "number");
    let found = found.filter(in_years(first, last)).filter(visible(actor)).group_by(Column::Year).group_by(Column::Categories);
    Ok(found.into_tuple().all(db).await?)
}

/// The same by year and supplier, of those that are tied to one.
///
/// # Errors
/// When the database fails.
pub async fn counted_by_party(db: &impl ConnectionTrait, actor: &Actor, (first, last): (i16, i16)) -> Result<Vec<(String, Uuid, i64)>> {
    let found = Entity::find().select_only().column(Column::Year).column(Column::Party).column_as(Column::Id.count(), "number");
    let found = found.filter(Column::Party.is_not_null()).filter(in_years(first, last)).filter(visible(actor));
    Ok(found.group_by(Column::Year).group_by(Column::Party).into_tuple().all(db).await?)
}

fn in_years(first: i16, last: i16) -> Condition {
    // Years have four digits, so that their text sorts as they do.
    Condition::all().add(Column::Year.gte(format!("{first:04}"))).add(Column::Year.lte(format!("{last:04}")))
}
