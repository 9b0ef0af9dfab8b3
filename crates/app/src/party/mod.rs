//! Parties: the authority, its suppliers, their sub-contractors, bidders.

pub mod act;
mod api;
pub mod model;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
mod tests;

use platform::web::{Access, Routes};

pub use store::face;

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/parties", Access::Authority, pages::list)
        .get("/parties/add", Access::Authority, pages::add_form)
        .post("/parties/add", Access::Authority, pages::add)
        .get("/parties/{id}", Access::SignedIn, pages::record)
        .get("/parties/{id}/change", Access::Authority, pages::change_form)
        .post("/parties/{id}/change", Access::Authority, pages::change)
        .api(platform::register::api::<api::Parties>())
}
