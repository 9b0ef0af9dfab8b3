//! Offshoring proposals (OFF-3 to OFF-12): drafted and submitted by a supplier, checked, assessed, recommended on, decided.

pub mod act;
mod api;
mod archive;
pub mod classify;
pub mod events;
pub mod evidence;
mod history;
pub mod letter;
pub mod model;
pub(crate) mod pages;
pub mod scope;
pub mod store;

#[cfg(test)]
pub(crate) mod tests;

use platform::jobs::Registry;
use platform::texts::Text;
use platform::web::Routes;
use rules::message::Message;

/// The jobs of this feature.
pub fn jobs() -> Registry {
    Registry::default().kind(act::NOTICE_JOB, act::tell)
}

/// The routes of this feature.
pub fn routes() -> Routes {
    pages::routes().api(api::routes())
}

pub use archive::called;

/// A message of the rules as a text of the catalogue.
pub(crate) fn text(message: &Message) -> Text {
    message.args.iter().fold(Text::new(message.id), |text, (name, value)| text.with(name, value))
}

/// A message of the rules in words.
pub(crate) fn words(message: &Message) -> String {
    text(message).say()
}
