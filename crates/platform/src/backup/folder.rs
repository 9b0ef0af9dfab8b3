//! A backup's folder: written file by file, each hashed on the way, the manifest last; and read again, every byte held to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use ledger::VerifyingKey;
use ledger::key::MAX_NOTE;

use super::Stop;
use super::manifest::{CONTENTS, MANIFEST, Manifest, Print, Read, listed, read_list};
use crate::error::{Error, Result};
use crate::{files, keys};

/// The folder in the backup that holds the tables.
pub(super) const TABLES: &str = "tables";

pub(super) fn cannot(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::internal(format!("cannot {what} {}: {error}", path.display()))
}

/// Hashes what passes.
pub(super) struct Hash {
    context: Context,
    length: u64,
}

impl Hash {
    pub(super) fn new() -> Self {
        Self { context: Context::new(&SHA256), length: 0 }
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
        self.length += bytes.len() as u64;
    }

    pub(super) fn print(self) -> Print {
        let mut sha256 = [0; 32];
        sha256.iter_mut().zip(self.context.finish().as_ref()).for_each(|(to, from)| *to = *from);
        Print { length: self.length, sha256 }
    }
}

/// Copies what `from` holds into `to`; its print.
fn pass(from: &mut impl io::Read, to: &mut impl io::Write) -> io::Result<Print> {
    let (mut hash, mut part) = (Hash::new(), vec![0; 128 * 1024]);
    loop {
        let count = match from.read(&mut part) {
            Ok(0) => return Ok(hash.print()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let bytes = part.get(..count).unwrap_or_default();
        hash.add(bytes);
        to.write_all(bytes)?;
    }
}

/// A backup's folder being written.
pub(super) struct Writing {
    at: PathBuf,
    list: BTreeMap<String, Print>,
}

impl Writing {
    /// Begins in `folder`, which must be empty or not there.
    pub(super) fn begin(folder: &Path) -> Result<Self> {
        keys::make_folder(folder)?;
        if fs::read_dir(folder).map_err(|e| cannot("read", folder, &e))?.next().is_some() {
            return Err(Error::internal(format!("{} is not empty; name an empty folder for the backup", folder.display())));
        }
        Ok(Self { at: folder.to_owned(), list: BTreeMap::new() })
    }

    /// Makes the file `path` and gives it to be filled.
    pub(super) fn file(&self, path: &str) -> Result<Growing> {
        let file = self.at.join(path);
        if let Some(folder) = file.parent() {
            keys::make_folder(folder)?;
        }
        let open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file).map_err(|e| cannot("write", &file, &e))?;
        Ok(Growing { file: BufWriter::with_capacity(256 * 1024, open), path: path.to_owned(), at: file, hash: Hash::new() })
    }

    /// Puts a filled file on the list.
    pub(super) fn filled(&mut self, file: Growing) -> Result<()> {
        let Growing { file, path, at, hash } = file;
        file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all()).map_err(|e| cannot("write", &at, &e))?;
        self.list.insert(path, hash.print());
        Ok(())
    }

    /// Writes the list of files; what the manifest says of it.
    pub(super) fn list(&mut self) -> Result<Print> {
        let text: String = self.list.iter().map(|(path, print)| listed(path, print)).collect();
        let mut hash = Hash::new();
        hash.add(text.as_bytes());
        files::write_whole(&self.at.join(CONTENTS), text.as_bytes())?;
        Ok(hash.print())
    }

    /// Writes the manifest: the backup is whole from now on.
    pub(super) fn finish(self, note: &str) -> Result<()> {
        let folders: BTreeSet<PathBuf> = self.list.keys().filter_map(|path| self.at.join(path).parent().map(Path::to_owned)).collect();
        for folder in folders {
            File::open(&folder).and_then(|f| f.sync_all()).map_err(|e| cannot("write", &folder, &e))?;
        }
        files::write_whole(&self.at.join(MANIFEST), note.as_bytes())
    }
}

/// A file of a backup being filled.
pub(super) struct Growing {
    file: BufWriter<File>,
    path: String,
    at: PathBuf,
    hash: Hash,
}

impl Growing {
    /// Adds a line.
    pub(super) fn line(&mut self, mut line: Vec<u8>) -> Result<()> {
        line.push(b'\n');
        self.write_all(&line).map_err(|e| cannot("write", &self.at, &e))
    }
}

impl io::Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_all(bytes)?;
        self.hash.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The paths of all plain files below `folder`, which need not be there, in order. What is no plain file is left aside.
fn below(folder: &Path) -> Result<BTreeSet<String>> {
    let (mut found, mut open) = (BTreeSet::new(), vec![String::new()]);
    while let Some(inner) = open.pop() {
        let at = folder.join(&inner);
        let list = match fs::read_dir(&at) {
            Ok(list) => list,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(cannot("read", &at, &error)),
        };
        for item in list {
            let item = item.map_err(|e| cannot("read", &at, &e))?;
            let name = item.file_name().into_string().map_err(|_| Error::internal(format!("{}: a name that is no text", at.display())))?;
            let path = if inner.is_empty() { name } else { format!("{inner}/{name}") };
            match item.file_type() {
                Ok(kind) if kind.is_dir() => open.push(path),
                Ok(kind) if kind.is_file() => drop(found.insert(path)),
                _ => {}
            }
        }
    }
    Ok(found)
}

/// A backup's folder, every byte of which is as it was signed.
pub struct Folder {
    at: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    list: Vec<(String, Print)>,
}

impl Folder {
    /// Reads and checks a backup that `key` must have signed. Every file is read to its end.
    ///
    /// # Errors
    /// [`Stop::Refused`] saying what is wrong with it and what to do.
    pub fn open(folder: &Path, key: &VerifyingKey) -> Result<Self, Stop> {
        let refused = |why: String| Stop::Refused(format!("{}: {why}", folder.display()));
        let read = |name: &str, most: u64| {
            let path = folder.join(name);
            let mut bytes = Vec::new();
            match File::open(&path).and_then(|file| file.take(most).read_to_end(&mut bytes)) {
                Ok(_) => Ok(Some(bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(cannot("read", &path, &error)),
            }
        };
        if !folder.is_dir() {
            return Err(refused("there is no such folder".into()));
        }
        let Some(note) = read(MANIFEST, MAX_NOTE as u64 + 1)? else {
            return Err(refused(if folder.join(TABLES).exists() {
                "this backup is only half written: it has no manifest, which is written last. Nothing was changed; take another backup"
                    .into()
            } else {
                "this is no backup: it has no manifest. Nothing was changed; name the folder that `vouchsafe backup` wrote".into()
            }));
        };
        let manifest = match Manifest::read(&note, key) {
            Read::Whole(manifest) => *manifest,
            Read::Broken => return Err(refused(format!("its {MANIFEST} was changed, or is of a newer version. {ANOTHER}"))),
            Read::Other(other) => {
                return Err(refused(format!(
                    "it is signed with another ledger key, {other}, not with yours, {key}. Nothing was changed; put back the ledger key that \
                     belongs to it, or name the folder of its keys with --keys"
                )));
            }
        };
        let text = read(CONTENTS, manifest.contents.length.saturating_add(1))?.unwrap_or_default();
        let mut hash = Hash::new();
        hash.add(&text);
        let list = String::from_utf8(text).ok().filter(|_| hash.print() == manifest.contents).and_then(|text| read_list(&text));
        let Some(list) = list else { return Err(refused(format!("its file {CONTENTS} was changed. {ANOTHER}"))) };
        let found = Self { at: folder.to_owned(), manifest, list };
        found.check()?;
        Ok(found)
    }

    /// Holds every file to the list, and the folder to it.
    fn check(&self) -> Result<(), Stop> {
        let refused = |path: &str, why: &str| Err(Stop::Refused(format!("{}: the file {path} {why}. {ANOTHER}", self.at.display())));
        let mut there = below(&self.at)?;
        for (path, print) in &self.list {
            if !there.remove(path) {
                return refused(path, "is missing");
            }
            let mut file = File::open(self.at.join(path)).map_err(|e| cannot("read", &self.at.join(path), &e))?;
            if pass(&mut file, &mut io::sink()).map_err(|e| cannot("read", &self.at.join(path), &e))? != *print {
                return refused(path, "is not the one that was written: it was changed or cut off");
            }
        }
        match there.iter().find(|path| ![MANIFEST, CONTENTS].contains(&path.as_str())) {
            Some(path) => refused(path, "does not belong to it"),
            None => Ok(()),
        }
    }

    /// The names of the tables in it.
    pub(super) fn tables(&self) -> BTreeSet<&str> {
        self.list.iter().filter_map(|(path, _)| path.strip_prefix(TABLES)?.strip_prefix('/')?.strip_suffix(".jsonl")).collect()
    }

    /// The lines of a table.
    pub(super) fn lines(&self, table: &str) -> Result<Lines> {
        let path = self.at.join(TABLES).join(format!("{table}.jsonl"));
        let file = File::open(&path).map_err(|e| cannot("read", &path, &e))?;
        Ok(Lines { from: BufReader::with_capacity(256 * 1024, file), path })
    }

    /// The files below the folder `inner`: their paths from there on, and their prints.
    pub(super) fn below(&self, inner: &str) -> impl Iterator<Item = (&str, Print)> {
        self.list.iter().filter_map(move |(path, print)| Some((path.strip_prefix(inner)?.strip_prefix('/')?, *print)))
    }

    /// The file at `path`.
    pub(super) fn file(&self, path: &str) -> Result<File> {
        let at = self.at.join(path);
        File::open(&at).map_err(|e| cannot("read", &at, &e))
    }
}

pub(super) const ANOTHER: &str = "Nothing was changed; use another backup";

/// The lines of a table in a backup.
pub(super) struct Lines {
    from: BufReader<File>,
    path: PathBuf,
}

impl Lines {
    /// The next line without its newline; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let count = self.from.read_until(b'\n', &mut line).map_err(|e| cannot("read", &self.path, &e))?;
        line.pop();
        Ok((count > 0).then_some(line))
    }
}
