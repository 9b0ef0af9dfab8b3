//! `vouchsafe ledger …`: export, sign, say where it stands.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::assurance::act;
use platform::authz::Actor;
use platform::{Core, Cx, book, checkpoint, keys};
use serde_json::json;

use crate::{Common, Stop, logs, open, say};

/// What can be done with the ledger.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum LedgerCommand {
    /// Write a closed copy of the ledger into an empty folder, for an auditor.
    #[command(after_help = "Examples:
  vouchsafe ledger export /media/audit/2026-11 --data /srv/vouchsafe
  ledger-verify /media/audit/2026-11 --key KEY --after CHECKPOINT

The copy holds the details of entries in the open: names, reasons, addresses. --hashes-only leaves them out. The export is itself an entry.

Exit codes: 0 written; 1 written, and something was found to be changed in the database, which is named; 2 the folder cannot be used.")]
    Export {
        /// An empty folder, or one to be made.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Leave out the details: the copy proves the ledger and tells nobody's data.
        #[arg(long)]
        hashes_only: bool,
    },
    /// Sign the ledger's head now and print the checkpoint. Keep it outside of this machine.
    #[command(after_help = "Example:
  vouchsafe ledger checkpoint --data /srv/vouchsafe > checkpoint-today")]
    Checkpoint,
    /// Print as JSON how long the ledger is, its key and last checkpoint, and whether it still continues that one.
    #[command(after_help = "Example:
  vouchsafe ledger verify-status --data /srv/vouchsafe

Exit codes: 0 the ledger continues its last checkpoint; 1 it does not, or cannot be read. This looks at the tree alone: an export, verified,
looks at every entry.")]
    VerifyStatus,
}

/// Does it.
pub(crate) fn run(common: &Common, command: &LedgerCommand) -> Result<u8, Stop> {
    let settings = open::settings(common)?;
    logs::start(&settings);
    open::runtime()?.block_on(async {
        let core = open::existing(settings).await?;
        let code = match command {
            LedgerCommand::Export { folder, hashes_only } => export(&core, folder, !hashes_only).await,
            LedgerCommand::Checkpoint => sign(&core).await,
            LedgerCommand::VerifyStatus => status(&core).await,
        };
        core.db.clone().close().await?;
        code
    })
}

async fn export(core: &Arc<Core>, folder: &Path, details: bool) -> Result<u8, Stop> {
    let cannot = |e: std::io::Error| Stop::BadInput(format!("{}: {e}", folder.display()));
    keys::make_folder(folder).map_err(|e| Stop::BadInput(e.to_string()))?;
    if fs::read_dir(folder).map_err(cannot)?.next().is_some() {
        return Err(Stop::BadInput(format!("{}: the folder is not empty; name an empty one", folder.display())));
    }
    let cx = Cx::new(core, Actor::Operator)?;
    let mut out = Folder { at: folder.to_owned(), open: BTreeMap::new() };
    let done = act::export(&cx, &mut out, details).await?;
    out.close().map_err(cannot)?;
    let key = core.ledger_key.public();
    say(format!("Entries: {}. Details opened: {}. Destroyed: {}.", done.size, done.opened, done.destroyed))?;
    for index in &done.unreadable {
        say(format!("Entry {index}: its detail is missing or cannot be opened."))?;
    }
    for index in &done.altered {
        say(format!(
            "Entry {index}: the columns beside it in the database say something else than the entry itself. Somebody changed them."
        ))?;
    }
    say(format!("Key: {key}"))?;
    say(format!("Fingerprint: {}", key.fingerprint()))?;
    say(format!("Verify it elsewhere: ledger-verify {} --key '{key}' --after CHECKPOINT", folder.display()))?;
    Ok(u8::from(!done.altered.is_empty() || !done.unreadable.is_empty()))
}

async fn sign(core: &Arc<Core>) -> Result<u8, Stop> {
    let cx = Cx::new(core, Actor::Operator)?;
    match checkpoint::make(&cx).await? {
        Some(made) => {
            let mut out = std::io::stdout().lock();
            out.write_all(made.note.as_bytes())?;
            out.flush()?;
            Ok(0)
        }
        None => Err(Stop::Failed("the ledger is empty: there is nothing to sign".to_owned())),
    }
}

async fn status(core: &Arc<Core>) -> Result<u8, Stop> {
    let db = core.db.reader();
    let (size, root) = book::head(db).await?;
    let last = checkpoint::latest(db).await?;
    let continues = match &last {
        Some(last) => Some(checkpoint::continues(db, last, size).await?),
        None => None,
    };
    let key = core.ledger_key.public();
    say(format!(
        "{:#}",
        json!({
            "size": size,
            "root": hex::encode(root.0),
            "key": key.as_str(),
            "fingerprint": key.fingerprint(),
            "continues": continues,
            "checkpoint": last.map(|l| json!({ "size": l.size, "at": l.at, "sent_at": l.sent_at, "note": l.note })),
        })
    ))?;
    Ok(u8::from(continues == Some(false)))
}

/// A folder being written, its files readable by their owner alone.
struct Folder {
    at: PathBuf,
    open: BTreeMap<String, File>,
}

impl Folder {
    fn close(self) -> std::io::Result<()> {
        for file in self.open.values() {
            file.sync_all()?;
        }
        File::open(&self.at)?.sync_all()
    }
}

impl ledger::export::Sink for Folder {
    fn put(&mut self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        if !self.open.contains_key(name) {
            // Few files are written at a time; those before are done.
            if self.open.len() >= 16 {
                for file in std::mem::take(&mut self.open).into_values() {
                    file.sync_all()?;
                }
            }
            let file = OpenOptions::new().append(true).create(true).mode(0o600).open(self.at.join(name))?;
            self.open.insert(name.to_owned(), file);
        }
        match self.open.get_mut(name) {
            Some(file) => file.write_all(bytes),
            None => Ok(()),
        }
    }
}
