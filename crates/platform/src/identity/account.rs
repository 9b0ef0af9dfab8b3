//! Accounts: logins.

use sea_orm::entity::prelude::*;

/// An account.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The digest of the e-mail address by which the account is found; unique. None once the account's key was destroyed: nobody holds it.
    pub email_index: Option<Vec<u8>>,
    /// The e-mail address, sealed: [`super::holder`] opens it.
    pub sealed_email: Vec<u8>,
    /// The holder's name, sealed.
    pub sealed_name: Vec<u8>,
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
    /// Whether its holder may sign in: it is active, its last day is not over, and its holder was not removed.
    pub fn stands(&self, clock: &crate::clock::Clock) -> bool {
        self.state == "active" && !self.is_over(clock) && !self.is_removed()
    }

    /// Whether its key was destroyed, and with it who held it.
    pub fn is_removed(&self) -> bool {
        self.email_index.is_none()
    }

    /// What its tries to sign in are counted by: the digest of its address, which tells nobody the address.
    pub fn mark(&self) -> String {
        hex::encode(self.email_index.as_deref().unwrap_or_default())
    }

    /// Whether its last day is over.
    pub fn is_over(&self, clock: &crate::clock::Clock) -> bool {
        self.ends_on.as_ref().is_some_and(|day| *day < clock.today().to_string())
    }
}
