//! Who may do something about a proposal, themselves or in somebody's place: whom the policies let.

use platform::cases::people::{self, Recipient};
use platform::{Cx, Result, identity};
use uuid::Uuid;

use super::model::Proposal;

/// Somebody who may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Able {
    /// Who.
    pub(crate) to: Recipient,
    /// In whose place, where not as themselves.
    pub(crate) instead: Option<Uuid>,
}

/// The people with one of these roles whom the policies let do `action` to a proposal, at most so many.
///
/// # Errors
/// When the database fails.
pub(crate) async fn able(cx: &Cx, of: &Proposal, roles: &[&str], action: &'static str, most: usize) -> Result<Vec<Able>> {
    let mut all = Vec::new();
    for to in people::holders(cx, cx.db(), roles, None).await? {
        let actors = identity::actors(cx.core(), cx.db(), to.account).await?;
        let acting = actors.iter().filter(|actor| actor.role().is_some_and(|role| roles.contains(&role)));
        let lets: Vec<_> = acting.filter(|actor| cx.core().authz.may(actor, action, of)).filter_map(|actor| actor.account()).collect();
        if lets.iter().any(|one| one.acts_for.is_none()) {
            all.push(Able { to, instead: None });
        } else if let Some(other) = lets.iter().find_map(|one| one.stands_for()) {
            all.push(Able { to, instead: Some(other) });
        }
        if all.len() == most {
            break;
        }
    }
    Ok(all)
}

/// Their names, with that of whoever they stand for.
///
/// # Errors
/// When the database fails.
pub(crate) async fn named(cx: &Cx, all: &[Able]) -> Result<Vec<String>> {
    let mut names = people::names(cx, all.iter().filter_map(|one| one.instead)).await?;
    names.extend(all.iter().map(|one| (one.to.account, one.to.name.clone())));
    Ok(all.iter().filter_map(|one| people::who(&names, one.to.account, one.instead)).collect())
}
