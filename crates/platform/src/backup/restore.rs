//! Restoring a backup.

use ledger::entry::{RESTORE_DECLARED, Restore};
use ledger::{Checkpoint, CheckpointError};
use sea_orm::entity::prelude::*;

use super::folder::Folder;
use super::rows::{self, Head};
use super::{Stop, objects, verify};
use crate::clock::Millis;
use crate::cx::{Cx, Entry, Tx};
use crate::db::copy::{self, References};
use crate::error::Result;
use crate::identity::{link, session};
use crate::migrations::{self, Migration};
use crate::{book, keys};

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// When the backup was made.
    pub made_at: Millis,
    /// Entries in the backup's ledger.
    pub size: u64,
    /// Rows.
    pub rows: u64,
    /// Uploaded files.
    pub files: u64,
    /// Details of entries opened.
    pub opened: u64,
    /// Details whose key was destroyed.
    pub destroyed: u64,
    /// The size of the checkpoint that was named, when its last entries are not in the backup.
    pub lost_until: Option<u64>,
    /// Whether a checkpoint was named.
    pub declared: bool,
}

/// Restores `from` into the database and the file store of `cx`'s service, which must be empty, and says so in the ledger. `after` is the
/// last checkpoint that left the machine. All rows come in one transaction: cut off at any point, the database is still empty, and the same
/// command begins anew. `keys` is called when all is found good, just before the end.
///
/// # Errors
/// [`Stop::Refused`] saying what cannot be used and what to do.
pub async fn restore(
    cx: &Cx,
    from: &Folder,
    after: Option<&str>,
    all: fn() -> Vec<Box<dyn Migration>>,
    keys: impl FnOnce() -> Result<()>,
) -> Result<Restored, Stop> {
    let core = cx.core();
    let after = after.map(|note| outside(cx, note)).transpose()?;
    for id in &from.manifest.master {
        core.master.get(*id).map_err(|error| Stop::Refused(error.to_string()))?;
    }
    empty(cx, from, all).await?;
    let files = objects::restore(core.files.store(), from).await?;
    migrations::migrate_only(&core.db, all, &from.manifest.migrations).await?;

    let tx = cx.begin().await?;
    let rows = load(&tx, from).await?;
    verify::tree(tx.db(), &from.manifest).await?;
    let (opened, destroyed) = verify::sealed(tx.db(), &core.master).await?;
    let size = from.manifest.size;
    if let Some(after) = after.as_ref().filter(|after| (1..=size).contains(&after.size))
        && verify::root_at(tx.db(), after.size).await? != after.root
    {
        return Err(Stop::Refused(
            "the ledger in this backup is another than the one that your checkpoint is of: one of them was tampered with. Nothing was \
             changed; keep both, and tell your auditors"
                .into(),
        ));
    }
    sign_everybody_out(&tx).await?;
    keys()?;
    declare(cx, tx, from, after.as_ref()).await?;
    migrations::migrate(&core.db, all).await?;
    tracing::info!(backup = %from.manifest.id, size, rows, "backup restored");
    Ok(Restored {
        made_at: from.manifest.made_at,
        size,
        rows,
        files,
        opened,
        destroyed,
        lost_until: after.as_ref().map(|after| after.size).filter(|outside| *outside > size),
        declared: after.is_some(),
    })
}

/// The checkpoint that left the machine.
fn outside(cx: &Cx, note: &str) -> Result<Checkpoint, Stop> {
    let key = cx.core().ledger_key.public().clone();
    Checkpoint::verify(note, &[key]).map_err(|error| {
        let why = match error {
            CheckpointError::Malformed => "it is no checkpoint".to_owned(),
            CheckpointError::Origin(other) => format!("it is of another ledger, {other}"),
            CheckpointError::UnknownKey | CheckpointError::Signature => "this ledger's key did not sign it".to_owned(),
        };
        Stop::Refused(format!("the checkpoint cannot be used: {why}. Nothing was changed; give the last one that left the machine"))
    })
}

/// Refuses a database that holds anything, and a backup that this program cannot read.
async fn empty(cx: &Cx, from: &Folder, all: fn() -> Vec<Box<dyn Migration>>) -> Result<(), Stop> {
    let known: Vec<String> = all().iter().map(|step| step.name().to_owned()).collect();
    if let Some(newer) = from.manifest.migrations.iter().find(|name| !known.contains(name)) {
        return Err(Stop::Refused(format!(
            "this backup was made by a newer program, version {} (it has {newer}). Nothing was changed; restore it with that program",
            from.manifest.program
        )));
    }
    let applied = copy::migrations(cx.db()).await?;
    let holds = if applied.is_empty() { !copy::tables(cx.db()).await?.is_empty() } else { book::head(cx.db()).await?.0 > 0 };
    if holds {
        return Err(Stop::Refused(
            "the database is not empty. Nothing was changed; name a new data folder with --data, or an empty database in the settings"
                .into(),
        ));
    }
    if let Some(newer) = applied.iter().find(|name| !from.manifest.migrations.contains(name)) {
        return Err(Stop::Refused(format!(
            "the database was set up by a newer program than the one that made this backup (it has {newer}). Nothing was changed; name a new \
             data folder, or an empty database"
        )));
    }
    Ok(())
}

/// Fills the tables.
async fn load(tx: &Tx, from: &Folder) -> Result<u64, Stop> {
    let wrong = |what: String| Stop::Refused(format!("this backup does not fit this program: {what}"));
    let (tables, in_backup) = (copy::tables(tx.db()).await?, from.tables());
    if let Some(other) = in_backup.iter().find(|name| !tables.iter().any(|table| table.name == **name)) {
        return Err(wrong(format!("there is no table {other}")));
    }
    let references = References::let_go(tx.db()).await?;
    let mut count = 0;
    for table in &tables {
        if !in_backup.contains(table.name.as_str()) {
            return Err(wrong(format!("it has no table {}", table.name)));
        }
        table.clear(tx.db()).await?;
        let mut lines = from.lines(&table.name)?;
        let head: Option<Head> = lines.next()?.and_then(|line| serde_json::from_slice(&line).ok());
        if head != Some(Head::of(table)) {
            return Err(wrong(format!("its table {} has other columns", table.name)));
        }
        let mut waiting = Vec::new();
        while let Some(line) = lines.next()? {
            waiting.push(rows::row(table, &line)?);
            count += 1;
            if waiting.len() >= table.at_once() {
                table.write(tx.db(), &waiting).await?;
                waiting.clear();
            }
        }
        table.write(tx.db(), &waiting).await?;
    }
    references.hold(tx.db()).await.map_err(|error| Stop::Refused(format!("this backup is not sound: {error}")))?;
    Ok(count)
}

/// Ends all sessions and takes back all links, to sections of forms too: some may have been ended, or used, since the backup was made.
async fn sign_everybody_out(tx: &Tx) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(tx.now()))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx.db())
        .await?;
    link::Entity::update_many()
        .col_expr(link::Column::EndedAt, Expr::value(tx.now()))
        .filter(link::Column::EndedAt.is_null())
        .exec(tx.db())
        .await?;
    crate::forms::passing::revoke_all(tx).await
}

/// Commits with the entry that tells of the restore. With a checkpoint it is the one that verifiers know, and the first after the loss.
async fn declare(cx: &Cx, tx: Tx, from: &Folder, after: Option<&Checkpoint>) -> Result<()> {
    let action = if after.is_some() { RESTORE_DECLARED } else { super::RESTORE };
    let permit = cx.permit(action, &keys::system())?;
    let mut entry = Entry::on(action, &keys::system()).about("backup", from.manifest.id).about("held", from.manifest.size);
    if let Some(after) = after {
        for (name, value) in (Restore { size: after.size, root: after.root.0 }).to_about() {
            entry = entry.about(name.as_str(), value);
        }
    }
    cx.commit(tx, permit, [entry]).await
}
