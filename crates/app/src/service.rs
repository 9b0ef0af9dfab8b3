//! The service put together: the features' routes, policies, reactions and jobs, over one database.

use std::sync::Arc;

use platform::apart::Apart;
use platform::authz::{Actor, Authz, PolicyFile, Side};
use platform::book::{LedgerKey, Refusals};
use platform::clock::Clock;
use platform::config::Settings;
use platform::cx::Reaction;
use platform::db::Db;
use platform::files::{self, Desk};
use platform::identity::Owner;
use platform::jobs::Registry;
use platform::seal::Keyring;
use platform::sheets::{self, List};
use platform::web::{NavEntry, Routes};
use platform::{Core, Result};

use crate::casework::{self, Process as _, served};
use crate::kinds::of_every_kind;

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
    Authz::load(&policies![
        "common",
        "party",
        "account",
        "delegation",
        "pack",
        "contract",
        "site",
        "import",
        "ruling",
        "obligation",
        "authority_data",
        "measure",
        "data_protection",
        "proposal",
        "plan",
        "plan_change",
        "arrangement",
        "breach",
        "incident",
        "incident_record",
        "sweep",
        "weakness",
        "mail",
        "bid",
        "subprocessor",
        "country",
        "assurance",
        "webhook",
        "file",
        "list"
    ])
}

/// All routes.
pub fn routes() -> Routes {
    Routes::new()
        .and(crate::party::routes())
        .and(crate::account::routes())
        .and(crate::delegation::routes())
        .and(crate::pack::routes())
        .and(crate::paper::routes())
        .and(crate::contract::routes())
        .and(crate::site::routes())
        .and(crate::ruling::routes())
        .and(crate::obligation::routes())
        .and(crate::authority_data::routes())
        .and(crate::measure::routes())
        .and(crate::data_protection::routes())
        .and(crate::check::routes())
        .and(crate::about::routes())
        .and(crate::import::routes())
        .and(crate::assurance::routes())
        .and(crate::webhook::routes())
        .and(crate::home::routes())
        .and(crate::offshoring::routes())
        .and(crate::edition::routes())
        .and(crate::plan::routes())
        .and(crate::plan_change::routes())
        .and(crate::arrangement::routes())
        .and(crate::breach::routes())
        .and(crate::incident::routes())
        .and(crate::sweep::routes())
        .and(crate::incident_record::routes())
        .and(crate::intake::routes())
        .and(crate::bid::routes())
        .and(crate::subprocessor::routes())
        .and(crate::geography::routes())
        .and(crate::trend::routes())
        .and(files::routes())
        .and(sheets::routes(&lists()))
}

/// The lists that can be taken out as files.
pub fn lists() -> Vec<&'static List> {
    let mut all: Vec<&'static List> = vec![
        &crate::party::pages::LIST,
        &crate::contract::pages::LIST,
        &crate::site::pages::LIST,
        &crate::obligation::pages::list::LIST,
        &crate::authority_data::pages::LIST,
        &crate::measure::pages::LIST,
        &crate::data_protection::pages::LIST,
        &crate::arrangement::pages::LIST,
        &crate::sweep::pages::answers::LIST,
        &crate::incident::weakness::pages::LIST,
        &crate::incident_record::pages::LIST,
        &crate::subprocessor::pages::LIST,
        &crate::geography::pages::LIST,
        &crate::trend::pages::LIST,
        &crate::account::pages::people::LIST,
        &crate::assurance::pages::LIST,
    ];
    of_every_kind!(P => all.push(P::LIST));
    all
}

/// The kinds of case.
fn kinds() -> Vec<casework::Served> {
    let mut all = Vec::new();
    of_every_kind!(P => all.push(served::<P>()));
    all
}

/// What follows from which entry, in the same transaction.
pub fn reactions() -> Vec<Reaction> {
    let ended = kinds().into_iter().map(|kind| kind.when_a_role_ends);
    let features = [
        crate::delegation::reactions(),
        crate::obligation::act::reactions(),
        crate::offshoring::events::reactions(),
        crate::offshoring::act::reactions(),
        crate::plan::reactions(),
        crate::plan_change::reactions(),
        crate::arrangement::reactions(),
        crate::breach::reactions(),
        crate::incident::reactions(),
        crate::sweep::reactions(),
        crate::geography::reactions(),
    ];
    features.into_iter().flatten().chain(ended).collect()
}

/// The kinds of job, and the schedules that the settings ask for.
pub fn jobs(settings: &Settings) -> Registry {
    platform::upkeep::jobs(settings)
        .and(crate::account::jobs())
        .and(crate::assurance::jobs())
        .and(crate::offshoring::jobs())
        .and(crate::plan::jobs())
        .and(crate::plan_change::jobs())
        .and(crate::arrangement::jobs())
        .and(crate::breach::jobs())
        .and(crate::ruling::jobs())
        .and(crate::incident::jobs())
        .and(crate::sweep::jobs())
        .and(crate::intake::jobs())
        .and(crate::bid::jobs())
        .and(crate::reminder::jobs())
}

/// The main navigation for an actor.
pub fn nav(actor: &Actor) -> Vec<NavEntry> {
    match actor.account().map(|a| a.side) {
        None => Vec::new(),
        Some(Side::Authority | Side::Supplier) => {
            let mut entries = vec![NavEntry { text: "nav-home", href: "/" }, NavEntry { text: "nav-proposals", href: "/proposals" }];
            entries.push(NavEntry { text: "nav-arrangements", href: "/arrangements" });
            entries.push(NavEntry { text: "nav-map", href: "/map" });
            entries.push(NavEntry { text: "nav-plans", href: "/plans" });
            entries.push(NavEntry { text: "nav-plan-changes", href: "/plan-changes" });
            entries.push(NavEntry { text: "nav-incidents", href: "/incidents" });
            entries.push(NavEntry { text: "nav-trends", href: crate::trend::PATH });
            entries.push(crate::sweep::nav(actor));
            if actor.is_authority() {
                entries.push(NavEntry { text: "nav-weaknesses", href: "/weaknesses" });
                entries.push(NavEntry { text: "nav-incident-records", href: "/incident-records" });
            }
            entries.extend(crate::intake::nav(actor));
            entries.push(NavEntry { text: "nav-breaches", href: "/breaches" });
            entries.push(NavEntry { text: "nav-bids", href: "/bids" });
            entries.push(NavEntry { text: "nav-contracts", href: "/contracts" });
            if actor.is_authority() {
                entries.push(NavEntry { text: "nav-parties", href: "/parties" });
            }
            entries.push(NavEntry { text: "nav-sites", href: "/sites" });
            entries.push(NavEntry { text: "nav-subprocessors", href: "/subprocessors" });
            entries.push(NavEntry { text: "nav-obligations", href: "/obligations" });
            entries.push(NavEntry { text: "nav-rulings", href: "/rulings" });
            entries.push(NavEntry { text: "nav-authority-data", href: "/authority-data" });
            entries.push(NavEntry { text: "nav-data-protection", href: "/data-protection" });
            entries.push(NavEntry { text: "nav-measures", href: "/measures" });
            entries.push(NavEntry { text: "nav-packs", href: "/packs" });
            entries.extend(crate::account::nav(actor));
            if matches!(actor.role(), Some("administrator" | "security" | "internal_audit")) {
                entries.push(NavEntry { text: "nav-ledger", href: "/ledger" });
            }
            if actor.role() == Some("administrator") {
                entries.push(NavEntry { text: "nav-webhooks", href: "/webhooks" });
                entries.push(NavEntry { text: "nav-jobs", href: "/admin/jobs" });
            }
            entries
        }
    }
}

/// The service over an open, migrated database.
///
/// # Errors
/// When the policies do not validate.
pub fn service(db: Db, clock: Clock, settings: Settings, master: impl Into<Keyring>, ledger_key: LedgerKey) -> Result<Arc<Core>> {
    Ok(Arc::new(core(db, clock, settings, master.into(), ledger_key)?))
}

/// The service as a demonstration: its sign-in links work again and again. Only the command that makes the demonstration calls this.
///
/// # Errors
/// As [`service`].
pub fn demonstration(db: Db, clock: Clock, settings: Settings, master: Keyring, ledger_key: LedgerKey) -> Result<Arc<Core>> {
    Ok(Arc::new(Core { demo: true, ..core(db, clock, settings, master, ledger_key)? }))
}

/// What files can be attached to: a line a kind.
pub fn attachable() -> Vec<files::Kind> {
    let registers = [
        crate::party::store::FILES,
        crate::contract::store::FILES,
        crate::site::store::FILES,
        crate::obligation::FILES,
        crate::measure::store::FILES,
        crate::intake::store::FILES,
    ];
    registers.into_iter().chain(kinds().into_iter().map(|kind| kind.files)).collect()
}

/// What of an account's work can be handed over, feature by feature.
pub fn owners() -> Vec<Owner> {
    kinds().into_iter().flat_map(|kind| kind.owners).collect()
}

fn core(db: Db, clock: Clock, settings: Settings, master: Keyring, ledger_key: LedgerKey) -> Result<Core> {
    Ok(Core {
        links: platform::api::Limit::new("link", platform::core::LINK_MINUTE, &clock),
        db,
        clock,
        authz: authz()?,
        master,
        ledger_key,
        product: Arc::new(crate::pack::Shelf::load(&settings.packs)?),
        refresh: crate::pack::refreshing,
        jobs: jobs(&settings),
        files: Desk::open(&settings, attachable())?,
        settings,
        reactions: reactions(),
        refusals: Refusals::default(),
        edge: platform::book::Edge::default(),
        answers: platform::cx::Answers::default(),
        directory: crate::party::face,
        owners: owners(),
        apart: Apart::by_itself(crate::reading::COMMAND)?,
        demo: false,
        nav,
        wake: Arc::default(),
    })
}

#[cfg(test)]
mod tests;
