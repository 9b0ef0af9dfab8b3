//! Parties: the authority, its suppliers, their sub-contractors, bidders.

pub mod act;
pub mod model;
pub mod store;

pub use store::face;
