//! The data-protection and freedom-of-information terms of a contract (SEC-6b, SEC-7): who is controller and who processor, of what, under which terms;
//! version by version, with the day of their next review.
//!
//! A reading of ours: everybody in the chain of a contract reads its terms and measures, as they flow down to all who handle its data.

pub mod act;
mod api;
pub(crate) mod due;
pub mod model;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
pub(crate) mod tests;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/data-protection", Access::SignedIn, pages::list)
        .get("/data-protection/add", Access::Authority, pages::add_form)
        .post("/data-protection/add", Access::Authority, pages::add)
        .get("/data-protection/{id}", Access::SignedIn, pages::record)
        .get("/data-protection/{id}/change", Access::Authority, pages::change_form)
        .post("/data-protection/{id}/change", Access::Authority, pages::change)
        .api(platform::register::api::<api::DataProtection>())
}
