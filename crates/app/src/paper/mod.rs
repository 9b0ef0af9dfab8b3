//! Papers: letters, proposals and statements as PDF that can be kept and read aloud. Each bears a reference, the edition of its policy, the
//! ledger entry that it bears witness to, and a code with which anybody who holds it can ask whether it is genuine.
//!
//! A later feature says what stands in a paper ([`model::Draft`]) and who may have it; this one sets it in type, keeps it sealed and
//! writes the entry that holds its digest.

pub mod act;
pub(crate) mod api;
pub mod model;
mod pages;
pub mod store;

#[cfg(test)]
mod tests;

use platform::web::{Access, Routes};

pub use pages::{download, list};

/// The routes of this feature. A paper itself lies under the page of what it is about, whose reader may have it.
pub fn routes() -> Routes {
    Routes::new().get("/papers/check", Access::Public, pages::check).post("/papers/check", Access::Public, pages::look).api(api::routes())
}
