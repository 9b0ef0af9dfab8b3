//! Policy packs: the built-in ones, those in the configured folder, and those that were installed while the service runs. Both sides read them.
//! Installing, comparing and putting in use are the feature `edition`, which knows what rests on a pack.

mod api;
pub mod intake;
pub mod model;
pub mod pages;
pub mod store;

#[cfg(test)]
mod tests;

pub use model::{Origin, Packs, Shelf, Use, of_case, packs, refresh, refreshing, resource};

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/packs", Access::SignedIn, pages::list)
        .get("/packs/{id}/{edition}", Access::SignedIn, pages::record)
        .api(api::routes())
}
