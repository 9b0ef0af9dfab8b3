//! Reports by e-mail (SEC-24, SEC-25): each message is kept sealed before anything else, once however often it comes. Where the sender and the place are
//! clear, it becomes a report at once; else it waits until a person decides. What is shown of it is masked.

pub mod act;
mod answer;
mod api;
mod matched;
pub mod model;
pub(crate) mod pages;
mod said;
pub mod store;
pub mod watch;

#[cfg(test)]
pub(crate) mod tests;

use platform::clock::{MINUTE, Millis};
use platform::jobs::Registry;
use platform::web::{Access, Routes};

pub use act::{Outcome, receive};

/// The job that tells people of mail that waits.
pub(crate) const WAITS: &str = "mail.waits";

/// The job that tries files of a message again that could not be looked at when it came.
const LEFT: &str = "mail.files";
/// When it does so first.
const LEFT_AFTER: Millis = MINUTE;

/// The jobs of this feature.
pub fn jobs() -> Registry {
    Registry::default().kind(WAITS, answer::tell).kind(LEFT, act::look_at_left)
}

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/incidents/mail", Access::Authority, pages::list)
        .get("/incidents/mail/{mail}", Access::Authority, pages::one)
        .get("/incidents/mail/{mail}/report", Access::Authority, pages::choose)
        .get("/incidents/mail/{mail}/report/{place}", Access::Authority, pages::confirm)
        .post("/incidents/mail/{mail}/report/{place}", Access::Authority, pages::report)
        .post("/incidents/mail/{mail}/add", Access::Authority, pages::add)
        .post("/incidents/mail/{mail}/aside", Access::Authority, pages::set_aside)
        .api(api::routes())
}

/// Who reads of mail finds it in the navigation.
pub fn nav(actor: &platform::authz::Actor) -> Option<platform::web::NavEntry> {
    actor
        .role()
        .is_some_and(|role| store::READERS.contains(&role))
        .then_some(platform::web::NavEntry { text: "nav-mail", href: model::LIST })
}
