//! Sites: where a supplier does the work or keeps the data.

pub mod act;
mod api;
pub mod model;
pub mod offered;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
mod tests;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/sites", Access::SignedIn, pages::list)
        .get("/sites/add", Access::SignedIn, pages::add_form)
        .post("/sites/add", Access::SignedIn, pages::add)
        .get("/sites/{id}", Access::SignedIn, pages::record)
        .get("/sites/{id}/change", Access::SignedIn, pages::change_form)
        .post("/sites/{id}/change", Access::SignedIn, pages::change)
        .api(platform::register::api::<api::Sites>())
}
