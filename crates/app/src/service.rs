//! The service put together: the features' routes, policies, reactions and jobs, over one database.

use std::sync::Arc;

use platform::authz::{Actor, Authz, PolicyFile, Side};
use platform::book::LedgerKey;
use platform::clock::Clock;
use platform::config::Settings;
use platform::cx::Reaction;
use platform::db::Db;
use platform::jobs::Registry;
use platform::seal::Key;
use platform::web::{NavEntry, Routes};
use platform::{Core, Result};

/// One feature's policy files, embedded.
macro_rules! policies {
    ($($name:literal),+ $(,)?) => {
        [$(PolicyFile {
            name: $name,
            schema: include_str!(concat!("../../../authz/", $name, ".cedarschema")),
            policies: include_str!(concat!("../../../authz/", $name, ".cedar")),
        }),+]
    };
}

/// All policies of the product.
///
/// # Errors
/// When a file does not validate; a test keeps that from happening.
pub fn authz() -> Result<Authz> {
    Authz::load(&policies!["common", "party", "pack", "contract", "proposal"])
}

/// All routes.
pub fn routes() -> Routes {
    Routes::new().and(crate::check::routes()).and(crate::home::routes()).and(crate::offshoring::routes())
}

/// What follows from which entry, in the same transaction.
pub fn reactions() -> Vec<Reaction> {
    Vec::new()
}

/// The kinds of job.
pub fn jobs() -> Registry {
    Registry::default()
}

/// The main navigation for an actor.
pub fn nav(actor: &Actor) -> Vec<NavEntry> {
    match actor.account().map(|a| a.side) {
        None => Vec::new(),
        Some(Side::Authority | Side::Supplier) => vec![NavEntry { text: "nav-home", href: "/" }, NavEntry { text: "nav-proposals", href: "/proposals" }],
    }
}

/// The service over an open, migrated database.
///
/// # Errors
/// When the policies do not validate.
pub fn service(db: Db, clock: Clock, settings: Settings, master: Key, ledger_key: LedgerKey) -> Result<Arc<Core>> {
    Ok(Arc::new(Core {
        db,
        clock,
        authz: authz()?,
        master,
        ledger_key,
        product: Arc::new(crate::pack::Packs::load(&settings.packs)?),
        settings,
        reactions: reactions(),
        jobs: jobs(),
        directory: crate::party::face,
        nav,
        wake: Arc::default(),
    }))
}

#[cfg(test)]
mod tests;
