//! What people uploaded, in a backup: the sealed bytes of each file that the copied tables name, from the store into the backup's folder and back
//! into the store of whoever restores, be it a folder or a bucket. No file is held whole.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};

use futures_util::{StreamExt as _, TryStreamExt as _};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::Stop;
use super::folder::{ANOTHER, Folder, Hash, Writing};
use super::manifest::Print;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::files::{Column, Entity, Store, place_of};

/// The folder in the backup that holds the bytes.
const FILES: &str = "files";
/// Ids read at a time.
const PAGE: u64 = 1_000;
/// Bytes read at a time.
const PORTION: usize = 128 * 1024;

/// The ids of all files, in one moment of the database.
pub(super) async fn named<C: ConnectionTrait>(db: &C) -> Result<Vec<Uuid>> {
    let mut all: Vec<Uuid> = Vec::new();
    loop {
        let mut query = Entity::find().select_only().column(Column::Id).order_by_asc(Column::Id).limit(PAGE);
        if let Some(last) = all.last() {
            query = query.filter(Column::Id.gt(*last));
        }
        let page: Vec<Uuid> = query.into_tuple().all(db).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// Copies the bytes of these files; how many, and those that the store has lost. Bytes come before the row that names them and are never
/// changed, so each row finds its own.
pub(super) async fn copy(cx: &Cx, out: &mut Writing, ids: &[Uuid]) -> Result<(u64, Vec<Uuid>)> {
    let store = cx.core().files.store();
    let (mut count, mut lost) = (0, Vec::new());
    for id in ids {
        let Some(mut bytes) = store.find(*id).await? else {
            // Taken back since, its bytes were deleted.
            if Entity::find_by_id(*id).one(cx.db()).await?.is_some() {
                tracing::error!(file = %id, "the file store has lost a file: it is not in the backup");
                lost.push(*id);
            }
            continue;
        };
        let mut file = out.file(&format!("{FILES}/{}", place_of(*id)))?;
        while let Some(part) = bytes.next().await {
            file.write_all(&part?).map_err(|e| Error::internal(format!("cannot write the file {id} into the backup: {e}")))?;
        }
        out.filled(file)?;
        count += 1;
    }
    Ok((count, lost))
}

/// Puts the files of a backup into the store, which must hold no others; how many. Each is read back and held to the backup's list. One that
/// lies there already, from a restore that was cut off, must be the same or is written anew.
pub(super) async fn restore(store: &Store, from: &Folder) -> Result<u64, Stop> {
    let mut objects: BTreeMap<Uuid, Print> = BTreeMap::new();
    for (path, print) in from.below(FILES) {
        let id = path.rsplit('/').next().and_then(|name| name.parse::<Uuid>().ok()).filter(|id| place_of(*id) == path);
        let id = id.ok_or_else(|| Stop::Refused(format!("{FILES}/{path} is no file of this service. {ANOTHER}")))?;
        objects.insert(id, print);
    }
    let there: BTreeSet<Uuid> = store.ids().try_collect().await?;
    if let Some(other) = there.iter().find(|id| !objects.contains_key(id)) {
        return Err(Stop::Refused(format!(
            "the file store holds files of another service, such as {other}. Nothing was changed; name an empty folder or bucket"
        )));
    }
    for (id, print) in &objects {
        if there.contains(id) && lies(store, *id).await? == Some(*print) {
            continue;
        }
        put(store, from, *id).await?;
        if lies(store, *id).await? != Some(*print) {
            return Err(Error::internal(format!("the file {id} does not come back from the file store as it was written")).into());
        }
    }
    Ok(objects.len() as u64)
}

/// What lies in the store under an id.
async fn lies(store: &Store, id: Uuid) -> Result<Option<Print>> {
    let Some(mut bytes) = store.find(id).await? else { return Ok(None) };
    let mut hash = Hash::new();
    while let Some(part) = bytes.next().await {
        hash.add(&part?);
    }
    Ok(Some(hash.print()))
}

async fn put(store: &Store, from: &Folder, id: Uuid) -> Result<()> {
    let mut file = from.file(&format!("{FILES}/{}", place_of(id)))?;
    let (mut writing, mut part) = (store.write(id).await?, vec![0; PORTION]);
    loop {
        let count = file.read(&mut part).map_err(|e| Error::internal(format!("cannot read the file {id} of the backup: {e}")))?;
        if count == 0 {
            return writing.finish().await;
        }
        writing.push(part.get(..count).unwrap_or_default()).await?;
    }
}
