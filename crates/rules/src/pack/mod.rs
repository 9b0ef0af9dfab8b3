//! Packs: one policy as data (docs/packs.md).

mod faults;
mod form_faults;
mod lines;
mod load;
mod model;
mod standing;

pub use load::{PackFault, PackSource, check_json};
pub use model::*;
pub use standing::{Standing, obligations_for};

#[cfg(test)]
pub(crate) mod tests;
