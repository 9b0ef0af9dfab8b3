//! Taking a backup.

use std::path::Path;

use uuid::Uuid;

use super::folder::{TABLES, Writing};
use super::manifest::Manifest;
use super::objects;
use super::rows::{self, Head};
use crate::cx::{Cx, Entry};
use crate::db::copy;
use crate::error::{Error, Result};
use crate::seal::{KeyId, subject};
use crate::{book, keys};

/// Rows read at a time.
const PAGE: u64 = 500;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Rows.
    pub rows: u64,
    /// Uploaded files.
    pub files: u64,
    /// Uploaded files that the file store has lost, and the backup lacks.
    pub lost: Vec<Uuid>,
}

/// Writes a backup of the service as it stands into `folder`, which must be empty, while others go on writing. The keys that it needs go to
/// `keys`, which must lie elsewhere, or stay where they are. That it was taken is an entry, which the backup holds itself.
///
/// # Errors
/// When the actor may not; when a folder cannot be used; when reading or writing fails. What was written then has no manifest.
pub async fn take(cx: &Cx, folder: &Path, to: Option<&Path>) -> Result<Taken> {
    let core = cx.core();
    let mut out = Writing::begin(folder)?;
    if let Some(to) = to {
        apart(folder, to)?;
    }
    let id = cx.id()?;
    let tx = cx.begin().await?;
    let permit = cx.permit("system.backup", &keys::system())?;
    let entry = Entry::on("system.backup", &keys::system()).about("backup", id);
    cx.commit(tx, permit, [entry]).await?;

    let snapshot = copy::snapshot(&core.db).await?;
    let (size, root) = book::head(&snapshot).await?;
    let stands = subject::standing(&snapshot).await?;
    let migrations = copy::migrations(&snapshot).await?;
    let mut count = 0;
    for table in copy::tables(&snapshot).await? {
        let mut file = out.file(&format!("{TABLES}/{}.jsonl", table.name))?;
        file.line(serde_json::to_vec(&Head::of(&table))?)?;
        let mut last: Option<Vec<copy::Cell>> = None;
        loop {
            let page = table.page(&snapshot, last.as_deref(), PAGE).await?;
            for row in &page {
                file.line(rows::line(row)?)?;
                count += 1;
            }
            match page.into_iter().last() {
                Some(row) => last = Some(row),
                None => break,
            }
        }
        out.filled(file)?;
    }
    let named = objects::named(&snapshot).await?;
    snapshot.rollback().await?;
    let (files, lost) = objects::copy(cx, &mut out, &named).await?;

    let master: Vec<KeyId> = stands.current.into_iter().chain(stands.previous).collect();
    if let Some(to) = to {
        keys::copies::write(core, &stands, to)?;
    }
    let manifest = Manifest {
        id,
        made_at: cx.now(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        size,
        root: root.0,
        master,
        key: core.ledger_key.public().clone(),
        migrations,
        contents: out.list()?,
    };
    out.finish(&manifest.sign(&core.ledger_key)?)?;
    tracing::info!(backup = %id, size, rows = count, files, "backup taken");
    Ok(Taken { manifest, rows: count, files, lost })
}

/// Refuses a folder of keys that lies in the backup's, or the other way.
fn apart(backup: &Path, to: &Path) -> Result<()> {
    keys::make_folder(to)?;
    let real = |path: &Path| path.canonicalize().map_err(|e| Error::internal(format!("cannot find {}: {e}", path.display())));
    let (backup, to) = (real(backup)?, real(to)?);
    if backup.starts_with(&to) || to.starts_with(&backup) {
        return Err(Error::internal(
            "the keys must not lie with the backup: whoever finds both reads everything. Name a folder elsewhere, best on another device",
        ));
    }
    Ok(())
}
