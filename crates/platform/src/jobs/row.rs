//! A job as stored.

use sea_orm::entity::prelude::*;

/// One job.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// What to do, as JSON.
    pub payload: String,
    /// Not before, in milliseconds.
    pub run_at: i64,
    /// Tries so far.
    pub tries: i32,
    /// Taken until, in milliseconds.
    pub leased_until: Option<i64>,
    /// `waiting`, `done` or `dead`.
    pub state: String,
    /// What went wrong last, for administrators.
    pub error: Option<String>,
    /// Deduplication key while waiting.
    pub dedupe: Option<String>,
    /// When it was written.
    pub made_at: i64,
    /// When it was done or given up.
    pub ended_at: Option<i64>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
