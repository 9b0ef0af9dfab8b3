//! The platform's tables, for both engines. A migration is never edited once released; the next one mends it.

mod kit;
mod m0001_spine;
mod m0002_identity;
mod m0004_cases;
mod m0005_drafts;

pub use sea_orm_migration::MigrationTrait as Migration;
use sea_orm_migration::MigrationTrait;
use sea_orm_migration::MigratorTraitSelf;

pub use kit::Kit;

/// The platform's migrations, in order. The product's own follow them.
pub fn platform() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_spine::Migration),
        Box::new(m0002_identity::Migration),
        Box::new(m0004_cases::Migration),
        Box::new(m0005_drafts::Migration),
    ]
}

/// Brings the database up to date with `all`, refusing one that is newer than this program. Each migration is one transaction where the
/// engine can.
///
/// # Errors
/// [`crate::Error::Internal`] naming the migration that failed; the service must not start then.
pub async fn migrate(db: &crate::db::Db, all: fn() -> Vec<Box<dyn MigrationTrait>>) -> crate::Result<()> {
    let migrator = Migrator(all);
    migrator.up(db.writer(), None).await.map_err(|e| crate::Error::internal(format!("a migration failed: {e}")))
}

struct Migrator(fn() -> Vec<Box<dyn MigrationTrait>>);

impl MigratorTraitSelf for Migrator {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        (self.0)()
    }
}
