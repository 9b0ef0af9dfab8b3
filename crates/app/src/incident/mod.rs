//! Security incidents (SEC-10, SEC-21 to SEC-27, SEC-X1, SEC-X2): reported by a supplier at once and in a few answers, completed later; the authority
//! takes a report up, puts the tests to it, decides whether it is an incident, and sees it through. Its data controller decides whether the regulator is
//! told.

pub mod act;
mod api;
pub mod attached;
mod callers;
mod clock;
pub mod figures;
mod judged;
mod known;
mod looked;
pub mod merging;
pub mod model;
pub(crate) mod pages;
pub mod people;
mod process;
pub mod regulator;
mod relied;
mod screened;
pub mod store;
pub mod teller;
pub mod veris;
pub mod weakness;

#[cfg(test)]
pub(crate) mod tests;

use platform::files;
use platform::jobs::Registry;
use platform::web::Routes;
use platform::{Error, Result};
use rules::form::Form;
use rules::pack::Pack;

use crate::casework::{self, Process as _};

pub use act::reactions;
pub(crate) use model::Incidents;

/// The jobs of this feature.
pub fn jobs() -> Registry {
    Registry::default()
        .kind(Incidents::NOTICE, casework::notices::tell::<Incidents>)
        .every("incident.clock", clock::EVERY, clock::watch)
        .every("incident.levels", clock::LEVELS_EVERY, clock::levels)
        .kind(files::held::SCREEN, looked::work)
        .every("incident.files", looked::EVERY, looked::rest)
}

/// The routes of this feature.
pub fn routes() -> Routes {
    pages::routes().and(weakness::pages::routes()).api(api::routes()).api(weakness::api::routes())
}

/// The form of incidents in a pack.
///
/// # Errors
/// When it has none.
fn form_of(pack: &Pack) -> Result<&Form> {
    let form = pack.incidents.as_ref().and_then(|incidents| pack.form(&incidents.form));
    form.ok_or_else(|| Error::internal("the pack has no form of incidents"))
}
