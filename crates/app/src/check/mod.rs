//! Is it offshoring? A public page and endpoint over the pure decision: nothing is stored, nobody needs an account.

pub(crate) mod api;
pub(crate) mod information;
mod pages;

#[cfg(test)]
mod tests;

use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/check", Access::Public, pages::check)
        .get("/check/authority-data", Access::Public, information::check)
        .api(api::routes())
}

/// A reason or missing fact in words, from the catalogue.
pub(crate) fn words(id: &str, args: &rules::decision::Args) -> String {
    platform::texts::say(id, args)
}
