//! Whether what was restored is what it was: the ledger's tree made anew from its entries, every sealed detail opened.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{EntryView, Frontier, Hash, detail_digest, tree};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::Stop;
use super::manifest::Manifest;
use crate::book::{self, detail, entry, node};
use crate::error::{Error, Result};
use crate::seal::{self, Keyring, subject};

/// Rows read at a time.
const PAGE: u64 = 500;

/// Holds the ledger to the manifest: its entries in place, their tree as stored and with the signed root.
pub(super) async fn tree<C: ConnectionTrait>(db: &C, manifest: &Manifest) -> Result<(), Stop> {
    let wrong =
        |what: &str| Stop::Refused(format!("the ledger in this backup is not sound: {what}. Nothing was changed; use another backup"));
    let (size, root) = book::head(db).await?;
    if (size, root.0) != (manifest.size, manifest.root) {
        return Err(wrong("its head is not the one in the manifest"));
    }
    let mut frontier = Frontier::default();
    loop {
        let from = i64::try_from(frontier.size()).map_err(Error::internal)?;
        let page = entry::Entity::find().filter(entry::Column::Idx.gte(from)).order_by_asc(entry::Column::Idx).limit(PAGE);
        let rows = page.all(db).await.map_err(Error::from)?;
        if rows.is_empty() {
            break;
        }
        let mut nodes = BTreeMap::new();
        for row in &rows {
            if u64::try_from(row.idx) != Ok(frontier.size()) || !book::copies_agree(row) {
                return Err(wrong(&format!("entry {} is missing or was changed", frontier.size())));
            }
            nodes.extend(frontier.append(&row.bytes).map_err(Error::internal)?);
        }
        if !stored(db, &nodes).await? {
            return Err(wrong(&format!("the stored hashes do not fit the entries from {from} on")));
        }
    }
    if (frontier.size(), frontier.root()) == (size, root) { Ok(()) } else { Err(wrong("its entries do not give its root")) }
}

/// Whether these hashes are the ones stored.
async fn stored<C: ConnectionTrait>(db: &C, nodes: &BTreeMap<u64, Hash>) -> Result<bool> {
    let (Some((first, _)), Some((last, _))) = (nodes.first_key_value(), nodes.last_key_value()) else { return Ok(true) };
    let (first, last) = (i64::try_from(*first).map_err(Error::internal)?, i64::try_from(*last).map_err(Error::internal)?);
    let rows = node::Entity::find().filter(node::Column::Idx.between(first, last)).all(db).await?;
    Ok(rows.len() == nodes.len()
        && rows
            .iter()
            .all(|row| u64::try_from(row.idx).ok().and_then(|at| nodes.get(&at)).is_some_and(|hash| hash.0 == row.hash.as_slice())))
}

/// The root of the restored ledger when it had `size` entries.
pub(super) async fn root_at<C: ConnectionTrait>(db: &C, size: u64) -> Result<Hash> {
    let needs = Frontier::needs(size).map_err(Error::internal)?;
    tree::root(size, &book::hashes(db, &needs).await?).map_err(Error::internal)
}

/// Opens every key of a subject, and with them every detail of an entry: how many details opened, and how many cannot because their key was
/// destroyed.
pub(super) async fn sealed<C: ConnectionTrait>(db: &C, ring: &Keyring) -> Result<(u64, u64), Stop> {
    let wrong =
        |what: String| Stop::Refused(format!("{what}. Nothing was changed; use another backup, or the keys that belong to this one"));
    subject::open_all(db, ring).await.map_err(|error| match error {
        Error::Unavailable => Stop::Failed(error),
        other => wrong(format!("a key in this backup does not open: {other}")),
    })?;
    let (mut from, mut opened, mut destroyed) = (-1, 0, 0);
    loop {
        let page = detail::Entity::find().filter(detail::Column::Idx.gt(from)).order_by_asc(detail::Column::Idx).limit(PAGE);
        let rows = page.all(db).await.map_err(Error::from)?;
        let Some(last) = rows.last() else { return Ok((opened, destroyed)) };
        from = last.idx;
        let subjects: BTreeSet<String> = rows.iter().map(|row| row.sealed_for.clone()).collect();
        let keys = seal::find_subject_keys(db, ring, subjects).await?;
        let lines = entry::Entity::find().filter(entry::Column::Idx.is_in(rows.iter().map(|row| row.idx)));
        let lines: BTreeMap<i64, entry::Model> =
            lines.all(db).await.map_err(Error::from)?.into_iter().map(|line| (line.idx, line)).collect();
        for row in &rows {
            let Some(key) = keys.get(&row.sealed_for) else {
                destroyed += 1;
                continue;
            };
            let said = lines.get(&row.idx).and_then(|line| EntryView::parse(&line.bytes).ok()?.detail());
            let fits = book::open_detail(key, row).is_ok_and(|(salt, body)| said == Some(detail_digest(&salt, &body)));
            if !fits {
                return Err(wrong(format!("the detail of entry {} does not open", row.idx)));
            }
            opened += 1;
        }
    }
}
