//! Trends over incidents: over time, by category, by supplier, by tier, by time to report, and causes that recur at a supplier (SEC-21, SEC-24,
//! SEC-X1i), over a period that the reader chooses, of what the reader sees. Beside them, what others recorded.
//!
//! The database counts: a page takes no longer to draw with a hundred thousand incidents than with ten.

mod api;
mod drawing;
pub mod model;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

use platform::web::{Access, Routes};

/// The address of the page.
pub const PATH: &str = "/incident-trends";

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new().get(PATH, Access::SignedIn, pages::page).api(api::routes())
}
