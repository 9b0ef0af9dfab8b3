//! Contracts, the packs in force on them with what these ask about them, and their chains: who works for whom, tier by tier.

pub mod act;
mod api;
pub mod chain;
pub mod facts;
mod facts_pages;
pub mod model;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
mod tests;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/contracts", Access::SignedIn, pages::list)
        .get("/contracts/add", Access::Authority, pages::add_form)
        .post("/contracts/add", Access::Authority, pages::add)
        .get("/contracts/{id}", Access::SignedIn, pages::record)
        .get("/contracts/{id}/change", Access::Authority, pages::change_form)
        .post("/contracts/{id}/change", Access::Authority, pages::change)
        .get("/contracts/{id}/facts", Access::Authority, facts_pages::show)
        .post("/contracts/{id}/facts/{pack}", Access::Authority, facts_pages::save)
        .post("/contracts/{id}/packs", Access::Authority, pages::put_pack)
        .post("/contracts/{id}/places", Access::Authority, pages::places::add)
        .get("/contracts/{id}/places/{place}/move", Access::Authority, pages::places::move_form)
        .post("/contracts/{id}/places/{place}/move", Access::Authority, pages::places::move_place)
        .get("/contracts/{id}/places/{place}/end", Access::Authority, pages::places::end_form)
        .post("/contracts/{id}/places/{place}/end", Access::Authority, pages::places::end)
        .api(platform::register::api::<api::Contracts>())
        .api(api::routes())
}
