//! Breaches (OFF-9b): that the authority was not informed of work abroad beforehand, and that work began unapproved though it was informed, are
//! two findings. Each is opened against the contract, by hand or by what is written about the work; what happened is established, the lead
//! contractor answers, and management decides case by case what follows.

pub mod act;
mod api;
mod letter;
pub mod model;
pub(crate) mod pages;
mod process;
pub mod store;

#[cfg(test)]
mod tests;

use platform::jobs::Registry;
use platform::web::Routes;

use crate::casework::{self, Process as _};

pub use act::reactions;
pub(crate) use model::Breaches;

/// The jobs of this feature.
pub fn jobs() -> Registry {
    Registry::default().kind(Breaches::NOTICE, casework::notices::tell::<Breaches>)
}

/// The routes of this feature.
pub fn routes() -> Routes {
    pages::routes().api(api::routes())
}
