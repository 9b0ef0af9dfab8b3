//! Sweeps (SEC-21, SEC-24): from an incident, or from a weakness in general, the authority asks some or all suppliers one question in words of its own,
//! "are you affected too?", with a day by which to answer. Each answers for itself: affected, which leads to its own report; not affected, with how it
//! knows; or not known yet, with by when. A supplier reads the question and its own answer, and nothing of others or of the incident behind it.

pub mod act;
mod api;
pub mod model;
mod notices;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
pub(crate) mod tests;

use platform::authz::Actor;
use platform::clock::HOUR;
use platform::jobs::Registry;
use platform::web::{NavEntry, Routes};

pub use act::reactions;

/// The jobs of this feature.
pub fn jobs() -> Registry {
    Registry::default().kind(notices::JOB, notices::tell).every("sweep.watch", 6 * HOUR, notices::watch)
}

/// The routes of this feature.
pub fn routes() -> Routes {
    pages::routes().api(api::routes())
}

/// What of it stands in the navigation: sweeps for the authority, for a supplier what it is asked.
pub fn nav(actor: &Actor) -> NavEntry {
    if actor.is_authority() {
        NavEntry { text: "nav-sweeps", href: model::LIST }
    } else {
        NavEntry { text: "nav-sweep-answers", href: model::ANSWERS }
    }
}
