//! Who may have a case, or do a task of it: whom the policies let, in any of their roles.

use platform::cases::people::Recipient;
use platform::{Cx, Result, identity};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::Process;

/// Whether an account may have a case, in any of its roles.
///
/// # Errors
/// When the database fails.
pub async fn may_have<P: Process>(cx: &Cx, db: &impl ConnectionTrait, of: &P::Thing, account: Uuid) -> Result<bool> {
    let actors = identity::actors(cx.core(), db, account).await?;
    Ok(actors.iter().any(|actor| cx.core().authz.may(actor, P::ACTS.take_on, of)))
}

/// Whether an account may do a task of this side, in any of its roles.
///
/// # Errors
/// When the database fails.
pub async fn may_do<P: Process>(cx: &Cx, db: &impl ConnectionTrait, of: &P::Thing, side: &str, account: Uuid) -> Result<bool> {
    let actors = identity::actors(cx.core(), db, account).await?;
    let fits = |actor: &&platform::authz::Actor| actor.account().is_some_and(|a| a.side.code() == side);
    Ok(actors.iter().filter(fits).any(|actor| cx.core().authz.may(actor, P::ACTS.finish_task, of)))
}

/// Those of these people who may have a case.
///
/// # Errors
/// When the database fails.
pub(super) async fn among<P: Process>(cx: &Cx, of: &P::Thing, people: impl IntoIterator<Item = Recipient>) -> Result<Vec<Recipient>> {
    let mut fit = Vec::new();
    for person in people {
        if may_have::<P>(cx, cx.db(), of, person.account).await? {
            fit.push(person);
        }
    }
    Ok(fit)
}
