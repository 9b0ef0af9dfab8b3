//! The party table. Nobody else touches it.

use std::future::Future;
use std::pin::Pin;

use platform::authz::Side;
use platform::identity::PartyFace;
use platform::{Error, Result};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryOrder, QuerySelect};

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

/// The authority, once it is entered.
///
/// # Errors
/// When the database fails.
pub async fn authority<C: ConnectionTrait>(db: &C) -> Result<Option<Uuid>> {
    let found = Entity::find().filter(Column::Side.eq(Side::Authority.code())).order_by_asc(Column::MadeAt).one(db).await?;
    Ok(found.map(|row| row.id))
}

/// Id, name and side of every party, by name, at most 500: for choosing one.
///
/// # Errors
/// When the database fails.
pub async fn all<C: ConnectionTrait>(db: &C) -> Result<Vec<(Uuid, String, String)>> {
    let rows = Entity::find().order_by_asc(Column::NameKey).order_by_asc(Column::Id).limit(500).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, row.side)).collect())
}

/// Stores a party of which nothing but name and side is known. The caller's transaction must hold its entry.
///
/// # Errors
/// When the database fails.
pub async fn put<C: ConnectionTrait>(db: &C, id: Uuid, name: &str, side: Side, now: i64) -> Result<()> {
    let row = ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        name_key: Set(platform::db::dialect::fold(name)),
        side: Set(side.code().to_owned()),
        made_at: Set(now),
        version: Set(1),
        country: Set(None),
        company_number: Set(None),
        address: Set(None),
        class: Set(None),
        notes: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
