//! The pages at the foot of every page: help, accessibility, privacy. Everybody reads them, signed in or not.

mod pages;

#[cfg(test)]
mod tests;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new().get("/help", Access::Public, pages::help).get("/accessibility", Access::Public, pages::accessibility).get(
        "/privacy",
        Access::Public,
        pages::privacy,
    )
}
