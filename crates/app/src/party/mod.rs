//! Parties: the authority, its suppliers, their sub-contractors, bidders.

pub mod model;
mod store;

pub use store::{all, authority, face, put};
