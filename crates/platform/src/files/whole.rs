//! Writing files: whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::error::{Error, Result};

/// Writes `bytes` to `path` so that a reader sees all of it or nothing, and a crash leaves the old file or the new one. Readable by its
/// owner alone; an older file of the name is replaced.
///
/// # Errors
/// [`Error::Internal`] naming the file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |e: std::io::Error| Error::internal(format!("cannot write {}: {e}", path.display()));
    let mut name = path.file_name().ok_or_else(|| Error::internal(format!("{} is no file name", path.display())))?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part).map_err(fail)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&part, path));
    if let Err(error) = written {
        // What is left over is only a nuisance.
        let _ = fs::remove_file(&part);
        return Err(fail(error));
    }
    match path.parent().filter(|f| !f.as_os_str().is_empty()) {
        Some(folder) => File::open(folder).and_then(|f| f.sync_all()).map_err(fail),
        None => Ok(()),
    }
}
