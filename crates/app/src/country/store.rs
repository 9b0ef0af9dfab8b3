//! The table of what the authority holds of countries. Nobody else touches it.

use std::collections::BTreeMap;

use platform::Result;
use platform::authz::{Guarded, Resource};
use platform::register;
use rules::country::Country;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, DatabaseTransaction, IntoActiveModel as _};

use super::model::Details;

/// What is held of a country, as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "country")]
pub struct Model {
    /// Its id in the ledger.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// ISO 3166-1 alpha-2, each once.
    pub country: String,
    /// How well it protects personal data.
    pub adequacy: Option<String>,
    /// On which condition.
    pub condition: Option<String>,
    /// What carries transfers.
    pub mechanism: Option<String>,
    /// The assessment of their risk.
    pub assessment: Option<String>,
    /// When that was made, ISO.
    pub assessed_on: Option<String>,
    /// When it is to be looked at again, ISO.
    pub review_on: Option<String>,
    /// Onward transfer.
    pub onward: Option<String>,
    /// Notes on its law.
    pub law: Option<String>,
    /// When it was first recorded.
    pub made_at: i64,
    /// Guards against lost updates; 0 while nothing is recorded.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Guarded for Model {
    fn resource(&self) -> Resource {
        Resource::new("country", self.id)
    }
}

impl Model {
    /// A country of which nothing is recorded.
    pub fn new(id: Uuid, country: Country, now: i64) -> Self {
        Self {
            id,
            country: country.code().to_owned(),
            adequacy: None,
            condition: None,
            mechanism: None,
            assessment: None,
            assessed_on: None,
            review_on: None,
            onward: None,
            law: None,
            made_at: now,
            version: 0,
        }
    }

    /// What people entered.
    pub fn details(&self) -> Details {
        let day = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
        Details {
            adequacy: self.adequacy.clone(),
            condition: self.condition.clone(),
            mechanism: self.mechanism.clone(),
            assessment: self.assessment.clone(),
            assessed_on: day(&self.assessed_on),
            review_on: day(&self.review_on),
            onward: self.onward.clone(),
            law: self.law.clone(),
        }
    }

    /// Sets what people entered.
    pub fn set(&mut self, details: &Details) {
        let details = details.clone();
        self.adequacy = details.adequacy;
        self.condition = details.condition;
        self.mechanism = details.mechanism;
        self.assessment = details.assessment;
        self.assessed_on = details.assessed_on.map(|day| day.to_string());
        self.review_on = details.review_on.map(|day| day.to_string());
        self.onward = details.onward;
        self.law = details.law;
    }
}

/// What is recorded of a country, if anything.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, country: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Country.eq(country)).one(db).await?)
}

/// What is recorded of every country, by code.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<BTreeMap<String, Model>> {
    Ok(Entity::find().all(db).await?.into_iter().map(|row| (row.country.clone(), row)).collect())
}

/// Writes what is recorded of a country over version `row.version` of it; one of two who record the first thing of it is too late.
///
/// # Errors
/// [`platform::Error::Stale`] for whoever is too late; when the database fails.
pub async fn save(tx: &DatabaseTransaction, row: Model) -> Result<()> {
    let (id, version) = (row.id, row.version);
    let mut new = row.into_active_model().reset_all();
    new.version = ActiveValue::Set(version + 1);
    if version > 0 {
        return register::save(tx, new, id, version, "country-stale").await;
    }
    let keep = sea_orm::sea_query::OnConflict::column(Column::Country).do_nothing().to_owned();
    let done = Entity::insert(new).on_conflict(keep).exec_without_returning(tx).await?;
    if done == 1 { Ok(()) } else { Err(platform::Error::Stale(platform::texts::Text::new("country-stale"))) }
}
