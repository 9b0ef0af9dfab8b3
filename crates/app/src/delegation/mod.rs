//! Delegation (OFF-11): whoever decides names another person of the authority who decides in their place while they are away, from a day until a
//! day. Whoever stands for somebody acts in a role of their own that says so ([`platform::identity::membership`]), which ends by itself.

pub mod act;
mod api;
pub mod model;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
mod tests;

pub use act::reactions;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/account/delegations", Access::SignedIn, pages::list)
        .get("/account/delegations/new", Access::SignedIn, pages::new)
        .post("/account/delegations/new", Access::SignedIn, pages::make)
        .post("/account/delegations/{id}/end", Access::SignedIn, pages::end)
        .api(api::routes())
}
