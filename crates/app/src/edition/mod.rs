//! Editions of packs while the service runs: an edition is uploaded, held against the one in use, installed, put in use, taken out of use; and
//! contracts are moved to it. What runs keeps the edition that it began with.

pub mod act;
mod api;
pub mod model;
mod pages;
pub mod store;

#[cfg(test)]
pub(crate) mod tests;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/packs/install", Access::Authority, pages::install::form)
        .post("/packs/install", Access::Authority, pages::install::upload)
        .get("/packs/install/{offer}", Access::Authority, pages::install::preview)
        .post("/packs/install/{offer}/confirm", Access::Authority, pages::install::confirm)
        .post("/packs/install/{offer}/discard", Access::Authority, pages::install::discard)
        .get("/packs/{id}/{edition}/difference", Access::SignedIn, pages::difference::show)
        .get("/packs/{id}/{edition}/use", Access::Authority, pages::putting::use_form)
        .post("/packs/{id}/{edition}/use", Access::Authority, pages::putting::put_in_use)
        .get("/packs/{id}/{edition}/withdraw", Access::Authority, pages::putting::withdraw_form)
        .post("/packs/{id}/{edition}/withdraw", Access::Authority, pages::putting::withdraw)
        .get("/packs/{id}/{edition}/contracts", Access::Authority, pages::moving::form)
        .post("/packs/{id}/{edition}/contracts", Access::Authority, pages::moving::go)
        .api(api::routes())
}
