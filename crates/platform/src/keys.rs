//! The two key files: the master key, which opens what is sealed, and the ledger key, which signs checkpoints. Made when an empty database
//! is first used, readable by their owner alone, and never made anew beside a database that holds anything.
//!
//! [`rotate`] changes the master key while the service runs, [`escrow`] splits it into shares that people keep.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use zeroize::Zeroizing;

use crate::authz::Resource;
use crate::book::LedgerKey;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::random;
use crate::seal::{Key, Keyring};

pub mod copies;
pub mod escrow;
pub mod rotate;
pub mod shares;
#[cfg(test)]
mod tests;

/// Reads both keys. When `first` (nothing was ever written to the database), those missing are made.
///
/// # Errors
/// [`Error::Internal`] naming the file: it is missing although the database is in use, cannot be read, or holds no key.
pub fn open(settings: &Settings, first: bool) -> Result<(Keyring, LedgerKey)> {
    let (master, ledger) = (settings.master_key_file(), settings.ledger_key_file());
    for (path, what, again) in [
        (&master, "master", "; or make it again from its shares: vouchsafe keys restore. Without it, nothing that is sealed can be read"),
        (&ledger, "ledger", ""),
    ] {
        if !first && !there(path)? {
            return Err(Error::internal(format!(
                "the {what} key file {} is missing, and the database was made with it; put back your copy{again}",
                path.display()
            )));
        }
    }
    if !there(&master)? {
        write_key(&master, &Key::fresh()?)?;
    }
    if !there(&ledger)? {
        let key = LedgerKey::generate(&origin(&settings.public_url), &random::bytes()?).map_err(Error::internal)?;
        write_secret(&ledger, &Zeroizing::new(format!("{}\n", key.secret_text())))?;
    }
    Ok((Keyring::read(&master)?, read_ledger_key(&ledger)?))
}

/// Reads the ledger key.
///
/// # Errors
/// [`Error::Internal`] naming the file; nothing of its content is shown.
pub fn read_ledger_key(path: &Path) -> Result<LedgerKey> {
    let text =
        Zeroizing::new(fs::read_to_string(path).map_err(|e| Error::internal(format!("cannot read the key file {}: {e}", path.display())))?);
    LedgerKey::parse(text.trim())
        .map_err(|_| Error::internal(format!("the key file {} holds no ledger key; restore it from your copy", path.display())))
}

/// The permission bits of a file when more people than its owner may read or change it.
pub fn too_open(path: &Path) -> Option<u32> {
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// The ledger's name for ever: the host under which people reach the service.
fn origin(public_url: &str) -> String {
    let host = url::Url::parse(public_url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_else(|| "localhost".to_owned());
    let host: String = host.chars().filter(|c| c.is_ascii_graphic() && *c != '+').take(150).collect();
    format!("{host}/ledger")
}

/// Whether the file is there: one that hides behind a folder we may not enter is not missing.
fn there(path: &Path) -> Result<bool> {
    path.try_exists().map_err(|e| Error::internal(format!("cannot look for the key file {}: {e}", path.display())))
}

/// The service itself, as policies see it.
pub(crate) fn system() -> Resource {
    Resource::new("system", "system")
}

/// Writes a key file.
///
/// # Errors
/// [`Error::Internal`] naming the file: it is there already and stays as it is, or it cannot be written.
pub fn write_key(path: &Path, key: &Key) -> Result<()> {
    write_secret(path, &Zeroizing::new(format!("{}\n", key.to_hex().as_str())))
}

/// Writes a file that only its owner can read, whole or not at all, and never over another.
fn write_secret(path: &Path, text: &str) -> Result<()> {
    let fail = |e: std::io::Error| Error::internal(format!("cannot write the key file {}: {e}", path.display()));
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        make_folder(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&name).map_err(|e| {
        Error::internal(format!("cannot write {}: {e}; delete it if no other start is under way", Path::new(&name).display()))
    })?;
    let done = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).and_then(|()| {
        // A link, unlike a new name, never takes the place of another file.
        fs::hard_link(&name, path)
    });
    let _ = fs::remove_file(&name);
    done.map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Error::internal(format!(
            "there is a key file {} already, and it stays as it is; move it away first if another is to stand there",
            path.display()
        )),
        _ => fail(e),
    })?;
    sync_folder(path).map_err(fail)
}

/// Sees to it that a change of names in the folder of `path` outlives a power cut.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent().filter(|f| !f.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

/// Makes a folder that only its owner can enter; one that exists is left as it is.
///
/// # Errors
/// [`Error::Internal`] naming the folder.
pub fn make_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|e| Error::internal(format!("cannot make the folder {}: {e}", folder.display())))
}
