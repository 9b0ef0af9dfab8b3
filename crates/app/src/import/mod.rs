//! Bringing in contracts that public buyers publish: read into a run that shows what it would do, applied in batches that nobody sees
//! before the last, and taken back by the run's id. Packs are put on imported contracts by people.

pub mod act;
mod api;
mod apply;
mod map;
pub mod model;
mod pages;
pub mod store;
#[cfg(test)]
mod tests;
mod undo;

use platform::web::{Access, Routes};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/contracts/import", Access::Authority, pages::start)
        .post("/contracts/import", Access::Authority, pages::upload)
        .get("/contracts/import/{run}", Access::Authority, pages::show)
        .post("/contracts/import/{run}/apply", Access::Authority, pages::apply)
        .post("/contracts/import/{run}/undo", Access::Authority, pages::undo)
        .api(api::routes())
}
