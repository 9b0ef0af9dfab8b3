//! The ledger's export: entries, hashes and opened details read from the database in batches and handed to the ledger crate's writer. It copies
//! and does not judge: what was tampered with is copied too, so that the verifier can name it. [`prove`] does so with some entries, for an archive.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use ledger::archive::{ArchiveError, Archiver};
use ledger::export::{Detail, ExportError, Exporter, Options, Sink, stored_leaf};
use ledger::{EntryView, Hash, tree};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use crate::book::{self, detail, entry, node};
use crate::checkpoint;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::seal::{self, Key};

/// Rows read at a time.
const BATCH: i64 = 1000;
/// Keys kept open at a time.
const KEYS: usize = 10_000;

/// What an export holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Entries.
    pub size: u64,
    /// Details opened.
    pub opened: u64,
    /// Details whose key was destroyed.
    pub destroyed: u64,
    /// Entries whose detail is missing or does not open: the verifier names each.
    pub unreadable: Vec<i64>,
    /// Entries whose row says something else beside them than they say themselves: the copies by which lists find them were changed. The
    /// export holds the entries, so the verifier cannot see it.
    pub altered: Vec<i64>,
    /// The head's checkpoint.
    pub checkpoint: String,
}

/// Writes the ledger as it stands into `sink`, which must be empty; with `details`, opened.
///
/// # Errors
/// When the sink or the database fails, or an entry cannot be a line of a file (the message names it).
pub async fn export<S: Sink>(cx: &Cx, sink: &mut S, details: bool) -> Result<Exported> {
    let (size, root) = book::head(cx.db()).await?;
    let end = i64::try_from(size).map_err(Error::internal)?;
    let options = Options { details, ..Options::new(cx.now()) };
    let mut exporter = Exporter::new(sink, &cx.core().ledger_key, options).map_err(fault)?;
    let mut opener = Opener { cx, keys: BTreeMap::new(), opened: 0, destroyed: 0, unreadable: Vec::new() };
    let (mut from, mut altered) = (0, Vec::new());
    loop {
        let rows = entry::Entity::find()
            .filter(entry::Column::Idx.gte(from))
            .filter(entry::Column::Idx.lt(end))
            .order_by_asc(entry::Column::Idx)
            .limit(u64::try_from(BATCH).map_err(Error::internal)?)
            .all(cx.db())
            .await?;
        let Some(last) = rows.last() else { break };
        from = last.idx + 1;
        let leaves = leaves(cx, &rows).await?;
        let sealed = if details { sealed(cx, &rows).await? } else { BTreeMap::new() };
        for row in &rows {
            if !book::copies_agree(row) {
                altered.push(row.idx);
            }
            let leaf = leaves.get(&row.idx).copied().unwrap_or(Hash([0; 32]));
            let said = if details { opener.open(row, sealed.get(&row.idx)).await? } else { None };
            exporter.entry(&row.bytes, leaf, said.as_ref().map(Said::detail)).map_err(fault)?;
        }
    }
    let mut checkpoints = checkpoint::row::Entity::find().order_by_asc(checkpoint::row::Column::Size).all(cx.db()).await?;
    checkpoints.retain(|c| c.size <= end);
    for made in &checkpoints {
        exporter.checkpoint(&made.note).map_err(fault)?;
    }
    let checkpoint = exporter.finish(size, root).map_err(fault)?;
    let Opener { opened, destroyed, unreadable, .. } = opener;
    Ok(Exported { size, opened, destroyed, unreadable, altered, checkpoint })
}

fn fault(error: ExportError) -> Error {
    Error::internal(error)
}

/// The stored leaf hashes of these entries.
async fn leaves(cx: &Cx, rows: &[entry::Model]) -> Result<BTreeMap<i64, Hash>> {
    let mut places = Vec::new();
    for row in rows {
        let at = tree::stored_index(0, u64::try_from(row.idx).map_err(Error::internal)?).map_err(Error::internal)?;
        places.push(i64::try_from(at).map_err(Error::internal)?);
    }
    let found = node::Entity::find().filter(node::Column::Idx.is_in(places)).all(cx.db()).await?;
    let stored = found.into_iter().filter_map(|n| Some((u64::try_from(n.idx).ok()?, Hash(n.hash.as_slice().try_into().ok()?)))).collect();
    Ok(rows.iter().filter_map(|row| Some((row.idx, stored_leaf(u64::try_from(row.idx).ok()?, &stored)?))).collect())
}

async fn sealed(cx: &Cx, rows: &[entry::Model]) -> Result<BTreeMap<i64, detail::Model>> {
    let found = detail::Entity::find().filter(detail::Column::Idx.is_in(rows.iter().map(|r| r.idx))).all(cx.db()).await?;
    Ok(found.into_iter().map(|d| (d.idx, d)).collect())
}

enum Said {
    Open { salt: [u8; 32], body: Vec<u8> },
    Destroyed { by: u64 },
}

impl Said {
    fn detail(&self) -> Detail<'_> {
        match self {
            Self::Open { salt, body } => Detail::Open { salt, body },
            Self::Destroyed { by } => Detail::Destroyed { by: *by },
        }
    }
}

/// A subject's key, as far as it is known.
enum Known {
    Key(Key),
    Destroyed(Option<u64>),
    Unusable,
}

struct Opener<'a> {
    cx: &'a Cx,
    keys: BTreeMap<String, Known>,
    opened: u64,
    destroyed: u64,
    unreadable: Vec<i64>,
}

impl Opener<'_> {
    /// The detail of `row`: `None` when it has none, or none that can be read although it should.
    async fn open(&mut self, row: &entry::Model, sealed: Option<&detail::Model>) -> Result<Option<Said>> {
        let wanted = EntryView::parse(&row.bytes).is_ok_and(|view| view.detail().is_some());
        let Some(sealed) = sealed else {
            if wanted {
                self.unreadable.push(row.idx);
            }
            return Ok(None);
        };
        if !self.keys.contains_key(&sealed.sealed_for) {
            if self.keys.len() >= KEYS {
                self.keys.clear();
            }
            let known = self.find(&sealed.sealed_for).await?;
            self.keys.insert(sealed.sealed_for.clone(), known);
        }
        let said = match self.keys.get(&sealed.sealed_for) {
            Some(Known::Key(key)) => book::open_detail(key, sealed).ok().map(|(salt, body)| Said::Open { salt, body }),
            Some(Known::Destroyed(Some(by))) => Some(Said::Destroyed { by: *by }),
            _ => None,
        };
        match &said {
            Some(Said::Open { .. }) => self.opened += 1,
            Some(Said::Destroyed { .. }) => self.destroyed += 1,
            None => self.unreadable.push(row.idx),
        }
        Ok(said)
    }

    async fn find(&self, subject: &str) -> Result<Known> {
        match seal::find_subject_key(self.cx.db(), &self.cx.core().master, subject).await {
            Ok(Some(key)) => Ok(Known::Key(key)),
            Ok(None) => Ok(Known::Destroyed(self.destroyer(subject).await?)),
            Err(Error::Unavailable) => Err(Error::Unavailable),
            Err(_) => Ok(Known::Unusable),
        }
    }

    /// The entry that destroyed the key of `subject`.
    async fn destroyer(&self, subject: &str) -> Result<Option<u64>> {
        let Some((kind, id)) = subject.split_once(':') else { return Ok(None) };
        let row = entry::Entity::find()
            .filter(entry::Column::Kind.eq(kind))
            .filter(entry::Column::SubjectId.eq(id))
            .filter(entry::Column::Action.eq(ledger::entry::KEY_DESTROYED))
            .order_by_desc(entry::Column::Idx)
            .one(self.cx.db())
            .await?;
        Ok(row.and_then(|r| u64::try_from(r.idx).ok()))
    }
}

/// Why an archive was not made, as an error of ours.
pub fn archive_fault(error: ArchiveError) -> Error {
    match error {
        ArchiveError::TooLarge => Error::TooLarge,
        ArchiveError::Write(error) if error.kind() == std::io::ErrorKind::FileTooLarge => Error::TooLarge,
        other => Error::internal(other),
    }
}

/// Adds these entries to `archive`, in order, each with its proof from the ledger of `size` entries; with `details`, opened, and with the
/// entries that destroyed those which cannot be.
///
/// # Errors
/// When the database fails, or the archive refuses one.
pub async fn prove<W: Write>(cx: &Cx, archive: &mut Archiver<W>, size: u64, entries: &[i64], details: bool) -> Result<()> {
    let mut opener = Opener { cx, keys: BTreeMap::new(), opened: 0, destroyed: 0, unreadable: Vec::new() };
    let (mut wanted, mut said) = (entries.iter().copied().collect::<BTreeSet<i64>>(), BTreeMap::new());
    let mut unopened = if details { entries.to_vec() } else { Vec::new() };
    while !unopened.is_empty() {
        let mut destroyers = Vec::new();
        for part in unopened.chunks(500) {
            let rows = some(cx, part).await?;
            let sealed = sealed(cx, &rows).await?;
            for row in &rows {
                let Some(detail) = opener.open(row, sealed.get(&row.idx)).await? else { continue };
                if let Said::Destroyed { by } = detail {
                    let by = i64::try_from(by).map_err(Error::internal)?;
                    destroyers.extend(wanted.insert(by).then_some(by));
                }
                said.insert(row.idx, detail);
            }
        }
        unopened = destroyers;
    }
    // A key destroyed while this was read: its entry lies beyond what the proofs lead to.
    if wanted.last().is_some_and(|last| u64::try_from(*last).is_ok_and(|last| last >= size)) {
        return Err(Error::Unavailable);
    }
    let wanted: Vec<i64> = wanted.into_iter().collect();
    for part in wanted.chunks(500) {
        for row in some(cx, part).await? {
            let index = u64::try_from(row.idx).map_err(Error::internal)?;
            let needs = tree::needs_inclusion(size, index).map_err(Error::internal)?;
            let proof = tree::prove_inclusion(size, index, &book::hashes(cx.db(), &needs).await?).map_err(Error::internal)?;
            archive.entry(&row.bytes, &proof, said.get(&row.idx).map(Said::detail)).map_err(archive_fault)?;
        }
    }
    Ok(())
}

/// The entries with these indexes, in order.
async fn some(cx: &Cx, indexes: &[i64]) -> Result<Vec<entry::Model>> {
    let found = entry::Entity::find().filter(entry::Column::Idx.is_in(indexes.iter().copied()));
    Ok(found.order_by_asc(entry::Column::Idx).all(cx.db()).await?)
}
