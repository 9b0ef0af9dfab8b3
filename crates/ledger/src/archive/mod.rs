//! Some entries with their proofs, and the files that they are about, as one archive: a case as it can be handed to somebody who does not
//! get the ledger. It is a ZIP that any program unpacks, and closed: a signed manifest covers every file, and the bytes between the files
//! are those that this module writes, and no others.
//!
//! | file | holds |
//! |---|---|
//! | any others | what the archive is about |
//! | `entries.jsonl` | the entries, one canonical line each, in order |
//! | `proofs.jsonl` | for each the hashes that lead from it to the root (RFC 6962) |
//! | `details.jsonl` | their details, opened; missing where they were left out |
//! | `checkpoint` | the ledger's head, signed, to which the proofs lead |
//! | `manifest` | a signed note, last: what the archive holds, to the byte |
//!
//! It proves that each entry is in the ledger, and what its files were when it was made; not that no entry is left out.

mod container;
mod manifest;
mod sum;
#[cfg(test)]
mod tests;
mod verify;

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::{EntryView, Id, MAX_ENTRY};
use crate::export::{Detail, DetailLine, FileLine};
use crate::key::{KeyError, SigningKey};
use crate::tree::{Hash, MAX_SIZE};

use container::{Facts, Packer};
use manifest::Manifest;

pub use sum::{Sum, Summing};
pub use verify::verify;

/// Name of the signed manifest.
const MANIFEST: &str = "manifest";
/// Name of the file with the checkpoint.
const HEAD: &str = "checkpoint";
/// Name of the file with the entries.
const ENTRIES: &str = "entries.jsonl";
/// Name of the file with their proofs.
const PROOFS: &str = "proofs.jsonl";
/// Name of the file with their details.
const DETAILS: &str = "details.jsonl";
/// Most entries of an archive.
pub const MAX_ENTRIES: usize = 20_000;
/// Most files of an archive.
pub const MAX_FILES: usize = 5_000;
/// Longest archive, in bytes.
pub const MAX_LENGTH: u64 = u32::MAX as u64;

/// Why an archive was not written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be written.
    #[error("the archive cannot be written: {0}")]
    Write(#[from] io::Error),
    /// A name is not made of lower case letters, digits and `.-_/`, is the archive's own, or comes twice.
    #[error("not a name for a file of an archive: {0:?}")]
    Name(String),
    /// An entry is malformed, or not in order: its index as far as it is known.
    #[error("entry {0} cannot be written")]
    Entry(u64),
    /// The archive would become too long, or hold too much.
    #[error("the archive is too large")]
    TooLarge,
    /// A file's bytes are not those that were announced, or their end is missing.
    #[error("the file {0:?} is not what was announced")]
    Changed(String),
    /// The key refused it.
    #[error("the archive cannot be signed: {0}")]
    Sign(#[from] KeyError),
    /// The checkpoint cannot be signed.
    #[error("the checkpoint cannot be signed: {0}")]
    Checkpoint(#[from] CheckpointError),
}

/// What is said of an archive.
#[derive(Clone, Debug)]
pub struct Options {
    /// When it is made, in milliseconds since 1970 UTC.
    pub made_at_ms: i64,
    /// What it is about: a reference.
    pub about: Id,
    /// Whether details are in it, opened.
    pub details: bool,
}

/// One line of [`PROOFS`].
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofLine {
    i: u64,
    proof: Vec<String>,
}

/// Writes an archive: its files and its entries, each in order, and then [`Archiver::finish`].
pub struct Archiver<W: Write> {
    packer: Packer<W>,
    options: Options,
    files: Vec<FileLine>,
    /// The file whose bytes come now: what was announced, and what came so far.
    open: Option<(String, Sum, Summing)>,
    count: u64,
    last: Option<u64>,
    lines: [Vec<u8>; 3],
}

impl<W: Write> Archiver<W> {
    /// Begins an archive in `out`.
    pub fn new(out: W, options: Options) -> Self {
        Self { packer: Packer::new(out), options, files: Vec::new(), open: None, count: 0, last: None, lines: Default::default() }
    }

    /// Adds a file.
    ///
    /// # Errors
    /// [`ArchiveError::Name`], [`ArchiveError::TooLarge`], [`ArchiveError::Write`].
    pub fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.begin(name, Sum::of(bytes))?;
        self.part(bytes)?;
        self.end()
    }

    /// Begins a file that is too large to be held: its bytes follow by [`Archiver::part`], then [`Archiver::end`].
    ///
    /// # Errors
    /// As [`Archiver::file`].
    pub fn begin(&mut self, name: &str, sum: Sum) -> Result<(), ArchiveError> {
        if !is_name(name) || [MANIFEST, HEAD, ENTRIES, PROOFS, DETAILS].contains(&name) {
            return Err(ArchiveError::Name(name.to_owned()));
        }
        self.start(name, sum)
    }

    fn start(&mut self, name: &str, sum: Sum) -> Result<(), ArchiveError> {
        if let Some((unfinished, ..)) = &self.open {
            return Err(ArchiveError::Changed(unfinished.clone()));
        }
        if self.files.iter().any(|file| file.name == name) {
            return Err(ArchiveError::Name(name.to_owned()));
        }
        if self.files.len() >= MAX_FILES {
            return Err(ArchiveError::TooLarge);
        }
        let length = u32::try_from(sum.length()).map_err(|_| ArchiveError::TooLarge)?;
        self.packer.begin(name, Facts { crc: sum.crc(), length })?;
        self.open = Some((name.to_owned(), sum, Summing::default()));
        Ok(())
    }

    /// The next bytes of the file that was begun.
    ///
    /// # Errors
    /// [`ArchiveError::Changed`] when there are more than were announced; [`ArchiveError::Write`].
    pub fn part(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        let Some((name, sum, came)) = &mut self.open else { return Err(ArchiveError::Changed(String::new())) };
        came.add(bytes);
        if came.length() > sum.length() {
            return Err(ArchiveError::Changed(name.clone()));
        }
        Ok(self.packer.part(bytes)?)
    }

    /// Ends the file that was begun.
    ///
    /// # Errors
    /// [`ArchiveError::Changed`] when its bytes are not those that were announced.
    pub fn end(&mut self) -> Result<(), ArchiveError> {
        let Some((name, sum, came)) = self.open.take() else { return Err(ArchiveError::Changed(String::new())) };
        if came.sum() != sum {
            return Err(ArchiveError::Changed(name));
        }
        self.files.push(FileLine { name, length: sum.length(), digest: sum.sha256() });
        Ok(())
    }

    /// What was written into so far: who sends an archive on takes from it.
    pub fn out(&mut self) -> &mut W {
        self.packer.out()
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.start(name, Sum::of(bytes))?;
        self.part(bytes)?;
        self.end()
    }

    /// Adds an entry: its canonical bytes, the hashes that prove it to be in the ledger, and its detail.
    ///
    /// # Errors
    /// [`ArchiveError::Entry`], [`ArchiveError::TooLarge`].
    pub fn entry(&mut self, bytes: &[u8], proof: &[Hash], detail: Option<Detail<'_>>) -> Result<(), ArchiveError> {
        let index = EntryView::parse(bytes).map(|view| view.index()).map_err(|_| ArchiveError::Entry(self.count))?;
        if self.last.is_some_and(|last| last >= index) || bytes.len() > MAX_ENTRY {
            return Err(ArchiveError::Entry(index));
        }
        if self.count >= MAX_ENTRIES as u64 {
            return Err(ArchiveError::TooLarge);
        }
        let [entries, proofs, details] = &mut self.lines;
        entries.extend_from_slice(bytes);
        entries.push(b'\n');
        let line = ProofLine { i: index, proof: proof.iter().map(|hash| hex::encode(hash.0)).collect() };
        proofs.extend(serde_json::to_vec(&line).map_err(io::Error::from)?);
        proofs.push(b'\n');
        if let Some(detail) = detail.filter(|_| self.options.details) {
            details.extend(DetailLine::new(index, &detail).ok_or(ArchiveError::TooLarge)?.to_line()?);
        }
        (self.count, self.last) = (self.count + 1, Some(index));
        Ok(())
    }

    /// Writes entries, proofs, checkpoint and manifest, signed by the ledger's present `key`, and gives back what was written into. `size` and
    /// `root` are the head that the proofs lead to.
    ///
    /// # Errors
    /// Each of [`ArchiveError`].
    pub fn finish(mut self, key: &SigningKey, size: u64, root: Hash) -> Result<W, ArchiveError> {
        if size > MAX_SIZE {
            return Err(ArchiveError::Entry(size));
        }
        let [entries, proofs, details] = std::mem::take(&mut self.lines);
        self.add(ENTRIES, &entries)?;
        self.add(PROOFS, &proofs)?;
        if self.options.details {
            self.add(DETAILS, &details)?;
        }
        let head = Checkpoint::sign(key, size, root, self.options.made_at_ms)?;
        self.add(HEAD, head.as_bytes())?;
        let manifest = Manifest {
            made_at_ms: self.options.made_at_ms,
            about: self.options.about.clone(),
            size,
            root,
            details: self.options.details,
            entries: self.count,
            key: key.public().clone(),
            files: std::mem::take(&mut self.files),
        };
        let note = key.sign(&manifest.to_text())?;
        self.add(MANIFEST, note.as_bytes())?;
        Ok(self.packer.finish()?)
    }
}

/// Whether this names a file of an archive: parts of lower case letters, digits and `.-_`, parted by slashes, none of which begins with a dot.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'))
    };
    name.len() <= 120 && name.split('/').all(part)
}
