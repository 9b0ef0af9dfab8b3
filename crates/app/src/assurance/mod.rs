//! Assurance: the ledger as pages show it, its export, alarms over refusals, and jobs that failed for good.

pub mod act;
mod api;
pub(crate) mod pages;
pub mod store;

#[cfg(test)]
mod tests;

use platform::authz::Resource;
use platform::jobs::Registry;
use platform::web::{Access, Routes};

/// The routes of this feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/ledger", Access::Authority, pages::ledger)
        .get("/admin/jobs", Access::Authority, pages::jobs)
        .post("/admin/jobs/retry", Access::Authority, pages::retry)
        .api(api::routes())
}

/// The kinds of job of this feature.
pub fn jobs() -> Registry {
    Registry::default().kind(platform::book::ALARM_JOB, act::alarm)
}

/// The service itself, as policies see it.
pub fn system() -> Resource {
    Resource::new("system", "system")
}
