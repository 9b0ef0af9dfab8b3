//! Offshoring proposals (OFF-3 to OFF-12): drafted and submitted by a supplier, checked, assessed, recommended on, decided.

mod able;
pub mod act;
mod api;
mod archive;
mod assessed;
pub mod classify;
pub mod events;
pub mod letter;
pub mod model;
pub(crate) mod pages;
mod process;
pub(crate) mod schedule;
pub mod scope;
pub mod stale;
pub mod store;
mod urgent;

#[cfg(test)]
pub(crate) mod tests;

use platform::Cx;
use platform::clock::HOUR;
use platform::jobs::{Registry, Working};
use platform::texts::Text;
use platform::web::Routes;
use rules::message::Message;
use serde_json::Value;
use uuid::Uuid;

use crate::casework::{self, Process as _};

/// The jobs of this feature.
pub fn jobs() -> Registry {
    let told = Registry::default().kind(Proposals::NOTICE, casework::notices::tell::<Proposals>).kind(urgent::JOB, urgent::tell);
    told.every("proposal.urgent_over", 6 * HOUR, urgent_over)
}

/// Looks several times a day for urgent approvals whose days are over.
fn urgent_over<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(act::note_urgent_over(cx))
}

/// The routes of this feature.
pub fn routes() -> Routes {
    pages::routes().api(api::routes())
}

pub(crate) use api::UrgentState;
pub use archive::called;
pub(crate) use model::Proposals;
pub(crate) use urgent::due as urgent_due;

/// A message of the rules as a text of the catalogue.
pub(crate) fn text(message: &Message) -> Text {
    message.args.iter().fold(Text::new(message.id), |text, (name, value)| text.with(name, value))
}

/// A message of the rules in words.
pub(crate) fn words(message: &Message) -> String {
    text(message).say()
}
