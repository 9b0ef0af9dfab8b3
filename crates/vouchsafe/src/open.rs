//! From settings to a running service: folder, database, keys, migrations.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::book::LedgerKey;
use platform::clock::Clock;
use platform::config::Settings;
use platform::db::Db;
use platform::seal::{Keyring, subject};
use platform::{Core, keys, migrations};

use crate::{Common, Stop};

/// The settings: file, then environment, then what the command line says.
pub(crate) fn settings(common: &Common) -> Result<Settings, Stop> {
    let mut env = BTreeMap::new();
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|n| n.starts_with("VOUCHSAFE_")) else { continue };
        let value = value.into_string().map_err(|_| Stop::BadInput(format!("{name}: is not valid UTF-8")))?;
        env.insert(name.to_owned(), value);
    }
    let mut settings = Settings::read(common.config.as_deref(), &env).map_err(|e| Stop::BadInput(e.to_string()))?;
    if let Some(data) = &common.data {
        settings.data.clone_from(data);
    }
    Ok(settings)
}

/// Opens the service. An empty folder or database is set up first; a key is made only then. The second value says whether that was so.
pub(crate) async fn service(settings: Settings) -> Result<(Arc<Core>, bool), Stop> {
    let opened = open(&settings).await?;
    let zone = zone(&settings)?;
    let core = app::service::service(opened.db, Clock::system(zone), settings, opened.master, opened.ledger_key)?;
    // Nothing is decided by rules that nobody installed: what was changed behind our back stops the start.
    app::pack::refresh(&core).await?;
    Ok((core, opened.first))
}

/// Opens the demonstration in its own folder, telling its story first where it was not told yet. The story is told on a clock turned by
/// hand, so that it lies in the past.
pub(crate) async fn demonstration(settings: Settings, many: app::demo::Mix) -> Result<Arc<Core>, Stop> {
    let opened = open(&settings).await?;
    let zone = zone(&settings)?;
    let make =
        |clock| app::service::demonstration(opened.db.clone(), clock, settings.clone(), opened.master.clone(), opened.ledger_key.clone());
    let core = make(Clock::system(zone.clone()))?;
    if !app::demo::told(&core).await? {
        let begun = Clock::system(zone.clone()).days_ago(45);
        app::demo::tell(&make(Clock::by_hand(begun, zone))?).await?;
        let wanted = many.total();
        app::demo::enter(&core, many, &|done| tell_progress(done, wanted)).await?;
    }
    Ok(core)
}

/// Says now and then how far entering many records is.
fn tell_progress(done: usize, of: usize) {
    if done.is_multiple_of(10_000) || done == of {
        tracing::info!(done, of, "records entered");
    }
}

/// What a folder of data holds.
struct Opened {
    db: Db,
    master: Keyring,
    ledger_key: LedgerKey,
    /// Whether it was set up just now.
    first: bool,
}

async fn open(settings: &Settings) -> Result<Opened, Stop> {
    keys::make_folder(&settings.data)?;
    let db = Db::open(&settings.database_url()).await?;
    let first = migrations::status(&db, app::migrations::migrations).await?.applied == 0;
    // Keys before tables: a start that was cut short is simply repeated.
    let (master, ledger_key) = keys::open(settings, first)?;
    migrations::migrate(&db, app::migrations::migrations).await?;
    subject::verify(db.reader(), &master).await?;
    Ok(Opened { db, master, ledger_key, first })
}

pub(crate) fn zone(settings: &Settings) -> Result<jiff::tz::TimeZone, Stop> {
    jiff::tz::TimeZone::get(&settings.authority.zone).map_err(|e| Stop::BadInput(e.to_string()))
}

/// The runtime that a command does its work in.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Stop> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Opens a service that was set up before, by a program as new as this one: nothing is made, and nothing is brought up to date.
pub(crate) async fn as_new(settings: Settings) -> Result<Arc<Core>, Stop> {
    there(&settings)?;
    let db = Db::open(&settings.database_url()).await?;
    let status = migrations::status(&db, app::migrations::migrations).await;
    db.close().await?;
    match status?.pending {
        0 => existing(settings).await,
        pending => Err(Stop::BadInput(format!(
            "the database lacks {pending} migrations of this program: use the program that it was made with, or start the service with this one first"
        ))),
    }
}

/// Opens a service that was set up before; nothing is made.
pub(crate) async fn existing(settings: Settings) -> Result<Arc<Core>, Stop> {
    there(&settings)?;
    Ok(service(settings).await?.0)
}

/// Refuses settings that name a database file which is not there: opening would make it.
fn there(settings: &Settings) -> Result<(), Stop> {
    let url = settings.database_url();
    let missing = url.strip_prefix("sqlite:").is_some_and(|path| !std::path::Path::new(path).exists());
    if missing {
        return Err(Stop::BadInput(format!("there is no database at {url}; name its folder with --data, or its settings with --config")));
    }
    Ok(())
}
