//! What people do to their own login: password, second factor, recovery codes.

use platform::identity::{account, password, second, session, throttle};
use platform::notices::Sort;
use platform::notices::choice::{self, Chosen};
use platform::texts::Text;
use platform::{Cx, Error, Result};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::signing::{Caller, enter, judge};
use super::{entry, origin, save};
use crate::account::store;

/// Changes one's own password, given the present one. All other sessions end.
///
/// # Errors
/// [`Error::Invalid`] when the present one is wrong or the new one weak; [`Error::TooMany`].
pub async fn change_password(cx: &Cx, from: &Caller, present: &str, new: &str) -> Result<()> {
    let actor = cx.actor.signed_in()?;
    let account = store::get(cx.db(), actor.account).await?;
    let counts = throttle::counts("password", &account.mark(), &from.address, from.known(cx, Some(account.id)).await?);
    enter(cx, &counts, Some(account.id)).await?;
    if !password::verify(present, account.password.as_deref()).await? {
        return Err(Error::field("present", Text::new("account-password-wrong")));
    }
    if let Some(text) = judge(cx, &account, new).await? {
        return Err(Error::field("password", text));
    }
    let stored = password::hash(new).await?;
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), account.id).await?;
    save(tx.db(), &before, account::ActiveModel { password: Set(Some(stored)), ..Default::default() }).await?;
    session::end_all(tx.db(), account.id, Some(actor.session), tx.now()).await?;
    platform::identity::link::end_all(tx.db(), account.id, tx.now()).await?;
    throttle::succeed(tx.db(), &counts).await?;
    let permit = cx.permit("account.set_password", &store::thing(tx.db(), account.id, tx.now()).await?)?;
    cx.commit(tx, permit, [entry("account.set_password", account.id, origin(from)).about("by", "holder")]).await
}

/// Turns the second factor on with the first code of the offered secret; the recovery codes, to be shown once.
///
/// # Errors
/// [`Error::Invalid`] for a wrong code; [`Error::SignInAgain`]; [`Error::BadRequest`] for an offer to somebody else.
pub async fn set_second_factor(cx: &Cx, from: &Caller, sealed: &str, code: &str) -> Result<Vec<String>> {
    let id = cx.actor.signed_in()?.account;
    let account = store::get(cx.db(), id).await?;
    let counts = throttle::counts("code", &id.to_string(), &from.address, from.known(cx, Some(id)).await?);
    enter(cx, &counts, Some(id)).await?;
    let Some((secret, step)) = second::confirm(cx.core(), &account, sealed, code).await? else {
        return Err(Error::field("code", Text::new("account-code-wrong")));
    };
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("account.set_second_factor", &store::thing(tx.db(), id, tx.now()).await?)?;
    save(tx.db(), &before, account::ActiveModel { totp: Set(Some(secret)), totp_step: Set(step), ..Default::default() }).await?;
    let codes = second::new_codes(tx.db(), id, tx.now()).await?;
    throttle::succeed(tx.db(), &counts).await?;
    cx.commit(tx, permit, [entry("account.set_second_factor", id, origin(from))]).await?;
    Ok(codes)
}

/// Turns one's own second factor off.
///
/// # Errors
/// [`Error::SignInAgain`]; [`Error::Conflict`] when the service demands one of this account.
pub async fn drop_second_factor(cx: &Cx, from: &Caller) -> Result<()> {
    let id = cx.actor.signed_in()?.account;
    if cx.core().settings.sessions.second_factor && cx.actor.is_authority() {
        return Err(Error::conflict("account-second-factor-demanded"));
    }
    let tx = cx.begin().await?;
    let before = store::lock(tx.db(), id).await?;
    let permit = cx.permit("account.drop_second_factor", &store::thing(tx.db(), id, tx.now()).await?)?;
    save(tx.db(), &before, account::ActiveModel { totp: Set(None), ..Default::default() }).await?;
    second::drop_codes(tx.db(), id).await?;
    cx.commit(tx, permit, [entry("account.drop_second_factor", id, origin(from))]).await
}

/// Chooses how one is told of what. What lets one in, or warns of what was done to one's account, goes out whatever is chosen. Nothing is written
/// when nothing differs.
///
/// # Errors
/// A refusal.
pub async fn choose_notices(cx: &Cx, chosen: &Chosen) -> Result<()> {
    let id = cx.actor.signed_in()?.account;
    let tx = cx.begin().await?;
    store::lock(tx.db(), id).await?;
    let permit = cx.permit("account.set_notices", &store::thing(tx.db(), id, tx.now()).await?)?;
    let before = choice::one(tx.db(), id).await?;
    let says = |of: &Chosen| json!({ "how": Sort::ALL.map(|sort| (sort.code(), of.how(sort).code())), "hour": of.hour });
    if says(&before) == says(chosen) {
        return Ok(());
    }
    choice::keep(&tx, id, chosen).await?;
    cx.commit(tx, permit, [entry("account.set_notices", id, json!({ "before": says(&before), "now": says(chosen) }))]).await
}

/// Fresh recovery codes instead of the old ones, to be shown once.
///
/// # Errors
/// [`Error::SignInAgain`]; [`Error::Conflict`] without a second factor.
pub async fn new_recovery_codes(cx: &Cx, from: &Caller) -> Result<Vec<String>> {
    let id = cx.actor.signed_in()?.account;
    let tx = cx.begin().await?;
    if store::lock(tx.db(), id).await?.totp.is_none() {
        return Err(Error::conflict("account-second-factor-none"));
    }
    let permit = cx.permit("account.new_recovery_codes", &store::thing(tx.db(), id, tx.now()).await?)?;
    let codes = second::new_codes(tx.db(), id, tx.now()).await?;
    cx.commit(tx, permit, [entry("account.new_recovery_codes", id, origin(from))]).await?;
    Ok(codes)
}
