//! Splitting the master key into shares, of which some make it again. The ledger tells that it was done, never what a share says.

use zeroize::Zeroizing;

use super::shares::{self, Deal, Share};
use super::system;
use crate::cx::{Cx, Entry};
use crate::error::{Error, Result};
use crate::random;
use crate::seal::{KeyId, subject};

/// A set of shares.
pub struct Escrow {
    /// The key that they make.
    pub key: KeyId,
    /// The set's name.
    pub set: String,
    /// The shares.
    pub shares: Vec<Share>,
}

/// Splits the database's master key into `total` shares, of which any `threshold` make it again.
///
/// # Errors
/// When the numbers cannot be, a rotation is unfinished, the key is not at hand, or the entry cannot be written. No share is given then.
pub async fn escrow(cx: &Cx, threshold: u8, total: u8) -> Result<Escrow> {
    let core = cx.core();
    subject::verify(cx.db(), &core.master).await?;
    let stands = subject::standing(cx.db()).await?;
    if stands.previous.is_some() {
        return Err(Error::internal("the master key is being changed: finish that first, with `vouchsafe keys rotate`"));
    }
    let id = stands.current.unwrap_or_else(|| core.master.main());
    let deal = Deal { threshold, total, set: random::bytes()?, day: core.clock.today() };
    let dealt = shares::deal(&core.master.get(id)?, &deal)?;
    read_back(&dealt, usize::from(threshold))?;
    let set = shares::set_text(deal.set);
    let tx = cx.begin().await?;
    let permit = cx.permit("system.escrow_key", &system())?;
    let entry =
        Entry::on("system.escrow_key", &system()).about("key", id).about("set", &set).about("shares", total).about("threshold", threshold);
    cx.commit(tx, permit, [entry]).await?;
    Ok(Escrow { key: id, set, shares: dealt })
}

/// Sees that shares make the key again from what will be printed of them: the first so many, and the last.
fn read_back(dealt: &[Share], threshold: usize) -> Result<()> {
    for some in [&dealt[..threshold], &dealt[dealt.len() - threshold..]] {
        let mut typed = Vec::new();
        for share in some {
            let text = Zeroizing::new(share.lines().iter().fold(String::new(), |text, line| text + line + "\n"));
            typed.extend(shares::read("a share just dealt", &text).map_err(Error::internal)?);
        }
        shares::combine(&typed).map_err(Error::internal)?;
    }
    Ok(())
}

/// Tells the ledger that the master key `id` was made again from its shares.
///
/// # Errors
/// When the entry cannot be written.
pub async fn restored(cx: &Cx, id: KeyId, set: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let permit = cx.permit("system.restore_key", &system())?;
    let entry = Entry::on("system.restore_key", &system()).about("key", id).about("set", set);
    cx.commit(tx, permit, [entry]).await
}
