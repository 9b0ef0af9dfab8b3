//! Is a piece of information authority data (SEC-9b, OFF-2b)? The facts are asked and decided on by [`rules::authority_data`], and the answer is kept with
//! its contract, where other decisions read it. What follows from facts that changed is decided anew; what was decided before stays in the history.

pub mod act;
mod api;
pub mod model;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
pub(crate) mod tests;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/authority-data", Access::SignedIn, pages::list)
        .get("/authority-data/add", Access::Authority, pages::add_form)
        .post("/authority-data/add", Access::Authority, pages::add)
        .get("/authority-data/{id}", Access::SignedIn, pages::record)
        .get("/authority-data/{id}/change", Access::Authority, pages::change_form)
        .post("/authority-data/{id}/change", Access::Authority, pages::change)
        .api(platform::register::api::<api::AuthorityData>())
}
