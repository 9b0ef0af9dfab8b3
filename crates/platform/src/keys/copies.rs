//! Copies of the key files beside a backup: written to a folder of their own, and put back where the settings name them.

use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{make_folder, there, write_key, write_secret};
use crate::Core;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::seal::keyring::{files_beside, next_file};
use crate::seal::subject::Standing;

const MASTER: &str = "master.key";
const LEDGER: &str = "ledger.key";

/// Writes the keys that a database which `stands` so needs, into `folder`, over no other: as they would lie had nothing been changed since.
///
/// # Errors
/// When one is not at hand or cannot be written, or the folder holds keys already.
pub(crate) fn write(core: &Core, stands: &Standing, folder: &Path) -> Result<()> {
    make_folder(folder)?;
    let main = folder.join(MASTER);
    let current = stands.current.unwrap_or_else(|| core.master.main());
    // While a change is unfinished, the key before is in the key file, and the new one beside it.
    write_key(&main, &core.master.get(stands.previous.unwrap_or(current))?)?;
    if stands.previous.is_some() {
        write_key(&next_file(&main), &core.master.get(current)?)?;
    }
    write_secret(&folder.join(LEDGER), &Zeroizing::new(format!("{}\n", core.ledger_key.secret_text())))
}

/// The settings with the keys in `folder` in place of theirs.
pub fn of(settings: &Settings, folder: &Path) -> Settings {
    Settings { master_key: folder.join(MASTER), ledger_key: folder.join(LEDGER), ..settings.clone() }
}

/// Puts the keys in `folder` where the settings name them, over no other; a key that lies there already is left.
///
/// # Errors
/// When another key lies there; when a file cannot be read or written.
pub fn put_back(settings: &Settings, folder: &Path) -> Result<()> {
    let kept = of(settings, folder);
    let main = settings.master_key_file();
    let mut moves: Vec<(PathBuf, PathBuf)> =
        vec![(kept.master_key_file(), main.clone()), (kept.ledger_key_file(), settings.ledger_key_file())];
    for beside in files_beside(&kept.master_key_file())? {
        let end = beside.file_name().map(|name| name.to_string_lossy().replacen(MASTER, "", 1)).unwrap_or_default();
        let mut to = main.as_os_str().to_owned();
        to.push(end);
        moves.push((beside, PathBuf::from(to)));
    }
    for (from, to) in moves {
        let read = |path: &Path| {
            let text = fs::read_to_string(path).map_err(|e| Error::internal(format!("cannot read the key file {}: {e}", path.display())));
            text.map(Zeroizing::new)
        };
        let text = read(&from)?;
        if !there(&to)? || read(&to)?.trim() != text.trim() {
            write_secret(&to, &text)?;
        }
    }
    Ok(())
}
