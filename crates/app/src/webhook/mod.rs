//! Webhooks as administrators look after them: which systems are told of which changes, what was delivered, and what is sent again.

pub mod act;
mod api;
pub mod model;
mod pages;
pub mod store;

#[cfg(test)]
mod tests;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/webhooks", Access::Authority, pages::list)
        .get("/webhooks/add", Access::Authority, pages::add_form)
        .post("/webhooks/add", Access::Authority, pages::add)
        .get("/webhooks/{id}", Access::Authority, pages::record)
        .get("/webhooks/{id}/change", Access::Authority, pages::change_form)
        .post("/webhooks/{id}/change", Access::Authority, pages::change)
        .post("/webhooks/{id}/test", Access::Authority, pages::test)
        .post("/webhooks/{id}/secret", Access::Authority, pages::secret)
        .post("/webhooks/{id}/replay", Access::Authority, pages::replay)
        .api(api::routes())
}
