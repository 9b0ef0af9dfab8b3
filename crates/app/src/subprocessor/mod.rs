//! Sub-processors: whom suppliers use for which product, as their published lists and notices of change say, and whether that calls for a
//! proposal (OFF-3, OFF-12).

pub mod act;
mod api;
pub mod model;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
mod tests;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/subprocessors", Access::SignedIn, pages::list)
        .get("/subprocessors/add", Access::SignedIn, pages::add_form)
        .post("/subprocessors/add", Access::SignedIn, pages::add)
        .get("/subprocessors/{id}", Access::SignedIn, pages::record)
        .get("/subprocessors/{id}/change", Access::SignedIn, pages::change_form)
        .post("/subprocessors/{id}/change", Access::SignedIn, pages::change)
        .api(platform::register::api::<api::Subprocessors>())
}
