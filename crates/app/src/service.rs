//! The service put together: the features' routes, policies, reactions and jobs, over one database.

use std::sync::Arc;

use platform::apart::Apart;
use platform::authz::{Actor, Authz, PolicyFile};
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
use platform::web::{NavEntry, NavGroup, Routes};
use platform::{Core, Result};

use crate::casework::{self, Process as _, served};
use crate::holding::model::{Holding as _, Systems, TransferRoutes};
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
/// When a file cannot be read; a test keeps that from happening, and sees that each keeps to the schema.
pub fn authz() -> Result<Authz> {
    Authz::load(&policies![
        "common",
        "party",
        "account",
        "delegation",
        "pack",
        "contract",
        "site",
        "holding",
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
        .and(crate::holding::routes())
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
        &crate::holding::pages::Lists::<Systems>::LIST,
        &crate::holding::pages::Lists::<TransferRoutes>::LIST,
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

/// The main navigation for an actor: what is looked for in a hurry by itself, the rest in menus.
pub fn nav(actor: &Actor) -> Vec<NavGroup> {
    if actor.account().is_none() {
        return Vec::new();
    }
    let entry = |text, href| NavEntry { text, href };
    let authority = |text, href| actor.is_authority().then(|| entry(text, href));
    let of = |roles: &[&str], text, href| actor.role().filter(|role| roles.contains(role)).map(|_| entry(text, href));
    let abroad = [
        Some(entry("nav-proposals", "/proposals")),
        Some(entry("nav-arrangements", "/arrangements")),
        Some(entry("nav-breaches", "/breaches")),
        Some(entry("nav-map", "/map")),
        Some(entry("nav-sites", "/sites")),
        Some(entry("nav-subprocessors", "/subprocessors")),
    ];
    let security = [
        Some(entry("nav-plans", "/plans")),
        Some(entry("nav-plan-changes", "/plan-changes")),
        Some(entry("nav-systems", Systems::REGISTER.path)),
        Some(entry("nav-transfer-routes", TransferRoutes::REGISTER.path)),
        Some(entry("nav-trends", crate::trend::PATH)),
        Some(crate::sweep::nav(actor)),
        authority("nav-weaknesses", "/weaknesses"),
        authority("nav-incident-records", "/incident-records"),
        crate::intake::nav(actor),
    ];
    let contracts = [
        Some(entry("nav-contracts", "/contracts")),
        authority("nav-parties", "/parties"),
        Some(entry("nav-bids", "/bids")),
        Some(entry("nav-obligations", "/obligations")),
        Some(entry("nav-rulings", "/rulings")),
        Some(entry("nav-authority-data", "/authority-data")),
        Some(entry("nav-data-protection", "/data-protection")),
        Some(entry("nav-measures", "/measures")),
        Some(entry("nav-packs", "/packs")),
    ];
    let service = [
        crate::account::nav(actor),
        of(&["administrator", "security", "internal_audit"], "nav-ledger", "/ledger"),
        of(&["administrator"], "nav-webhooks", "/webhooks"),
        of(&["administrator"], "nav-jobs", "/admin/jobs"),
    ];
    let menu = |text, entries: &[Option<NavEntry>]| NavGroup { text, entries: entries.iter().flatten().copied().collect() };
    let groups = [
        menu("nav-home", &[Some(entry("nav-home", "/"))]),
        menu("nav-incidents", &[Some(entry("nav-incidents", "/incidents"))]),
        menu("nav-menu-abroad", &abroad),
        menu("nav-menu-security", &security),
        menu("nav-menu-contracts", &contracts),
        menu("nav-menu-service", &service),
    ];
    groups.into_iter().filter(|group| !group.entries.is_empty()).collect()
}

/// The service over an open, migrated database.
///
/// # Errors
/// When the policies cannot be read.
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
        crate::holding::store::files::<Systems>(),
        crate::holding::store::files::<TransferRoutes>(),
        crate::obligation::FILES,
        crate::measure::store::FILES,
        crate::incident::attached::FILES,
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
