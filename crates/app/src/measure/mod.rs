//! Technical and organisational measures of a contract (SEC-6b, SEC-7): what is done to guard its data, with evidence in files, and the day on which each is
//! reviewed, of which those who keep them are reminded.

pub mod act;
mod api;
pub(crate) mod due;
pub mod model;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
pub(crate) mod tests;

use platform::web::{Access, Routes};

pub(crate) use due::{Review, horizon, reviewing};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/measures", Access::SignedIn, pages::list)
        .get("/measures/add", Access::Authority, pages::add_form)
        .post("/measures/add", Access::Authority, pages::add)
        .get("/measures/{id}", Access::SignedIn, pages::record)
        .get("/measures/{id}/change", Access::Authority, pages::change_form)
        .post("/measures/{id}/change", Access::Authority, pages::change)
        .api(platform::register::api::<api::Measures>())
}
