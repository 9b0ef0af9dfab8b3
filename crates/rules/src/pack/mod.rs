//! Packs: one policy as data (docs/packs.md).

mod check;
mod difference;
mod faults;
mod form_faults;
mod guidance;
mod incident_faults;
mod incident_model;
mod lines;
mod load;
mod model;
mod report;
mod risk_faults;
mod risk_model;
mod role;
mod standing;
mod urgent_model;
mod when;

pub use check::check_json;
pub use difference::{ABOUT, Became, Difference, EntryChange, PartChange, QUESTIONS};
pub use guidance::Guidance;
pub use incident_model::{Incidents, ServiceLevel, ServiceLevels, TimeLimit};
pub use load::PackSource;
pub use model::*;
pub use report::PackFault;
pub use risk_model::*;
pub use role::Role;

pub use standing::{Standing, obligations_for};
pub use urgent_model::{Ratifying, UrgentApproval};
pub use when::{Interval, MaybeDate, When};

#[cfg(test)]
pub(crate) mod tests;
