//! The closed export: a flat folder in which every byte is covered by one signed manifest.
//!
//! | file | holds |
//! |---|---|
//! | `manifest` | a signed note: size and root, keys, and each other file's name, length and SHA-256 |
//! | `entries-N.jsonl` | the canonical entries from N, one a line |
//! | `hashes-N.bin` | their leaf hashes, 32 bytes each, as the ledger stored them when they were made |
//! | `details-N.jsonl` | the details of those entries: salt and body, or which entry destroyed them |
//! | `checkpoints.jsonl` | the checkpoints made so far |
//! | `restores.jsonl` | the restores that entries declare |
//! | `checkpoint` | the head's checkpoint: keep it, and give it to the next verification |
//!
//! The writer copies and the verifier judges: a ledger that was tampered with exports without an
//! error, so that the verifier can say which entry it was.

mod detail;
mod manifest;

use std::collections::BTreeMap;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::{EntryView, MAX_ENTRY, Restore};
use crate::key::{KeyError, SigningKey, VerifyingKey};
use crate::tree::{Frontier, Hash, MAX_SIZE, StoredHashes, leaf_hash};

pub use detail::{Detail, MAX_BODY};
pub(crate) use detail::{DetailLine, MAX_DETAIL_LINE, Said};
pub(crate) use manifest::{FileLine, Manifest};

/// Name of the signed manifest.
pub const MANIFEST: &str = "manifest";
/// Name of the file with the head's checkpoint.
pub const HEAD: &str = "checkpoint";
/// Name of the file with the checkpoints made so far.
pub const CHECKPOINTS: &str = "checkpoints.jsonl";
/// Name of the file with the declared restores.
pub const RESTORES: &str = "restores.jsonl";
/// Entries a file, unless asked otherwise.
pub const CHUNK: u64 = 8_192;
/// Most entries a file.
pub const MAX_CHUNK: u64 = 1 << 20;

/// How much is gathered before it is handed to the sink, in bytes.
const BUFFER: usize = 64 * 1024;

pub(crate) fn entries_name(first: u64) -> String {
    format!("entries-{first:013}.jsonl")
}

pub(crate) fn hashes_name(first: u64) -> String {
    format!("hashes-{first:013}.bin")
}

pub(crate) fn details_name(first: u64) -> String {
    format!("details-{first:013}.jsonl")
}

/// Where an export is written.
pub trait Sink {
    /// Adds `bytes` at the end of the file `name`, which the first call makes. Names are plain
    /// file names of lower case letters, digits, `.` and `-`. Several files are written in turn;
    /// the manifest comes last.
    ///
    /// # Errors
    /// Whatever keeps it from being written.
    fn put(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;
}

/// One thing that lies in an export's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Whether it is a plain file: no folder, no symbolic link, nothing else.
    pub plain: bool,
}

/// Where an export is read from.
pub trait Source: Sync {
    /// Everything that lies in the folder, in any order.
    ///
    /// # Errors
    /// Whatever keeps it from being read.
    fn list(&self) -> io::Result<Vec<Listed>>;

    /// Opens a listed plain file.
    ///
    /// # Errors
    /// Whatever keeps it from being read.
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>>;
}

/// An export in memory: for tests and small ledgers.
pub type MemoryFolder = BTreeMap<String, Vec<u8>>;

impl Sink for MemoryFolder {
    fn put(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.entry(name.to_owned()).or_default().extend_from_slice(bytes);
        Ok(())
    }
}

impl Source for MemoryFolder {
    fn list(&self) -> io::Result<Vec<Listed>> {
        Ok(self.keys().map(|name| Listed { name: name.clone(), plain: true }).collect())
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        match self.get(name) {
            Some(bytes) => Ok(Box::new(bytes.as_slice())),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// Why an export was not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The sink failed.
    #[error("the export cannot be written: {0}")]
    Sink(#[from] io::Error),
    /// An entry's bytes are too long or hold a newline, so that no line can hold them: its index.
    #[error("entry {0} cannot be written as a line")]
    Entry(u64),
    /// A detail's body is longer than [`MAX_BODY`]: its entry's index.
    #[error("the detail of entry {0} is too long")]
    Detail(u64),
    /// The chunk is no power of two up to [`MAX_CHUNK`], an instant or size is out of range.
    #[error("an option is out of range")]
    Options,
    /// The manifest became too long, or the key refused it.
    #[error("the manifest cannot be signed: {0}")]
    Sign(#[from] KeyError),
    /// The head's checkpoint cannot be signed.
    #[error("the checkpoint cannot be signed: {0}")]
    Checkpoint(#[from] CheckpointError),
}

/// How to export.
#[derive(Clone, Debug)]
pub struct Options {
    /// When the export is made, in milliseconds since 1970 UTC.
    pub made_at_ms: i64,
    /// Whether details are written; without them the export holds hashes only.
    pub details: bool,
    /// Entries a file: a power of two up to [`MAX_CHUNK`].
    pub chunk: u64,
    /// Keys that signed earlier checkpoints and are no longer used.
    pub former_keys: Vec<VerifyingKey>,
}

impl Options {
    /// Details and files of the usual size, at `made_at_ms` milliseconds after 1970 UTC.
    pub fn new(made_at_ms: i64) -> Self {
        Self { made_at_ms, details: true, chunk: CHUNK, former_keys: Vec::new() }
    }
}

/// One line of [`CHECKPOINTS`].
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckpointLine {
    pub(crate) note: String,
}

/// One line of [`RESTORES`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RestoreLine {
    pub(crate) entry: u64,
    pub(crate) size: u64,
    pub(crate) root: String,
}

/// A file that is being written.
#[derive(Default)]
struct Open {
    length: u64,
    digest: FileDigest,
    waiting: Vec<u8>,
}

/// What the manifest will say of a file that is being written.
enum FileDigest {
    Bytes(Sha256),
    /// Over the lines of a file of entries.
    Lines(Frontier),
}

impl Default for FileDigest {
    fn default() -> Self {
        Self::Bytes(Sha256::new())
    }
}

/// Writes an export: each entry in order, the checkpoints, and then [`Exporter::finish`].
pub struct Exporter<'a, S: Sink> {
    sink: &'a mut S,
    key: &'a SigningKey,
    options: Options,
    count: u64,
    open: BTreeMap<String, Open>,
    written: Vec<FileLine>,
    restores: Vec<RestoreLine>,
}

impl<'a, S: Sink> Exporter<'a, S> {
    /// Begins an export into `sink`, which must be empty, signed by the ledger's present `key`.
    ///
    /// # Errors
    /// [`ExportError::Options`].
    pub fn new(sink: &'a mut S, key: &'a SigningKey, options: Options) -> Result<Self, ExportError> {
        if !options.chunk.is_power_of_two() || options.chunk > MAX_CHUNK || options.made_at_ms < 0 {
            return Err(ExportError::Options);
        }
        Ok(Self { sink, key, options, count: 0, open: BTreeMap::new(), written: Vec::new(), restores: Vec::new() })
    }

    /// Writes the next entry: its canonical bytes and its leaf hash, each as the ledger has it
    /// stored (the hash is not computed from the bytes, so that a changed row shows), and
    /// its detail, opened.
    ///
    /// # Errors
    /// [`ExportError::Entry`], [`ExportError::Detail`], [`ExportError::Sink`].
    pub fn entry(&mut self, bytes: &[u8], leaf: Hash, detail: Option<Detail<'_>>) -> Result<(), ExportError> {
        let index = self.count;
        if index >= MAX_SIZE {
            return Err(ExportError::Options);
        }
        if bytes.len() > MAX_ENTRY || bytes.contains(&b'\n') {
            return Err(ExportError::Entry(index));
        }
        let first = index - index % self.options.chunk;
        if index == first {
            self.close_all()?;
        }
        let entries = entries_name(first);
        let open =
            self.open.entry(entries.clone()).or_insert_with(|| Open { digest: FileDigest::Lines(Frontier::default()), ..Open::default() });
        if let FileDigest::Lines(lines) = &mut open.digest {
            lines.push(leaf_hash(bytes)).map_err(|_| ExportError::Options)?;
        }
        self.add(&entries, &[bytes, b"\n"])?;
        self.add(&hashes_name(first), &[&leaf.0])?;
        if let Some(detail) = detail.filter(|_| self.options.details) {
            let line = DetailLine::new(index, &detail).ok_or(ExportError::Detail(index))?.to_line()?;
            self.add(&details_name(first), &[&line])?;
        }
        if let Ok(Some(restore)) = EntryView::parse(bytes).and_then(|view| Restore::from_entry(&view)) {
            let root = hex::encode(restore.root);
            self.restores.push(RestoreLine { entry: index, size: restore.size, root });
        }
        self.count += 1;
        Ok(())
    }

    /// Writes a checkpoint that was made earlier.
    ///
    /// # Errors
    /// [`ExportError::Sink`].
    pub fn checkpoint(&mut self, note: &str) -> Result<(), ExportError> {
        let line = serde_json::to_vec(&CheckpointLine { note: note.to_owned() }).map_err(io::Error::from)?;
        self.add(CHECKPOINTS, &[&line, b"\n"])
    }

    /// Writes the head's checkpoint and the manifest; `size` and `root` are the head as the ledger
    /// has it stored. Returns the head's checkpoint.
    ///
    /// # Errors
    /// [`ExportError::Sign`], [`ExportError::Checkpoint`], [`ExportError::Sink`].
    pub fn finish(mut self, size: u64, root: Hash) -> Result<String, ExportError> {
        let head = Checkpoint::sign(self.key, size, root, self.options.made_at_ms)?;
        self.add(HEAD, &[head.as_bytes()])?;
        self.add(CHECKPOINTS, &[])?;
        self.add(RESTORES, &[])?;
        for restore in std::mem::take(&mut self.restores) {
            let line = serde_json::to_vec(&restore).map_err(io::Error::from)?;
            self.add(RESTORES, &[&line, b"\n"])?;
        }
        for name in [HEAD, CHECKPOINTS, RESTORES] {
            self.close(name)?;
        }
        self.close_all()?;
        self.written.sort_by(|a, b| a.name.cmp(&b.name));
        let mut keys = vec![self.key.public().clone()];
        for former in self.options.former_keys {
            if !keys.contains(&former) {
                keys.push(former);
            }
        }
        let manifest = Manifest {
            made_at_ms: self.options.made_at_ms,
            size,
            root,
            details: self.options.details,
            chunk: self.options.chunk,
            keys,
            files: self.written,
        };
        let note = self.key.sign(&manifest.to_text())?;
        self.sink.put(MANIFEST, note.as_bytes())?;
        Ok(head)
    }

    fn add(&mut self, name: &str, parts: &[&[u8]]) -> Result<(), ExportError> {
        if !self.open.contains_key(name) {
            self.open.insert(name.to_owned(), Open::default());
        }
        let Some(open) = self.open.get_mut(name) else {
            return Ok(());
        };
        for part in parts {
            open.waiting.extend_from_slice(part);
        }
        if open.waiting.len() >= BUFFER {
            open.flush(name, self.sink)?;
        }
        Ok(())
    }

    /// Closes the files of a chunk; those without a number stay open until the end.
    fn close_all(&mut self) -> Result<(), ExportError> {
        let names: Vec<String> = self.open.keys().cloned().collect();
        for name in names.iter().filter(|name| *name != CHECKPOINTS) {
            self.close(name)?;
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), ExportError> {
        if let Some(mut open) = self.open.remove(name) {
            open.flush(name, self.sink)?;
            let digest = match open.digest {
                FileDigest::Bytes(hasher) => hasher.finalize().into(),
                FileDigest::Lines(lines) => lines.root().0,
            };
            self.written.push(FileLine { name: name.to_owned(), length: open.length, digest });
        }
        Ok(())
    }
}

impl Open {
    fn flush(&mut self, name: &str, sink: &mut impl Sink) -> io::Result<()> {
        if let FileDigest::Bytes(hasher) = &mut self.digest {
            hasher.update(&self.waiting);
        }
        self.length += self.waiting.len() as u64;
        sink.put(name, &self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}

/// The leaf hash of entry `index` from hashes read in storage order: what [`Exporter::entry`] asks
/// for.
pub fn stored_leaf(index: u64, stored: &StoredHashes) -> Option<Hash> {
    crate::tree::stored_index(0, index).ok().and_then(|at| stored.get(&at).copied())
}
