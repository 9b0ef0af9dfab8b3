//! Rulings (SEC-36, SEC-39): somebody asks what a rule of a pack means on a contract, and the authority's answer binds there, from a day, as long as it is
//! not taken back and no later one takes its place. What is blocked until a ruling allows it, such as keeping documents electronically alone, is allowed
//! by nothing else.
//!
//! Readings of ours: a ruling binds the whole chain of its contract, so everybody who reads a duty there reads what was ruled on it, though the question
//! and what is said around it stay with those at or above the place that asked. One that lost its place does not come back when the later one is taken back.

pub mod act;
pub(crate) mod api;
pub mod asks;
pub mod model;
pub(crate) mod pages;
mod process;
pub mod store;

#[cfg(test)]
pub(crate) mod tests;

use platform::jobs::Registry;
use platform::web::Routes;

use crate::casework::{self, Process as _};

pub(crate) use model::Rulings;

/// The jobs of this feature.
pub fn jobs() -> Registry {
    Registry::default().kind(Rulings::NOTICE, casework::notices::tell::<Rulings>)
}

/// The routes of this feature.
pub fn routes() -> Routes {
    pages::routes().api(api::routes())
}
