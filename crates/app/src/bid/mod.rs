//! Bids (OFF-7): who bids for a contract says whether the bid plans work abroad, and answers the questionnaire with it, without being a supplier
//! yet. A bid that plans such work is incomplete without it. The procurement lead reads it, asks for more by a date, and chooses; whoever is
//! chosen works under the contract from then on, with everything that it has answered.

pub mod act;
mod api;
pub mod model;
pub(crate) mod pages;
mod process;
pub mod store;

#[cfg(test)]
mod tests;

use platform::jobs::Registry;
use platform::web::Routes;

use crate::casework::{self, Process as _};

pub(crate) use model::Bids;

/// The jobs of this feature.
pub fn jobs() -> Registry {
    Registry::default().kind(Bids::NOTICE, casework::notices::tell::<Bids>)
}

/// The routes of this feature.
pub fn routes() -> Routes {
    pages::routes().api(api::routes())
}
