//! Reads a pack as it is handed in: one ZIP of `pack.yaml` and `forms/`, or `pack.yaml` alone. Nothing of it is trusted: neither the names, nor
//! the sizes that it announces.

use std::io::{Cursor, Read as _};

use platform::error::FieldErrors;
use platform::texts::Text;
use platform::{Error, Result};
use rules::pack::{PackFault, PackSource};

/// The largest upload, in bytes.
pub const MOST_BYTES: usize = 4 << 20;
/// The most that all files of a pack may be together, in bytes.
pub const MOST_UNPACKED: usize = 8 << 20;
/// Most files of a pack.
pub const MOST_FILES: usize = 100;
/// The name of the main file.
pub const MAIN: &str = "pack.yaml";

fn refused(text: Text) -> Error {
    Error::field("file", text)
}

fn about(id: &'static str, name: &str) -> Error {
    refused(Text::new(id).with("name", name.chars().take(80).collect::<String>()))
}

/// Reads what was uploaded under `name`.
///
/// # Errors
/// [`Error::Invalid`] at `file`, saying what to do.
pub fn read(name: &str, bytes: &[u8]) -> Result<PackSource> {
    if bytes.len() > MOST_BYTES {
        return Err(refused(Text::new("pack-file-too-large").with("mib", MOST_BYTES >> 20)));
    }
    if bytes.starts_with(b"PK") {
        return unpack(bytes);
    }
    let yaml = [".yaml", ".yml"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
    match std::str::from_utf8(bytes) {
        Ok(text) if yaml => Ok(PackSource { files: [(MAIN.to_owned(), text.to_owned())].into() }),
        _ => Err(refused(Text::new("pack-file-not-one"))),
    }
}

/// A name that stays within the pack's folder: plain parts, joined by `/`.
fn is_plain(name: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':']) && !part.contains(char::is_control);
    !name.is_empty() && name.len() <= 200 && name.split('/').all(plain)
}

/// What the programs of some machines add to every archive.
fn is_clutter(name: &str) -> bool {
    name.starts_with("__MACOSX/") || name.rsplit('/').next() == Some(".DS_Store")
}

fn unpack(bytes: &[u8]) -> Result<PackSource> {
    let broken = || refused(Text::new("pack-file-broken"));
    let too_much = || refused(Text::new("pack-file-unpacked").with("mib", MOST_UNPACKED >> 20));
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if zip.len() > MOST_FILES {
        return Err(refused(Text::new("pack-file-many").with("most", MOST_FILES)));
    }
    let mut left = MOST_UNPACKED as u64;
    let mut source = PackSource::default();
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(|_| broken())?;
        let name = part.name().map_err(|_| broken())?.into_owned();
        if !is_plain(name.strip_suffix('/').unwrap_or(&name)) {
            return Err(about("pack-file-name", &name));
        }
        if part.unix_mode().is_some_and(|mode| mode & 0o170_000 == 0o120_000) {
            return Err(about("pack-file-link", &name));
        }
        if part.is_dir() || is_clutter(&name) {
            continue;
        }
        let mut text = Vec::new();
        let taken = part.take(left + 1).read_to_end(&mut text).map_err(|_| broken())?;
        left = left.checked_sub(taken as u64).ok_or_else(too_much)?;
        let text = String::from_utf8(text).map_err(|_| about("pack-file-not-text", &name))?;
        if source.files.insert(name.clone(), text).is_some() {
            return Err(about("pack-file-twice", &name));
        }
    }
    Ok(within_folder(source))
}

/// An archive of the pack's folder rather than of what is in it: the folder's name is left off.
fn within_folder(source: PackSource) -> PackSource {
    let first = |name: &str| name.split_once('/').map(|(folder, _)| format!("{folder}/"));
    let Some(folder) = source.files.keys().next().and_then(|name| first(name)) else { return source };
    if source.files.contains_key(MAIN) || !source.files.contains_key(&format!("{folder}{MAIN}")) {
        return source;
    }
    let cut = |(name, text): (String, String)| (name.strip_prefix(&folder).map_or_else(|| name.clone(), str::to_owned), text);
    PackSource { files: source.files.into_iter().map(cut).collect() }
}

/// Checks the files of a pack that a program sent.
///
/// # Errors
/// [`Error::Invalid`] at `files`.
pub fn check(source: &PackSource) -> Result<()> {
    if source.files.len() > MOST_FILES {
        return Err(Error::field("files", Text::new("pack-file-many").with("most", MOST_FILES)));
    }
    if source.files.values().map(String::len).sum::<usize>() > MOST_UNPACKED {
        return Err(Error::field("files", Text::new("pack-file-unpacked").with("mib", MOST_UNPACKED >> 20)));
    }
    match source.files.keys().find(|name| !is_plain(name)) {
        Some(name) => Err(Error::field("files", Text::new("pack-file-name").with("name", name.chars().take(80).collect::<String>()))),
        None => Ok(()),
    }
}

/// The faults of a pack, each at its file and line.
pub fn faulty(faults: &[PackFault]) -> Error {
    let mut errors = FieldErrors::default();
    for fault in faults {
        errors.add(format!("files.{}:{}", fault.file, fault.line), Text::new("pack-fault").with("fault", fault.to_string()));
    }
    Error::Invalid(errors)
}
