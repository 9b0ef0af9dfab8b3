//! The party table. Nobody else touches it.

use std::future::Future;
use std::pin::Pin;

use platform::authz::Side;
use platform::identity::PartyFace;
use platform::{Error, Result};
use sea_orm::DatabaseConnection;
use sea_orm::entity::prelude::*;

/// A party as stored.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "party")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its name as it writes it.
    pub name: String,
    /// The name folded, for sorting and finding.
    pub name_key: String,
    /// `authority` or `supplier`.
    pub side: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The number under which its register of companies knows it.
    pub company_number: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// The class of supplier (OUT-S).
    pub class: Option<String>,
    /// Remarks of the authority.
    pub notes: Option<String>,
    /// When it was entered.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What the platform asks of a party: name and side.
pub fn face(db: &DatabaseConnection, id: Uuid) -> Pin<Box<dyn Future<Output = Result<Option<PartyFace>>> + Send + '_>> {
    Box::pin(async move {
        let Some(row) = Entity::find_by_id(id).one(db).await? else { return Ok(None) };
        let side = Side::from_code(&row.side).ok_or_else(|| Error::internal("a party has no side"))?;
        Ok(Some(PartyFace { name: row.name, side }))
    })
}
