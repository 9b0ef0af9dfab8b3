//! Changes of a security plan (SEC-9, SEC-28, SEC-29, SEC-X3): a supplier gives notice of what it merely considers, and asks for a change before it makes
//! one; the authority ends the notice or decides on the request; what is agreed makes the plan's next version, together with the proposal for work abroad
//! where there is any.

pub mod act;
mod api;
pub mod model;
pub(crate) mod pages;
mod papers;
mod process;
pub mod store;

#[cfg(test)]
pub(crate) mod tests;

use platform::jobs::Registry;
use platform::web::Routes;
use platform::{Error, Result};
use rules::form::Form;
use rules::pack::Pack;

use crate::casework::{self, Process as _};

pub use act::reactions;
pub(crate) use model::Changes;

/// The jobs of this feature.
pub fn jobs() -> Registry {
    Registry::default().kind(Changes::NOTICE, casework::notices::tell::<Changes>)
}

/// The routes of this feature.
pub fn routes() -> Routes {
    pages::routes().api(api::routes())
}

/// The form of change requests in a pack.
///
/// # Errors
/// When it has none.
pub(crate) fn form_of(pack: &Pack) -> Result<&Form> {
    pack.form(model::FORM).ok_or_else(|| Error::internal("the pack has no form of change requests"))
}
