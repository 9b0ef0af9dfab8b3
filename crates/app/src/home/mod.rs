//! The home page: my work, what I wait for, the portfolio.

mod pages;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new().get("/", Access::SignedIn, pages::home)
}
