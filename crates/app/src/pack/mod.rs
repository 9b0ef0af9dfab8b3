//! Policy packs in use: the built-in ones, and those in the configured folder. Loaded once, at start; both sides read them.

pub mod model;

pub use model::{Packs, packs};
