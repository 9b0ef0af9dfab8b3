//! Duties under contracts: what each party in a chain, and each role of the authority, owes by the packs in force, with status, evidence and
//! due date (SEC-2, SEC-4, SEC-6a).
//!
//! Which duties are owed follows from chain, packs, what is known of the contract and what happened; it is computed anew, in the same
//! transaction, whenever one of these changes. What people recorded about a duty stays when the duty does not.

pub mod act;
mod api;
mod evidence;
pub mod governing;
pub(crate) mod keeping;
pub mod model;
pub mod pages;
pub mod statement;
pub mod store;
pub mod terms;
mod words;

#[cfg(test)]
mod tests;

pub use evidence::FILES;
use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/obligations", Access::SignedIn, pages::list::list)
        .post("/obligations/{at}/statement", Access::SignedIn, pages::paper::make)
        .get("/obligations/{at}/statement/{paper}", Access::SignedIn, pages::paper::download)
        .get("/obligations/{at}/{pack}/{duty}", Access::SignedIn, pages::record::show)
        .get("/obligations/{at}/{pack}/{duty}/terms/{document}", Access::Authority, pages::governing::form)
        .post("/obligations/{at}/{pack}/{duty}/terms/{document}", Access::Authority, pages::governing::state)
        .post("/obligations/{at}/{pack}/{duty}/met", Access::SignedIn, pages::record::meet)
        .post("/obligations/{at}/{pack}/{duty}/aside", Access::Authority, pages::record::set_aside)
        .post("/obligations/{at}/{pack}/{duty}/again", Access::Authority, pages::record::take_up)
        .api(api::routes())
}
