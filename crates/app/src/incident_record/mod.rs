//! Incidents that somebody else recorded: history from other tools and public collections, in VERIS or flattened from it (SEC-21, SEC-24). They are read
//! beside the authority's own incidents, numbered with them, and are no cases: nothing of them waits for anybody.

pub mod act;
mod api;
pub mod model;
pub(crate) mod pages;
pub mod store;
pub mod unpack;
pub mod whole;

#[cfg(test)]
pub(crate) mod tests;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/incident-records", Access::Authority, pages::list)
        .get("/incident-records/import", Access::Authority, pages::importing::form)
        .post("/incident-records/import", Access::Authority, pages::importing::import)
        .get("/incident-records/{id}", Access::Authority, pages::record)
        .post("/incident-records/{id}/veris", Access::Authority, pages::veris)
        .get("/incident-records/{id}/change", Access::Authority, pages::change_form)
        .post("/incident-records/{id}/change", Access::Authority, pages::change)
        .get("/incident-records/{id}/remove", Access::Authority, pages::remove_form)
        .post("/incident-records/{id}/remove", Access::Authority, pages::remove)
        .api(api::routes())
}
