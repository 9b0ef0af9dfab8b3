//! Sealed answers on a proposal's overview, and the form that asks for one of them.

use axum::extract::Path;
use maud::Markup;
use platform::forms::reveal::{self, Sealing};
use platform::web::{Answer, Posted, Visit, see_other};
use rules::form::FrozenDocument;

use super::{at, case, id_of, viewed};
use crate::offshoring::act;
use crate::offshoring::model::Proposal;

/// The answers handed in, with the sealed one that is `shown`.
pub(super) fn answers(visit: &Visit, of: &Proposal, document: &FrozenDocument, shown: Option<&str>) -> Markup {
    let action = at(&of.case, "reveal");
    let action = visit.cx.may("proposal.reveal", of).then_some(action.as_str());
    reveal::read(document, &Sealing { action, csrf: &visit.csrf, shown })
}

/// Whoever comes to the form's address by itself is led to where it stands.
pub(super) async fn back(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed(&visit, &id).await?;
    Ok(see_other(&at(&of.case, "")))
}

/// Records that it is asked for, then draws the overview with it.
pub(super) async fn reveal(Path(id): Path<String>, post: Posted) -> Answer {
    let path = post.fields.get(reveal::FIELD);
    act::reveal(&post.visit.cx, id_of(&id)?, path).await?;
    case::drawn(&post.visit, &id, Some(path)).await
}
