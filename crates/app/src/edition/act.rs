//! The writes: an edition is offered, installed, put in use, taken out of use. Contracts are moved by the act of contracts.

use std::sync::Arc;

use platform::cx::{Cx, Entry, Tx};
use platform::texts::Text;
use platform::{Error, Result};
use rules::pack::{Pack, PackSource};
use serde_json::json;
use uuid::Uuid;

use super::model::Candidate;
use super::store as own;
use crate::offshoring;
use crate::pack::{self, Use, packs, resource, store};

/// Keeps an upload until somebody confirms it, so that what is confirmed is what was looked at; its id.
///
/// # Errors
/// [`Error::Invalid`] with its faults; [`Error::Conflict`] when its name is taken; or a refusal.
pub async fn offer(cx: &Cx, source: PackSource) -> Result<Uuid> {
    let found = Candidate::read(&packs(cx.core()), source)?;
    found.is_new()?;
    let tx = cx.begin().await?;
    let permit = cx.permit("pack.offer", &resource(&found.pack))?;
    let row = store::offer::Model {
        id: cx.id()?,
        pack: found.pack.pack.clone(),
        edition: found.pack.edition.clone(),
        digest: found.digest.clone(),
        files: serde_json::to_string(&found.source.files)?,
        offered_at: tx.now(),
        offered_by: cx.actor.reference().1,
    };
    let id = row.id;
    store::add_offer(tx.db(), row).await?;
    cx.commit(tx, permit, [entry("pack.offer", &found.pack).about("digest", &found.digest)]).await?;
    Ok(id)
}

/// Lets go of an upload that nobody wants installed.
///
/// # Errors
/// [`Error::NotFound`] when there is none; or a refusal.
pub async fn discard(cx: &Cx, offer: Uuid) -> Result<()> {
    let tx = cx.begin().await?;
    let (row, source) = store::offered(tx.db(), offer).await?;
    let pack = Pack::load(&source).map_err(|faults| pack::intake::faulty(&faults))?;
    let permit = cx.permit("pack.discard", &resource(&pack))?;
    store::drop_offer(tx.db(), offer).await?;
    cx.commit(tx, permit, [entry("pack.discard", &pack).about("digest", &row.digest)]).await
}

/// Installs what was offered.
///
/// # Errors
/// As [`install`].
pub async fn install_offered(cx: &Cx, offer: Uuid, dropping: bool) -> Result<Arc<Pack>> {
    let (_, source) = store::offered(cx.db(), offer).await?;
    install(cx, source, dropping).await
}

/// Installs an edition: its files are kept as they are, for good. It is not in use by that. With `dropping`, it may leave out questions
/// that cases hold answers to; those answers stay with their cases.
///
/// # Errors
/// [`Error::Invalid`] with its faults, or at `dropping`; [`Error::Conflict`] when its name is taken; or a refusal.
pub async fn install(cx: &Cx, source: PackSource, dropping: bool) -> Result<Arc<Pack>> {
    let tx = begin(cx).await?;
    let found = Candidate::read(&packs(cx.core()), source)?;
    let permit = cx.permit("pack.install", &resource(&found.pack))?;
    found.is_new()?;
    let dropped = own::dropped(cx, &found.pack.pack, &found.difference).await?;
    let (questions, answers) =
        (dropped.iter().filter(|question| question.answers > 0).count(), dropped.iter().map(|question| question.answers).sum::<u64>());
    if questions > 0 && !dropping {
        return Err(Error::field("dropping", Text::new("edition-dropping-missing").with("questions", questions).with("answers", answers)));
    }
    let row = store::edition::Model {
        pack: found.pack.pack.clone(),
        edition: found.pack.edition.clone(),
        digest: found.digest.clone(),
        files: serde_json::to_string(&found.source.files)?,
        installed_at: tx.now(),
        installed_by: cx.actor.reference().1,
    };
    store::install(tx.db(), row).await?;
    store::drop_offers_of(tx.db(), &found.pack.pack, &found.pack.edition).await?;
    let mut told = entry("pack.install", &found.pack).about("digest", &found.digest).about("dropped", questions);
    if let Some(against) = &found.against {
        told = told.about("before", &against.edition);
    }
    let body = json!({ "author": found.pack.author, "change_note": found.pack.change_note, "files": found.source.files.keys().collect::<Vec<_>>() });
    cx.commit(tx, permit, [told.body(body)]).await?;
    take_over(cx).await;
    Ok(found.pack)
}

/// Puts an edition in use: new contracts and new cases take it from now on. What runs keeps its own.
///
/// # Errors
/// [`Error::NotFound`] when it is not installed; [`Error::Invalid`] without a reason; [`Error::Conflict`] when it is in use; or a refusal.
pub async fn put_in_use(cx: &Cx, pack: &str, edition: &str, reason: &str) -> Result<()> {
    let tx = begin(cx).await?;
    let known = packs(cx.core());
    let of = known.get(pack, edition).cloned().ok_or(Error::NotFound)?;
    let permit = cx.permit("pack.put_in_use", &resource(&of))?;
    let reason = given(reason)?;
    let lacks = if pack == "offshoring" { offshoring::act::lacking(&of) } else { Vec::new() };
    if !lacks.is_empty() {
        let unfit = Text::new("edition-unfit").with("pack", &of.title).with("edition", edition).with("what", lacks.join(", "));
        return Err(Error::Conflict(unfit));
    }
    if known.use_of(&of) == Use::Current {
        return Err(Error::Conflict(Text::new("edition-in-use-already").with("pack", &of.title).with("edition", edition)));
    }
    put(cx, &tx, &of, Use::Current, reason).await?;
    let mut told = entry("pack.put_in_use", &of).body(json!({ "reason": reason }));
    if let Some(before) = known.in_use(pack) {
        put(cx, &tx, before, Use::Earlier, reason).await?;
        told = told.about("before", &before.edition);
    }
    cx.commit(tx, permit, [told]).await?;
    take_over(cx).await;
    Ok(())
}

/// Takes an edition out of use: nothing new takes it. Of a pack that the program needs, another edition must be in use.
///
/// # Errors
/// [`Error::NotFound`] when it is not installed; [`Error::Invalid`] without a reason; [`Error::Conflict`] when it is out of use, or is the
/// one that is needed; or a refusal.
pub async fn withdraw(cx: &Cx, pack: &str, edition: &str, reason: &str) -> Result<()> {
    let tx = begin(cx).await?;
    let known = packs(cx.core());
    let of = known.get(pack, edition).cloned().ok_or(Error::NotFound)?;
    let permit = cx.permit("pack.withdraw", &resource(&of))?;
    let reason = given(reason)?;
    let about = |id: &'static str| Error::Conflict(Text::new(id).with("pack", &of.title).with("edition", edition));
    match known.use_of(&of) {
        Use::Withdrawn => return Err(about("edition-out-already")),
        Use::Current if known.is_needed(pack) => return Err(about("edition-needed")),
        _ => {}
    }
    put(cx, &tx, &of, Use::Withdrawn, reason).await?;
    cx.commit(tx, permit, [entry("pack.withdraw", &of).body(json!({ "reason": reason }))]).await?;
    take_over(cx).await;
    Ok(())
}

/// Takes over at once what was committed. It stands whether that succeeds or not, and the next request tries again.
async fn take_over(cx: &Cx) {
    if let Err(error) = pack::refresh(cx.core()).await {
        tracing::error!(%error, "the packs could not be read after they were changed");
    }
}

/// A transaction that changes packs, over packs as they are: whoever else changes them has come to an end.
async fn begin(cx: &Cx) -> Result<Tx> {
    let tx = cx.begin().await?;
    store::begin_change(tx.db()).await?;
    pack::refresh(cx.core()).await?;
    Ok(tx)
}

async fn put(cx: &Cx, tx: &Tx, of: &Pack, to: Use, reason: &str) -> Result<()> {
    let row = store::state::Model {
        pack: of.pack.clone(),
        edition: of.edition.clone(),
        state: to.code().to_owned(),
        put_at: tx.now(),
        put_by: cx.actor.reference().1,
        reason: reason.to_owned(),
    };
    store::put(tx.db(), row).await
}

fn given(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", Text::new("edition-reason-missing")));
    }
    if reason.chars().count() > 2000 {
        return Err(Error::field("reason", Text::new("error-too-long").with("max", 2000)));
    }
    Ok(reason)
}

fn entry(action: &'static str, of: &Pack) -> Entry {
    Entry::on(action, &resource(of)).about("pack", &of.pack).about("edition", &of.edition)
}
