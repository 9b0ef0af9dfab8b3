//! Policy packs in use: the built-in ones, and those in the configured folder. Loaded once, at start; both sides read them.

mod api;
pub mod model;
pub mod pages;

#[cfg(test)]
mod tests;

pub use model::{Packs, packs, resource};

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/packs", Access::SignedIn, pages::list)
        .get("/packs/{id}/{edition}", Access::SignedIn, pages::record)
        .api(api::routes())
}
