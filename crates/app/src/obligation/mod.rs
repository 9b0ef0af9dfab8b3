//! Duties under contracts: what each party in a chain owes by the packs in force, with status, evidence and due date (SEC-2, SEC-4, SEC-6a).
//!
//! Which duties a place owes is computed from chain and packs whenever it is asked, so a changed chain or pack changes the duties at once.
//! What was recorded about them is kept by place, and stays when the place ends.

pub mod act;
mod evidence;
pub mod model;
mod pages;
pub mod store;

#[cfg(test)]
mod tests;

pub use evidence::FILES;
use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/obligations", Access::SignedIn, pages::list)
        .get("/obligations/{place}/{pack}/{duty}", Access::SignedIn, pages::record)
        .post("/obligations/{place}/{pack}/{duty}/met", Access::SignedIn, pages::meet)
        .post("/obligations/{place}/{pack}/{duty}/aside", Access::Authority, pages::set_aside)
}
