//! The web kit: routes with their access, the visit (who asks, from where, with which token), posted forms, pages, and the one place that
//! turns an error into an answer.

pub(crate) mod answer;
mod assets;
pub(crate) mod given;
mod page;
pub(crate) mod posted;
mod routes;
mod streamed;
pub(crate) mod twin;
mod uploaded;
pub(crate) mod visit;

pub use answer::{problem, safe_next};
pub use assets::assets;
pub use given::{Json, Path};
pub use page::{NavEntry, NavGroup, PageBuilder};
pub(crate) use posted::date;
pub use posted::{Fields, Posted};
pub use routes::{Access, RouteInfo, Routes, router};
pub use streamed::{Streamed, Upload};
pub use uploaded::{Uploaded, UploadedFile};
pub use visit::Visit;

use axum::response::{IntoResponse, Response};

use crate::error::Result;

/// What a handler returns: an answer, or an error that the kit turns into one.
pub type Answer = Result<Response>;

/// Sends the browser to `path` after a change (303).
pub fn see_other(path: &str) -> Response {
    axum::response::Redirect::to(path).into_response()
}
