//! Checks the entries of one file, with their hashes and details. Files stand by themselves, so that
//! several are checked at once; what reaches beyond a file is handed on.

use std::collections::BTreeMap;
use std::io;
use std::ops::{ControlFlow, Range};

use crate::entry::{EntryView, KEY_DESTROYED, MAX_ENTRY, Restore, detail_digest};
use crate::export::{MAX_CHUNK, MAX_DETAIL_LINE, Manifest, Said, Source, details_name, entries_name, hashes_name};
use crate::tree::{Frontier, leaf_hash};

use super::read::{FileReader, Line};
use super::report::{Problem, Tampering};

/// Most problems of one file that are listed.
const MAX_PROBLEMS: usize = 16;

/// A subject: its kind, a space, its id.
pub(super) type SubjectText = String;

/// What a file of entries gives to the whole.
#[derive(Default)]
pub(super) struct Chunk {
    /// The tree over this file's entries alone.
    pub(super) frontier: Frontier,
    /// The same tree at each size that was asked for.
    pub(super) at_sizes: Vec<Frontier>,
    pub(super) problems: Vec<Problem>,
    pub(super) opened: u64,
    pub(super) destroyed: u64,
    /// Entries that destroyed a key, by index.
    pub(super) destroyers: BTreeMap<u64, SubjectText>,
    /// Details said to be destroyed, by the entry said to have done it and the subject they were sealed for: the
    /// first entry whose detail it is.
    pub(super) claims: BTreeMap<(u64, SubjectText), u64>,
    /// Restores that entries declare.
    pub(super) restores: Vec<(u64, Restore)>,
}

impl Chunk {
    fn problem(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

/// The details of one file, read in step with its entries.
struct Details<'a> {
    file: Option<FileReader<'a>>,
    next: Option<(u64, Said)>,
}

impl Details<'_> {
    /// Steps on to the next line; a line that is none counts as no line, and ends the reading.
    fn step(&mut self, chunk: &mut Chunk, at: u64) -> io::Result<()> {
        self.next = None;
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let (ended, next) = file.line(MAX_DETAIL_LINE, |read, line| match read {
            Line::End => (true, None),
            Line::Whole => (false, Said::from_line(line)),
            Line::Bad => (false, None),
        })?;
        self.next = next;
        if self.next.is_none() && !ended {
            chunk.problem(Problem::entry(Tampering::DetailUnexpected, at));
        }
        Ok(())
    }

    fn check(&mut self, chunk: &mut Chunk, at: u64, entry: &EntryView<'_>, size: u64) -> io::Result<()> {
        let Some(digest) = entry.detail() else {
            return Ok(());
        };
        while self.next.as_ref().is_some_and(|(index, _)| *index < at) {
            chunk.problem(Problem::entry(Tampering::DetailUnexpected, at));
            self.step(chunk, at)?;
        }
        match &self.next {
            Some((index, said)) if *index == at => match said {
                Said::Open { salt, body } if detail_digest(salt, body) == digest => {
                    chunk.opened += 1;
                }
                Said::Open { .. } => chunk.problem(Problem::entry(Tampering::DetailChanged, at)),
                Said::Destroyed { by } if *by > at && *by < size => {
                    chunk.destroyed += 1;
                    let (kind, id) = entry.sealed_for();
                    chunk.claims.entry((*by, format!("{kind} {id}"))).or_insert(at);
                }
                Said::Destroyed { .. } => {
                    chunk.problem(Problem::entry(Tampering::DetailNotDestroyed, at));
                }
            },
            _ => {
                chunk.problem(Problem::entry(Tampering::DetailMissing, at));
                return Ok(());
            }
        }
        self.step(chunk, at + 1)
    }
}

/// Checks the file of entries from `first`; `sizes` are the sizes of the ledger, ascending and
/// within this file (`first` < size ≤ `first` + chunk), at which the tree is wanted.
pub(super) fn check(source: &dyn Source, manifest: &Manifest, first: u64, sizes: &[u64]) -> io::Result<Chunk> {
    let mut chunk = Chunk::default();
    let count = manifest.chunk.min(manifest.size - first);
    let name = entries_name(first);
    let Some(file) = manifest.file(&name) else {
        chunk.problem(Problem::entry(Tampering::EntriesMissing, first));
        return Ok(chunk);
    };
    let hashes = recorded(source, manifest, first, count, &mut chunk)?;
    let details = if manifest.details { manifest.file(&details_name(first)) } else { None };
    let details = details.map(|file| FileReader::open(source, file)).transpose()?;
    let mut details = Details { file: details, next: None };
    details.step(&mut chunk, first)?;

    let mut entries = FileReader::of_entries(source, file)?;
    let span = first..first + count;
    walk(&mut chunk, &mut entries, &mut details, manifest, span, hashes.as_deref(), sizes)?;
    if details.next.is_some() && chunk.problems.is_empty() {
        chunk.problem(Problem::file(Tampering::DetailUnexpected, &details_name(first)));
    }
    let root = chunk.frontier.root().0;
    for (name, file) in [(name, Some(entries)), (details_name(first), details.file)] {
        if file.map_or(Ok(true), |file| file.intact(Some(root)))? {
            continue;
        }
        chunk.problems.push(Problem::file(Tampering::FileChanged, &name));
    }
    Ok(chunk)
}

/// Reads the entries of `span` in turn, with the `hashes` the ledger stored, if they are intact.
fn walk(
    chunk: &mut Chunk,
    entries: &mut FileReader<'_>,
    details: &mut Details<'_>,
    manifest: &Manifest,
    span: Range<u64>,
    hashes: Option<&[u8]>,
    sizes: &[u64],
) -> io::Result<()> {
    let mut recorded = hashes.unwrap_or_default().chunks_exact(32);
    let mut sizes = sizes.iter().copied().peekable();
    for at in span.clone() {
        let on = entries.line(MAX_ENTRY, |read, line| {
            if read == Line::End {
                chunk.problem(Problem::entry(Tampering::EntriesMissing, at));
                return Ok(ControlFlow::Break(()));
            }
            let leaf = leaf_hash(line);
            let changed = recorded.next().is_some_and(|hash| hash != leaf.0);
            if chunk.frontier.push(leaf).is_err() {
                return Ok(ControlFlow::Break(()));
            }
            while sizes.next_if(|size| *size == at + 1).is_some() {
                chunk.at_sizes.push(chunk.frontier.clone());
            }
            entry(chunk, details, manifest, at, (read == Line::Whole, line), changed)
        })?;
        if on?.is_break() {
            break;
        }
    }
    let ended = entries.line(MAX_ENTRY, |read, _| read == Line::End)?;
    if !ended && chunk.frontier.size() == span.end - span.start {
        chunk.problem(Problem::entry(Tampering::EntriesAdded, span.end));
    }
    Ok(())
}

/// Judges one entry; whether there is sense in reading on. `whole`: whether the line is one.
fn entry(
    chunk: &mut Chunk,
    details: &mut Details<'_>,
    manifest: &Manifest,
    at: u64,
    (whole, line): (bool, &[u8]),
    changed: bool,
) -> io::Result<ControlFlow<()>> {
    let entry = EntryView::parse(line).ok().filter(|_| whole);
    let how = match &entry {
        Some(entry) if entry.index() != at => Some(Tampering::EntryOutOfPlace),
        _ if changed => Some(Tampering::EntryChanged),
        None => Some(Tampering::EntryMalformed),
        Some(_) => None,
    };
    if let Some(how) = how {
        chunk.problem(Problem::entry(how, at));
    }
    match entry {
        // What comes after an entry out of place says nothing new.
        Some(_) if how == Some(Tampering::EntryOutOfPlace) => return Ok(ControlFlow::Break(())),
        Some(entry) => look(chunk, details, manifest, at, &entry)?,
        None if !whole => return Ok(ControlFlow::Break(())),
        None => {}
    }
    Ok(ControlFlow::Continue(()))
}

/// The leaf hashes as the ledger stored them, if their file is intact.
fn recorded(source: &dyn Source, manifest: &Manifest, first: u64, count: u64, chunk: &mut Chunk) -> io::Result<Option<Vec<u8>>> {
    let name = hashes_name(first);
    let Some(file) = manifest.file(&name) else {
        chunk.problem(Problem::file(Tampering::FileMissing, &name));
        return Ok(None);
    };
    let mut reader = FileReader::open(source, file)?;
    let bytes = reader.all(MAX_CHUNK * 32)?;
    let whole = bytes.filter(|bytes| bytes.len() as u64 == count * 32);
    if reader.intact(None)? && whole.is_some() {
        return Ok(whole);
    }
    chunk.problem(Problem::file(Tampering::FileChanged, &name));
    Ok(None)
}

/// Looks at what an entry says beyond itself.
fn look(chunk: &mut Chunk, details: &mut Details<'_>, manifest: &Manifest, at: u64, entry: &EntryView<'_>) -> io::Result<()> {
    if manifest.details {
        details.check(chunk, at, entry, manifest.size)?;
    }
    if entry.action() == KEY_DESTROYED {
        let (kind, id) = entry.subject();
        chunk.destroyers.insert(at, format!("{kind} {id}"));
    }
    match Restore::from_entry(entry) {
        Ok(Some(restore)) => chunk.restores.push((at, restore)),
        Ok(None) => {}
        Err(_) => chunk.problem(Problem::entry(Tampering::RestoreDiffers, at)),
    }
    Ok(())
}
