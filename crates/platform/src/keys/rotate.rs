//! Changing the master key while the service runs.
//!
//! A new key is written beside the old one; the database names it, so that every server wraps new keys of subjects with it, reading the
//! key files again where it does not know it; the keys there are wrapped with it batch by batch; when none is left, the new key takes the
//! old one's place in the key file. What was done stands in the database and in the names of the files: a rotation that was cut off at
//! any point goes on where it stopped.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{sync_folder, system, there, write_key};
use crate::cx::{Cx, Entry};
use crate::error::{Error, Result};
use crate::seal::keyring::{next_file, old_file};
use crate::seal::{Key, KeyId, subject};

/// Keys of subjects wrapped in one transaction.
const BATCH: u64 = 250;
/// How often a database that has its hands full is asked again, and how long is waited in between.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(200);

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The key before, when this run ended its time.
    pub from: Option<KeyId>,
    /// The new key.
    pub to: KeyId,
    /// Keys of subjects that this run wrapped with it.
    pub wrapped: u64,
    /// Whether the rotation had been begun before.
    pub resumed: bool,
    /// The file in which the key before lies now.
    pub old: Option<PathBuf>,
}

/// Writes the next master key beside the key file, for copying it to other servers before [`rotate`] takes it into use.
///
/// # Errors
/// When there is one already, a rotation is under way, or it cannot be written.
pub async fn make_next(cx: &Cx) -> Result<(KeyId, PathBuf)> {
    let main = cx.core().settings.master_key_file();
    let _turn = turn(&main)?;
    let next = next_file(&main);
    let stands = subject::standing(cx.db()).await?;
    if stands.previous.is_some() || there(&next)? {
        return Err(Error::internal(format!(
            "there is a next master key already, in {}: run `vouchsafe keys rotate` to go on with it",
            next.display()
        )));
    }
    Ok((fresh(&next)?, next))
}

/// Changes the master key, or goes on with changing it. `tell` learns how many keys of subjects are still to be wrapped.
///
/// # Errors
/// When the key files and the database do not fit, or either fails. What was done until then stays done.
pub async fn rotate(cx: &Cx, tell: &mut (dyn FnMut(u64) + Send)) -> Result<Rotated> {
    let core = cx.core();
    let main = core.settings.master_key_file();
    let _turn = turn(&main)?;
    core.master.reload()?;
    subject::verify(cx.db(), &core.master).await?;
    let (stands, next) = (subject::standing(cx.db()).await?, next_file(&main));
    let resumed = stands.current.is_some_and(|current| current != core.master.main());
    let to = match stands.current {
        Some(current) if resumed => current,
        _ => {
            let to = if there(&next)? { Key::read(&next)?.id() } else { fresh(&next)? };
            begin(cx, to).await?;
            to
        }
    };
    let mut wrapped = 0;
    while subject::standing(cx.db()).await?.previous.is_some() {
        tell(subject::left(cx.db(), to).await?);
        let some = patiently(|| batch(cx, to)).await?;
        wrapped += some;
        if some == 0 && !patiently(|| end(cx, to)).await? {
            tokio::time::sleep(PAUSE).await;
        }
    }
    let old = swap(&main, to)?;
    core.master.reload()?;
    Ok(Rotated { from: old.as_ref().map(|(id, _)| *id), to, wrapped, resumed, old: old.map(|(_, path)| path) })
}

/// Takes the new key into use: from now on every new key of a subject is wrapped with it.
async fn begin(cx: &Cx, to: KeyId) -> Result<()> {
    let from = cx.core().master.main();
    if from == to {
        return Err(Error::internal(format!("the next master key is the present one, {to}: delete the file that ends in .next")));
    }
    let tx = cx.begin().await?;
    let permit = cx.permit("system.rotate_keys", &system())?;
    if !subject::begin_rotation(tx.db(), from, to, tx.now()).await? {
        return Err(Error::internal("the database's master key was changed meanwhile; run it again"));
    }
    let entry = Entry::on("system.rotate_keys", &system()).about("key", to).about("before", from);
    cx.commit(tx, permit, [entry]).await
}

/// Wraps a batch of keys with `to`; how many.
async fn batch(cx: &Cx, to: KeyId) -> Result<u64> {
    let tx = cx.begin().await?;
    let permit = cx.permit("system.rewrap_keys", &system())?;
    let count = subject::rewrap(tx.db(), &cx.core().master, to, BATCH).await?;
    if count > 0 {
        let entry = Entry::on("system.rewrap_keys", &system()).about("key", to).about("count", count);
        cx.commit(tx, permit, [entry]).await?;
    }
    Ok(count)
}

/// Ends the old key's time, if nothing is wrapped with it.
async fn end(cx: &Cx, to: KeyId) -> Result<bool> {
    let tx = cx.begin().await?;
    let permit = cx.permit("system.retire_key", &system())?;
    let Some(from) = subject::standing(tx.db()).await?.previous else { return Ok(true) };
    if !subject::end_rotation(tx.db(), to).await? {
        return Ok(false);
    }
    let entry = Entry::on("system.retire_key", &system()).about("key", from).about("after", to);
    cx.commit(tx, permit, [entry]).await?;
    Ok(true)
}

/// Gives the key file to the new key, and the old key a file that bears its name; which and where. At every moment the key file is there,
/// and each key lies in some file.
fn swap(main: &Path, to: KeyId) -> Result<Option<(KeyId, PathBuf)>> {
    let (present, next) = (Key::read(main)?, next_file(main));
    if present.id() == to {
        return Ok(None);
    }
    if Key::read(&next)?.id() != to {
        return Err(Error::internal(format!("{} does not hold the key {to}, which the database is sealed with", next.display())));
    }
    let old = old_file(main, present.id());
    if !there(&old)? {
        clear_half(&old);
        write_key(&old, &present)?;
    }
    fs::rename(&next, main)
        .and_then(|()| sync_folder(main))
        .map_err(|e| Error::internal(format!("cannot rename {} to {}: {e}", next.display(), main.display())))?;
    Ok(Some((present.id(), old)))
}

/// Clears away what an earlier run left half-written of `path`: this run has the turn.
fn clear_half(path: &Path) {
    let mut half = path.as_os_str().to_owned();
    half.push(".new");
    let _ = fs::remove_file(half);
}

/// A fresh key in the file `next`.
fn fresh(next: &Path) -> Result<KeyId> {
    clear_half(next);
    let key = Key::fresh()?;
    write_key(next, &key)?;
    Ok(key.id())
}

/// The turn to change key files, held until dropped.
fn turn(main: &Path) -> Result<File> {
    let file = File::open(main).map_err(|e| Error::internal(format!("cannot read the key file {}: {e}", main.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::internal("another command is changing the master key; wait for it")),
        Err(fs::TryLockError::Error(e)) => Err(Error::internal(format!("cannot lock the key file {}: {e}", main.display()))),
    }
}

/// Does it again while the database has its hands full.
async fn patiently<T, F: Future<Output = Result<T>>>(work: impl Fn() -> F) -> Result<T> {
    for _ in 0..TRIES {
        match work().await {
            Err(Error::Unavailable) => tokio::time::sleep(PAUSE).await,
            done => return done,
        }
    }
    work().await
}
