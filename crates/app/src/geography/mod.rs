//! The map: where suppliers have places, hold data and have people, by supplier, tier and country; what the authority holds of each country;
//! and how much rests on one country, supplier or sub-contractor (OFF-6b, OFF-Q4).
//!
//! Figures are counted by the database, country by country: a page is as small with ten thousand places as with ten.

pub mod act;
mod api;
pub mod drawing;
pub mod model;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
mod tests;

use platform::web::{Access, Routes};

pub use act::reactions;

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/map", Access::SignedIn, pages::map)
        .get("/map/concentration", Access::Authority, pages::concentration::page)
        .get("/map/{country}", Access::SignedIn, pages::country::page)
        .get("/map/{country}/change", Access::Authority, pages::country::change_form)
        .post("/map/{country}/change", Access::Authority, pages::country::change)
        .api(api::routes())
}
