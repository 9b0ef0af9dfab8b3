//! Tokens with which programs act for an account in one of its memberships.

use platform::api::Scopes;
use platform::clock::DAY;
use platform::error::FieldErrors;
use platform::identity::token::{self, NewToken};
use platform::texts::Text;
use platform::{Cx, Error, Result};
use serde_json::json;
use uuid::Uuid;

use super::entry;
use crate::account::store;

/// The longest name of a token, in characters.
pub const LONGEST: usize = 100;

/// What is asked for a new token.
#[derive(Debug, Clone, Default)]
pub struct Asking {
    /// What its holder calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// How many days it works.
    pub days: i64,
}

/// Makes a token for one's own account in the membership that one acts with: its id, and the token, to be shown once.
///
/// # Errors
/// [`Error::Invalid`] for what needs mending; [`Error::SignInAgain`]; [`Error::Conflict`] when there are too many.
pub async fn make_token(cx: &Cx, asking: &Asking) -> Result<(Uuid, String)> {
    let actor = cx.actor.signed_in()?.clone();
    let limits = &cx.core().settings.api;
    let name = asking.name.trim();
    let mut errors = FieldErrors::default();
    if name.is_empty() {
        errors.add("name", Text::new("account-token-name-missing"));
    } else if name.chars().count() > LONGEST {
        errors.add("name", Text::new("error-too-long").with("max", LONGEST));
    }
    if asking.scopes.is_empty() {
        errors.add("scopes", Text::new("account-token-scopes-missing"));
    }
    if !(1..=limits.longest_days).contains(&asking.days) {
        errors.add("days", Text::new("account-token-days-wrong").with("max", limits.longest_days));
    }
    let tx = cx.begin().await?;
    store::lock(tx.db(), actor.account).await?;
    let permit = cx.permit("account.make_token", &store::thing(tx.db(), actor.account, tx.now()).await?)?;
    errors.or(())?;
    let working = token::of(tx.db(), actor.account).await?.iter().filter(|t| t.works(tx.now())).count();
    if u64::try_from(working).unwrap_or(u64::MAX) >= limits.tokens {
        return Err(Error::Conflict(Text::new("account-tokens-too-many").with("max", limits.tokens)));
    }
    let until = tx.now() + asking.days * DAY;
    let new =
        NewToken { account: actor.account, membership: actor.membership, name: name.to_owned(), scopes: asking.scopes.clone(), until };
    let (id, token) = token::insert(cx.core(), tx.db(), &new, tx.now()).await?;
    let body = json!({ "name": name, "scopes": asking.scopes.to_string(), "until": platform::clock::timestamp(until).to_string() });
    let line = entry("account.make_token", actor.account, body).about("token", id).about("membership", actor.membership);
    cx.commit(tx, permit, [line]).await?;
    Ok((id, token))
}

/// Revokes a token of one's own.
///
/// # Errors
/// [`Error::NotFound`] when it is none of theirs, or was revoked.
pub async fn end_token(cx: &Cx, id: Uuid) -> Result<()> {
    let account = cx.actor.signed_in()?.account;
    let tx = cx.begin().await?;
    let permit = cx.permit("account.end_token", &store::thing(tx.db(), account, tx.now()).await?)?;
    let tokens = token::of(tx.db(), account).await?;
    let name = token::names(cx.core(), tx.db(), account, &tokens).await?.remove(&id).ok_or(Error::NotFound)?;
    if !token::end(tx.db(), account, id, tx.now()).await? {
        return Err(Error::NotFound);
    }
    cx.commit(tx, permit, [entry("account.end_token", account, json!({ "name": name })).about("token", id)]).await
}
