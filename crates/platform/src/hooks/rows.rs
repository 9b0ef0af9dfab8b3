//! Hooks and their deliveries, as stored.

use sea_orm::ActiveValue;
use sea_orm::entity::prelude::*;

use crate::cx::housekept;

/// One hook: an address that is told of changes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// Where messages are sent.
    pub url: String,
    /// What it is told of: beginnings of actions, parted by blanks (`proposal. party.add`); empty for everything.
    pub actions: String,
    /// The secret that signs, sealed for the hook.
    pub secret: Vec<u8>,
    /// `active` or `paused`.
    pub state: String,
    /// The index of the first entry that it was not told of yet.
    pub next_entry: i64,
    /// When it was made.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

impl Model {
    /// The subject whose key seals its secret.
    pub fn subject(id: Uuid) -> String {
        format!("webhook:{id}")
    }

    /// Whether it is told of this action.
    pub fn wants(&self, action: &str) -> bool {
        self.actions.is_empty() || self.actions.split(' ').any(|beginning| action.starts_with(beginning))
    }
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// One message to one hook.
pub mod delivery {
    use sea_orm::entity::prelude::*;

    /// A delivery as stored.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_delivery")]
    pub struct Model {
        /// Its id, which is the message's id: the same however often it is sent.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The hook.
        pub webhook: Uuid,
        /// The ledger entry that it tells of; none for a test.
        pub entry: Option<i64>,
        /// The action.
        pub action: String,
        /// `waiting`, `delivered` or `failed`.
        pub state: String,
        /// Tries so far.
        pub tries: i32,
        /// The status that the last try was answered with.
        pub status: Option<i32>,
        /// What went wrong last, by code.
        pub fault: Option<String>,
        /// When it was made.
        pub made_at: i64,
        /// When it was tried last.
        pub tried_at: Option<i64>,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

housekept!(Entity, delivery::Entity);

/// A delivery, not yet stored.
pub fn waiting(webhook: Uuid, id: Uuid, entry: Option<i64>, action: &str, now: i64) -> delivery::ActiveModel {
    delivery::ActiveModel {
        id: ActiveValue::Set(id),
        webhook: ActiveValue::Set(webhook),
        entry: ActiveValue::Set(entry),
        action: ActiveValue::Set(action.to_owned()),
        state: ActiveValue::Set("waiting".to_owned()),
        tries: ActiveValue::Set(0),
        status: ActiveValue::Set(None),
        fault: ActiveValue::Set(None),
        made_at: ActiveValue::Set(now),
        tried_at: ActiveValue::Set(None),
    }
}
