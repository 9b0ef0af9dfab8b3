//! The platform's tables, for both engines. A migration is never edited once released; the next one mends it.

mod kit;
mod m0001_spine;
mod m0002_identity;
mod m0004_cases;
mod m0005_drafts;
mod m0010_upkeep;
mod m0020_master_key;
mod m0030_files;
mod m0040_api;
mod m0060_webhooks;
mod m0070_blind;
mod m0090_search;
mod m0100_tasks;
mod m0101_notices;
mod m0103_passing;
mod m0104_acting_for;
mod m0105_dropped_tasks;
mod m0106_held_files;
mod m0107_essential_messages;

pub use sea_orm_migration::MigrationTrait as Migration;
use sea_orm_migration::prelude::{DbErr, SchemaManager};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTraitSelf};

pub use kit::Kit;

/// The platform's migrations, in order. The product's own follow them.
pub fn platform() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_spine::Migration),
        Box::new(m0002_identity::Migration),
        Box::new(m0004_cases::Migration),
        Box::new(m0005_drafts::Migration),
        Box::new(m0010_upkeep::Migration),
        Box::new(m0020_master_key::Migration),
        Box::new(m0060_webhooks::Migration),
        Box::new(m0090_search::Migration),
        Box::new(m0030_files::Migration),
        Box::new(m0040_api::Migration),
        Box::new(m0070_blind::Migration),
        Box::new(m0100_tasks::Migration),
        Box::new(m0101_notices::Migration),
        Box::new(m0103_passing::Migration),
        Box::new(m0104_acting_for::Migration),
        Box::new(m0105_dropped_tasks::Migration),
        Box::new(m0106_held_files::Migration),
        Box::new(m0107_essential_messages::Migration),
    ]
}

/// The name of the lock under which one node migrates.
const TURN: i64 = 0x766f_7563_6873_6166;

/// Brings the database up to date with `all`, refusing one that is newer than this program. Each migration is one transaction on both
/// engines: a failed one leaves nothing half-made.
///
/// # Errors
/// [`crate::Error::Internal`] naming the migration that failed or is not known here; the service must not start then.
pub async fn migrate(db: &crate::db::Db, all: fn() -> Vec<Box<dyn MigrationTrait>>) -> crate::Result<()> {
    // Two nodes starting at once take turns; the second finds nothing left to do.
    let turn = match db.engine() {
        crate::db::Engine::Postgres => {
            let turn = db.begin().await?;
            crate::db::dialect::lock_name(&*turn, TURN).await?;
            Some(turn)
        }
        crate::db::Engine::Sqlite => None,
    };
    let done = Migrator(all, None).up(db.writer(), None).await.map_err(|e| fault(&e));
    drop(turn);
    done
}

/// Brings an empty database to where one stood that had the migrations `names`, and no further.
///
/// # Errors
/// As [`migrate`].
pub(crate) async fn migrate_only(db: &crate::db::Db, all: fn() -> Vec<Box<dyn MigrationTrait>>, names: &[String]) -> crate::Result<()> {
    Migrator(all, Some(names.to_vec())).up(db.writer(), None).await.map_err(|e| fault(&e))
}

/// How many of `all` the database has and lacks. Writes nothing.
///
/// # Errors
/// As [`migrate`]: when it is newer than this program, or does not answer.
pub async fn status(db: &crate::db::Db, all: fn() -> Vec<Box<dyn MigrationTrait>>) -> crate::Result<Status> {
    let list = Migrator(all, None).get_migration_with_status_read_only(db.reader()).await.map_err(|e| fault(&e))?;
    let applied = list.iter().filter(|m| matches!(m.status(), sea_orm_migration::MigrationStatus::Applied)).count();
    Ok(Status { applied, pending: list.len() - applied })
}

/// Where a database stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// Migrations that it has.
    pub applied: usize,
    /// Migrations that it lacks.
    pub pending: usize,
}

fn fault(error: &DbErr) -> crate::Error {
    let text = error.to_string();
    if text.contains("its file is missing") {
        return crate::Error::internal(format!("the database is newer than this program; use the newer program ({text})"));
    }
    crate::Error::internal(format!("a migration failed, and nothing of it was kept: {text}"))
}

/// The migrations, or those of them that are named.
struct Migrator(fn() -> Vec<Box<dyn MigrationTrait>>, Option<Vec<String>>);

impl MigratorTraitSelf for Migrator {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        let wanted = |step: &dyn MigrationTrait| self.1.as_ref().is_none_or(|names| names.iter().any(|name| name == step.name()));
        let steps = (self.0)().into_iter().filter(|step| wanted(step.as_ref()));
        steps.map(|step| Box::new(Whole(step)) as Box<dyn MigrationTrait>).collect()
    }
}

/// A migration that happens as a whole or not at all.
struct Whole(Box<dyn MigrationTrait>);

impl MigrationName for Whole {
    fn name(&self) -> &str {
        self.0.name()
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Whole {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.up(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.down(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
