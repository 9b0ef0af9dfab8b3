//! By what a supplier keeps and moves the authority's information: a register of systems and one of transfer routes (SEC-9). Both are one shape:
//! what differs stands in [`model::Holding`].

pub mod act;
mod api;
pub mod model;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
pub(crate) mod tests;

use platform::web::{Access, Routes};

use model::{Holding, Systems, TransferRoutes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new().and(of::<Systems>()).and(of::<TransferRoutes>())
}

fn of<H: Holding>() -> Routes {
    let at = |rest: &str| format!("{}{rest}", H::REGISTER.path);
    Routes::new()
        .get(at(""), Access::SignedIn, pages::list::<H>)
        .get(at("/add"), Access::SignedIn, pages::add_form::<H>)
        .post(at("/add"), Access::SignedIn, pages::add::<H>)
        .get(at("/{id}"), Access::SignedIn, pages::record::<H>)
        .get(at("/{id}/change"), Access::SignedIn, pages::change_form::<H>)
        .post(at("/{id}/change"), Access::SignedIn, pages::change::<H>)
        .api(platform::register::api::<api::Held<H>>())
}
