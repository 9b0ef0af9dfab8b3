//! Sealed answers on a proposal's overview, and the form that asks for one of them.

use axum::extract::Path;
use platform::forms::reveal;
use platform::web::{Answer, Posted, Visit, see_other};

use super::{at, case, id_of, viewed};
use crate::offshoring::act;

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
