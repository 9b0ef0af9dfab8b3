//! Arrangements: the work abroad that there is, by contract, tier, country and approval (OFF-6b), and whether an approval covers it. Work
//! starts only while one does (OFF-6, OFF-9a).
//!
//! An approval brings its arrangements along, one for each kind of activity at each place. Work that started without one is reported, and
//! stands in the same register.

pub mod act;
mod api;
pub mod cover;
pub mod model;
mod notices;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
pub(crate) mod tests;

use platform::clock::HOUR;
use platform::jobs::Registry;
use platform::web::{Access, Routes};

pub use act::reactions;

/// The jobs of this feature.
pub fn jobs() -> Registry {
    Registry::default().kind(notices::JOB, notices::tell).every("arrangement.watch", 6 * HOUR, act::watch)
}

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/arrangements", Access::SignedIn, pages::list)
        .get("/arrangements/report", Access::SignedIn, pages::reporting::choose)
        .get("/arrangements/report/{place}", Access::SignedIn, pages::reporting::form)
        .post("/arrangements/report/{place}", Access::SignedIn, pages::reporting::report)
        .get("/arrangements/{id}", Access::SignedIn, pages::record)
        .get("/arrangements/{id}/change", Access::SignedIn, pages::change_form)
        .post("/arrangements/{id}/change", Access::SignedIn, pages::change)
        .post("/arrangements/{id}/start", Access::SignedIn, pages::start)
        .post("/arrangements/{id}/end", Access::SignedIn, pages::end)
        .api(platform::register::kept::<api::Arrangements>().and(api::routes()))
}
