//! `vouchsafe backup` and `vouchsafe restore`.

use std::fs;
use std::path::{Path, PathBuf};

use platform::authz::Actor;
use platform::backup::{self, Folder, Restored};
use platform::clock::Clock;
use platform::config::Settings;
use platform::db::Db;
use platform::{Cx, keys};

use crate::{Common, Stop, logs, open, say};

/// What `backup` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  vouchsafe backup /media/backup/2026-11-27 --data /srv/vouchsafe
  vouchsafe backup /media/backup/2026-11-27 --keys /media/keys/2026-11-27

The service goes on meanwhile; the backup holds one moment of it: database and files, from their folder or bucket. Either engine reads back what the other wrote. It is
whole when its file `manifest` is there, which is written last. It does not hold the keys: without them nothing sealed in it can be read.
Keep them elsewhere. That a backup was taken is an entry in the ledger.

Exit codes: 0 taken; 1 something did not work, or the file store has lost files, which are named; 2 a folder or setting cannot be used.")]
pub(crate) struct BackupArgs {
    /// An empty folder, or one to be made.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Copy the keys that it needs into this folder, which must lie elsewhere.
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

/// What `restore` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  vouchsafe restore /media/backup/2026-11-27 --keys /media/keys/2026-11-27 --after checkpoint-0000000001204 --data /srv/vouchsafe
  vouchsafe --config /etc/vouchsafe.toml restore /media/backup/2026-11-27

Into an empty data folder, or an empty database; files go to the folder or bucket of the settings, which must be empty too. The service must
not run. Everything is checked before it is kept: each byte of the backup, the ledger's tree, every sealed detail. Cut off, it is simply run
again. Everybody signs in again afterwards.

Give the last checkpoint that left the machine with --after, or name its folder in the setting checkpoints.folder: the entry about the restore
then names it, so that auditors tell this loss from tampering.

Exit codes: 0 restored; 1 something did not work; 2 the backup, the keys, the checkpoint or the place cannot be used. Nothing was changed then.")]
pub(crate) struct RestoreArgs {
    /// The folder that `vouchsafe backup` wrote.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The folder with the keys that belong to it; else they must lie where the settings name them.
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// The last checkpoint of the ledger that left the machine.
    #[arg(long, value_name = "FILE")]
    after: Option<PathBuf>,
}

/// Takes a backup.
pub(crate) fn backup(common: &Common, args: &BackupArgs) -> Result<u8, Stop> {
    let settings = open::settings(common)?;
    logs::start(&settings);
    open::runtime()?.block_on(async {
        for folder in std::iter::once(&args.folder).chain(&args.keys) {
            if fs::read_dir(folder).is_ok_and(|mut list| list.next().is_some()) {
                return Err(Stop::BadInput(format!("{}: the folder is not empty; name an empty one", folder.display())));
            }
        }
        let core = open::as_new(settings).await?;
        let taken = backup::take(&Cx::new(&core, Actor::Operator)?, &args.folder, args.keys.as_deref()).await;
        core.db.clone().close().await?;
        let taken = taken?;
        say(format!(
            "Backup: {}. Rows: {}. Files: {}. Ledger entries: {}.",
            args.folder.display(),
            taken.rows,
            taken.files,
            taken.manifest.size
        ))?;
        for id in &taken.lost {
            say(format!("LOST: the file store has lost the file {id}; the backup lacks it."))?;
        }
        let needs: Vec<String> = taken.manifest.master.iter().map(ToString::to_string).collect();
        match &args.keys {
            Some(folder) => {
                say(format!("Keys: {}. Keep them apart from the backup: whoever has both reads everything.", folder.display()))?;
            }
            None => say(format!(
                "The keys are not in it. Without the master key {} nothing sealed in it can be read: keep a copy of both keys, elsewhere.",
                if needs.is_empty() { "of this service".to_owned() } else { needs.join(" and ") }
            ))?,
        }
        Ok(u8::from(!taken.lost.is_empty()))
    })
}

/// Restores one.
pub(crate) fn restore(common: &Common, args: &RestoreArgs) -> Result<u8, Stop> {
    let settings = open::settings(common)?;
    logs::start(&settings);
    let after = outside(&settings, args.after.as_deref())?;
    open::runtime()?.block_on(async {
        let done = put_back(&settings, args, after.as_deref()).await?;
        told(&settings, &done)?;
        Ok(0)
    })
}

async fn put_back(settings: &Settings, args: &RestoreArgs, after: Option<&str>) -> Result<Restored, Stop> {
    let bad = |e: platform::Error| Stop::BadInput(e.to_string());
    let with_keys = args.keys.as_deref().map_or_else(|| settings.clone(), |folder| keys::copies::of(settings, folder));
    let (ring, ledger_key) = keys::open(&with_keys, false).map_err(bad)?;
    let from = Folder::open(&args.folder, ledger_key.public()).map_err(stop)?;
    keys::make_folder(&settings.data)?;
    let db = Db::open(&settings.database_url()).await?;
    let core = app::service::service(db, Clock::system(open::zone(settings)?), settings.clone(), ring, ledger_key)?;
    let place = || args.keys.as_deref().map_or(Ok(()), |folder| keys::copies::put_back(settings, folder));
    let done = backup::restore(&Cx::new(&core, Actor::Operator)?, &from, after, app::migrations::migrations, place).await.map_err(stop);
    core.db.clone().close().await?;
    done
}

fn stop(stop: backup::Stop) -> Stop {
    match stop {
        backup::Stop::Refused(why) => Stop::BadInput(why),
        backup::Stop::Failed(error) => error.into(),
    }
}

/// The last checkpoint outside: the one given, or the newest in the folder that the settings send them to.
fn outside(settings: &Settings, given: Option<&Path>) -> Result<Option<String>, Stop> {
    let file = match given {
        Some(file) => Some(file.to_owned()),
        None if settings.checkpoints.folder.as_os_str().is_empty() => None,
        None => newest(&settings.checkpoints.folder),
    };
    let read = |file: PathBuf| fs::read_to_string(&file).map_err(|e| Stop::BadInput(format!("the checkpoint {}: {e}", file.display())));
    file.map(read).transpose()
}

/// The checkpoint with the highest number: their names sort by it.
fn newest(folder: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.filter_map(|item| Some(item.ok()?.path()));
    let named = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()?.strip_prefix("checkpoint-")).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
    };
    files.filter(named).max()
}

fn told(settings: &Settings, done: &Restored) -> Result<(), Stop> {
    let made = jiff::Timestamp::from_millisecond(done.made_at).map(|at| at.to_string()).unwrap_or_default();
    say(format!("Restored the backup of {made}: {} rows, {} files, {} ledger entries.", done.rows, done.files, done.size))?;
    say(format!(
        "Checked: every byte of the backup, the ledger's tree, {} sealed details ({} more were destroyed on purpose).",
        done.opened, done.destroyed
    ))?;
    match done.lost_until {
        Some(until) => say(format!("Lost, and declared in the ledger: the entries {} to {}.", done.size, until.saturating_sub(1)))?,
        None if done.declared => say("The backup holds every entry that your last checkpoint bears witness to; the ledger names it.")?,
        None => {
            say("No checkpoint from outside was given, so nobody can say what was lost since. Give one with --after where there is one.")?;
        }
    }
    say("Everybody signs in again, and links sent out by mail no longer work.")?;
    say(format!("Now run `vouchsafe doctor`, start the service, and take a new backup of {}.", settings.data.display()))
}
