//! Memberships: an account's role in one party.

use sea_orm::entity::prelude::*;

/// A membership.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The account.
    pub account: Uuid,
    /// The party.
    pub party: Uuid,
    /// The role, by code.
    pub role: String,
    /// Since when.
    pub since: i64,
    /// Until when; none while it stands.
    pub until: Option<i64>,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether it stands at `now`.
    pub fn stands(&self, now: crate::clock::Millis) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}
