//! The platform's tables, for both engines. A migration is never edited once released; the next one mends it.

mod kit;
mod m0001_spine;

use sea_orm_migration::MigrationTrait;

pub use kit::Kit;

/// The platform's migrations, in order. The product's own follow them.
pub fn platform() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m0001_spine::Migration)]
}
