//! Accounts: logins.

use sea_orm::entity::prelude::*;

/// An account.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The e-mail address, in lower case; unique.
    pub email: String,
    /// The holder's name.
    pub name: String,
    /// The password as an Argon2id PHC string; none until the invitation is accepted.
    pub password: Option<String>,
    /// The TOTP secret, sealed; none without a second factor.
    pub totp: Option<Vec<u8>>,
    /// The last TOTP step used, so that no code works twice.
    pub totp_step: i64,
    /// Whether it may only read.
    pub read_only: bool,
    /// The last day on which it may sign in (ISO), for visitors such as an external auditor.
    pub ends_on: Option<String>,
    /// `invited`, `active` or `closed`.
    pub state: String,
    /// When it was made.
    pub made_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether its holder may sign in: it is active and its last day is not over.
    pub fn stands(&self, clock: &crate::clock::Clock) -> bool {
        self.state == "active" && !self.is_over(clock)
    }

    /// Whether its last day is over.
    pub fn is_over(&self, clock: &crate::clock::Clock) -> bool {
        self.ends_on.as_ref().is_some_and(|day| *day < clock.today().to_string())
    }
}
