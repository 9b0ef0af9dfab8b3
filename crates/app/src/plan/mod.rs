//! Security plans (SEC-8a, SEC-8b, SEC-8e): written by a supplier for its work under a contract, agreed by the authority version by version, known to
//! everybody who works by it, and tested. A later version comes of a change that was agreed.

pub mod act;
pub mod agreed;
mod api;
pub mod model;
pub(crate) mod pages;
mod papers;
mod process;
pub mod store;
mod tested;

#[cfg(test)]
pub(crate) mod tests;

use platform::clock::HOUR;
use platform::jobs::Registry;
use platform::web::Routes;
use platform::{Error, Result};
use rules::form::Form;
use rules::pack::Pack;

use crate::casework::{self, Process as _};

pub use act::reactions;
pub(crate) use model::Plans;

/// The jobs of this feature.
pub fn jobs() -> Registry {
    let told = Registry::default().kind(Plans::NOTICE, casework::notices::tell::<Plans>);
    told.every("plan.remind_readers", 24 * HOUR, act::readers::remind_all)
}

/// The routes of this feature.
pub fn routes() -> Routes {
    pages::routes().api(api::routes())
}

/// The form of plans in a pack.
///
/// # Errors
/// When it has none.
pub(crate) fn form_of(pack: &Pack) -> Result<&Form> {
    pack.form(model::FORM).ok_or_else(|| Error::internal("the pack has no form of plans"))
}
