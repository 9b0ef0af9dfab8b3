//! Packs: one policy as data (docs/packs.md).

mod faults;
mod form_faults;
mod lines;
mod load;
mod model;

pub use load::{PackFault, PackSource, check_json};
pub use model::*;
